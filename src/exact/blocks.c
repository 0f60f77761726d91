// SPDX-License-Identifier: MIT
//
// Blocks: from the states before a stretch to columns and rows, what the units do to the rows, and
// where every cell ends.
#include "exact/blocks.h"

#include <string.h>

#include "base/vec.h"
#include "exact/units_impl.h"

// Numbers for sets of words: a Space of which nothing but keys is used.
static Space *numbering(Arena *arena, int32_t n_words)
{
    Space *s = ARENA_NEW(arena, Space);
    s->n_words = n_words;
    return s;
}

typedef struct {
    const BlocksOrder *order;
    Arena *scratch;
    Units *units;
    const Split *split;
    int32_t n_units; // of the stretch
    // States before the stretch
    uint64_t *mask; // of the moving part
    uint32_t n_columns;
    uint32_t *column_state; // by column: one of its states
    uint32_t *first;        // by column: its states in `cells`; n_columns + 1
    uint32_t *cells;        // states, by column, by row
    uint32_t *row_of;       // likewise: numbers of moving parts
    int32_t *row_codes;     // by row: codes of its moving slots
    // Columns that are alike
    uint32_t n_classes;
    uint32_t *class_of, *class_column; // by column; by class: the first column
    uint64_t *regs;
} Making;

// ---- Columns and rows ---------------------------------------------------------------------------

static uint64_t *moving_mask(Arena *arena, const Space *space, const Split *split)
{
    uint64_t *mask = ARENA_ARRAY(arena, uint64_t, space->n_words);
    for (int32_t i = 0; i < space->n_fields; i++) {
        const Field *f = &space->fields[i];
        if (!split->stands[f->slot]) {
            field_set(f, mask, (int32_t)((UINT64_C(1) << f->width) - 1));
        }
    }
    return mask;
}

static uint32_t number_part(Space *parts, const uint64_t *key, const uint64_t *mask, bool moving)
{
    uint64_t part[SPACE_MOST_WORDS];
    for (int32_t w = 0; w < parts->n_words; w++) {
        part[w] = key[w] & (moving ? mask[w] : ~mask[w]);
    }
    return space_state(parts, part);
}

uint32_t blocks_count_rows(const Units *units, const Split *split, const uint32_t *states,
                           uint32_t n, uint32_t sample)
{
    Arena *scratch = arena_new(0);
    const Space *space = units->spaces[split->from];
    const uint64_t *mask = moving_mask(scratch, space, split);
    Space *rows = numbering(scratch, space->n_words);
    for (uint64_t i = 0; i < n && i < sample; i++) {
        uint64_t at = n <= sample ? i : words_hash(&i, 1) % n;
        (void)number_part(rows, space_key(space, states[at]), mask, true);
    }
    uint32_t found = rows->n;
    space_free(rows);
    arena_free(scratch);
    return found;
}

// Sorted by `by`, stably: order[i] is the place of what comes i-th.
static uint32_t *sort_by(Arena *arena, const uint32_t *by, uint32_t n_values,
                         const uint32_t *before, uint32_t n, uint32_t *start)
{
    uint32_t *order = ARENA_ARRAY(arena, uint32_t, n + 1);
    memset(start, 0, ((size_t)n_values + 1) * sizeof *start);
    for (uint32_t i = 0; i < n; i++) {
        start[by[i] + 1]++;
    }
    for (uint32_t v = 0; v < n_values; v++) {
        start[v + 1] += start[v];
    }
    uint32_t *next = ARENA_ARRAY(arena, uint32_t, n_values + 1);
    memcpy(next, start, (size_t)n_values * sizeof *next);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = before ? before[i] : i;
        order[next[by[at]]++] = at;
    }
    return order;
}

