/*
 * config.h
 *		Settings of monitor-dispatch, from a file of `name = value' lines.
 */
#ifndef DISPATCH_CONFIG_H
#define DISPATCH_CONFIG_H

#include "log.h"
#include "text.h"

typedef struct DispatchConfig
{
	char *connection; /* conninfo; NULL: libpq's environment decides */
	char *instance;	  /* NULL: the host's name */
	double poll_interval;
	double lease;
	double grace; /* how long a stop waits for what is in flight */
	int max_in_flight;
	char *secrets_dir;
	/* host names, addresses, networks */
	DispatchList allow_private;
	DispatchList allow_http;
	DispatchList allow_plain_smtp;
	char *ca_file;
	DispatchLevel log_level;
	int users; /* deliveries in flight keep the settings that they began with */
} DispatchConfig;

/* The defaults, with one user. */
extern DispatchConfig *dispatch_config_create(void);
extern DispatchConfig *dispatch_config_use(DispatchConfig *config);
extern void dispatch_config_release(DispatchConfig *config);

/* Lines of a configuration; false: error says what is wrong where. */
extern bool dispatch_config_parse(DispatchConfig *config, const char *name, const char *lines,
								  DispatchText *error);
extern bool dispatch_config_read(DispatchConfig *config, const char *path, DispatchText *error);

#endif /* DISPATCH_CONFIG_H */
