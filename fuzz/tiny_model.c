// SPDX-License-Identifier: MIT
//
// A tiny model out of bytes, and its text.
#include "tiny.h"

#include "base/date.h"

// Bytes as choices; when they end, the first choice of each.
typedef struct {
    Str bytes;
    TinyModel *model;
    int n_events, n_decisions; // declared in all blocks
    int events[TINY_BLOCKS], decisions[TINY_BLOCKS];
} Maker;

static int below(Maker *m, int n)
{
    if (m->bytes.n == 0) {
        return 0;
    }
    int byte = (unsigned char)m->bytes.p[0];
    m->bytes = str_sub(m->bytes, 1, m->bytes.n);
    return byte % n;
}

static int percent(Maker *m)
{
    return 1 + below(m, 99);
}

static TinyNum make_num(Maker *m)
{
    TinyNum num = {.kind = (TinyNumKind)below(m, NUM_KINDS),
                   .a = below(m, TINY_STATES),
                   .b = below(m, TINY_STATES),
                   .c = below(m, TINY_TOP + 1)};
    if (num.kind == NUM_TIMES) {
        num.a = m->n_events ? m->events[num.a % m->n_events] : 0;
        num.kind = m->n_events ? NUM_TIMES : NUM_CONST;
    }
    return num;
}

static TinyTest make_test(Maker *m)
{
    TinyTest test = {.kind = (TinyCondKind)below(m, COND_KINDS),
                     .a = below(m, TINY_STATES),
                     .b = below(m, TINY_STATES),
                     .c = below(m, TINY_TOP + 1),
                     .turned = below(m, 2) == 1};
    switch (test.kind) {
    case COND_HAPPENED:
    case COND_SINCE:
        test.kind = m->n_events ? test.kind : COND_ABOVE;
        test.a = m->n_events ? m->events[test.a % m->n_events] : test.a;
        break;
    case COND_CHOICE:
        test.kind = m->n_decisions ? test.kind : COND_IS;
        if (m->n_decisions) {
            test.a = m->decisions[test.a % m->n_decisions];
            test.b %= m->model->blocks[test.a].n_options;
        }
        break;
    case COND_PARAM: test.a %= TINY_FLAGS; break;
    default: break;
    }
    return test;
}

static TinyCond make_cond(Maker *m)
{
    TinyCond cond = {.n = 1 + below(m, 2), .both = below(m, 2) == 1};
    for (int i = 0; i < cond.n; i++) {
        cond.tests[i] = make_test(m);
    }
    return cond;
}

static TinyAssign make_assign(Maker *m)
{
    TinyAssign assign = {.state = below(m, TINY_STATES)};
    assign.value = make_num(m);
    return assign;
}

// Percents of `one of` sum to less than 100, odds are small numbers.
static void make_options(Maker *m, TinyBlock *block)
{
    int left = 98;
    for (int i = 0; i < block->n_options; i++) {
        int weight = block->kind == TINY_BLOCK_ONE_OF ? 1 + below(m, left / 2) : 1 + below(m, 5);
        left -= weight;
        block->weights[i] = weight;
        block->options[i] = make_assign(m);
    }
}

static void fill_block(Maker *m, TinyBlock *block)
{
    block->has_when = below(m, 2) == 1;
    block->when = make_cond(m);
    block->chance = (TinyChance)below(m, 4);
    block->percent = percent(m);
    block->window = 1 + below(m, 4);
    block->again = below(m, 4) - 1;
    block->every = below(m, 4) - 1;
    block->every = block->every == 0 ? 1 : block->every;
    block->delay = below(m, 4);
    block->then = make_assign(m);
    block->other = make_assign(m);
    // What happens in every step is no event (C0407).
    block->has_when |= block->kind == TINY_BLOCK_EVENT && block->chance == TINY_CHANCE_NONE;
    make_options(m, block);
}

static void make_ask(Maker *m, TinyAsk *ask)
{
    ask->kind = (TinyAskKind)below(m, ASK_KINDS);
    ask->a = below(m, TINY_STATES);
    ask->b = below(m, TINY_STATES);
    ask->c = below(m, m->model->n_steps);
    ask->cond = make_cond(m);
    ask->given = make_cond(m);
    if (ask->kind >= ASK_TIMES) {
        ask->kind = m->n_events ? ask->kind : ASK_END;
        ask->a = m->n_events ? m->events[ask->a % m->n_events] : ask->a;
        ask->b = m->n_events ? m->events[ask->b % m->n_events] : ask->b;
    }
}

