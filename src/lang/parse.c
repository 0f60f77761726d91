// SPDX-License-Identifier: MIT
//
// From a text to its tree: the loop over clauses, recovery after an error, notes, whole files. What
// the parts of the parser share is told in parse_impl.h; read that first.
#include "lang/parse.h"

#include "base/limits.h"
#include "lang/hints.h"
#include "lang/parse_impl.h"

// ---- Recovery ---------------------------------------------------------------------------------

// More messages than anyone reads: most likely this is no model at all.
static bool too_many_errors(const Parser *p)
{
    return p->diags->n_errors >= LIMIT_DIAGS;
}

void parser_recover(Parser *p, int32_t column)
{
    p->panic = false;
    p->brackets = 0;
    if (too_many_errors(p)) {
        parser_skip_to_end(p);
        return;
    }
    // What follows was not understood: what it lacks as text is still said, but only by the lexer.
    while (!p->ahead[0].first || p->ahead[0].column > column) {
        parser_take(p);
    }
}

// ---- Words of later versions ------------------------------------------------------------------

// What comes nearest today, one line a word.
static const char *later_advice(Keyword word)
{
    switch (word) {
    case WORD_PAYOFF:
    case WORD_SOLVE:
        return "today, give each option a `worth`: what the actor cares about, in parts";
    case WORD_OBSERVE:
    case WORD_REPORT:
        return "today, write what is known as an `event ... happened DATE` or as a state's start";
    default: return "today, there is no other way to write it";
    }
}

void parser_report_later(Parser *p, Token word, bool as_name)
{
    Diag *diag = diag_report(p->diags, 190, parser_span(p, word),
                             "`%.*s` belongs to a later version of Casus", STR_ARG(word.text));
    if (as_name) {
        diag_help(p->diags, diag, "choose another name, such as `%.*s_`", STR_ARG(word.text));
    } else {
        diag_help(p->diags, diag, "%s", later_advice(word.word));
    }
}

// later = word of a later version, then anything that belongs to its line
Node *parse_later(Parser *p)
{
    Token word = p->ahead[0];
    parser_report_later(p, word, false);
    Tree tree = tree_new(p, NODE_RESERVED, word);
    tree.node->text = word.text;
    parser_take(p);
    parser_recover(p, word.column);
    return tree_done(p, &tree);
}

// ---- Clauses ----------------------------------------------------------------------------------

// assumption = "assumption", string
static void parse_assumption(Parser *p, Tree *owner, Token word)
{
    Tree tree = tree_new(p, NODE_ASSUMPTION, word);
    tree.node->text = p->ahead[0].text;
    parser_expect(p, TOKEN_STRING, "the reason as a text: assumption \"...\"");
    tree_add(p, owner, tree_done(p, &tree));
}

static const Clause NOTE_CLAUSES[] = {
    {WORD_FROM, parse_from, true},
    {WORD_ASSUMPTION, parse_assumption, true},
};
enum { NOTE_CLAUSE_COUNT = sizeof NOTE_CLAUSES / sizeof NOTE_CLAUSES[0] };

// The clauses of a set are its own and, where it has notes, those of all notes.
static int32_t clause_count(const ClauseSet *set)
{
    return set->n + (set->notes ? NOTE_CLAUSE_COUNT : 0);
}

static const Clause *clause_at(const ClauseSet *set, int32_t i)
{
    return i < set->n ? &set->clauses[i] : &NOTE_CLAUSES[i - set->n];
}

static const ClauseSet FILE_SET;

static const Clause *find_clause(const ClauseSet *set, Keyword word, int32_t *index)
{
    for (int32_t i = 0; i < clause_count(set); i++) {
        if (clause_at(set, i)->word == word) {
            *index = i;
            return clause_at(set, i);
        }
    }
    return NULL;
}

