/*
 * fuzz_dispatch.c
 *		What monitor-dispatch reads and writes that others have written: its configuration,
 *		secrets, answers, Retry-After; headers and bodies of mail, decoded again.
 *
 * The first byte says which; the rest is its input.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "delivery.h"
#include "mime.h"

#define LONGEST_INPUT 20000

/* Ends the program, with a trace. */
static void
require(bool condition)
{
	if (!condition)
		abort();
}

static char own_directory[] = "/tmp/monitor-fuzz-XXXXXX";

static void
remove_directory(void)
{
	char path[100];

	snprintf(path, sizeof(path), "%s/it", own_directory);
	unlink(path);
	rmdir(own_directory);
}

/* A directory of our own; its one file is written anew for each input. */
static const char *
directory(void)
{
	static bool made = false;

	if (!made)
		require(mkdtemp(own_directory) != NULL && atexit(remove_directory) == 0);
	made = true;
	return own_directory;
}

static const char *
file_of(const char *text, size_t length)
{
	static char path[100];
	int file;

	snprintf(path, sizeof(path), "%s/it", directory());
	file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	require(file >= 0 && write(file, text, length) == (ssize_t) length && close(file) == 0);
	return path;
}

static bool
has_control(const char *text)
{
	for (; *text; text++)
	{
		if ((unsigned char) *text < ' ' || *text == 0x7f)
			return true;
	}
	return false;
}

static void
check_hosts(const HostList *list)
{
	require(list->count >= 0 && list->count <= DISPATCH_MAX_LIST);
	for (int i = 0; i < list->count; i++)
		require(dispatch_host_entry_valid(list->entries[i]) && !has_control(list->entries[i]));
}

static void
fuzz_config(const char *text, size_t length)
{
	DispatchConfig *config = dispatch_config_new();
	char error[300] = "";

	if (dispatch_config_read(config, file_of(text, length), error, sizeof(error)))
	{
		require(config->lease >= 3 && config->lease <= 3600);
		require(config->poll_interval >= 1 && config->poll_interval <= 3600);
		require(config->max_in_flight >= 1 && config->max_in_flight <= 1000);
		require(config->secrets_dir == NULL || *config->secrets_dir == '/');
		require(config->ca_file == NULL || *config->ca_file == '/');
		check_hosts(&config->allow_private);
		check_hosts(&config->allow_http);
		check_hosts(&config->allow_plain_smtp);
	}
	else
		require(*error);
	dispatch_config_release(config);
}

/* The file, less the line breaks at its end, or an error. */
static void
fuzz_secret(const char *text, size_t length)
{
	char error[300] = "";
	char *secret;

	file_of(text, length);
	secret = dispatch_secret(directory(), "file:it", error, sizeof(error));
	while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
		length--;
	if (secret)
		require(strlen(secret) == length && memcmp(secret, text, length) == 0);
	else
		require(*error && (length == 0 || length > 8000 || memchr(text, '\0', length)));
	dispatch_forget(secret);
}

/* What is told of an answer that is nothing but the secret. */
static void
check_blanked(Delivery *d, const char *secret)
{
	Outcome outcome;
	int length = snprintf(d->response, sizeof(d->response), "<%s>", secret);

	d->response_size = d->response_total = (size_t) length;
	dispatch_outcome(d, &outcome);
	require(strpbrk(secret, "<>*") || strcmp(d->response, "<***>") == 0);
}

/* A secret, a NUL, and an answer that may hold it: what is told of it is text, without it. */
static void
fuzz_outcome(const char *text, size_t length)
{
	const char *nul = memchr(text, '\0', length);
	size_t known = nul ? (size_t) (nul - text) : 0;
	size_t rest = nul ? length - known - 1 : 0;
	Delivery *d = calloc(1, sizeof(*d));
	Outcome outcome;
	char *clean;

	if (nul && known > 3 && rest <= DISPATCH_RESPONSE_KEPT)
	{
		d->secrets[0] = strdup(text);
		d->num_secrets = 1;
		d->response_size = d->response_total = rest;
		memcpy(d->response, nul + 1, rest);
		dispatch_outcome(d, &outcome);
		clean = strdup(d->response);
		dispatch_clean_utf8(clean, strlen(clean));
		require(strcmp(clean, d->response) == 0);
		free(clean);
		/* stars may make one anew where it is of stars */
		require(strstr(d->response, text) == NULL || strchr(text, '*'));
		if (known < DISPATCH_RESPONSE_KEPT / 2)
			check_blanked(d, text);
	}
	dispatch_delivery_free(d);
}

static void
fuzz_retry_after(const char *text)
{
	double seconds = dispatch_retry_after(text, 1000000000);

	require(seconds == -1 || (seconds >= 0 && seconds < 1e9));
}

