// SPDX-License-Identifier: MIT
//
// Marks: the bodies of a View are copied, with a flag set at the head of each that is asked about.
#include "ask/marks.h"

#include "ask/words.h"
#include "math/bits.h"

typedef struct {
    Arena *arena;
    const View *from;
    const DiagList *sources;
    Marks *marks;
    VEC(Quantity) quantities; // those of the view, then a flag for each mark that has one
    const Expr *zero, *one;
    const Dist *start;
    Str where; // the block that is being copied: "event `clash`"
} Marker;

static const Kind FLAG = {.tag = KIND_FLAG};

// ---- Pieces -------------------------------------------------------------------------------------

static const Expr *constant(Arena *arena, Kind kind, double number)
{
    Expr *e = ARENA_NEW(arena, Expr);
    *e = (Expr){.op = EX_CONST, .kind = kind, .number = number, .span = NO_SPAN};
    return e;
}

static const Expr *of_args(Arena *arena, ExprOp op, Kind kind, const Expr *a, const Expr *b)
{
    const Expr **args = ARENA_ARRAY(arena, const Expr *, 2);
    args[0] = a;
    args[1] = b;
    Expr *e = ARENA_NEW(arena, Expr);
    *e = (Expr){.op = op, .kind = kind, .args = args, .n_args = 2, .span = NO_SPAN};
    return e;
}

// A new flag, no at the start.
static const Expr *new_flag(Marker *m)
{
    const Dist **values = ARENA_ARRAY(m->arena, const Dist *, 1);
    values[0] = m->start;
    Quantity q = {.name = str_format(m->arena, "mark %d", (int)m->marks->n),
                  .role = ROLE_STATE,
                  .kind = FLAG,
                  .n_elements = 1,
                  .values = values,
                  .owner_set = -1,
                  .owner_atom = -1,
                  .var = -1,
                  .shown = {.scale = 1},
                  .span = NO_SPAN};
    vec_push(m->arena, &m->quantities, q);
    Expr *e = ARENA_NEW(m->arena, Expr);
    *e = (Expr){.op = EX_QUANTITY, .kind = FLAG, .ref = m->quantities.n - 1, .span = NO_SPAN};
    return e;
}

static const Stmt *set_flag(const Marker *m, const Expr *flag)
{
    Stmt *s = ARENA_NEW(m->arena, Stmt);
    *s = (Stmt){.kind = STMT_ASSIGN,
                .target = flag,
                .value = m->one,
                .var = -1,
                .set = -1,
                .span = NO_SPAN};
    return s;
}

static int32_t add_mark(Marker *m, Mark mark)
{
    vec_push(m->arena, m->marks, mark);
    return m->marks->n - 1;
}

// ---- Bodies -------------------------------------------------------------------------------------

static Body copy_body(Marker *m, Body body, int32_t parent);

// The body with a flag set at its head.
static Body marked_body(Marker *m, Body body, Mark mark)
{
    mark.asked = new_flag(m);
    int32_t index = add_mark(m, mark);
    Body inner = copy_body(m, body, index);
    const Stmt **p = ARENA_ARRAY(m->arena, const Stmt *, inner.n + 1);
    p[0] = set_flag(m, mark.asked);
    for (int32_t i = 0; i < inner.n; i++) {
        p[i + 1] = inner.p[i];
    }
    return (Body){p, inner.n + 1};
}

// "the branch `if tension > 9` in event `clash`"
static Str branch_text(const Marker *m, const char *what, const Stmt *stmt)
{
    Str condition = words_expr(m->arena, m->sources, stmt->value);
    return condition.n > 0 ? str_format(m->arena, "%s `if %.*s` in %.*s", what, STR_ARG(condition),
                                        STR_ARG(m->where))
                           : str_format(m->arena, "%s in %.*s", what, STR_ARG(m->where));
}

