#!/bin/sh
# matrix.sh: builds and tests monitor with the other supported versions of
# PostgreSQL, each in a small Debian of its own below build/matrix (kept for the
# next time): trixie has PostgreSQL 17, sid has 18.  Everything in them runs in
# a mount and process namespace that ends with this script, whatever ends it.
# Where a chroot cannot be made it says so, and counts it as skipped.  All are
# tested side by side.
#   matrix.sh prepare         only makes them and installs what the tests need
#   MATRIX="trixie sid"       which releases of Debian
#   MATRIX_MIRROR=URL         else the mirror that this machine's apt uses
#   MATRIX_SECONDS=N          give up after N seconds
#   MATRIX_ONLY=suites        regress,isolation,pgtap,gates
cd "$(dirname "$0")/.."
. scripts/lib.sh

limit=${MATRIX_SECONDS:-3600}
matrix=$ROOT/build/matrix
# those that another PostgreSQL or another compiler could break
GATES="test/gates/aggregates.sql test/gates/config_dump.sql test/gates/dump_restore.sh test/gates/plpgsql_check.sh
test/gates/update.sh test/gates/warnings.sh"
private_dir >/dev/null
mkdir -p "$matrix"

mode=${1:-test}

skip_all() {
    [ "$mode" = test ] || exit 0
    for release in ${MATRIX:-trixie sid}; do
        result skip 1 "matrix $release" "$1"
    done
    summary
    exit
}

left() { echo $((limit - $(date +%s) + STARTED)); }

# The mirror and the proxy that this machine's own apt uses.
mirror() {
    # shellcheck disable=SC2016
    found=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        sed -n 's/^Debian|Debian|//p' | head -n 1)
    echo "${MATRIX_MIRROR:-${found:-http://deb.debian.org/debian/}}"
}

# isolated COMMAND...: as root, in namespaces that take mounts and processes with
# them when they end.
isolated() {
    as_root timeout --foreground -k 30 "$(left)" unshare --mount --propagation private --pid --fork --kill-child "$@"
}

make_chroot() {     # make_chroot RELEASE
    root=$matrix/$1
    [ ! -e "$root/ready" ] || return 0
    as_root rm -rf --one-file-system "$root"
    isolated debootstrap --variant=minbase --include=ca-certificates "$1" "$root" "$(mirror)" || return 1
    apt-config dump Acquire | grep -E '^Acquire::(https?|ftp)::Proxy' | as_root tee "$root/etc/apt/apt.conf.d/80host" >/dev/null
    as_root touch "$root/ready"
}

# What runs in the chroot.  A mirror may be a snapshot whose dates have passed:
# then they are not looked at; signatures are.
# shellcheck disable=SC2016
INSIDE='
root=$1; command=$2; only=$3; gates=$4
mount -t proc proc "$root/proc"
mkdir -p "$root/dev/shm"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
cat > "$root/usr/sbin/policy-rc.d" <<END
#!/bin/sh
exit 101
END
chmod +x "$root/usr/sbin/policy-rc.d"
exec env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin ONLY="$only" GATES="$gates" chroot "$root" /bin/sh -ec "
    if ! command -v make >/dev/null; then
        apt-get update || {
            echo \"Acquire::Check-Valid-Until false;\" > /etc/apt/apt.conf.d/81snapshot
            apt-get update
        }
        apt-get install -y --no-install-recommends make
    fi
    cd /monitor
    $command
"'

# The sources of now; objects of the last time are kept.
copy_sources() {
    as_root mkdir -p "$1/monitor"
    as_root find "$1/monitor" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
    tar -cf - --exclude='*.o' --exclude='*.bc' --exclude='*.so' --exclude=./build --exclude=./.git . |
        as_root tar -xf - -C "$1/monitor" --no-same-owner
}

inside() {      # inside ROOT COMMAND
    isolated sh -ec "$INSIDE" sh "$1" "$2" "${MATRIX_ONLY:-regress,isolation,pgtap,gates}" "$(echo "$GATES" | tr '\n' ' ')"
}

prepare_release() {
    root=$matrix/$1
    make_chroot "$1" && copy_sources "$root" && inside "$root" 'scripts/install_deps.sh base test lint'
}

test_release() {    # test_release RELEASE
    root=$matrix/$1
    log=$RESULTS/matrix-$1.log
    if [ "$(left)" -lt 60 ]; then
        result skip 1 "matrix $1" "no time left of $limit seconds"
        return
    fi
    say "$1 (log: $log)"
    if ! make_chroot "$1" > "$log" 2>&1; then
        result skip 1 "matrix $1" "the chroot could not be made: $(tail -n 1 "$log")"
        return
    fi
    copy_sources "$root"
    status=0
    inside "$root" 'make check' >> "$log" 2>&1 || status=$?
    version=$(sed -n 's/^Testing with \(PostgreSQL [^ ;]*\).*/\1/p' "$log" | tail -n 1)
    last=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)
    case $last in
        *" passed, "*" failed")
            passed=${last%% passed*}
            failed=${last##*passed, }
            failed=${failed%% failed}
            [ "$passed" -eq 0 ] || result ok "$passed" "matrix $1" "$version, $passed tests"
            if [ "$failed" -gt 0 ]; then
                result FAIL "$failed" "matrix $1" "$version"
                grep -A 40 '^  FAIL' "$log" | sed 's/^/        | /'
            fi ;;
        *)
            # 124 and 137: timeout ended it
            if [ -z "$version" ] && [ $status -ne 124 ] && [ $status -ne 137 ]; then
                result skip 1 "matrix $1" "its packages could not be installed: $(tail -n 1 "$log")"
            else
                result FAIL 1 "matrix $1" "ended with status $status"
            fi
            show_tail "$log" ;;
    esac
}

if ! is_root && ! command -v sudo >/dev/null; then
    skip_all "making a chroot needs root"
fi
scripts/install_deps.sh matrix || skip_all "debootstrap is not installed"
command -v debootstrap >/dev/null || skip_all "debootstrap is not installed"
isolated true 2>/dev/null || skip_all "mounting is not allowed here"
# shellcheck disable=SC2016
isolated sh -c 'mount -t tmpfs tmpfs "$1"' sh "$matrix" 2>/dev/null || skip_all "mounting is not allowed here"
if [ "$mode" = prepare ]; then
    for release in ${MATRIX:-trixie sid}; do
        prepare_release "$release" > "$matrix/prepare-$release.log" 2>&1 &
    done
    wait
    exit
fi
rm -f $RESULTS/matrix-*
mkdir -p $RESULTS
# .ci/run adds the matrix to the count of check.sh; alone, this is a count of its own
[ -n "${MATRIX_OF_CHECK:-}" ] || rm -f $RESULTS/summary
for release in ${MATRIX:-trixie sid}; do
    test_release "$release" > $RESULTS/matrix-"$release".result 2>&1 &
done
wait
for release in ${MATRIX:-trixie sid}; do
    cat $RESULTS/matrix-"$release".result
done
summary
