// SPDX-License-Identifier: MIT
//
// Diagnostics as text and as JSON; see show_diag.h.
#include "show/show_diag.h"

#include "base/limits.h"
#include "show/json_parts.h"

enum { WIDTH_WITHOUT_TERMINAL = 240, LEAST_WINDOW = 30, TAB = 8 };

// ---- Colours ----------------------------------------------------------------------------------

static void ink(Buf *buf, const ShowStyle *style, const char *escape)
{
    if (style->color) {
        buf_add(buf, str_of(escape));
    }
}

static void ink_severity(Buf *buf, const ShowStyle *style, Severity severity)
{
    ink(buf, style, severity == SEVERITY_ERROR ? "\x1b[1;31m" : "\x1b[1;33m");
}

static void ink_frame(Buf *buf, const ShowStyle *style)
{
    ink(buf, style, "\x1b[1;34m");
}

// ---- Lines ------------------------------------------------------------------------------------

// Without its line end, CRLF included.
static Str line_text(const SourceText *source, int32_t line)
{
    size_t from = (size_t)source->line_starts[line - 1];
    size_t to = line < source->n_lines ? (size_t)source->line_starts[line] : source->text.n;
    while (to > from && (source->text.p[to - 1] == '\n' || source->text.p[to - 1] == '\r')) {
        to--;
    }
    return str_sub(source->text, from, to);
}

// Bytes that continue a character stay with it; a stray one stands alone.
static size_t next_character(Str s, size_t at)
{
    at++;
    while (at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80) {
        at++;
    }
    return at;
}

static size_t previous_character(Str s, size_t at)
{
    at--;
    while (at > 0 && ((unsigned char)s.p[at] & 0xc0) == 0x80) {
        at--;
    }
    return at;
}

// One character as it is shown in `column` (from 0): tabs as blanks, harmful ones as escapes.
static Str shown_character(Buf *scratch, Str character, size_t column)
{
    scratch->n = 0;
    if (character.p[0] == '\t') {
        buf_pad(scratch, ' ', TAB - column % TAB);
    } else {
        buf_add_safe(scratch, character, false);
    }
    return buf_str(scratch);
}

// The part of a line that is shown, and where marks go.
typedef struct {
    Str text;         // as shown
    size_t mark, end; // columns under `text`, half open
    bool cut_left, cut_right;
} Window;

// Where to start so that the fault at `lo` is seen with what stands before it: the line's start
// when that is near enough, otherwise about half a window before the fault.
static size_t window_start(Str line, size_t lo, size_t width)
{
    size_t at = lo;
    for (size_t i = 0; i < width * 2 / 3; i++) {
        if (at == 0) {
            return 0;
        }
        at = previous_character(line, at);
    }
    at = lo;
    for (size_t i = 0; i < width / 2; i++) {
        at = previous_character(line, at);
    }
    return at;
}

// The mark may lie behind the last character: at the end of a line, or of one that was cut.
static Window window_of(Arena *arena, Str line, size_t lo, size_t hi, size_t width)
{
    size_t at = window_start(line, lo, width);
    Window window = {.cut_left = at > 0};
    Buf buf = {.arena = arena}, scratch = {.arena = arena};
    size_t column = 0, mark = SIZE_MAX;
    while (at < line.n) {
        size_t next = next_character(line, at);
        Str shown = shown_character(&scratch, str_sub(line, at, next), column);
        size_t columns = str_display_width(shown);
        if (column + columns > width) {
            window.cut_right = true;
            break;
        }
        mark = at <= lo && lo < next ? column : mark;
        column += columns;
        window.end = at < hi ? column : window.end;
        buf_add(&buf, shown);
        at = next;
    }
    window.mark = mark < column ? mark : column;
    window.end = window.end > window.mark ? window.end : window.mark + 1;
    window.text = buf_str(&buf);
    return window;
}

// ---- Excerpts ---------------------------------------------------------------------------------

// One place to show: the fault itself, or one that is related to it.
typedef struct {
    const Diag *diag;
    Span span;
    Place place;
    bool related;
} Excerpt;

static size_t digits_of(int32_t n)
{
    size_t digits = 1;
    for (; n >= 10; n /= 10) {
        digits++;
    }
    return digits;
}

// "41 |", or blanks and the bar when there is no line to number.
static void gutter(Buf *buf, const ShowStyle *style, size_t digits, int32_t line)
{
    ink_frame(buf, style);
    size_t pad = digits;
    if (line > 0) {
        pad -= digits_of(line);
    }
    buf_pad(buf, ' ', pad);
    if (line > 0) {
        buf_addf(buf, "%d", (int)line);
    }
    buf_add(buf, STR(" |"));
    ink_off(buf, style);
}