// An `else if` stands for itself.
static void copy_if(Marker *m, Stmt *stmt, int32_t parent)
{
    Mark mark = {REACH_BRANCH, stmt->span, 0, parent, NULL, branch_text(m, "the branch", stmt)};
    bool chained = stmt->other.n == 1 && stmt->other.p[0]->kind == STMT_IF;
    stmt->body = marked_body(m, stmt->body, mark);
    if (stmt->other.n == 0 || chained) {
        stmt->other = copy_body(m, stmt->other, parent);
        return;
    }
    Mark other = {REACH_ELSE, stmt->span, 1, parent, NULL, branch_text(m, "the else of", stmt)};
    stmt->other = marked_body(m, stmt->other, other);
}

// Outcomes that do nothing are not missed.
static void copy_one_of(Marker *m, Stmt *stmt, int32_t parent)
{
    Outcome *outcomes = ARENA_ARRAY(m->arena, Outcome, stmt->n_outcomes + 1);
    for (int32_t i = 0; i < stmt->n_outcomes; i++) {
        outcomes[i] = stmt->outcomes[i];
        if (outcomes[i].body.n == 0) {
            continue;
        }
        Str name = outcomes[i].name;
        Str what = name.n > 0 ? str_format(m->arena, "outcome \"%.*s\" of `one of` in %.*s",
                                           STR_ARG(name), STR_ARG(m->where))
                              : str_format(m->arena, "outcome %d of `one of` in %.*s", (int)i + 1,
                                           STR_ARG(m->where));
        Mark mark = {REACH_OUTCOME, stmt->span, i, parent, NULL, what};
        outcomes[i].body = marked_body(m, outcomes[i].body, mark);
    }
    stmt->outcomes = outcomes;
}

static const Stmt *copy_stmt(Marker *m, const Stmt *from, int32_t parent)
{
    Stmt *stmt = ARENA_NEW(m->arena, Stmt);
    *stmt = *from;
    switch (from->kind) {
    case STMT_IF: copy_if(m, stmt, parent); break;
    case STMT_ONE_OF: copy_one_of(m, stmt, parent); break;
    case STMT_AFTER: {
        Str what = str_format(m->arena, "the delayed effect of %.*s", STR_ARG(m->where));
        Mark mark = {REACH_DELAYED, from->span, 0, parent, NULL, what};
        stmt->body = marked_body(m, from->body, mark);
        break;
    }
    case STMT_FOR: stmt->body = copy_body(m, from->body, parent); break;
    default: break;
    }
    return stmt;
}

static Body copy_body(Marker *m, Body body, int32_t parent)
{
    const Stmt **p = ARENA_ARRAY(m->arena, const Stmt *, body.n + 1);
    for (int32_t i = 0; i < body.n; i++) {
        p[i] = copy_stmt(m, body.p[i], parent);
    }
    return (Body){p, body.n};
}

// ---- Blocks -------------------------------------------------------------------------------------

static const Event *copy_events(Marker *m)
{
    Event *events = ARENA_ARRAY(m->arena, Event, m->from->n_events + 1);
    for (int32_t i = 0; i < m->from->n_events; i++) {
        Event *e = &events[i];
        *e = m->from->events[i];
        if (e->removed || e->happened == e->happened) {
            continue; // left out on purpose, or a fact
        }
        m->where = str_format(m->arena, "event `%.*s`", STR_ARG(e->name));
        e->then = marked_body(m, e->then, (Mark){REACH_EVENT, e->span, 0, -1, NULL, m->where});
    }
    return events;
}

static const Option *copy_options(Marker *m, const Decision *d)
{
    Option *options = ARENA_ARRAY(m->arena, Option, d->n_options + 1);
    for (int32_t i = 0; i < d->n_options; i++) {
        options[i] = d->options[i];
        m->where = str_format(m->arena, "option `%.*s` of decision `%.*s`",
                              STR_ARG(options[i].name), STR_ARG(d->name));
        Mark mark = {REACH_OPTION, d->span, i, -1, NULL, m->where};
        options[i].then = marked_body(m, options[i].then, mark);
    }
    return options;
}