// Moving parts in the order of their keys, so that neighbours lie near each other: rank by number.
static uint32_t *rank_rows(Making *m, const Space *rows)
{
    uint32_t n = rows->n, *list = ARENA_ARRAY(m->scratch, uint32_t, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        list[i] = i;
    }
    for (uint32_t gap = n / 2; gap > 0; gap /= 2) { // Shell (1959)
        for (uint32_t i = gap; i < n; i++) {
            uint32_t one = list[i], k = i;
            for (; k >= gap; k -= gap) {
                const uint64_t *a = space_key(rows, one), *b = space_key(rows, list[k - gap]);
                int32_t w = 0;
                while (w < rows->n_words - 1 && a[w] == b[w]) {
                    w++;
                }
                if (a[w] >= b[w]) {
                    break;
                }
                list[k] = list[k - gap];
            }
            list[k] = one;
        }
    }
    uint32_t *rank = ARENA_ARRAY(m->scratch, uint32_t, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        rank[list[i]] = i;
    }
    return rank;
}

static void note_codes(Making *m, const Space *rows, const uint32_t *rank)
{
    const Space *space = m->units->spaces[m->split->from];
    int32_t n = m->split->n_moving[0];
    m->row_codes = ARENA_ARRAY(m->scratch, int32_t, (size_t)(rows->n + 1) * (size_t)(n + 1));
    for (uint32_t i = 0; i < rows->n; i++) {
        int32_t *codes = m->row_codes + (size_t)rank[i] * (size_t)n;
        for (int32_t k = 0; k < n; k++) {
            const Field *f = &space->fields[space->field_of[m->split->moving[0][k]]];
            codes[k] = field_get(f, space_key(rows, i));
        }
    }
}

static void find_columns(Making *m)
{
    const BlocksOrder *o = m->order;
    const Space *space = m->units->spaces[m->split->from];
    Space *rows = numbering(m->scratch, space->n_words);
    Space *columns = numbering(m->scratch, space->n_words);
    uint32_t *row = ARENA_ARRAY(m->scratch, uint32_t, o->n_states + 1);
    uint32_t *column = ARENA_ARRAY(m->scratch, uint32_t, o->n_states + 1);
    m->mask = moving_mask(m->scratch, space, m->split);
    for (uint32_t i = 0; i < o->n_states; i++) {
        const uint64_t *key = space_key(space, o->states[i]);
        row[i] = number_part(rows, key, m->mask, true);
        column[i] = number_part(columns, key, m->mask, false);
    }
    const uint32_t *rank = rank_rows(m, rows);
    note_codes(m, rows, rank);
    for (uint32_t i = 0; i < o->n_states; i++) {
        row[i] = rank[row[i]];
    }
    m->n_columns = columns->n;
    m->first = ARENA_ARRAY(m->scratch, uint32_t, columns->n + 2);
    uint32_t *start = ARENA_ARRAY(m->scratch, uint32_t, rows->n + 2);
    const uint32_t *by_row = sort_by(m->scratch, row, rows->n, NULL, o->n_states, start);
    const uint32_t *by_column =
        sort_by(m->scratch, column, columns->n, by_row, o->n_states, m->first);
    m->cells = ARENA_ARRAY(m->scratch, uint32_t, o->n_states + 1);
    m->row_of = ARENA_ARRAY(m->scratch, uint32_t, o->n_states + 1);
    for (uint32_t i = 0; i < o->n_states; i++) {
        m->cells[i] = o->states[by_column[i]];
        m->row_of[i] = row[by_column[i]];
    }
    m->column_state = ARENA_ARRAY(m->scratch, uint32_t, columns->n + 1);
    for (uint32_t c = 0; c < columns->n; c++) {
        m->column_state[c] = m->cells[m->first[c]];
    }
    space_free(rows);
    space_free(columns);
}

// ---- Columns that are alike ---------------------------------------------------------------------

// Of all orders of values that may change places, one.
static void settle_values(const Alike *alike, uint64_t *regs)
{
    for (int32_t i = 1; i < alike->n; i++) {
        uint64_t value = regs[alike->slots[i]];
        int32_t k = i;
        for (; k > 0 && regs[alike->slots[k - 1]] > value; k--) {
            regs[alike->slots[k]] = regs[alike->slots[k - 1]];
        }
        regs[alike->slots[k]] = value;
    }
}

