#!/bin/sh
# `make && make install', as a user types it, from a tree that holds nothing
# built: installs the control file, the scripts, the module, monitor-dispatch and (where
# the server has it) the bitcode; `make uninstall' and `make clean' leave no file behind.
. scripts/lib.sh

stage=$(private_dir)/obj/pgxs
rm -rf "$stage"
mkdir -p "$stage/tree"
cp -r Makefile monitor.control src sql scripts "$stage/tree"
find "$stage/tree" \( -name '*.o' -o -name '*.bc' -o -name monitor-dispatch -o -name '*.service' -o -name 'monitor--*.sql' ! -path '*/releases/*' \) -exec rm -f {} +
(cd "$stage/tree" && find . -type f | sort) > "$stage/before"

run_make() {
    make -C "$stage/tree" PG_CONFIG="$PG_CONFIG" "$@" >> "$stage/log" 2>&1 || { tail -n 20 "$stage/log"; exit 1; }
}
run_make -j"$(nproc)"
run_make DESTDIR="$stage/root" install
version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" monitor.control)
share=$stage/root$("$PG_CONFIG" --sharedir)/extension
lib=$stage/root$("$PG_CONFIG" --pkglibdir)
bin=$stage/root$("$PG_CONFIG" --bindir)
docs=$stage/root$("$PG_CONFIG" --docdir)/extension
for f in "$bin/monitor-dispatch" "$docs/monitor-dispatch.service" "$docs/monitor-dispatch.conf.example" "$share/monitor.control" "$share/monitor--$version.sql" "$lib/monitor.so"; do
    [ -s "$f" ] || say "not installed: ${f#"$stage"/root}"
done
if "$PG_CONFIG" --configure | grep -q -e --with-llvm; then
    [ -s "$lib/bitcode/monitor.index.bc" ] || say "no bitcode was installed"
fi
[ "$("$bin/monitor-dispatch" --version)" = "monitor-dispatch $version" ] || say "monitor-dispatch is of another version"
# systemd reads the unit, where there is systemd; the program stands elsewhere here
if command -v systemd-analyze >/dev/null; then
    sed "s|^ExecStart=/|ExecStart=$stage/root/|" "$docs/monitor-dispatch.service" > "$stage/monitor-dispatch.service"
    systemd-analyze verify "$stage/monitor-dispatch.service" 2>&1
fi
run_make DESTDIR="$stage/root" uninstall
find "$stage/root" -type f
run_make clean
(cd "$stage/tree" && find . -type f | sort) | diff "$stage/before" - || say "make clean left or removed the files above"
