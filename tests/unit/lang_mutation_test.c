// SPDX-License-Identifier: MIT
//
// Slips of the finger: every token of every model that we ship, deleted, doubled or misspelt. Each
// such text must be refused with file, line and column, or mean something else (another hash), or
// be the same model written otherwise (it formats back to the original's formatted text). Never may
// it be taken for the original unseen, crash, or hang.
//
// The suite takes every so-manieth token; with CASUS_SLOW it takes all of them (some minutes).
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "lang/check.h"
#include "lang/fmt.h"
#include "lang/lex.h"
#include "lang/parse.h"
#include "lang/source.h"
#include "lower/lower.h"

enum { STRIDE = 47, MANY_FILES = 8, MOST_FILES = 48, MOST_TOLD = 20 };
static const double MOST_SECONDS = 5; // of processor time for one text: it takes some milliseconds

typedef enum { SLIP_DELETED, SLIP_DOUBLED, SLIP_MISSPELT, SLIP_COUNT } Slip;
static const char *const SLIPS[] = {"deleted", "doubled", "misspelt"};

// A model being mutated: its files lie in a folder of their own.
typedef struct {
    Arena *arena;
    const char *folder, *main;
    Str path[MOST_FILES], text[MOST_FILES]; // of the model's own files, below `folder`
    int32_t n_files;
    uint64_t hash;
    int tried, refused, other, same, wrong;
} Subject;

static int stride(void)
{
    return getenv("CASUS_SLOW") ? 1 : STRIDE;
}

// A model of many files takes longer to load, and has more places.
static int stride_of(const Subject *s)
{
    return s->n_files > MANY_FILES && !getenv("CASUS_SLOW") ? 3 * STRIDE : stride();
}

static Str formatted(Arena *arena, Str text)
{
    DiagList diags = {.arena = arena};
    Str result = {0};
    int32_t file = source_add_text(&diags, STR("text"), text);
    return fmt_source(arena, &diags, file, &result) ? result : (Str){0};
}

// ---- One slip -----------------------------------------------------------------------------------

// A name loses its middle letter or, if it is short, gets one; a figure moves by one; a text loses
// its first letter; a sign becomes another.
static Str misspelt(Arena *arena, Str token, TokenKind kind)
{
    Buf buf = {.arena = arena};
    size_t middle = kind == TOKEN_STRING ? 1 : token.n / 2;
    if (kind == TOKEN_NAME && token.n < 3) {
        buf_add(&buf, token);
        buf_char(&buf, 'q');
        return buf_str(&buf);
    }
    for (size_t i = 0; i < token.n; i++) {
        char c = token.p[i];
        bool digit = c >= '0' && c <= '9';
        if ((kind == TOKEN_NUMBER || kind == TOKEN_DATE) && digit && i == 0) {
            buf_char(&buf, c == '9' ? '8' : (char)(c + 1));
        } else if (i != middle || kind == TOKEN_NUMBER || kind == TOKEN_DATE) {
            buf_char(&buf, c);
        } else if (kind != TOKEN_NAME && kind != TOKEN_STRING) {
            buf_char(&buf, c == '<' ? '>' : c == '+' ? '-' : c == '-' ? '+' : c == '~' ? '=' : '%');
        }
    }
    return buf_str(&buf);
}

static Str slipped(Arena *arena, Str text, const Token *token, Slip slip)
{
    size_t lo = (size_t)token->lo, hi = (size_t)token->hi;
    Str word = str_sub(text, lo, hi);
    Buf buf = {.arena = arena};
    buf_add(&buf, str_sub(text, 0, lo));
    if (slip == SLIP_DOUBLED) {
        buf_add(&buf, word);
        buf_char(&buf, ' ');
        buf_add(&buf, word);
    } else if (slip == SLIP_MISSPELT) {
        buf_add(&buf, misspelt(arena, word, token->kind));
    }
    buf_add(&buf, str_sub(text, hi, text.n));
    return buf_str(&buf);
}

// ---- What became of it --------------------------------------------------------------------------

static bool every_error_has_a_place(const DiagList *diags)
{
    for (int32_t i = 0; i < diags->diags.n; i++) {
        const Diag *diag = &diags->diags.p[i];
        if (diag->severity != SEVERITY_ERROR) {
            continue;
        }
        if (diag->span.file < 0 || diag->span.file >= diags->sources.n) {
            return false;
        }
        Place place = diag_place(diags, diag->span.file, diag->span.lo);
        const SourceText *source = &diags->sources.p[diag->span.file];
        if (place.line < 1 || place.line > source->n_lines || place.column < 1) {
            return false;
        }
    }
    return true;
}

// What is accepted must become a program, or be refused by the lowering in words.
static bool lowers(Arena *arena, const Model *model)
{
    Program *program;
    Error error = {0};
    Status status = lower_view(arena, model, model->views[0], (LowerOptions){0}, &program, &error);
    return status == ST_OK || (status == ST_BAD_MODEL && error.message[0]);
}

