// SPDX-License-Identifier: MIT
//
// `casus replay`: one future told as a dated story, from the same draws as in a run.
#pragma once
#include "answer/answer.h"
#include "ask/run.h"

// Of the options count: seed, view, with_base, questions, sources. The story is that which this
// world tells in a run with these options. Events, decisions (with what was seen and the chances
// of the options), outcomes, delayed effects, moves on ladders and broken checks become lines in
// the order in which they happened. Numbers of the answers have all their digits, so that they can
// be held against `run --samples`. ST_USAGE and ST_BAD_MODEL as ask_run.
Status ask_replay(Arena *arena, const Model *model, const RunOptions *options, uint64_t world,
                  uint64_t future, Replay **replay, Error *error);
