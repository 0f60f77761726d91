// SPDX-License-Identifier: MIT
//
// What all views of a model share: its time, units, sources and their relays, the words of the
// standard, the grades of sources.
#include "base/date.h"
#include "base/limits.h"
#include "lang/checker.h"

// ---- Time ---------------------------------------------------------------------------------------

// Number literal with a unit of time, as `every 3 days` has; 0 when it is something else
// (reported).
static double step_length(Shared *shared, const Node *node)
{
    WrittenUnit unit;
    const Node *units = node ? node_child(node, NODE_UNITS) : NULL;
    bool known = units && units_read(&shared->units, units, &unit);
    if (units && !known) {
        return 0;
    }
    double days = known && unit.unit == UNIT_DAY ? node->number * unit.num / unit.den : 0;
    if (!(days > 0) || days > 36525) {
        Diag *diag =
            diag_report(shared->diags, 304, node ? node->span : NO_SPAN,
                        "the length of a step is a duration above zero, at most 100 years");
        diag_help(shared->diags, diag, "write `daily`, or `every 3 days`");
        return 0;
    }
    return days;
}

// How many months of the calendar a written length stands for; 0 when it is none.
static int32_t whole_months(double days)
{
    const double MONTH = 30.4375, NEARLY = 1e-7;
    int32_t months = (int32_t)(days / MONTH + 0.5);
    double off = days - months * MONTH;
    return off < NEARLY && off > -NEARLY ? months : 0;
}

// `every 3 days` says its length; whole months and years have none.
static bool read_step(Shared *shared, const Node *time, Model *model)
{
    static const struct {
        const char *text;
        StepKind kind;
        double days;
        int32_t months;
    } STEPS[] = {{"hourly", STEP_HOURLY, 1.0 / 24, 0}, {"daily", STEP_DAILY, 1, 0},
                 {"weekly", STEP_WEEKLY, 7, 0},        {"monthly", STEP_MONTHS, 0, 1},
                 {"quarterly", STEP_MONTHS, 0, 3},     {"yearly", STEP_MONTHS, 0, 12}};
    for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++) {
        if (str_eq(time->text, str_of(STEPS[i].text))) {
            model->step_kind = STEPS[i].kind;
            model->step_days = STEPS[i].days;
            model->step_months = STEPS[i].months;
            return true;
        }
    }
    double days = step_length(shared, node_expr(time));
    model->step_months = whole_months(days);
    model->step_kind = model->step_months > 0 ? STEP_MONTHS : STEP_EVERY;
    model->step_days = model->step_months > 0 ? 0 : days;
    return days > 0;
}

// Step k starts here. Hours are counted in 24ths, so that midnight is a whole day.
static double start_of_step(const Model *model, int32_t k)
{
    switch (model->step_kind) {
    case STEP_MONTHS: return date_add_months((int32_t)model->start, k * model->step_months);
    case STEP_HOURLY: return model->start + (double)k / 24;
    default: return model->start + (double)k * model->step_days;
    }
}

// Counted rather than divided: the last step ends at or after the end of the run.
static int32_t count_steps(const Model *model)
{
    int32_t n = 0;
    // Rounding of fractions of a day does not make a step of its own.
    while (n <= LIMIT_STEPS && start_of_step(model, n) < model->end - 1e-6) {
        n++;
    }
    return n;
}

