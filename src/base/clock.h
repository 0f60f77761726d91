// SPDX-License-Identifier: MIT
//
// Wall time for progress lines, and the number of processors. Never for results.
#pragma once

double clock_seconds(void); // monotonic
int clock_processors(void); // those this process may use, at least 1
