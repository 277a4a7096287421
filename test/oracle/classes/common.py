"""What the scripts of this directory share: how values are written."""
import csv
import math
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def number(v):
    """The shortest text of a double; NULL (None, or NaN where a library says so) is the empty field."""
    if v is None or (isinstance(v, float) and math.isnan(v)):
        return ""
    v = float(v)
    if math.isinf(v):
        return "Infinity" if v > 0 else "-Infinity"
    return repr(v)


def write(name, header, rows):
    with open(os.path.join(HERE, name), "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)
    print(name, len(rows))