// Without a right time nothing is said about dates elsewhere.
static void read_time(Shared *shared, const Node *time)
{
    Model *model = shared->model;
    const Node *from = node_child(time, NODE_DATE), *to = node_next_of(from, NODE_DATE);
    if (time->flags & NODE_BROKEN || !from || !to || !read_step(shared, time, model)) {
        return;
    }
    model->start = from->number;
    model->end = to->number;
    if (!(model->start < model->end)) {
        diag_report(shared->diags, 302, to->span, "the run ends before it begins");
        return;
    }
    if (model->step_kind == STEP_MONTHS && model->start != (double)(int32_t)model->start) {
        diag_report(shared->diags, 304, from->span, "a run by months begins with a whole day");
        return;
    }
    model->n_steps = count_steps(model);
    if (model->n_steps > LIMIT_STEPS) {
        Diag *diag = diag_report(shared->diags, 303, time->span, "more than %d steps", LIMIT_STEPS);
        diag_help(shared->diags, diag, "take longer steps or a shorter time");
        return;
    }
    double *starts = ARENA_ARRAY(shared->arena, double, model->n_steps + 1);
    for (int32_t k = 0; k <= model->n_steps; k++) {
        starts[k] = start_of_step(model, k);
    }
    model->step_start = starts;
    shared->time_known = true;
}

// ---- Relays and sources -------------------------------------------------------------------------

// Relays and sources have name spaces of their own.
static void add_relay(Shared *shared, const Node *node)
{
    int32_t before = map_get(shared->relay_ids, node->text);
    if (before >= 0) {
        Diag *diag = diag_report(shared->diags, 320, name_span(node), "`%.*s` is already a relay",
                                 STR_ARG(node->text));
        diag_related(diag, shared->relays.p[before].span, "declared here");
        return;
    }
    const Node *title = node_child(node, NODE_STRING), *owner = node_child(node, NODE_OWNER);
    Relay relay = {.id = node->text,
                   .title = title ? title->text : STR(""),
                   .owner = owner ? owner->text : STR(""),
                   .span = name_span(node)};
    map_put(shared->relay_ids, node->text, shared->relays.n);
    vec_push(shared->arena, &shared->relays, relay);
}

// Unknown relays are left out of the chain.
static void read_via(Shared *shared, const Node *node, Source *source)
{
    const Node *via = node_child(node, NODE_VIA);
    int32_t *relays = ARENA_ARRAY(shared->arena, int32_t, via ? node_count(via) : 0);
    for (const Node *name = via ? via->child : NULL; name; name = name->next) {
        int32_t relay = map_get(shared->relay_ids, name->text);
        if (relay >= 0) {
            relays[source->n_via++] = relay;
            continue;
        }
        Diag *diag = diag_report(shared->diags, 476, name_span(name), "there is no relay `%.*s`",
                                 STR_ARG(name->text));
        Suggest suggest;
        suggest_init(&suggest, name->text);
        for (int32_t i = 0; i < shared->relays.n; i++) {
            suggest_add(&suggest, shared->relays.p[i].id);
        }
        if (!suggest_help(shared->diags, diag, &suggest)) {
            diag_help(shared->diags, diag, "declare it: `relay %.*s \"...\"`", STR_ARG(name->text));
        }
    }
    source->via = relays;
}

// A percentage as a literal; NaN otherwise.
static double percentage(const Node *node)
{
    return node && node->kind == NODE_NUMBER && node->flags & NODE_PERCENT ? node->number
                                                                           : __builtin_nan("");
}

// `word "likely" = 55% to 80%`: false when it is no range (reported).
static bool read_word(Shared *shared, const Node *node, Word *word)
{
    const Node *value = node_expr(node);
    if (node->flags & NODE_BROKEN || value == NULL) {
        return false;
    }
    bool range = value->kind == NODE_RANGE;
    const Node *lo = range ? node_at(value, 0) : value, *hi = range ? node_at(value, 1) : value;
    *word = (Word){.phrase = node->text, .lo = percentage(lo), .hi = percentage(hi)};
    if (range && word->lo != word->lo && lo && lo->kind == NODE_NUMBER && !lo->child) {
        word->lo = lo->number / 100; // 3 to 15%
    }
    bool fine = word->lo >= 0 && word->hi <= 1 && (range ? word->lo < word->hi : true);
    if (!fine) {
        Diag *diag = diag_report(shared->diags, 477, value->span,
                                 "a word stands for a range of percentages, the lower one first");
        diag_help(shared->diags, diag, "write `word \"%.*s\" = 55%% to 80%%`", STR_ARG(node->text));
    }
    return fine;
}

