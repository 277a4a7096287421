/*
 * lanes.h
 *		Two numbers at a time: every compiler turns that into good code for every
 *		machine.  Private to the statistics library.
 *
 * The operations that compilers take apart are written as SSE2's where there is
 * SSE2; MONITOR_NO_SSE2 is for tests, which want the portable ones too.
 */
#ifndef MONITOR_LANES_H
#define MONITOR_LANES_H

#include "sample.h"

#define LANES 2

typedef double Doubles __attribute__((vector_size(LANES * sizeof(double))));
typedef int64_t Integers __attribute__((vector_size(LANES * sizeof(int64_t))));
typedef uint64_t Words __attribute__((vector_size(LANES * sizeof(uint64_t))));

#if defined(__SSE2__) && !defined(MONITOR_NO_SSE2)
#include <emmintrin.h>

/* All bits of a lane are set where it holds. */
#define LESS(a, b)	((Integers) _mm_cmplt_pd(a, b))
#define EQUAL(a, b) ((Integers) _mm_cmpeq_pd(a, b))

/* a < b ? a : b and a > b ? a : b: b where a is NaN */
#define LESSER(a, b)  ((Doubles) _mm_min_pd(a, b))
#define GREATER(a, b) ((Doubles) _mm_max_pd(a, b))

/* The product of the lower halves of each word. */
#define MULTIPLY_HALVES(a, b) ((Words) _mm_mul_epu32((__m128i) (a), (__m128i) (b)))

/* All bits of a lane are set where its highest is. */
#define SIGN(a) \
	((Words) _mm_srai_epi32(_mm_shuffle_epi32((__m128i) (a), _MM_SHUFFLE(3, 3, 1, 1)), 31))

#else

#define CHOOSE(mask, a, b) ((Doubles) (((mask) & (Integers) (a)) | (~(mask) & (Integers) (b))))

#define LESS(a, b)			  ((Integers) ((a) < (b)))
#define EQUAL(a, b)			  ((Integers) ((a) == (b)))
#define LESSER(a, b)		  CHOOSE(LESS(a, b), a, b)
#define GREATER(a, b)		  CHOOSE(LESS(b, a), a, b)
#define MULTIPLY_HALVES(a, b) (((a) &UINT32_MAX) * ((b) &UINT32_MAX))
#define SIGN(a)				  ((Words) ((Integers) (a) >> 63))

#endif

/* monitor_key_from_double, twice. */
static inline Words
key_lanes(Doubles x)
{
	Words u = (Words) (x + (Doubles){0, 0});

	return u ^ (SIGN(u) | (Words){UINT64_C(1) << 63, UINT64_C(1) << 63});
}

#endif /* MONITOR_LANES_H */