// Did you mean: only among the words that may stand here.
static Keyword nearest_clause(const ClauseSet *set, Str text)
{
    Suggest suggest;
    suggest_init(&suggest, text);
    Keyword best = WORD_NONE;
    for (int32_t i = 0; i < clause_count(set); i++) {
        Keyword word = clause_at(set, i)->word;
        size_t before = suggest.best_distance;
        suggest_add(&suggest, word_text(word));
        best = suggest.best_distance < before ? word : best;
    }
    return best;
}

// "`when`, `chance` or `then`" for a message.
static Str list_clauses(Parser *p, const ClauseSet *set)
{
    Buf buf = {.arena = p->arena};
    for (int32_t i = 0; i < clause_count(set); i++) {
        buf_add(&buf, i == 0 ? STR("`") : i + 1 < clause_count(set) ? STR("`, `") : STR("` or `"));
        buf_add(&buf, word_text(clause_at(set, i)->word));
    }
    buf_char(&buf, '`');
    return buf_str(&buf);
}

static bool word_is_clause(Keyword word)
{
    return word >= WORD_TIME && word <= WORD_TO;
}

// What is called otherwise here, or belongs elsewhere.
static const char *clause_help(const Parser *p, const ClauseSet *set, bool first)
{
    Token token = p->ahead[0];
    bool told =
        str_eq(str_of(set->what), STR("a story")) || str_eq(str_of(set->what), STR("a variant"));
    bool declares = token.word == WORD_PARAM || token.word == WORD_STATE || token.word == WORD_TYPE;
    if (told && declares) {
        return "write its name and the new value: `fear = 2`, `fear ~ 1 to 3`";
    }
    if (told && token.word == WORD_BY) {
        return "whose story it is stands behind `from`";
    }
    if (told && first && parser_then(p, 1) == TOKEN_NUMBER) {
        return "a new value stands behind `=` or `~`: `fear = 2`, `clash.chance = 5% within 1 "
               "year`";
    }
    if (!first && token.word == WORD_IF && str_eq(str_of(set->what), STR("an option"))) {
        return "a value by condition is `if n > 3 then 2 else 0`";
    }
    bool asks = !first && str_eq(str_of(set->what), STR("a question"));
    return hint_other_words(asks ? HINT_QUESTION : HINT_CLAUSE, token.text);
}

// A word that starts no clause here. The one that was meant, when that is clear: then parsing goes
// on as if it had been written.
static Keyword unknown_clause(Parser *p, const ClauseSet *set, bool first)
{
    Token token = p->ahead[0];
    Str text = diag_clip(p->arena, token.text);
    if (set->n == 0 && first) { // --set
        Diag *diag = parser_error(p, 205, "%s takes a name and its new value, not `%.*s`",
                                  set->what, STR_ARG(text));
        diag_help(p->diags, diag,
                  "write for instance `fear = 2` or `clash.chance ~ 5%% to 20%% "
                  "within 1 year`");
        return WORD_NONE;
    }
    const char *help = clause_help(p, set, first);
    if (help) {
        Diag *diag = first ? parser_error(p, token.word == WORD_NONE ? 205 : 206,
                                          "%s has no `%.*s`", set->what, STR_ARG(text))
                           : parser_error(p, 203, "expected the end of the line, found `%.*s`",
                                          STR_ARG(text));
        diag_help(p->diags, diag, "%s", help);
        return WORD_NONE;
    }
    if (token.word != WORD_NONE && first) {
        Diag *diag = parser_error(p, 206, "%s has no `%.*s`", set->what, STR_ARG(text));
        diag_help(p->diags, diag, "`%.*s` stands %s%s", STR_ARG(text), word_where(token.word),
                  set == &FILE_SET && word_is_clause(token.word) ? ", indented under it" : "");
        return WORD_NONE;
    }
    Keyword near = token.word == WORD_NONE ? nearest_clause(set, token.text) : WORD_NONE;
    if (near != WORD_NONE) {
        Diag *diag = diag_report(p->diags, 205, parser_span(p, token), "%s has no `%.*s`",
                                 set->what, STR_ARG(text));
        Str meant = word_text(near);
        diag_help(p->diags, diag, "did you mean `%.*s`?", STR_ARG(meant));
    } else if (!first) {
        parser_error(p, 203, "expected the end of the line, found `%.*s`", STR_ARG(text));
    } else {
        Diag *diag = parser_error(p, 205, "%s has no `%.*s`", set->what, STR_ARG(text));
        Str list = list_clauses(p, set);
        diag_help(p->diags, diag, "a line here starts with %.*s", STR_ARG(list));
    }
    return near;
}