typedef VEC(Word) WordList;

// The number of words is bounded, since they are searched one by one.
static void read_words(Shared *shared, const Node *node, WordList *words)
{
    for (const Node *w = node_child(node, NODE_SOURCE_WORD); w;
         w = node_next_of(w, NODE_SOURCE_WORD)) {
        Word word;
        if (words->n >= LIMIT_SET_MEMBERS) {
            diag_report(shared->diags, 327, w->span, "more than %d words", LIMIT_SET_MEMBERS);
            return;
        }
        if (!read_word(shared, w, &word)) {
            continue;
        }
        bool twice = false;
        for (int32_t i = 0; i < words->n; i++) {
            twice = twice || str_eq_nocase(words->p[i].phrase, word.phrase);
        }
        if (twice) {
            diag_report(shared->diags, 326, name_span(w), "the word `%.*s` stands here twice",
                        STR_ARG(word.phrase));
        } else {
            vec_push(shared->arena, words, word);
        }
    }
}

static Str text_of(const Node *node, NodeKind kind)
{
    const Node *child = node_child(node, kind);
    return child ? child->text : STR("");
}

// Its relays may be declared below it: they were collected before.
static void add_source(Shared *shared, const Node *node)
{
    int32_t before = map_get(shared->source_ids, node->text);
    if (before >= 0) {
        Diag *diag = diag_report(shared->diags, 320, name_span(node), "`%.*s` is already a source",
                                 STR_ARG(node->text));
        diag_related(diag, shared->sources.p[before].span, "declared here");
        return;
    }
    const Node *date = node_child(node, NODE_DATE);
    WordList words = {0};
    Source source = {.id = node->text,
                     .note = text_of(node, NODE_STRING),
                     .file = text_of(node, NODE_FILE_REF),
                     .url = text_of(node, NODE_URL),
                     .owner = text_of(node, NODE_OWNER),
                     .reliability = (char)node->number,
                     .date = date ? date->number : __builtin_nan(""),
                     .span = name_span(node)};
    read_via(shared, node, &source);
    read_words(shared, node, &words);
    source.words = words.p;
    source.n_words = words.n;
    map_put(shared->source_ids, node->text, shared->sources.n);
    vec_push(shared->arena, &shared->sources, source);
    vec_push(shared->arena, &shared->source_used, false);
}

// ---- Standards and grades -----------------------------------------------------------------------

// Bands are wanted from low to high, synonyms in the order of the file.
static void add_standard(Shared *shared, const Node *node)
{
    Standard standard = {.name = node->text};
    WordList words = {0};
    read_words(shared, node, &words);
    for (int32_t i = 0; i < words.n; i++) {
        vec_push(shared->arena, &standard.words, words.p[i]);
    }
    // From low to high; words of one range keep their order.
    Word *w = standard.words.p;
    for (int32_t i = 1; i < standard.words.n; i++) {
        Word moved = w[i];
        int32_t at = i;
        for (; at > 0 && w[at - 1].lo + w[at - 1].hi > moved.lo + moved.hi; at--) {
            w[at] = w[at - 1];
        }
        w[at] = moved;
    }
    // A standard of the model's own replaces one of the library.
    for (int32_t i = 0; i < shared->standards.n; i++) {
        if (str_eq(shared->standards.p[i].name, node->text)) {
            shared->standards.p[i] = standard;
            return;
        }
    }
    vec_push(shared->arena, &shared->standards, standard);
}

// F and 6 have no weight: they say that nobody can judge.
static void wrong_grade(Shared *shared, const Node *node)
{
    Diag *diag =
        diag_report(shared->diags, 478, node->span,
                    "a grade is a letter from A to E, or one with a figure from 1 to 5, with "
                    "a plain weight");
    diag_help(shared->diags, diag, "F and 6 say that nobody can judge; they have no weight");
}

