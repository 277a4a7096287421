#!/bin/sh
# alerts.sh [reduced|full [SEED]]: random traces of looks, through the state machine of alerts
# in C and through a second one in Python that was written from the documents; every change of
# state and severity is compared, and whether the alert flaps.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

case ${1:-reduced} in
    full) traces=1000000 ;;
    *) traces=5000 ;;
esac
out=$(private_dir)/obj/alert_traces
make -s -f test/simulation/alerts.mk OUT="$out" "$out/alert_traces"
# a model that breaks off leaves fewer traces: they are counted
# shellcheck disable=SC2086
nice python3 test/oracle/alerts/make_traces.py $traces ${2:-} | "$out/alert_traces" $traces
