// SPDX-License-Identifier: MIT
//
// A file that was made part of the program when it was built (see script/embed).
#pragma once
#include <stddef.h>

typedef struct {
    const char *name;  // below lib/, such as "words.casus"
    const char *bytes; // followed by a NUL that is not counted
    size_t length;
} EmbeddedFile;
