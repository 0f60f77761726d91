// SPDX-License-Identifier: MIT
//
// Numbers as bytes, the same on every machine, and back from bytes that may be anything.
//
// What is read has a position and a verdict: after the first byte that is missing or makes no sense
// everything reads as 0 and `bad` stays true, so that a reader may check it once, at its end.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

void bytes_put_u64(Buf *buf, uint64_t x);   // 8 bytes, lowest first
void bytes_put_count(Buf *buf, uint64_t x); // 1 to 10 bytes, few for small numbers (LEB128)
void bytes_put_double(Buf *buf, double x);
void bytes_put_str(Buf *buf, Str s);
// Columns that are mostly zero: each other entry behind the number of zeros before it. Of doubles
// also what repeats takes no room, and whole numbers little.
void bytes_put_counts(Buf *buf, const uint64_t *x, int64_t n);
void bytes_put_doubles(Buf *buf, const double *x, int64_t n);

typedef struct {
    const unsigned char *p, *end;
    bool bad;
} Bytes;

Bytes bytes_of(Str s);
uint64_t bytes_u64(Bytes *bytes);
uint64_t bytes_count(Bytes *bytes);
uint64_t bytes_count_to(Bytes *bytes, uint64_t most); // above `most` is bad
double bytes_double(Bytes *bytes);
Str bytes_str(Bytes *bytes); // borrows
void bytes_counts(Bytes *bytes, uint64_t *x, int64_t n);
void bytes_doubles(Bytes *bytes, double *x, int64_t n);