static const char *judge(Subject *s, Arena *arena, Str original, Str text)
{
    DiagList diags = {.arena = arena};
    Model *model = NULL;
    Error error = {0};
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", s->folder, s->main);
    LoadOptions options = {.path = path, .lint = true};
    Status status = lang_load(arena, &diags, &options, &model, &error);
    if (status != ST_OK) {
        s->refused++;
        return diags.n_errors == 0                ? "was refused without a reason"
               : !every_error_has_a_place(&diags) ? "was refused without a place"
                                                  : NULL;
    }
    if (!lowers(arena, model)) {
        return "was accepted and does not lower";
    }
    if (model->hash != s->hash) {
        s->other++;
        return NULL;
    }
    s->same++;
    return str_eq(formatted(arena, text), formatted(arena, original)) ? NULL : "was not noticed";
}

static void tell(Subject *s, int32_t file, const Token *token, Slip slip, const char *fault)
{
    Str word = str_sub(s->text[file], (size_t)token->lo, (size_t)token->hi);
    if (s->wrong++ < MOST_TOLD) {
        print_error("%.*s:%d:%d: `%.*s` %s %s\n", STR_ARG(s->path[file]), (int)token->line,
                    (int)token->column, STR_ARG(word), SLIPS[slip], fault);
    }
}

// Not by file_write, which waits for the disk each time.
static void write_file(const char *path, Str text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.p, 1, text.n, file), text.n);
    assert_int_equal(fclose(file), 0);
}

static void try_slip(Subject *s, int32_t file, const Token *token, Slip slip)
{
    Arena *arena = arena_new(0);
    Str text = slipped(arena, s->text[file], token, slip);
    Str path = str_format(arena, "%s/%.*s", s->folder, STR_ARG(s->path[file]));
    write_file(path.p, text);
    clock_t start = clock();
    const char *fault = judge(s, arena, s->text[file], text);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    s->tried++;
    if (fault || seconds > MOST_SECONDS) {
        tell(s, file, token, slip, fault ? fault : "took too long");
    }
    arena_free(arena);
}

// ---- One model ----------------------------------------------------------------------------------

static void try_file(Subject *s, int32_t file)
{
    Arena *arena = arena_new(0);
    DiagList diags = {.arena = arena};
    int32_t source = source_add_text(&diags, s->path[file], s->text[file]);
    Lexer lexer;
    lexer_init(&lexer, &diags, source);
    int step = stride_of(s), count = file % step; // not the same places in each
    for (Token token; (token = lexer_next(&lexer)).kind != TOKEN_END; count++) {
        for (int slip = 0; count % step == 0 && slip < SLIP_COUNT; slip++) {
            try_slip(s, file, &token, (Slip)slip);
        }
    }
    Str path = str_format(arena, "%s/%.*s", s->folder, STR_ARG(s->path[file]));
    write_file(path.p, s->text[file]);
    arena_free(arena);
}

// The folders between `folder` and a file of the model: made, and taken away again when empty.
static void each_folder(const Subject *s, int32_t file, int (*act)(const char *path))
{
    Arena *arena = arena_new(0);
    Str path = s->path[file];
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] == '/') {
            act(str_format(arena, "%s/%.*s", s->folder, (int)i, path.p).p);
        }
    }
    arena_free(arena);
}

static int make_folder(const char *path)
{
    return mkdir(path, 0700);
}

// Load the model where it lies; note its hash and its own files, copied below `folder`.
static void take_in(Subject *s, Str origin, const char *main)
{
    Arena *arena = arena_new(0);
    DiagList diags = {.arena = arena};
    Model *model = NULL;
    Error error = {0};
    Str path = str_format(arena, "%.*s/%s", STR_ARG(origin), main);
    LoadOptions options = {.path = path.p};
    if (lang_load(arena, &diags, &options, &model, &error) != ST_OK) {
        fail_msg("%s: %.*s", path.p, STR_ARG(diags.diags.p[0].text));
    }
    s->hash = model->hash;
    for (int32_t i = 0; i < diags.sources.n; i++) {
        const SourceText *source = &diags.sources.p[i];
        if (!str_starts(source->path, origin)) {
            continue; // of the library
        }
        assert_true(s->n_files < MOST_FILES);
        s->path[s->n_files] = str_copy(s->arena, str_sub(source->path, origin.n + 1, 4096));
        s->text[s->n_files] = str_copy(s->arena, source->text);
        each_folder(s, s->n_files, make_folder);
        Str copy = str_format(arena, "%s/%.*s", s->folder, STR_ARG(s->path[s->n_files]));
        write_file(copy.p, source->text);
        s->n_files++;
    }
    assert_true(s->n_files > 0);
    arena_free(arena);
}

typedef VEC(Str) Names;

static bool among(const Names *names, Str name)
{
    for (int32_t i = 0; i < names->n; i++) {
        if (str_eq(names->p[i], name)) {
            return true;
        }
    }
    return false;
}

