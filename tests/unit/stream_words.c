// SPDX-License-Identifier: MIT
//
// Writes random words of one axis (streams.h) to standard output, without end: what
// script/dieharder feeds to dieharder.
#include <stdlib.h>

#include "streams.h"

int main(int argc, char **argv)
{
    enum { N = 16384 };
    static uint32_t words[N];
    int axis = 0;
    while (argc > 1 && axis < N_AXES && strcmp(argv[1], AXIS_NAMES[axis])) {
        axis++;
    }
    if (argc < 2 || axis == N_AXES) {
        fputs("usage: stream_words future|world|step|site|seed|model [SEED]\n", stderr);
        return 2;
    }
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    DrawPlace origin = {0, 0, 0, 0};
    uint32_t sites[8];
    for (uint32_t i = 0; i < 8; i++) {
        sites[i] = stream_site(i);
    }
    for (uint64_t i = 0;;) {
        for (int k = 0; k < N; k++, i++) {
            words[k] = axis == AXIS_MODEL ? stream_model(sites, seed, i)
                                          : stream_word((Axis)axis, origin, seed, (uint32_t)i);
        }
        if (fwrite(words, sizeof words, 1, stdout) != 1) {
            return 0; // the reader has had enough
        }
    }
}