static int32_t shows_of(const Making *m, uint32_t column, uint64_t *shows)
{
    const Units *u = m->units;
    const Space *space = u->spaces[m->split->from];
    const uint64_t *key = space_key(space, m->column_state[column]);
    for (int32_t i = 0; i < space->n_fields; i++) {
        const Field *f = &space->fields[i];
        if (m->split->stands[f->slot]) {
            int32_t code = field_get(f, key);
            m->regs[f->slot] = code ? book_value(u->book, f->slot, code) : 0;
        }
    }
    for (int32_t i = 0; i < m->order->n_alike; i++) {
        settle_values(&m->order->alike[i], m->regs);
    }
    return split_shows(m->split, u->script, m->regs, shows);
}

// By what they show and the rows they have, as numbers of both: two columns are alike when they
// have the same two.
static void find_classes(Making *m)
{
    Space *lists = numbering(m->scratch, 2);
    uint32_t *list_of = ARENA_ARRAY(m->scratch, uint32_t, m->n_columns + 1);
    // Lists of rows: each is the number of the list without its last row, and that row.
    for (uint32_t c = 0; c < m->n_columns; c++) {
        uint64_t list = 0;
        for (uint32_t i = m->first[c]; i < m->first[c + 1]; i++) {
            uint64_t pair[2] = {list, m->row_of[i]};
            list = (uint64_t)space_state(lists, pair) + 1;
        }
        list_of[c] = (uint32_t)list;
    }
    int32_t most = m->split->most_shown;
    Space *classes = numbering(m->scratch, most + 2);
    uint64_t *key = ARENA_ARRAY(m->scratch, uint64_t, most + 3);
    m->class_of = ARENA_ARRAY(m->scratch, uint32_t, m->n_columns + 1);
    m->class_column = ARENA_ARRAY(m->scratch, uint32_t, m->n_columns + 1);
    for (uint32_t c = 0; c < m->n_columns; c++) {
        memset(key, 0, (size_t)(most + 2) * sizeof *key);
        key[0] = list_of[c];
        key[1] = (uint64_t)shows_of(m, c, key + 2);
        uint32_t known = classes->n;
        m->class_of[c] = space_state(classes, key);
        if (classes->n > known) {
            m->class_column[known] = c;
        }
    }
    m->n_classes = classes->n;
    space_free(lists);
    space_free(classes);
}

static int64_t count_class_rows(const Making *m)
{
    int64_t n = 0;
    for (uint32_t c = 0; c < m->n_classes; c++) {
        uint32_t column = m->class_column[c];
        n += m->first[column + 1] - m->first[column];
    }
    return n;
}

// ---- Rows of a class through the units ----------------------------------------------------------

// A class of columns at work. Rows at a cut are numbered sets of words: the codes of the moving
// slots and the guard that is no, two to a word.
typedef struct {
    Making *m;
    uint32_t column; // the first of the class
    Space **rows;    // by cut
    Block *block;
    Arena *arena;             // of the block
    int32_t *before, *behind; // codes of a row
    uint64_t *words;
} Class;

static uint32_t number_row(Class *c, int32_t at, const int32_t *codes)
{
    int32_t n = c->m->split->n_moving[at] + 1;
    memset(c->words, 0, (size_t)c->rows[at]->n_words * sizeof *c->words);
    memcpy(c->words, codes, (size_t)n * sizeof *codes);
    return space_state(c->rows[at], c->words);
}

static void read_row(const Class *c, int32_t at, uint32_t row, int32_t *codes)
{
    size_t n = (size_t)c->m->split->n_moving[at] + 1;
    memcpy(codes, space_key(c->rows[at], row), n * sizeof *codes);
}

static void enter_rows(Class *c)
{
    const Making *m = c->m;
    int32_t n = m->split->n_moving[0];
    for (uint32_t i = m->first[c->column]; i < m->first[c->column + 1]; i++) {
        const int32_t *codes = m->row_codes + (size_t)m->row_of[i] * (size_t)n;
        memcpy(c->before, codes, (size_t)n * sizeof *codes);
        c->before[n] = 0;
        (void)number_row(c, 0, c->before);
    }
}

