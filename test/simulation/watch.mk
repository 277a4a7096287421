# Builds the simulation of watching: make -f test/simulation/watch.mk OUT=directory directory/watch
OUT     ?= build/obj/watch
CFLAGS   = -std=gnu11 -O3 -ffp-contract=off
CPPFLAGS = -Isrc -Isrc/stats -D_GNU_SOURCE
LDLIBS   = -lgsl -lgslcblas -lm

SOURCES = $(wildcard src/stats/*.c) test/simulation/watch.c
OBJECTS = $(SOURCES:%.c=$(OUT)/%.o)

$(OUT)/watch: $(OBJECTS)
	$(CC) $(CFLAGS) -o $@ $(OBJECTS) $(LDLIBS)
$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -c -o $@ $<

-include $(OBJECTS:.o=.d)
