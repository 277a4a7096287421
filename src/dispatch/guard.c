/*
 * guard.c
 *		Which addresses may be reached: a channel must not become a way into the network
 *		that the sender stands in.  What is not public is refused unless allowed.
 */
#include "dispatch.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* All addresses are compared as IPv6; IPv4 is ::ffff:0:0/96. */
typedef struct Network
{
	struct in6_addr address;
	int bits;
} Network;

static void
map_ipv4(struct in6_addr *six, const struct in_addr *four)
{
	memset(six, 0, sizeof(*six));
	memset(&six->s6_addr[10], 0xff, 2);
	memcpy(&six->s6_addr[12], four, 4);
}

/* The number after the slash; -1: it is none. */
static int
parse_bits(const char *text, int most)
{
	char *end;
	long bits;

	if (!isdigit((unsigned char) *text))
		return -1;
	bits = strtol(text, &end, 10);
	return *end == '\0' && bits <= most ? (int) bits : -1;
}

static bool
parse_network(const char *text, Network *network)
{
	char address[INET6_ADDRSTRLEN + 1];
	const char *slash = strchr(text, '/');
	size_t length = slash ? (size_t) (slash - text) : strlen(text);
	struct in_addr four;
	int most;

	if (length >= sizeof(address))
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	if (inet_pton(AF_INET, address, &four) == 1)
	{
		map_ipv4(&network->address, &four);
		most = 32;
	}
	else if (inet_pton(AF_INET6, address, &network->address) == 1)
		most = 128;
	else
		return false;
	network->bits = slash ? parse_bits(slash + 1, most) : most;
	if (network->bits < 0)
		return false;
	network->bits += 128 - most;
	return true;
}

static bool
within(const struct in6_addr *address, const Network *network)
{
	int whole = network->bits / 8;
	int rest = network->bits % 8;

	if (memcmp(address->s6_addr, network->address.s6_addr, (size_t) whole) != 0)
		return false;
	return rest == 0 ||
		((address->s6_addr[whole] ^ network->address.s6_addr[whole]) >> (8 - rest)) == 0;
}

static bool
get_address(const struct sockaddr *address, struct in6_addr *six)
{
	if (address->sa_family == AF_INET)
		map_ipv4(six, &((const struct sockaddr_in *) address)->sin_addr);
	else if (address->sa_family == AF_INET6)
		*six = ((const struct sockaddr_in6 *) address)->sin6_addr;
	else
		return false;
	return true;
}

static bool
host_name_valid(const char *name)
{
	for (const char *at = name; *at; at++)
	{
		if (!isalnum((unsigned char) *at) && *at != '-' && *at != '.' && *at != '_')
			return false;
	}
	/* 10.0.0.999 is no address, and no name */
	return *name && strlen(name) < 254 && strspn(name, "0123456789.") != strlen(name);
}

/* Can this stand in a list of hosts: a network, an address, or a name? */
bool
dispatch_host_entry_valid(const char *entry)
{
	Network network;

	return parse_network(entry, &network) || host_name_valid(entry);
}

/* Is the host in the list, by the name it was asked for or by its address? */
bool
dispatch_address_listed(const HostList *list, const char *host, const struct sockaddr *address)
{
	struct in6_addr six;
	Network network;

	if (!get_address(address, &six))
		return false;
	for (int i = 0; i < list->count; i++)
	{
		if (parse_network(list->entries[i], &network) ? within(&six, &network)
													  : strcasecmp(list->entries[i], host) == 0)
			return true;
	}
	return false;
}

/*
 * RFC 6890, its registries, and the ways to write IPv4 within IPv6 (a gateway would take
 * those to the IPv4 address; ::ffff:0:0/96 is compared as IPv4 itself).
 */
static const char *const special[] = {"0.0.0.0/8",		"10.0.0.0/8",	  "100.64.0.0/10",
									  "127.0.0.0/8",	"169.254.0.0/16", "172.16.0.0/12",
									  "192.0.0.0/24",	"192.0.2.0/24",	  "192.88.99.0/24",
									  "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
									  "203.0.113.0/24", "224.0.0.0/4",	  "240.0.0.0/4",
									  "::/96",			"64:ff9b::/96",	  "64:ff9b:1::/48",
									  "100::/64",		"2001::/23",	  "2001:db8::/32",
									  "2002::/16",		"fc00::/7",		  "fe80::/10",
									  "fec0::/10",		"ff00::/8",		  "::ffff:0:0:0/96"};

/* false for what is not public, and for every other family */
bool
dispatch_address_public(const struct sockaddr *address)
{
	struct in6_addr six;
	Network network;

	if (!get_address(address, &six))
		return false;
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
	{
		if (!parse_network(special[i], &network) || within(&six, &network))
			return false;
	}
	return true;
}

bool
dispatch_address_loopback(const struct sockaddr *address)
{
	static const char *const loopback[] = {"127.0.0.0/8", "::1"};
	struct in6_addr six;
	Network network;

	for (int i = 0; i < 2; i++)
	{
		if (get_address(address, &six) && parse_network(loopback[i], &network) &&
			within(&six, &network))
			return true;
	}
	return false;
}
