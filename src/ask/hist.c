// SPDX-License-Identifier: MIT
//
// A histogram on the bits of floats.
#include "ask/hist.h"

#include <string.h>

#include "ask/columns.h"
#include "math/bits.h"
#include "math/elementary.h"

enum { SIDE = HIST_OCTAVES * HIST_BINS, TOP = HIST_OCTAVES - 1 };

Hist *hist_new(Arena *arena)
{
    Hist *hist = ARENA_NEW(arena, Hist);
    hist->arena = arena;
    hist->lo = hist->hi = TOP;
    hist->recent = ARENA_ARRAY(arena, uint32_t, 1) + 1;
    return hist;
}

static int32_t side_size(const Hist *hist)
{
    return (hist->hi - hist->lo) * HIST_BINS;
}

// Where an octave's bins begin.
static int32_t octave_at(const Hist *hist, int32_t side, int32_t octave)
{
    return side * side_size(hist) + (octave - hist->lo) * HIST_BINS;
}

// With the one for what is too close to 0.
static size_t n_counters(const Hist *hist)
{
    return 2 * (size_t)side_size(hist) + 1;
}

static uint64_t count_at(const Hist *hist, int32_t at)
{
    return hist->recent[at] + (hist->moved ? hist->moved[at] : 0);
}

// Counters for octaves lo to hi - 1 as well.
static void widen(Hist *hist, int32_t lo, int32_t hi)
{
    Hist old = *hist;
    bool first = old.lo == old.hi;
    hist->lo = first || lo < old.lo ? lo : old.lo;
    hist->hi = first || hi > old.hi ? hi : old.hi;
    hist->recent = ARENA_ARRAY(hist->arena, uint32_t, n_counters(hist)) + 1;
    hist->recent[-1] = old.recent[-1];
    if (old.moved) {
        hist->moved = ARENA_ARRAY(hist->arena, uint64_t, n_counters(hist)) + 1;
        hist->moved[-1] = old.moved[-1];
    }
    size_t size = first ? 0 : (size_t)side_size(&old);
    for (int32_t side = 0; side < 2 && size > 0; side++) {
        int32_t to = octave_at(hist, side, old.lo), from = octave_at(&old, side, old.lo);
        memcpy(hist->recent + to, old.recent + from, size * sizeof *old.recent);
        if (old.moved) {
            memcpy(hist->moved + to, old.moved + from, size * sizeof *old.moved);
        }
    }
}

size_t hist_bytes(void)
{
    enum { OPEN = 28 }; // octaves
    return sizeof(Hist) + (size_t)2 * OPEN * HIST_BINS * sizeof(uint32_t);
}

// ---- Counting -----------------------------------------------------------------------------------

// Counters for all of these keys, and some more: what was is left behind in the arena, so let it be
// once.
static void widen_for(Hist *hist, const uint16_t *keys, int32_t n)
{
    enum { BELOW = 10, ABOVE = 2 }; // octaves; smaller ones come as values grow many
    int32_t lo = TOP, hi = 1;
    for (int32_t i = 0; i < n; i++) {
        int32_t octave = keys[i] % SIDE / HIST_BINS;
        bool counts = octave > 0 && octave < TOP;
        lo = counts && octave < lo ? octave : lo;
        hi = counts && octave > hi ? octave : hi;
    }
    lo -= BELOW;
    hi += ABOVE;
    widen(hist, lo < 1 ? 1 : lo, hi > TOP ? TOP : hi);
}

// The first of n keys.
static void add_one(Hist *hist, const uint16_t *keys, int32_t n)
{
    uint16_t key = keys[0];
    int32_t side = key >= SIDE, octave = key % SIDE / HIST_BINS;
    if (octave == TOP) {
        return;
    }
    if (octave == 0) {
        hist->recent[-1]++;
        return;
    }
    if (octave < hist->lo || octave >= hist->hi) {
        widen_for(hist, keys, n);
    }
    hist->recent[octave_at(hist, side, octave) + key % HIST_BINS]++;
}

static void move_recent(Hist *hist)
{
    if (!hist->moved) {
        hist->moved = ARENA_ARRAY(hist->arena, uint64_t, n_counters(hist)) + 1;
    }
    for (int32_t i = -1; i < 2 * side_size(hist); i++) {
        hist->moved[i] += hist->recent[i];
        hist->recent[i] = 0;
    }
    hist->n_recent = 0;
}

