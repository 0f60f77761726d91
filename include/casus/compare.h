/* SPDX-License-Identifier: MIT
 *
 * Comparing the readings of a model: pool, stories, base and variants answer the same questions in
 * the same worlds; where they part and over which assumption; whether authors' words fit what their
 * own conditions give. docs/method.md says how, docs/json.md what is written.
 */
#ifndef CASUS_COMPARE_H
#define CASUS_COMPARE_H

#include <stddef.h>
#include <stdint.h>

#include <casus/ask.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CasusComparison CasusComparison;

/* CasusCompareOptions options = {0} compares all. */
typedef struct {
    CasusRunOptions run;        /* seed, worlds (0: 16,384), futures, threads, with_base, questions,
                                   progress, stop; neither story, variant, samples nor precision */
    const char *const *stories; /* only these as columns; NULL: all. The pool stays what it is */
    size_t n_stories;
    const char *const
        *variants; /* these as columns; NULL: all of a model without stories, else none */
    size_t n_variants;
    int no_cruxes; /* do not look for what they part over */
} CasusCompareOptions;

/* `options` may be NULL. NULL when it fails. A model loaded with `sets` shows each reading with
 * these settings beside itself without them. Not from two threads at once for one model. */
CASUS_API CasusComparison *casus_compare(const CasusModel *model,
                                         const CasusCompareOptions *options, CasusError **error);
CASUS_API void casus_comparison_free(CasusComparison *comparison); /* NULL is allowed */

/* One number for all figures: the same for any threads, machine or path. */
CASUS_API uint64_t casus_comparison_digest(const CasusComparison *comparison);
CASUS_API int casus_comparison_is_partial(const CasusComparison *comparison);
CASUS_API int casus_comparison_check_failed(const CasusComparison *comparison);

/* All of it as text, JSON, CSV or Markdown. Free with casus_free; NULL when no memory is left. */
CASUS_API char *casus_comparison_write(const CasusComparison *comparison, CasusFormat format,
                                       const CasusStyle *style);

#ifdef __cplusplus
}
#endif
#endif
