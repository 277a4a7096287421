#!/bin/sh
# deliver.sh TIME: sends what is due at that time of the demo.
[ -s "$DEMO_WORK/http/port" ] || exit 0
PGOPTIONS="-c monitor.mock_now=$(echo "$1" | sed 's/ /T/')" monitor-dispatch --config "$DEMO_WORK/dispatch.conf" --once >> "$DEMO_WORK/dispatch.log" 2>&1