TinyModel tiny_model(Str bytes)
{
    TinyModel model = {0};
    Maker maker = {.bytes = bytes, .model = &model};
    Maker *m = &maker;
    model.n_steps = 1 + below(m, TINY_STEPS);
    model.n_blocks = 1 + below(m, TINY_BLOCKS);
    model.n_asks = 1 + below(m, TINY_QUESTIONS);
    for (int i = 0; i < TINY_STATES; i++) {
        model.start[i] = below(m, TINY_TOP + 1);
    }
    for (int i = 0; i < TINY_FLAGS; i++) {
        model.flag_percent[i] = percent(m);
    }
    for (int i = 0; i < model.n_blocks; i++) { // names first: blocks may look at later ones
        TinyBlock *block = &model.blocks[i];
        block->kind = (TinyBlockKind)below(m, 4);
        block->n_options = 1 + below(m, TINY_OPTIONS);
        block->n_options += block->kind == TINY_BLOCK_DECISION && block->n_options == 1;
        if (block->kind == TINY_BLOCK_EVENT) {
            m->events[m->n_events++] = i;
        } else if (block->kind == TINY_BLOCK_DECISION) {
            m->decisions[m->n_decisions++] = i;
        }
    }
    for (int i = 0; i < model.n_blocks; i++) {
        fill_block(m, &model.blocks[i]);
    }
    for (int i = 0; i < model.n_asks; i++) {
        make_ask(m, &model.asks[i]);
    }
    return model;
}

// ---- Text -------------------------------------------------------------------------------------

static Str day_of(Arena *arena, int step)
{
    return date_text(arena, date_days((Civil){2024, 1, 1}) + step, false);
}

static void add_num(Buf *buf, TinyNum n)
{
    switch (n.kind) {
    case NUM_STATE: buf_addf(buf, "s%d", n.a); break;
    case NUM_ADD: buf_addf(buf, "s%d + s%d", n.a, n.b); break;
    case NUM_SUB: buf_addf(buf, "s%d - s%d", n.a, n.b); break;
    case NUM_ADD_C: buf_addf(buf, "s%d + %d", n.a, n.c); break;
    case NUM_MAX: buf_addf(buf, "max(s%d, s%d)", n.a, n.b); break;
    case NUM_TIMES: buf_addf(buf, "times(e%d)", n.a); break;
    case NUM_PREVIOUS: buf_addf(buf, "previous s%d", n.a); break;
    case NUM_IF: buf_addf(buf, "if s%d > %d then s%d else %d", n.a, n.c, n.b, n.c); break;
    case NUM_CONST:
    case NUM_KINDS: buf_addf(buf, "%d", n.c); break;
    }
}

static void add_test(Buf *buf, TinyTest t)
{
    buf_add(buf, t.turned ? STR("not (") : STR("("));
    switch (t.kind) {
    case COND_ABOVE: buf_addf(buf, "s%d > %d", t.a, t.c); break;
    case COND_BELOW: buf_addf(buf, "s%d < s%d", t.a, t.b); break;
    case COND_HAPPENED: buf_addf(buf, "e%d", t.a); break;
    case COND_PARAM: buf_addf(buf, "f%d", t.a); break;
    case COND_TODAY: buf_addf(buf, "today >= %.*s", STR_ARG(day_of(buf->arena, t.c))); break;
    case COND_SINCE: buf_addf(buf, "since(e%d) >= %d days", t.a, t.c); break;
    case COND_CHOICE: buf_addf(buf, "d%d is o%d", t.a, t.b); break;
    case COND_IS:
    case COND_KINDS: buf_addf(buf, "s%d is %d", t.a, t.c); break;
    }
    buf_char(buf, ')');
}

static void add_cond(Buf *buf, const TinyCond *cond)
{
    for (int i = 0; i < cond->n; i++) {
        buf_add(buf, i == 0 ? STR("") : cond->both ? STR(" and ") : STR(" or "));
        add_test(buf, cond->tests[i]);
    }
}

static void add_assign(Buf *buf, const TinyAssign *assign)
{
    buf_addf(buf, "s%d = clamp(", assign->state);
    add_num(buf, assign->value);
    buf_addf(buf, ", 0, %d)\n", TINY_TOP);
}

static void add_step(Buf *buf, const TinyBlock *b)
{
    buf_add(buf, STR("each step\n"));
    if (b->has_when) {
        buf_add(buf, STR("  if "));
        add_cond(buf, &b->when);
        buf_add(buf, STR("\n    "));
        add_assign(buf, &b->then);
        buf_add(buf, STR("  else\n    "));
        add_assign(buf, &b->other);
    } else {
        buf_add(buf, STR("  "));
        add_assign(buf, &b->then);
    }
}

