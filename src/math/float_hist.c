// SPDX-License-Identifier: MIT
//
// The histogram on a double's bits: see float_hist.h.
#include "math/float_hist.h"

#include "base/error.h"
#include "math/bits.h"
#include "math/elementary.h"

enum {
    BINS = 64,   // of an octave
    BLOCK = 64,  // pages of a block
    BLOCKS = 64, // 2 signs x 2048 exponents
    BIN_SHIFT = 46,
    PAGE_SHIFT = 52,
};

// Counted together: least and greatest are mantissas, the least of an empty bin above all others.
typedef struct {
    uint64_t count, least, greatest;
} Bin;

// Of one octave and sign. `sum` and `squares` are of the mantissa's leading 32 bits, without the
// implied one; they carry into their high halves.
typedef struct {
    Bin bin[BINS];
    uint64_t sum, sum_high;
    uint64_t squares, squares_high;
    uint64_t any_bits; // all mantissas, or-ed: its trailing zeros are common to all
} Page;

typedef struct {
    Page *page[BLOCK];
} Block;

struct FloatHist {
    Arena *arena;
    Block *block[BLOCKS];
    uint64_t zeros, nans, below, above; // -infinity, infinity
};

FloatHist *float_hist_new(Arena *arena)
{
    FloatHist *hist = ARENA_NEW(arena, FloatHist);
    hist->arena = arena;
    return hist;
}

// ---- Counting -----------------------------------------------------------------------------------

static Page *find_page(const FloatHist *hist, uint32_t key)
{
    const Block *block = hist->block[key / BLOCK];
    return block ? block->page[key % BLOCK] : NULL;
}

// The pages there are, in the order of their keys: the first at *key or after, NULL when there is
// none.
static Page *next_page(const FloatHist *hist, uint32_t *key)
{
    for (; *key < BLOCKS * BLOCK; ++*key) {
        const Block *block = hist->block[*key / BLOCK];
        if (!block) {
            *key |= BLOCK - 1;
        } else if (block->page[*key % BLOCK]) {
            return block->page[*key % BLOCK];
        }
    }
    return NULL;
}

static void clear_page(Page *page)
{
    *page = (Page){.sum = 0};
    for (int b = 0; b < BINS; b++) {
        page->bin[b].least = UINT64_MAX;
    }
}

static Page *open_page(FloatHist *hist, uint32_t key)
{
    Block **block = &hist->block[key / BLOCK];
    if (!*block) {
        *block = ARENA_NEW(hist->arena, Block);
    }
    Page **page = &(*block)->page[key % BLOCK];
    if (!*page) {
        *page = ARENA_NEW(hist->arena, Page);
        clear_page(*page);
    }
    return *page;
}

static void add_special(FloatHist *hist, double x)
{
    if (x != x) {
        hist->nans++;
    } else if (m_abs(x) == MATH_INF) {
        *(x < 0.0 ? &hist->below : &hist->above) += 1;
    } else {
        hist->zeros++;
    }
}

static inline void add_carry(uint64_t *low, uint64_t *high, uint64_t more)
{
    *low += more;
    *high += *low < more;
}

static inline void widen(Bin *bin, uint64_t least, uint64_t greatest)
{
    if (least < bin->least) {
        bin->least = least;
    }
    if (greatest > bin->greatest) {
        bin->greatest = greatest;
    }
}

void float_hist_add(FloatHist *hist, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits = bits_of(values[i]);
        uint32_t key = (uint32_t)(bits >> PAGE_SHIFT), exponent = key & 2047;
        if (exponent == 0 || exponent == 2047) {
            add_special(hist, values[i]);
            continue;
        }
        Page *page = find_page(hist, key);
        if (!page) {
            page = open_page(hist, key);
        }
        uint64_t mantissa = bits & BITS_MANTISSA, lead = mantissa >> 20;
        Bin *bin = &page->bin[mantissa >> BIN_SHIFT];
        widen(bin, mantissa, mantissa);
        bin->count++;
        page->any_bits |= mantissa;
        add_carry(&page->sum, &page->sum_high, lead);
        add_carry(&page->squares, &page->squares_high, lead * lead);
    }
}

static void merge_page(Page *into, const Page *from)
{
    for (uint32_t b = 0; b < BINS; b++) {
        widen(&into->bin[b], from->bin[b].least, from->bin[b].greatest);
        into->bin[b].count += from->bin[b].count;
    }
    into->any_bits |= from->any_bits;
    add_carry(&into->sum, &into->sum_high, from->sum);
    into->sum_high += from->sum_high;
    add_carry(&into->squares, &into->squares_high, from->squares);
    into->squares_high += from->squares_high;
}

void float_hist_merge(FloatHist *into, const FloatHist *from)
{
    ASSERT(into != from);
    const Page *page;
    for (uint32_t key = 0; (page = next_page(from, &key)); key++) {
        merge_page(open_page(into, key), page);
    }
    into->zeros += from->zeros;
    into->nans += from->nans;
    into->below += from->below;
    into->above += from->above;
}

