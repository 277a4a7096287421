/*
 * test_dispatch.c
 *		What monitor-dispatch decides by itself: settings, secrets, addresses, signatures.
 */
#include "dispatch.h"
#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <png.h>

static char dir[] = "/tmp/monitor-dispatch-XXXXXX";

static const char *
write_file(const char *name, const char *text, mode_t mode)
{
	static char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	unlink(path);
	file = fopen(path, "w");
	fputs(text, file);
	fclose(file);
	chmod(path, mode);
	return path;
}

static bool
config_says(const char *text, mode_t mode, const char *wanted)
{
	DispatchConfig config;
	char error[4600] = "";
	bool read;

	dispatch_config_defaults(&config);
	read = dispatch_config_read(&config, write_file("conf", text, mode), error, sizeof(error));
	dispatch_config_free(&config);
	return wanted == NULL ? read : !read && strstr(error, wanted) != NULL;
}

static void
test_config(void)
{
	DispatchConfig config;
	char error[4600];

	unit_ok(config_says("# nothing\n\npoll_interval = 7\n", 0600, NULL),
			"comments and blank lines");
	unit_ok(config_says("poll = 7\n", 0600, "line 1: setting \"poll\" must be one of"),
			"an unknown setting");
	unit_ok(config_says("\nlease = 2\n", 0600,
						"line 2: setting \"lease\" must be 3 to 3600 seconds"),
			"a value out of its range");
	unit_ok(config_says("lease 5\n", 0600, "expected name = value"), "no equals sign");
	unit_ok(config_says("allow_private = 10.0.0.0/40\n", 0600, "a list of addresses"),
			"no network");
	unit_ok(config_says("lease = 5\n", 0666, "chmod go-w"), "a file that others can write");
	dispatch_config_defaults(&config);
	unit_ok(dispatch_config_read(&config,
								 write_file("conf",
											"connection = host=a  dbname=b\nallow_private= ::1,10.0.0.0/8\n",
											0600),
								 error, sizeof(error)) &&
				strcmp(config.conninfo, "host=a  dbname=b") == 0 && config.num_allowed == 2,
			"a connection string and a list");
	dispatch_config_free(&config);
}

static bool
secret_is(const DispatchConfig *config, const char *reference, const char *wanted)
{
	char error[512] = "";
	char *secret = dispatch_secret(config, reference, error, sizeof(error));
	bool good = wanted ? secret && strcmp(secret, wanted) == 0 : secret == NULL && *error;

	dispatch_forget(secret);
	return good;
}

static void
test_secrets(void)
{
	DispatchConfig config = {.secrets_dir = dir};
	char text[] = "token abcdef and abcdef again";

	write_file("good", "hidden\n", 0600);
	write_file("open", "hidden\n", 0644);
	write_file("empty", "", 0600);
	setenv("MONITOR_TEST_SECRET", "from the environment", 1);
	unit_ok(secret_is(&config, "file:good", "hidden"), "a secret of a file, without its line end");
	unit_ok(secret_is(&config, "env:MONITOR_TEST_SECRET", "from the environment"),
			"of the environment");
	unit_ok(secret_is(&config, "file:open", NULL), "a file that others can read is refused");
	unit_ok(secret_is(&config, "file:empty", NULL) && secret_is(&config, "file:none", NULL),
			"an empty or a missing one");
	unit_ok(secret_is(&config, "file:../etc/passwd", NULL) &&
				secret_is(&config, "file:/etc/passwd", NULL) &&
				secret_is(&config, "file:a/../../b", NULL) && secret_is(&config, "file:a/..", NULL),
			"no way out of the directory");
	unit_ok(secret_is(&config, "env:PGPASSWORD", NULL) && secret_is(&config, "env:PATH", NULL) &&
				secret_is(&config, "env:LD_PRELOAD", NULL),
			"variables that steer programs");
	unit_ok(secret_is(&config, "hidden", NULL), "a secret written out is none");
	dispatch_blank(text, "abcdef");
	unit_ok(strcmp(text, "token ****** and ****** again") == 0, "blanked wherever it stands");
}