// What moves of the key at a cut of a row.
static void moving_key(const Making *m, const Space *space, int32_t at, const int32_t *codes,
                       uint64_t *key)
{
    const Split *split = m->split;
    memset(key, 0, (size_t)space->n_words * sizeof *key);
    for (int32_t k = 0; k < split->n_moving[at]; k++) {
        int32_t field = space->field_of[split->moving[at][k]];
        if (field >= 0) {
            field_set(&space->fields[field], key, codes[k]);
        }
    }
}

// What stands of it, and is kept there where a guard is no.
static void standing_key(const Making *m, const Space *space, int32_t at, int32_t guard,
                         uint32_t column, uint64_t *key)
{
    const Units *u = m->units;
    const Split *split = m->split;
    const Space *before = u->spaces[split->from];
    const uint64_t *standing = space_key(before, m->column_state[column]);
    int32_t cut = split->from + at;
    memset(key, 0, (size_t)space->n_words * sizeof *key);
    for (int32_t i = 0; i < space->n_fields; i++) {
        Slot slot = space->fields[i].slot;
        bool kept = at == 0 || cut == u->n_units || units_keeps(u, cut, guard, slot);
        if (split->stands[slot] && kept) {
            int32_t code = field_get(&before->fields[before->field_of[slot]], standing);
            field_set(&space->fields[i], key, code);
        }
    }
}

static void join_keys(const Space *space, const uint64_t *a, const uint64_t *b, uint64_t *key)
{
    for (int32_t w = 0; w < space->n_words; w++) {
        key[w] = a[w] | b[w];
    }
}

// Codes of the moving slots behind a unit, for one outcome of a row. All lists are in the order of
// slots.
static void codes_behind(const Class *c, int32_t at, const int32_t *written, int32_t guard)
{
    const Split *split = c->m->split;
    const Units *u = c->m->units;
    const Unit *unit = &u->units[split->from + at];
    int32_t cut = split->from + at + 1, n = split->n_moving[at + 1];
    for (int32_t k = 0, w = 0, b = 0; k < n; k++) {
        Slot slot = split->moving[at + 1][k];
        while (w < unit->n_written && unit->written[w] < slot) {
            w++;
        }
        while (b < split->n_moving[at] && split->moving[at][b] < slot) {
            b++;
        }
        bool kept = cut == u->n_units || units_keeps(u, cut, guard, slot);
        bool is_written = w < unit->n_written && unit->written[w] == slot;
        bool was = b < split->n_moving[at] && split->moving[at][b] == slot;
        c->behind[k] = !kept ? 0 : is_written ? written[w] : was ? c->before[b] : 0;
    }
    c->behind[n] = guard;
}

typedef struct {
    uint32_t from, to;
    double p;
} Part;

typedef VEC(Part) Parts;

static bool add_parts(Class *c, int32_t at, uint32_t row, Parts *parts)
{
    Making *m = c->m;
    Units *u = m->units;
    Unit *unit = &u->units[m->split->from + at];
    Kernel *k = m->order->kernels[at];
    uint64_t key[SPACE_MOST_WORDS], standing[SPACE_MOST_WORDS];
    read_row(c, at, row, c->before);
    if (unit->in_layout != unit->in->layout || unit->out_layout != unit->out->layout) {
        units_set_masks(u, unit);
    }
    moving_key(m, unit->in, at, c->before, key);
    standing_key(m, unit->in, at, c->before[m->split->n_moving[at]], c->column, standing);
    join_keys(unit->in, key, standing, key);
    uint32_t entry;
    if (!units_kernel_entry(u, unit, k, key, &entry)) {
        return false;
    }
    units_lay_out(u);
    Outcomes outcomes = ((Outcomes *)k->entries.p)[entry];
    for (int32_t i = 0; i < outcomes.n; i++) {
        size_t o = outcomes.first + (size_t)i;
        int32_t guard = ((int32_t *)k->guard.p)[o];
        ASSERT(guard >= 0); // no blocks where checks are asked for
        codes_behind(c, at, (int32_t *)k->code.p + o * (size_t)unit->n_written, guard);
        uint32_t to = number_row(c, at + 1, c->behind);
        vec_push(m->scratch, parts, ((Part){row, to, ((double *)k->p.p)[o]}));
    }
    return true;
}

