// SPDX-License-Identifier: MIT
//
// What is asked, and who says what: questions, stories, variants. Read parse_impl.h first.
#include "lang/hints.h"
#include "lang/parse_impl.h"

#define COUNT(array) ((int32_t)(sizeof(array) / sizeof(array)[0]))

// ---- Windows ----------------------------------------------------------------------------------

// by DATE
static Node *parse_by_date(Parser *p)
{
    Tree tree = tree_new(p, NODE_BY_DATE, parser_take(p));
    tree_add(p, &tree, parse_date(p));
    return tree_done(p, &tree);
}

// from DATE to DATE
static Node *parse_from_to(Parser *p)
{
    Tree tree = tree_new(p, NODE_FROM_TO, parser_take(p));
    tree_add(p, &tree, parse_date(p));
    if (parser_expect_word(p, WORD_TO)) {
        tree_add(p, &tree, parse_date(p));
    }
    return tree_done(p, &tree);
}

// within 180 days after e
static Node *parse_within_after(Parser *p)
{
    Tree tree = tree_new(p, NODE_WITHIN_AFTER, parser_take(p));
    tree_add(p, &tree, parse_duration(p));
    if (parser_accept_word(p, WORD_AFTER)) {
        tree_add(p, &tree, parse_expr(p));
    } else {
        Str found = parser_found(p);
        Diag *diag =
            parser_error(p, 251, "expected `after` and an event, found %.*s", STR_ARG(found));
        diag_help(p->diags, diag,
                  "the clock starts at an event: `within 180 days after e`; for a date use `by`");
    }
    return tree_done(p, &tree);
}

// `from` leads to a window when a date follows, to a source otherwise.
static bool at_window(const Parser *p)
{
    return parser_at_word(p, WORD_BY) || parser_at_word(p, WORD_WITHIN) ||
           (parser_at_word(p, WORD_FROM) && p->ahead[1].kind == TOKEN_DATE);
}

// Of two windows of one sort one would be passed over in silence.
static void second_window(Parser *p, const Node *form)
{
    NodeKind kind = parser_at_word(p, WORD_BY)     ? NODE_BY_DATE
                    : parser_at_word(p, WORD_FROM) ? NODE_FROM_TO
                                                   : NODE_WITHIN_AFTER;
    const Node *first = node_child(form, kind);
    if (first != NULL) {
        Str text = word_text(p->ahead[0].word);
        Diag *diag = diag_report(p->diags, 207, parser_span(p, p->ahead[0]),
                                 "a second `%.*s` in one form", STR_ARG(text));
        diag_related(diag, first->span, "the first is here");
    }
}

// window = by | from to | within after; each of them once in a form
static Node *parse_one_window(Parser *p, const Node *form)
{
    second_window(p, form);
    return parser_at_word(p, WORD_BY)     ? parse_by_date(p)
           : parser_at_word(p, WORD_FROM) ? parse_from_to(p)
                                          : parse_within_after(p);
}

// ---- Forms ------------------------------------------------------------------------------------

// A name that is also a word of some clause, as `hit`; `over` would begin `over time`.
static bool at_soft_name(const Parser *p, int32_t i)
{
    Keyword word = parser_then(p, i) == TOKEN_NAME ? p->ahead[i].word : WORD_NONE;
    return word != WORD_NONE && word != WORD_OVER && word_class(word) == WORD_CLASS_SOFT;
}

// `max e` rather than `max(a, b) at end`.
static bool at_soft_prefix(const Parser *p)
{
    Keyword word = parser_at(p) == TOKEN_NAME ? p->ahead[0].word : WORD_NONE;
    bool prefix = word == WORD_FIRST || word == WORD_TIMES || word == WORD_MAX ||
                  word == WORD_MIN || word == WORD_MEAN;
    return prefix && (parser_at_operand(p, 1) || at_soft_name(p, 1)) &&
           !(p->ahead[1].kind == TOKEN_LEFT_PAREN && p->ahead[1].glued);
}

