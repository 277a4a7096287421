/*
 * clock.h
 *		The time that checks go by.
 */
#ifndef MONITOR_CLOCK_H
#define MONITOR_CLOCK_H

/* Defines the setting monitor.mock_now. */
extern void monitor_define_clock(void);

#endif /* MONITOR_CLOCK_H */