// Room in the narrow counters for so many more.
static void make_room(Hist *hist, uint32_t more)
{
    if (more > UINT32_MAX - hist->n_recent) {
        move_recent(hist);
    }
    hist->n_recent += more;
}

void hist_add_keys(Hist *hist, Isa isa, const uint16_t *keys, int32_t n)
{
    int16_t at[COLUMNS_CHUNK];
    int32_t from = 0;
    make_room(hist, (uint32_t)n);
    for (; from + COLUMNS_CHUNK <= n; from += COLUMNS_CHUNK) {
        ColumnCounters counters = {(int16_t)(hist->lo * HIST_BINS), (int16_t)side_size(hist)};
        if (!columns_find(isa, counters, keys + from, at)) {
            for (int32_t i = 0; i < COLUMNS_CHUNK; i++) {
                add_one(hist, keys + from + i, n - from - i);
            }
            continue;
        }
        uint32_t *recent = hist->recent;
#pragma GCC unroll 16
        for (int32_t i = 0; i < COLUMNS_CHUNK; i++) {
            recent[at[i]]++;
        }
    }
    for (; from < n; from++) {
        add_one(hist, keys + from, n - from);
    }
}

void hist_add(Hist *hist, Isa isa, const float *values, int32_t n)
{
    enum { AT_ONCE = 256 * COLUMNS_CHUNK }; // a unit, so that it widens for all of it
    uint16_t keys[AT_ONCE];
    for (int32_t from = 0; from < n; from += AT_ONCE) {
        int32_t some = n - from < AT_ONCE ? n - from : AT_ONCE;
        for (int32_t i = 0; i < some; i++) {
            keys[i] = columns_key(values[from + i]);
        }
        hist_add_keys(hist, isa, keys, some);
    }
}

void hist_clear(Hist *hist)
{
    memset(hist->recent - 1, 0, n_counters(hist) * sizeof *hist->recent);
    if (hist->moved) {
        memset(hist->moved - 1, 0, n_counters(hist) * sizeof *hist->moved);
    }
    hist->n_recent = 0;
}

// `into` has counters for all octaves of `from`; from counter `at` of one and `to` of the other on.
static void merge_stretch(Hist *into, int32_t to, const Hist *from, int32_t at, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        into->recent[to + i] += from->recent[at + i];
    }
    for (int32_t i = 0; i < n && from->moved; i++) {
        into->moved[to + i] += from->moved[at + i];
    }
}

void hist_merge(Hist *into, const Hist *from)
{
    if (from->lo < from->hi &&
        (into->lo == into->hi || from->lo < into->lo || from->hi > into->hi)) {
        widen(into, from->lo, from->hi);
    }
    make_room(into, from->n_recent);
    if (from->moved && !into->moved) {
        into->moved = ARENA_ARRAY(into->arena, uint64_t, n_counters(into)) + 1;
    }
    int32_t size = side_size(from);
    merge_stretch(into, -1, from, -1, 1);
    for (int32_t side = 0; side < 2 && size > 0; side++) {
        merge_stretch(into, octave_at(into, side, from->lo), from, side * size, size);
    }
}

static bool in_use(const Hist *hist, int32_t octave)
{
    for (int32_t side = 0; side < 2; side++) {
        const uint64_t *counts = hist->moved + octave_at(hist, side, octave);
        for (int32_t b = 0; b < HIST_BINS; b++) {
            if (counts[b] > 0) {
                return true;
            }
        }
    }
    return false;
}

// Without the octaves at either end that hold nothing: which ones have counters depends on the
// order in which values came.
void hist_put(Hist *hist, Buf *buf)
{
    move_recent(hist);
    int32_t lo = hist->lo, hi = hist->hi;
    while (lo < hi && !in_use(hist, lo)) {
        lo++;
    }
    while (lo < hi && !in_use(hist, hi - 1)) {
        hi--;
    }
    bytes_put_count(buf, (uint64_t)(lo < hi ? lo : TOP));
    bytes_put_count(buf, (uint64_t)(lo < hi ? hi : TOP));
    bytes_put_count(buf, hist->moved[-1]);
    for (int32_t side = 0; side < 2 && lo < hi; side++) {
        bytes_put_counts(buf, hist->moved + octave_at(hist, side, lo),
                         (int64_t)(hi - lo) * HIST_BINS);
    }
}

