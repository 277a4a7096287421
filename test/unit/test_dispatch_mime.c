/*
 * test_dispatch_mime.c
 *		Messages: headers that cannot be broken out of, and bodies; the picture is one.
 */
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "dispatch.h"
#include "mime.h"
#include "unit.h"

static void
header_is(const char *value, const char *want, const char *name)
{
	Buffer out = {0};

	dispatch_header(&out, "Subject", value);
	if (!unit_ok(out.text && strcmp(out.text, want) == 0, "%s", name))
		printf("# got %s\n", out.text);
	free(out.text);
}

static void
address_is(const char *value, const char *want, const char *name)
{
	Buffer out = {0};

	dispatch_address_header(&out, "To", value);
	if (!unit_ok(out.text && strcmp(out.text, want) == 0, "%s", name))
		printf("# got %s\n", out.text);
	free(out.text);
}

/* No line is longer than RFC 5322 likes, and each but the first goes on with the header. */
static void
test_long_headers(void)
{
	static const char *const values[] = {
		"Ä äö äöü äöüß äöüßÄ äöüßÄÖ äöüßÄÖÜ äöüß äöüßÄ äöüßÄÖ äöüßÄÖÜ äöüß äöüßÄ äöüßÄÖ äöüßÄÖÜ",
		"€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€",
		"one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
		"sixteen seventeen eighteen nineteen twenty",
	};

	for (int i = 0; i < 3; i++)
	{
		Buffer out = {0};
		size_t longest = 0;
		bool folded = true;

		dispatch_header(&out, "Subject", values[i]);
		for (const char *line = out.text; *line; line += strcspn(line, "\n") + 1)
		{
			size_t length = strcspn(line, "\r");

			longest = length > longest ? length : longest;
			folded = folded && (line == out.text || *line == ' ');
		}
		unit_ok(longest <= 78 && folded, "header %d: lines of at most 78 (longest %d)", i,
				(int) longest);
		free(out.text);
	}
}

static void
test_headers(void)
{
	header_is("drift of income", "Subject: drift of income\r\n", "plain text stays");
	header_is("a\r\nBcc: all@example.org",
			  "Subject: =?UTF-8?B?YSAgQmNjOiBhbGxAZXhhbXBsZS5vcmc=?=\r\n",
			  "a line break begins no header");
	header_is("a\nb", "Subject: =?UTF-8?B?YSBi?=\r\n", "nor does a line feed");
	header_is("é", "Subject: =?UTF-8?B?w6k=?=\r\n", "what is not ASCII is encoded");
	header_is("=?UTF-8?B?YQ==?=", "Subject: =?UTF-8?B?PT9VVEYtOD9CP1lRPT0/PQ==?=\r\n",
			  "what looks encoded is encoded");
	address_is("a@example.org\nb@example.org", "To: a@example.org,\r\n b@example.org\r\n",
			   "addresses");
	address_is("\"Doe, J\" <j@example.org>", "To: =?UTF-8?B?RG9lLCBK?=\r\n <j@example.org>\r\n",
			   "an address with a name");
	test_long_headers();
}

static void
test_addresses(void)
{
	static const char *const bad[] = {"",		 "a",		  "a b@c",	  "a@b>",		 "<a@b",
									  "a@b,c@d", "x <a@b> y", "a@b\r\nX", "<a@b> SIZE=1"};
	char bare[320];

	unit_ok(dispatch_bare_address("a@b", bare, sizeof(bare)) && strcmp(bare, "a@b") == 0, "a@b");
	unit_ok(dispatch_bare_address("A B <a@b>", bare, sizeof(bare)) && strcmp(bare, "a@b") == 0,
			"A B <a@b>");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		unit_ok(!dispatch_bare_address(bad[i], bare, sizeof(bare)), "bad address %d", (int) i);
}

