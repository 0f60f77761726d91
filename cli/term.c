// SPDX-License-Identifier: MIT
//
// What of the outside world the commands see.
#include "term.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

enum { PROSE_WIDTH = 100, LEAST_WIDTH = 40 };

void term_prepare(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            // Opened so that what was closed cannot be used: reading for outputs, writing for
            // input.
            int got = open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
            if (got != fd && got >= 0) {
                close(got);
            }
        }
    }
    signal(SIGPIPE, SIG_DFL);
}

// ---- Style ------------------------------------------------------------------------------------

static const char *env(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

// The characters a reader's terminal knows, as the locale's variables have it.
static bool is_utf8(void)
{
    const char *locale = *env("LC_ALL")     ? env("LC_ALL")
                         : *env("LC_CTYPE") ? env("LC_CTYPE")
                                            : env("LANG");
    Str all = str_of(locale);
    for (size_t i = 0; i + 4 <= all.n; i++) {
        Str rest = str_sub(all, i, all.n);
        if (str_eq_nocase(str_sub(rest, 0, 5), STR("utf-8")) ||
            str_eq_nocase(str_sub(rest, 0, 4), STR("utf8"))) {
            return true;
        }
    }
    return false;
}

static bool is_smart_terminal(int fd)
{
    return isatty(fd) && strcmp(env("TERM"), "dumb") != 0;
}

static size_t columns_of(int fd)
{
    struct winsize size;
    if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return 80;
}

static CasusStyle style_for(const Args *args, int fd, bool to_file)
{
    const OptionValue *color = &args->values[OPT_COLOR];
    bool terminal = !to_file && isatty(fd);
    bool inked = terminal && is_smart_terminal(fd) && !*env("NO_COLOR");
    if (color->given) {
        inked = strcmp(color->text, "always") == 0 || (strcmp(color->text, "auto") == 0 && inked);
    }
    size_t columns = terminal ? columns_of(fd) : 0;
    columns = columns > PROSE_WIDTH ? PROSE_WIDTH : columns;
    columns = terminal && columns < LEAST_WIDTH ? LEAST_WIDTH : columns;
    return (CasusStyle){.utf8 = is_utf8(),
                        .color = inked,
                        .width = (int)columns,
                        .plain = args->values[OPT_QUIET].given};
}

CasusStyle term_style(const Args *args)
{
    return style_for(args, STDOUT_FILENO, args->values[OPT_OUTPUT].given);
}

CasusStyle term_style_err(const Args *args)
{
    return style_for(args, STDERR_FILENO, false);
}

// ---- Output -----------------------------------------------------------------------------------

static int write_to(const char *path, Str text)
{
    Error error;
    Status status = file_write(path, text, &error);
    if (status != ST_OK) {
        term_say("%s", error.message);
    }
    return status_exit_code(status);
}

int term_stdout(Str text)
{
    return write_to("-", text);
}

int term_output(const Args *args, const char *text)
{
    const OptionValue *output = &args->values[OPT_OUTPUT];
    return write_to(output->given ? output->text : "-", str_of(text));
}

void term_err(const char *text)
{
    fputs(text, stderr); // when this fails there is nobody left to tell
}

void term_say(const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    Arena *arena = arena_new(0);
    Buf line = {.arena = arena};
    buf_add(&line, STR("casus: "));
    buf_add_safe(&line, str_of(text), false);
    buf_char(&line, '\n');
    term_err(buf_str(&line).p);
    arena_free(arena);
}

int term_fail(const Args *args, CasusError *error)
{
    const OptionValue *form = &args->values[OPT_DIAGNOSTICS];
    bool json = form->given && strcmp(form->text, "json") == 0;
    CasusStyle style = term_style_err(args);
    char *diagnostics = casus_error_diagnostics(error, json ? CASUS_JSON : CASUS_TEXT, &style);
    if (diagnostics && *diagnostics) {
        term_err(diagnostics);
    } else {
        term_say("%s", casus_error_message(error));
    }
    casus_free(diagnostics);
    int code = (int)casus_error_status(error);
    casus_error_free(error);
    return code;
}

// ---- Ctrl-C, SIGTERM --------------------------------------------------------------------------

// The only mutable globals: a signal handler has no other way to speak.
static volatile int interrupted;
static struct timespec interrupted_at;

// SIGTERM asks for the same as Ctrl-C: end, and tell what there is.
// Tools such as timeout(1) send the same signal twice in one go, to us and to our group: that is
// one wish, and the second one must be a moment later to count.
static void on_interrupt(int signal_number)
{
    (void)signal_number;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!interrupted) {
        interrupted_at = now;
        interrupted = 1;
        return;
    }
    int64_t seconds = now.tv_sec - interrupted_at.tv_sec;
    if (seconds * 1000000000 + now.tv_nsec - interrupted_at.tv_nsec > 250000000) {
        _exit(CASUS_INTERRUPTED);
    }
}

