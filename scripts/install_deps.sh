#!/bin/sh
# install_deps.sh GROUP...: installs what is missing, from Debian's packages.
# Guarantees: nothing is touched if nothing is missing; no database cluster is
# created and none is restarted; progress is shown.
#   base    PostgreSQL and what the module is built with
#   test    pgTAP, plpgsql_check, pg_cron
#   lint    clang-format, shellcheck
#   fuzz    clang with libFuzzer
#   matrix  debootstrap
cd "$(dirname "$0")/.."
. scripts/lib.sh

command -v dpkg-query >/dev/null || exit 0      # not Debian: use what is there

APT="-y -o DPkg::Lock::Timeout=400"
updated=no

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get "$@"
}

update_lists() {
    if [ $updated = no ]; then
        updated=yes
        # shellcheck disable=SC2086
        apt_get $APT update
    fi
}

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

known() { apt-cache show --no-all-versions "$1" >/dev/null 2>&1; }

# The major version that this release of Debian offers.
offered_major() {
    apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1
}

choose_major() {
    config=$(find_pg_config)
    if [ -n "$config" ]; then
        major=$(pg_major "$config")
        return
    fi
    [ -n "$(offered_major)" ] || update_lists
    major=$(offered_major)
    [ -n "$major" ] || die "this system offers no PostgreSQL; say PG_CONFIG=/path/to/pg_config"
}

# A PostgreSQL that no package owns brings its own extensions.
of_debian() {
    config=$(find_pg_config)
    case $config in ""|$PGHOME_DEBIAN/*) return 0 ;; *) return 1 ;; esac
}

# libFuzzer's runtime is a package of its own, numbered as clang is.
clang_runtime() {
    { dpkg-query -W -f='Depends: ${Depends}\n' clang || apt-cache depends clang; } 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9]*\).*/libclang-rt-\1-dev/p' | head -n 1
}

packages() {
    for group; do
        case $group in
            base)
                echo gcc libc6-dev make libgsl-dev libcurl4-openssl-dev libssl-dev libpng-dev libpq-dev
                ! of_debian || echo "postgresql-$major postgresql-server-dev-$major" ;;
            test)
                echo libtap-parser-sourcehandler-pgtap-perl
                ! of_debian || echo "postgresql-$major-pgtap postgresql-$major-plpgsql-check postgresql-$major-cron" ;;
            lint) if installed clang-format-14 || known clang-format-14; then echo clang-format-14; fi; echo shellcheck ;;
            fuzz) echo clang; clang_runtime ;;
            matrix) echo debootstrap ;;
            *) die "no such group of packages: $group" ;;
        esac
    done
}

# Installing a server would create and start a cluster on the system: tell
# postgresql-common not to, while we install.
no_cluster() {
    confdir=/etc/postgresql-common
    for d in $confdir $confdir/createcluster.d; do
        if [ ! -d "$d" ]; then
            as_root mkdir "$d"
            made="$d ${made:-}"
        fi
    done
    echo 'create_main_cluster = false' | as_root tee $confdir/createcluster.d/monitor-build.conf >/dev/null
}

restore_cluster() {
    as_root rm -f /etc/postgresql-common/createcluster.d/monitor-build.conf
    for d in ${made:-}; do
        as_root rmdir --ignore-fail-on-non-empty "$d"
    done
}

find_missing() {
    missing=
    for p in $(packages "$@"); do
        installed "$p" || missing="$missing $p"
    done
}

choose_major
find_missing "$@"
[ -n "$missing" ] || exit 0

if ! is_root && ! command -v sudo >/dev/null; then
    die "these packages are missing:$missing
Install them as root (apt-get install$missing), then run this again."
fi
for p in $missing; do
    known "$p" || update_lists
done
find_missing "$@"

say "Installing from Debian's packages:$missing"
trap restore_cluster EXIT
trap 'exit 1' HUP INT TERM
no_cluster
# Lists may be older than the mirror: try once more with fresh ones.
# shellcheck disable=SC2086
if ! apt_get $APT install --no-install-recommends $missing; then
    update_lists
    apt_get $APT install --no-install-recommends $missing
fi