// What follows a vote is not there without a council.
static void copy_council(Marker *m, Decision *d)
{
    Carried *carried = ARENA_ARRAY(m->arena, Carried, d->n_carried + 1);
    for (int32_t i = 0; i < d->n_carried; i++) {
        carried[i] = d->carried[i];
        Str option = d->options[carried[i].option].name;
        m->where = str_format(m->arena, "`when carried %.*s` of decision `%.*s`", STR_ARG(option),
                              STR_ARG(d->name));
        Mark mark = {REACH_CARRIED, carried[i].span, i, -1, NULL, m->where};
        carried[i].then = marked_body(m, carried[i].then, mark);
    }
    d->carried = carried;
    if (d->blocked.n > 0) {
        m->where = str_format(m->arena, "`when blocked` of decision `%.*s`", STR_ARG(d->name));
        Mark mark = {REACH_BLOCKED, d->span, 0, -1, NULL, m->where};
        d->blocked = marked_body(m, d->blocked, mark);
    }
}

static const Decision *copy_decisions(Marker *m)
{
    Decision *decisions = ARENA_ARRAY(m->arena, Decision, m->from->n_decisions + 1);
    for (int32_t i = 0; i < m->from->n_decisions; i++) {
        decisions[i] = m->from->decisions[i];
        decisions[i].options = copy_options(m, &m->from->decisions[i]);
        copy_council(m, &decisions[i]);
    }
    return decisions;
}

static const Block *copy_blocks(Marker *m)
{
    Block *blocks = ARENA_ARRAY(m->arena, Block, m->from->n_blocks + 1);
    for (int32_t i = 0; i < m->from->n_blocks; i++) {
        blocks[i] = m->from->blocks[i];
        m->where = blocks[i].kind == BLOCK_ON_DATE ? STR("an `on` block") : STR("`each step`");
        blocks[i].body = copy_body(m, blocks[i].body, -1);
    }
    return blocks;
}

// ---- Values of states ---------------------------------------------------------------------------

static Kind atom_kind(int32_t set)
{
    return (Kind){.tag = KIND_ATOM, .domain = set};
}

// Element k of a state, the last index fastest.
static const Expr *element(const Marker *m, int32_t quantity, int32_t k)
{
    const Quantity *q = &m->from->quantities[quantity];
    const Expr **args = ARENA_ARRAY(m->arena, const Expr *, 3);
    for (int32_t d = q->n_dims - 1; d >= 0; d--) {
        const Set *set = &m->from->sets[q->dims[d]];
        args[d] = constant(m->arena, atom_kind(q->dims[d]), set->atoms[k % set->n_atoms]);
        k /= set->n_atoms;
    }
    Expr *e = ARENA_NEW(m->arena, Expr);
    *e = (Expr){.op = EX_QUANTITY,
                .kind = q->kind,
                .ref = quantity,
                .args = args,
                .n_args = q->n_dims,
                .span = NO_SPAN};
    return e;
}

// Some element of it, from `from` to before `to`, has this value. By halves: there may be a hundred
// thousand, and whoever goes through an expression goes down into it.
static const Expr *some_has(const Marker *m, int32_t quantity, double value, int32_t from,
                            int32_t to)
{
    if (to - from == 1) {
        return of_args(m->arena, EX_EQ, FLAG, element(m, quantity, from),
                       constant(m->arena, m->from->quantities[quantity].kind, value));
    }
    int32_t middle = from + (to - from) / 2;
    return of_args(m->arena, EX_OR, FLAG, some_has(m, quantity, value, from, middle),
                   some_has(m, quantity, value, middle, to));
}

