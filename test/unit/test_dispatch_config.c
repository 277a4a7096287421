/*
 * test_dispatch_config.c
 *		The configuration file and the secrets that channels name.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dispatch.h"
#include "unit.h"

static char directory[] = "/tmp/monitor-unit-XXXXXX";

static const char *
path_of(const char *name)
{
	static char path[200];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void
write_file(const char *name, const char *text, size_t size, mode_t mode)
{
	FILE *file = fopen(path_of(name), "w");

	if (file == NULL)
		return;
	fwrite(text, 1, size, file);
	fclose(file);
	chmod(path_of(name), mode);
}

/* Reads a configuration; *error is empty if it is good. */
static DispatchConfig *
read_config(const char *text, size_t size, char *error, size_t error_size)
{
	DispatchConfig *config = dispatch_config_new();

	error[0] = '\0';
	write_file("config", text, size, 0644);
	unit_ok(dispatch_config_read(config, path_of("config"), error, error_size) ==
				(error[0] == '\0'),
			"an error has words, and nothing else has");
	return config;
}

static void
test_good(void)
{
	static const char text[] = "# a comment\n\n  connection = host=db  dbname=a=b \r\n"
							   "instance=first\nsecrets_dir = /run/x\nca_file\t=\t/etc/ca.pem\n"
							   "allow_private = mail.internal, ::1 10.0.0.0/8,\n"
							   "allow_http =\nallow_plain_smtp = 127.0.0.1\npoll_interval = 1\n"
							   "lease = 3600\nmax_in_flight = 16\nlog_level = debug";
	char error[1000];
	DispatchConfig *config = read_config(text, strlen(text), error, sizeof(error));

	unit_ok(*error == '\0', "all settings are read: %s", error);
	unit_ok(strcmp(config->connection, "host=db  dbname=a=b") == 0,
			"blanks around go, others stay");
	unit_ok(strcmp(config->instance, "first") == 0, "instance");
	unit_ok(strcmp(config->secrets_dir, "/run/x") == 0 &&
				strcmp(config->ca_file, "/etc/ca.pem") == 0,
			"paths");
	unit_ok(config->allow_private.count == 3 &&
				strcmp(config->allow_private.entries[2], "10.0.0.0/8") == 0,
			"a list");
	unit_ok(config->allow_http.count == 0 && config->allow_plain_smtp.count == 1, "other lists");
	unit_ok(config->poll_interval == 1 && config->lease == 3600 && config->max_in_flight == 16,
			"numbers");
	unit_ok(config->log_level == LEVEL_DEBUG, "the last line without an end");
	dispatch_config_release(config);
}

static void
test_bad(void)
{
	static const struct
	{
		const char *text;
		const char *words[2];
	} cases[] = {
		{"colour = red\n", {"line 1", "colour"}},
		{"\n#\nlease = 2\n", {"line 3", "lease"}},
		{"lease = 3601\n", {"line 1", "3 to 3600"}},
		{"lease = 5s\n", {"line 1", "lease"}},
		{"lease =\n", {"line 1", "lease"}},
		{"poll_interval = 99999999999999999999\n", {"line 1", "poll_interval"}},
		{"secrets_dir = here\n", {"line 1", "absolute"}},
		{"instance =\n", {"line 1", "instance"}},
		{"allow_private = 10.0.0.0/99\n", {"line 1", "allow_private"}},
		{"allow_private = http://x\n", {"line 1", "allow_private"}},
		{"log_level = loud\n", {"line 1", "debug"}},
		{"no equals sign\n", {"line 1", "name = value"}},
	};
	char error[1000];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		DispatchConfig *config =
			read_config(cases[i].text, strlen(cases[i].text), error, sizeof(error));

		unit_ok(strstr(error, cases[i].words[0]) && strstr(error, cases[i].words[1]),
				"case %d is refused: %s", (int) i, error);
		dispatch_config_release(config);
	}
	dispatch_config_release(read_config("lease = 5\0\n", 11, error, sizeof(error)));
	unit_ok(*error != '\0', "a NUL byte is refused");
}

