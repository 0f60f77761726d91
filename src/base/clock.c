// SPDX-License-Identifier: MIT
//
// The monotonic clock and the processors this process may run on.
#include "base/clock.h"

#include <sched.h>
#include <time.h>
#include <unistd.h>

double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int clock_processors(void)
{
    // The affinity mask, which is what taskset and containers restrict. On a machine too large for
    // it, what the system has.
    cpu_set_t mine;
    if (sched_getaffinity(0, sizeof mine, &mine) == 0 && CPU_COUNT(&mine) > 0) {
        return CPU_COUNT(&mine);
    }
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : (int)online;
}
