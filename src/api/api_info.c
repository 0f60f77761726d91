// SPDX-License-Identifier: MIT
//
// What the library says about itself: version, build, diagnostics, limits.
#include "api/handles.h"

#include "api/templates.h"
#include "base/clock.h"
#include "base/num.h"
#include "base/version.h"
#include "engine/engine.h"
#include "lang/diags.h"
#include "lang/lex.h"
#include "lang/lib_files.h"

const char *casus_version(void)
{
    return CASUS_VERSION;
}

static void add_isas(Buf *buf)
{
    buf_add(buf, STR("instruction sets found:"));
    for (int isa = 0; isa < ISA_COUNT; isa++) {
        if (engine_has_isa((Isa)isa)) {
            buf_addf(buf, " %s", isa_name((Isa)isa));
        }
    }
    Isa used;
    Error error;
    if (engine_pick_isa(&used, &error) == ST_OK) {
        buf_addf(buf, "; used: %s", isa_name(used));
    }
    buf_char(buf, '\n');
}

char *casus_build_facts(void)
{
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
#if defined(__clang__)
    buf_add(&buf, STR("compiler: clang " __clang_version__ "\n"));
#elif defined(__GNUC__)
    buf_add(&buf, STR("compiler: gcc " __VERSION__ "\n"));
#endif
    buf_addf(&buf, "bits of answers: %d\n", CASUS_BITS);
    add_isas(&buf);
    buf_addf(&buf, "processors: %d\n", clock_processors());
    char *text = api_text(&buf);
    arena_free(arena);
    return text;
}

char *casus_explain(const char *code)
{
    int32_t number;
    if (!code || !diag_code_parse(str_of(code), &number)) {
        return NULL;
    }
    const DiagInfo *info = diag_explain(number);
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    buf_addf(&buf, "%s C%04d: %s\n\n%s", info->severity == SEVERITY_ERROR ? "error" : "warning",
             (int)info->code, info->title, info->explanation);
    char *text = api_text(&buf);
    arena_free(arena);
    return text;
}

char *casus_diagnostic_codes(void)
{
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    for (int32_t i = 0; i < diag_rows(); i++) {
        const DiagInfo *info = diag_row(i);
        buf_addf(&buf, "C%04d  %-7s  %s\n", (int)info->code,
                 info->severity == SEVERITY_ERROR ? "error" : "warning", info->title);
    }
    char *text = api_text(&buf);
    arena_free(arena);
    return text;
}

typedef struct {
    double value;
    const char *text;
} LimitRow;

char *casus_limits(void)
{
    static const LimitRow rows[] = {
#define LIMIT(name, value, text) {(double)(value), text},
#include "base/limits.def"
#undef LIMIT
    };
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Str value = num_grouped(arena, rows[i].value, 0);
        buf_pad(&buf, ' ', value.n < 12 ? 12 - value.n : 0);
        buf_add(&buf, value);
        buf_addf(&buf, "  %s\n", rows[i].text);
    }
    char *text = api_text(&buf);
    arena_free(arena);
    return text;
}

char *casus_reserved_words(void)
{
    enum { WIDTH = 72 };
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    size_t column = 0;
    for (Keyword word = 0; word < WORD_NONE; word++) {
        if (word_class(word) == WORD_CLASS_SOFT) {
            continue;
        }
        Str text = word_text(word);
        bool fits = column + 1 + text.n <= WIDTH;
        buf_add(&buf, column == 0 ? STR("") : fits ? STR(" ") : STR("\n"));
        column = column == 0 || !fits ? text.n : column + 1 + text.n;
        buf_add(&buf, text);
    }
    buf_char(&buf, '\n');
    char *text = api_text(&buf);
    arena_free(arena);
    return text;
}

size_t casus_templates(void)
{
    return n_templates;
}

const char *casus_template_name(size_t index)
{
    static const char *const names[] = {"attrition", "bargaining", "crisis", "deterrence"};
    ASSERT(n_templates == sizeof names / sizeof *names);
    return index < n_templates ? names[index] : NULL;
}

const char *casus_template_text(size_t index)
{
    return index < n_templates ? templates[index].bytes : NULL;
}

// The name without its ending.
static Str part_name(const EmbeddedFile *file)
{
    Str name = str_of(file->name);
    return str_sub(name, 0, name.n - strlen(".casus"));
}

// Each file of the library begins with a comment whose first line says what it is.
static Str part_title(const EmbeddedFile *file)
{
    Str text = {file->bytes, file->length};
    size_t end = 0;
    while (end < text.n && text.p[end] != '\n') {
        end++;
    }
    ASSERT(str_starts(text, STR("# ")));
    return str_sub(text, 2, end);
}

char *casus_library(void)
{
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    for (size_t i = 0; i < n_lib_files; i++) {
        Str name = part_name(&lib_files[i]);
        buf_addf(&buf, "  %.*s", STR_ARG(name));
        buf_pad(&buf, ' ', name.n < 11 ? 11 - name.n : 1);
        buf_addf(&buf, "%.*s\n", STR_ARG(part_title(&lib_files[i])));
    }
    char *text = api_text(&buf);
    arena_free(arena);
    return text;
}

const char *casus_library_part(const char *name)
{
    for (size_t i = 0; i < n_lib_files; i++) {
        if (str_eq(part_name(&lib_files[i]), str_of(name))) {
            return lib_files[i].bytes;
        }
    }
    return NULL;
}
