#!/bin/sh
# private_tree.sh [VARIANT]: copies the installed server's files below the
# private directory, builds monitor there and installs it there; prints the
# path of the copy's pg_config.  PostgreSQL finds its files relative to its
# programs, so nothing of the system is written to.
#   plain   as a user builds it
#   asan    with assertions, AddressSanitizer and UndefinedBehaviorSanitizer
cd "$(dirname "$0")/.."
. scripts/lib.sh

variant=${1:-plain}
source_config=$(find_pg_config)
complete_pg "$source_config" || die "no complete PostgreSQL was found (server and development files)"
private=$(private_dir)
name=pg$(pg_major "$source_config")
[ "$variant" = plain ] || name=$name-$variant
tree=$private/$name
config=$tree$("$source_config" --bindir)/pg_config
log=$RESULTS/build-$variant.log
mkdir -p $RESULTS

exec 8> build/lock
flock 8

# What the copy was made from: a newer package, or one more extension, makes a new copy.
fingerprint() {
    "$source_config" --version
    for d in --bindir --pkglibdir --sharedir; do
        dir=$("$source_config" $d)
        stat -c '%n %Y' "$dir" "$dir"/extension 2>/dev/null || true
    done
    stat -c '%n %Y' "$("$source_config" --bindir)/postgres"
}

copy_server() {
    scripts/stop.sh "$name"
    rm -rf "$tree"
    for d in --bindir --pkglibdir --sharedir --includedir --includedir-server; do
        dir=$("$source_config" $d)
        [ "$dir" != /usr/include ] || continue
        mkdir -p "$tree$dir"
        cp -a "$dir/." "$tree$dir/"
    done
    fingerprint > "$tree/fingerprint"
}

# A copy of the sources for each variant, so that objects never mix; times are
# kept, for make, and what is gone from the checkout goes from the copy.
stage_sources() {
    mkdir -p "$stage"
    tar -cf - --exclude='*.o' --exclude='*.bc' --exclude='*.so' --exclude=monitor-dispatch \
        --exclude="monitor--*.sql" Makefile monitor.control src sql | tar -xf - -C "$stage"
    if ls sql/releases/*.sql >/dev/null 2>&1; then
        cp -p sql/releases/*.sql "$stage/sql/releases/"
    fi
    (cd "$stage" && find src sql -type f \( -name '*.[ch]' -o -name '*.sql' \) ! -path 'sql/monitor--*') |
        while read -r f; do
            [ -e "$f" ] || rm -f "$stage/$f" "$stage/${f%.c}.o"
        done
}

build() {
    case $variant in
        plain) copt= ;;
        asan) copt="-fsanitize=address,undefined -fno-omit-frame-pointer -DUSE_ASSERT_CHECKING" ;;
        *) die "no such variant: $variant" ;;
    esac
    jobs=$(nproc 2>/dev/null || echo 1)
    make -C "$stage" -j"$jobs" PG_CONFIG="$config" with_llvm=no COPT="$copt" all
    make -C "$stage" PG_CONFIG="$config" with_llvm=no COPT="$copt" install
}

if [ "$(fingerprint)" != "$(cat "$tree/fingerprint" 2>/dev/null)" ]; then
    copy_server >&2
fi
stage=$private/obj/$name
stage_sources
if ! build > "$log" 2>&1 8>&-; then
    # the first error says most
    grep -m 5 -A 3 'error: ' "$log" >&2 || show_tail "$log" >&2
    die "the build failed; all of its output is in $log"
fi
printf '%s\n' "$config"
