#!/bin/sh
# peers.sh DIRECTORY: asks every library for its numbers, each in an environment of its own under DIRECTORY (made from
# requirements-*.txt where missing), and writes peers.csv.
set -eu
cd "$(dirname "$0")"
environments=$1

# lines ENVIRONMENT REQUIREMENTS LIBRARY...
lines() {
    environment=$environments/$1
    if [ ! -x "$environment/bin/python" ]; then
        python3 -m venv "$environment" >&2
        "$environment/bin/pip" install --quiet -r "$2" >&2
    fi
    shift 2
    for library in "$@"; do
        "$environment/bin/python" peers.py "$library"
    done
}

{
    echo peer,version,what,case_name,theirs,statistic_name,field,bins
    lines evidently requirements-evidently.txt evidently
    lines nannyml requirements-nannyml.txt nannyml
    lines alibi-detect requirements-alibi-detect.txt alibi_detect
    lines frouros requirements-frouros.txt frouros
    lines oracle requirements.txt scipy textbook
} > peers.csv