static void
test_files(void)
{
	DispatchConfig *config = dispatch_config_new();
	char error[1000] = "";

	write_file("config", "lease = 5\n", 10, 0646);
	unit_ok(!dispatch_config_read(config, path_of("config"), error, sizeof(error)) &&
				strstr(error, "chmod"),
			"a file that everybody can write is refused");
	unit_ok(!dispatch_config_read(config, path_of("none"), error, sizeof(error)),
			"a file that there is not");
	unit_ok(!dispatch_config_read(config, directory, error, sizeof(error)), "a directory");
	dispatch_config_release(config);
}

static void
refused(const char *reference, const char *word)
{
	char error[512] = "";
	char *secret = dispatch_secret(directory, reference, error, sizeof(error));

	unit_ok(secret == NULL && strstr(error, word), "%.60s is refused: %s", reference, error);
	dispatch_forget(secret);
}

static void
found(const char *reference, const char *value)
{
	char error[512] = "";
	char *secret = dispatch_secret(directory, reference, error, sizeof(error));

	unit_ok(secret && strcmp(secret, value) == 0, "%s is found %s", reference, error);
	dispatch_forget(secret);
}

static void
test_secrets(void)
{
	char error[512];
	char link[220];

	setenv("UNIT_SECRET", "s3cret", 1);
	setenv("UNIT_EMPTY", "", 1);
	setenv("PGPASSWORD", "x", 1);
	setenv("MONITOR_DISPATCH_X", "x", 1);
	setenv("LD_X", "x", 1);
	write_file("good", "file secret\n\r\n", 14, 0600);
	write_file("readonly", "x", 1, 0400);
	write_file("open", "x", 1, 0640);
	write_file("empty", "\n", 1, 0600);
	write_file("binary", "a\0b", 3, 0600);
	found("env:UNIT_SECRET", "s3cret");
	found("file:good", "file secret");
	found("file:readonly", "x");
	refused("env:UNIT_EMPTY", "UNIT_EMPTY");
	refused("env:UNIT_NONE", "UNIT_NONE");
	refused("env:PGPASSWORD", "another name");
	refused("env:MONITOR_DISPATCH_X", "another name");
	refused("env:LD_X", "another name");
	refused("env:PATH", "another name");
	refused("env:HOME", "another name");
	refused("env:", "another name");
	refused("file:", "file");
	refused("file:..", "slash");
	refused("file:../good", "slash");
	refused("file:/etc/hostname", "slash");
	refused("file:open", "0600");
	refused("file:empty", "empty");
	refused("file:binary", "NUL");
	refused("file:none", "none");
	refused("plain word", "env:NAME");
	snprintf(link, sizeof(link), "%s/link", directory);
	unit_ok(symlink(path_of("good"), link) == 0, "a link");
	refused("file:link", "link");
	unit_ok(dispatch_secret(NULL, "file:good", error, sizeof(error)) == NULL &&
				strstr(error, "secrets_dir"),
			"without secrets_dir, the setting is named");
}

static void
test_blanking(void)
{
	char text[] = "token s3cret, again s3crets3cret.";
	char bytes[] = "ok \xc3\xa4 \xe2\x82\xac \xff\xc3( \xed\xa0\x80 \xf0\x9f\x98\x80 \xe2\x82";

	dispatch_blank(text, strlen(text), "s3cret");
	unit_ok(strstr(text, "s3cret") == NULL && strncmp(text, "token *", 7) == 0 &&
				text[strlen(text) - 1] == '.',
			"secrets are blanked: %s", text);
	dispatch_clean_utf8(bytes, strlen(bytes));
	unit_ok(strncmp(bytes,
					"ok \xc3\xa4 \xe2\x82\xac ?"
					"?( ?"
					"?? \xf0\x9f\x98\x80 ",
					22) == 0,
			"what is not UTF-8 becomes question marks");
	memcpy(bytes, "a\0b", 3);
	dispatch_clean_utf8(bytes, 3);
	unit_ok(strcmp(bytes, "a?b") == 0, "and so does a NUL byte");
}

int
main(void)
{
	if (mkdtemp(directory) == NULL)
		return 1;
	test_good();
	test_bad();
	test_files();
	test_secrets();
	test_blanking();
	for (const char *names = "config good readonly open empty binary link"; *names;)
	{
		char name[20];
		int length;

		sscanf(names, "%19s%n", name, &length);
		unlink(path_of(name));
		names += length;
	}
	rmdir(directory);
	return unit_done();
}
