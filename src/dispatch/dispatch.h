/*
 * dispatch.h
 *		monitor-dispatch: sends what the database's outbox holds.
 *
 * The database decides what is sent, when, and what an answer means; this program knows how
 * to send, and the secrets.  See docs/dispatch.md.
 */
#ifndef MONITOR_DISPATCH_H
#define MONITOR_DISPATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <curl/curl.h>
#include <libpq-fe.h>

/* Exit codes, as docs/dispatch.md lists them. */
enum
{
	DISPATCH_OK = 0,
	DISPATCH_UNDELIVERED = 1, /* --check: something failed */
	DISPATCH_USAGE = 2,
	DISPATCH_VERSION = 3,
	DISPATCH_CONNECTION = 4,
	DISPATCH_RIGHTS = 5
};

/* log.c: lines on standard error */
typedef enum DispatchLevel
{
	LEVEL_ERROR,
	LEVEL_WARNING,
	LEVEL_INFO,
	LEVEL_DEBUG
} DispatchLevel;

extern void dispatch_log_level(DispatchLevel level);
extern bool dispatch_level_named(const char *name, DispatchLevel *level);
extern void dispatch_log(DispatchLevel level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* config.c */
#define DISPATCH_MAX_LIST 32

/* Hosts by name, addresses and networks. */
typedef struct HostList
{
	int count;
	char *entries[DISPATCH_MAX_LIST];
} HostList;

/* Shared by the deliveries that were begun with it. */
typedef struct DispatchConfig
{
	int references;
	char *connection;
	char *instance;
	char *secrets_dir;
	char *ca_file;
	HostList allow_private;
	HostList allow_http;
	HostList allow_plain_smtp;
	int poll_interval;
	int lease;
	int max_in_flight;
	DispatchLevel log_level;
} DispatchConfig;

extern DispatchConfig *dispatch_config_new(void);
extern bool dispatch_config_read(DispatchConfig *config, const char *path, char *error,
								 size_t error_size);
extern bool dispatch_config_set(DispatchConfig *config, const char *name, const char *value,
								const char **wanted);
extern void dispatch_config_release(DispatchConfig *config);

/* secret.c */
extern bool dispatch_is_reference(const char *text);
extern char *dispatch_secret(const char *secrets_dir, const char *reference, char *error,
							 size_t error_size);
extern void dispatch_forget(char *secret);

/* text.c: what comes from outside, made fit for the database */
extern size_t dispatch_blank(char *text, size_t length, const char *secret);
extern void dispatch_clean_utf8(char *text, size_t length);

/* guard.c */
extern bool dispatch_address_listed(const HostList *list, const char *host,
									const struct sockaddr *address);
extern bool dispatch_address_public(const struct sockaddr *address);
extern bool dispatch_address_loopback(const struct sockaddr *address);
extern bool dispatch_host_entry_valid(const char *entry);

/* sign.c */
extern bool dispatch_sign(const char *secret, const char *id, int64_t timestamp, const char *body,
						  char *signature, size_t size);
extern double dispatch_retry_after(const char *value, int64_t now);

/* plot.c: a picture of two distributions; NULL: there is nothing to draw */
extern unsigned char *dispatch_plot(const char *title, const char *labels, const double *reference,
									const double *current, int bins, size_t *size);

/* log.c: seconds that only go forward */
extern double dispatch_now(void);

#endif /* MONITOR_DISPATCH_H */
