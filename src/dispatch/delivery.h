/*
 * delivery.h
 *		A notice on its way: what the database claimed, the transfer, and what came of it.
 */
#ifndef MONITOR_DELIVERY_H
#define MONITOR_DELIVERY_H

#include "dispatch.h"
#include "mime.h"

#define DISPATCH_RESPONSE_KEPT	16384
#define DISPATCH_RESPONSE_LIMIT 1048576
/* signing secrets, a bearer token, name and password, what follows from them */
#define DISPATCH_MAX_SECRETS	16

/* Columns of monitor.claimed_delivery; lists come as one line for each element. */
typedef enum NoticeField
{
	NOTICE_ID,
	NOTICE_UID,
	NOTICE_TOKEN,
	NOTICE_ATTEMPT,
	NOTICE_KIND,
	NOTICE_CHANNEL,
	NOTICE_CHANNEL_KIND,
	NOTICE_URL,
	NOTICE_SECRET,
	NOTICE_BEARER,
	NOTICE_USERNAME,
	NOTICE_PASSWORD,
	NOTICE_CONTENT_TYPE,
	NOTICE_BODY,
	NOTICE_MAIL_FROM,
	NOTICE_MAIL_TO,
	NOTICE_SUBJECT,
	NOTICE_TEXT_BODY,
	NOTICE_HTML_BODY,
	NOTICE_MESSAGE_ID,
	NOTICE_IN_REPLY_TO,
	NOTICE_LIST_ID,
	NOTICE_STARTTLS,
	NOTICE_PLOT_TITLE,
	NOTICE_PLOT_LABELS,
	NOTICE_PLOT_REFERENCE,
	NOTICE_PLOT_CURRENT,
	NOTICE_TIMEOUT,
	NOTICE_FIELDS
} NoticeField;

typedef struct Delivery
{
	struct Delivery *next;
	DispatchConfig *config;
	char *fields[NOTICE_FIELDS]; /* NULL where the database has NULL */
	int64_t attempted_at;		 /* unix time */
	CURL *easy;
	struct curl_slist *headers;
	struct curl_slist *recipients;
	char *secrets[DISPATCH_MAX_SECRETS]; /* blanked in what is reported */
	int num_secrets;
	bool is_mail;
	bool is_plain; /* nothing is encrypted: http, smtp without STARTTLS */
	char *host;

	/* what is sent: an HTTP body, or a message */
	char *body;
	size_t body_size;
	size_t body_offset;
	bool body_ended;

	/* what came of it */
	CURLcode code;
	bool not_begun;		  /* our own configuration is at fault: local_error says how */
	bool address_refused; /* so it is if no other address answered */
	char local_error[512];
	char curl_error[CURL_ERROR_SIZE];
	char response[DISPATCH_RESPONSE_KEPT + 1];
	size_t response_size;
	size_t response_total;
	double headers_ended_at; /* of the final answer; 0: not yet */
	double retry_after;		 /* negative: the answer asked for no patience */
	int refused_recipients;
	char refusal[200]; /* what the first of them was answered with */
	int report_failures;
} Delivery;

/* notice.c */
extern const char *dispatch_notice_columns(void);
extern Delivery *dispatch_delivery_new(DispatchConfig *config, const PGresult *result, int row);
extern void dispatch_delivery_free(Delivery *d);
extern const char *dispatch_field(const Delivery *d, NoticeField field);
extern bool dispatch_add_secret(Delivery *d, const char *reference, const char **value);
extern bool dispatch_refuse(Delivery *d, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* transfer.c */
extern bool dispatch_prepare(Delivery *d);
extern bool dispatch_set_url(Delivery *d, const char *schemes);
extern bool dispatch_request_sent(const Delivery *d);

/* http.c and mail.c */
extern bool dispatch_prepare_http(Delivery *d);
extern bool dispatch_prepare_mail(Delivery *d);
extern void dispatch_note_smtp_line(Delivery *d, const char *line, size_t length);

/* outcome.c: the facts of an attempt, as the database is told */
typedef struct Outcome
{
	long http_status; /* 0: none */
	long smtp_code;	  /* 0: none */
	int curl_code;	  /* -1: our own configuration */
	bool request_sent;
	const char *error; /* NULL: none */
	char text[800];
} Outcome;

extern void dispatch_outcome(Delivery *d, Outcome *outcome);

#endif /* MONITOR_DELIVERY_H */