// What the loop over the clauses of one declaration remembers.
typedef struct {
    const ClauseSet *set;
    Column column; // of the clauses that start a line
    Span seen[32]; // where each clause of the table first stood
    uint32_t has;
} ClauseLoop;

// Two conditions of one event could mean "and" or "or": refuse to guess.
static void check_twice(Parser *p, ClauseLoop *loop, const Clause *clause, int32_t index)
{
    ASSERT(index < 32);
    if (loop->has & (1u << index) && !clause->many) {
        Str text = word_text(clause->word);
        Diag *diag = diag_report(p->diags, 207, parser_span(p, p->ahead[0]),
                                 "a second `%.*s` in %s", STR_ARG(text), loop->set->what);
        diag_related(diag, loop->seen[index], "the first is here");
    } else if (!(loop->has & (1u << index))) {
        loop->has |= 1u << index;
        loop->seen[index] = parser_span(p, p->ahead[0]);
    }
}

// Lines of one block share a column. One that does not is reported, and not others in its column.
void parser_check_column(Parser *p, Column *column)
{
    Token token = p->ahead[0];
    if (!token.first && column->expected != 0) {
        return;
    }
    if (column->expected == 0) {
        column->expected = token.column;
    } else if (token.column != column->expected && token.column != column->reported) {
        column->reported = token.column;
        Diag *diag = diag_report(p->diags, 201, parser_span(p, token),
                                 "this line does not line up with those before it");
        diag_help(p->diags, diag, "start it in column %d", (int)column->expected);
    }
}

// A bare string.
static void parse_note(Parser *p, Tree *owner)
{
    Token token = parser_take(p);
    tree_add(p, owner, tree_leaf(p, NODE_NOTE, token));
}

// Of what is no word at all.
static const char *leftover_help(const Parser *p, const ClauseSet *set, bool first)
{
    Token token = p->ahead[0];
    bool twice = p->ahead[1].kind == token.kind && p->ahead[1].glued;
    if ((token.kind == TOKEN_SLASH || token.kind == TOKEN_MINUS) && twice) {
        return "a comment starts with #";
    }
    if (first) {
        return NULL;
    }
    if (token.kind == TOKEN_COMMA && str_eq(str_of(set->what), STR("a decision"))) {
        return "several are a set: `set allies = POL, FRA`, and then `by m in allies`";
    }
    if (token.kind == TOKEN_COMMA && str_eq(str_of(set->what), STR("an actor"))) {
        return "one line each: `actor POL \"Poland\"`";
    }
    if (token.kind != TOKEN_NUMBER) {
        return NULL;
    }
    if (str_eq(str_of(set->what), STR("an option"))) {
        return "write `weight 30`, or `worth 2`";
    }
    char before = token.lo > 1 ? p->lexer.text.p[token.lo - 2] : ' ';
    return before >= '0' && before <= '9' ? "the digits of one number stand together: `100000`, "
                                            "or `100k`"
                                          : NULL;
}

