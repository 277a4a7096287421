#!/bin/sh
# Isolation tests: what sessions do to one another.
cd "$(dirname "$0")/.." || exit 1
exec scripts/suite_regress.sh isolation
