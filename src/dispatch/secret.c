/*
 * secret.c
 *		Secrets: looked up when they are needed, wiped when they were used, never printed.
 */
#include "dispatch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#define MAX_SECRET 8192

void
dispatch_forget(char *secret)
{
	if (secret == NULL)
		return;
	OPENSSL_cleanse(secret, strlen(secret));
	free(secret);
}

/* Overwrites every occurrence of a secret. */
void
dispatch_blank(char *text, const char *secret)
{
	size_t length = strlen(secret);

	if (length < 4)
		return;
	for (char *at = strstr(text, secret); at; at = strstr(at, secret))
		memset(at, '*', length);
}

/* Variables that steer programs are not secrets, and would leak what they hold. */
static bool
name_allowed(const char *name)
{
	static const char *const refused[] = {"PG", "LD_", "MONITOR_DISPATCH"};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (strncmp(name, refused[i], strlen(refused[i])) == 0)
			return false;
	return *name && strcmp(name, "PATH") != 0 && strcmp(name, "HOME") != 0;
}

static char *
of_environment(const char *name, char *error, size_t error_size)
{
	const char *value = name_allowed(name) ? getenv(name) : NULL;

	if (value == NULL || *value == '\0')
	{
		snprintf(error, error_size, "secret env:%s is not set in monitor-dispatch's environment",
				 name);
		return NULL;
	}
	return strdup(value);
}

static bool
path_allowed(const char *name)
{
	return *name && *name != '/' && strcmp(name, "..") != 0 && strncmp(name, "../", 3) != 0 &&
		strstr(name, "/../") == NULL &&
		(strlen(name) < 3 || strcmp(name + strlen(name) - 3, "/..") != 0);
}

static char *
read_secret(int file, const char *name, char *error, size_t error_size)
{
	char *value = calloc(1, MAX_SECRET + 1);
	struct stat status;
	ssize_t size;

	if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || (status.st_mode & 077) ||
		(status.st_uid != geteuid() && status.st_uid != 0))
	{
		snprintf(error, error_size,
				 "secret file:%s must be a file of mode 0600 or 0400 that belongs to this user or root",
				 name);
		free(value);
		return NULL;
	}
	size = value ? read(file, value, MAX_SECRET) : -1;
	while (size > 0 && (value[size - 1] == '\n' || value[size - 1] == '\r'))
		value[--size] = '\0';
	if (size <= 0)
	{
		snprintf(error, error_size, "secret file:%s is empty or cannot be read", name);
		free(value);
		return NULL;
	}
	return value;
}

static char *
of_file(const DispatchConfig *config, const char *name, char *error, size_t error_size)
{
	char path[4096];
	char *value;
	int file;

	if (config->secrets_dir == NULL || !path_allowed(name) ||
		snprintf(path, sizeof(path), "%s/%s", config->secrets_dir, name) >= (int) sizeof(path))
	{
		snprintf(error, error_size,
				 "secret file:%s: setting secrets_dir names the directory of such files", name);
		return NULL;
	}
	file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (file < 0)
	{
		snprintf(error, error_size, "secret file:%s in secrets_dir: %s", name, strerror(errno));
		return NULL;
	}
	value = read_secret(file, name, error, error_size);
	close(file);
	return value;
}

/* The secret that a reference names, to be given to dispatch_forget; NULL: error says why. */
char *
dispatch_secret(const DispatchConfig *config, const char *reference, char *error, size_t error_size)
{
	if (strncmp(reference, "env:", 4) == 0)
		return of_environment(reference + 4, error, error_size);
	if (strncmp(reference, "file:", 5) == 0)
		return of_file(config, reference + 5, error, error_size);
	snprintf(error, error_size, "a secret is named as env:NAME or file:NAME");
	return NULL;
}
