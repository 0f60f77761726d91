// SPDX-License-Identifier: MIT
//
// A Reach as text: what cannot be, what did not come, questions with one answer, what was looked
// at.
#include "show/show_reach.h"

#include <inttypes.h>

#include "base/num.h"
#include "show/json_parts.h"
#include "show/sheet.h"
#include "show/show_json.h"
#include "show/show_num.h"

static Str count(Arena *arena, uint64_t n)
{
    return num_grouped(arena, (double)n, 0);
}

static bool is_question(const ReachFinding *f)
{
    return f->kind == REACH_QUESTION;
}

static bool cannot_be(const ReachFinding *f)
{
    return f->chance == 0 && f->lost == 0;
}

// ---- Heading ------------------------------------------------------------------------------------

static void add_heading(const Sheet *sheet, const Reach *reach)
{
    Arena *arena = sheet->buf->arena;
    const Provenance *run = &reach->provenance;
    sheet_heading(sheet, 1, show_safe(arena, run->model_title));
    Buf line = {.arena = arena};
    buf_addf(&line, "What never comes to pass? %.*s; %.*s futures",
             STR_ARG(show_safe(arena, run->reading)), STR_ARG(count(arena, run->futures)));
    if (reach->n_readings > 1) {
        buf_addf(&line, " of each of %d readings", (int)reach->n_readings);
    }
    buf_add(&line, run->partial ? STR("; stopped early") : STR(""));
    sheet_text(sheet, buf_str(&line));
    sheet_gap(sheet);
}

// ---- Findings -----------------------------------------------------------------------------------

// "never happens"
static const char *verb(const ReachFinding *f)
{
    static const char *const verbs[] = {
        [REACH_EVENT] = "does not happen", [REACH_OPTION] = "is not taken",
        [REACH_CARRIED] = "does not come", [REACH_BLOCKED] = "does not come",
        [REACH_BRANCH] = "is not entered", [REACH_ELSE] = "is not entered",
        [REACH_OUTCOME] = "does not come", [REACH_DELAYED] = "does not arrive",
        [REACH_VALUE] = "is not seen",     [REACH_QUESTION] = "",
    };
    return verbs[f->kind];
}

static Str place(Arena *arena, const ReachFinding *f)
{
    return f->file.n > 0
               ? str_format(arena, " (%.*s:%d)", STR_ARG(show_safe(arena, f->file)), (int)f->line)
               : STR("");
}

// "; by exact reckoning 1 in 3,000,000"
static Str exact_chance(Arena *arena, const ReachFinding *f, const ShowStyle *style)
{
    if (!(f->chance + f->lost > 0)) {
        return STR("");
    }
    Buf buf = {.arena = arena};
    buf_addf(&buf, "; worked out: %s", is_question(f) ? "otherwise " : "");
    num_add_chance(&buf, style,
                   (Estimate){f->chance, 0, f->chance, f->chance + (f->chance > 0 ? 0 : f->lost)});
    return buf_str(&buf);
}

static void add_finding(const Sheet *sheet, const Reach *reach, const ReachFinding *f)
{
    Arena *arena = sheet->buf->arena;
    Buf line = {.arena = arena};
    buf_add(&line, show_safe(arena, f->what));
    buf_add(&line, place(arena, f));
    if (is_question(f)) {
        buf_addf(&line, ": %.*s", STR_ARG(show_safe(arena, f->always)));
        buf_add(&line, cannot_be(f) ? STR(", and nothing else can be") : STR(""));
    } else {
        buf_addf(&line, " %s", verb(f));
    }
    uint64_t all = reach->provenance.futures * (uint64_t)reach->n_readings;
    if (!cannot_be(f) && f->futures != all && !reach->provenance.partial) {
        buf_addf(&line, " in the %.*s futures that have it", STR_ARG(count(arena, f->futures)));
    }
    buf_add(&line, exact_chance(arena, f, sheet->style));
    sheet_bullet(sheet, buf_str(&line));
}

typedef bool Wanted(const ReachFinding *f);

static bool is_impossible(const ReachFinding *f)
{
    return !is_question(f) && cannot_be(f);
}

static bool is_unseen(const ReachFinding *f)
{
    return !is_question(f) && !cannot_be(f);
}

static void add_part(const Sheet *sheet, const Reach *reach, Wanted *wanted, Str title)
{
    bool any = false;
    for (int32_t i = 0; i < reach->n_findings; i++) {
        if (!wanted(&reach->findings[i])) {
            continue;
        }
        if (!any) {
            sheet_heading(sheet, 2, title);
            any = true;
        }
        add_finding(sheet, reach, &reach->findings[i]);
    }
    if (any) {
        sheet_gap(sheet);
    }
}

