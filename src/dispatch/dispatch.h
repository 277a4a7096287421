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

#include <curl/curl.h>
#include <libpq-fe.h>

#define DISPATCH_MAX_LIST		32
#define DISPATCH_RESPONSE_KEPT	16384
#define DISPATCH_RESPONSE_LIMIT 1048576

/* Exit codes, as docs/dispatch.md lists them. */
enum
{
	DISPATCH_OK = 0,
	DISPATCH_UNDELIVERED = 1, /* --check: a channel failed */
	DISPATCH_USAGE = 2,
	DISPATCH_VERSION = 3,
	DISPATCH_CONNECTION = 4,
	DISPATCH_RIGHTS = 5
};

typedef struct DispatchConfig
{
	char *conninfo;
	char *instance;
	char *secrets_dir;
	char *ca_file;
	char *allow_address[DISPATCH_MAX_LIST]; /* CIDR, or a single address */
	int num_allowed;
	bool allow_plain_smtp;
	int poll_seconds;
	int lease_seconds;
	int max_in_flight;
	bool verbose;
} DispatchConfig;

/* config.c */
extern bool dispatch_config_read(DispatchConfig *config, const char *path, char *error,
								 size_t error_size);
extern void dispatch_config_defaults(DispatchConfig *config);
extern void dispatch_config_free(DispatchConfig *config);

/* secret.c */
extern char *dispatch_secret(const DispatchConfig *config, const char *reference, char *error,
							 size_t error_size);
extern void dispatch_forget(char *secret);
extern void dispatch_blank(char *text, const char *secret);

/* guard.c */
extern bool dispatch_address_allowed(const DispatchConfig *config, const struct sockaddr *address);
extern bool dispatch_address_known(const char *cidr);

/* sign.c */
extern bool dispatch_sign(const char *secret, const char *id, int64_t timestamp, const char *body,
						  char *signature, size_t size);
extern double dispatch_retry_after(const char *value, int64_t now);

/* One notice on its way: row is the only row of a result that holds all claimed ones. */
typedef struct Delivery
{
	const DispatchConfig *config;
	PGresult *claimed;
	int row;
	CURL *easy;
	struct curl_slist *headers;
	struct curl_slist *recipients;
	curl_mime *mime;
	char *secrets[8]; /* resolved; blanked in what is reported */
	int num_secrets;
	char *body;
	char *mail_headers;
	unsigned char *png;
	size_t png_size;
	char response[DISPATCH_RESPONSE_KEPT + 1];
	size_t response_size;
	size_t response_total;
	char curl_error[CURL_ERROR_SIZE];
	char local_error[512]; /* our own configuration is at fault */
	double retry_after;
	bool has_retry_after;
	bool address_refused;
	bool answered;	/* response headers came */
	bool smtp_data; /* the mail's end may have been sent */
} Delivery;

/* request.c */
extern bool dispatch_prepare(Delivery *d);
extern void dispatch_release(Delivery *d);
extern const char *dispatch_field(const Delivery *d, const char *column);

/* http.c and mail.c */
extern bool dispatch_prepare_http(Delivery *d);
extern bool dispatch_prepare_mail(Delivery *d);
extern bool dispatch_add_secret(Delivery *d, const char *reference, char **value);

/* plot.c */
extern bool dispatch_plot(const double *reference, const double *current, int bins,
						  unsigned char **png, size_t *size);

/* database.c */
extern PGconn *dispatch_connect(const DispatchConfig *config, int *exit_code);
extern bool dispatch_beat(PGconn *conn, const DispatchConfig *config, bool listening,
						  int *exit_code);
extern bool dispatch_tick(PGconn *conn, double *seconds);
extern PGresult *dispatch_claim(PGconn *conn, const DispatchConfig *config, int max);
extern PGresult *dispatch_claim_tests(PGconn *conn, const char *channel);
extern bool dispatch_finish(PGconn *conn, Delivery *d, CURLcode code, char *state,
							size_t state_size);
extern bool dispatch_probe(PGconn *conn, const char *nonce);

/* log.c */
extern void dispatch_log(const char *format, ...) __attribute__((format(printf, 1, 2)));
extern void dispatch_debug(const DispatchConfig *config, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* MONITOR_DISPATCH_H */