static void
test_quoted_printable(void)
{
	Buffer out = {0};
	size_t longest = 0;

	dispatch_quoted_printable(&out, "a=b é \n.dot\nend ");
	unit_ok(strcmp(out.text, "a=3Db =C3=A9=20\r\n=2Edot\r\nend=20\r\n") == 0,
			"quoted-printable: %s", out.text);
	out.size = 0;
	dispatch_quoted_printable(&out, "ééééééééééééééééééééééééééééééééééééééééééééééééééééééééé");
	for (const char *line = out.text; *line; line += strcspn(line, "\n") + 1)
		longest = strcspn(line, "\r") > longest ? strcspn(line, "\r") : longest;
	unit_ok(longest <= 76, "lines of at most 76 (longest %d)", (int) longest);
	free(out.text);
}

static int
count(const char *text, const char *word)
{
	int n = 0;

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		n++;
	return n;
}

static void
test_mail(void)
{
	Buffer out = {0};
	Mail mail = {.from = "Monitor <monitor@example.org>",
				 .to = "a@example.org",
				 .subject = "x\r\nX-Evil: 1",
				 .date = "Fri, 13 Feb 2009 23:31:30 +0000",
				 .message_id = "<1@x>",
				 .in_reply_to = "<0@x>\r\nX-Evil: 2",
				 .text = "text\n--a=_b--\n",
				 .html = "<p>html</p>",
				 .png = (const unsigned char *) "picture",
				 .png_size = 7,
				 .boundary = "b"};

	dispatch_mail(&out, &mail);
	unit_ok(count(out.text, "\nX-Evil") == 0, "no header but ours");
	unit_ok(count(out.text, "\nAuto-Submitted: auto-generated\r\n") == 1, "nobody is to answer");
	unit_ok(count(out.text, "\n--a=_b--\r\n") == 1 && count(out.text, "\n--r=_b--\r\n") == 1,
			"a body does not end its part");
	unit_ok(strstr(out.text, "text/plain") < strstr(out.text, "text/html") &&
				strstr(out.text, "text/html") < strstr(out.text, "image/png"),
			"text, HTML, picture");
	unit_ok(count(out.text, "\n") == count(out.text, "\r\n"), "lines end with CR LF");
	unit_ok(strstr(out.text, "cGljdHVyZQ==") != NULL, "the picture is in base64");
	free(out.text);
	out = (Buffer){0};
	mail.png_size = 0;
	dispatch_mail(&out, &mail);
	unit_ok(strstr(out.text, "multipart/related") == NULL, "without a picture, nothing is related");
	free(out.text);
}

static void
test_plot(void)
{
	double reference[] = {0.1, 0.4, 0.5};
	double current[] = {0.3, 0.3, 0.4};
	double none[] = {0, 0, 0};
	double bad[] = {0.1, NAN, -1};
	png_image image = {.version = PNG_IMAGE_VERSION};
	size_t size;
	unsigned char *png =
		dispatch_plot("income é \n", "low\nmiddle\nhigh é", reference, current, 3, &size);
	unsigned char *pixels;

	unit_ok(png && png_image_begin_read_from_memory(&image, png, size), "a PNG");
	image.format = PNG_FORMAT_RGB;
	pixels = malloc(PNG_IMAGE_SIZE(image));
	unit_ok(png_image_finish_read(&image, NULL, pixels, 0, NULL) && image.width > 100 &&
				image.height > 100,
			"that can be read");
	free(pixels);
	free(png);
	unit_ok(dispatch_plot("", "", none, none, 3, &size) == NULL && size == 0, "nothing to draw");
	unit_ok(dispatch_plot("", "", reference, bad, 3, &size) == NULL, "no numbers, no picture");
}

static void
test_many_bins(void)
{
	double shares[200];
	size_t size;
	unsigned char *png;

	for (int i = 0; i < 200; i++)
		shares[i] = 1e5;
	png =
		dispatch_plot("a very long title, longer than there is room for in a picture such as this "
					  "one, and longer",
					  "a\n\n\nb\n", shares, shares, 200, &size);
	unit_ok(png != NULL, "two hundred bins, a long title, too few labels");
	free(png);
	png = dispatch_plot("", "one\ntwo\nthree", shares, shares, 1, &size);
	unit_ok(png != NULL, "one bin, too many labels");
	free(png);
}

int
main(void)
{
	test_headers();
	test_addresses();
	test_quoted_printable();
	test_mail();
	test_plot();
	test_many_bins();
	return unit_done();
}
