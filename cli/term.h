// SPDX-License-Identifier: MIT
//
// The terminal and the outside: how to write for whoever reads, where output goes, progress,
// Ctrl-C.
#pragma once
#include <casus/casus.h>

#include "args.h"

// Before anything else: file numbers 0 to 2 exist (a closed output must fail, not become a model's
// file), and a reader that goes away ends us quietly.
void term_prepare(void);

// How to write what goes to standard output (or to --output), and to standard error.
CasusStyle term_style(const Args *args);
CasusStyle term_style_err(const Args *args);

// Data goes to --output or to standard output, whole. Returns an exit code: 0, or 73 after saying
// so.
int term_output(const Args *args, const char *text);
int term_stdout(Str text);

// One sentence on standard error, made safe, after "casus: ".
__attribute__((format(printf, 1, 2))) void term_say(const char *format, ...);
// Text that is safe already, as it is.
void term_err(const char *text);

// Say what went wrong: its diagnostics, or its sentence. Frees the error; returns its exit code.
int term_fail(const Args *args, CasusError *error);

// From here on the first Ctrl-C (or SIGTERM) sets the flag that is returned, the second ends the
// process.
const volatile int *term_catch_interrupt(void);

// Progress on standard error: on a terminal one line rewritten after the first second, elsewhere a
// line every ten seconds when it was asked for.
typedef struct {
    bool active, is_terminal, shown;
    double start, last; // of the work; when a line was last written, since then
    size_t width;
} Meter;
Meter meter_start(const Args *args);
void meter_show(void *meter, const CasusProgress *progress); // as CasusRunOptions.progress
void meter_end(Meter *meter);                                // clears the line