static void add_meaning(const Sheet *sheet, const Reach *reach)
{
    if (sheet->style->plain || reach->n_findings == 0) {
        return;
    }
    sheet_text(sheet,
               STR("A part that is never reached has no share in any answer. Either it cannot be, "
                   "by a condition that nothing fulfils or a threshold out of reach: then it is a "
                   "slip, or the model says less than it seems to. Or it is rarer than this sample "
                   "shows: then answers that rest on it need more futures."));
    sheet_gap(sheet);
}

// ---- What was looked at -------------------------------------------------------------------------

static void add_tried(const Sheet *sheet, const Reach *reach)
{
    static const char *const names[][2] = {
        [REACH_EVENT] = {"event", "events"},
        [REACH_OPTION] = {"option", "options"},
        [REACH_CARRIED] = {"carried option", "carried options"},
        [REACH_BLOCKED] = {"blocked vote", "blocked votes"},
        [REACH_BRANCH] = {"branch", "branches"},
        [REACH_ELSE] = {"else", "elses"},
        [REACH_OUTCOME] = {"outcome", "outcomes"},
        [REACH_DELAYED] = {"delayed effect", "delayed effects"},
        [REACH_VALUE] = {"value of states", "values of states"},
        [REACH_QUESTION] = {"question answered in several ways",
                            "questions answered in several ways"},
    };
    Arena *arena = sheet->buf->arena;
    Buf line = {.arena = arena};
    for (int32_t k = 0; k < REACH_KINDS; k++) {
        int32_t tried = reach->tried[k], there = tried - reach->missed[k];
        if (tried > 0) {
            buf_addf(&line, "%s%d of %d %s", line.n ? ", " : "Reached: ", (int)there, (int)tried,
                     names[k][tried != 1]);
        }
    }
    buf_add(&line, line.n > 0 ? STR(".") : STR("There is nothing in this model to reach."));
    sheet_text(sheet, buf_str(&line));
    sheet_gap(sheet);
}

void show_reach(Buf *buf, const Reach *reach, const ShowStyle *style)
{
    Sheet sheet = {.buf = buf, .style = style};
    Arena *arena = buf->arena;
    Str dot = glyph_dot(style);
    const Provenance *run = &reach->provenance;
    uint64_t all = run->futures * (uint64_t)reach->n_readings;
    add_heading(&sheet, reach);
    add_meaning(&sheet, reach);
    add_part(&sheet, reach, is_impossible, STR("Cannot be (worked out, not sampled)"));
    add_part(&sheet, reach, is_unseen,
             str_format(arena, "Not once in %.*s futures", STR_ARG(count(arena, all))));
    add_part(&sheet, reach, is_question, STR("Questions with one answer"));
    add_tried(&sheet, reach);
    ink_dim(buf, style);
    buf_addf(buf, "casus %.*s%.*smodel %.*s%.*sseed %" PRIu64,
             STR_ARG(show_safe(arena, run->version)), STR_ARG(dot),
             STR_ARG(show_safe(arena, run->model_hash)), STR_ARG(dot), run->seed);
    ink_off(buf, style);
    buf_char(buf, '\n');
}

// ---- JSON ---------------------------------------------------------------------------------------

static const char *const kinds[] = {
    [REACH_EVENT] = "event",      [REACH_OPTION] = "option",   [REACH_CARRIED] = "carried",
    [REACH_BLOCKED] = "blocked",  [REACH_BRANCH] = "branch",   [REACH_ELSE] = "else",
    [REACH_OUTCOME] = "outcome",  [REACH_DELAYED] = "delayed", [REACH_VALUE] = "value",
    [REACH_QUESTION] = "question"};

static json_t *finding_of(const ReachFinding *f)
{
    bool placed = f->file.n > 0;
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:I, s:b, s:o}", "kind", kinds[f->kind], "what",
                     json_text(f->what), "file", placed ? json_text(f->file) : json_null(), "line",
                     placed ? json_integer(f->line) : json_null(), "always",
                     is_question(f) ? json_text(f->always) : json_null(), "futures",
                     (json_int_t)f->futures, "cannot_be_otherwise", (int)cannot_be(f),
                     "chance_otherwise", json_number(f->chance));
}

Status show_reach_json(Buf *buf, const Reach *reach, Error *error)
{
    json_t *findings = json_array(), *tried = json_object();
    for (int32_t i = 0; i < reach->n_findings; i++) {
        json_array_append_new(findings, finding_of(&reach->findings[i]));
    }
    for (int32_t k = 0; k < REACH_KINDS; k++) {
        json_object_set_new(tried, kinds[k],
                            json_pack("{s:i, s:i}", "tried", (int)reach->tried[k], "missed",
                                      (int)reach->missed[k]));
    }
    json_t *root = json_pack("{s:i, s:s, s:o, s:o}", "schema_version", JSON_SCHEMA_VERSION,
                             "document", "reach", "model", json_model(&reach->provenance), "run",
                             json_provenance(&reach->provenance));
    json_object_set_new(root, "readings", json_integer(reach->n_readings));
    json_object_set_new(root, "findings", findings);
    json_object_set_new(root, "kinds", tried);
    return json_finish(buf, root, error);
}