// `shared`: files tried with an earlier model of the folder, which are not tried again.
static void try_model(Str origin, const char *main, Names *shared, Arena *arena, int *tried)
{
    Subject s = {.arena = arena_new(0), .main = main};
    char folder[] = "slips-XXXXXX";
    s.folder = mkdtemp(folder);
    assert_non_null(s.folder);
    take_in(&s, origin, main);
    for (int32_t i = 0; i < s.n_files; i++) {
        if (!among(shared, s.path[i])) {
            try_file(&s, i);
            vec_push(arena, shared, str_copy(arena, s.path[i]));
        }
    }
    for (int32_t i = 0; i < s.n_files; i++) {
        unlink(str_format(s.arena, "%s/%.*s", s.folder, STR_ARG(s.path[i])).p);
        each_folder(&s, i, rmdir);
    }
    rmdir(s.folder);
    print_message("%s: %d slips: %d refused, %d another model, %d the same, %d wrong\n", main,
                  s.tried, s.refused, s.other, s.same, s.wrong);
    *tried += s.tried;
    arena_free(s.arena);
    assert_int_equal(s.wrong, 0);
}

// ---- All models ---------------------------------------------------------------------------------

static bool is_model(Str path)
{
    Arena *arena = arena_new(0);
    Str text;
    Error error = {0};
    bool is = file_read(path.p, 1 << 20, arena, &text, &error) == ST_OK &&
              (str_starts(text, STR("model ")) || strstr(text.p, "\nmodel "));
    arena_free(arena);
    return is;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// In the order of names, so that a failure is found again.
static void try_folder(const char *below, int *tried)
{
    Arena *arena = arena_new(0);
    const char *root = getenv("CASUS_ROOT");
    assert_non_null(root);
    Str origin = str_format(arena, "%s/%s", root, below);
    DIR *dir = opendir(origin.p);
    assert_non_null(dir);
    VEC(const char *) names = {0};
    for (const struct dirent *entry; (entry = readdir(dir));) {
        Str path = str_format(arena, "%.*s/%s", STR_ARG(origin), entry->d_name);
        if (str_ends(path, STR(".casus")) && is_model(path)) {
            vec_push(arena, &names, str_copy(arena, str_of(entry->d_name)).p);
        }
    }
    closedir(dir);
    assert_true(names.n > 0);
    qsort(names.p, (size_t)names.n, sizeof *names.p, compare_names);
    Names shared = {0};
    for (int32_t i = 0; i < names.n; i++) {
        try_model(origin, names.p[i], &shared, arena, tried);
    }
    arena_free(arena);
}

static void test_a_slip_in_a_shipped_model_is_noticed(void **state)
{
    (void)state;
    int tried = 0;
    try_folder("models/attrition_in_risk", &tried);
    try_folder("models/cuba_1962", &tried);
    try_folder("models/fearon", &tried);
    try_folder("models/first", &tried);
    try_folder("models/iwo_jima", &tried);
    try_folder("models/ladder", &tried);
    try_folder("models/tutorial", &tried);
    try_folder("models/ukraine", &tried);
    try_folder("lib/new", &tried);
    assert_true(tried > 10000 / stride());
}

static void test_a_slip_in_a_model_of_the_tests_is_noticed(void **state)
{
    (void)state;
    int tried = 0;
    try_folder("tests/oracles", &tried);
    try_folder("tests/consistency", &tried);
    assert_true(tried > 10000 / stride());
}

// The files of the library are no models: their trees stand for the hash.
static void try_library(const char *name)
{
    Arena *arena = arena_new(0);
    Str text, path = str_format(arena, "%s/lib/%s", getenv("CASUS_ROOT"), name);
    Error error = {0};
    assert_int_equal(file_read(path.p, 1 << 20, arena, &text, &error), ST_OK);
    DiagList diags = {.arena = arena};
    int32_t file = source_add_text(&diags, path, text);
    Str tree = node_print(arena, parse_file(&diags, file)), same = formatted(arena, text);
    Lexer lexer;
    lexer_init(&lexer, &diags, file);
    for (Token token; (token = lexer_next(&lexer)).kind != TOKEN_END;) {
        for (int slip = 0; slip < SLIP_COUNT; slip++) {
            Arena *scratch = arena_new(0);
            DiagList faults = {.arena = scratch};
            Str wrong = slipped(scratch, text, &token, (Slip)slip);
            Node *node = parse_file(&faults, source_add_text(&faults, path, wrong));
            bool seen = faults.n_errors > 0 ? every_error_has_a_place(&faults)
                                            : !str_eq(node_print(scratch, node), tree) ||
                                                  str_eq(formatted(scratch, wrong), same);
            if (!seen) {
                fail_msg("%s:%d:%d %s was not noticed", name, (int)token.line, (int)token.column,
                         SLIPS[slip]);
            }
            arena_free(scratch);
        }
    }
    arena_free(arena);
}

static void test_a_slip_in_the_library_is_noticed(void **state)
{
    (void)state;
    const char *const parts[] = {"admiralty", "attrition", "contest", "hazards",
                                 "ladders",   "logistics", "words"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.casus", parts[i]);
        try_library(name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_slip_in_a_shipped_model_is_noticed),
        cmocka_unit_test(test_a_slip_in_a_model_of_the_tests_is_noticed),
        cmocka_unit_test(test_a_slip_in_the_library_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
