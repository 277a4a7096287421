#!/bin/sh
# Fuzzing of src/stats: each test/fuzz/*.c is a libFuzzer target, run from its
# corpus test/fuzz/corpus/NAME for FUZZ_SECONDS (5).  What it finds is kept in
# build/results; the corpus in the tree is read only.
cd "$(dirname "$0")/.."
. scripts/lib.sh

ls test/fuzz/*.c >/dev/null 2>&1 || { result skip 1 fuzz "no targets"; exit 0; }
out=$(private_dir)/obj/native
probe=$(private_dir)/obj/probe
mkdir -p "$(dirname "$probe")"
echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return !d && n; }' > "$probe.c"
if ! clang -fsanitize=fuzzer,address,undefined -o "$probe" "$probe.c" > $RESULTS/build-fuzz.log 2>&1; then
    result skip 1 fuzz "clang or its libFuzzer is not installed"
    exit 0
fi
make -k -j"$(nproc)" -f scripts/native.mk CC=clang OUT="$out" fuzz > $RESULTS/build-fuzz.log 2>&1 || true
for source in test/fuzz/*.c; do
    name=$(basename "$source" .c)
    log=$RESULTS/fuzz-$name.log
    if ! make -f scripts/native.mk CC=clang OUT="$out" "$out/fuzz/$name" > "$log" 2>&1; then
        result FAIL 1 "fuzz $name" "does not build"
        show_tail "$log"
        continue
    fi
    found=$(private_dir)/fuzz/$name
    mkdir -p "$found" "test/fuzz/corpus/$name"
    if "$out/fuzz/$name" -max_total_time="${FUZZ_SECONDS:-5}" -timeout=20 -rss_limit_mb=2048 \
        -artifact_prefix=$RESULTS/fuzz-"$name"- "$found" "test/fuzz/corpus/$name" > "$log" 2>&1; then
        result ok 1 "fuzz $name" "$(sed -n 's/^Done \([0-9]*\) runs.*/\1 runs/p' "$log")"
    else
        result FAIL 1 "fuzz $name" "the input is $RESULTS/fuzz-$name-*"
        show_tail "$log"
    fi
done
