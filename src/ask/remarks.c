// SPDX-License-Identifier: MIT
//
// Remarks: what a reader must know beside the answers. Checks that failed and numbers that broke
// come with the command that tells the first such future.
#include "ask/settle_impl.h"
#include "ask/words.h"
#include "base/date.h"
#include "base/num.h"

enum { FEW_HITS = 30, FEW_FUTURES = 1000, FEW_WORLDS = 50 };

typedef VEC(Remark) RemarkList;

static void remark(Arena *arena, RemarkList *list, Str text)
{
    vec_push(arena, list, ((Remark){.text = text}));
}

// ---- How to see it ------------------------------------------------------------------------------

// As a word of a shell: in quotes when it holds more than letters, digits and harmless signs.
static void add_word(Buf *buf, Str word)
{
    bool plain = word.n > 0;
    for (size_t i = 0; i < word.n && plain; i++) {
        char c = word.p[i];
        plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '/' || c == '.' || c == '_' || c == '-' || c == '+' || c == ':';
    }
    if (plain) {
        buf_add(buf, word);
        return;
    }
    buf_char(buf, '\'');
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] == '\'') {
            buf_add(buf, STR("'\\''"));
        } else {
            buf_char(buf, word.p[i]);
        }
    }
    buf_char(buf, '\'');
}

// Which stories are told decides who tells a world; nothing else of the run does.
static void add_choice(Buf *buf, const RunEnd *o)
{
    const View *view = o->options->view;
    if (view) {
        buf_add(buf, view->role == VIEW_VARIANT ? STR(" --variant ") : STR(" --story "));
        add_word(buf, view->name);
    } else if (o->options->with_base) {
        buf_add(buf, STR(" --base"));
    }
    for (int32_t i = 0; o->plan->changed && i < o->plan->model->n_settings; i++) {
        buf_add(buf, STR(" --set "));
        add_word(buf, o->plan->model->settings[i]);
    }
}

static Str replay_command(Arena *arena, const RunEnd *o, const Incident *x)
{
    Buf buf = {.arena = arena};
    Str path = o->plan->model->path;
    buf_add(&buf, STR("casus replay "));
    if (path.n > 1 && path.p[0] == '-') {
        buf_add(&buf, STR("./")); // or it would be an option; "-" alone is standard input
    }
    add_word(&buf, path);
    buf_addf(&buf, " --seed %llu", (unsigned long long)o->plan->seed);
    add_choice(&buf, o);
    buf_addf(&buf, " --world %lu --future %lu", (unsigned long)x->world, (unsigned long)x->future);
    return buf_str(&buf);
}

static void remark_place(Arena *arena, const RunEnd *o, RemarkList *list, const Incident *x,
                         Str text)
{
    vec_push(arena, list, ((Remark){.text = text, .command = replay_command(arena, o, x)}));
}

static Str future_text(Arena *arena, const Incident *x)
{
    return str_format(arena, "world %lu, future %lu", (unsigned long)x->world,
                      (unsigned long)x->future);
}

static Str day_text(Arena *arena, const Model *model, int32_t step)
{
    step = step < 0 ? 0 : step < model->n_steps ? step : model->n_steps - 1;
    return date_text(arena, model->step_start[step], false);
}

// "crisis.casus:41"; empty without sources.
static Str line_text(Arena *arena, const RunEnd *o, Span span)
{
    const DiagList *sources = o->options->sources;
    if (!sources || span.file < 0) {
        return (Str){0};
    }
    return str_format(arena, " (%.*s:%d)", STR_ARG(sources->sources.p[span.file].path),
                      (int)diag_place(sources, span.file, span.lo).line);
}

// ---- The run ------------------------------------------------------------------------------------

// The chance that is known worst; NULL when no chance has any future behind it.
static const Item *widest(const Answer *answer)
{
    const Item *worst = NULL;
    for (int32_t i = 0; i < answer->n_items; i++) {
        const Item *item = &answer->items[i];
        bool chance = item->kind == ITEM_FLAG || item->kind == ITEM_DATE;
        if (chance && item->value.half >= 0 && (!worst || item->value.half > worst->value.half)) {
            worst = item;
        }
    }
    return worst;
}

static Str percent(Arena *arena, double share)
{
    double x = share * 100;
    return num_grouped(arena, x, x >= 1 ? 1 : x >= 0.1 ? 2 : x >= 0.01 ? 3 : 5);
}