// Words that say how to look at what follows them.
static bool at_prefix(const Parser *p)
{
    return parser_at_word(p, WORD_EVER) || parser_at_word(p, WORD_NEVER) ||
           parser_at_word(p, WORD_ALWAYS) || at_soft_prefix(p);
}

// `max(front)` alone means `max front`.
static bool is_form_call(const Node *node)
{
    const Str names[] = {STR("first"), STR("times"), STR("max"), STR("min"), STR("mean")};
    for (size_t i = 0; node->kind == NODE_CALL && i < sizeof names / sizeof names[0]; i++) {
        if (str_eq(node->text, names[i])) {
            return node_count(node) == 1 && !(node->flags & NODE_PARENS);
        }
    }
    return false;
}

// at end, at DATE
static Str parse_at(Parser *p, Tree *form)
{
    parser_take(p);
    if (parser_accept_word(p, WORD_END)) {
        return STR("at_end");
    }
    if (parser_at(p) == TOKEN_DATE) {
        tree_add(p, form, parse_date(p));
        return STR("at_date");
    }
    parser_expected(p, "`end` or a date after `at`");
    return STR("at_end");
}

// What stands after the expression of a form: at end, over time, before b, until b.
static Str parse_form_suffix(Parser *p, Tree *form)
{
    if (parser_at_word(p, WORD_AT)) {
        return parse_at(p, form);
    }
    if (parser_accept_word(p, WORD_OVER)) {
        parser_expect_word(p, WORD_TIME);
        return STR("over_time");
    }
    if (parser_at_word(p, WORD_BEFORE) || parser_at_word(p, WORD_UNTIL)) {
        Str text = parser_take(p).text;
        tree_add(p, form, parse_expr(p));
        return text;
    }
    return STR("");
}

static void add_call_argument(Parser *p, Tree *form, Node *call)
{
    form->node->text = call->text;
    Node *argument = call->child;
    tree_add(p, form, argument);
}

// form = expression, [ suffix ]; what follows the expression is kept apart until it is known
// whether the expression itself was a form such as `max(front)`.
static void form_without_prefix(Parser *p, Tree *form, bool plain_allowed)
{
    Token start = p->ahead[0];
    Node *value = parse_expr(p);
    Tree rest = tree_new(p, NODE_FORM, p->ahead[0]);
    Str text = parse_form_suffix(p, &rest);
    if (value != NULL && text.n == 0 && is_form_call(value)) {
        add_call_argument(p, form, value);
        return;
    }
    tree_add(p, form, value);
    tree_add(p, form, rest.node->child);
    form->node->text = text.n > 0 ? text : STR("ever");
    if (text.n == 0) {
        layout_edit(p, start, "ever");
    }
    if (text.n == 0 && !plain_allowed && !p->panic) {
        Diag *diag =
            diag_report(p->diags, 250, form->node->span, "the question does not say when to look");
        const char *help =
            start.kind == TOKEN_NAME ? hint_other_words(HINT_FORM, start.text) : NULL;
        diag_help(p->diags, diag, "%s",
                  help ? help
                       : "write `ever ...`, `first ...`, `max ...`, `... at end`, `... over time`, "
                         "or another form");
    }
}

// `mean x at end` is two forms in one.
static void no_second_form(Parser *p, Str first)
{
    if (!parser_at_word(p, WORD_AT) && !parser_at_word(p, WORD_OVER)) {
        return;
    }
    Str found = parser_found(p);
    if (parser_at_word(p, WORD_OVER) && parser_then_word(p, 1) != WORD_TIME) {
        Diag *diag =
            parser_error(p, 203, "expected the end of the question, found %.*s", STR_ARG(found));
        diag_help(p->diags, diag, "more than is `>`: `x > 3`");
        return;
    }
    Diag *diag =
        parser_error(p, 203, "expected the end of the question, found %.*s", STR_ARG(found));
    diag_help(p->diags, diag,
              "`%.*s` looks at the whole run: leave one of the two out (of `x at end` the mean is "
              "told too), or give it a window: `by`, `from ... to`",
              STR_ARG(first));
}