static void add_one_of(Buf *buf, const TinyBlock *b)
{
    buf_add(buf, STR("each step\n  one of\n"));
    for (int i = 0; i < b->n_options; i++) {
        buf_addf(buf, "    %d%%\n      ", b->weights[i]);
        add_assign(buf, &b->options[i]);
    }
    buf_add(buf, STR("    rest\n"));
}

static void add_when(Buf *buf, const TinyBlock *b)
{
    if (b->has_when) {
        buf_add(buf, STR("  when "));
        add_cond(buf, &b->when);
        buf_char(buf, '\n');
    }
}

static void add_event(Buf *buf, const TinyBlock *b, int number)
{
    buf_addf(buf, "event e%d\n", number);
    add_when(buf, b);
    switch (b->chance) {
    case TINY_CHANCE_NONE: break;
    case TINY_CHANCE_STEP: buf_addf(buf, "  chance %d%% within step\n", b->percent); break;
    case TINY_CHANCE_ONCE: buf_addf(buf, "  chance %d%% once\n", b->percent); break;
    case TINY_CHANCE_WINDOW:
        buf_addf(buf, "  chance %d%% within %d days\n", b->percent, b->window);
        break;
    }
    buf_add(buf, STR("  then "));
    add_assign(buf, &b->then);
    if (b->delay) {
        buf_addf(buf, "       after %d days\n         ", b->delay);
        add_assign(buf, &b->other);
    }
    if (b->again == 0) {
        buf_add(buf, STR("  again\n"));
    } else if (b->again > 0) {
        buf_addf(buf, "  again after %d days\n", b->again);
    }
}

static void add_decision(Buf *buf, const TinyBlock *b, int number)
{
    buf_addf(buf, "decision d%d by WHO\n", number);
    add_when(buf, b);
    if (b->every > 0) {
        buf_addf(buf, "  every %d days\n", b->every);
    }
    for (int i = 0; i < b->n_options; i++) {
        buf_addf(buf, "  option o%d weight %d\n    then ", i, b->weights[i]);
        add_assign(buf, &b->options[i]);
    }
}

static void add_ask(Buf *buf, const TinyAsk *ask)
{
    static const char *const FORMS[ASK_KINDS] = {[ASK_EVER] = "ever ",
                                                 [ASK_NEVER] = "never ",
                                                 [ASK_ALWAYS] = "always ",
                                                 [ASK_BY] = "ever ",
                                                 [ASK_GIVEN] = "ever "};
    switch (ask->kind) {
    case ASK_END: buf_addf(buf, "s%d at end", ask->a); break;
    case ASK_MOST: buf_addf(buf, "max s%d", ask->a); break;
    case ASK_MEAN: buf_addf(buf, "mean s%d", ask->a); break;
    case ASK_TIMES: buf_addf(buf, "times e%d", ask->a); break;
    case ASK_FIRST: buf_addf(buf, "first e%d", ask->a); break;
    case ASK_BEFORE: buf_addf(buf, "e%d before e%d", ask->a, ask->b); break;
    default:
        buf_add(buf, str_of(FORMS[ask->kind]));
        add_cond(buf, &ask->cond);
        break;
    }
    if (ask->kind == ASK_BY) {
        buf_addf(buf, " by %.*s", STR_ARG(day_of(buf->arena, ask->c)));
    } else if (ask->kind == ASK_GIVEN) {
        buf_add(buf, STR(" given ever "));
        add_cond(buf, &ask->given);
    }
}

Str tiny_text(Arena *arena, const TinyModel *model)
{
    Buf buf = {.arena = arena};
    buf_addf(&buf, "model \"Tiny\"\n  time daily from 2024-01-01 to %.*s\nactor WHO\n",
             STR_ARG(day_of(arena, model->n_steps)));
    for (int i = 0; i < TINY_FLAGS; i++) {
        buf_addf(&buf, "param f%d : flag ~ %d%%\n  assumption \"x\"\n", i, model->flag_percent[i]);
    }
    for (int i = 0; i < TINY_STATES; i++) {
        buf_addf(&buf, "state s%d : number = %d\n", i, model->start[i]);
    }
    for (int i = 0; i < model->n_blocks; i++) {
        const TinyBlock *block = &model->blocks[i];
        switch (block->kind) {
        case TINY_BLOCK_STEP: add_step(&buf, block); break;
        case TINY_BLOCK_ONE_OF: add_one_of(&buf, block); break;
        case TINY_BLOCK_EVENT: add_event(&buf, block, i); break;
        case TINY_BLOCK_DECISION: add_decision(&buf, block, i); break;
        }
    }
    for (int i = 0; i < model->n_asks; i++) {
        buf_addf(&buf, "question q%d ", i);
        add_ask(&buf, &model->asks[i]);
        buf_char(&buf, '\n');
    }
    return buf_str(&buf);
}
