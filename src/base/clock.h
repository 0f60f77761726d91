// SPDX-License-Identifier: MIT
//
// Wall time for progress lines, the number of processors, the size of the memory. Never for
// results.
#pragma once

double clock_seconds(void); // monotonic
int clock_processors(void); // those this process may use, at least 1
double clock_memory(void);  // bytes this process may use: the machine's, or less by `ulimit -v`
