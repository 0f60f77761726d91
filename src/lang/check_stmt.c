// SPDX-License-Identifier: MIT
//
// Statements: what `each step` and `then` do to the states.
#include "lang/checker.h"

#include "base/limits.h"

// ---- Targets ------------------------------------------------------------------------------------

// The most frequent slip is a new name without `let`.
static void not_a_state(Checker *c, const Node *node, const Symbol *symbol)
{
    if (symbol && symbol->node && symbol->node->kind == NODE_BELIEF) {
        Diag *diag = report(c, 430, name_span(node), "`%.*s` is a belief: evidence changes it",
                            STR_ARG(node->text));
        diag_related(diag, symbol->span, "declared here");
        diag_help(c->diags, diag, "write `hears %.*s hit 80%% false alarm 30%%`, or `told`",
                  STR_ARG(node->text));
        return;
    }
    if (symbol) {
        bool fixed = symbol->kind == SYM_QUANTITY;
        Diag *diag = report(c, 430, name_span(node), "`%.*s` is %s%s; only states change",
                            STR_ARG(node->text), symbol_kind_text(symbol),
                            fixed ? ", fixed in each world" : "");
        diag_related(diag, symbol->span, "declared here");
        return;
    }
    const Local *local = local_find(c, node->text);
    if (local) {
        Diag *diag =
            report(c, 430, name_span(node), "`%.*s` is a name for a value; only states change",
                   STR_ARG(node->text));
        diag_related(diag, local->span, "given here");
        return;
    }
    if (told_before(c, 325, node->text)) {
        return;
    }
    Diag *diag = report(c, 430, name_span(node), "there is no state `%.*s`", STR_ARG(node->text));
    Suggest suggest;
    suggest_init(&suggest, node->text);
    for (int32_t i = 0; i < c->symbols.n; i++) {
        const Symbol *s = &c->symbols.p[i];
        if (s->kind == SYM_QUANTITY && s->node->kind == NODE_STATE) {
            suggest_add(&suggest, s->name);
        }
    }
    if (!suggest_help(c->diags, diag, &suggest)) {
        diag_help(c->diags, diag,
                  "declare it: `state %.*s : ... = ...`; for a name of this block "
                  "alone write `let`",
                  STR_ARG(node->text));
    }
}

// The state that a statement changes, NULL when there is none (reported).
static const Expr *check_target(Checker *c, const Node *node)
{
    if (node == NULL) {
        return NULL;
    }
    const Symbol *symbol = local_find(c, node->text) ? NULL : symbol_find(c, node->text);
    if (symbol == NULL || symbol->kind != SYM_QUANTITY || symbol->node->kind != NODE_STATE) {
        not_a_state(c, node, symbol);
        return NULL;
    }
    const Expr *target =
        node->kind == NODE_INDEX ? check_index(c, node) : check_name(c, node, want_any());
    return target->kind.tag == KIND_NONE ? NULL : target;
}

static Str target_name(const Node *node)
{
    return node ? node->text : STR("");
}

// ---- Single statements --------------------------------------------------------------------------

static ExprOp assign_op(Str text)
{
    return str_eq(text, STR("+="))   ? EX_ADD
           : str_eq(text, STR("-=")) ? EX_SUB
           : str_eq(text, STR("*=")) ? EX_MUL
                                     : EX_DIV;
}

