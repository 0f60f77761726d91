/* SPDX-License-Identifier: MIT
 *
 * Answers: plain data, free of the model they came from. Items are numbered as the questions were
 * asked, 0 .. casus_answer_count - 1. Numbers stand in the question's unit (casus_answer_unit),
 * dates in days since 1970-01-01, chances from 0 to 1. NaN means: not known.
 */
#ifndef CASUS_ANSWER_H
#define CASUS_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include <casus/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CasusAnswer CasusAnswer;

typedef enum {
    CASUS_FLAG,   /* estimate: the chance of yes */
    CASUS_NUMBER, /* estimate: the mean; quantiles */
    CASUS_DATE,   /* estimate: the chance that it happens; quantiles of when, where it does */
    CASUS_LEVEL,  /* shares of a ladder's rungs or a set's members: casus_answer_level */
    CASUS_SERIES  /* over time: casus_answer_write has the points */
} CasusKind;

/* A number and its simulation error: half the width of a 95 % interval, and that interval. It
 * shrinks with more futures. */
typedef struct {
    double value, half, lo, hi;
} CasusEstimate;

/* How far the value differs between worlds (8 of 10 of them lie within): what is unknown in the
 * model. It does not shrink with more futures. */
typedef struct {
    int known;
    double lo, hi, sd;
} CasusBand;

CASUS_API void casus_answer_free(CasusAnswer *answer); /* NULL is allowed */

CASUS_API size_t casus_answer_count(const CasusAnswer *answer);
CASUS_API ptrdiff_t casus_answer_find(const CasusAnswer *answer, const char *question); /* or -1 */
CASUS_API const char *casus_answer_name(const CasusAnswer *answer, size_t item);
CASUS_API const char *casus_answer_question(const CasusAnswer *answer, size_t item); /* its text */
CASUS_API const char *casus_answer_unit(const CasusAnswer *answer, size_t item);
CASUS_API CasusKind casus_answer_kind(const CasusAnswer *answer, size_t item);
CASUS_API CasusEstimate casus_answer_estimate(const CasusAnswer *answer, size_t item);
CASUS_API CasusBand casus_answer_band(const CasusAnswer *answer, size_t item);

/* The q-quantile of a number or date, of those kept (0.05, 0.25, 0.5, 0.75, 0.95); NaN for
 * others. */
CASUS_API CasusEstimate casus_answer_quantile(const CasusAnswer *answer, size_t item, double q);

/* Rungs or members of a CASUS_LEVEL, lowest first. */
CASUS_API size_t casus_answer_levels(const CasusAnswer *answer, size_t item);
CASUS_API const char *casus_answer_level_name(const CasusAnswer *answer, size_t item, size_t level);
CASUS_API CasusEstimate casus_answer_level(const CasusAnswer *answer, size_t item, size_t level);

/* Share of futures the answer rests on (1 unless conditional), and their number. */
CASUS_API CasusEstimate casus_answer_defined(const CasusAnswer *answer, size_t item);
CASUS_API uint64_t casus_answer_futures(const CasusAnswer *answer, size_t item);
/* Why there is no answer, or an empty text. */
CASUS_API const char *casus_answer_why_not(const CasusAnswer *answer, size_t item);

/* One number for all estimates: the same for any threads, machine or path. */
CASUS_API uint64_t casus_answer_digest(const CasusAnswer *answer);
CASUS_API int casus_answer_is_partial(const CasusAnswer *answer);   /* stopped before the end */
CASUS_API int casus_answer_check_failed(const CasusAnswer *answer); /* a `check` was false */

/* The whole answer for a reader or a program. Free with casus_free; NULL when no memory is left. */
CASUS_API char *casus_answer_write(const CasusAnswer *answer, CasusFormat format,
                                   const CasusStyle *style);

#ifdef __cplusplus
}
#endif
#endif
