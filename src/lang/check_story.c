// SPDX-License-Identifier: MIT
//
// What is particular to a story: its weight in the pool, its source, and what its author says in
// his own words. Its overrides were applied to the tree before (overlay.h).
#include "lang/checker.h"
#include "lang/pool.h"

static bool has_source(const int32_t *sources, int32_t n, int32_t source)
{
    for (int32_t i = 0; i < n; i++) {
        if (sources[i] == source) {
            return true;
        }
    }
    return false;
}

// Each source once.
static void add_cited(Checker *c, const Node *node, int32_t *sources, int32_t *n, int32_t cap)
{
    for (const Node *from = node_child(node, NODE_FROM); from;
         from = node_next_of(from, NODE_FROM)) {
        for (const Node *cite = from->child; cite; cite = cite->next) {
            int32_t source = map_get(c->shared->source_ids, cite->text);
            if (source >= 0 && *n < cap && !has_source(sources, *n, source)) {
                sources[(*n)++] = source;
            }
        }
    }
}

static int32_t count_cited(const Node *node)
{
    int32_t n = 0;
    for (const Node *from = node_child(node, NODE_FROM); from;
         from = node_next_of(from, NODE_FROM)) {
        n += node_count(from);
    }
    return n;
}

// Asked at every declaration of the story, so looked up once.
void note_overlay_sources(Checker *c)
{
    int32_t cap = c->overlay ? count_cited(c->overlay) : 0;
    c->overlay_sources = ARENA_ARRAY(c->arena, int32_t, cap);
    c->n_overlay_sources = 0;
    if (c->overlay) {
        add_cited(c, c->overlay, c->overlay_sources, &c->n_overlay_sources, cap);
    }
}

// Whose own words count at this node: the sources it cites, then those of the story around it.
const int32_t *cited_sources(Checker *c, const Node *node, int32_t *n)
{
    int32_t own = count_cited(node), cap = own + c->n_overlay_sources;
    *n = c->n_overlay_sources;
    if (own == 0) {
        return c->overlay_sources;
    }
    int32_t *sources = ARENA_ARRAY(c->arena, int32_t, cap);
    *n = 0;
    add_cited(c, node, sources, n, cap);
    for (int32_t i = 0; i < c->n_overlay_sources; i++) {
        sources[(*n)++] = c->overlay_sources[i];
    }
    return sources;
}

// ---- Weight -------------------------------------------------------------------------------------

// A middle weight for what cannot be judged would be a number out of nothing.
static void no_weight(Checker *c, const Node *story, const char *why)
{
    Diag *diag = report(c, 471, name_span(story), "the story `%.*s` has no weight: %s",
                        STR_ARG(story->text), why);
    diag_help(c->diags, diag, "say how much it counts in the pool: `weight 0.5`");
}

// The first source named stands for the story. What it shares with others is taken off when all are
// there (pool.h).
static void weight_by_grade(Checker *c, const Node *story, View *view)
{
    if (view->notes.n_citations == 0) {
        if (node_child(story, NODE_FROM) == NULL && !(story->flags & NODE_BROKEN)) {
            no_weight(c, story, "it names no source whose grade could stand for it");
        }
        return;
    }
    const Citation *voice = &view->notes.citations[0];
    const Source *source = &c->shared->sources.p[voice->source];
    if (source->reliability < 'A' || source->reliability > 'F') {
        return; // the parser said so
    }
    double weight = pool_grade(&c->shared->model->grades, source, voice->credibility);
    if (weight != weight) {
        no_weight(c, story,
                  source->reliability == 'F' ? "the reliability of its source cannot be judged (F)"
                  : voice->credibility == GRADE_FIGURES
                      ? "whether it is true cannot be judged (6)"
                      : "the table of grades has no line for its source");
        return;
    }
    view->grade_weight = weight;
}

// Stated weights need not add up: the pool normalises them.
static void read_weight(Checker *c, const Node *story, View *view)
{
    const Node *weight = node_child(story, NODE_WEIGHT);
    Kind kind;
    if (weight == NULL) {
        weight_by_grade(c, story, view);
        return;
    }
    view->weight_stated = true;
    if (!check_constant(c, weight->child, want_any(), &view->grade_weight, &kind)) {
        return;
    }
    if (!kind_is_plain(kind) || view->grade_weight < 0) {
        report(c, 472, weight->child->span, "a weight is a plain number, 0 or above");
        view->grade_weight = 0;
    }
}