// One clause from its first token. What is special to the declaration is tried first, then notes,
// then the table; at last it is an error, for which the nearest word decides how to go on.
static void one_clause(Parser *p, Tree *owner, ClauseLoop *loop, bool first)
{
    const ClauseSet *set = loop->set;
    parser_skip_colon(p);
    if (parser_at(p) == TOKEN_END) {
        return;
    }
    if (set->other != NULL && set->other(p, owner)) {
        return;
    }
    Token token = p->ahead[0];
    if (set->notes && token.kind == TOKEN_STRING) {
        parse_note(p, owner);
        return;
    }
    if (token.kind != TOKEN_NAME) {
        Str found = parser_found(p);
        Diag *diag = parser_error(p, first ? 205 : 203, "expected %s, found %.*s",
                                  first ? "a word that starts a line here" : "the end of the line",
                                  STR_ARG(found));
        const char *help = leftover_help(p, set, first);
        if (help) {
            diag_help(p->diags, diag, "%s", help);
        }
        return;
    }
    if (word_class(token.word) == WORD_CLASS_LATER) {
        tree_add(p, owner, parse_later(p));
        return;
    }
    int32_t index;
    const Clause *clause = find_clause(set, token.word, &index);
    if (clause == NULL) {
        clause = find_clause(set, unknown_clause(p, set, first), &index);
    }
    if (clause != NULL) {
        check_twice(p, loop, clause, index);
        Token word = parser_take(p);
        if (set != &FILE_SET) { // a declaration has its name before any colon
            parser_skip_colon(p);
        }
        clause->parse(p, owner, word);
    }
}

// A clause is complete, but a deeper line follows.
static void check_complete(Parser *p, Token start)
{
    if (parser_at(p) != TOKEN_END && p->ahead[0].first) {
        Str found = parser_found(p);
        Diag *diag = parser_error(p, 202, "%.*s is indented as if it belonged to the line above",
                                  STR_ARG(found));
        diag_help(p->diags, diag, "start it in column %d", (int)start.column);
    }
}

// A clause that starts a line has that line's column as limit; one in the middle of a line keeps
// the limit around it. After an error, go on at the next line at or left of the clause.
void parse_clauses(Parser *p, Tree *owner, const ClauseSet *set)
{
    ClauseLoop loop = {.set = set};
    int32_t limit = p->limit;
    while (parser_at(p) != TOKEN_END) {
        Token start = p->ahead[0];
        if (start.first) {
            parser_check_column(p, &loop.column);
            p->limit = start.column;
        }
        // The clause's own first token is at the limit; it must still be seen.
        p->ahead[0].first = false;
        int32_t outer = layout_begin(p, MARK_CLAUSE, -1);
        one_clause(p, owner, &loop, start.first);
        layout_end(p, outer);
        if (start.first) {
            check_complete(p, start);
        }
        if (p->panic || too_many_errors(p)) {
            parser_recover(p, start.column);
        }
        p->limit = limit;
    }
}

// After an error in the declaration's first line only the rest of that line is lost.
void parse_body(Parser *p, Tree *owner, const ClauseSet *set)
{
    if (p->panic) {
        parser_recover(p, INT32_MAX);
    }
    parse_clauses(p, owner, set);
}

void parse_notes(Parser *p, Tree *owner, const char *what)
{
    parse_body(p, owner, &(ClauseSet){what, NULL, 0, true, NULL});
}

// ---- Notes ------------------------------------------------------------------------------------

// Admiralty credibility (STANAG 2511): a number, of which only six exist.
static void check_credibility(Parser *p, Node *cite, Token number)
{
    cite->number = number.number;
    if (number.percent || !(number.number == 1 || number.number == 2 || number.number == 3 ||
                            number.number == 4 || number.number == 5 || number.number == 6)) {
        Diag *diag = diag_report(p->diags, 221, parser_span(p, number),
                                 "credibility is a whole number from 1 to 6, not %.*s",
                                 STR_ARG(number.text));
        diag_help(
            p->diags, diag,
            "1 confirmed, 2 probably true, 3 possibly true, 4 doubtful, 5 improbable, 6 cannot "
            "be judged");
        cite->number = 0;
    }
}

