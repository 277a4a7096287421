#!/usr/bin/python3
"""What became of notices: lost, or received more often than the database can explain.

    copies.py REQUESTS OUTBOX

REQUESTS is what http_faults.py logged; OUTBOX has a line for each notice: id|state|attempts of
unknown outcome.  A notice that counts as delivered was received; a copy more is right only after
an attempt of unknown outcome.
"""
import collections
import json
import sys

with open(sys.argv[2], encoding="ascii") as f:
    rows = {uid: (state, int(unknown)) for uid, state, unknown in (line.strip().split("|") for line in f)}
seen = collections.Counter()
with open(sys.argv[1], encoding="utf-8") as f:
    for line in f:
        uid = json.loads(line)["id"]
        if uid in rows:
            seen[uid] += 1
lost = [uid for uid, (state, _) in rows.items() if state == "delivered" and uid not in seen]
often = [uid for uid, n in seen.items() if n > 1 + rows[uid][1]]
copies = sum(seen.values()) - len(seen)
print("# %d notices, %d requests, %d copies, %d attempts of unknown outcome"
      % (len(rows), sum(seen.values()), copies, sum(u for _, u in rows.values())), file=sys.stderr)
print("%d lost, %d too often" % (len(lost), len(often)))
