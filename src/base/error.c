// SPDX-License-Identifier: MIT
//
// Failures of the world as a Status and a sentence; our own faults and the end of memory end the
// process with the exit code of INTERNAL, so that they never become a number in an answer.
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/c_locale.h"

Status error_set(Error *error, Status status, const char *format, ...)
{
    if (!error) {
        return status;
    }
    error->status = status;
    va_list args;
    va_start(args, format);
    CLocale in = c_locale_enter();
    int n = vsnprintf(error->message, sizeof error->message, format, args);
    c_locale_leave(in);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof error->message) {
        memcpy(error->message + sizeof error->message - 4, "...", 4);
    }
    return status;
}

int status_exit_code(Status status)
{
    static const int codes[ST_COUNT] = {
#define STATUS(name, code, text) [ST_##name] = (code),
#include "base/errors.def"
#undef STATUS
    };
    ASSERT((unsigned)status < ST_COUNT);
    return codes[status];
}

const char *status_text(Status status)
{
    static const char *const texts[ST_COUNT] = {
#define STATUS(name, code, text) [ST_##name] = (text),
#include "base/errors.def"
#undef STATUS
    };
    ASSERT((unsigned)status < ST_COUNT);
    return texts[status];
}

// Leave at once: buffers hold half an output, and other threads may be anywhere.
__attribute__((noreturn)) static void leave(void)
{
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
    abort(); // a fuzzer only keeps the input of a crash
#else
    _exit(70); // ST_INTERNAL, without asking the table: it asserts
#endif
}

void assert_failed(const char *cond, const char *file, int line)
{
    fprintf(stderr, "casus: a fault of the program itself: %s does not hold (%s:%d)\n", cond, file,
            line);
    leave();
}

void base_on_oom(void)
{
    static const char text[] = "casus: no memory left\n";
    ssize_t n = write(STDERR_FILENO, text, sizeof text - 1);
    (void)n; // nowhere else to say it
    leave();
}
