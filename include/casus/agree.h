/* SPDX-License-Identifier: MIT
 *
 * Sampled answers held against exact ones: do the two ways of answering agree about this model?
 * docs/method.md says how it is judged, docs/json.md what is written.
 */
#ifndef CASUS_AGREE_H
#define CASUS_AGREE_H

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

/* `options` may be NULL. NULL when it fails: CASUS_USAGE when no question has an exact answer, with the
 * reason. That they do not agree is no failure. */
CASUS_API CasusAgreement *casus_agree(const CasusModel *model, const CasusAgreeOptions *options,
                                      CasusError **error);
CASUS_API void casus_agreement_free(CasusAgreement *agreement); /* NULL is allowed */

/* 0: some value differs by more than chance explains. Where both ways are right, that is so for at most
 * one seed in 10,000. */
CASUS_API int casus_agreement_holds(const CasusAgreement *agreement);
CASUS_API int casus_agreement_is_partial(const CasusAgreement *agreement);

/* All of it as text or JSON. Free with casus_free; NULL when no memory is left, or for another format. */
CASUS_API char *casus_agreement_write(const CasusAgreement *agreement, CasusFormat format,
                                      const CasusStyle *style);

#ifdef __cplusplus
}
#endif
#endif