// ever e, e at end, a before b, ...; then windows. `plain_allowed`: a condition alone means ever.
static Node *parse_form(Parser *p, bool plain_allowed)
{
    Tree form = tree_new(p, NODE_FORM, p->ahead[0]);
    bool in_form = p->in_form;
    p->in_form = true;
    if (at_prefix(p)) {
        form.node->text = parser_take(p).text;
        tree_add(p, &form, parse_expr(p));
        no_second_form(p, form.node->text);
    } else {
        form_without_prefix(p, &form, plain_allowed);
    }
    while (at_window(p)) {
        tree_add(p, &form, parse_one_window(p, form.node));
    }
    p->in_form = in_form;
    return tree_done(p, &form);
}

// ---- Questions --------------------------------------------------------------------------------

// given = "given", form
static void parse_given(Parser *p, Tree *question, Token word)
{
    Tree given = tree_new(p, NODE_GIVEN, word);
    tree_add(p, &given, parse_form(p, true));
    if (parser_at_word(p, WORD_AND)) { // within an expression it is taken already
        Diag *diag = parser_error(p, 203, "expected the end of the condition, found `and`");
        diag_help(p->diags, diag,
                  "two conditions are two: `given ... given ...`, or a line for each");
    }
    tree_add(p, question, tree_done(p, &given));
}

// resolves "rule" by DATE
static void parse_resolves(Parser *p, Tree *question, Token word)
{
    Tree tree = tree_new(p, NODE_RESOLVES, word);
    Token rule = p->ahead[0];
    if (parser_expect(p, TOKEN_STRING, "the rule as a text")) {
        tree_add(p, &tree, tree_leaf(p, NODE_STRING, rule));
        if (parser_accept_word(p, WORD_BY)) {
            tree_add(p, &tree, parse_date(p));
        }
    }
    tree_add(p, question, tree_done(p, &tree));
}

// A window on a line of its own, under the form.
static void add_window(Parser *p, Node *form)
{
    Tree tree = {.node = form, .last = form->child, .errors = p->diags->n_errors};
    while (tree.last != NULL && tree.last->next != NULL) {
        tree.last = tree.last->next;
    }
    tree_add(p, &tree, parse_one_window(p, form));
    tree_done(p, &tree);
}

// The form is what no other clause of a question is.
static bool question_form(Parser *p, Tree *question)
{
    Node *form = node_child(question->node, NODE_FORM);
    if (form != NULL && at_window(p)) {
        add_window(p, form);
        return true;
    }
    Keyword word = p->ahead[0].kind == TOKEN_NAME ? p->ahead[0].word : WORD_NONE;
    bool clause = word == WORD_GIVEN || word == WORD_RESOLVES || word == WORD_FROM ||
                  word == WORD_ASSUMPTION || word_class(word) == WORD_CLASS_LATER;
    if (form != NULL || clause || parser_at(p) == TOKEN_STRING) {
        return false;
    }
    tree_add(p, question, parse_form(p, false));
    return true;
}

static const Clause QUESTION_CLAUSES[] = {
    {WORD_GIVEN, parse_given, true},
    {WORD_RESOLVES, parse_resolves, false},
};
static const ClauseSet QUESTION_SET = {"a question", QUESTION_CLAUSES, COUNT(QUESTION_CLAUSES),
                                       true, question_form};