// As many parts for each row as the longest has; 0: that would be much more than there are.
static int32_t pull_width(const int32_t *start, uint32_t n_rows, int32_t n_parts)
{
    int32_t most = 0;
    for (uint32_t r = 0; r < n_rows; r++) {
        int32_t n = start[r + 1] - start[r];
        most = n > most ? n : most;
    }
    bool fits = most <= PULL_WIDTH && (int64_t)most * n_rows <= (int64_t)n_parts * 3 / 2;
    return fits ? most : 0;
}

// By row behind, and there in the order of the rows before.
static void set_pull(Class *c, int32_t at, const Parts *parts)
{
    Pull *pull = &c->block->pulls[at];
    uint32_t n = c->rows[at + 1]->n;
    pull->start = ARENA_ARRAY(c->arena, int32_t, n + 2);
    for (int32_t i = 0; i < parts->n; i++) {
        pull->start[parts->p[i].to + 1]++;
    }
    for (uint32_t r = 0; r < n; r++) {
        pull->start[r + 1] += pull->start[r];
    }
    pull->width = pull_width(pull->start, n, parts->n);
    size_t room = pull->width ? (size_t)n * (size_t)pull->width : (size_t)parts->n;
    pull->from = ARENA_ARRAY(c->arena, int32_t, room + 1);
    pull->p = ARENA_ARRAY(c->arena, double, room + 1);
    int32_t *next = ARENA_ARRAY(c->m->scratch, int32_t, n + 1);
    for (uint32_t r = 0; r < n; r++) {
        next[r] = pull->width ? (int32_t)r * pull->width : pull->start[r];
    }
    for (int32_t i = 0; i < parts->n; i++) {
        int32_t place = next[parts->p[i].to]++;
        pull->from[place] = (int32_t)parts->p[i].from;
        pull->p[place] = parts->p[i].p;
    }
}

static BlocksEnd move_rows(Class *c)
{
    Making *m = c->m;
    for (int32_t at = 0; at < m->n_units; at++) {
        Parts parts = {0};
        for (uint32_t r = 0; r < c->rows[at]->n; r++) {
            if (!add_parts(c, at, r, &parts)) {
                return BLOCKS_REFUSED;
            }
            if (c->rows[at + 1]->n > m->order->most_rows) {
                return BLOCKS_POOR;
            }
        }
        set_pull(c, at, &parts);
    }
    for (int32_t at = 0; at <= m->n_units; at++) {
        c->block->n_rows[at] = (int32_t)c->rows[at]->n;
    }
    return BLOCKS_MADE;
}

// ---- Where cells end ----------------------------------------------------------------------------

// Does a cell of this row and column stop?
static bool stops(const Making *m, const int32_t *codes, uint32_t column)
{
    const Units *u = m->units;
    const Split *split = m->split;
    Slot stop = u->script->stop;
    int32_t code = 0;
    if (stop != SLOT_NONE && split->stands[stop]) {
        const Space *before = u->spaces[split->from];
        code = field_get(&before->fields[before->field_of[stop]],
                         space_key(before, m->column_state[column]));
    }
    for (int32_t k = 0; k < split->n_moving[m->n_units] && stop != SLOT_NONE; k++) {
        code = split->moving[m->n_units][k] == stop ? codes[k] : code;
    }
    return code && book_value(u->book, stop, code);
}

// The cells of eight columns behind the stretch: what moves is put together once a row, what stands
// once a column and guard.
typedef struct {
    const Making *m;
    const uint32_t *columns; // eight
    const Space *space;
    uint64_t *standing; // by guard that is no (their number: none), by column
    uint8_t *known;     // by guard
} Landing;