static bool
allowed(const char *list, const char *text)
{
	DispatchConfig config = {0};
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};

	if (*list)
		config.allow_address[config.num_allowed++] = (char *) list;
	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return dispatch_address_allowed(&config, (struct sockaddr *) &four);
	inet_pton(AF_INET6, text, &six.sin6_addr);
	return dispatch_address_allowed(&config, (struct sockaddr *) &six);
}

static void
test_addresses(void)
{
	static const char *const refused[] = {"127.0.0.1",
										  "10.1.2.3",
										  "172.31.255.255",
										  "192.168.0.1",
										  "169.254.169.254",
										  "100.64.0.1",
										  "0.0.0.0",
										  "224.0.0.1",
										  "255.255.255.255",
										  "::1",
										  "::",
										  "fe80::1",
										  "fd00::1",
										  "ff02::1",
										  "::ffff:127.0.0.1",
										  "::ffff:10.0.0.1",
										  "64:ff9b::7f00:1",
										  "2002:7f00:1::",
										  "::7f00:1"};
	static const char *const open[] = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111",
									   "::ffff:8.8.8.8"};
	int wrong = 0;

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		wrong += allowed("", refused[i]);
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		wrong += !allowed("", open[i]);
	unit_ok(wrong == 0, "public addresses and no others");
	unit_ok(allowed("10.0.0.0/8", "10.9.9.9") && !allowed("10.0.0.0/8", "192.168.0.1") &&
				!allowed("10.0.0.0/9", "10.200.0.1") && allowed("127.0.0.1", "::ffff:127.0.0.1"),
			"what is allowed, to the bit");
}

static void
test_signatures(void)
{
	char signature[64];

	/* the example of Standard Webhooks 1.0.0; Python's hmac gives the same */
	unit_ok(dispatch_sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
						  1614265330, "{\"test\": 2432232314}", signature, sizeof(signature)) &&
				strcmp(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=") == 0,
			"the published signature");
	unit_ok(!dispatch_sign("short", "id", 1, "", signature, sizeof(signature)) &&
				!dispatch_sign("whsec_!!!!", "id", 1, "", signature, sizeof(signature)),
			"a secret that is too short or malformed");
	unit_ok(dispatch_retry_after(" 120", 0) == 120 && dispatch_retry_after("1.5", 0) == 1.5 &&
				dispatch_retry_after("Thu, 01 Jan 1970 00:01:40 GMT", 40) == 60 &&
				dispatch_retry_after("Thu, 01 Jan 1970 00:00:10 GMT", 40) == 0 &&
				dispatch_retry_after("soon", 0) < 0 && dispatch_retry_after("-5", 0) < 0,
			"Retry-After in seconds and as a date");
}

static void
test_picture(void)
{
	const double reference[] = {0.5, 0.5, 0}, current[] = {0, 0.25, 0.75}, bad[] = {0, -1, 0},
				 none[] = {0, 0, 0};
	unsigned char *png;
	size_t size;
	png_image image = {.version = PNG_IMAGE_VERSION};

	unit_ok(dispatch_plot(reference, current, 3, &png, &size) &&
				png_image_begin_read_from_memory(&image, png, size) && image.width == 640,
			"a picture that libpng reads");
	png_image_free(&image);
	free(png);
	unit_ok(!dispatch_plot(reference, bad, 3, &png, &size) &&
				!dispatch_plot(none, none, 3, &png, &size) &&
				!dispatch_plot(none, none, 0, &png, &size),
			"nothing to draw");
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	test_config();
	test_secrets();
	test_addresses();
	test_signatures();
	test_picture();
	for (const char *const *name = (const char *const[]){"conf", "good", "open", "empty", NULL};
		 *name; name++)
		unlink(write_file(*name, "", 0600));
	rmdir(dir);
	return unit_done();
}
