/* SPDX-License-Identifier: MIT
 *
 * What a model rests on: every number with its sources, how the pool is weighed, what is weak and
 * yet moves an answer, and how answers stand without a source, a relay or an owner. docs/method.md
 * says how, docs/json.md what is written.
 */
#ifndef CASUS_SOURCES_H
#define CASUS_SOURCES_H

#include <stddef.h>
#include <stdint.h>

#include <casus/ask.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CasusSources CasusSources;

/* CasusSourcesOptions options = {0} tells all. */
typedef struct {
    CasusRunOptions
        run;    /* seed, worlds (0: 8,192), futures, threads, with_base, questions, progress,
                            stop; neither story, variant, samples nor precision */
    int no_run; /* only what is written in the model: nothing is run */
} CasusSourcesOptions;

/* `options` may be NULL. NULL when it fails. What a model was loaded with by `sets` does not count.
 * Not from two threads at once for one model. */
CASUS_API CasusSources *casus_sources(const CasusModel *model, const CasusSourcesOptions *options,
                                      CasusError **error);
CASUS_API void casus_sources_free(CasusSources *sources); /* NULL is allowed */

/* One number for all figures: the same for any threads, machine or path. */
CASUS_API uint64_t casus_sources_digest(const CasusSources *sources);
CASUS_API int casus_sources_is_partial(const CasusSources *sources);

/* All of it as text, JSON, CSV or Markdown. Free with casus_free; NULL when no memory is left. */
CASUS_API char *casus_sources_write(const CasusSources *sources, CasusFormat format,
                                    const CasusStyle *style);

#ifdef __cplusplus
}
#endif
#endif
