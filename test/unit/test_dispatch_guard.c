/*
 * test_dispatch_guard.c
 *		Which addresses may be reached.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include "dispatch.h"
#include "unit.h"

typedef union Address
{
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
	struct sockaddr_un local;
} Address;

static Address
address_of(const char *text)
{
	Address address;

	memset(&address, 0, sizeof(address));
	if (inet_pton(AF_INET, text, &address.four.sin_addr) == 1)
		address.four.sin_family = AF_INET;
	else
	{
		memset(&address, 0, sizeof(address));
		unit_ok(inet_pton(AF_INET6, text, &address.six.sin6_addr) == 1, "%s is an address", text);
		address.six.sin6_family = AF_INET6;
	}
	return address;
}

static const char *const public[] = {
	"1.1.1.1",		   "9.255.255.255",		   "11.0.0.0",		 "100.63.255.255",
	"100.128.0.0",	   "126.255.255.255",	   "128.0.0.1",		 "169.253.255.255",
	"169.255.0.0",	   "172.15.255.255",	   "172.32.0.0",	 "192.167.255.255",
	"192.169.0.0",	   "198.17.255.255",	   "198.20.0.0",	 "223.255.255.255",
	"2606:4700::1111", "2a00:1450:4001::200e", "::ffff:1.1.1.1",
};

static const char *const special[] = {
	"0.0.0.0",
	"0.1.2.3",
	"10.0.0.0",
	"10.255.255.255",
	"100.64.0.0",
	"100.127.255.255",
	"127.0.0.1",
	"127.255.255.255",
	"169.254.169.254",
	"172.16.0.0",
	"172.31.255.255",
	"192.0.0.1",
	"192.0.2.1",
	"192.168.0.1",
	"198.18.0.1",
	"198.19.255.255",
	"224.0.0.1",
	"239.255.255.255",
	"240.0.0.1",
	"255.255.255.255",
	"::",
	"::1",
	"::127.0.0.1",
	"::ffff:127.0.0.1",
	"::ffff:10.1.2.3",
	"::ffff:169.254.169.254",
	"64:ff9b::a00:1",
	"2002:7f00:1::",
	"2001::1",
	"2001:db8::1",
	"fc00::1",
	"fd00:ec2::254",
	"fe80::1",
	"febf::1",
	"fec0::1",
	"ff02::1",
};

static void
test_public(void)
{
	Address local = {.local = {.sun_family = AF_UNIX}};
	Address address;

	for (size_t i = 0; i < sizeof(public) / sizeof(public[0]); i++)
	{
		address = address_of(public[i]);
		unit_ok(dispatch_address_public(&address.any), "%s is public", public[i]);
	}
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
	{
		address = address_of(special[i]);
		unit_ok(!dispatch_address_public(&address.any), "%s is not public", special[i]);
	}
	unit_ok(!dispatch_address_public(&local.any), "a local socket is not public");
}

static void
test_loopback(void)
{
	static const char *const texts[] = {"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1",
										"10.0.0.1",	 "::2",		  "::"};

	for (int i = 0; i < 7; i++)
	{
		Address address = address_of(texts[i]);

		unit_ok(dispatch_address_loopback(&address.any) == (i < 4), "%s %s loopback", texts[i],
				i < 4 ? "is" : "is not");
	}
}

static void
test_listed(void)
{
	HostList list = {.count = 5,
					 .entries = {"10.1.0.0/16", "192.168.7.7", "mail.internal", "fd00::/8",
								 "172.16.0.0/13"}};
	static const struct
	{
		const char *host;
		const char *address;
		bool listed;
	} cases[] = {
		{"x", "10.1.0.0", true},
		{"x", "10.1.255.255", true},
		{"x", "10.2.0.0", false},
		{"x", "::ffff:10.1.2.3", true},
		{"x", "192.168.7.7", true},
		{"x", "192.168.7.8", false},
		{"mail.internal", "192.168.9.9", true},
		{"MAIL.Internal", "192.168.9.9", true},
		{"mail.internal.evil", "192.168.9.9", false},
		{"x", "fd12::1", true},
		{"x", "fc12::1", false},
		{"x", "172.23.255.255", true},
		{"x", "172.24.0.0", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		Address address = address_of(cases[i].address);

		unit_ok(dispatch_address_listed(&list, cases[i].host, &address.any) == cases[i].listed,
				"%s at %s %s listed", cases[i].host, cases[i].address,
				cases[i].listed ? "is" : "is not");
	}
}

static void
test_entries(void)
{
	static const char *const good[] = {"10.0.0.0/8", "::1", "::/0", "0.0.0.0/0", "mail", "a.b-c_d"};
	static const char *const bad[] =
		{"",	   "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x",
		 "::/129", "10.0.0",	  "1.2.3.999", "a b",		  "http://a",
		 "a/8",	   "user@host",	  "fd00::/8/8"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		unit_ok(dispatch_host_entry_valid(good[i]), "\"%s\" can stand in a list", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		unit_ok(!dispatch_host_entry_valid(bad[i]), "\"%s\" cannot", bad[i]);
}

int
main(void)
{
	test_public();
	test_loopback();
	test_listed();
	test_entries();
	return unit_done();
}