/* The text of encoded words; the blanks between them are none of it. */
static char *
decode_words(const char *header)
{
	char *text = calloc(1, strlen(header) + 1);
	size_t used = 0;

	for (const char *at = header; *at;)
	{
		size_t length;

		require(strncmp(at, "=?UTF-8?B?", 10) == 0);
		at += 10;
		length = strcspn(at, "?");
		require(length % 4 == 0 && at[length] == '?' && at[length + 1] == '=');
		if (length > 0)
		{
			int n = EVP_DecodeBlock((unsigned char *) text + used, (const unsigned char *) at,
									(int) length);

			require(n >= 0);
			used += (size_t) n - (at[length - 1] == '=') - (at[length - 2] == '=');
		}
		at += length + 2;
		at += strspn(at, "\r\n ");
	}
	text[used] = '\0';
	return text;
}

/* Lines of at most so many characters, of ASCII; a line goes on only where it is folded. */
static void
check_lines(const char *text, size_t longest, bool folded)
{
	for (const char *line = text; *line;)
	{
		size_t length = strcspn(line, "\r\n");

		require(line[length] == '\r' && line[length + 1] == '\n');
		require(length <= longest);
		for (size_t i = 0; i < length; i++)
			require(line[i] == '\t' || (line[i] >= ' ' && line[i] <= '~'));
		require(!folded || line == text || (*line == ' ' && strspn(line, " ") < length));
		line += length + 2;
	}
}

static void
fuzz_header(char *text, size_t length)
{
	Buffer out = {0};
	char *value;
	bool foldable;

	dispatch_clean_utf8(text, length);
	/* a fold needs a blank that is followed by something, and is not worth it for a few bytes */
	foldable = strstr(text, "  ") == NULL && (*text == '\0' || text[strlen(text) - 1] != ' ');
	for (const char *word = text; *word; word += strspn(word, " "))
	{
		foldable = foldable && strcspn(word, " ") < 60;
		word += strcspn(word, " ");
	}
	dispatch_header(&out, "Subject", text);
	require(!out.failed && strncmp(out.text, "Subject: ", 9) == 0);
	check_lines(out.text, foldable ? 78 : LONGEST_INPUT + 100, *text && text[strspn(text, " ")]);
	if (strncmp(out.text + 9, "=?", 2) == 0 || strncmp(out.text + 9, "\r\n =?", 5) == 0)
	{
		char *decoded;

		value = strdup(out.text + 9 + strspn(out.text + 9, "\r\n "));
		value[strlen(value) - 2] = '\0';
		decoded = decode_words(value);
		for (char *at = text; *at; at++)
			*at = (unsigned char) *at < ' ' || *at == 0x7f ? ' ' : *at;
		require(strcmp(decoded, text) == 0);
		free(decoded);
		free(value);
	}
	else
	{
		/* plain: unfolded, it is the text */
		value = calloc(1, out.size + 1);
		for (size_t i = 9, n = 0; i < out.size; i++)
			if (out.text[i] != '\r' && out.text[i] != '\n')
				value[n++] = out.text[i];
		require(strcmp(value, text) == 0);
		free(value);
	}
	free(out.text);
}

static int
hex(char c)
{
	return c >= 'A' ? c - 'A' + 10 : c - '0';
}

static void
fuzz_body(const char *text)
{
	Buffer out = {0};
	char *want = calloc(1, strlen(text) + 2);
	char *got;
	size_t n = 0;

	for (const char *at = text; *at; at++)
		if (!(at[0] == '\r' && at[1] == '\n'))
			want[n++] = *at;
	want[n++] = '\n';
	dispatch_quoted_printable(&out, text);
	check_lines(out.text, 76, false);
	got = calloc(1, out.size + 1);
	n = 0;
	for (const char *at = out.text; *at; at++)
	{
		/* nobody takes it for the end of the message or of a part */
		require(!(*at == '.' && (at == out.text || at[-1] == '\n')));
		if (at[0] == '=' && at[1] == '\r')
			at += 2;
		else if (at[0] == '=')
		{
			got[n++] = (char) (hex(at[1]) * 16 + hex(at[2]));
			at += 2;
		}
		else if (*at != '\r')
			got[n++] = *at;
	}
	require(strcmp(got, want) == 0);
	free(got);
	free(want);
	free(out.text);
}

static void
fuzz_address(const char *text)
{
	char bare[320];
	Buffer out = {0};

	if (dispatch_bare_address(text, bare, sizeof(bare)))
		require(strchr(bare, '@') && !has_control(bare) && strpbrk(bare, " <>,;\"") == NULL);
	dispatch_address_header(&out, "To", text);
	require(!out.failed);
	/* each line is an address or goes on with one */
	for (const char *line = out.text; *line; line += strcspn(line, "\n") + 1)
		require(line == out.text || *line == ' ');
	free(out.text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	char *text;

	if (length < 1 || length > LONGEST_INPUT)
		return 0;
	length--;
	text = malloc(length + 1);
	memcpy(text, data + 1, length);
	text[length] = '\0';
	switch (*data % 7)
	{
		case 0:
			fuzz_config(text, length);
			break;
		case 1:
			fuzz_secret(text, length);
			break;
		case 2:
			fuzz_outcome(text, length);
			break;
		case 3:
			fuzz_retry_after(text);
			break;
		case 4:
			fuzz_header(text, length);
			break;
		case 5:
			fuzz_body(text);
			break;
		case 6:
			fuzz_address(text);
			break;
	}
	free(text);
	return 0;
}
