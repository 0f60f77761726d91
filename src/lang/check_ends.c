// SPDX-License-Identifier: MIT
//
// The ends of a range: read, of one kind, rising, and where values may lie.
#include "lang/check_ends.h"

// ---- Reading ------------------------------------------------------------------------------------

// The number behind minus signs: `-2 to 6 km` has two of them.
const Node *literal_of(const Node *node)
{
    while (node && node->kind == NODE_UNARY && str_eq(node->text, STR("-"))) {
        node = node->child;
    }
    return node && node->kind == NODE_NUMBER ? node : NULL;
}

// `3 to 10 days`, `2 to 15%`: bare ends take the unit, or the %, of the last end that has one.
Want want_of_ends(Checker *c, const Node *const *nodes, int32_t n, Want want, bool *percent)
{
    for (int32_t i = n - 1; i >= 0; i--) {
        const Node *literal = literal_of(nodes[i]);
        const Node *units = literal ? node_child(literal, NODE_UNITS) : NULL;
        Want own = {.has_bare = true};
        if (literal && literal->flags & NODE_PERCENT) {
            *percent = true;
            own.bare = (WrittenUnit){.unit = UNIT_PLAIN, .num = 1, .den = 100, .text = STR("%")};
            return own;
        }
        if (units && units_read(&c->shared->units, units, &own.bare)) {
            return own;
        }
    }
    return (Want){.has_bare = want.has_bare, .bare = want.bare};
}

// Zero is zero in every unit: `0 to 5 km`.
static bool ends_agree(Checker *c, Ends *ends, const Kind *kinds)
{
    ends->kind = kinds[0];
    for (int32_t i = 1; i < ends->n; i++) {
        bool zero_before = kind_is_plain(ends->kind) && ends->v[i - 1] == 0;
        bool zero_here = kind_is_plain(kinds[i]) && ends->v[i] == 0;
        if (kinds[i].tag == ends->kind.tag && kinds[i].unit == ends->kind.unit) {
            continue;
        }
        if (zero_before && kinds[i].tag == KIND_NUMBER) {
            ends->kind = kinds[i];
        } else if (!zero_here || ends->kind.tag != KIND_NUMBER) {
            Str a = kind_text(c, ends->kind), b = kind_text(c, kinds[i]);
            report(c, 380, ends->spans[i], "a range from %.*s to %.*s", STR_ARG(a), STR_ARG(b));
            return false;
        }
    }
    return true;
}

// The ends as numbers in base units, all of one kind.
bool ends_read(Checker *c, const Node *const *nodes, int32_t n, Want want, Ends *ends)
{
    Kind kinds[3] = {kind_none(), kind_none(), kind_none()};
    bool fine = true;
    *ends = (Ends){.n = n};
    Want own = want_of_ends(c, nodes, n, want, &ends->percent);
    for (int32_t i = 0; i < n; i++) {
        ends->spans[i] = nodes[i] ? nodes[i]->span : NO_SPAN;
        fine = nodes[i] && check_constant(c, nodes[i], own, &ends->v[i], &kinds[i]) && fine;
    }
    if (!fine || !ends_agree(c, ends, kinds)) {
        return false;
    }
    if (ends->kind.tag != KIND_NUMBER && ends->kind.tag != KIND_DATE) {
        Str text = kind_text(c, ends->kind);
        Diag *diag = report(c, 380, ends->spans[0], "a range of numbers or dates, not of %.*s",
                            STR_ARG(text));
        diag_help(c->diags, diag, "say how likely each is: `~ a 30%%, b 70%%`");
        return false;
    }
    ends->shown = shown_of(c, ends->kind, own.has_bare ? &own.bare : NULL);
    return true;
}

// An interval turned round would silently mean something else.
bool ends_rise(Checker *c, const Ends *ends)
{
    for (int32_t i = 1; i < ends->n; i++) {
        if (!(ends->v[i - 1] < ends->v[i])) {
            Diag *diag = report(c, 381, ends->spans[i], "the numbers of a range must rise");
            diag_help(c->diags, diag,
                      "the lower one comes first; for a single value write `= ...`");
            return false;
        }
    }
    return true;
}

// ---- Where values may lie -----------------------------------------------------------------------

// What is declared is a law: a probability beyond 100 % is an error. A range in the middle of an
// expression has no declaration; there the family follows the numbers.
Bounds ends_bounds(Checker *c, const Ends *ends, Want want)
{
    bool same =
        want.declared && want.kind.tag == ends->kind.tag && want.kind.unit == ends->kind.unit;
    if (same) {
        return (Bounds){want.kind.support, true};
    }
    if (ends->kind.tag != KIND_NUMBER) {
        return (Bounds){SUPPORT_REAL, false};
    }
    Support support =
        ends->percent ? SUPPORT_PROBABILITY : units_support(&c->shared->units, ends->kind.unit);
    double lo = ends->v[0], hi = ends->v[ends->n - 1];
    bool inside = lo > 0 && (support != SUPPORT_PROBABILITY || hi < 1);
    return (Bounds){inside ? support : SUPPORT_REAL, false};
}

static const char *support_text(Support support)
{
    return support == SUPPORT_PROBABILITY ? "between 0 % and 100 %"
           : support == SUPPORT_COUNT     ? "a count is a whole number, 0 or above"
                                          : "positive";
}

// Percent signs are what is forgotten most.
static bool outside(Checker *c, const Ends *ends, Bounds bounds, Span span)
{
    Diag *diag = report(c, 382, span, "this lies outside of what it can be: %s",
                        support_text(bounds.support));
    double hi = ends->v[ends->n - 1];
    if (bounds.support == SUPPORT_PROBABILITY && !ends->percent && hi > 1 && hi <= 100) {
        diag_help(c->diags, diag, "put a %% behind the last number");
    }
    return false;
}

// Are the ends where values may lie? The ends themselves count as inside when `closed`.
bool ends_inside(Checker *c, const Ends *ends, Bounds bounds, bool closed)
{
    if (!bounds.law || bounds.support == SUPPORT_REAL) {
        return true;
    }
    bool chance = bounds.support == SUPPORT_PROBABILITY;
    int32_t last = ends->n - 1;
    if (ends->v[0] < 0) {
        return outside(c, ends, bounds, ends->spans[0]);
    }
    if (chance && ends->v[last] > 1) {
        return outside(c, ends, bounds, ends->spans[last]);
    }
    bool at_zero = ends->v[0] == 0, at_one = chance && ends->v[last] == 1;
    if (closed || !(at_zero || at_one)) {
        return true;
    }
    Diag *diag =
        report(c, 383, ends->spans[at_zero ? 0 : last],
               "a 90 %% interval cannot end at %s: 5 %% must lie beyond", at_zero ? "0" : "100 %");
    diag_help(c->diags, diag, "write an end inside, or `a up to b` for a uniform range");
    return false;
}

bool want_is_count(Want want)
{
    return want.declared && want.kind.tag == KIND_NUMBER && want.kind.support == SUPPORT_COUNT;
}

// Half a person is a slip, or a number and no count.
bool ends_whole(Checker *c, const Ends *ends, Want want)
{
    for (int32_t i = 0; want_is_count(want) && i < ends->n; i++) {
        if (!is_whole_number(ends->v[i])) {
            not_whole(c, ends->spans[i]);
            return false;
        }
    }
    return true;
}