const volatile int *term_catch_interrupt(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_interrupt;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return &interrupted;
}

// ---- Progress ---------------------------------------------------------------------------------

enum { BAR_WIDTH = 10 };

Meter meter_start(const Args *args)
{
    bool terminal = is_smart_terminal(STDERR_FILENO);
    bool wanted = !args->values[OPT_QUIET].given && (terminal || args->values[OPT_VERBOSE].given);
    return (Meter){.active = wanted,
                   .is_terminal = terminal,
                   .start = clock_seconds(),
                   .width = terminal ? columns_of(STDERR_FILENO) - 1 : 10000};
}

static void add_short(Buf *buf, double n)
{
    if (n >= 1e9) {
        buf_addf(buf, "%.1f G", n / 1e9);
    } else if (n >= 1e6) {
        buf_addf(buf, "%.1f M", n / 1e6);
    } else if (n >= 1e3) {
        buf_addf(buf, "%.0f k", n / 1e3);
    } else {
        buf_addf(buf, "%.0f", n);
    }
}

// Of what is done in parts, and of what changes its pace, the rate says nothing.
static void add_rate(Buf *buf, const CasusProgress *progress)
{
    if (!*progress->part && progress->seconds > 0) {
        buf_add(buf, STR(", "));
        add_short(buf, (double)(progress->done - progress->resumed) / progress->seconds);
        buf_add(buf, STR("/s"));
    }
}

// "41 % ####......  430 k of 1.0 M futures, 128 k/s, 0:07 left  troops_in 20.7 % +-0.3"
// "question 3 of 8: 41 % ####......  150 of 366 steps, 0:07 left  14 k states"
static void add_progress(Buf *buf, const CasusProgress *progress)
{
    double share = progress->wanted ? (double)progress->done / (double)progress->wanted : 0;
    size_t bar = (size_t)(share * BAR_WIDTH);
    if (*progress->part) {
        buf_addf(buf, "%s: %d %% ", progress->part, (int)(share * 100));
    } else {
        buf_addf(buf, "%3d %% ", (int)(share * 100));
    }
    buf_pad(buf, '#', bar);
    buf_pad(buf, '.', BAR_WIDTH - bar);
    buf_add(buf, STR("  "));
    add_short(buf, (double)progress->done);
    buf_add(buf, STR(" of "));
    add_short(buf, (double)progress->wanted);
    buf_addf(buf, " %s", progress->what);
    add_rate(buf, progress);
    if (progress->left >= 0) {
        int seconds = progress->left < 360000 ? (int)(progress->left + 0.5) : 360000;
        buf_addf(buf, ", %d:%02d left", seconds / 60, seconds % 60);
    }
    if (*progress->answers) {
        buf_addf(buf, "  %s", progress->answers);
    }
}

// As much of the text as fits a line, whole characters only.
static Str cut_to(Str text, size_t width)
{
    while (str_display_width(text) > width) {
        do {
            text.n--;
        } while (text.n && ((unsigned char)text.p[text.n] & 0xc0) == 0x80);
    }
    return text;
}

void meter_show(void *ctx, const CasusProgress *progress)
{
    Meter *meter = ctx;
    double pause = meter->is_terminal ? 0.09 : 10;
    double first = meter->is_terminal ? 1 : 10;
    double now = clock_seconds() - meter->start;
    if (!meter->active || now < first || now < meter->last + pause) {
        return;
    }
    meter->last = now;
    Arena *arena = arena_new(0);
    Buf line = {.arena = arena};
    add_progress(&line, progress);
    Str text = cut_to(buf_str(&line), meter->width);
    if (meter->is_terminal) {
        fprintf(stderr, "\r%.*s\x1b[K", STR_ARG(text));
        fflush(stderr);
        meter->shown = true;
    } else {
        fprintf(stderr, "%.*s\n", STR_ARG(text));
    }
    arena_free(arena);
}

void meter_end(Meter *meter)
{
    if (meter->shown) {
        fputs("\r\x1b[K", stderr);
        fflush(stderr);
        meter->shown = false;
    }
}
