#!/bin/sh
# tables.sh LOG: the tables of docs/false_alarms.md from the output of a run.
set -eu

awk '
function trim(s) { gsub(/^ +| +$/, "", s); return s }
function table(categorical, power,    i, t, line, head) {
	head = "| data | reference / current |" (power ? "" : " runs | seed |")
	line = "|---|---|" (power ? "" : "---|---|")
	for (t = 1; t <= ntests; t++)
		if (uses[categorical, tests[t]]) {
			head = head " " tests[t] " |"
			line = line "---|"
		}
	print head "\n" line
	for (i = 1; i <= ncases; i++) {
		if (of[i] != categorical)
			continue
		line = "| " kind[i] " | " size[i] " |"
		if (!power)
			line = line " " runs[i] " | " seed[i] " |"
		for (t = 1; t <= ntests; t++)
			if (uses[categorical, tests[t]])
				line = line " " (power ? drift[i, tests[t]] : rate[i, tests[t]]) " |"
		print line
	}
	print ""
}
/^# .* seed [0-9]+; power/ {
	ncases++
	of[ncases] = / categories, seed/ ? 1 : 0
	seed[ncases] = $0
	sub(/.*seed /, "", seed[ncases])
	sub(/;.*/, "", seed[ncases])
	next
}
/^[a-z_0-9]+ .*\[.*\].*\[.*\]/ && !/^looking/ {
	test = trim(substr($0, 1, 17))
	k = trim(substr($0, 32, 4))
	kind[ncases] = trim(substr($0, 19, 12)) (of[ncases] ? ", " k : "")
	size[ncases] = trim(substr($0, 37, 13))
	sub(/ *\/ */, " / ", size[ncases])
	number = trim(substr($0, 51, 6))
	if (number + 0 > runs[ncases] + 0)
		runs[ncases] = number
	rest = substr($0, 57)
	gsub(/\[[^]]*\]/, "", rest)
	split(rest, f, " ")
	mark = /ANTI/ ? "**" : ""
	rate[ncases, test] = mark f[1] " / " f[2] mark
	drift[ncases, test] = f[4] " / " f[6]
	if (!(test in known)) {
		known[test] = 1
		tests[++ntests] = test
	}
	uses[of[ncases], test] = 1
}
END {
	print "### Numbers, without drift: % rejected at 1 % / 5 %\n"
	table(0, 0)
	print "### Categories, without drift: % rejected at 1 % / 5 %\n"
	table(1, 0)
	print "### Numbers, power at 5 %: +0.1 sigma / +0.3 sigma\n"
	table(0, 1)
	print "### Categories, power at 5 %: first share +20 % / +50 %\n"
	table(1, 1)
}' "$1"
