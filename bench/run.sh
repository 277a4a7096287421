#!/bin/sh
# run.sh: every benchmark, one after another; `make bench' runs it in a private
# server.  BENCH_ONLY="01 02" runs some.  What it prints is Markdown.
set -eu
cd "$(dirname "$0")/.."

failed=0
for script in bench/[0-9]*.sh; do
    number=${script#bench/}
    case " ${BENCH_ONLY:-${number%%_*}} " in
        *" ${number%%_*} "*) ;;
        *) continue ;;
    esac
    "$script" || { printf 'monitor: %s failed\n' "$script" >&2; failed=1; }
    echo
    export BENCH_TOLD=yes
done
exit $failed
