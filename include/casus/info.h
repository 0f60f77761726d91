/* SPDX-License-Identifier: MIT
 *
 * The library about itself.
 */
#ifndef CASUS_INFO_H
#define CASUS_INFO_H

#include <stddef.h>

#include <casus/error.h>

#ifdef __cplusplus
extern "C" {
#endif

CASUS_API const char *casus_version(void); /* "0.1.0" */

/* Facts of the build, one a line: compiler, instruction sets built and found, processors.
 * Free with casus_free, as the texts below. */
CASUS_API char *casus_build_facts(void);

/* What a diagnostic means, with an example: "C0312". NULL when there is no such code. */
CASUS_API char *casus_explain(const char *code);

/* The codes of all diagnostics with their titles, one a line. */
CASUS_API char *casus_diagnostic_codes(void);

/* Commented models of some 40 lines to start from, by name: 0 .. count - 1, NULL beyond. The text
 * is good for ever: do not free it. */
CASUS_API size_t casus_templates(void);
CASUS_API const char *casus_template_name(size_t index);
CASUS_API const char *casus_template_text(size_t index);

/* The parts of the library that models use by name (`use attrition`), one a line with what each
 * holds. casus_library_part: the text of one, good for ever; NULL when there is none of that name.
 * */
CASUS_API char *casus_library(void);
CASUS_API const char *casus_library_part(const char *name);

/* Every limit of depth and size, one a line. */
CASUS_API char *casus_limits(void);

/* The words of the language that a model can give to nothing of its own, in lines of 72 columns at
 * most. */
CASUS_API char *casus_reserved_words(void);

#ifdef __cplusplus
}
#endif
#endif
