#!/bin/sh
# The install script refuses to be run by psql, and creates plainly: an object
# that somebody planted before is an error, never adopted.
. scripts/lib.sh

first=$(find sql -maxdepth 1 -name '[0-9]*.sql' | sort | head -n 1)
# shellcheck disable=SC1003
head -n 5 "$first" | grep -q '^\\echo Use "CREATE EXTENSION monitor" to load this file\. \\quit' ||
    say "$first does not begin with \\echo Use \"CREATE EXTENSION monitor\" to load this file. \\quit"
grep -n '^[\]' sql/[0-9]*.sql | grep -v "^$first:[0-9]*:.echo Use" || true
# what functions do at run time (EXECUTE) is not the script's
grep -niE 'CREATE +OR +REPLACE|(CREATE [A-Z ]*|ADD COLUMN )IF +NOT +EXISTS|@extschema@' sql/[0-9]*.sql sql/releases/*.sql 2>/dev/null |
    grep -v 'EXECUTE format(' || true
say "# $(find sql -maxdepth 1 -name '[0-9]*.sql' | wc -l) parts"