// `grade C weight 0.5`, `grade C4 weight 0.3`, `grade shared weight 0.3`: the last one counts.
static void add_grade(Shared *shared, const Node *node)
{
    GradeTable *table = &shared->model->grades;
    const Node *weight = node_expr(node);
    Str name = node->text;
    bool letter = name.n >= 1 && name.n <= 2 && name.p[0] >= 'A' && name.p[0] <= 'E';
    bool figure = name.n == 2 && name.p[1] >= '1' && name.p[1] <= '5';
    bool number = weight && weight->kind == NODE_NUMBER && !weight->child && weight->number >= 0;
    if (node->flags & NODE_BROKEN) {
        return;
    }
    if (str_eq(name, STR("shared"))) {
        if (number && weight->number <= 1) {
            table->shared = weight->number;
        } else {
            diag_report(shared->diags, 478, node->span,
                        "what shares a hand counts from 0 to 1 of what it would alone");
        }
    } else if (number && letter && (name.n == 1 || figure)) {
        table->weight[name.p[0] - 'A'][figure ? name.p[1] - '0' : 0] = weight->number;
    } else {
        wrong_grade(shared, node);
    }
}

// Without a word about it, ICD 203.
static void choose_standard(Shared *shared, const Node *words)
{
    Model *model = shared->model;
    model->standard = words ? words->text : STR("ICD203");
    Suggest suggest;
    suggest_init(&suggest, model->standard);
    for (int32_t i = 0; i < shared->standards.n; i++) {
        const Standard *standard = &shared->standards.p[i];
        suggest_add(&suggest, standard->name);
        if (str_eq(standard->name, model->standard)) {
            model->words = standard->words.p;
            model->n_words = standard->words.n;
            return;
        }
    }
    if (words == NULL || words->text.n == 0) {
        return;
    }
    Diag *diag = diag_report(shared->diags, 305, name_span(words),
                             "there is no standard of words `%.*s`", STR_ARG(words->text));
    if (!suggest_help(shared->diags, diag, &suggest)) {
        diag_help(shared->diags, diag, "the library has ICD203, PHIA, Kent, IPCC and Readers");
    }
}

// ---- The model line -----------------------------------------------------------------------------

static void read_base_weight(Shared *shared, const Node *model)
{
    const Node *base = node_child(model, NODE_BASE_WEIGHT);
    const Node *weight = base ? node_expr(base) : NULL;
    if (weight == NULL) {
        return;
    }
    if (weight->kind != NODE_NUMBER || weight->child) {
        diag_report(shared->diags, 472, weight->span, "a weight is a plain number, 0 or above");
        return;
    }
    shared->model->base_weight = weight->number;
}

// Relays before sources, standards before the one that is chosen; the order of the text does not
// matter.
void check_shared(Shared *shared, const NodeList *decls, const Node *model)
{
    for (int32_t i = 0; i < decls->n; i++) {
        const Node *node = decls->p[i];
        switch (node->kind) {
        case NODE_UNIT_DECL: units_declare(&shared->units, node); break;
        case NODE_RELAY: add_relay(shared, node); break;
        case NODE_STANDARD: add_standard(shared, node); break;
        case NODE_GRADE: add_grade(shared, node); break;
        default: break;
        }
    }
    for (int32_t i = 0; i < decls->n; i++) {
        if (decls->p[i]->kind == NODE_SOURCE) {
            add_source(shared, decls->p[i]);
        }
    }
    choose_standard(shared, model ? node_child(model, NODE_WORDS) : NULL);
    if (model == NULL) {
        return;
    }
    shared->model->title = model->text;
    read_base_weight(shared, model);
    const Node *time = node_child(model, NODE_TIME);
    if (time) {
        read_time(shared, time);
    } else if (!(model->flags & NODE_BROKEN)) {
        Diag *diag =
            diag_report(shared->diags, 301, name_span(model), "the model does not say its time");
        diag_help(shared->diags, diag,
                  "write under it `time weekly from 2024-03-04 to 2025-03-03`");
    }
}
