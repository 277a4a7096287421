/*
 * config.c
 *		The configuration file: lines of `name = value', # begins a comment.  What is not
 *		understood is refused, with its name and its line.
 */
#include "dispatch.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
dispatch_config_defaults(DispatchConfig *config)
{
	char host[64] = "localhost";
	char instance[96];

	gethostname(host, sizeof(host) - 1);
	snprintf(instance, sizeof(instance), "%s-%d", host, (int) getpid());
	*config = (DispatchConfig){.conninfo = strdup(""),
							   .instance = strdup(instance),
							   .poll_seconds = 5,
							   .lease_seconds = 60,
							   .max_in_flight = 16};
}

void
dispatch_config_free(DispatchConfig *config)
{
	free(config->conninfo);
	free(config->instance);
	free(config->secrets_dir);
	free(config->ca_file);
	for (int i = 0; i < config->num_allowed; i++)
		free(config->allow_address[i]);
}

static char *
trim(char *text)
{
	char *end;

	while (isspace((unsigned char) *text))
		text++;
	end = text + strlen(text);
	while (end > text && isspace((unsigned char) end[-1]))
		*--end = '\0';
	return text;
}

static bool
set_number(int *target, const char *value, int low, int high)
{
	char *end;
	long number = strtol(value, &end, 10);

	if (*value == '\0' || *end != '\0' || number < low || number > high)
		return false;
	*target = (int) number;
	return true;
}

static bool
set_switch(bool *target, const char *value)
{
	*target = strcmp(value, "on") == 0;
	return *target || strcmp(value, "off") == 0;
}

static bool
set_text(char **target, const char *value)
{
	free(*target);
	*target = strdup(value);
	return *target != NULL;
}

/* Addresses, separated by commas or blanks. */
static bool
set_addresses(DispatchConfig *config, char *value)
{
	char *rest = NULL;

	for (char *one = strtok_r(value, ", \t", &rest); one; one = strtok_r(NULL, ", \t", &rest))
	{
		if (config->num_allowed == DISPATCH_MAX_LIST || !dispatch_address_known(one))
			return false;
		config->allow_address[config->num_allowed++] = strdup(one);
	}
	return true;
}

/* What a value has to be, where it was not; NULL: it was taken. */
static const char *
set_value(DispatchConfig *config, const char *name, char *value)
{
	if (strcmp(name, "connection") == 0)
		return set_text(&config->conninfo, value) ? NULL : "a connection string";
	if (strcmp(name, "instance") == 0)
		return *value && set_text(&config->instance, value) ? NULL : "a name";
	if (strcmp(name, "secrets_dir") == 0)
		return *value == '/' && set_text(&config->secrets_dir, value) ? NULL : "an absolute path";
	if (strcmp(name, "ca_file") == 0)
		return *value == '/' && set_text(&config->ca_file, value) ? NULL : "an absolute path";
	if (strcmp(name, "allow_private") == 0)
		return set_addresses(config, value) ? NULL : "a list of addresses, as 10.0.0.0/8, ::1";
	if (strcmp(name, "allow_plain_smtp") == 0)
		return set_switch(&config->allow_plain_smtp, value) ? NULL : "on or off";
	if (strcmp(name, "poll_interval") == 0)
		return set_number(&config->poll_seconds, value, 1, 3600) ? NULL : "1 to 3600 seconds";
	if (strcmp(name, "lease") == 0)
		return set_number(&config->lease_seconds, value, 3, 3600) ? NULL : "3 to 3600 seconds";
	if (strcmp(name, "max_in_flight") == 0)
		return set_number(&config->max_in_flight, value, 1, 1000) ? NULL : "1 to 1000";
	if (strcmp(name, "verbose") == 0)
		return set_switch(&config->verbose, value) ? NULL : "on or off";
	return "one of connection, instance, secrets_dir, ca_file, allow_private, allow_plain_smtp, "
		   "poll_interval, lease, max_in_flight, verbose";
}

static bool
read_line(DispatchConfig *config, char *line, int number, const char *path, char *error,
		  size_t error_size)
{
	char *name = trim(line);
	char *equals = strchr(name, '=');
	const char *wanted;

	if (*name == '\0' || *name == '#')
		return true;
	if (equals == NULL)
	{
		snprintf(error, error_size, "%s line %d: expected name = value", path, number);
		return false;
	}
	*equals = '\0';
	name = trim(name);
	wanted = set_value(config, name, trim(equals + 1));
	if (wanted)
		snprintf(error, error_size, "%s line %d: setting \"%s\" must be %s", path, number, name,
				 wanted);
	return wanted == NULL;
}

/* false: error says what to change.  A file that others can write could redirect secrets. */
bool
dispatch_config_read(DispatchConfig *config, const char *path, char *error, size_t error_size)
{
	FILE *file = fopen(path, "r");
	struct stat status;
	char line[4096];
	bool good = true;

	if (file == NULL || fstat(fileno(file), &status) != 0)
	{
		snprintf(error, error_size, "%s: %s", path, strerror(errno));
		if (file)
			fclose(file);
		return false;
	}
	if (status.st_mode & (S_IWGRP | S_IWOTH))
	{
		snprintf(error, error_size, "%s can be written by others: chmod go-w %s", path, path);
		good = false;
	}
	for (int number = 1; good && fgets(line, sizeof(line), file); number++)
		good = read_line(config, line, number, path, error, error_size);
	fclose(file);
	return good;
}
