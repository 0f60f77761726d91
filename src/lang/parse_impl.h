// SPDX-License-Identifier: MIT
//
// What the parts of the parser share. Read parse_token.c and parse.c first (tokens, recovery,
// clauses), then parse_expr.c and parse_value.c, parse_decl.c, parse_block.c, parse_event.c,
// parse_ask.c.
//
// Layout: a clause starts at a column; a line that starts at or left of it ends the clause. While a
// clause is parsed, `limit` is its column, and such a line looks like TOKEN_END to everything in
// it.
//
// Errors: after one, `panic` makes everything look like TOKEN_END, so that all functions return by
// themselves, silently, up to the loop over clauses or statements; it skips to the next line at or
// left of the faulty one's column and goes on.
#pragma once
#include "lang/diags.h"
#include "lang/layout.h"
#include "lang/lex.h"
#include "lang/parse.h"

enum { LOOKAHEAD = 3 };

typedef struct {
    DiagList *diags;
    Arena *arena;
    int32_t file;
    Lexer lexer;
    Token ahead[LOOKAHEAD]; // ahead[0] is next
    Token last;             // taken before it
    int32_t limit;          // column of the clause being parsed
    int32_t depth;          // of recursion, at most LIMIT_DEPTH
    int32_t nodes;          // made, at most LIMIT_NODES
    int32_t brackets;       // open around the place
    int32_t bracket_line;   // where the innermost was opened
    Layout *layout;         // filled when there is one
    int32_t item;           // mark of what is being parsed, -1: none
    bool too_deep;          // was said of what is being parsed
    bool panic;
    bool in_form;                      // outside brackets, `within` belongs to the question
    bool meant_as_name[WORD_NONE + 1]; // words that a declaration was refused as its name
    bool in_worth; // outside brackets, a line that starts with + or - is a new part
} Parser;

// ---- Tokens (parse_token.c) --------------------------------------------------------------------
TokenKind parser_at(const Parser *p); // what comes next in this clause
bool parser_at_word(const Parser *p, Keyword word);
TokenKind parser_then(const Parser *p, int32_t i); // i places further on, on the same line
Keyword parser_then_word(const Parser *p, int32_t i);
Token parser_take(Parser *p);
bool parser_accept(Parser *p, TokenKind kind);
bool parser_accept_word(Parser *p, Keyword word);
// The same when the word is misspelt, with a report.
bool parser_accept_near(Parser *p, Keyword word);
void parser_skip_colon(Parser *p); // C0204
// Take it, or report "expected `what`, found ...".
bool parser_expect(Parser *p, TokenKind kind, const char *what);
bool parser_expect_word(Parser *p, Keyword word);
// A name that is being declared: no word of the language, no dots. `what`: "the event".
Str parser_expect_name(Parser *p, const char *what, Span *span);
// Any name that refers to something.
bool parser_expect_reference(Parser *p, const char *what, Token *name);

Span parser_span(const Parser *p, Token token);
Str parser_found(const Parser *p); // "`chance`", "the end of the line"

// Report at the next token (or behind the last, when there is none) and panic. Nothing is reported
// while already in panic, nor where the lexer did. May return NULL.
__attribute__((format(printf, 3, 4))) Diag *parser_error(Parser *p, int32_t code,
                                                         const char *format, ...);
void parser_expected(Parser *p, const char *what);             // C0210
void parser_too_deep(Parser *p);                               // C0214
bool parser_meant_as_name(const Parser *p, Token token);       // refused as a name before
void parser_report_later(Parser *p, Token word, bool as_name); // C0190, without panic

// One level deeper; false, with an error, when that is too deep. parser_leave in any case.
bool parser_enter(Parser *p);
void parser_leave(Parser *p);

// ---- Trees (parse_tree.c) ----------------------------------------------------------------------
typedef struct {
    Node *node, *last;
    int32_t errors; // when it was begun
    int32_t line;   // where it was begun
} Tree;

Tree tree_new(Parser *p, NodeKind kind, Token start);
Tree tree_around(Parser *p, NodeKind kind, Node *first); // starts where `first` does, which it gets
void tree_add(Parser *p, Tree *tree, Node *child);       // NULL is left out
Node *tree_done(Parser *p, Tree *tree);
Node *tree_leaf(Parser *p, NodeKind kind, Token token); // with the token's text and number
void tree_name(Tree *tree, Str name, Span span);

// ---- Clauses (parse.c) -------------------------------------------------------------------------
// Adds what stands behind the clause's word, which has been taken.
typedef void ClauseParser(Parser *p, Tree *owner, Token word);

typedef struct {
    Keyword word;
    ClauseParser *parse;
    bool many; // may stand more than once
} Clause;

