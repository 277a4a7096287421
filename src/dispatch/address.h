/*
 * address.h
 *		Where requests may go: an address that is not public must be allowed by name.
 */
#ifndef DISPATCH_ADDRESS_H
#define DISPATCH_ADDRESS_H

#include <stdbool.h>

#include <sys/socket.h>

#include "text.h"

/* What makes an address one that no public host has ("loopback", ...); NULL: it is public. */
extern const char *dispatch_address_kind(const struct sockaddr *address);
extern bool dispatch_address_is_loopback(const struct sockaddr *address);

/* Is the host, or the address that it has now, one of the list? */
extern bool dispatch_list_allows(const DispatchList *list, const char *host,
								 const struct sockaddr *address);
/* Is this a host name, an address or a network? */
extern bool dispatch_host_entry_valid(const char *entry);

#endif /* DISPATCH_ADDRESS_H */