void float_hist_clear(FloatHist *hist)
{
    Page *page;
    for (uint32_t key = 0; (page = next_page(hist, &key)); key++) {
        clear_page(page);
    }
    hist->zeros = hist->nans = hist->below = hist->above = 0;
}

// ---- Reading in rising order --------------------------------------------------------------------

// The page at place i of 4096 in rising order of its values: negative ones from the largest down.
static const Page *page_in_order(const FloatHist *hist, uint32_t i, uint32_t *key)
{
    *key = i < 2048 ? 4095 - i : i - 2048;
    return find_page(hist, *key);
}

// Nothing from place i on for a whole block of places.
static bool no_block(const FloatHist *hist, uint32_t i)
{
    uint32_t key = i < 2048 ? 4095 - i : i - 2048;
    return i % BLOCK == 0 && !hist->block[key / BLOCK];
}

static uint64_t page_count(const Page *page)
{
    uint64_t n = 0;
    for (int b = 0; b < BINS; b++) {
        n += page->bin[b].count;
    }
    return n;
}

uint64_t float_hist_count(const FloatHist *hist)
{
    uint64_t n = hist->zeros + hist->below + hist->above;
    const Page *page;
    for (uint32_t key = 0; (page = next_page(hist, &key)); key++) {
        n += page_count(page);
    }
    return n;
}

uint64_t float_hist_nans(const FloatHist *hist)
{
    return hist->nans;
}

static double value_of(uint32_t key, uint64_t mantissa)
{
    return double_of((uint64_t)key << PAGE_SHIFT | mantissa);
}

// A mantissa cut down to the zero bits that all mantissas of its page end in.
static uint64_t on_grid(const Page *page, uint64_t mantissa)
{
    uint64_t step = page->any_bits & (~page->any_bits + 1); // lowest bit in use, 0: none
    return step ? (mantissa + step / 2) / step * step : 0;
}

// Mantissa of the value of rank r (0 the least) among those of a bin, evenly spread between ends.
static uint64_t mantissa_at(const Page *page, const Bin *bin, uint64_t r)
{
    uint64_t n = bin->count, lo = bin->least, hi = bin->greatest;
    if (n < 2 || lo == hi || r == 0) {
        return lo;
    }
    if (r == n - 1) {
        return hi;
    }
    double share = (double)r / (double)(n - 1);
    return on_grid(page, lo + (uint64_t)((double)(hi - lo) * share));
}

// A bin in rising order: within a negative page mantissas fall.
static uint32_t bin_in_order(uint32_t key, uint32_t b)
{
    return key < 2048 ? b : BINS - 1 - b;
}

double float_hist_quantile(const FloatHist *hist, double q)
{
    uint64_t n = float_hist_count(hist);
    if (n == 0 || !(q >= 0.0 && q <= 1.0)) {
        return MATH_NAN;
    }
    uint64_t rank = (uint64_t)(q * (double)(n - 1) * (1.0 + 0x1p-52));
    rank = rank < n ? rank : n - 1;
    if (rank < hist->below) {
        return -MATH_INF;
    }
    rank -= hist->below;
    for (uint32_t i = 0; i < BLOCKS * BLOCK; i++) {
        if (i == 2048) {
            if (rank < hist->zeros) {
                return 0.0;
            }
            rank -= hist->zeros;
        }
        if (no_block(hist, i)) {
            i += BLOCK - 1;
            continue;
        }
        uint32_t key;
        const Page *page = page_in_order(hist, i, &key);
        for (uint32_t b = 0; page && b < BINS; b++) {
            const Bin *bin = &page->bin[bin_in_order(key, b)];
            if (rank < bin->count) {
                uint64_t r = key < 2048 ? rank : bin->count - 1 - rank;
                return value_of(key, mantissa_at(page, bin, r));
            }
            rank -= bin->count;
        }
    }
    return MATH_INF;
}

// How many values of a bin lie below x, which lies in or beyond it; a share of the way between the
// bin's ends counts for that share of its values.
static double bin_below(const Bin *bin, uint32_t key, double x)
{
    if (bin->count == 0) {
        return 0.0;
    }
    double n = (double)bin->count;
    double a = value_of(key, bin->least), b = value_of(key, bin->greatest);
    double lo = m_min(a, b), hi = m_max(a, b);
    if (x <= lo) {
        return 0.0;
    }
    return x > hi ? n : 1.0 + m_floor((x - lo) / (hi - lo) * (n - 1.0));
}

double float_hist_share_below(const FloatHist *hist, double x)
{
    double n = (double)float_hist_count(hist);
    if (n == 0.0 || x != x) {
        return MATH_NAN;
    }
    double below = x > -MATH_INF ? (double)hist->below : 0.0;
    below += x > 0.0 ? (double)hist->zeros : 0.0;
    for (uint32_t i = 0; i < BLOCKS * BLOCK; i++) {
        uint32_t key;
        const Page *page = page_in_order(hist, i, &key);
        for (uint32_t b = 0; page && b < BINS; b++) {
            below += bin_below(&page->bin[b], key, x);
        }
    }
    return m_min(below / n, 1.0);
}

// ---- Moments ------------------------------------------------------------------------------------

