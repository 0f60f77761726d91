/* SPDX-License-Identifier: MIT
 *
 * Models: read, checked, frozen. A CasusModel may be used by several threads at once; answers do
 * not borrow from it.
 */
#ifndef CASUS_MODEL_H
#define CASUS_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include <casus/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CasusModel CasusModel;

/* CasusLoadOptions options = {0} is a good start. */
typedef struct {
    const char *const *sets; /* overrides as in `casus run --set`: "fear = 2" */
    size_t n_sets;
    int lint; /* also warn of what makes a bad model */
} CasusLoadOptions;

/* Read a model and the files it uses; `path` "-" is standard input; `options` may be NULL. Returns
 * NULL when that fails: CASUS_NO_INPUT, or CASUS_BAD_MODEL with diagnostics in the error. */
CASUS_API CasusModel *casus_model_load(const char *path, const CasusLoadOptions *options,
                                       CasusError **error);

/* The same from memory. `name` stands for the file's name in messages; `text` need not end in a NUL
 * and may be freed afterwards. */
CASUS_API CasusModel *casus_model_load_text(const char *name, const char *text, size_t length,
                                            const CasusLoadOptions *options, CasusError **error);

CASUS_API void casus_model_free(CasusModel *model); /* NULL is allowed */

CASUS_API const char *casus_model_title(const CasusModel *model);
CASUS_API uint64_t casus_model_hash(const CasusModel *model); /* of its meaning, not its layout */

/* Warnings, or an empty text: what a good model would not have. Free with casus_free. */
CASUS_API char *casus_model_diagnostics(const CasusModel *model, CasusFormat format,
                                        const CasusStyle *style);
CASUS_API size_t casus_model_warnings(const CasusModel *model); /* how many */

/* A model's text in canonical layout: comments stay, the meaning is the same, formatting it again
 * changes nothing. NULL with CASUS_BAD_MODEL when it has errors of grammar. Free with casus_free.
 * */
CASUS_API char *casus_format_text(const char *name, const char *text, size_t length,
                                  CasusError **error);

/* The model told in plain English: who, what is unknown, what can happen, who decides what knowing
 * what, what is asked. Free with casus_free. */
CASUS_API char *casus_model_tell(const CasusModel *model, const CasusStyle *style);

/* What influences what, in the DOT language of Graphviz. Free with casus_free. */
CASUS_API char *casus_model_dot(const CasusModel *model);

/* Names of the questions, stories and variants: 0 .. count - 1; NULL beyond. */
CASUS_API size_t casus_model_questions(const CasusModel *model);
CASUS_API const char *casus_model_question(const CasusModel *model, size_t index);
CASUS_API size_t casus_model_stories(const CasusModel *model);
CASUS_API const char *casus_model_story(const CasusModel *model, size_t index);
CASUS_API size_t casus_model_variants(const CasusModel *model);
CASUS_API const char *casus_model_variant(const CasusModel *model, size_t index);

#ifdef __cplusplus
}
#endif
#endif
