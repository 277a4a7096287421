#!/bin/sh
# C sources are as clang-format 14 writes them with .clang-format: other
# versions of it write some things otherwise.
. scripts/lib.sh

for tool in clang-format-14 clang-format; do
    if command -v $tool >/dev/null && $tool --version | grep -q 'version 14\.'; then
        files=$(find src test bench demo -name '*.[ch]' 2>/dev/null | sort)
        say "# $(echo "$files" | grep -c .) files"
        # shellcheck disable=SC2086
        [ -z "$files" ] || $tool --dry-run -Werror $files 2>&1
        exit
    fi
done
say "# clang-format 14 is not installed"
exit 77