// ---- What he says -------------------------------------------------------------------------------

// Questions have a name space of their own.
static int32_t question_of(Checker *c, const Node *node)
{
    int32_t known = map_get(c->question_names, node->text);
    if (known >= 0) {
        return known;
    }
    Diag *diag =
        report(c, 473, name_span(node), "there is no question `%.*s`", STR_ARG(node->text));
    Suggest suggest;
    suggest_init(&suggest, node->text);
    for (int32_t i = 0; i < c->questions.n && !too_many_errors(c); i++) {
        suggest_add(&suggest, c->questions.p[i].name);
    }
    suggest_help(c->diags, diag, &suggest);
    return -1;
}

// In quotes or bare, of one word or several.
static bool is_phrase(const Node *node)
{
    return node->kind == NODE_NAME || node->kind == NODE_PHRASE || node->kind == NODE_STRING;
}

// A word nobody defined may be defined here: his words are data.
static void suggest_words(Checker *c, Diag *diag, Str phrase)
{
    Suggest suggest;
    suggest_init(&suggest, phrase);
    for (int32_t i = 0; i < c->where.n_sources; i++) {
        const Source *source = &c->shared->sources.p[c->where.sources[i]];
        for (int32_t k = 0; k < source->n_words; k++) {
            suggest_add(&suggest, source->words[k].phrase);
        }
    }
    for (int32_t i = 0; i < c->shared->model->n_words; i++) {
        suggest_add(&suggest, c->shared->model->words[i].phrase);
    }
    if (!suggest_help(c->diags, diag, &suggest)) {
        bool cited = c->where.n_sources > 0;
        Str source = cited ? c->shared->sources.p[c->where.sources[0]].id : STR("...");
        diag_help(c->diags, diag,
                  "say what he means by it, under `source %.*s`: "
                  "`word \"%.*s\" = 60%% to 80%%`; or give the odds as `70%%`",
                  STR_ARG(source), STR_ARG(phrase));
    }
}

// `5 to 10%`, `70%`: recorded as they are, since they never enter the run.
static bool read_odds(Checker *c, const Node *node, Says *says)
{
    Kind kind;
    const Node *lo = node, *hi = node;
    if (node->kind == NODE_RANGE) {
        lo = node_at(node, 0);
        hi = node_at(node, 1);
    }
    bool bare = lo && lo->kind == NODE_NUMBER && !(lo->flags & NODE_PERCENT) && hi && hi != lo &&
                hi->kind == NODE_NUMBER && hi->flags & NODE_PERCENT;
    Want want = want_any();
    want.has_bare = bare;
    want.bare = (WrittenUnit){.unit = UNIT_PLAIN, .num = 1, .den = 100};
    if (!lo || !hi || !check_constant(c, lo, want, &says->lo, &kind) ||
        !check_constant(c, hi, want, &says->hi, &kind)) {
        return false;
    }
    if (!kind_is_plain(kind) || says->lo < 0 || says->hi > 1 || says->lo > says->hi) {
        report(c, 474, node->span, "odds are a percentage, a range of them, or a word");
        return false;
    }
    return true;
}

static bool same_matter(const Says *a, const Says *b)
{
    bool same_day = a->by == b->by || (a->by != a->by && b->by != b->by);
    return a->question == b->question && a->source == b->source && same_day &&
           str_eq(a->about, b->about);
}

// Two figures for one question: which of them is his?
static void note_says(Checker *c, const Says *says)
{
    for (int32_t i = 0; i < c->says.n; i++) {
        const Says *before = &c->says.p[i];
        if (!same_matter(before, says)) {
            continue;
        }
        Diag *diag = report(c, 487, says->span, "he says two things of `%.*s`",
                            STR_ARG(c->questions.p[says->question].name));
        diag_related(diag, before->span, "said here before");
        diag_help(c->diags, diag,
                  "keep one; for another voice, date or matter say so: `from`, `by`, `about`");
        return;
    }
    vec_push(c->arena, &c->says, *says);
}