static const uint64_t *standing_at(Landing *l, int32_t guard)
{
    size_t words = (size_t)l->space->n_words;
    uint64_t *keys = l->standing + (size_t)guard * BLOCK_WIDTH * words;
    for (size_t i = 0; i < BLOCK_WIDTH && !l->known[guard]; i++) {
        standing_key(l->m, l->space, l->m->n_units, guard, l->columns[i], keys + i * words);
    }
    l->known[guard] = 1;
    return keys;
}

static uint32_t land(const Landing *l, const int32_t *codes, const uint64_t *moving,
                     const uint64_t *standing, size_t i)
{
    const Making *m = l->m;
    Units *u = m->units;
    uint64_t key[SPACE_MOST_WORDS];
    bool last = m->split->to == u->n_units;
    if (last && (m->order->era < 0 || stops(m, codes, l->columns[i]))) {
        uint64_t stands[SPACE_MOST_WORDS];
        moving_key(m, u->ended, m->n_units, codes, key);
        standing_key(m, u->ended, m->n_units, 0, l->columns[i], stands);
        join_keys(u->ended, key, stands, key);
        return BLOCK_ENDED | space_state(u->ended, key);
    }
    join_keys(l->space, moving, standing + i * (size_t)l->space->n_words, key);
    uint32_t state = units_land(u, m->split->to, key, m->order->era);
    return last && ((uint8_t *)u->still.p)[state] ? BLOCK_STILL | state : state;
}

// Eight columns behind the stretch, so that their cells lie beside each other where they are new.
static void land_columns(Class *c, Landing *l, uint32_t *out)
{
    const Making *m = c->m;
    int32_t guards = m->units->script->cuts[m->split->to].n_guards + 1;
    memset(l->known, 0, (size_t)guards);
    for (int32_t r = 0; r < c->block->n_rows[m->n_units]; r++, out += BLOCK_WIDTH) {
        uint64_t moving[SPACE_MOST_WORDS];
        read_row(c, m->n_units, (uint32_t)r, c->behind);
        moving_key(m, l->space, m->n_units, c->behind, moving);
        const uint64_t *standing = standing_at(l, c->behind[m->split->n_moving[m->n_units]]);
        for (size_t i = 0; i < BLOCK_WIDTH; i++) {
            bool again = i > 0 && l->columns[i] == l->columns[i - 1];
            out[i] = again ? out[i - 1] : land(l, c->behind, moving, standing, i);
            c->block->one_zone = c->block->one_zone && out[i] <= BLOCK_STATE;
        }
    }
}

// Where there are fewer than eight columns left, the last has its cells again: they are empty when
// they are looked at again, and what is added to them is nothing.
static void set_cells(Class *c, const uint32_t *columns)
{
    const Making *m = c->m;
    Block *b = c->block;
    size_t n_in = (size_t)b->n_rows[0], n_out = (size_t)b->n_rows[m->n_units];
    size_t n = (size_t)b->n_columns, width = (n + BLOCK_WIDTH - 1) / BLOCK_WIDTH * BLOCK_WIDTH;
    size_t guards = (size_t)m->units->script->cuts[m->split->to].n_guards + 1;
    b->in = ARENA_ARRAY(c->arena, uint32_t, n_in * width + 1);
    b->out = ARENA_ARRAY(c->arena, uint32_t, n_out * width + 1);
    b->one_zone = true;
    uint32_t eight[BLOCK_WIDTH];
    Landing l = {.m = m, .columns = eight, .space = m->units->spaces[m->split->to]};
    l.standing =
        ARENA_ARRAY(m->scratch, uint64_t, guards * BLOCK_WIDTH * (size_t)l.space->n_words + 1);
    l.known = ARENA_ARRAY(m->scratch, uint8_t, guards + 1);
    for (size_t first = 0; first < width; first += BLOCK_WIDTH) {
        for (size_t i = 0; i < BLOCK_WIDTH; i++) {
            eight[i] = columns[first + i < n ? first + i : n - 1];
            for (size_t r = 0; r < n_in; r++) {
                b->in[first * n_in + r * BLOCK_WIDTH + i] = m->cells[m->first[eight[i]] + r];
            }
        }
        land_columns(c, &l, b->out + first * n_out);
    }
}

// ---- All of it ----------------------------------------------------------------------------------