// question = "question", name, [ string ], clauses with exactly one form
void parse_question(Parser *p, Tree *file, Token word)
{
    Tree question = tree_new(p, NODE_QUESTION, word);
    Span span;
    Str name = parser_expect_name(p, "a question", &span);
    tree_name(&question, name, span);
    if (parser_at(p) == TOKEN_ASSIGN) {
        Diag *diag =
            parser_error(p, 203, "what a question asks stands behind its name without `=`");
        diag_help(p->diags, diag, "leave the `=` out: `question won ever victory`");
        parser_accept(p, TOKEN_ASSIGN);
    }
    parse_title(p, &question);
    parse_body(p, &question, &QUESTION_SET);
    Node *node = tree_done(p, &question);
    if (node_child(node, NODE_FORM) == NULL && !(node->flags & NODE_BROKEN)) {
        Diag *diag = diag_report(p->diags, 250, node->name_span, "the question asks nothing");
        diag_help(p->diags, diag, "write `ever ...`, `... at end` or another form under it");
        node->flags |= NODE_BROKEN;
    }
    tree_add(p, file, node);
}

// ---- Stories and variants ---------------------------------------------------------------------

// weight = "weight", sum
static void parse_story_weight(Parser *p, Tree *story, Token word)
{
    Tree weight = tree_new(p, NODE_WEIGHT, word);
    tree_add(p, &weight, parse_sum(p));
    tree_add(p, story, tree_done(p, &weight));
}

// What he means by it, when that is not quite what the question asks.
static void parse_about(Parser *p, Tree *says)
{
    Token text = p->ahead[0];
    if (parser_expect(p, TOKEN_STRING, "what he means, as a text")) {
        tree_add(p, says, tree_leaf(p, NODE_ABOUT, text));
    }
}

// says troops_in very likely by 2024-12-31 about "any soldiers at all" from riskline
static void parse_says(Parser *p, Tree *story, Token word)
{
    Tree says = tree_new(p, NODE_SAYS, word);
    Token question;
    if (parser_expect_reference(p, "a question", &question)) {
        tree_name(&says, question.text, parser_span(p, question));
        tree_add(p, &says, parse_sum(p));
    }
    if (parser_at_word(p, WORD_BY)) {
        tree_add(p, &says, parse_by_date(p));
    }
    if (!p->panic && parser_accept_word(p, WORD_ABOUT)) {
        parse_about(p, &says);
    }
    if (parser_at_word(p, WORD_FROM)) {
        parse_from(p, &says, parser_take(p));
    }
    tree_add(p, story, tree_done(p, &says));
}

// without event x
static void parse_without(Parser *p, Tree *story, Token word)
{
    Tree without = tree_new(p, NODE_WITHOUT, word);
    Token kind = p->ahead[0];
    Token name;
    if (parser_accept_word(p, WORD_EVENT) || parser_accept_word(p, WORD_DECISION)) {
        if (parser_expect_reference(p, "what is left out", &name)) {
            tree_name(&without, name.text, parser_span(p, name));
            tree_add(p, &without, tree_leaf(p, NODE_NAME, kind));
        }
    } else {
        parser_expected(p, "`event` or `decision` and its name");
    }
    tree_add(p, story, tree_done(p, &without));
}

// clash.chance, push[POL], aims of RUS
static Node *parse_ref(Parser *p)
{
    Token name = p->ahead[0];
    Tree ref = tree_new(p, NODE_REF, name);
    tree_name(&ref, name.text, parser_span(p, name));
    Node *target = parse_target(p);
    if (target != NULL && target->kind == NODE_INDEX) {
        tree_add(p, &ref, target);
    } else if (target != NULL && target->kind == NODE_OF) {
        Tree of = tree_new(p, NODE_OF_ACTOR, p->last);
        of.node->text = target->child == NULL ? STR("") : target->child->text;
        tree_add(p, &ref, tree_done(p, &of));
    }
    return tree_done(p, &ref);
}

// The worth of an option may be a list of parts.
static Node *parse_override_value(Parser *p, Str name)
{
    if (!str_ends(name, STR(".worth")) || parser_at(p) != TOKEN_ASSIGN) {
        return parse_quantity_value(p);
    }
    Token assign = parser_take(p);
    Tree holder = tree_new(p, NODE_OVERRIDE, assign);
    parse_worth(p, &holder, assign);
    return holder.node->child;
}