// Under the line: ^ for the fault, - for what is related, with its label.
static void add_marks(Buf *buf, const ShowStyle *style, const Excerpt *excerpt,
                      const Window *window)
{
    size_t shift = window->cut_left ? 3 : 0;
    buf_pad(buf, ' ', 1 + shift + window->mark);
    if (excerpt->related) {
        ink_frame(buf, style);
    } else {
        ink_severity(buf, style, excerpt->diag->severity);
    }
    buf_pad(buf, excerpt->related ? '-' : '^', window->end - window->mark);
    if (excerpt->related && excerpt->diag->related_text.n > 0) {
        buf_char(buf, ' ');
        buf_add_safe(buf, excerpt->diag->related_text, false);
    }
    ink_off(buf, style);
    buf_char(buf, '\n');
}

// A terminal narrower than this gets lines that wrap rather than nothing to read.
static size_t window_width(const ShowStyle *style, size_t digits)
{
    size_t width = style->width > 0 ? (size_t)style->width : WIDTH_WITHOUT_TERMINAL;
    size_t frame = digits + 3 + 6; // the gutter, and dots on both sides
    return width > frame + LEAST_WINDOW ? width - frame : LEAST_WINDOW;
}

// The line, unless the mark before stands under the same one, and the mark.
static void add_excerpt(Buf *buf, const ShowStyle *style, const DiagList *list,
                        const Excerpt *excerpt, size_t digits, bool same_line)
{
    const SourceText *source = &list->sources.p[excerpt->span.file];
    Str line = line_text(source, excerpt->place.line);
    size_t start = (size_t)source->line_starts[excerpt->place.line - 1];
    size_t lo = (size_t)excerpt->span.lo - start, hi = (size_t)excerpt->span.hi - start;
    lo = lo < line.n ? lo : line.n;
    Window window = window_of(buf->arena, line, lo, hi, window_width(style, digits));
    if (!same_line || window.cut_left) {
        gutter(buf, style, digits, excerpt->place.line);
        if (window.text.n > 0) {
            buf_char(buf, ' ');
            buf_add(buf, window.cut_left ? STR("...") : STR(""));
            buf_add(buf, window.text);
            buf_add(buf, window.cut_right ? STR("...") : STR(""));
        }
        buf_char(buf, '\n');
    }
    gutter(buf, style, digits, 0);
    add_marks(buf, style, excerpt, &window);
}

static Excerpt excerpt_of(const DiagList *list, const Diag *diag, Span span, bool related)
{
    return (Excerpt){diag, span, diag_place(list, span.file, span.lo), related};
}

static void add_location(Buf *buf, const ShowStyle *style, const DiagList *list, Span span,
                         size_t digits, const char *arrow)
{
    Place place = diag_place(list, span.file, span.lo);
    buf_pad(buf, ' ', digits);
    ink_frame(buf, style);
    buf_add(buf, str_of(arrow));
    ink_off(buf, style);
    buf_char(buf, ' ');
    buf_add_safe(buf, list->sources.p[span.file].path, false);
    buf_addf(buf, ":%d:%d\n", (int)place.line, (int)place.column);
}

// Both places in one file: in the order of the lines, dots where lines between them are left out.
static void add_pair(Buf *buf, const ShowStyle *style, const DiagList *list, Excerpt a, Excerpt b,
                     size_t digits)
{
    bool swap = b.span.lo < a.span.lo;
    const Excerpt *first = swap ? &b : &a, *second = swap ? &a : &b;
    add_excerpt(buf, style, list, first, digits, false);
    if (second->place.line > first->place.line + 1) {
        ink_frame(buf, style);
        buf_add(buf, STR("...\n"));
        ink_off(buf, style);
    }
    add_excerpt(buf, style, list, second, digits, second->place.line == first->place.line);
}

// A related place in another file has an arrow of its own.
static void add_places(Buf *buf, const ShowStyle *style, const DiagList *list, const Diag *diag,
                       size_t digits)
{
    add_location(buf, style, list, diag->span, digits, "-->");
    gutter(buf, style, digits, 0);
    buf_char(buf, '\n');
    Excerpt fault = excerpt_of(list, diag, diag->span, false);
    if (diag->related.file == diag->span.file) {
        add_pair(buf, style, list, fault, excerpt_of(list, diag, diag->related, true), digits);
        return;
    }
    add_excerpt(buf, style, list, &fault, digits, false);
    if (diag->related.file >= 0) {
        Excerpt related = excerpt_of(list, diag, diag->related, true);
        add_location(buf, style, list, diag->related, digits, ":::");
        gutter(buf, style, digits, 0);
        buf_char(buf, '\n');
        add_excerpt(buf, style, list, &related, digits, false);
    }
}

