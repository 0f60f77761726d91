/* SPDX-License-Identifier: MIT
 *
 * What can go wrong, and the strings this library hands out.
 */
#ifndef CASUS_ERROR_H
#define CASUS_ERROR_H

#if defined(__GNUC__)
#define CASUS_API __attribute__((visibility("default")))
#else
#define CASUS_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers are the exit codes of the program. */
typedef enum {
    CASUS_OK = 0,
    CASUS_CHECK_FAILED = 1,  /* a `check` of the model was false in some future */
    CASUS_USAGE = 2,         /* an argument makes no sense */
    CASUS_DISAGREE = 3,      /* sampled and exact answers contradict each other */
    CASUS_BAD_MODEL = 65,    /* the model's text is wrong: see casus_error_diagnostics */
    CASUS_NO_INPUT = 66,     /* a file cannot be read */
    CASUS_INTERNAL = 70,     /* a fault of this library, or no memory left */
    CASUS_CANNOT_WRITE = 73, /* a file cannot be written */
    CASUS_INTERRUPTED = 130  /* stopped before the end */
} CasusStatus;

/* Why a call failed. Functions take a `CasusError **error`, which may be NULL; when they fail they
 * set it to an error the caller must free, and they leave it alone when they do not. */
typedef struct CasusError CasusError;

CASUS_API CasusStatus casus_error_status(const CasusError *error); /* NULL: CASUS_OK */
CASUS_API const char *
casus_error_message(const CasusError *error);       /* one sentence, safe to print */
CASUS_API void casus_error_free(CasusError *error); /* NULL is allowed */

/* How texts are written. CasusStyle style = {0} is plain ASCII, never folded. */
typedef enum {
    CASUS_TEXT,
    CASUS_JSON,
    CASUS_CSV,
    CASUS_MARKDOWN /* of comparisons */
} CasusFormat;

typedef struct {
    int utf8;  /* dashes and blocks beyond ASCII */
    int color; /* terminal escapes */
    int width; /* columns at which prose is folded, 0: never */
    int plain; /* leave out how to read the text */
    int all;   /* replays: tell also what was chosen again without effect, each time */
} CasusStyle;

/* What is wrong in the model's text, with places, as text or JSON; NULL when the error is of
 * another kind. Free with casus_free. */
CASUS_API char *casus_error_diagnostics(const CasusError *error, CasusFormat format,
                                        const CasusStyle *style);

/* Free a string that this library returned as `char *`. NULL is allowed. */
CASUS_API void casus_free(char *text);

#ifdef __cplusplus
}
#endif
#endif
