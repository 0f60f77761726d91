/* SPDX-License-Identifier: MIT
 *
 * Asking a model: run it over many futures, or tell one of them again.
 */
#ifndef CASUS_ASK_H
#define CASUS_ASK_H

#include <stddef.h>
#include <stdint.h>

#include <casus/answer.h>
#include <casus/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the work is getting on; called about ten times a second, always from the thread that called
 * us. `answers` is what is known of the first questions so far: "troops_in 20.7 % +-0.3". What has
 * several parts that cannot be foreseen (casus_exact) counts anew in each. Texts are good until the
 * callback returns. */
typedef struct {
    uint64_t done, wanted; /* of what `what` says */
    double seconds;        /* since the start */
    uint64_t resumed;      /* of `done`, those that the checkpoint held */
    const char *answers;   /* one line */
    const char *what;      /* "futures", "steps", "worlds" */
    const char *part;      /* that is counted: "question 3 of 8"; "" all of it */
    double left;           /* seconds, a guess; below 0: too early for one */
} CasusProgress;

/* CasusRunOptions options = {0} is the default run. */
typedef struct {
    uint64_t seed;                /* 0 is a seed like any other */
    uint64_t worlds, futures;     /* 0: 65,536 worlds of 16 futures; below 2^32 */
    int threads;                  /* 0: all processors; results do not depend on it */
    const char *story;            /* tell this story only; NULL: the pool of all that have weight */
    const char *variant;          /* run this variant instead */
    int with_base;                /* the base joins the pool */
    const char *const *questions; /* answer only these; NULL: all */
    size_t n_questions;
    double precision;    /* > 0: stop when every chance is known this well (0.001: 0.1 %) */
    const char *samples; /* write a CSV file of one row a future, or NULL */
    /* A file to save the run in, or NULL: at least every ten seconds, when it is stopped, and at
     * its end. When it is there the run goes on from it, to the same bits, with any number of
     * threads. CASUS_USAGE when it belongs to another run, CASUS_NO_INPUT when it is damaged or no
     * plain file. Not with samples; casus_run alone knows it. */
    const char *checkpoint;
    int no_movers; /* do not look for what moves the answers */
    void (*progress)(void *context, const CasusProgress *progress); /* or NULL */
    void *context;
    const CasusStyle *style;  /* for CasusProgress.answers; NULL: ASCII */
    const volatile int *stop; /* when this becomes non-zero the run ends with what it has */
} CasusRunOptions;

/* Answer the questions of a model. `options` may be NULL. NULL when it fails. Of a model loaded
 * with `sets` every story, the base and each variant are told with these laid over them. */
CASUS_API CasusAnswer *casus_run(const CasusModel *model, const CasusRunOptions *options,
                                 CasusError **error);

/* Answer the questions without drawing, where what they rest on takes finitely many states. Of the
 * options story, variant, with_base, questions, progress and stop count; and worlds and seed, for
 * params that can be any number: their answers are averaged over so many quasi-random worlds (0:
 * there is none then). At most `megabytes` of memory (0: 2,048). Stopped, the questions that are
 * done have answers, no other has. A question that is not finite has no answer and says why; NULL
 * when none has, or when it fails. */
CASUS_API CasusAnswer *casus_exact(const CasusModel *model, const CasusRunOptions *options,
                                   uint64_t megabytes, CasusError **error);

/* Whether casus_exact would answer every question, as far as can be told without doing it: sets
 * *why to an empty text, or to a sentence about the first that it would not. Free it with
 * casus_free. */
CASUS_API CasusStatus casus_exact_applies(const CasusModel *model, const CasusRunOptions *options,
                                          char **why, CasusError **error);

/* What a run would take: bytes of memory, and seconds as a rough guess from a short trial. */
typedef struct {
    double bytes, seconds;
    uint64_t futures;
    int32_t steps;
    int threads;
} CasusCost;
CASUS_API CasusStatus casus_run_cost(const CasusModel *model, const CasusRunOptions *options,
                                     CasusCost *cost, CasusError **error);

/* The column code that the story or variant of the options (the base, when they name none) becomes,
 * one instruction a line: for those who work on the engine. Not a stable format. `options` may be
 * NULL. Free with casus_free; NULL when it fails. */
CASUS_API char *casus_model_program(const CasusModel *model, const CasusRunOptions *options,
                                    CasusError **error);

/* One future of a run, told as a dated story. Only seed, story, variant, with_base and worlds of
 * the options matter. Free the text with casus_free; NULL when it fails. */
CASUS_API char *casus_replay(const CasusModel *model, const CasusRunOptions *options,
                             uint64_t world, uint64_t future, CasusFormat format,
                             const CasusStyle *style, CasusError **error);

#ifdef __cplusplus
}
#endif
#endif