// x += e as x + e: the Model knows plain assignments only.
static const Expr *op_value(Checker *c, const Node *node, const Expr *target)
{
    ExprOp op = assign_op(node->text);
    const Node *right = node_at(node, 1);
    bool scales = op == EX_MUL || op == EX_DIV;
    if (target && target->kind.tag != KIND_NUMBER && target->kind.tag != KIND_DATE) {
        Str text = kind_text(c, target->kind);
        Diag *diag = report(c, 431, name_span(node), "`%.*s` changes numbers, and this is %.*s",
                            STR_ARG(node->text), STR_ARG(text));
        if (target->kind.tag == KIND_RUNG) {
            diag_help(c->diags, diag, "write `raise ... by 1` or `lower ... by 1`");
        }
        return expr_none(c, node->span);
    }
    const Expr *value = check_expr(c, right, want_any());
    if (target == NULL || value->kind.tag == KIND_NONE) {
        return expr_none(c, node->span);
    }
    Kind wanted = scales                          ? kind_number(UNIT_PLAIN)
                  : target->kind.tag == KIND_DATE ? kind_number(UNIT_DAY)
                                                  : target->kind;
    value = adopt(c, value, wanted, right->span, scales ? "a factor" : "this state");
    if (value->kind.tag == KIND_NONE) {
        return value;
    }
    return expr_with(c, op, target->kind, node->span, 2, (const Expr *const[]){target, value});
}

// The state says what bare names and ranges on the right mean.
static bool check_assign(Checker *c, const Node *node, Stmt *stmt)
{
    if (node->text.n == 0) { // the parser said that it assigns nothing
        return false;
    }
    const Expr *target = check_target(c, node_at(node, 0));
    const Node *right = node_at(node, 1);
    c->where.variable = target_name(node_at(node, 0));
    stmt->kind = STMT_ASSIGN;
    stmt->target = target;
    if (!str_eq(node->text, STR("="))) {
        stmt->value = op_value(c, node, target);
        return target && stmt->value->kind.tag != KIND_NONE;
    }
    Want want = target ? want_kind(target->kind) : want_any();
    want.declared = target != NULL;
    const Expr *value = check_expr(c, right, want);
    if (target && right) {
        value = adopt(c, value, target->kind, right->span, "this state");
    }
    stmt->value = value;
    return target && value->kind.tag != KIND_NONE;
}

// A count takes the nearest whole number.
static bool check_assignment(Checker *c, const Node *node, Stmt *stmt)
{
    bool fine = check_assign(c, node, stmt);
    if (fine && stmt->target->kind.tag == KIND_NUMBER &&
        c->quantities.p[stmt->target->ref].kind.support == SUPPORT_COUNT) {
        stmt->value = expr_as_count(c, stmt->value);
    }
    return fine;
}

// By a number of rungs, or to one.
static bool check_raise(Checker *c, const Node *node, Stmt *stmt)
{
    const char *verb = node->kind == NODE_RAISE ? "`raise`" : "`lower`";
    const Expr *target = check_target(c, node_at(node, 0));
    const Node *right = node_at(node, 1);
    c->where.variable = target_name(node_at(node, 0));
    stmt->kind = node->kind == NODE_RAISE ? STMT_RAISE : STMT_LOWER;
    stmt->target = target;
    stmt->by = (node->flags & NODE_BY_AMOUNT) != 0;
    if (target && target->kind.tag != KIND_RUNG) {
        Str text = kind_text(c, target->kind);
        Diag *diag = report(c, 432, node_at(node, 0)->span,
                            "%s moves on a ladder, and this is %.*s", verb, STR_ARG(text));
        diag_help(c->diags, diag, "write `%.*s += ...` or `%.*s = ...`", STR_ARG(c->where.variable),
                  STR_ARG(c->where.variable));
        target = NULL;
    }
    Kind wanted = stmt->by ? kind_number(UNIT_PLAIN) : target ? target->kind : kind_none();
    const Expr *value = check_expr(c, right, want_kind(wanted));
    if (right && wanted.tag != KIND_NONE) {
        value = adopt(c, value, wanted, right->span, verb);
    }
    stmt->value = value;
    return target && value->kind.tag != KIND_NONE;
}

// The name holds from here to the end of the block.
static bool check_let(Checker *c, const Node *node, Stmt *stmt)
{
    c->where.variable = node->text;
    const Expr *value = check_expr(c, node_expr(node), want_any());
    stmt->kind = STMT_LET;
    stmt->value = value;
    stmt->var = c->n_vars++;
    note_whole_var(c, stmt->var, value);
    bool fine = value->kind.tag != KIND_NONE;
    Local local = {.name = node->text,
                   .local = fine ? LOCAL_VALUE : LOCAL_BROKEN,
                   .kind = value->kind,
                   .ref = stmt->var};
    local_push(c, local, node);
    return fine;
}

