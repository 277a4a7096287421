#!/bin/sh
# The module builds without a warning of -Wall -Wextra, with assertions.  (The
# server's own headers have unused parameters and compare signs.)
. scripts/lib.sh

stage=$(private_dir)/obj/warnings
rm -rf "$stage"
mkdir -p "$stage"
cp -r Makefile monitor.control src sql "$stage"
find "$stage" -name '*.o' -exec rm -f {} +
make -C "$stage" -j"$(nproc)" PG_CONFIG="$PG_CONFIG" with_llvm=no \
    COPT="-Wall -Wextra -Werror -Wno-unused-parameter -Wno-sign-compare -DUSE_ASSERT_CHECKING" all > "$stage/log" 2>&1 ||
    { grep -E '(error|warning): ' "$stage/log" || tail -n 20 "$stage/log"; }
say "# $(gcc -dumpfullversion)"
