# Builds src/stats as a plain library with sanitizers, and the programs that
# test it: unit tests (OUT/unit/NAME) and libFuzzer targets (OUT/fuzz/NAME).
#   make -f scripts/native.mk OUT=directory [CC=clang] unit|fuzz
OUT     ?= build/obj/native
SAN      = address,undefined
CFLAGS   = -std=gnu11 -O1 -g -fno-omit-frame-pointer -ffp-contract=off -Wall -Wextra -Werror
CPPFLAGS = -Isrc -Isrc/stats -Isrc/dispatch -Itest/unit -D_GNU_SOURCE -I$(shell pg_config --includedir 2>/dev/null || echo /usr/include/postgresql)
LDLIBS   = -lgsl -lgslcblas -lm -lpthread

UNIT = $(patsubst test/unit/%.c,$(OUT)/unit/%,$(wildcard test/unit/*.c))
FUZZ = $(patsubst test/fuzz/%.c,$(OUT)/fuzz/%,$(wildcard test/fuzz/*.c))
STATS = $(wildcard src/stats/*.c)
# what of monitor-dispatch works without a server or a database
DISPATCH = $(addprefix src/dispatch/,config.c secret.c guard.c sign.c plot.c)
DISPATCH_UNIT = $(DISPATCH:%.c=$(OUT)/unit-obj/%.o)
STATS_UNIT = $(STATS:%.c=$(OUT)/unit-obj/%.o)
STATS_FUZZ = $(STATS:%.c=$(OUT)/fuzz-obj/%.o)

.PHONY: unit fuzz
unit: $(UNIT)
fuzz: $(FUZZ)

$(OUT)/unit-obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -fsanitize=$(SAN) -fno-sanitize-recover=undefined -c -o $@ $<
$(OUT)/unit/%: test/unit/%.c $(STATS_UNIT)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -MF $@.d -fsanitize=$(SAN) -fno-sanitize-recover=undefined -o $@ $< $(STATS_UNIT) $(LDLIBS)

$(OUT)/unit/test_dispatch: test/unit/test_dispatch.c $(DISPATCH_UNIT)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -MF $@.d -fsanitize=$(SAN) -fno-sanitize-recover=undefined -o $@ $< $(DISPATCH_UNIT) -lcurl -lcrypto -lpng

$(OUT)/fuzz-obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -fsanitize=fuzzer-no-link,$(SAN) -fno-sanitize-recover=undefined -c -o $@ $<
$(OUT)/fuzz/%: test/fuzz/%.c $(STATS_FUZZ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -MF $@.d -fsanitize=fuzzer,$(SAN) -fno-sanitize-recover=undefined -o $@ $< $(STATS_FUZZ) $(LDLIBS)

-include $(STATS_UNIT:.o=.d) $(DISPATCH_UNIT:.o=.d) $(STATS_FUZZ:.o=.d) $(UNIT:%=%.d) $(FUZZ:%=%.d)
