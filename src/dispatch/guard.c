/*
 * guard.c
 *		Which addresses may be reached: a channel must not become a way into the network
 *		that the dispatcher stands in.  What is not public is refused unless allowed.
 */
#include "dispatch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* All addresses are compared as IPv6; IPv4 is ::ffff:0:0/96. */
typedef struct Network
{
	struct in6_addr address;
	int bits;
} Network;

static bool
parse_network(const char *text, Network *network)
{
	char address[INET6_ADDRSTRLEN + 1];
	const char *slash = strchr(text, '/');
	size_t length = slash ? (size_t) (slash - text) : strlen(text);
	struct in_addr four;
	char *end = NULL;
	long bits = -1;

	if (length >= sizeof(address))
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	if (slash)
		bits = strtol(slash + 1, &end, 10);
	if (slash && (slash[1] == '\0' || *end != '\0' || bits < 0))
		return false;
	if (inet_pton(AF_INET, address, &four) == 1)
	{
		memset(&network->address, 0, sizeof(network->address));
		memset(&network->address.s6_addr[10], 0xff, 2);
		memcpy(&network->address.s6_addr[12], &four, 4);
		network->bits = bits < 0 ? 128 : (int) bits + 96;
	}
	else if (inet_pton(AF_INET6, address, &network->address) == 1)
		network->bits = bits < 0 ? 128 : (int) bits;
	else
		return false;
	return network->bits <= 128;
}

bool
dispatch_address_known(const char *cidr)
{
	Network network;

	return parse_network(cidr, &network);
}

static bool
within(const struct in6_addr *address, const char *cidr)
{
	Network network;
	int whole, rest;

	if (!parse_network(cidr, &network))
		return false;
	whole = network.bits / 8;
	rest = network.bits % 8;
	if (memcmp(address->s6_addr, network.address.s6_addr, whole) != 0)
		return false;
	return rest == 0 ||
		((address->s6_addr[whole] ^ network.address.s6_addr[whole]) >> (8 - rest)) == 0;
}

/* RFC 6890 and its registry, and the ways to write IPv4 within IPv6 */
static const char *const special[] = {"0.0.0.0/8",		"10.0.0.0/8",	  "100.64.0.0/10",
									  "127.0.0.0/8",	"169.254.0.0/16", "172.16.0.0/12",
									  "192.0.0.0/24",	"192.0.2.0/24",	  "192.88.99.0/24",
									  "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
									  "203.0.113.0/24", "224.0.0.0/4",	  "240.0.0.0/4",
									  "::/96",			"64:ff9b::/96",	  "64:ff9b:1::/48",
									  "100::/64",		"2001::/23",	  "2001:db8::/32",
									  "2002::/16",		"fc00::/7",		  "fe80::/10",
									  "fec0::/10",		"ff00::/8"};

/* false for every other family */
bool
dispatch_address_allowed(const DispatchConfig *config, const struct sockaddr *address)
{
	struct in6_addr six = {0};

	if (address->sa_family == AF_INET)
	{
		memset(&six.s6_addr[10], 0xff, 2);
		memcpy(&six.s6_addr[12], &((const struct sockaddr_in *) address)->sin_addr, 4);
	}
	else if (address->sa_family == AF_INET6)
		six = ((const struct sockaddr_in6 *) address)->sin6_addr;
	else
		return false;
	for (int i = 0; i < config->num_allowed; i++)
		if (within(&six, config->allow_address[i]))
			return true;
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (within(&six, special[i]))
			return false;
	return true;
}
