# Builds the simulation: make -f test/simulation/build.mk OUT=directory directory/simulate
OUT     ?= build/obj/simulation
CFLAGS   = -std=gnu11 -O3 -ffp-contract=off
CPPFLAGS = -Isrc -Isrc/stats -D_GNU_SOURCE
LDLIBS   = -lgsl -lgslcblas -lm

SOURCES = $(wildcard src/stats/*.c) test/simulation/simulate.c test/simulation/numeric.c test/simulation/categorical.c test/simulation/looking.c
OBJECTS = $(SOURCES:%.c=$(OUT)/%.o)

$(OUT)/simulate: $(OBJECTS)
	$(CC) $(CFLAGS) -o $@ $(OBJECTS) $(LDLIBS)
$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -c -o $@ $<

-include $(OBJECTS:.o=.d)
