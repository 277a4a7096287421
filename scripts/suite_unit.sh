#!/bin/sh
# Unit tests of src/stats and src/dispatch: each test/unit/*.c is a program, built with ASan and
# UBSan, that prints `ok N - what' lines and exits with 0.
cd "$(dirname "$0")/.."
. scripts/lib.sh

ls test/unit/*.c >/dev/null 2>&1 || { result skip 1 unit "no tests"; exit 0; }
out=$(private_dir)/obj/native
# Each test stands alone: one that does not compile does not hide the others.
make -k -j"$(nproc)" -f scripts/native.mk OUT="$out" unit > $RESULTS/build-unit.log 2>&1 || true
for source in test/unit/*.c; do
    name=$(basename "$source" .c)
    log=$RESULTS/unit-$name.log
    # make says again what keeps this one from being built, if anything does
    if ! make -f scripts/native.mk OUT="$out" "$out/unit/$name" > "$log" 2>&1; then
        result FAIL 1 "unit $name" "does not build"
        show_tail "$log"
        continue
    fi
    status=0
    UBSAN_OPTIONS=print_stacktrace=1 timeout 600 "$out/unit/$name" > "$log" 2>&1 || status=$?
    tap_result "unit $name" $status "$log"
done
