// SPDX-License-Identifier: MIT
//
// What a stretch of a script makes of what stood before it, as expressions: each part once, in a
// form that does not depend on the order of sums of whole numbers, conjunctions and disjunctions.
#pragma once
#include "base/vec.h"
#include "exact/cells.h"

// Leaves, and sums of whole numbers, which may be added in any order.
// Of a uniform that only chooses between fixed outcomes: the mask of one of them (cells.h).
enum { N_INPUT = 1000, N_CONST, N_SUM, N_CELL };

// What an input stands for is in the bits above its number: a slot, the site of a draw, or one of
// its cells.
#define INPUT_KIND 40
enum { INPUT_SLOT, INPUT_SITE, INPUT_CELL, INPUT_KINDS };

typedef struct {
    int32_t op, n, first; // operands: args[first ...]
    uint64_t aux;         // input, bits, table or kind of draw
    bool whole;           // a whole number
} Node;

typedef struct {
    const Script *script;
    Arena *arena;
    const Cells *cells;   // NULL: none are told apart
    const uint8_t *whole; // by slot: holds whole numbers where the stretch begins; NULL: not known
    VEC(Node) nodes;
    VEC(int32_t) args;
    int32_t *table;
    int32_t table_size;
    bool failed; // too large, or something that cannot be written down
} Graph;

// Called at every instruction of a stretch: the expression of each slot there, and, of regions that
// are open, what it was before the outermost, the next, ...
typedef void GraphVisit(void *ctx, int32_t pc, const int32_t *env, int32_t *const *skipped,
                        int32_t n_open);

// Every slot as it stands before the stretch.
void graph_begin(Graph *graph, int32_t *env);
// The stretch of code from `from` to its end; from a cut, with its guards open.
void graph_write_down(Graph *graph, XCode code, int32_t from, const Cut *cut, int32_t *env,
                      GraphVisit *visit, void *ctx);

int32_t graph_intern(Graph *graph, int32_t op, uint64_t aux, const int32_t *args, int32_t n,
                     bool whole);
int32_t graph_input(Graph *graph, int kind, uint64_t number);
// A node as another, with other operands.
int32_t graph_with_operands(Graph *graph, const Node *node, const int32_t *args);

bool graph_is_const(const Graph *graph, int32_t node, double *value);
bool graph_any_order(int32_t op);    // of any number of operands
bool graph_either_order(int32_t op); // of two

static inline int input_kind(const Node *node)
{
    return (int)(node->aux >> INPUT_KIND);
}
static inline int32_t input_number(const Node *node)
{
    return (int32_t)(node->aux & 0xffffffffu);
}
