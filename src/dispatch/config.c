/*
 * config.c
 *		Reading of settings: every line is understood or refused, by name and number.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "address.h"

#define BLANKS		 " \t\r"
#define LARGEST_FILE 65536

typedef enum Kind
{
	TEXT,
	SECONDS,
	COUNT,
	HOSTS,
	LEVEL
} Kind;

typedef struct Setting
{
	const char *name;
	Kind kind;
	size_t offset;
	double least;
	double most;
} Setting;

#define AT(member) offsetof(DispatchConfig, member)

static const Setting settings[] = {
	{"connection", TEXT, AT(connection), 0, 0},
	{"instance", TEXT, AT(instance), 0, 0},
	{"poll_interval", SECONDS, AT(poll_interval), 0.1, 3600},
	{"lease", SECONDS, AT(lease), 3, 3600},
	{"grace", SECONDS, AT(grace), 0, 3600},
	{"max_in_flight", COUNT, AT(max_in_flight), 1, 1000},
	{"secrets_dir", TEXT, AT(secrets_dir), 0, 0},
	{"allow_private", HOSTS, AT(allow_private), 0, 0},
	{"allow_http", HOSTS, AT(allow_http), 0, 0},
	{"allow_plain_smtp", HOSTS, AT(allow_plain_smtp), 0, 0},
	{"ca_file", TEXT, AT(ca_file), 0, 0},
	{"log_level", LEVEL, AT(log_level), 0, 0},
};

DispatchConfig *
dispatch_config_create(void)
{
	DispatchConfig *config = dispatch_allocate(sizeof(DispatchConfig));
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");

	config->poll_interval = 5;
	config->lease = 60;
	config->grace = 30;
	config->max_in_flight = 16;
	config->log_level = DISPATCH_INFO;
	config->users = 1;
	if (credentials)
		config->secrets_dir = dispatch_copy(credentials);
	return config;
}

DispatchConfig *
dispatch_config_use(DispatchConfig *config)
{
	config->users++;
	return config;
}

void
dispatch_config_release(DispatchConfig *config)
{
	if (config == NULL || --config->users > 0)
		return;
	dispatch_forget(config->connection);
	free(config->instance);
	free(config->secrets_dir);
	free(config->ca_file);
	dispatch_list_clear(&config->allow_private);
	dispatch_list_clear(&config->allow_http);
	dispatch_list_clear(&config->allow_plain_smtp);
	free(config);
}

/* A number of seconds, with a unit or without; -1 if it is none. */
static double
parse_seconds(const char *value)
{
	static const struct
	{
		const char *unit;
		double seconds;
	} units[] = {{"", 1}, {"s", 1}, {"ms", 0.001}, {"min", 60}, {"h", 3600}};
	char *end;
	double number = strtod(value, &end);

	if (end == value)
		return -1;
	end += strspn(end, BLANKS);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
	{
		if (strcmp(end, units[i].unit) == 0)
			return number * units[i].seconds;
	}
	return -1;
}

static bool
set_number(const Setting *setting, char *member, const char *value, DispatchText *error)
{
	char *end;
	double number = setting->kind == SECONDS ? parse_seconds(value)
											 : (double) strtol(value, &end, 10);

	if (setting->kind == COUNT && (end == value || *end))
		number = -1;
	/* written so that it refuses NaN */
	if (!(number >= setting->least && number <= setting->most))
	{
		dispatch_append_format(error, "%s must be %s from %g to %g, not \"%s\"", setting->name,
							   setting->kind == SECONDS ? "a number of seconds" : "a whole number",
							   setting->least, setting->most, value);
		return false;
	}
	if (setting->kind == SECONDS)
		memcpy(member, &number, sizeof(number));
	else
		memcpy(member, &(int){(int) number}, sizeof(int));
	return true;
}

static bool
set_hosts(const Setting *setting, DispatchList *list, const char *value, DispatchText *error)
{
	dispatch_list_clear(list);
	dispatch_list_split(list, value, ", \t\r");
	for (int i = 0; i < list->n; i++)
	{
		if (!dispatch_host_entry_valid(list->items[i]))
		{
			dispatch_append_format(error,
								   "%s: \"%s\" is neither a host name nor an address nor a network such as 10.0.0.0/8",
								   setting->name, list->items[i]);
			return false;
		}
	}
	return true;
}

