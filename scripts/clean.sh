#!/bin/sh
# clean.sh: stops the private servers and removes all that the private goals
# made, in the checkout and outside of it.  Packages stay installed.
cd "$(dirname "$0")/.."
. scripts/lib.sh

[ -d build ] || exit 0
scripts/stop.sh
if [ -d build/matrix ]; then
    as_root rm -rf --one-file-system build/matrix
fi
private=$(private_dir)
if [ "$private" != "$ROOT/build" ]; then
    rm -rf "$private"
fi
rm -rf build
