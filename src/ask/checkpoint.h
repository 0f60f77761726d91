// SPDX-License-Identifier: MIT
//
// The checkpoint of a run: its sums as a file, from which the same run goes on to the same bits.
//
// First a line of text and the run's key: everything that its bits depend on, as named fields, so
// that a file of another run is told by what differs. Then the sums. Last a checksum over all
// before it (FNV-1a, 64 bit: it finds every change of a single byte). Numbers are written the same
// on every machine (base/bytes.h).
#pragma once
#include "ask/sums.h"

// Write `path` whole or not at all (base/file.h). ST_CANNOT_WRITE.
Status checkpoint_save(const char *path, const Sums *sums, double precision, Error *error);

// Read it into new sums. ST_NO_INPUT: it cannot be read, is no checkpoint or is damaged; ST_USAGE:
// it belongs to another run.
Status checkpoint_load(const char *path, Sums *sums, double precision, Error *error);

// The same with the bytes themselves; `name` is for the sentence.
void checkpoint_put(Buf *buf, const Sums *sums, double precision);
Status checkpoint_get(Str bytes, const char *name, Sums *sums, double precision, Error *error);
