# Builds the simulation of estimates: make -f test/simulation/coverage.mk OUT=directory directory/coverage
OUT     ?= build/obj/simulation
CFLAGS   = -std=gnu11 -O3 -ffp-contract=off
CPPFLAGS = -Isrc -Isrc/stats -D_GNU_SOURCE
LDLIBS   = -lgsl -lgslcblas -lm

SOURCES = $(wildcard src/stats/*.c) test/simulation/coverage.c
OBJECTS = $(SOURCES:%.c=$(OUT)/%.o)

$(OUT)/coverage: $(OBJECTS)
	$(CC) $(CFLAGS) -o $@ $(OBJECTS) $(LDLIBS)
$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -c -o $@ $<

-include $(OBJECTS:.o=.d)
