// SPDX-License-Identifier: MIT
//
// A Replay as text, and as JSON.
#include "show/show_replay.h"

#include <inttypes.h>

#include "show/json_parts.h"
#include "show/show_json.h"
#include "show/show_num.h"

enum { DATE_COLUMN = 12 };

static void add_title(Buf *buf, const char *text, const ShowStyle *style)
{
    buf_char(buf, '\n');
    ink_bold(buf, style);
    buf_add(buf, str_of(text));
    ink_off(buf, style);
    buf_char(buf, '\n');
}

static void add_facts(Buf *buf, const char *title, const StoryFact *facts, int32_t n,
                      const ShowStyle *style)
{
    if (n == 0) {
        return;
    }
    add_title(buf, title, style);
    size_t widest = 0;
    for (int32_t i = 0; i < n; i++) {
        size_t width = str_display_width(show_safe(buf->arena, facts[i].name));
        widest = width > widest ? width : widest;
    }
    for (int32_t i = 0; i < n; i++) {
        buf_add(buf, STR("  "));
        show_cell_left(buf, show_safe(buf->arena, facts[i].name), widest + 2);
        buf_add_safe(buf, facts[i].value, false);
        buf_char(buf, '\n');
    }
}

static size_t date_column(const Replay *replay)
{
    for (int32_t i = 0; i < replay->n_lines; i++) {
        if (num_has_time(replay->lines[i].date)) {
            return DATE_COLUMN + 6;
        }
    }
    return DATE_COLUMN;
}

// How often a line's like is told, and until when.
typedef struct {
    bool begins_before;
    int32_t n;
    double last;
} Run;

static Run run_of(const Replay *replay, int32_t i)
{
    const StoryLine *line = &replay->lines[i];
    Run run = {.n = 1, .last = line->date};
    for (int32_t k = 0; line->fold > 0 && k < replay->n_lines; k++) {
        if (k != i && replay->lines[k].fold == line->fold) {
            run.begins_before = run.begins_before || k < i;
            run.n++;
            run.last = replay->lines[k].date > run.last ? replay->lines[k].date : run.last;
        }
    }
    return run;
}

// What is told for many keeps the sight of none.
static void add_line(Buf *buf, const StoryLine *line, Run run, size_t column,
                     const ShowStyle *style)
{
    Str text = show_safe(buf->arena, line->text);
    if (run.n > 1) {
        text = str_format(buf->arena, "%.*s, %d times until %.*s", STR_ARG(text), (int)run.n,
                          STR_ARG(num_date(buf->arena, run.last)));
    }
    show_paragraph(buf, style, 0, column + 4, text);
    if (line->detail.n && run.n == 1) {
        ink_dim(buf, style);
        show_paragraph(buf, style, column + 4, column + 6, show_safe(buf->arena, line->detail));
        ink_off(buf, style);
    }
}

static void add_lines(Buf *buf, const Replay *replay, const ShowStyle *style)
{
    size_t column = date_column(replay);
    add_title(buf, "What happened", style);
    if (replay->n_lines == 0) {
        buf_add(buf, STR("  nothing of what could have\n"));
    }
    int32_t step = INT32_MIN;
    for (int32_t i = 0; i < replay->n_lines; i++) {
        const StoryLine *line = &replay->lines[i];
        Run run = {.n = 1};
        if (!style->all) {
            run = run_of(replay, i);
        }
        if (!run.begins_before) {
            buf_add(buf, STR("  "));
            Str date = line->step == step ? STR("") : num_date(buf->arena, line->date);
            show_cell_left(buf, date, column);
            add_line(buf, line, run, column, style);
            step = line->step;
        }
    }
}

void show_replay(Buf *buf, const Replay *replay, const ShowStyle *style)
{
    const Provenance *run = &replay->provenance;
    ink_bold(buf, style);
    buf_add_safe(buf, run->model_title, false);
    ink_off(buf, style);
    buf_addf(buf, "\nworld %" PRIu64 ", future %" PRIu64, replay->world, replay->future);
    if (replay->story.n && !str_eq(replay->story, STR("base"))) {
        buf_add(buf, STR(", as told by "));
        buf_add_safe(buf, replay->story, false);
    }
    buf_addf(buf, "; %.*s to %.*s\n", STR_ARG(num_date(buf->arena, run->start)),
             STR_ARG(num_date(buf->arena, run->end)));
    add_facts(buf, "True in this world", replay->unknowns, replay->n_unknowns, style);
    add_lines(buf, replay, style);
    add_facts(buf, "At the end", replay->ending, replay->n_ending, style);
    add_facts(buf, "Questions in this future", replay->answers, replay->n_answers, style);
    buf_char(buf, '\n');
    ink_dim(buf, style);
    buf_add(buf, STR("casus "));
    buf_add_safe(buf, run->version, false);
    buf_addf(buf, "%.*smodel ", STR_ARG(glyph_dot(style)));
    buf_add_safe(buf, run->model_hash, false);
    buf_addf(buf, "%.*sseed %" PRIu64, STR_ARG(glyph_dot(style)), run->seed);
    ink_off(buf, style);
    buf_char(buf, '\n');
}

// ---- JSON -------------------------------------------------------------------------------------

static json_t *facts_of(const StoryFact *facts, int32_t n)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < n; i++) {
        Str value = facts[i].exact.n > 0 ? facts[i].exact : facts[i].value;
        json_add(array, json_pack("{s:o, s:o}", "name", json_text(facts[i].name), "value",
                                  json_text(value)));
    }
    return array;
}

static json_t *lines_of(const Replay *replay)
{
    json_t *array = json_array();
    for (int32_t i = 0; i < replay->n_lines; i++) {
        const StoryLine *line = &replay->lines[i];
        json_add(array, json_pack("{s:o, s:i, s:o, s:o}", "date", json_day(line->date), "step",
                                  (int)line->step, "text", json_text(line->text), "detail",
                                  line->detail.n ? json_text(line->detail) : json_null()));
    }
    return array;
}

Status show_replay_json(Buf *buf, const Replay *replay, Error *error)
{
    const Provenance *run = &replay->provenance;
    json_t *root = json_pack("{s:i, s:s, s:o, s:o, s:o, s:o}", "schema_version",
                             JSON_SCHEMA_VERSION, "document", "replay", "model", json_model(run),
                             "version", json_text(run->version), "seed", json_decimal(run->seed),
                             "story", json_text(replay->story));
    json_put(root, "world", json_integer((json_int_t)replay->world));
    json_put(root, "future", json_integer((json_int_t)replay->future));
    json_put(root, "start", json_day(run->start));
    json_put(root, "end", json_day(run->end));
    json_put(root, "true_in_this_world", facts_of(replay->unknowns, replay->n_unknowns));
    json_put(root, "happened", lines_of(replay));
    json_put(root, "at_the_end", facts_of(replay->ending, replay->n_ending));
    json_put(root, "questions", facts_of(replay->answers, replay->n_answers));
    return json_finish(buf, root, error);
}
