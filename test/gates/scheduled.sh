#!/bin/sh
# Every test file is run by something: the places below are where the suites
# look, anything else that looks like a test is a mistake.
. scripts/lib.sh

find test expected ! -type d | sort | while read -r f; do
    case $f in
        test/expected) ;;
        test/sql/*/* | test/specs/*/* | test/pgtap/*/* | test/unit/*/* | test/gates/lib/*/*)
            say "$f: no suite looks into this directory" ;;
        test/sql/*.sql)
            name=$(basename "$f" .sql)
            [ -e "expected/$name.out" ] || say "$f has no expected/$name.out" ;;
        test/specs/*.spec)
            name=$(basename "$f" .spec)
            [ -e "expected/$name.out" ] || say "$f has no expected/$name.out" ;;
        expected/.gitkeep) ;;
        expected/*.out)
            name=$(basename "$f" .out)
            # name_1.out is another accepted output of the test name
            [ -e "test/sql/$name.sql" ] || [ -e "test/specs/$name.spec" ] ||
                [ -e "test/sql/${name%_[0-9]}.sql" ] || [ -e "test/specs/${name%_[0-9]}.spec" ] ||
                say "$f belongs to no test" ;;
        test/pgtap/*.sql | test/unit/*.[ch] | test/fuzz/*.[ch] | test/fuzz/corpus/*/*) ;;
        test/fuzz/*.dict | test/gates/lib/* | test/gates/*.sql) ;;
        test/gates/*.sh) [ -x "$f" ] || say "$f is not executable" ;;
        test/e2e/lib/*) grep -q "$f" test/e2e/*.sh || say "$f is read by no test" ;;
        test/e2e/*.sh) [ -x "$f" ] || say "$f is not executable" ;;
        test/peers/*.py) grep -q "${f##*/}" test/e2e/*.sh test/e2e/lib/*.sh || say "$f is started by no test" ;;
        test/soak/*.sh) [ -x "$f" ] || say "$f is not executable" ;;
        test/oracle/* | test/simulation/* | test/soak/* | */README.md | */data/*) ;;
        *) say "$f is run by no suite" ;;
    esac
done
# pg_regress runs what the Makefile lists
listed=$(make -pn PG_CONFIG="$PG_CONFIG" -f Makefile all 2>/dev/null | sed -n 's/^REGRESS = //p' | head -n 1)
[ -n "$listed" ] || say "the Makefile has no list of tests"
say "# $(find test/sql test/specs test/pgtap test/unit test/fuzz test/gates -maxdepth 1 -type f 2>/dev/null | wc -l) files"
