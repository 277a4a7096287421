/*
 * secret.c
 *		Secrets: looked up when they are needed, wiped when they were used, never printed.
 *
 * A reference comes from the database, where whoever may create a channel writes it: it
 * must not become a way to read any file or variable of the sender's.
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

bool
dispatch_is_reference(const char *text)
{
	return strncmp(text, "env:", 4) == 0 || strncmp(text, "file:", 5) == 0;
}

/* Variables that steer programs, or are the sender's own, are nobody's secrets. */
static bool
name_allowed(const char *name)
{
	static const char *const refused[] = {"PG", "LD_", "MONITOR_DISPATCH"};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
	{
		if (strncmp(name, refused[i], strlen(refused[i])) == 0)
			return false;
	}
	return *name && strcmp(name, "PATH") != 0 && strcmp(name, "HOME") != 0;
}

static char *
of_environment(const char *name, char *error, size_t error_size)
{
	const char *value = name_allowed(name) ? getenv(name) : NULL;

	if (!name_allowed(name))
		snprintf(error, error_size,
				 "secret env:%.100s: this variable cannot be a secret; use another name", name);
	else if (value == NULL || *value == '\0')
		snprintf(error, error_size,
				 "secret env:%.100s is not set: set it in the environment of monitor-dispatch",
				 name);
	else if (strlen(value) > MAX_SECRET)
		snprintf(error, error_size, "secret env:%.100s is longer than %d bytes", name, MAX_SECRET);
	else
		return strdup(value);
	return NULL;
}

/* One name below the directory: nothing that leads elsewhere. */
static bool
file_name_allowed(const char *name)
{
	return *name && strchr(name, '/') == NULL && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/*
 * Readable by its owner only, this user or root.  systemd shows a credential that it
 * grants by an access control list as readable by the group root.
 */
static bool
file_is_private(const struct stat *status)
{
	mode_t mode = status->st_mode & 07777;

	if (!S_ISREG(status->st_mode))
		return false;
	if (status->st_uid == 0 && status->st_gid == 0 && mode == 0440)
		return true;
	return (mode == 0600 || mode == 0400) && (status->st_uid == 0 || status->st_uid == geteuid());
}

/* The whole file, less the line breaks at its end; NULL: empty or too long, or not to be read. */
static char *
read_whole(int file)
{
	char *value = calloc(1, MAX_SECRET + 2);
	size_t used = 0;
	ssize_t got = 0;

	while (value && used <= MAX_SECRET &&
		   (got = read(file, value + used, MAX_SECRET + 1 - used)) > 0)
		used += (size_t) got;
	while (used > 0 && (value[used - 1] == '\n' || value[used - 1] == '\r'))
		value[--used] = '\0';
	if (value && (used == 0 || used > MAX_SECRET || got < 0 || strlen(value) != used))
	{
		OPENSSL_cleanse(value, MAX_SECRET + 2);
		free(value);
		return NULL;
	}
	return value;
}

static char *
read_secret(int file, const char *name, char *error, size_t error_size)
{
	struct stat status;
	char *value = NULL;

	if (fstat(file, &status) != 0 || !file_is_private(&status))
		snprintf(error, error_size,
				 "secret file:%.100s must be a file of mode 0600 or 0400 that belongs to root or "
				 "to the user of monitor-dispatch",
				 name);
	else
	{
		value = read_whole(file);
		if (value == NULL)
			snprintf(error, error_size,
					 "secret file:%.100s is empty, longer than %d bytes, or has a NUL byte", name,
					 MAX_SECRET);
	}
	return value;
}

static char *
of_file(const char *secrets_dir, const char *name, char *error, size_t error_size)
{
	char path[4096];
	char *value;
	int file;

	if (!file_name_allowed(name))
	{
		snprintf(error, error_size,
				 "secret file:%.100s: a name of a file in secrets_dir is "
				 "needed, without a slash",
				 name);
		return NULL;
	}
	if (secrets_dir == NULL ||
		snprintf(path, sizeof(path), "%s/%s", secrets_dir, name) >= (int) sizeof(path))
	{
		snprintf(error, error_size,
				 "secret file:%.100s: setting secrets_dir must name the directory of such files",
				 name);
		return NULL;
	}
	file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (file < 0)
	{
		snprintf(error, error_size, "secret file:%.100s in secrets_dir: %s", name, strerror(errno));
		return NULL;
	}
	value = read_secret(file, name, error, error_size);
	close(file);
	return value;
}

/* The secret that a reference names, to be given to dispatch_forget; NULL: error says why. */
char *
dispatch_secret(const char *secrets_dir, const char *reference, char *error, size_t error_size)
{
	if (strncmp(reference, "env:", 4) == 0)
		return of_environment(reference + 4, error, error_size);
	if (strncmp(reference, "file:", 5) == 0)
		return of_file(secrets_dir, reference + 5, error, error_size);
	snprintf(error, error_size, "a secret must be named as env:NAME or file:NAME");
	return NULL;
}
