/*
 * address.c
 *		Kinds of addresses, after the registries of special-purpose addresses (RFC 6890).
 */
#include "address.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#define V4_BITS 96 /* an IPv4 address is ::ffff:a.b.c.d here */

typedef struct Network
{
	unsigned char bytes[16];
	int bits;
} Network;

typedef struct Special
{
	const char *network;
	const char *kind;
} Special;

static const Special specials[] = {
	{"0.0.0.0/8", "unspecified"},
	{"10.0.0.0/8", "private"},
	{"100.64.0.0/10", "shared"},
	{"127.0.0.0/8", "loopback"},
	{"169.254.0.0/16", "link-local"},
	{"172.16.0.0/12", "private"},
	{"192.0.0.0/24", "special"},
	{"192.0.2.0/24", "documentation"},
	{"192.88.99.0/24", "relay"},
	{"192.168.0.0/16", "private"},
	{"198.18.0.0/15", "benchmark"},
	{"198.51.100.0/24", "documentation"},
	{"203.0.113.0/24", "documentation"},
	{"224.0.0.0/4", "multicast"},
	{"240.0.0.0/4", "reserved"},
	{"::/128", "unspecified"},
	{"::1/128", "loopback"},
	{"::/96", "reserved"},
	{"64:ff9b:1::/48", "private"},
	{"100::/64", "discarded"},
	{"2001::/32", "tunnel"},
	{"2001:db8::/32", "documentation"},
	{"fc00::/7", "private"},
	{"fe80::/10", "link-local"},
	{"fec0::/10", "site-local"},
	{"ff00::/8", "multicast"},
};

static const unsigned char v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static void
from_v4(const void *v4, unsigned char bytes[16])
{
	memcpy(bytes, v4_prefix, 12);
	memcpy(bytes + 12, v4, 4);
}

static bool
parse_bits(const char *text, int most, int *bits)
{
	char *end;
	long number;

	if (*text < '0' || *text > '9')
		return false;
	number = strtol(text, &end, 10);
	*bits = (int) number;
	return *end == '\0' && number <= most;
}

static bool
parse_network(const char *text, Network *network)
{
	char address[INET6_ADDRSTRLEN + 1];
	size_t length = strcspn(text, "/");
	unsigned char v4[4];
	int bits;

	if (length >= sizeof(address))
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	if (inet_pton(AF_INET, address, v4) == 1)
	{
		bits = 32;
		from_v4(v4, network->bytes);
		if (text[length] && !parse_bits(text + length + 1, 32, &bits))
			return false;
		network->bits = V4_BITS + bits;
		return true;
	}
	network->bits = 128;
	return inet_pton(AF_INET6, address, network->bytes) == 1 &&
		(text[length] == '\0' || parse_bits(text + length + 1, 128, &network->bits));
}

static bool
within(const unsigned char bytes[16], const Network *network)
{
	int whole = network->bits / 8;
	int rest = network->bits % 8;

	if (memcmp(bytes, network->bytes, (size_t) whole) != 0)
		return false;
	return rest == 0 || (bytes[whole] ^ network->bytes[whole]) >> (8 - rest) == 0;
}

/* Addresses that carry an IPv4 address are judged by it. */
static void
unwrap(unsigned char bytes[16])
{
	static const unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};
	unsigned char v4[4];

	if (memcmp(bytes, nat64, 12) == 0)
		memcpy(v4, bytes + 12, 4);
	else if (bytes[0] == 0x20 && bytes[1] == 0x02)
		memcpy(v4, bytes + 2, 4);
	else
		return;
	from_v4(v4, bytes);
}

static bool
bytes_of(const struct sockaddr *address, unsigned char bytes[16])
{
	if (address->sa_family == AF_INET)
		from_v4(&((const struct sockaddr_in *) (const void *) address)->sin_addr, bytes);
	else if (address->sa_family == AF_INET6)
		memcpy(bytes, &((const struct sockaddr_in6 *) (const void *) address)->sin6_addr, 16);
	else
		return false;
	return true;
}

const char *
dispatch_address_kind(const struct sockaddr *address)
{
	unsigned char bytes[16];

	if (!bytes_of(address, bytes))
		return "local";
	unwrap(bytes);
	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++)
	{
		Network network;

		if (parse_network(specials[i].network, &network) && within(bytes, &network))
			return specials[i].kind;
	}
	return NULL;
}

bool
dispatch_address_is_loopback(const struct sockaddr *address)
{
	const char *kind = dispatch_address_kind(address);

	return kind && strcmp(kind, "loopback") == 0;
}

bool
dispatch_list_allows(const DispatchList *list, const char *host, const struct sockaddr *address)
{
	unsigned char bytes[16];
	bool known = bytes_of(address, bytes);

	for (int i = 0; i < list->n; i++)
	{
		Network network;

		if (!parse_network(list->items[i], &network))
		{
			if (host && strcasecmp(host, list->items[i]) == 0)
				return true;
		}
		else if (known && within(bytes, &network))
			return true;
	}
	return false;
}

bool
dispatch_host_entry_valid(const char *entry)
{
	Network network;
	size_t length = strlen(entry);

	if (parse_network(entry, &network))
		return true;
	/* what looks like a network but is none must not pass as a name */
	return length > 0 && length < 254 && strspn(entry, "0123456789.") < length &&
		strspn(entry, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") ==
		length;
}
