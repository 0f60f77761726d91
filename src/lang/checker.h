// SPDX-License-Identifier: MIT
//
// The inside of the checker: what its parts (check_*.c) share. Outsiders read check.h.
//
// A Shared holds what all views of a model have in common: units, sources, words, atoms. A Checker
// makes one View of it from a list of declarations. Whatever is wrong is reported and stands as an
// expression of KIND_NONE, about which nobody complains again.
#pragma once
#include "base/map.h"
#include "lang/ast.h"
#include "lang/diags.h"
#include "lang/kinds.h"
#include "lang/model.h"
#include "lang/spec.h"

// ---- What all views share -----------------------------------------------------------------------

typedef struct {
    Str name;
    VEC(Word) words;
} Standard;

typedef VEC(const Node *) NodeList;

typedef struct {
    Arena *arena; // the Model's
    DiagList *diags;
    Model *model;
    Units units;
    VEC(Relay) relays;
    VEC(Source) sources;
    VEC(bool) source_used;
    Map *relay_ids, *source_ids;
    VEC(Standard) standards;
    VEC(Atom) atoms;
    Map *atom_keys; // "POL", "send/go": to atoms
    Map *told;      // unknown names that were reported, by code and name
    bool time_known;
    int32_t n_exprs; // made so far, in all views
} Shared;

// ---- Names --------------------------------------------------------------------------------------

typedef enum {
    SYM_ACTOR,
    SYM_SET,
    SYM_LADDER,
    SYM_QUANTITY,
    SYM_EVENT,
    SYM_DECISION,
    SYM_FUNCTION
} SymbolKind;

typedef struct {
    Str name;
    SymbolKind kind;
    int32_t ref;  // atom, set, ladder, quantity (-1: declared further down), event, decision
    int32_t set;  // types and decisions: the set of their values or options; -1: none
    int32_t same; // next type of that name, of another actor; -1: none
    Span span;
    const Node *node;
    bool used;
    bool broken; // its declaration is wrong: say nothing of its uses
} Symbol;

// A rung, a type's value, an option or a plain member of a set: known by its bare name where its
// kind is expected.
typedef struct {
    Str name;
    Kind kind;
    int32_t value; // rung by position, atom by global number
    int32_t next;  // of the same name; -1: none
} Value;

typedef enum { LOCAL_ATOM, LOCAL_VALUE, LOCAL_EXPR, LOCAL_SIGHT, LOCAL_BROKEN } LocalKind;

typedef struct {
    Str name;
    LocalKind local;
    Kind kind;
    int32_t ref;      // variable or sight
    const Expr *expr; // LOCAL_EXPR
    Shown shown;
    Span span;
} Local;

// ---- Where an expression stands -----------------------------------------------------------------

typedef enum {
    READS_FIXED, // what is fixed in a world: params, types, constants
    READS_ALL
} Reads;

typedef enum {
    DRAWS_NONE,  // a range here is an error
    DRAWS_WORLD, // a range is an unnamed param
    DRAWS_FRESH, // a range is drawn each time it is executed
    DRAWS_ANY    // nobody will take it: the first look at a function's body
} Draws;

typedef struct {
    Reads reads;
    Draws draws;
    const char *what; // "a condition": for messages
    Str place;        // DRAWS_WORLD: what an unnamed param is called; FRESH: block of the site
    Str variable;     // DRAWS_FRESH: variable of the site
    int32_t n_ranges; // DRAWS_WORLD: ranges in this clause; unnamed params get ordinals when > 1
    bool whole;       // DRAWS_WORLD: the clause is nothing but the range
    Str title;        // of unnamed params made here
    const int32_t *sources; // whose own words count, before the standard's
    int32_t n_sources;
} Where;

// What an expression is expected to be. Bare numbers take `bare` when it is given.
typedef struct {
    Kind kind;     // KIND_NONE: anything
    bool declared; // it is the whole value of something of that kind: its support is a law
    bool has_bare;
    WrittenUnit bare;
} Want;

typedef struct {
    int32_t symbol; // a function whose body is being inlined
    Span call;
} Inlining;