typedef struct {
    const char *what; // "an event"
    const Clause *clauses;
    int32_t n;
    bool notes; // bare strings, `from` and `assumption` too
    // Tried before the table; true when it took something.
    bool (*other)(Parser *p, Tree *owner);
} ClauseSet;

// The column that the lines of a block share.
typedef struct {
    int32_t expected; // 0: no line yet
    int32_t reported; // another, of which was told
    int32_t mark;     // of the first line, when `expected` is set
} Column;
void parser_check_column(Parser *p, Column *column);

void parse_clauses(Parser *p, Tree *owner, const ClauseSet *set);
// The rest of a declaration after its first line, which skips what is left of that line in panic.
void parse_body(Parser *p, Tree *owner, const ClauseSet *set);
void parser_recover(Parser *p, int32_t column); // end of panic: skip to a line at or left of it
void parser_skip_to_end(Parser *p);
Node *parse_later(Parser *p); // a construct of a later version: an error, and what there is of it
void parse_notes(Parser *p, Tree *owner, const char *what); // a body of nothing but notes
// Lines in one column, each read by `parse` (the first may stand behind its clause's word).
void parse_lines(Parser *p, Tree *owner, Node *(*parse)(Parser *p));
void parse_from(Parser *p, Tree *owner, Token word);
void parse_title(Parser *p, Tree *owner); // a string on the declaration's own line

// ---- Layout (parse_tree.c) ---------------------------------------------------------------------
// A mark that starts at the next token, until layout_end(p, what layout_begin returned). `sibling`:
// the first mark of its block, -1: this one.
int32_t layout_begin(Parser *p, MarkRole role, int32_t sibling);
void layout_end(Parser *p, int32_t outer);
void layout_role(Parser *p, MarkRole role); // of the innermost mark
void layout_tight(Parser *p, Token token);
void layout_loose(Parser *p, Token token);
void layout_edit(Parser *p, Token token, const char *text); // NULL: the token is superfluous

// ---- Expressions (parse_expr.c, parse_value.c) -------------------------------------------------
Node *parse_expr(Parser *p);
Node *parse_part(Parser *p, bool *minus); // of a worth, behind its sign
Node *parse_sum(Parser *p);               // binding tighter than comparisons
Node *parse_unary(Parser *p);             // tighter than * and /; no ranges, no windows
Node *parse_uncertain(Parser *p);         // ranges and windows
Node *parse_share(Parser *p);             // a percentage or range of them, nothing after it
Node *parse_duration(Parser *p);
Node *parse_target(Parser *p); // name, name[i], name of x: what can be assigned
bool parser_at_operand(const Parser *p, int32_t i);
void parse_worth(Parser *p, Tree *owner, Token word);
Node *parse_quantity_value(Parser *p);     // after ~ or =, which it takes: VALUE
Node *parse_binder(Parser *p);             // s in senders except POL
Node *parse_units(Parser *p, Token start); // km per week; NULL when there is no name
Node *parse_date(Parser *p);

// ---- Parts -------------------------------------------------------------------------------------
void parse_model(Parser *p, Tree *file, Token word);
void parse_use(Parser *p, Tree *file, Token word);
void parse_unit(Parser *p, Tree *file, Token word);
void parse_source(Parser *p, Tree *file, Token word);
void parse_standard(Parser *p, Tree *file, Token word);
void parse_grade(Parser *p, Tree *file, Token word);
void parse_relay(Parser *p, Tree *file, Token word);
void parse_actor(Parser *p, Tree *file, Token word);
void parse_set(Parser *p, Tree *file, Token word);
void parse_ladder(Parser *p, Tree *file, Token word);
void parse_param(Parser *p, Tree *file, Token word);
void parse_state(Parser *p, Tree *file, Token word);
void parse_type(Parser *p, Tree *file, Token word);
void parse_belief(Parser *p, Tree *file, Token word);
void parse_correlate(Parser *p, Tree *owner, Token word);
void parse_def(Parser *p, Tree *file, Token word);
void parse_stop(Parser *p, Tree *file, Token word);
void parse_check(Parser *p, Tree *file, Token word);

void parse_then(Parser *p, Tree *owner, Token word);
void parse_each_step(Parser *p, Tree *file, Token word);
void parse_on(Parser *p, Tree *file, Token word);
void parse_event(Parser *p, Tree *file, Token word);
void parse_decision(Parser *p, Tree *file, Token word);

void parse_question(Parser *p, Tree *file, Token word);
void parse_story(Parser *p, Tree *file, Token word);
void parse_variant(Parser *p, Tree *file, Token word);
void parse_overrides_only(Parser *p, Tree *variant); // what --set may hold
