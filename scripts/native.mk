# Builds src/stats, and monitor-dispatch less its main loop, as plain libraries with
# sanitizers, and the programs that test them: unit tests (OUT/unit/NAME; those
# of monitor-dispatch are test_dispatch_*) and libFuzzer targets (OUT/fuzz/NAME;
# fuzz_dispatch is of monitor-dispatch).
#   make -f scripts/native.mk OUT=directory [CC=clang] unit|fuzz
OUT     ?= build/obj/native
SAN      = address,undefined
CFLAGS   = -std=gnu11 -O1 -g -fno-omit-frame-pointer -ffp-contract=off -Wall -Wextra -Werror
CPPFLAGS = -Isrc -Isrc/stats -Isrc/dispatch -Itest/unit -D_GNU_SOURCE -I$(shell pg_config --includedir 2>/dev/null || echo /usr/include/postgresql)
LDLIBS   = -lgsl -lgslcblas -lm -lpthread

UNIT = $(patsubst test/unit/%.c,$(OUT)/unit/%,$(wildcard test/unit/*.c))
FUZZ = $(patsubst test/fuzz/%.c,$(OUT)/fuzz/%,$(wildcard test/fuzz/*.c))
STATS = $(wildcard src/stats/*.c)
STATS_UNIT = $(STATS:%.c=$(OUT)/unit-obj/%.o)
DISPATCH = $(filter-out %/main.c %/loop.c,$(wildcard src/dispatch/*.c))
DISPATCH_UNIT = $(DISPATCH:%.c=$(OUT)/unit-obj/%.o)
DISPATCH_LIBS = -lcurl -lcrypto -lpng -lpq -lm
PQ_INCLUDE := $(shell $${PG_CONFIG:-pg_config} --includedir 2>/dev/null)
STATS_FUZZ = $(STATS:%.c=$(OUT)/fuzz-obj/%.o)
DISPATCH_FUZZ = $(DISPATCH:%.c=$(OUT)/fuzz-obj/%.o)

.PHONY: unit fuzz
unit: $(UNIT)
fuzz: $(FUZZ)

$(OUT)/unit-obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -fsanitize=$(SAN) -fno-sanitize-recover=undefined -c -o $@ $<
$(DISPATCH_UNIT): CPPFLAGS += -I$(PQ_INCLUDE) -DMONITOR_VERSION='"unit"'
$(OUT)/unit/test_dispatch_%: test/unit/test_dispatch_%.c $(DISPATCH_UNIT)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -Isrc/dispatch -I$(PQ_INCLUDE) -MMD -MF $@.d -fsanitize=$(SAN) -fno-sanitize-recover=undefined -o $@ $< $(DISPATCH_UNIT) $(DISPATCH_LIBS)
$(OUT)/unit/%: test/unit/%.c $(STATS_UNIT)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -MF $@.d -fsanitize=$(SAN) -fno-sanitize-recover=undefined -o $@ $< $(STATS_UNIT) $(LDLIBS)

$(OUT)/fuzz-obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -fsanitize=fuzzer-no-link,$(SAN) -fno-sanitize-recover=undefined -c -o $@ $<
$(DISPATCH_FUZZ): CPPFLAGS += -I$(PQ_INCLUDE) -DMONITOR_VERSION='"fuzz"'
$(OUT)/fuzz/fuzz_dispatch: test/fuzz/fuzz_dispatch.c $(DISPATCH_FUZZ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -I$(PQ_INCLUDE) -MMD -MF $@.d -fsanitize=fuzzer,$(SAN) -fno-sanitize-recover=undefined -o $@ $< $(DISPATCH_FUZZ) $(DISPATCH_LIBS)
$(OUT)/fuzz/%: test/fuzz/%.c $(STATS_FUZZ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -MF $@.d -fsanitize=fuzzer,$(SAN) -fno-sanitize-recover=undefined -o $@ $< $(STATS_FUZZ) $(LDLIBS)

-include $(STATS_UNIT:.o=.d) $(DISPATCH_UNIT:.o=.d) $(STATS_FUZZ:.o=.d) $(DISPATCH_FUZZ:.o=.d) $(UNIT:%=%.d) $(FUZZ:%=%.d)