static bool
set_level(DispatchLevel *level, const char *value, DispatchText *error)
{
	static const char *const names[] = {"error", "warning", "info", "debug"};

	for (int i = 0; i < 4; i++)
	{
		if (strcmp(value, names[i]) == 0)
		{
			*level = (DispatchLevel) i;
			return true;
		}
	}
	dispatch_append_format(error, "log_level must be error, warning, info or debug, not \"%s\"",
						   value);
	return false;
}

static bool
set(const Setting *setting, DispatchConfig *config, const char *value, DispatchText *error)
{
	char *member = (char *) config + setting->offset;
	char *copy;

	switch (setting->kind)
	{
		case TEXT:
			memcpy(&copy, member, sizeof(copy));
			dispatch_forget(copy);
			copy = *value ? dispatch_copy(value) : NULL;
			memcpy(member, &copy, sizeof(copy));
			return true;
		case HOSTS:
			return set_hosts(setting, (DispatchList *) (void *) member, value, error);
		case LEVEL:
			return set_level((DispatchLevel *) (void *) member, value, error);
		default:
			return set_number(setting, member, value, error);
	}
}

static const Setting *
find_setting(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
	{
		if (strlen(settings[i].name) == length && memcmp(settings[i].name, name, length) == 0)
			return &settings[i];
	}
	return NULL;
}

/* One line, trimmed: a comment, nothing, or a setting. */
static bool
parse_line(DispatchConfig *config, char *line, unsigned int *seen, DispatchText *error)
{
	size_t length = strcspn(line, "=" BLANKS);
	const Setting *setting;
	char *value = line + length + strspn(line + length, BLANKS);

	if (*line == '#' || *line == '\0')
		return true;
	setting = find_setting(line, length);
	if (setting == NULL)
	{
		dispatch_append_format(error, "unknown setting \"%.*s\"", (int) length, line);
		return false;
	}
	if (*value != '=')
	{
		dispatch_append_format(error, "%s has no value: write %s = value", setting->name,
							   setting->name);
		return false;
	}
	if (*seen & 1u << (setting - settings))
	{
		dispatch_append_format(error, "%s is set twice", setting->name);
		return false;
	}
	*seen |= 1u << (setting - settings);
	value++;
	return set(setting, config, value + strspn(value, BLANKS), error);
}

static char *
trim(char *line)
{
	char *end;

	line += strspn(line, BLANKS);
	for (end = line + strlen(line); end > line && strchr(BLANKS, end[-1]); end--)
		;
	*end = '\0';
	return line;
}

bool
dispatch_config_parse(DispatchConfig *config, const char *name, const char *lines,
					  DispatchText *error)
{
	char *copy = dispatch_copy(lines);
	unsigned int seen = 0;
	int number = 0;
	bool good = true;

	for (char *line = copy; good && line;)
	{
		char *next = strchr(line, '\n');
		DispatchText why = {0};

		if (next)
			*next++ = '\0';
		number++;
		good = parse_line(config, trim(line), &seen, &why);
		if (!good)
			dispatch_append_format(error, "%s, line %d: %s", name, number, dispatch_chars(&why));
		dispatch_clear(&why);
		line = next;
	}
	/* not up to the first NUL: next has cut it into lines */
	for (size_t i = strlen(lines); i > 0; i--)
		copy[i - 1] = '\0';
	free(copy);
	return good;
}

/* Whoever may write the file may have alerts sent anywhere. */
static bool
check_file(FILE *file, const char *path, DispatchText *error)
{
	struct stat status;

	if (fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode))
		dispatch_append_format(error, "%s is not a file", path);
	else if (status.st_mode & S_IWOTH)
		dispatch_append_format(error, "everybody may write %s: chmod o-w it", path);
	else
		return true;
	return false;
}

bool
dispatch_config_read(DispatchConfig *config, const char *path, DispatchText *error)
{
	FILE *file = fopen(path, "r");
	char *lines;
	size_t length;
	bool good = false;

	if (file == NULL)
	{
		dispatch_append_format(error, "cannot read %s: %s", path, strerror(errno));
		return false;
	}
	lines = dispatch_allocate(LARGEST_FILE + 1);
	if (check_file(file, path, error))
	{
		length = fread(lines, 1, LARGEST_FILE, file);
		if (length == LARGEST_FILE || strlen(lines) != length)
			dispatch_append_format(error, "%s is too large, or not text", path);
		else
			good = dispatch_config_parse(config, path, lines, error);
	}
	fclose(file);
	dispatch_forget(lines);
	return good;
}