// from korybko 3 "locator", riskline 4
void parse_from(Parser *p, Tree *owner, Token word)
{
    Tree from = tree_new(p, NODE_FROM, word);
    do {
        Token id;
        if (!parser_expect_reference(p, "a source", &id)) {
            break;
        }
        Tree cite = tree_new(p, NODE_CITE, id);
        cite.node->text = id.text;
        if (parser_at(p) == TOKEN_NUMBER) {
            check_credibility(p, cite.node, parser_take(p));
        }
        if (parser_at(p) == TOKEN_STRING && !p->ahead[0].first) {
            tree_add(p, &cite, tree_leaf(p, NODE_STRING, parser_take(p)));
        }
        tree_add(p, &from, tree_done(p, &cite));
    } while (parser_accept(p, TOKEN_COMMA));
    tree_add(p, owner, tree_done(p, &from));
}

void parse_title(Parser *p, Tree *owner)
{
    if (parser_at(p) == TOKEN_STRING && !p->ahead[0].first) {
        tree_add(p, owner, tree_leaf(p, NODE_STRING, parser_take(p)));
    }
}

// ---- Files ------------------------------------------------------------------------------------

static const Clause DECLARATIONS[] = {
    {WORD_MODEL, parse_model, true},
    {WORD_USE, parse_use, true},
    {WORD_UNIT, parse_unit, true},
    {WORD_SOURCE, parse_source, true},
    {WORD_RELAY, parse_relay, true},
    {WORD_ACTOR, parse_actor, true},
    {WORD_SET, parse_set, true},
    {WORD_LADDER, parse_ladder, true},
    {WORD_PARAM, parse_param, true},
    {WORD_STATE, parse_state, true},
    {WORD_TYPE, parse_type, true},
    {WORD_BELIEF, parse_belief, true},
    {WORD_CORRELATE, parse_correlate, true},
    {WORD_DEF, parse_def, true},
    {WORD_STOP, parse_stop, true},
    {WORD_CHECK, parse_check, true},
    {WORD_EACH, parse_each_step, true},
    {WORD_EVENT, parse_event, true},
    {WORD_ON, parse_on, true},
    {WORD_DECISION, parse_decision, true},
    {WORD_QUESTION, parse_question, true},
    {WORD_STORY, parse_story, true},
    {WORD_VARIANT, parse_variant, true},
    {WORD_STANDARD, parse_standard, true},
    {WORD_GRADE, parse_grade, true},
};

static const ClauseSet FILE_SET = {"a model", DECLARATIONS,
                                   sizeof DECLARATIONS / sizeof DECLARATIONS[0], false, NULL};

// The lookahead is filled by taking as many tokens; `last` is then a place before the text.
static void parser_init(Parser *p, DiagList *diags, int32_t file, Layout *layout)
{
    *p =
        (Parser){.diags = diags, .arena = diags->arena, .file = file, .layout = layout, .item = -1};
    lexer_init(&p->lexer, diags, file);
    for (int32_t i = 0; i < LOOKAHEAD; i++) {
        parser_take(p);
    }
    p->last = (Token){.column = 1};
}

Node *parse_file(DiagList *diags, int32_t file)
{
    return parse_file_layout(diags, file, NULL);
}

Node *parse_file_layout(DiagList *diags, int32_t file, Layout *layout)
{
    Parser parser;
    parser_init(&parser, diags, file, layout);
    Tree tree = tree_new(&parser, NODE_FILE, parser.last);
    parse_clauses(&parser, &tree, &FILE_SET);
    return tree_done(&parser, &tree);
}

Node *parse_overrides(DiagList *diags, int32_t file)
{
    Parser parser;
    parser_init(&parser, diags, file, NULL);
    Tree tree = tree_new(&parser, NODE_VARIANT, parser.last);
    tree.node->text = STR("set");
    parse_overrides_only(&parser, &tree);
    return tree_done(&parser, &tree);
}