// ---- Statements with blocks ---------------------------------------------------------------------

// Behind the condition come one or two blocks; an `else if` is a statement in the place of the
// second.
static const Node *nth_block(const Node *node, int32_t n)
{
    const Node *block = NULL;
    for (const Node *child = node->child; child; child = child->next) {
        bool is_block = child->kind == NODE_BLOCK || child->kind == NODE_IF_STMT;
        if (is_block && n-- == 0) {
            block = child;
        }
    }
    return block;
}

static const Stmt *check_statement(Checker *c, const Node *node);

// An `else if` becomes a body of one statement.
static Body check_else(Checker *c, const Node *node)
{
    if (node == NULL) {
        return (Body){0};
    }
    if (node->kind == NODE_BLOCK) {
        return check_block(c, node);
    }
    const Stmt **one = ARENA_ARRAY(c->arena, const Stmt *, 1);
    one[0] = check_statement(c, node);
    return (Body){one, one[0] ? 1 : 0};
}

static bool check_if_statement(Checker *c, const Node *node, Stmt *stmt)
{
    c->where.variable = STR("if");
    stmt->kind = STMT_IF;
    stmt->value = check_flag(c, node_expr(node), "`if`");
    stmt->body = check_block(c, nth_block(node, 0));
    stmt->other = check_else(c, nth_block(node, 1));
    return stmt->value->kind.tag != KIND_NONE;
}

// The set stays a set; the lowering unrolls it.
static bool check_for(Checker *c, const Node *node, Stmt *stmt)
{
    const Node *binder = node_child(node, NODE_BINDER);
    if (binder == NULL) {
        return false;
    }
    int32_t top = c->locals.n;
    stmt->kind = STMT_FOR;
    bool fine = check_binder(c, binder, &stmt->set, &stmt->var, &stmt->except);
    stmt->body = check_block(c, node_child(node, NODE_BLOCK));
    c->locals.n = top;
    return fine;
}

// A delay inside a delay would have to be kept per delivery; an event of its own says the same.
static bool check_after(Checker *c, const Node *node, Stmt *stmt)
{
    c->where.variable = STR("after");
    stmt->kind = STMT_AFTER;
    if (!c->in_then) {
        Diag *diag = report(c, 433, node->span,
                            "`after` stands inside the `then` of an event or "
                            "option, and not inside another `after`");
        diag_help(c->diags, diag,
                  "write an event that fires here, and put `after` under its `then`");
        return false;
    }
    Want want = want_kind(kind_number(UNIT_DAY));
    want.kind.support = SUPPORT_POSITIVE;
    want.declared = true;
    stmt->delay = check_number(c, node_expr(node), want, "`after`");
    stmt->delay_id = c->n_delays++;
    c->in_then = false;
    stmt->body = check_block(c, node_child(node, NODE_BLOCK));
    c->in_then = true;
    return stmt->delay->kind.tag != KIND_NONE;
}

// ---- One of -------------------------------------------------------------------------------------

// Shares that can be added up are; others need a `rest`.
static void check_weights(Checker *c, const Node *node, bool all_fixed, double sum, bool rest)
{
    if (node->flags & NODE_BROKEN) {
        return;
    }
    if (!all_fixed && !rest) {
        Diag *diag = report(c, 434, node->span, "these shares cannot be seen to make 100 %%");
        diag_help(c->diags, diag, "let the last outcome be `rest`");
        return;
    }
    bool fine = rest ? sum <= 1 + 1e-9 : sum > 1 - 1e-9 && sum < 1 + 1e-9;
    if (all_fixed && !fine) {
        Str text = str_format(c->arena, "%g", sum * 100);
        Diag *diag =
            report(c, 387, node->span, "these shares make %.*s %%, not 100 %%", STR_ARG(text));
        diag_help(c->diags, diag, "the last may be `rest`");
    }
}