typedef struct {
    Shared *shared;
    Arena *arena;
    DiagList *diags;
    const Node *overlay;      // the story or variant, NULL in the base
    int32_t *overlay_sources; // which it is from
    int32_t n_overlay_sources;
    ViewRole role;
    VEC(Symbol) symbols;
    Map *symbol_names;
    VEC(Value) values;
    Map *value_names; // to the last declared of that name
    Map *value_keys;  // the same by name and domain
    VEC(Local) locals;
    int32_t locals_floor; // locals below it are not visible (a function's body)
    Where where;
    VEC(Inlining) inlining;
    int32_t depth;
    bool too_large;
    int64_t comparisons;          // of expressions, to bound the work on a hostile text
    int32_t set_inner, set_outer; // the last pair that set_within looked at
    bool set_fits;
    int32_t *decl_symbols; // symbol of a declaration, by its place in the list; -1: none
    Map *ordinals;         // of draw sites and unnamed params, by what stands before the number
    VEC(Set) sets;
    VEC(Ladder) ladders;
    VEC(Quantity) quantities;
    VEC(double) per_days; // of a quantity's declared unit: `km per week` 7; 0: none
    VEC(Event) events;
    VEC(Decision) decisions;
    VEC(Block) blocks;
    VEC(Check) checks;
    VEC(Question) questions;
    Map *question_names;
    VEC(Says) says;
    const Expr *stop;
    int32_t n_vars;
    VEC(bool) var_whole; // by variable: is it known to hold whole numbers only?
    int32_t n_delays;    // of the block being checked
    bool in_then;        // `after` may stand here
    bool sights_hidden;  // what is asked is the truth, not what a decision sees of it
} Checker;

// ---- Reports ------------------------------------------------------------------------------------

// Like diag_report; in a story, a fault outside its own lines gets the story as the related place.
__attribute__((format(printf, 4, 5))) Diag *report(Checker *c, int32_t code, Span span,
                                                   const char *format, ...);
Str kind_text(const Checker *c, Kind kind);               // "a rung of `rung`"
Str expr_text(const Checker *c, const Expr *expr);        // its kind; "in km per week" as declared
Str node_source(const DiagList *diags, const Node *node); // as written
Span name_span(const Node *node);                         // that of its name, else of all of it

// ---- Parts --------------------------------------------------------------------------------------

// check_names.c
void names_init(Checker *c);
int32_t symbol_declare(Checker *c, SymbolKind kind, Str name, int32_t ref, const Node *node);
Symbol *type_find(Checker *c, Str name, Str actor);                   // NULL: none
Symbol *symbol_find(Checker *c, Str name);                            // NULL: none
Symbol *symbol_expect(Checker *c, SymbolKind kind, const Node *node); // reports; NULL when wrong
const char *symbol_kind_text(const Symbol *symbol);                   // "a set"
void value_declare(Checker *c, Str name, Kind kind, int32_t value);
const Value *value_find(const Checker *c, Str name, Kind kind); // of that domain
// Was this unknown name told already? One cause, one message, however often it is used.
bool told_before(Checker *c, int32_t code, Str name);
bool too_many_errors(const Checker *c); // nobody reads on: suggestions may be left out
Local *local_find(Checker *c, Str name);
void local_push(Checker *c, Local local, const Node *node);
void unknown_name(Checker *c, const Node *node, Kind wanted);
int32_t next_ordinal(Checker *c, Str before); // 1, 2, ...

// check_sets.c
void check_actors(Checker *c, const NodeList *decls);
void check_sets_and_ladders(Checker *c, const NodeList *decls);
int32_t check_type_values(Checker *c, const Node *type); // both: the symbol
int32_t check_option_values(Checker *c, const Node *decision);
bool set_contains(const Checker *c, int32_t set, int32_t atom);
bool set_within(Checker *c, int32_t inner, int32_t outer);
bool sets_share(const Checker *c, int32_t a, int32_t b);
int32_t set_find(Checker *c, const Node *name); // -1 when wrong (reported)

// check_quantity.c
void check_quantities(Checker *c, const NodeList *decls);
bool read_kind(Checker *c, const Node *kind, Kind *out, WrittenUnit *written);
Notes check_notes(Checker *c, const Node *decl);
Shown shown_of(Checker *c, Kind kind, const WrittenUnit *written);
WrittenUnit unit_of(Checker *c, const Expr *expr); // that in which bare numbers beside it are read

// check_dist.c
bool is_range(const Checker *c, const Node *node); // an uncertain value as a whole
int32_t count_ranges(const Checker *c, const Node *node);
const Dist *check_dist(Checker *c, const Node *node, Want want, Kind *kind, Shown *shown);
Dist *dist_new(Checker *c, DistForm form, Span span);
const Dist *dist_fixed(Checker *c, const Expr *expr);
bool find_word(const Checker *c, Str phrase, Word *out);
bool read_share(Checker *c, const Node *node, double *share); // a percentage; reports
// Do shares make 100 %? The one at `rest` (-1: none) takes what is left. Reports.
bool close_shares(Checker *c, double *weights, int32_t n, int32_t rest, Span span);

// check_belief.c
void check_belief_parts(Checker *c, const Node *decl);
void check_propositions(Checker *c, const NodeList *decls);
bool check_evidence(Checker *c, const Node *node, Stmt *stmt);

// check_correlate.c
// The params of a `correlate` line as written, without the number: "a, b[POL]".
Str correlated_names(Arena *arena, const DiagList *diags, const Node *line);
void check_correlations(Checker *c, const NodeList *decls, View *view);