typedef struct {
    double n, mean, m2; // m2: sum of squared distances from the mean
} Moments;

// Chan, Golub and LeVeque (1979).
static void moments_join(Moments *a, Moments b)
{
    if (b.n == 0.0) {
        return;
    }
    double n = a->n + b.n, d = b.mean - a->mean;
    a->mean += d * (b.n / n);
    a->m2 += b.m2 + d * d * (a->n * (b.n / n));
    a->n = n;
}

static Moments page_moments(const Page *page, uint32_t key)
{
    double n = (double)page_count(page);
    double sum = (double)page->sum_high * 0x1p64 + (double)page->sum;
    double squares = (double)page->squares_high * 0x1p64 + (double)page->squares;
    double lead = sum / n;
    double m2 = m_max(squares - sum * lead, 0.0);
    // Bits cut off come to half a unit on average, where there are any.
    double half = page->any_bits & 0xFFFFF ? 0.5 : 0.0;
    double one = value_of(key, 0); // the octave's low end, with its sign
    double unit = one * 0x1p-32;
    return (Moments){n, one + unit * (lead + half), m2 * unit * unit};
}

// All finite values, in the order of the keys.
static Moments all_moments(const FloatHist *hist)
{
    Moments all = {(double)hist->zeros, 0.0, 0.0};
    const Page *page;
    for (uint32_t key = 0; (page = next_page(hist, &key)); key++) {
        moments_join(&all, page_moments(page, key));
    }
    return all;
}

double float_hist_mean(const FloatHist *hist)
{
    if (hist->below || hist->above) {
        return hist->below && hist->above ? MATH_NAN : (hist->below ? -MATH_INF : MATH_INF);
    }
    Moments all = all_moments(hist);
    return all.n > 0.0 ? all.mean : MATH_NAN;
}

double float_hist_sd(const FloatHist *hist)
{
    Moments all = all_moments(hist);
    if (hist->below || hist->above || all.n == 0.0) {
        return MATH_NAN;
    }
    return all.n > 1.0 ? m_sqrt(all.m2 / (all.n - 1.0)) : 0.0;
}

// ---- As bytes -----------------------------------------------------------------------------------

static void put_page(const Page *page, Buf *buf)
{
    bytes_put_count(buf, page->any_bits);
    bytes_put_u64(buf, page->sum);
    bytes_put_count(buf, page->sum_high);
    bytes_put_u64(buf, page->squares);
    bytes_put_count(buf, page->squares_high);
    uint64_t counts[BINS];
    for (uint32_t b = 0; b < BINS; b++) {
        counts[b] = page->bin[b].count;
    }
    bytes_put_counts(buf, counts, BINS);
    for (uint32_t b = 0; b < BINS; b++) {
        const Bin *bin = &page->bin[b];
        if (bin->count) {
            bytes_put_count(buf, bin->least);
            bytes_put_count(buf, bin->greatest - bin->least);
        }
    }
}

// Each page that holds anything behind its key plus 1; 0 ends them.
void float_hist_put(const FloatHist *hist, Buf *buf)
{
    bytes_put_count(buf, hist->zeros);
    bytes_put_count(buf, hist->nans);
    bytes_put_count(buf, hist->below);
    bytes_put_count(buf, hist->above);
    const Page *page;
    for (uint32_t key = 0; (page = next_page(hist, &key)); key++) {
        if (page_count(page) > 0) {
            bytes_put_count(buf, (uint64_t)key + 1);
            put_page(page, buf);
        }
    }
    bytes_put_count(buf, 0);
}

static void get_page(Page *page, Bytes *bytes)
{
    page->any_bits = bytes_count_to(bytes, BITS_MANTISSA);
    page->sum = bytes_u64(bytes);
    page->sum_high = bytes_count(bytes);
    page->squares = bytes_u64(bytes);
    page->squares_high = bytes_count(bytes);
    uint64_t counts[BINS];
    bytes_counts(bytes, counts, BINS);
    for (uint32_t b = 0; b < BINS; b++) {
        Bin *bin = &page->bin[b];
        bin->count = counts[b];
        if (bin->count) {
            bin->least = bytes_count_to(bytes, BITS_MANTISSA);
            bin->greatest = bin->least + bytes_count_to(bytes, BITS_MANTISSA - bin->least);
            bytes->bad =
                bytes->bad || bin->least >> BIN_SHIFT != b || bin->greatest >> BIN_SHIFT != b;
        }
    }
}

void float_hist_get(FloatHist *hist, Bytes *bytes)
{
    hist->zeros = bytes_count(bytes);
    hist->nans = bytes_count(bytes);
    hist->below = bytes_count(bytes);
    hist->above = bytes_count(bytes);
    uint32_t least = 0; // keys rise
    for (;;) {
        uint32_t key = (uint32_t)bytes_count_to(bytes, BLOCKS * BLOCK);
        if (key == 0) {
            return;
        }
        uint32_t exponent = --key & 2047;
        if (key < least || exponent == 0 || exponent == 2047) {
            bytes->bad = true;
            return;
        }
        least = key + 1;
        get_page(open_page(hist, key), bytes);
    }
}