// Odds beside a number or a curve compare with nothing.
static void no_odds(Checker *c, const Node *node, int32_t question)
{
    const Question *q = &c->questions.p[question];
    bool chance = q->kind.tag == KIND_FLAG || q->kind.tag == KIND_DATE;
    if (q->kind.tag == KIND_NONE || (chance && q->form.kind != FORM_OVER_TIME)) {
        return;
    }
    bool curve = q->form.kind == FORM_OVER_TIME;
    Str text = curve ? STR("a course over time") : kind_text(c, q->kind);
    Diag *diag = report(c, 517, name_span(node), "`%.*s` has no odds: its answer is %.*s",
                        STR_ARG(node->text), STR_ARG(text));
    diag_related(diag, q->span, "asked here");
    diag_help(c->diags, diag,
              "ask for a chance, such as `question ... ever ...`, and say it of that");
}

// His odds are recorded beside ours and never enter the run.
static void check_says(Checker *c, const Node *node)
{
    const Node *expr = node_expr(node);
    const Node *by = node_child(node, NODE_BY_DATE), *about = node_child(node, NODE_ABOUT);
    const Node *date = node_child(by, NODE_DATE);
    Says says = {.question = question_of(c, node),
                 .words = STR(""),
                 .by = date ? date->number : __builtin_nan(""),
                 .about = about ? about->text : STR(""),
                 .source = -1,
                 .span = node->span};
    c->where = (Where){.reads = READS_ALL, .draws = DRAWS_NONE, .what = "what he says"};
    c->where.sources = cited_sources(c, node, &c->where.n_sources);
    if (says.question >= 0) {
        no_odds(c, node, says.question);
    }
    const Node *from = node_child(node, NODE_FROM);
    Notes notes = check_notes(c, node);
    if (from && notes.n_citations) {
        says.source = notes.citations[0].source;
    }
    if (expr == NULL) {
        return;
    }
    if (!is_phrase(expr)) {
        if (read_odds(c, expr, &says) && says.question >= 0) {
            note_says(c, &says);
        }
        return;
    }
    Word word;
    says.words = expr->text;
    if (!find_word(c, expr->text, &word)) {
        Diag *diag = report(c, 475, expr->span,
                            "nothing says what odds `%.*s` stands for: it is no word of %.*s, nor "
                            "of a source cited here",
                            STR_ARG(expr->text), STR_ARG(c->shared->model->standard));
        suggest_words(c, diag, expr->text);
        return;
    }
    says.lo = word.lo;
    says.hi = word.hi;
    if (says.question >= 0) {
        note_says(c, &says);
    }
}

// ---- What was changed ---------------------------------------------------------------------------

static Str address_of(Checker *c, const Node *item)
{
    const Node *ref = node_child(item, NODE_REF);
    switch (item->kind) {
    case NODE_OVERRIDE: return node_source(c->diags, ref);
    case NODE_EVENT: return str_format(c->arena, "event %.*s", STR_ARG(item->text));
    case NODE_DECISION: return str_format(c->arena, "decision %.*s", STR_ARG(item->text));
    case NODE_WITHOUT: return str_format(c->arena, "without event %.*s", STR_ARG(item->text));
    case NODE_EACH_STEP: return STR("each step");
    case NODE_CORRELATE:
        return str_format(c->arena, "correlate %.*s",
                          STR_ARG(correlated_names(c->arena, c->diags, item)));
    case NODE_ON: {
        const Node *date = node_child(item, NODE_DATE);
        return str_format(c->arena, "on %.*s", STR_ARG(date ? date->text : STR("")));
    }
    default: return STR("");
    }
}

// What a story changed, with its reasons, for those who compare stories.
static void note_overrides(Checker *c, const Node *story, View *view)
{
    OverrideNote *notes = ARENA_ARRAY(c->arena, OverrideNote, node_count(story));
    for (const Node *item = story->child; item; item = item->next) {
        Str address = address_of(c, item);
        if (address.n) {
            notes[view->n_overrides++] = (OverrideNote){
                .quantity = address, .notes = check_notes(c, item), .span = item->span};
        }
    }
    view->overrides = notes;
}

void check_story(Checker *c, const Node *story, View *view)
{
    note_overrides(c, story, view);
    c->where = (Where){.reads = READS_ALL, .draws = DRAWS_NONE, .what = "a weight"};
    if (view->role == VIEW_STORY) {
        read_weight(c, story, view);
    }
    for (const Node *s = node_child(story, NODE_SAYS); s; s = node_next_of(s, NODE_SAYS)) {
        check_says(c, s);
    }
}
