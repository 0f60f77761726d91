// SPDX-License-Identifier: MIT
//
// An Answer, or a Replay, as one JSON document; its keys are described in docs/json.md. Seeds and
// hashes are strings, what is not a number is null, doubles read back as they were.
#pragma once
#include "answer/answer.h"
#include "base/error.h"

enum { JSON_SCHEMA_VERSION = 1 };

// Append the document, with a line end. ST_INTERNAL when memory runs out.
Status show_json(Buf *buf, const Answer *answer, Error *error);
Status show_replay_json(Buf *buf, const Replay *replay, Error *error);