static void remark_precision(Arena *arena, const RunEnd *o, const Answer *answer, RemarkList *list)
{
    double wanted = o->options->precision;
    const Item *worst = widest(answer);
    if (!(wanted > 0) || o->interrupted || (worst && worst->value.half < wanted)) {
        return;
    }
    if (!worst) {
        remark(arena, list,
               STR("the precision asked for is that of chances, and no chance was answered"));
        return;
    }
    remark(arena, list,
           str_format(arena,
                      "the precision asked for (%.*s %%) was NOT reached in %.*s futures: %.*s is "
                      "known to %.*s %% only; ask for more worlds",
                      STR_ARG(percent(arena, wanted)),
                      STR_ARG(num_grouped(arena, (double)o->futures, 0)), STR_ARG(worst->name),
                      STR_ARG(percent(arena, worst->value.half))));
}

static void remark_saved(Arena *arena, const RunEnd *o, RemarkList *list)
{
    if (o->not_saved.n > 0) {
        remark(arena, list,
               str_format(arena, "the checkpoint is not up to date: %.*s", STR_ARG(o->not_saved)));
    } else if (o->interrupted && o->saved_in) {
        remark(arena, list,
               str_format(arena, "saved in %s: the same command goes on from there", o->saved_in));
    }
}

static void remark_run(Arena *arena, const RunEnd *o, const Answer *answer, RemarkList *list)
{
    const Plan *plan = o->plan;
    Str done = num_grouped(arena, (double)o->futures, 0);
    Str wanted = num_grouped(arena, (double)(plan->worlds * plan->futures), 0);
    if (o->interrupted) {
        remark(arena, list,
               str_format(arena,
                          "stopped early: %.*s of %.*s futures were run; the errors are those of "
                          "the smaller run",
                          STR_ARG(done), STR_ARG(wanted)));
    } else if (o->partial) {
        remark(arena, list,
               str_format(arena, "the precision asked for was reached after %.*s of %.*s futures",
                          STR_ARG(done), STR_ARG(wanted)));
    }
    remark_saved(arena, o, list);
    remark_precision(arena, o, answer, list);
    if (plan->worlds_differ && o->worlds < FEW_WORLDS && o->worlds > 0) {
        remark(arena, list,
               str_format(arena,
                          "only %llu world%s: what is unknown in the model is hardly sampled; ask "
                          "for more worlds",
                          (unsigned long long)o->worlds, o->worlds == 1 ? "" : "s"));
    }
}

// ---- Checks -------------------------------------------------------------------------------------

static void remark_checks(Arena *arena, const RunEnd *o, RemarkList *list)
{
    for (int32_t t = 0; t < o->plan->n_tellings; t++) {
        const Telling *telling = &o->plan->tellings[t];
        for (int32_t c = 0; c < telling->program->n_checks; c++) {
            const Incident *x = &o->failures[t][c];
            if (x->n == 0) {
                continue;
            }
            ASSERT(c < telling->view->n_checks);
            const Check *check = &telling->view->checks[c];
            Str text = words_check(arena, o->options->sources, check);
            remark_place(arena, o, list, x,
                         str_format(arena, "the check \"%.*s\" failed, first in %.*s on %.*s",
                                    STR_ARG(text), STR_ARG(future_text(arena, x)),
                                    STR_ARG(day_text(arena, o->plan->model, x->step))));
        }
    }
    if (o->n_failed > 0) {
        remark(arena, list,
               str_format(arena, "checks failed in %.*s of %.*s futures",
                          STR_ARG(num_grouped(arena, (double)o->n_failed, 0)),
                          STR_ARG(num_grouped(arena, (double)o->futures, 0))));
    }
}

// ---- Trouble ------------------------------------------------------------------------------------

// The same state, or the same place in the text, in another telling.
static bool is_same(const StateColumn *a, const StateColumn *b)
{
    return str_eq(a->name, b->name) && a->span.file == b->span.file && a->span.lo == b->span.lo;
}

// Of all tellings together; false when an earlier telling told it already.
static bool gather_trouble(const RunEnd *o, int32_t telling, int32_t state, Incident *all)
{
    const StateColumn *column = &o->plan->tellings[telling].program->states[state];
    *all = o->trouble[telling][state];
    for (int32_t u = 0; u < o->plan->n_tellings && all->n > 0; u++) {
        const Program *other = o->plan->tellings[u].program;
        for (int32_t r = 0; r < other->n_states && u != telling; r++) {
            const Incident *x = &o->trouble[u][r];
            if (x->n > 0 && is_same(&other->states[r], column)) {
                if (u < telling) {
                    return false;
                }
                incident_add(all, x->n, x->world, x->future, x->step);
            }
        }
    }
    return all->n > 0;
}

static Str in_futures(Arena *arena, const Incident *x)
{
    return str_format(arena, "in %.*s future%s, first in %.*s",
                      STR_ARG(num_grouped(arena, (double)x->n, 0)), x->n == 1 ? "" : "s",
                      STR_ARG(future_text(arena, x)));
}

