/*
 * main.c
 *		monitor-dispatch: the command line.
 */
#include "dispatcher.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/rand.h>

static const char *instance = NULL;
static bool verbose = false;

static void
print_help(void)
{
	puts("monitor-dispatch sends what monitor's outbox holds: e-mail, Slack, webhooks,\n"
		 "Alertmanager, PagerDuty.\n"
		 "\n"
		 "Usage: monitor-dispatch [OPTION]...\n"
		 "\n"
		 "  -c, --config=FILE    the configuration (default: all settings at their defaults)\n"
		 "      --check          try the configuration, the connection and each channel; exit\n"
		 "      --channel=NAME   with --check: this channel only\n"
		 "      --once           send what is due, and exit\n"
		 "      --instance=NAME  the name of this sender (default: host and process)\n"
		 "  -v, --verbose        say more\n"
		 "  -V, --version        print the version, and exit\n"
		 "  -h, --help           print this, and exit\n"
		 "\n"
		 "Exit codes: 0 all is well; 1 a check failed; 2 wrong usage or configuration; 3 the\n"
		 "database's version of monitor is another; 4 no connection; 5 a right is missing.\n"
		 "The connection is as in psql: PGHOST, PGUSER, ~/.pgpass, or setting connection.");
}

/*
 * A beat keeps what its instance leases.  Were the name the same after a crash, it would keep
 * for ever what the process before had begun: so each process adds something of its own.
 */
static bool
make_instance_unique(DispatchConfig *config)
{
	static unsigned char mark[3];
	static bool marked = false;
	char name[160];
	const char *wanted;

	if (!marked)
		marked = RAND_bytes(mark, sizeof(mark)) == 1;
	snprintf(name, sizeof(name), "%.150s.%02x%02x%02x", config->instance, mark[0], mark[1],
			 mark[2]);
	return marked && dispatch_config_set(config, "instance", name, &wanted);
}

static bool
apply_options(DispatchConfig *config)
{
	const char *wanted;

	if (verbose)
		config->log_level = LEVEL_DEBUG;
	if (instance && !dispatch_config_set(config, "instance", instance, &wanted))
	{
		dispatch_log(LEVEL_ERROR, "--instance must be %s", wanted);
		return false;
	}
	return make_instance_unique(config);
}

DispatchConfig *
dispatch_configure(const char *path)
{
	DispatchConfig *config = dispatch_config_new();
	char error[1200];

	if (config == NULL)
		return NULL;
	if (path && !dispatch_config_read(config, path, error, sizeof(error)))
		dispatch_log(LEVEL_ERROR, "%s", error);
	else if (apply_options(config))
	{
		dispatch_log_level(config->log_level);
		return config;
	}
	dispatch_config_release(config);
	return NULL;
}

enum
{
	OPTION_ONCE = 256,
	OPTION_CHECK,
	OPTION_CHANNEL,
	OPTION_INSTANCE
};

typedef struct Options
{
	const char *config;
	bool once;
	bool check;
	const char *channel;
	int leave; /* with this exit code; -1: do not */
} Options;

static Options
read_options(int argc, char **argv)
{
	static const struct option known[] = {{"config", required_argument, NULL, 'c'},
										  {"check", no_argument, NULL, OPTION_CHECK},
										  {"channel", required_argument, NULL, OPTION_CHANNEL},
										  {"once", no_argument, NULL, OPTION_ONCE},
										  {"instance", required_argument, NULL, OPTION_INSTANCE},
										  {"verbose", no_argument, NULL, 'v'},
										  {"version", no_argument, NULL, 'V'},
										  {"help", no_argument, NULL, 'h'},
										  {NULL, 0, NULL, 0}};
	Options options = {.leave = -1};
	int option;

	while ((option = getopt_long(argc, argv, "c:vVh", known, NULL)) != -1 && options.leave < 0)
	{
		if (option == 'c')
			options.config = optarg;
		else if (option == OPTION_CHECK)
			options.check = true;
		else if (option == OPTION_CHANNEL)
			options.channel = optarg;
		else if (option == OPTION_ONCE)
			options.once = true;
		else if (option == OPTION_INSTANCE)
			instance = optarg;
		else if (option == 'v')
			verbose = true;
		else if (option == 'V')
		{
			puts("monitor-dispatch " MONITOR_VERSION);
			options.leave = DISPATCH_OK;
		}
		else if (option == 'h')
		{
			print_help();
			options.leave = DISPATCH_OK;
		}
		else
			options.leave = DISPATCH_USAGE;
	}
	if (options.leave < 0 &&
		(optind < argc || (options.check && options.once) || (options.channel && !options.check)))
	{
		fputs("monitor-dispatch: what is to be done?  monitor-dispatch --help says what it can\n",
			  stderr);
		options.leave = DISPATCH_USAGE;
	}
	return options;
}

int
main(int argc, char **argv)
{
	Options options = read_options(argc, argv);
	Dispatcher dp = {.wake_fd = -1};
	int exit_code;

	if (options.leave >= 0)
		return options.leave;
	setvbuf(stderr, NULL, _IOLBF, 0);
	dp.config = dispatch_configure(options.config);
	if (dp.config == NULL)
		return DISPATCH_USAGE;
	srand48((long) time(NULL) ^ (long) getpid());
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || (dp.multi = curl_multi_init()) == NULL)
	{
		dispatch_log(LEVEL_ERROR, "libcurl cannot be used");
		return DISPATCH_USAGE;
	}
	dp.wake_fd = dispatch_catch_signals();
	exit_code = options.check ? dispatch_check(&dp, options.channel)
							  : dispatch_run(&dp, options.once, options.config);
	PQfinish(dp.conn);
	if (dp.in_flight == 0)
		curl_multi_cleanup(dp.multi);
	dispatch_config_release(dp.config);
	return exit_code;
}
