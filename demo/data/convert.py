"""Converts NannyML's US Census employment dataset (Massachusetts) from Parquet to the compressed CSV files beside it.

    pip download --no-deps nannyml==0.13.1
    python convert.py nannyml-0.13.1-py3-none-any.whl

needs pandas and pyarrow. The files are written to this script's directory; the gzip header carries no time and no
name, so the same input gives the same bytes (with the same zlib). See README.md for source, licence and columns.
"""
import gzip
import io
import os
import sys
import zipfile

import pandas

HERE = os.path.dirname(os.path.abspath(__file__))
PREFIX = "nannyml/datasets/data/employment_MA_"
FEATURES = ["AGEP", "SCHL", "MAR", "RELP", "DIS", "ESP", "CIT", "MIG", "MIL", "ANC", "NATIVITY", "DEAR", "DEYE", "DREM",
            "SEX", "RAC1P"]
PREDICTIONS = ["id", "year", *FEATURES, "prediction", "predicted_probability"]


def read(wheel, name):
    return pandas.read_parquet(io.BytesIO(wheel.read(PREFIX + name + ".pq")))


def write(frame, name):
    """One header line, lower-case names, integers without a point, probabilities in their shortest exact form."""
    frame = frame.copy()
    for column in frame.columns:
        if column != "predicted_probability":
            frame[column] = frame[column].astype("int64")
    frame.columns = frame.columns.str.lower()
    text = frame.to_csv(index=False, lineterminator="\n").encode("ascii")
    with open(os.path.join(HERE, name), "wb") as f:
        f.write(gzip.compress(text, 9, mtime=0))
    print("%s: %d rows, %d bytes of CSV" % (name, len(frame), len(text)))


def main(path):
    wheel = zipfile.ZipFile(path)
    reference, analysis, target = (read(wheel, name) for name in ("reference", "analysis", "analysis_target"))
    outcomes = pandas.concat([reference[["id", "employed"]], target[["id", "employed"]]])
    for frame in (reference, analysis, outcomes):
        assert frame["id"].is_unique and not frame.isna().any(axis=None)
    assert set(target["id"]) == set(analysis["id"])
    write(reference[PREDICTIONS], "employment_reference.csv.gz")
    write(analysis[PREDICTIONS], "employment_current.csv.gz")
    write(outcomes, "employment_outcomes.csv.gz")


if __name__ == "__main__":
    main(sys.argv[1])