// A state of number -1 is the compiler's own: not finite means that its name came true.
static void remark_state(Arena *arena, const RunEnd *o, const StateColumn *state, const Incident *x,
                         RemarkList *list)
{
    bool broke = state->state >= 0, watched = !broke && state->span.file >= 0;
    Str line = watched ? line_text(arena, o, state->span) : (Str){0};
    const char *what = broke     ? " ended infinite or not a number"
                       : watched ? " was infinite or not a number"
                                 : "";
    remark_place(arena, o, list, x,
                 str_format(arena, "%.*s%.*s%s %.*s", STR_ARG(state->name), STR_ARG(line), what,
                            STR_ARG(in_futures(arena, x))));
}

static void remark_trouble(Arena *arena, const RunEnd *o, RemarkList *list)
{
    for (int32_t t = 0; t < o->plan->n_tellings; t++) {
        const Program *program = o->plan->tellings[t].program;
        for (int32_t s = 0; s < program->n_states; s++) {
            Incident all;
            if (gather_trouble(o, t, s, &all)) {
                remark_state(arena, o, &program->states[s], &all, list);
            }
        }
    }
}

static void remark_odd(Arena *arena, const RunEnd *o, RemarkList *list)
{
    for (int32_t a = 0; a < o->plan->n_asked; a++) {
        const Incident *x = &o->odd[a];
        const View *view = o->plan->tellings[0].view;
        const Question *q = &view->questions[o->plan->asked[a].question];
        if (x->n > 0) {
            remark_place(arena, o, list, x,
                         str_format(arena,
                                    "%.*s%.*s was infinite or not a number (a division by 0, a "
                                    "date that never comes) and is left out %.*s",
                                    STR_ARG(q->name), STR_ARG(line_text(arena, o, q->span)),
                                    STR_ARG(in_futures(arena, x))));
        }
    }
}

// ---- Answers ------------------------------------------------------------------------------------

// Dates are kept by step: those outside of the run are told as its start or its end.
static void remark_outside(Arena *arena, const RunEnd *o, int32_t asked, const Item *item,
                           RemarkList *list)
{
    const Layout *layout = o->layout;
    const uint64_t *bins = o->counts->dates[layout->kind_index[asked]];
    int32_t size = layout->n_date_bins;
    uint64_t before = 0, after = 0;
    for (int32_t s = 0; s < o->plan->n_sections; s++) {
        before += bins[(int64_t)s * size];
        after += bins[(int64_t)s * size + size - 1];
    }
    const struct {
        uint64_t n;
        const char *where, *told;
    } ends[] = {{before, "before the run", "start"}, {after, "after the run", "end"}};
    for (int i = 0; i < 2; i++) {
        if (ends[i].n > 0) {
            Str n = num_grouped(arena, (double)ends[i].n, 0);
            remark(arena, list,
                   str_format(arena, "%.*s is a date %s in %.*s future%s, told as its %s",
                              STR_ARG(item->name), ends[i].where, STR_ARG(n),
                              ends[i].n == 1 ? "" : "s", ends[i].told));
        }
    }
}

static void remark_item(Arena *arena, const RunEnd *o, int32_t asked, const Item *item,
                        RemarkList *list)
{
    if (item->conditional && item->futures > 0 && item->futures < FEW_FUTURES) {
        remark(arena, list,
               str_format(arena, "%.*s rests on %llu futures only", STR_ARG(item->name),
                          (unsigned long long)item->futures));
    }
    if (item->kind == ITEM_DATE && o->layout->kind_index[asked] >= 0 && !item->why.n) {
        remark_outside(arena, o, asked, item, list);
    }
    if (item->kind != ITEM_FLAG && item->kind != ITEM_DATE) {
        return;
    }
    TrackSums sums = settle_sums(o->layout, o->sections, o->layout->first[asked]);
    double hits = sums.x, misses = sums.n - sums.x;
    double rare = hits < misses ? hits : misses;
    if (rare > 0 && rare < FEW_HITS && sums.n >= 2 * FEW_HITS) {
        remark(arena, list,
               str_format(arena, "%.*s came out %s in %d future%s only; run more for a firm figure",
                          STR_ARG(item->name), hits < misses ? "yes" : "no", (int)rare,
                          rare == 1 ? "" : "s"));
    }
}

void settle_remarks(Arena *arena, const RunEnd *o, Answer *answer)
{
    RemarkList remarks = {0};
    remark_run(arena, o, answer, &remarks);
    remark_checks(arena, o, &remarks);
    remark_trouble(arena, o, &remarks);
    remark_odd(arena, o, &remarks);
    for (int32_t a = 0; a < answer->n_items; a++) {
        remark_item(arena, o, a, &answer->items[a], &remarks);
    }
    answer->remarks = remarks.p;
    answer->n_remarks = remarks.n;
}
