// SPDX-License-Identifier: MIT
//
// Numbers as bytes and back.
#include "base/bytes.h"

#include <string.h>

// ---- Writing ------------------------------------------------------------------------------------

static uint64_t bits_of_double(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

void bytes_put_u64(Buf *buf, uint64_t x)
{
    char bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (char)(unsigned char)(x >> 8 * i);
    }
    buf_add(buf, (Str){bytes, sizeof bytes});
}

void bytes_put_count(Buf *buf, uint64_t x)
{
    while (x >= 0x80) {
        buf_char(buf, (char)(unsigned char)(x | 0x80));
        x >>= 7;
    }
    buf_char(buf, (char)x);
}

void bytes_put_double(Buf *buf, double x)
{
    bytes_put_u64(buf, bits_of_double(x));
}

void bytes_put_str(Buf *buf, Str s)
{
    bytes_put_count(buf, s.n);
    buf_add(buf, s);
}

void bytes_put_counts(Buf *buf, const uint64_t *x, int64_t n)
{
    int64_t next = 0;
    for (int64_t i = 0; i < n; i++) {
        if (x[i] != 0) {
            bytes_put_count(buf, (uint64_t)(i - next));
            bytes_put_count(buf, x[i]);
            next = i + 1;
        }
    }
    bytes_put_count(buf, (uint64_t)(n - next));
}

// Columns of doubles: each entry is XORed with the one two before it, which often is the same (n
// and x stand by turns, and n repeats); what is 0 then is left out. Of the others come the number
// of zeros before it, times 8, plus how many bytes follow less 1; and these bytes, highest first.
// The lower ones are 0: a whole number has few bits.
enum { BACK = 2 };

static void put_high_bytes(Buf *buf, uint64_t zeros, uint64_t bits)
{
    unsigned n = 8 - (unsigned)__builtin_ctzll(bits) / 8;
    bytes_put_count(buf, zeros * 8 + n - 1);
    for (unsigned i = 0; i < n; i++) {
        buf_char(buf, (char)(unsigned char)(bits >> (56 - 8 * i)));
    }
}

void bytes_put_doubles(Buf *buf, const double *x, int64_t n)
{
    int64_t next = 0;
    for (int64_t i = 0; i < n; i++) {
        uint64_t bits = bits_of_double(x[i]) ^ (i < BACK ? 0 : bits_of_double(x[i - BACK]));
        if (bits != 0) {
            put_high_bytes(buf, (uint64_t)(i - next), bits);
            next = i + 1;
        }
    }
    if (next < n) {
        bytes_put_count(buf, (uint64_t)(n - next) * 8);
    }
}

// ---- Reading ------------------------------------------------------------------------------------

Bytes bytes_of(Str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    return (Bytes){.p = p, .end = p + s.n};
}

static uint64_t bad(Bytes *bytes)
{
    bytes->bad = true;
    bytes->p = bytes->end;
    return 0;
}

uint64_t bytes_u64(Bytes *bytes)
{
    if (bytes->end - bytes->p < 8) {
        return bad(bytes);
    }
    uint64_t x = 0;
    for (int i = 0; i < 8; i++) {
        x |= (uint64_t)bytes->p[i] << 8 * i;
    }
    bytes->p += 8;
    return x;
}

uint64_t bytes_count(Bytes *bytes)
{
    uint64_t x = 0;
    for (int shift = 0; shift < 64 && bytes->p < bytes->end; shift += 7) {
        uint64_t seven = *bytes->p & 0x7f;
        bool last = !(*bytes->p++ & 0x80);
        if (seven << shift >> shift != seven) {
            break;
        }
        x |= seven << shift;
        if (last) {
            return x;
        }
    }
    return bad(bytes);
}

uint64_t bytes_count_to(Bytes *bytes, uint64_t most)
{
    uint64_t x = bytes_count(bytes);
    return x <= most ? x : bad(bytes);
}

static double double_of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

double bytes_double(Bytes *bytes)
{
    return double_of_bits(bytes_u64(bytes));
}

Str bytes_str(Bytes *bytes)
{
    uint64_t n = bytes_count_to(bytes, (uint64_t)(bytes->end - bytes->p));
    if (n > (uint64_t)(bytes->end - bytes->p)) { // the length itself took some of them
        n = bad(bytes);
    }
    Str s = {(const char *)bytes->p, (size_t)n};
    bytes->p += n;
    return s;
}

// The place of the next entry that is not 0, or n.
static int64_t skip_zeros(Bytes *bytes, int64_t at, int64_t n)
{
    uint64_t zeros = bytes_count_to(bytes, (uint64_t)(n - at));
    return bytes->bad ? n : at + (int64_t)zeros;
}

void bytes_counts(Bytes *bytes, uint64_t *x, int64_t n)
{
    memset(x, 0, (size_t)n * sizeof *x);
    for (int64_t i = skip_zeros(bytes, 0, n); i < n; i = skip_zeros(bytes, i + 1, n)) {
        x[i] = bytes_count(bytes);
    }
}

static uint64_t get_high_bytes(Bytes *bytes, unsigned n)
{
    if (bytes->end - bytes->p < (int64_t)n) {
        return bad(bytes);
    }
    uint64_t bits = 0;
    for (unsigned i = 0; i < n; i++) {
        bits |= (uint64_t)bytes->p[i] << (56 - 8 * i);
    }
    bytes->p += n;
    return bits;
}

// Entries that were left out: from `from` to before `to`.
static void fill_doubles(double *x, int64_t from, int64_t to)
{
    for (int64_t i = from; i < to; i++) {
        x[i] = i < BACK ? 0 : x[i - BACK];
    }
}

void bytes_doubles(Bytes *bytes, double *x, int64_t n)
{
    int64_t at = 0;
    while (at < n) {
        uint64_t head = bytes_count_to(bytes, (uint64_t)(n - at) * 8);
        int64_t next = bytes->bad ? n : at + (int64_t)(head / 8);
        fill_doubles(x, at, next);
        if (next < n) {
            uint64_t bits = get_high_bytes(bytes, (unsigned)(head % 8) + 1);
            x[next] = double_of_bits(bits ^ (next < BACK ? 0 : bits_of_double(x[next - BACK])));
        }
        at = next + 1;
    }
}
