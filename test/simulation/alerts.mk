# Builds the replay of alerts: make -f test/simulation/alerts.mk OUT=directory directory/alert_traces
OUT     ?= build/obj/alert_traces
CFLAGS   = -std=gnu11 -O2 -Wall -Wextra
CPPFLAGS = -Isrc -Isrc/stats -D_GNU_SOURCE

SOURCES = src/stats/alert_machine.c test/simulation/alert_traces.c
OBJECTS = $(SOURCES:%.c=$(OUT)/%.o)

$(OUT)/alert_traces: $(OBJECTS)
	$(CC) $(CFLAGS) -o $@ $(OBJECTS) -lm
$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -c -o $@ $<

-include $(OBJECTS:.o=.d)
