/*
 * log.h
 *		One line an event on standard error; never a secret.
 */
#ifndef DISPATCH_LOG_H
#define DISPATCH_LOG_H

typedef enum DispatchLevel
{
	DISPATCH_ERROR,
	DISPATCH_WARNING,
	DISPATCH_INFO,
	DISPATCH_DEBUG
} DispatchLevel;

extern void dispatch_log_level(DispatchLevel most);
extern void dispatch_log(DispatchLevel level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* DISPATCH_LOG_H */
