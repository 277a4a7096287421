/*
 * config.c
 *		The configuration file: lines of `name = value', a # at the beginning of a line makes
 *		it a comment.  What is not understood is refused, with its name and its line.
 */
#include "dispatch.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

/* HOST-PID; NULL: memory ran out */
static char *
default_instance(void)
{
	char host[65] = "localhost";
	char instance[96];

	gethostname(host, sizeof(host) - 1);
	snprintf(instance, sizeof(instance), "%s-%d", host, (int) getpid());
	return strdup(instance);
}

/* The defaults; systemd says where it put the credentials of a service. */
DispatchConfig *
dispatch_config_new(void)
{
	DispatchConfig *config = calloc(1, sizeof(DispatchConfig));
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");

	if (config == NULL)
		return NULL;
	config->references = 1;
	config->connection = strdup("");
	config->instance = default_instance();
	if (config->connection == NULL || config->instance == NULL)
	{
		dispatch_config_release(config);
		return NULL;
	}
	config->secrets_dir = credentials ? strdup(credentials) : NULL;
	config->poll_interval = 5;
	config->lease = 60;
	config->max_in_flight = 16;
	config->log_level = LEVEL_INFO;
	return config;
}

static void
free_hosts(HostList *list)
{
	while (list->count > 0)
		free(list->entries[--list->count]);
}

void
dispatch_config_release(DispatchConfig *config)
{
	if (config == NULL || --config->references > 0)
		return;
	dispatch_forget(config->connection);
	free(config->instance);
	free(config->secrets_dir);
	free(config->ca_file);
	free_hosts(&config->allow_private);
	free_hosts(&config->allow_http);
	free_hosts(&config->allow_plain_smtp);
	free(config);
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
set_text(char **target, const char *value)
{
	dispatch_forget(*target);
	*target = strdup(value);
	return *target != NULL && *value != '\0';
}

static bool
set_path(char **target, const char *value)
{
	return *value == '/' && set_text(target, value);
}

/* Separated by commas or blanks; a later list replaces the former. */
static bool
set_hosts(HostList *list, const char *value)
{
	static const char separators[] = ", \t";

	free_hosts(list);
	while (*(value += strspn(value, separators)))
	{
		size_t length = strcspn(value, separators);
		char *entry = strndup(value, length);

		if (entry == NULL || list->count == DISPATCH_MAX_LIST || !dispatch_host_entry_valid(entry))
		{
			free(entry);
			return false;
		}
		list->entries[list->count++] = entry;
		value += length;
	}
	return true;
}

/* false: the value is not what is wanted, or wanted lists the names that there are. */
bool
dispatch_config_set(DispatchConfig *config, const char *name, const char *value,
					const char **wanted)
{
	*wanted = "hosts, addresses or networks, as mail.example.org, ::1, 10.0.0.0/8";
	if (strcmp(name, "allow_private") == 0)
		return set_hosts(&config->allow_private, value);
	if (strcmp(name, "allow_http") == 0)
		return set_hosts(&config->allow_http, value);
	if (strcmp(name, "allow_plain_smtp") == 0)
		return set_hosts(&config->allow_plain_smtp, value);
	*wanted = "an absolute path";
	if (strcmp(name, "secrets_dir") == 0)
		return set_path(&config->secrets_dir, value);
	if (strcmp(name, "ca_file") == 0)
		return set_path(&config->ca_file, value);
	*wanted = "1 to 3600 seconds";
	if (strcmp(name, "poll_interval") == 0)
		return set_number(&config->poll_interval, value, 1, 3600);
	*wanted = "3 to 3600 seconds";
	if (strcmp(name, "lease") == 0)
		return set_number(&config->lease, value, 3, 3600);
	*wanted = "1 to 1000";
	if (strcmp(name, "max_in_flight") == 0)
		return set_number(&config->max_in_flight, value, 1, 1000);
	*wanted = "error, warning, info or debug";
	if (strcmp(name, "log_level") == 0)
		return dispatch_level_named(value, &config->log_level);
	*wanted = "a text that is not empty";
	if (strcmp(name, "connection") == 0)
		return set_text(&config->connection, value);
	if (strcmp(name, "instance") == 0)
		return set_text(&config->instance, value);
	*wanted = "one of connection, instance, secrets_dir, ca_file, allow_private, allow_http, "
			  "allow_plain_smtp, poll_interval, lease, max_in_flight, log_level";
	return false;
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
	if (dispatch_config_set(config, name, trim(equals + 1), &wanted))
		return true;
	snprintf(error, error_size, "%s line %d: setting \"%.100s\" must be %s", path, number, name,
			 wanted);
	return false;
}

/* Whoever can write the file can have secrets sent elsewhere. */
static bool
check_file(FILE *file, const char *path, char *error, size_t error_size)
{
	struct stat status;

	if (fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode))
		snprintf(error, error_size, "%s is not a file", path);
	else if (status.st_mode & S_IWOTH)
		snprintf(error, error_size, "%s can be written by everybody: chmod o-w %s", path, path);
	else
		return true;
	return false;
}

/* false: error says what to change. */
bool
dispatch_config_read(DispatchConfig *config, const char *path, char *error, size_t error_size)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	bool good;

	if (file == NULL)
	{
		snprintf(error, error_size, "%s: %s", path, strerror(errno));
		return false;
	}
	good = check_file(file, path, error, error_size);
	for (int number = 1; good && (length = getline(&line, &size, file)) >= 0; number++)
	{
		good = strlen(line) == (size_t) length;
		if (good)
			good = read_line(config, line, number, path, error, error_size);
		else
			snprintf(error, error_size, "%s line %d: not text", path, number);
	}
	fclose(file);
	/* all of it: the name ends with NUL by now, and of an empty file nothing was read */
	if (line)
		OPENSSL_cleanse(line, size);
	free(line);
	return good;
}
