# shellcheck shell=sh
# What the scripts share: where things are, who the server runs as, which
# PostgreSQL is used, how results are counted.  Sourced by a script that has
# made the checkout its working directory.
set -eu
umask 022
export LC_ALL=C.UTF-8

# make's own variables, such as PG_CONFIG of the command line, are ours to pass on.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES || true

ROOT=$(pwd -P)
RESULTS=build/results
STARTED=${STARTED:-$(date +%s)}
PGHOME_DEBIAN=/usr/lib/postgresql
SUPPORTED="18 17 16 15"

# The caller's own connection settings must not lead us to another server: only
# those that with_server.sh made are kept.
if [ -z "${MONITOR_PRIVATE:-}" ] || [ "$MONITOR_PRIVATE" != "${PGHOST:-}" ]; then
    for var in $(env | sed -n 's/^\(PG[A-Z]\{1,\}\)=.*/\1/p'); do
        unset "$var"
    done
fi

say() { printf '%s\n' "$*"; }
die() { printf 'monitor: %s\n' "$*" >&2; exit 1; }

is_root() { [ "$(id -u)" -eq 0 ]; }

as_root() {
    if is_root; then "$@"; else sudo "$@"; fi
}

# PostgreSQL refuses to run as root: a server of root's runs as an ordinary
# user, any other as the caller.
server_user() {
    if ! is_root; then id -un
    elif id postgres >/dev/null 2>&1; then echo postgres
    else echo nobody
    fi
}

as_server() {
    if is_root; then (cd / && runuser -u "$(server_user)" -- "$@"); else (cd / && "$@"); fi
}

# private_dir prints the directory that holds servers and objects: build/ in
# the checkout, or, where that will not do (the server's user cannot get there,
# a socket's path would be too long, make would trip over a space), a directory
# below /var/tmp that build/location remembers.
private_dir() {
    mkdir -p build
    [ -w build ] || die "build/ belongs to another user: remove it first (sudo make clean)"
    if [ -s build/location ]; then
        dir=$(cat build/location)
        if [ "$(cat "$dir/checkout" 2>/dev/null)" = "$ROOT" ]; then
            printf '%s\n' "$dir"
            return
        fi
    fi
    dir=$ROOT/build
    suitable=yes
    case $dir in *[!A-Za-z0-9_/.+-]*) suitable=no ;; esac
    [ ${#dir} -le 60 ] || suitable=no
    as_server test -x "$dir/." 2>/dev/null || suitable=no
    if [ $suitable = no ]; then
        dir=$(mktemp -d /var/tmp/monitor.XXXXXX)
        chmod 755 "$dir"
    fi
    printf '%s\n' "$ROOT" > "$dir/checkout"
    printf '%s\n' "$dir" > build/location
    printf '%s\n' "$dir"
}

# complete_pg PG_CONFIG: succeeds if this PostgreSQL can build an extension and
# run a server.
complete_pg() {
    [ -x "$1" ] && [ -e "$("$1" --pgxs)" ] && [ -x "$("$1" --bindir)/postgres" ]
}

# find_pg_config prints the pg_config to use: the caller's, else that of the
# newest supported PostgreSQL that is completely installed.  Prints nothing if
# there is none.
find_pg_config() {
    case ${PG_CONFIG:-pg_config} in
        pg_config) ;;
        *) command -v "$PG_CONFIG"; return ;;
    esac
    for n in $SUPPORTED; do
        if complete_pg $PGHOME_DEBIAN/"$n"/bin/pg_config; then
            echo $PGHOME_DEBIAN/"$n"/bin/pg_config
            return
        fi
    done
    found=$(command -v pg_config || true)
    if [ -n "$found" ] && complete_pg "$found"; then
        echo "$found"
    fi
}

pg_major() { "$1" --version | sed 's/^PostgreSQL \([0-9]*\).*/\1/'; }

# result ok|FAIL|skip COUNT NAME [NOTE]: one readable line, counted in the end.
result() {
    mkdir -p $RESULTS
    printf '%s %s %s\n' "$1" "$2" "$3" >> $RESULTS/summary
    if [ -n "${4:-}" ]; then
        printf '  %-4s  %s (%s)\n' "$1" "$3" "$4"
    else
        printf '  %-4s  %s\n' "$1" "$3"
    fi
}

show_tail() {
    printf '        last lines of %s:\n' "$1"
    tail -n "${2:-40}" "$1" | sed 's/^/        | /'
}

# tap_result NAME STATUS LOG: counts the `ok' and `not ok' lines of a program's
# output, and a failure more if it ended badly without saying so.
tap_result() {
    good=$(grep -c '^ok [0-9]' "$3" || true)
    bad=$(grep '^not ok [0-9]' "$3" | grep -vc '# TODO' || true)
    if [ "$bad" -eq 0 ] && [ "$2" -ne 0 ]; then
        bad=1
    elif [ "$good" -eq 0 ] && [ "$bad" -eq 0 ]; then
        good=1
    fi
    [ "$good" -eq 0 ] || result ok "$good" "$1" "$good"
    if [ "$bad" -gt 0 ]; then
        result FAIL "$bad" "$1" "$bad, exit status $2"
        grep '^not ok [0-9]' "$3" | head -n 20 | sed 's/^/        | /'
        show_tail "$3"
    fi
}

counted() { awk -v what="$1" '$1 == what { n += $2 } END { print n + 0 }' $RESULTS/summary; }

# summary: what failed, and the last line; fails if anything did.
summary() {
    touch $RESULTS/summary
    say ""
    if [ "$(counted FAIL)" -gt 0 ]; then
        say "Failed:"
        sed -n 's/^FAIL [0-9]* /  /p' $RESULTS/summary
    fi
    say "$(counted skip) skipped; $(($(date +%s) - STARTED)) seconds"
    say "$(counted ok) passed, $(counted FAIL) failed"
    [ "$(counted FAIL)" -eq 0 ]
}