// override = target, ( value | "=", worth list )
static Node *parse_override(Parser *p)
{
    Tree tree = tree_new(p, NODE_OVERRIDE, p->ahead[0]);
    Node *ref = parse_ref(p);
    tree_add(p, &tree, ref);
    tree_add(p, &tree, p->panic ? NULL : parse_override_value(p, ref->text));
    return tree_done(p, &tree);
}

// What backs a changed value stands under it.
static void parse_override_notes(Parser *p, Tree *story)
{
    Tree tree = tree_new(p, NODE_OVERRIDE, p->ahead[0]);
    layout_role(p, MARK_OVERRIDE);
    Node *node = parse_override(p);
    tree = (Tree){.node = node,
                  .last = node_at(node, node_count(node) - 1),
                  .errors = tree.errors,
                  .line = tree.line};
    if (!p->panic) {
        parse_notes(p, &tree, "what a story changes");
    }
    tree_add(p, story, tree_done(p, &tree));
}

// A name with a new value behind it, and no clause of a story.
static bool story_override(Parser *p, Tree *story)
{
    Token token = p->ahead[0];
    TokenKind next = parser_then(p, 1);
    bool value = next == TOKEN_TILDE || next == TOKEN_ASSIGN || next == TOKEN_LEFT_BRACKET ||
                 parser_then_word(p, 1) == WORD_OF;
    if (parser_at(p) != TOKEN_NAME || word_class(token.word) != WORD_CLASS_SOFT || !value) {
        return false;
    }
    parse_override_notes(p, story);
    return true;
}

// A block in a story replaces the one of that name, or is an error: the checker knows.
static void parse_story_block(Parser *p, Tree *story, Token word)
{
    switch (word.word) {
    case WORD_EVENT: parse_event(p, story, word); break;
    case WORD_DECISION: parse_decision(p, story, word); break;
    case WORD_EACH: parse_each_step(p, story, word); break;
    case WORD_CORRELATE: parse_correlate(p, story, word); break;
    default: parse_on(p, story, word); break;
    }
}

#define STORY_BLOCKS                                                                               \
    {WORD_EVENT, parse_story_block, true}, {WORD_DECISION, parse_story_block, true},               \
        {WORD_EACH, parse_story_block, true}, {WORD_CORRELATE, parse_story_block, true},           \
    {                                                                                              \
        WORD_ON, parse_story_block, true                                                           \
    }

static const Clause STORY_CLAUSES[] = {
    {WORD_WEIGHT, parse_story_weight, false},
    {WORD_SAYS, parse_says, true},
    {WORD_WITHOUT, parse_without, true},
    STORY_BLOCKS,
};
static const ClauseSet STORY_SET = {"a story", STORY_CLAUSES, COUNT(STORY_CLAUSES), true,
                                    story_override};

static const Clause VARIANT_CLAUSES[] = {{WORD_WITHOUT, parse_without, true}, STORY_BLOCKS};
static const ClauseSet VARIANT_SET = {"a variant", VARIANT_CLAUSES, COUNT(VARIANT_CLAUSES), true,
                                      story_override};

// Stories and variants differ in what they may say, not in shape.
static void parse_voice(Parser *p, Tree *file, Token word, NodeKind kind, const ClauseSet *set)
{
    Tree tree = tree_new(p, kind, word);
    Span span;
    Str name = parser_expect_name(p, set->what, &span);
    tree_name(&tree, name, span);
    parse_title(p, &tree);
    parse_body(p, &tree, set);
    tree_add(p, file, tree_done(p, &tree));
}

void parse_story(Parser *p, Tree *file, Token word)
{
    parse_voice(p, file, word, NODE_STORY, &STORY_SET);
}

void parse_variant(Parser *p, Tree *file, Token word)
{
    parse_voice(p, file, word, NODE_VARIANT, &VARIANT_SET);
}

void parse_overrides_only(Parser *p, Tree *variant)
{
    static const ClauseSet set = {"--set", NULL, 0, false, story_override};
    parse_clauses(p, variant, &set);
}
