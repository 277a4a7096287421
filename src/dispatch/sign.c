/*
 * sign.c
 *		Signatures of Standard Webhooks 1.0.0 (v1: HMAC-SHA256 over id.timestamp.body), and
 *		the header by which a server asks for patience.
 */
#include "dispatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

/* The bytes of a secret: base64 after whsec_, else as it is; 0: too short (24) or malformed. */
static size_t
key_of(const char *secret, unsigned char *key, size_t size)
{
	size_t length;
	int decoded;

	if (strncmp(secret, "whsec_", 6) != 0)
	{
		length = strlen(secret);
		if (length < 24 || length > size)
			return 0;
		memcpy(key, secret, length);
		return length;
	}
	secret += 6;
	length = strlen(secret);
	if (length == 0 || length % 4 != 0 || length / 4 * 3 > size)
		return 0;
	decoded = EVP_DecodeBlock(key, (const unsigned char *) secret, (int) length);
	if (decoded < 0)
		return 0;
	/* the decoder counts padding as bytes */
	for (size_t i = length; i > 0 && secret[i - 1] == '='; i--)
		decoded--;
	return decoded < 24 ? 0 : (size_t) decoded;
}

/* "v1,<base64>"; false: the secret is no good */
bool
dispatch_sign(const char *secret, const char *id, int64_t timestamp, const char *body,
			  char *signature, size_t size)
{
	unsigned char key[512], digest[EVP_MAX_MD_SIZE];
	size_t key_size = key_of(secret, key, sizeof(key));
	size_t length = strlen(id) + strlen(body) + 32;
	char *content = malloc(length);
	unsigned int digest_size = 0;
	bool good = key_size > 0 && content != NULL && size >= 3 + 45;

	if (good)
	{
		snprintf(content, length, "%s.%lld.%s", id, (long long) timestamp, body);
		good = HMAC(EVP_sha256(), key, (int) key_size, (const unsigned char *) content,
					strlen(content), digest, &digest_size) != NULL;
	}
	if (good)
	{
		memcpy(signature, "v1,", 3);
		EVP_EncodeBlock((unsigned char *) signature + 3, digest, (int) digest_size);
	}
	OPENSSL_cleanse(key, sizeof(key));
	free(content);
	return good;
}

/*
 * Seconds from now that Retry-After means, as a number or a date; negative: it means nothing,
 * or decades.
 */
double
dispatch_retry_after(const char *value, int64_t now)
{
	char *end;
	double seconds = strtod(value, &end);

	while (*end == ' ' || *end == '\r' || *end == '\n')
		end++;
	if (end == value || *end != '\0')
	{
		time_t at = curl_getdate(value, NULL);

		seconds = at == (time_t) -1 ? -1 : at > now ? (double) (at - now) : 0;
	}
	return seconds >= 0 && seconds < 1e9 ? seconds : -1;
}
