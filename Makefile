# monitor: builds as every PGXS extension does; what works on a private server
# of its own lives in scripts/ (see docs/development.md).
#
#   make, make install, make installcheck     PGXS, with any PG_CONFIG
#   make demo | check | bench | soak | check-matrix | stop | clean

EXTENSION   = monitor
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" monitor.control)

MODULE_big  = monitor
OBJS        = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c) $(filter-out src/dispatch/%,$(wildcard src/*/*.c))))
PG_CPPFLAGS = -Isrc -DMONITOR_VERSION='"$(EXTVERSION)"'
# -ffp-contract=off: error-free sums and products must stay as written on
# machines that would fuse a multiplication with an addition.
PG_CFLAGS   = -std=gnu11 -O3 -ffp-contract=off
SHLIB_LINK  = -lgsl -lgslcblas -lm

# The install script of this version is its parts in pipeline order; released
# versions and the steps between them are committed in sql/releases.
SQL_PARTS   = $(sort $(wildcard sql/[0-9]*.sql))
INSTALL_SQL = sql/monitor--$(EXTVERSION).sql
# Until this version is released, the step to it is the parts that came since the last.
RELEASED    = 0.2.0
UPDATE_PARTS = sql/29_weights.sql $(sort $(wildcard sql/[3-9]*.sql))
UPDATE_SQL  = sql/monitor--$(RELEASED)--$(EXTVERSION).sql
DATA_built  = $(INSTALL_SQL) $(UPDATE_SQL)
DATA        = $(filter-out %/monitor--$(EXTVERSION).sql,$(wildcard sql/releases/monitor--*.sql))

# The client that sends what the outbox holds; DISPATCH=no does without it and its libraries.
DISPATCH    = yes
ifneq ($(DISPATCH),no)
PROGRAM_DISPATCH = src/dispatch/monitor-dispatch
DISPATCH_OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/dispatch/*.c)))
DISPATCH_LIBS = -lcurl -lcrypto -lpng -lm
DISPATCH_UNIT = src/dispatch/monitor-dispatch.service
DOCS        = src/dispatch/monitor-dispatch.conf.example $(DISPATCH_UNIT)
endif
EXTRA_CLEAN = src/dispatch/monitor-dispatch src/dispatch/monitor-dispatch.service src/dispatch/*.o

# pg_regress sets a time zone and a date style of its own; the launcher puts
# back what the tests are written for.
LAUNCHER    = --launcher='env PGTZ=UTC PGDATESTYLE=ISO,YMD'
REGRESS     = $(sort $(notdir $(basename $(wildcard test/sql/*.sql))))
REGRESS_OPTS = --inputdir=test $(LAUNCHER)
ISOLATION   = $(sort $(notdir $(basename $(wildcard test/specs/*.spec))))
ISOLATION_OPTS = --inputdir=test --load-extension=monitor $(LAUNCHER)

PG_CONFIG  ?= pg_config
PRIVATE     = demo check check-matrix bench soak stop
.DEFAULT_GOAL = all

ifneq (,$(filter $(PRIVATE),$(MAKECMDGOALS)))

# A fresh machine has no pg_config yet, and PGXS has a `check' of its own: so
# these goals do without PGXS.
.PHONY: $(MAKECMDGOALS)
demo:
	@scripts/demo.sh
check:
	@scripts/check.sh
check-matrix:
	@scripts/matrix.sh
bench:
	@scripts/bench.sh
soak:
	@scripts/soak.sh
stop:
	@scripts/stop.sh
$(filter-out $(PRIVATE),$(MAKECMDGOALS)):
	@$(MAKE) $@

else

PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
ifneq (,$(PGXS))
include $(PGXS)
else
.PHONY: all install installcheck uninstall clean
all install installcheck uninstall:
	@echo "monitor: '$(PG_CONFIG)' was not found: install the server's development package" >&2
	@echo "(Debian: postgresql-server-dev-N) or say where it is: make PG_CONFIG=/path/to/pg_config" >&2
	@exit 1
endif

ifdef PROGRAM_DISPATCH
all: $(PROGRAM_DISPATCH) $(DISPATCH_UNIT)

# PGXS builds a module or a program, not both: the program is built by these lines.
$(DISPATCH_OBJS): CPPFLAGS += -I$(includedir) $(DISPATCH_CPPFLAGS)
$(DISPATCH_OBJS): $(wildcard src/dispatch/*.h) Makefile monitor.control

$(PROGRAM_DISPATCH): $(DISPATCH_OBJS)
	$(CC) $(CFLAGS) $(DISPATCH_OBJS) $(LDFLAGS) $(LDFLAGS_EX) $(libpq) $(DISPATCH_LIBS) -o $@

$(DISPATCH_UNIT): $(DISPATCH_UNIT).in Makefile
	sed 's|@bindir@|$(bindir)|g' $< > $@

install: install-dispatch
install-dispatch: $(PROGRAM_DISPATCH)
	$(MKDIR_P) '$(DESTDIR)$(bindir)'
	$(INSTALL_PROGRAM) $(PROGRAM_DISPATCH) '$(DESTDIR)$(bindir)/'

uninstall: uninstall-dispatch
uninstall-dispatch:
	rm -f '$(DESTDIR)$(bindir)/monitor-dispatch'
	rm -f $(addprefix '$(DESTDIR)$(docdir)/$(docmoduledir)'/,$(notdir $(DOCS)))
.PHONY: install-dispatch uninstall-dispatch
endif

$(OBJS) $(OBJS:.o=.bc): $(wildcard src/*.h src/*/*.h) Makefile monitor.control

$(INSTALL_SQL): $(SQL_PARTS) Makefile monitor.control
	cat $(SQL_PARTS) > $@

$(UPDATE_SQL): $(UPDATE_PARTS) Makefile monitor.control
	(printf '%s\n' '\echo Use "ALTER EXTENSION monitor UPDATE" to load this file. \quit'; \
		cat $(UPDATE_PARTS)) > $@

.PHONY: clean-private
clean: clean-private
clean-private:
	@scripts/clean.sh

endif
