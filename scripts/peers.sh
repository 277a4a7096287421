#!/bin/sh
# peers.sh: what alerts are sent to in tests, and a pooler that they are sent through, from
# Debian's packages, unpacked below the private directory: nothing is installed and no service is
# started.  Prints the directory.
cd "$(dirname "$0")/.."
. scripts/lib.sh

PACKAGES="prometheus prometheus-alertmanager python3-aiosmtpd python3-public python3-attr pgbouncer libc-ares2"
dir=$(private_dir)/peers
if [ "$(cat "$dir/complete" 2>/dev/null)" = "$PACKAGES" ]; then
    printf '%s\n' "$dir"
    exit 0
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then die "no packages of Debian here"; fi
rm -rf "$dir"
mkdir -p "$dir/packages"
fetch_packages() {
    # shellcheck disable=SC2086
    (cd "$dir/packages" && apt-get download -q $PACKAGES) > $RESULTS/peers.log 2>&1
}
if ! fetch_packages; then
    as_root apt-get -q update >> $RESULTS/peers.log 2>&1
    fetch_packages || { show_tail $RESULTS/peers.log >&2; die "the peers could not be fetched"; }
fi
for package in "$dir"/packages/*.deb; do
    dpkg-deb -x "$package" "$dir"
done
# It looks for its templates where the package would have put them: have it look where it is started.
LC_ALL=C sed -i 's#/usr/share/prometheus/alertmanager#/proc/self/cwd/./././././././././.#g' "$dir/usr/bin/prometheus-alertmanager"
printf '%s\n' "$PACKAGES" > "$dir/complete"
printf '%s\n' "$dir"
