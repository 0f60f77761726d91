// SPDX-License-Identifier: MIT
//
// Loaded before the C library (LD_PRELOAD) it makes one call of a process fail: the one that
// CASUS_FAULT names as KIND:N, the N-th of its kind counted from 1. Kinds: `alloc` is memory,
// `call` is files and threads, `short` fails nothing but lets every write take a few bytes only,
// and every other one be interrupted. What was counted goes to the file that CASUS_FAULT_LOG names:
// the number of calls at the end, or the name of the call that failed. Read with faults.py, which
// walks N.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// With the address sanitizer memory is its own, and none of ours to refuse.
#ifndef __SANITIZE_ADDRESS__
#define HAS_MEMORY 1
#endif

#ifdef HAS_MEMORY
// Glibc's own allocation under names that nobody else takes: asking for the next `calloc` would
// itself allocate.
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);
#endif

typedef enum { NOTHING, ALLOC, CALL, SHORT } Kind;

static Kind kind; // fixed before main; the tool is of tests only, and a shim has nowhere else
static long wanted;
static atomic_long counted;

static void note(const char *text)
{
    const char *path = getenv("CASUS_FAULT_LOG");
    long fd = path ? syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (fd >= 0) {
        (void)syscall(SYS_write, (int)fd, text, strlen(text));
        (void)syscall(SYS_close, (int)fd);
    }
}

// Is this call the one that fails?
static bool fails(Kind of, const char *name, int reason)
{
    if (of != kind || atomic_fetch_add(&counted, 1) + 1 != wanted) {
        return false;
    }
    note(name);
    errno = reason;
    return true;
}

__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("CASUS_FAULT");
    const char *number = text ? strchr(text, ':') : NULL;
    if (number) {
        kind = text[0] == 'a' ? ALLOC : text[0] == 'c' ? CALL : SHORT;
        wanted = strtol(number + 1, NULL, 10);
    }
}

__attribute__((destructor)) static void end(void)
{
    char text[32];
    if (kind != NOTHING && atomic_load(&counted) < wanted) {
        snprintf(text, sizeof text, "%ld", atomic_load(&counted));
        note(text);
    }
}

// ---- Memory -----------------------------------------------------------------------------------

#ifdef HAS_MEMORY
void *malloc(size_t n)
{
    return fails(ALLOC, "malloc", ENOMEM) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return fails(ALLOC, "calloc", ENOMEM) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    return fails(ALLOC, "realloc", ENOMEM) ? NULL : __libc_realloc(p, n);
}
#endif

// ---- Files and threads ------------------------------------------------------------------------

// The function of this name that would have been called without us.
#define NEXT(name) (__extension__(__typeof__(&name)) dlsym(RTLD_NEXT, #name))

int open64(const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    return fails(CALL, "open", EMFILE) ? -1 : NEXT(open64)(path, flags, mode);
}

ssize_t read(int fd, void *p, size_t n)
{
    return fails(CALL, "read", EIO) ? -1 : NEXT(read)(fd, p, n);
}

ssize_t write(int fd, const void *p, size_t n)
{
    if (kind == SHORT) {
        if (atomic_fetch_add(&counted, 1) % 2) {
            errno = EINTR;
            return -1;
        }
        n = n < 7 ? n : 7;
    }
    const char *name = fd == STDERR_FILENO ? "write of a message" : "write";
    return fails(CALL, name, ENOSPC) ? -1 : NEXT(write)(fd, p, n);
}

// It closes all the same, as Linux does.
int close(int fd)
{
    bool failing = fails(CALL, "close", EIO);
    int result = NEXT(close)(fd);
    errno = failing ? EIO : errno;
    return failing ? -1 : result;
}

int fsync(int fd)
{
    return fails(CALL, "fsync", EIO) ? -1 : NEXT(fsync)(fd);
}

int fchmod(int fd, mode_t mode)
{
    return fails(CALL, "fchmod", EPERM) ? -1 : NEXT(fchmod)(fd, mode);
}

int rename(const char *from, const char *to)
{
    return fails(CALL, "rename", EACCES) ? -1 : NEXT(rename)(from, to);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    return fails(CALL, "linkat", ENOSPC) ? -1
                                         : NEXT(linkat)(from_folder, from, to_folder, to, flags);
}

int access(const char *path, int mode)
{
    return fails(CALL, "access", EACCES) ? -1 : NEXT(access)(path, mode);
}

int stat64(const char *path, struct stat64 *info)
{
    return fails(CALL, "stat", EIO) ? -1 : NEXT(stat64)(path, info);
}

int lstat64(const char *path, struct stat64 *info)
{
    return fails(CALL, "lstat", EIO) ? -1 : NEXT(lstat64)(path, info);
}

int fstat64(int fd, struct stat64 *info)
{
    return fails(CALL, "fstat", EIO) ? -1 : NEXT(fstat64)(fd, info);
}

char *realpath(const char *path, char *resolved)
{
    return fails(CALL, "realpath", ENAMETOOLONG) ? NULL : NEXT(realpath)(path, resolved);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                   void *context)
{
    return fails(CALL, "pthread_create", EAGAIN)
               ? EAGAIN
               : NEXT(pthread_create)(thread, attributes, start, context);
}