// Both places of a message share the width of the gutter.
static size_t gutter_digits(const DiagList *list, const Diag *diag)
{
    size_t digits = digits_of(diag_place(list, diag->span.file, diag->span.lo).line);
    size_t related = digits_of(diag_place(list, diag->related.file, diag->related.lo).line);
    return related > digits ? related : digits;
}

static void add_help(Buf *buf, const ShowStyle *style, Str help, size_t digits)
{
    Buf text = {.arena = buf->arena};
    buf_add(&text, STR("= help: "));
    buf_add_safe(&text, help, false);
    show_paragraph(buf, style, digits + 1, digits + 9, buf_str(&text));
}

void show_diag(Buf *buf, const ShowStyle *style, const DiagList *list, const Diag *diag)
{
    ink_severity(buf, style, diag->severity);
    buf_addf(buf, "%s[C%04d]", diag->severity == SEVERITY_ERROR ? "error" : "warning",
             (int)diag->code);
    ink_off(buf, style);
    ink_bold(buf, style);
    buf_add(buf, STR(": "));
    buf_add_safe(buf, diag->text, false);
    ink_off(buf, style);
    buf_char(buf, '\n');
    size_t digits = gutter_digits(list, diag);
    if (diag->span.file >= 0) {
        add_places(buf, style, list, diag, digits);
    }
    if (diag->help.n > 0) {
        add_help(buf, style, diag->help, digits);
    }
}

// ---- The list ---------------------------------------------------------------------------------

static void add_more(Buf *buf, int32_t total, int32_t shown, const char *what)
{
    if (total > shown) {
        buf_addf(buf, "and %d more %s%s\n", (int)(total - shown), what,
                 total - shown == 1 ? "" : "s");
    }
}

void show_diags(Buf *buf, const ShowStyle *style, DiagList *list)
{
    int32_t shown[2] = {0, 0};
    diag_sort(list);
    for (int32_t i = 0; i < list->diags.n; i++) {
        const Diag *diag = &list->diags.p[i];
        if (shown[diag->severity] < LIMIT_ERRORS_SHOWN) {
            shown[diag->severity]++;
            show_diag(buf, style, list, diag);
            buf_char(buf, '\n');
        }
    }
    add_more(buf, list->n_errors, shown[SEVERITY_ERROR], "error");
    add_more(buf, list->n_warnings, shown[SEVERITY_WARNING], "warning");
}

// ---- JSON -------------------------------------------------------------------------------------

// Without a place both are null.
static void set_place(json_t *object, const char *line, const char *column, Place place)
{
    json_put(object, line, place.line ? json_integer(place.line) : json_null());
    json_put(object, column, place.line ? json_integer(place.column) : json_null());
}

static void set_span(json_t *object, const DiagList *list, Span span)
{
    bool there = span.file >= 0;
    json_put(object, "file", there ? json_text(list->sources.p[span.file].path) : json_null());
    set_place(object, "line", "column", diag_place(list, span.file, span.lo));
    set_place(object, "end_line", "end_column", diag_place(list, span.file, span.hi));
}

static json_t *text_or_null(Str text)
{
    return text.n > 0 ? json_text(text) : json_null();
}

static json_t *diag_json(const DiagList *list, const Diag *diag)
{
    json_t *object = json_object();
    bool error = diag->severity == SEVERITY_ERROR;
    json_put(object, "severity", json_string(error ? "error" : "warning"));
    json_put(object, "code", json_sprintf("C%04d", (int)diag->code));
    set_span(object, list, diag->span);
    json_put(object, "message", json_text(diag->text));
    json_put(object, "help", text_or_null(diag->help));
    json_t *related = json_null();
    if (diag->related.file >= 0) {
        related = json_object();
        set_span(related, list, diag->related);
        json_put(related, "message", json_text(diag->related_text));
    }
    json_put(object, "related", related);
    return object;
}

Status show_diags_json(Buf *buf, DiagList *list, Error *error)
{
    diag_sort(list);
    json_t *array = json_array();
    for (int32_t i = 0; i < list->diags.n; i++) {
        json_add(array, diag_json(list, &list->diags.p[i]));
    }
    return json_finish(buf, array, error);
}
