/*
 * test_dispatch_sign.c
 *		Signatures of Standard Webhooks, and Retry-After.
 */
#include <string.h>

#include "dispatch.h"
#include "unit.h"

#define ID	 "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define BODY "{\"test\": 2432232314}"

static void
test_signature(void)
{
	char signature[64];

	/* the vector that the standard's own libraries are tested with */
	unit_ok(dispatch_sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", ID, 1614265330, BODY, signature,
						  sizeof(signature)) &&
				strcmp(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=") == 0,
			"the published vector (got %s)", signature);
	/* hmac.new(b"0123456789abcdefghijklmn", b"id.1.{}", "sha256") */
	unit_ok(dispatch_sign("0123456789abcdefghijklmn", "id", 1, "{}", signature,
						  sizeof(signature)) &&
				strcmp(signature, "v1,ZIsS/ocAZ0jgKJyWjEwOupJeDePiZx1pRa0KY63Z3xg=") == 0,
			"a secret that is not base64 counts as it is (got %s)", signature);
	unit_ok(!dispatch_sign("0123456789abcdefghijklm", "id", 1, "{}", signature, sizeof(signature)),
			"23 bytes are too few");
	unit_ok(!dispatch_sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa", "id", 1, "{}", signature,
						   sizeof(signature)),
			"and so they are in base64");
	unit_ok(!dispatch_sign("whsec_MfKQ9r8GKYqrTwjUPD8*LPZIo2LaLaSw", "id", 1, "{}", signature,
						   sizeof(signature)),
			"what is not base64 is refused");
	unit_ok(!dispatch_sign("whsec_", "id", 1, "{}", signature, sizeof(signature)), "no secret");
	unit_ok(!dispatch_sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "id", 1, "{}", signature, 20),
			"no room for the signature");
}

static void
test_patience(void)
{
	static const struct
	{
		const char *value;
		double seconds;
	} cases[] = {
		{"120", 120},
		{" 0", 0},
		{"1.5", 1.5},
		{"7 \r\n", 7},
		{"-1", -1},
		{"", -1},
		{"soon", -1},
		{"nan", -1},
		{"inf", -1},
		{"1e300", -1},
		{"12x", -1},
		{"Fri, 13 Feb 2009 23:32:00 GMT", 30},
		{" Fri, 13 Feb 2009 23:32:00 GMT\r\n", 30},
		{"Friday, 13-Feb-09 23:32:00 GMT", 30},
		{"Fri Feb 13 23:32:00 2009", 30},
		{"Fri, 13 Feb 2009 23:00:00 GMT", 0},
		{"Fri, 13 Feb 4018 23:31:30 GMT", -1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		double got = dispatch_retry_after(cases[i].value, 1234567890);

		unit_ok(got == cases[i].seconds || (got < 0 && cases[i].seconds < 0),
				"Retry-After, case %d (got %g)", (int) i, got);
	}
}

int
main(void)
{
	test_signature();
	test_patience();
	return unit_done();
}