// check_named.c
bool is_named_dist(Str name);
void suggest_dists(Suggest *suggest);
Dist *check_named_dist(Checker *c, const Node *node, Want want, Kind *kind, Shown *shown);

// check_value.c
const Dist *check_value(Checker *c, const Node *value, Want want, Kind *kind, Shown *shown);
const Expr *check_range(Checker *c, const Node *node, Want want);

// exprs.c
Expr *expr_new(Checker *c, ExprOp op, Kind kind, Span span);
// The same value, said to stand at `span`: of a call, not of what it was made from. A copy, since
// the original may stand elsewhere too.
const Expr *expr_at(Checker *c, const Expr *expr, Span span);
Expr *expr_with(Checker *c, ExprOp op, Kind kind, Span span, int32_t n, const Expr *const *args);
const Expr *expr_const(Checker *c, double number, Kind kind, Span span);
const Expr *expr_none(Checker *c, Span span);
bool expr_fold(const Expr *expr, double *out); // the number it always is
// The same where `leaf` knows some expressions; NULL: none.
bool expr_fold_with(const Expr *expr, ExprKnown leaf, void *ctx, double *out);
bool expr_equal(const Expr *a, const Expr *b); // whatever bound variables are called
bool is_whole_number(double x);
bool expr_is_whole(Checker *c,
                   const Expr *expr); // nothing but whole numbers, as far as one can see
bool dist_is_whole(Checker *c, const Dist *dist);
void note_whole_var(Checker *c, int32_t var, const Expr *value);
void not_whole(Checker *c, Span span);                   // reports a fraction where a count belongs
const Expr *expr_as_count(Checker *c, const Expr *expr); // rounded, unless it is whole anyway
static inline bool broken(const Expr *expr)
{
    return expr->kind.tag == KIND_NONE;
}

// check_expr.c
const Expr *check_expr(Checker *c, const Node *node, Want want);
const Expr *check_flag(Checker *c, const Node *node, const char *what);
const Expr *check_number(Checker *c, const Node *node, Want want, const char *what);
bool check_constant(Checker *c, const Node *node, Want want, double *out, Kind *kind);
bool check_duration(Checker *c, const Node *node, const char *what, double *days);
bool check_date(Checker *c, const Node *node, const char *what, double *date);
bool kind_fits(Checker *c, Kind got, Kind wanted);
// The expression as one of `kind`; reports, naming what takes it, when it is of another.
const Expr *adopt(Checker *c, const Expr *expr, Kind kind, Span span, const char *what);
static inline Want want_any(void)
{
    return (Want){.kind = kind_none()};
}
static inline Want want_kind(Kind kind)
{
    return (Want){.kind = kind};
}

// check_ref.c
const Expr *check_name(Checker *c, const Node *node, Want want);
const Expr *check_index(Checker *c, const Node *node);
const Expr *check_of(Checker *c, const Node *node);
const Expr *check_event_ref(Checker *c, const Node *node, EventField field);
const Expr *check_member(Checker *c, const Node *node, int32_t set);

// check_call.c
const Expr *check_call(Checker *c, const Node *node, Want want);
const Expr *check_aggregate(Checker *c, const Node *node);
bool check_binder(Checker *c, const Node *binder, int32_t *set, int32_t *var, const Expr **except);
void check_functions(Checker *c, const NodeList *decls);

// check_stmt.c
Body check_block(Checker *c, const Node *block);

// check_chance.c
void check_chance(Checker *c, const Node *chance, Event *event);
const Expr *check_within(Checker *c, const Node *node, Want want);
bool read_window(Checker *c, const Node *within, double *days, Str *text);

// check_event.c, check_decision.c
void check_dynamics(Checker *c, const NodeList *decls, const NodeList *removed);
void check_event(Checker *c, const Node *node, Event *event);
void check_decision(Checker *c, const Node *node, Decision *decision);

// check_council.c
Council council_of(const Node *decision);
void check_council(Checker *c, const Node *node, Decision *decision); // once it has its options

// check_question.c
void check_questions(Checker *c, const NodeList *decls);

// check_story.c
void check_story(Checker *c, const Node *story, View *view);
void note_overlay_sources(Checker *c);
const int32_t *cited_sources(Checker *c, const Node *node, int32_t *n);

// check_view.c
View *check_view(Shared *shared, const NodeList *decls, const NodeList *removed, ViewRole role,
                 const Node *overlay, Checker *c);

// check_shared.c
void check_shared(Shared *shared, const NodeList *decls, const Node *model);

// lint.c
void lint_model(Shared *shared, const View *base, const NodeList *decls);

// lint_sources.c
void lint_sources(Shared *shared, const NodeList *decls);