static Class begin_class(Making *m, Blocks *blocks, uint32_t class)
{
    Class c = {.m = m, .column = m->class_column[class], .block = &blocks->blocks[class]};
    c.arena = blocks->arena;
    int32_t most = 0;
    c.rows = ARENA_ARRAY(m->scratch, Space *, m->n_units + 1);
    for (int32_t at = 0; at <= m->n_units; at++) {
        int32_t n = m->split->n_moving[at];
        c.rows[at] = numbering(m->scratch, n / 2 + 1);
        most = n > most ? n : most;
    }
    c.before = ARENA_ARRAY(m->scratch, int32_t, most + 1);
    c.behind = ARENA_ARRAY(m->scratch, int32_t, most + 1);
    c.words = ARENA_ARRAY(m->scratch, uint64_t, most / 2 + 1);
    c.block->n_rows = ARENA_ARRAY(c.arena, int32_t, m->n_units + 1);
    c.block->pulls = ARENA_ARRAY(c.arena, Pull, m->n_units);
    return c;
}

static BlocksEnd make_block(Making *m, Blocks *blocks, uint32_t class, const uint32_t *columns,
                            uint32_t n, uint64_t *cells)
{
    Class c = begin_class(m, blocks, class);
    enter_rows(&c);
    c.block->n_columns = (int32_t)n;
    BlocksEnd end = move_rows(&c);
    if (end == BLOCKS_MADE) {
        for (int32_t at = 0; at <= m->n_units; at++) {
            int32_t rows = c.block->n_rows[at];
            blocks->most_rows = rows > blocks->most_rows ? rows : blocks->most_rows;
            cells[at] += (uint64_t)rows * n;
        }
        bool too_many = cells[m->n_units] > (uint64_t)m->order->most_cells;
        end = too_many ? BLOCKS_POOR : end;
    }
    if (end == BLOCKS_MADE) {
        set_cells(&c, columns);
    }
    for (int32_t at = 0; at <= m->n_units; at++) {
        space_free(c.rows[at]);
    }
    return end;
}

static BlocksEnd make_all(Making *m, Blocks *blocks)
{
    blocks->n_blocks = (int32_t)m->n_classes;
    blocks->n_units = m->n_units;
    blocks->blocks = ARENA_ARRAY(blocks->arena, Block, m->n_classes + 1);
    uint32_t *start = ARENA_ARRAY(m->scratch, uint32_t, m->n_classes + 2);
    const uint32_t *columns =
        sort_by(m->scratch, m->class_of, m->n_classes, NULL, m->n_columns, start);
    uint64_t *cells = ARENA_ARRAY(m->scratch, uint64_t, m->n_units + 1);
    for (uint32_t c = 0; c < m->n_classes; c++) {
        BlocksEnd end =
            make_block(m, blocks, c, columns + start[c], start[c + 1] - start[c], cells);
        if (end != BLOCKS_MADE) {
            return end;
        }
    }
    for (int32_t at = 0; at <= m->n_units; at++) {
        blocks->most_cells = cells[at] > blocks->most_cells ? cells[at] : blocks->most_cells;
    }
    return BLOCKS_MADE;
}

BlocksEnd blocks_make(const BlocksOrder *order, Blocks *blocks)
{
    const Script *script = order->units->script;
    Making m = {.order = order, .scratch = arena_new(0), .units = order->units};
    m.split = order->split;
    m.n_units = m.split->to - m.split->from;
    m.regs = ARENA_ARRAY(m.scratch, uint64_t, script->n_slots + 1);
    memcpy(m.regs, order->units->regs, script->n_slots * sizeof *m.regs);
    *blocks = (Blocks){.arena = arena_new(0)};
    find_columns(&m);
    find_classes(&m);
    BlocksEnd end = BLOCKS_POOR;
    if (count_class_rows(&m) <= order->most_rows) {
        end = make_all(&m, blocks);
    }
    if (end != BLOCKS_MADE) {
        arena_free(blocks->arena);
        *blocks = (Blocks){0};
    }
    arena_free(m.scratch);
    return end;
}
