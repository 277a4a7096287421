#!/bin/sh
# No shell script has anything that shellcheck finds.
. scripts/lib.sh

command -v shellcheck >/dev/null || { say "# shellcheck is not installed"; exit 77; }
files=$(find scripts test bench demo .ci integrations -type f 2>/dev/null | while read -r f; do
    case $f in *.sh) echo "$f"; continue ;; esac
    if head -n 1 "$f" | tr -d '\0' | grep -Eq '^#! ?/(usr/)?bin/(env )?(ba|da)?sh'; then echo "$f"; fi
done | sort)
say "# $(echo "$files" | grep -c .) scripts"
# shellcheck disable=SC2086
shellcheck -x -P .:SCRIPTDIR $files