static void mark_value(Marker *m, int32_t quantity, int32_t part, double value, Str name)
{
    const Quantity *q = &m->from->quantities[quantity];
    Str what = str_format(m->arena, "`%.*s` at `%.*s`", STR_ARG(q->name), STR_ARG(name));
    const Expr *has = some_has(m, quantity, value, 0, q->n_elements);
    add_mark(m, (Mark){REACH_VALUE, q->span, part, -1, has, what});
}

static void mark_values(Marker *m, int32_t quantity)
{
    const View *view = m->from;
    const Quantity *q = &view->quantities[quantity];
    if (q->role != ROLE_STATE || q->n_elements == 0) {
        return;
    }
    if (q->kind.tag == KIND_FLAG) {
        mark_value(m, quantity, 0, 0, STR("no"));
        mark_value(m, quantity, 1, 1, STR("yes"));
    } else if (q->kind.tag == KIND_RUNG) {
        const Ladder *ladder = &view->ladders[q->kind.domain];
        for (int32_t r = 0; r < ladder->n_rungs; r++) {
            mark_value(m, quantity, r, r, ladder->rungs[r]);
        }
    } else if (q->kind.tag == KIND_ATOM) {
        const Set *set = &view->sets[q->kind.domain];
        for (int32_t a = 0; a < set->n_atoms; a++) {
            mark_value(m, quantity, a, set->atoms[a], view->atoms[set->atoms[a]].name);
        }
    }
}

// ---- The view -----------------------------------------------------------------------------------

static Question question_of(const Mark *mark, Str name)
{
    return (Question){.name = name,
                      .form = {.kind = FORM_EVER,
                               .a = mark->asked,
                               .at = MATH_NAN,
                               .from = MATH_NAN,
                               .to = MATH_NAN},
                      .resolve_by = MATH_NAN,
                      .kind = FLAG,
                      .shown = {.scale = 1},
                      .span = mark->span};
}

static void add_questions(Marker *m, View *view)
{
    int32_t n = m->from->n_questions;
    Question *questions = ARENA_ARRAY(m->arena, Question, n + m->marks->n + 1);
    for (int32_t i = 0; i < n; i++) {
        questions[i] = m->from->questions[i];
    }
    for (int32_t i = 0; i < m->marks->n; i++) {
        Str name = str_format(m->arena, "mark %d", (int)i);
        questions[n + i] = question_of(&m->marks->p[i], name);
    }
    view->questions = questions;
    view->n_questions = n + m->marks->n;
}

const View *marks_add(Arena *arena, const View *view, const DiagList *sources, Marks *marks)
{
    Marker m = {.arena = arena, .from = view, .sources = sources, .marks = marks};
    m.zero = constant(arena, FLAG, 0);
    m.one = constant(arena, FLAG, 1);
    const Expr **args = ARENA_ARRAY(arena, const Expr *, 1);
    args[0] = m.zero;
    Dist *start = ARENA_NEW(arena, Dist);
    *start = (Dist){.form = DIST_FIXED, .args = args, .n_args = 1, .scale = 1, .span = NO_SPAN};
    m.start = start;
    for (int32_t i = 0; i < view->n_quantities; i++) {
        vec_push(arena, &m.quantities, view->quantities[i]);
    }
    View *marked = ARENA_NEW(arena, View);
    *marked = *view;
    marked->events = copy_events(&m);
    marked->decisions = copy_decisions(&m);
    marked->blocks = copy_blocks(&m);
    for (int32_t i = 0; i < view->n_quantities; i++) {
        mark_values(&m, i);
    }
    marked->quantities = m.quantities.p;
    marked->n_quantities = m.quantities.n;
    add_questions(&m, marked);
    return marked;
}

const View *marks_only(Arena *arena, const View *view, const int32_t *questions, int32_t n)
{
    Question *kept = ARENA_ARRAY(arena, Question, n + 1);
    for (int32_t i = 0; i < n; i++) {
        kept[i] = view->questions[questions[i]];
    }
    View *only = ARENA_NEW(arena, View);
    *only = *view;
    only->questions = kept;
    only->n_questions = n;
    return only;
}
