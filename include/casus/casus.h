/* SPDX-License-Identifier: MIT
 *
 * Casus: a model file in, the odds out. Include this one header and link with `-lcasus`
 * (`pkg-config --cflags --libs casus`).
 *
 *     #include <casus/casus.h>
 *     #include <stdio.h>
 *
 *     int main(void)
 *     {
 *         CasusError *error = NULL;
 *         CasusModel *model = casus_model_load("crisis.casus", NULL, &error);
 *         CasusRunOptions options = {.seed = 42, .worlds = 10000, .futures = 16};
 *         CasusAnswer *answer = model ? casus_run(model, &options, &error) : NULL;
 *         if (!answer) {
 *             fprintf(stderr, "%s\n", casus_error_message(error));
 *             return casus_error_status(error);
 *         }
 *         for (size_t i = 0; i < casus_answer_count(answer); i++) {
 *             CasusEstimate e = casus_answer_estimate(answer, i);
 *             printf("%s: %g +- %g\n", casus_answer_name(answer, i), e.value, e.half);
 *         }
 *         casus_answer_free(answer);
 *         casus_model_free(model);
 *         return 0;
 *     }
 *
 * Models are read-only once loaded. The same model text, seed and numbers of worlds and futures
 * give the same bits on every machine, with any number of threads. Nothing here prints, touches the
 * network or changes the process, with two exceptions: a fault of the library itself, and running
 * out of memory, end the process with code 70 and a sentence on stderr.
 */
#ifndef CASUS_CASUS_H
#define CASUS_CASUS_H

#include <casus/answer.h>
#include <casus/ask.h>
#include <casus/check.h>
#include <casus/compare.h>
#include <casus/error.h>
#include <casus/info.h>
#include <casus/model.h>
#include <casus/sources.h>

#endif
