// SPDX-License-Identifier: MIT
//
// Two of our three kinds of wrong. The world failed (a file, the disk): a Status is returned, and
// an optional Error says it in a sentence; TRY() passes it up. We are wrong: ASSERT. The third
// kind, a wrong model text, is a Diag (see base/diag.h).
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef enum {
#define STATUS(name, code, text) ST_##name,
#include "base/errors.def"
#undef STATUS
    ST_COUNT
} Status;

typedef struct {
    Status status;
    char message[512]; // one sentence, may hold text of the user's: print it through buf_add_safe
    bool placed;       // it is about a place in the model's text, bytes lo to hi of a source:
    int32_t file, lo, hi;
} Error;

// Fill *error (NULL is allowed) and return status: `return error_set(e, ST_NO_INPUT, "...")`.
__attribute__((format(printf, 3, 4))) Status error_set(Error *error, Status status,
                                                       const char *format, ...);
int status_exit_code(Status status);
const char *status_text(Status status);

#define TRY(expr)                                                                                  \
    do {                                                                                           \
        Status try_ = (expr);                                                                      \
        if (try_ != ST_OK) {                                                                       \
            return try_;                                                                           \
        }                                                                                          \
    } while (0)

// Always on: an impossible state must never become a number in an answer.
#define ASSERT(cond) ((cond) ? (void)0 : assert_failed(#cond, __FILE__, __LINE__))
__attribute__((noreturn)) void assert_failed(const char *cond, const char *file, int line);

// What to do when memory runs out; the default prints a sentence and exits with 70.
__attribute__((noreturn)) void base_on_oom(void);
