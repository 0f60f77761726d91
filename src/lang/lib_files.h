// SPDX-License-Identifier: MIT
//
// The standard library as part of the program: the files of lib/, in the order of their names.
#pragma once
#include "base/embed.h"

extern const EmbeddedFile lib_files[]; // n_lib_files of them
extern const size_t n_lib_files;
