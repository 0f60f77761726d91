/* SPDX-License-Identifier: MIT
 *
 * What may be asked of a model beside its answers: do sampled and exact answers agree; which
 * answers hang on the order of its blocks; what of it is never reached. docs/method.md says how it
 * is judged, docs/json.md what is written.
 */
#ifndef CASUS_CHECK_H
#define CASUS_CHECK_H

#include <stdint.h>

#include <casus/ask.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CasusAgreement CasusAgreement;

/* CasusAgreeOptions options = {0} compares every question that can be. */
typedef struct {
    CasusRunOptions run; /* seed, worlds (0: 65,536), futures (0: 1), threads, story, variant,
                            with_base, questions, progress, stop */
    uint64_t megabytes;  /* of memory for the exact answers, at most; 0: 2,048 */
} CasusAgreeOptions;

/* `options` may be NULL. NULL when it fails: CASUS_USAGE when no question has an exact answer, with
 * the reason. That they do not agree is no failure. */
CASUS_API CasusAgreement *casus_agree(const CasusModel *model, const CasusAgreeOptions *options,
                                      CasusError **error);
CASUS_API void casus_agreement_free(CasusAgreement *agreement); /* NULL is allowed */

/* 0: some value differs by more than chance explains. Where both ways are right, that is so for at
 * most one seed in 10,000. */
CASUS_API int casus_agreement_holds(const CasusAgreement *agreement);
CASUS_API int casus_agreement_is_partial(const CasusAgreement *agreement);

/* All of it as text or JSON. Free with casus_free; NULL when no memory is left, or for another
 * format. */
CASUS_API char *casus_agreement_write(const CasusAgreement *agreement, CasusFormat format,
                                      const CasusStyle *style);

/* Which answers move when two blocks of a step that touch the same thing change places. Of the
 * options seed, worlds (0: 4,096), futures (0: 4), threads, story, variant (none: the base),
 * questions, progress and stop count. As text or JSON; `style->all`: every question that moves.
 * Free with casus_free; NULL when it fails. `options` and `style` may be NULL. */
CASUS_API char *casus_check_order(const CasusModel *model, const CasusRunOptions *options,
                                  CasusFormat format, const CasusStyle *style, CasusError **error);

/* What never comes to pass in any future of any reading: events, options, branches, outcomes, rungs
 * and values; and questions with one answer. Of the options seed, worlds (0: 8,192 a reading),
 * futures (0: 4), threads, story, variant, with_base, progress and stop count. As
 * casus_check_order. */
CASUS_API char *casus_check_reach(const CasusModel *model, const CasusRunOptions *options,
                                  CasusFormat format, const CasusStyle *style, CasusError **error);

#ifdef __cplusplus
}
#endif
#endif