void hist_get(Hist *hist, Bytes *bytes)
{
    int32_t lo = (int32_t)bytes_count_to(bytes, TOP), hi = (int32_t)bytes_count_to(bytes, TOP);
    if (lo > hi || (lo < hi && lo < 1)) {
        bytes->bad = true;
    }
    if (!bytes->bad && lo < hi) {
        widen(hist, lo, hi);
    }
    move_recent(hist);
    hist->moved[-1] = bytes_count(bytes);
    for (int32_t side = 0; side < 2 && side_size(hist) > 0; side++) {
        bytes_counts(bytes, hist->moved + side * side_size(hist), side_size(hist));
    }
}

uint64_t hist_count(const Hist *hist)
{
    uint64_t n = 0;
    for (int32_t i = -1; i < 2 * side_size(hist); i++) {
        n += count_at(hist, i);
    }
    return n;
}

// ---- Quantiles ----------------------------------------------------------------------------------

// Lower edge of a bin, whatever the sign; bin may be HIST_BINS. Octave 0 is too close to tell from
// 0.
static double edge(int32_t octave, int32_t bin)
{
    return octave == 0 ? 0 : m_ldexp(1 + (double)bin / HIST_BINS, octave - 127);
}

// Where in a bin the quantile lies, `share` of the way up through it.
static HistPlace inside(uint16_t key, double share, double crowding)
{
    int32_t size = key % SIDE, octave = size / HIST_BINS, bin = size % HIST_BINS;
    double near = edge(octave, bin), far = edge(octave, bin + 1);
    HistPlace place = {.share = share, .crowding = crowding, .key = key};
    if (octave == 0) {
        return place;
    }
    bool below = key >= SIDE;
    double size_there = near + (far - near) * (below ? 1 - share : share);
    place.lo = below ? -far : near;
    place.hi = below ? -near : far;
    place.value = below ? -size_there : size_there;
    return place;
}

// A walk up through the values: how many were seen, and the last bin that had any. Quantiles are
// found on the way.
typedef struct {
    const double *q;
    HistPlace *found;
    int32_t n, n_found;
    double total, seen, last;
    uint16_t last_key;
} Walk;

static void walk_bin(Walk *walk, uint64_t n, int32_t key)
{
    if (n == 0) {
        return;
    }
    double count = (double)n;
    walk->last = count / walk->total;
    walk->last_key = (uint16_t)key;
    while (walk->n_found < walk->n) {
        double target = walk->q[walk->n_found] * walk->total;
        if (!(walk->seen + count >= target)) {
            break;
        }
        double share = (target - walk->seen) / count;
        walk->found[walk->n_found++] = inside(walk->last_key, share, walk->last);
    }
    walk->seen += count;
}

static void walk_side(const Hist *hist, Walk *walk, bool below)
{
    int32_t size = side_size(hist), first = hist->lo * HIST_BINS + (below ? SIDE : 0);
    for (int32_t i = 0; i < size && walk->n_found < walk->n; i++) {
        int32_t at = below ? size - 1 - i : i;
        walk_bin(walk, count_at(hist, (below ? size : 0) + at), first + at);
    }
}

void hist_places(const Hist *hist, const double *q, int32_t n, HistPlace *places)
{
    Walk walk = {.q = q, .n = n, .found = places, .total = (double)hist_count(hist)};
    // From the farthest below 0 up to it, then on.
    walk_side(hist, &walk, true);
    walk_bin(&walk, count_at(hist, -1), 0);
    walk_side(hist, &walk, false);
    while (walk.n_found < n) { // the end of the last
        places[walk.n_found++] =
            walk.last > 0 ? inside(walk.last_key, 1, walk.last) : (HistPlace){.value = MATH_NAN};
    }
}

double hist_quantile(const Hist *hist, double q)
{
    HistPlace place;
    hist_places(hist, &q, 1, &place);
    return place.value;
}