// Shares in percent, exclusive; what is left of 100 % does nothing or is `rest`.
static bool check_one_of(Checker *c, const Node *node, Stmt *stmt)
{
    int32_t n = node_count(node), i = 0;
    Outcome *outcomes = ARENA_ARRAY(c->arena, Outcome, n);
    bool fine = n > 0, all_fixed = true, rest = false;
    double sum = 0, share;
    Want want = want_kind(kind_number(UNIT_PLAIN));
    want.kind.support = SUPPORT_PROBABILITY;
    want.declared = true;
    for (const Node *o = node->child; o; o = o->next, i++) {
        c->where.variable = STR("one_of");
        const Node *title = node_child(o, NODE_STRING);
        outcomes[i].name = title ? title->text : STR("");
        if (o->flags & NODE_REST) {
            if (rest) {
                report(c, 435, o->span, "`rest` stands here twice");
            }
            rest = true;
        } else {
            const Node *weight = node_expr(o);
            outcomes[i].weight = check_number(c, weight, want, "a share");
            bool known = expr_fold(outcomes[i].weight, &share);
            fine = fine && outcomes[i].weight->kind.tag != KIND_NONE;
            all_fixed = all_fixed && known;
            sum += known ? share : 0;
            if (known && weight && (share < 0 || share > 1)) {
                report(c, 388, weight->span, "a share is a percentage from 0 %% to 100 %%");
                fine = false;
            }
        }
        outcomes[i].body = check_block(c, node_child(o, NODE_BLOCK));
    }
    if (n > LIMIT_OPTIONS) {
        report(c, 327, node->span, "more than %d outcomes", LIMIT_OPTIONS);
    }
    if (fine) {
        check_weights(c, node, all_fixed, sum, rest);
    }
    stmt->kind = STMT_ONE_OF;
    stmt->outcomes = outcomes;
    stmt->n_outcomes = n;
    Str before = str_format(c->arena, "%.*s.one_of", STR_ARG(c->where.place));
    stmt->site = str_format(c->arena, "%.*s.%d", STR_ARG(before), next_ordinal(c, before));
    return fine;
}

// ---- Blocks -------------------------------------------------------------------------------------

// A statement that is wrong is left out: what stands after it is still checked.
static const Stmt *check_statement(Checker *c, const Node *node)
{
    Stmt *stmt = ARENA_NEW(c->arena, Stmt);
    stmt->span = node->span;
    bool fine = false;
    switch (node->kind) {
    case NODE_ASSIGN: fine = check_assignment(c, node, stmt); break;
    case NODE_RAISE:
    case NODE_LOWER: fine = check_raise(c, node, stmt); break;
    case NODE_HEARS:
    case NODE_TOLD: fine = check_evidence(c, node, stmt); break;
    case NODE_LET: fine = check_let(c, node, stmt); break;
    case NODE_IF_STMT: fine = check_if_statement(c, node, stmt); break;
    case NODE_FOR: fine = check_for(c, node, stmt); break;
    case NODE_AFTER: fine = check_after(c, node, stmt); break;
    case NODE_ONE_OF: fine = check_one_of(c, node, stmt); break;
    default: break; // a construct of a later version, which was reported
    }
    return fine ? stmt : NULL;
}

// Lets end with their block.
Body check_block(Checker *c, const Node *block)
{
    if (block == NULL) {
        return (Body){0};
    }
    int32_t n = 0, top = c->locals.n;
    const Stmt **stmts = ARENA_ARRAY(c->arena, const Stmt *, node_count(block) + 1);
    for (const Node *node = block->child; node; node = node->next) {
        const Stmt *stmt = check_statement(c, node);
        if (stmt) {
            stmts[n++] = stmt;
        }
    }
    c->locals.n = top;
    return (Body){stmts, n};
}
