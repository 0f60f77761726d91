/* SPDX-License-Identifier: MIT
 *
 * The odds of a model from a C program: odds MODEL [WORLDS]. Build it against an installed casus with
 *
 *     cc odds.c $(pkg-config --cflags --libs casus) -o odds
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <casus/casus.h>

/* Say what is wrong, with places in the model's text when it is that. */
static int give_up(CasusError *error)
{
    char *diagnostics = casus_error_diagnostics(error, CASUS_TEXT, NULL);
    fprintf(stderr, "odds: %s\n%s", casus_error_message(error), diagnostics ? diagnostics : "");
    int code = (int)casus_error_status(error);
    casus_free(diagnostics);
    casus_error_free(error);
    return code;
}

static void print_item(const CasusAnswer *answer, size_t i)
{
    CasusEstimate e = casus_answer_estimate(answer, i);
    CasusBand band = casus_answer_band(answer, i);
    switch (casus_answer_kind(answer, i)) {
    case CASUS_FLAG:
    case CASUS_DATE:
        printf("%-20s chance %.3f +- %.3f", casus_answer_name(answer, i), e.value, e.half);
        if (band.known) {
            printf(", %.2f to %.2f over what we do not know", band.lo, band.hi);
        }
        printf("\n");
        break;
    case CASUS_NUMBER:
        printf("%-20s mean %g %s, median %g\n", casus_answer_name(answer, i), e.value,
               casus_answer_unit(answer, i), casus_answer_quantile(answer, i, 0.5).value);
        break;
    case CASUS_LEVEL:
        for (size_t level = 0; level < casus_answer_levels(answer, i); level++) {
            printf("%-20s %s %.3f\n", casus_answer_name(answer, i),
                   casus_answer_level_name(answer, i, level),
                   casus_answer_level(answer, i, level).value);
        }
        break;
    case CASUS_SERIES:
        printf("%-20s over time: see casus_answer_write\n", casus_answer_name(answer, i));
        break;
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: odds MODEL [WORLDS]\n");
        return CASUS_USAGE;
    }
    CasusError *error = NULL;
    CasusModel *model = casus_model_load(argv[1], NULL, &error);
    if (!model) {
        return give_up(error);
    }
    CasusRunOptions options = {.seed = 42};
    options.worlds = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000;
    CasusAnswer *answer = casus_run(model, &options, &error);
    if (!answer) {
        casus_model_free(model);
        return give_up(error);
    }
    printf("%s\n", casus_model_title(model));
    for (size_t i = 0; i < casus_answer_count(answer); i++) {
        print_item(answer, i);
    }
    printf("digest %016" PRIx64 "\n", casus_answer_digest(answer));
    casus_answer_free(answer);
    casus_model_free(model);
    return 0;
}
