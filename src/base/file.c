// SPDX-License-Identifier: MIT
//
// Whole files in, whole files out, on the system calls themselves: every failure is seen where it
// happens, and nothing is left in a buffer of the C library. Paths are in path.c.
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/c_locale.h"

// The system's words for errno, in English whatever the locale.
static Status say(Error *error, Status status, const char *doing, const char *path, int reason)
{
    locale_t locale = c_locale();
    const char *why = strerror_l(reason, locale);
    error_set(error, status, "cannot %s %.300s: %s", doing, path, why);
    freelocale(locale);
    return status;
}

// "-" is standard input to read, standard output to write.
static bool is_dash(const char *path)
{
    return strcmp(path, "-") == 0;
}

// A signal that was handled (a window resized, a timer) is no failure.
static ssize_t read_some(int fd, char *p, size_t n)
{
    ssize_t got;
    do {
        got = read(fd, p, n);
    } while (got < 0 && errno == EINTR);
    return got;
}

static Status too_large(const char *name, size_t limit, Error *error)
{
    return error_set(error, ST_NO_INPUT, "%.300s is too large: more than %zu bytes", name, limit);
}

// Read to the end; what the file said about its size is only a hint (pipes, /proc).
static Status read_all(int fd, const char *name, size_t limit, Arena *arena, Str *text,
                       Error *error)
{
    size_t n = 0, cap = 0;
    char *bytes = NULL;
    for (;;) {
        if (n == cap) {
            cap = cap ? cap * 2 : 65536;
            char *larger = realloc(bytes, cap);
            if (!larger) {
                base_on_oom();
            }
            bytes = larger;
        }
        ssize_t got = read_some(fd, bytes + n, cap - n);
        if (got <= 0) {
            int reason = errno;
            Status status = ST_OK;
            if (got < 0) {
                status = say(error, ST_NO_INPUT, "read", name, reason);
            } else {
                *text = str_copy(arena, (Str){bytes, n});
            }
            free(bytes);
            return status;
        }
        n += (size_t)got;
        if (n > limit) {
            free(bytes);
            return too_large(name, limit, error);
        }
    }
}

Status file_read(const char *path, size_t limit, Arena *arena, Str *text, Error *error)
{
    if (is_dash(path)) {
        // Stays open: who started us may want the rest.
        return read_all(STDIN_FILENO, "standard input", limit, arena, text, error);
    }
    // Of a terminal given as a file we do not want to become the owner.
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return say(error, ST_NO_INPUT, "read", path, errno);
    }
    struct stat info = {
        0}; // here and elsewhere: clang's memory sanitizer does not know who fills it
    Status status;
    if (fstat(fd, &info) != 0) {
        status = say(error, ST_NO_INPUT, "read", path, errno);
    } else if (S_ISDIR(info.st_mode)) {
        status = error_set(error, ST_NO_INPUT, "%.300s is a folder, not a file", path);
    } else if (S_ISREG(info.st_mode) && info.st_size > 0 && (uintmax_t)info.st_size > limit) {
        status = too_large(path, limit, error); // others are stopped on the way
    } else {
        status = read_all(fd, path, limit, arena, text, error);
    }
    close(fd);
    return status;
}

enum { OUT_BUFFER = 64 * 1024 };

struct FileOut {
    int fd;
    int reason;      // errno of the first failure, 0: none
    bool own_fd;     // false for standard output
    char *path;      // as given
    bool nameless;   // the new file has no name yet: it goes away with us, however we end
    char *temporary; // its name beside `path`; NULL: it has none, or is written through
    size_t n;        // bytes waiting
    char buffer[OUT_BUFFER];
};

// A C string of its own, since a FileOut belongs to no arena: it must be freed when it is committed
// or abandoned.
static char *copy_c(Str s)
{
    char *p = calloc(s.n + 1, 1);
    if (!p) {
        base_on_oom();
    }
    if (s.n) {
        memcpy(p, s.p, s.n);
    }
    return p;
}

static FileOut *out_new(const char *path)
{
    FileOut *out = calloc(1, sizeof *out);
    if (!out) {
        base_on_oom();
    }
    out->fd = -1;
    out->path = copy_c(str_of(path));
    return out;
}

static void remove_temporary(FileOut *out)
{
    if (out->temporary) {
        unlink(out->temporary);
        free(out->temporary);
        out->temporary = NULL;
    }
}

// The result of close(): where some file systems first say that a write failed.
static int out_close(FileOut *out)
{
    int result = out->own_fd && out->fd >= 0 ? close(out->fd) : 0;
    out->fd = -1;
    return result;
}

void file_abandon(FileOut *out)
{
    if (!out) {
        return;
    }
    out_close(out);
    remove_temporary(out);
    free(out->path);
    free(out);
}

// A C string of its own: a name beside `path` that is not taken, as far as `attempt` tells. It is
// short, since that of `path` may already be as long as the system allows.
static char *temporary_name(const FileOut *out, int attempt)
{
    char name[64];
    int n = snprintf(name, sizeof name, ".casus-%ld-%d.tmp", (long)getpid(), attempt);
    Arena *arena = arena_new(4096);
    Str folder = path_folder(str_of(out->path));
    char *temporary = copy_c(path_join(arena, folder, (Str){name, (size_t)n}));
    arena_free(arena);
    return temporary;
}

enum { ATTEMPTS = 1000, PROC_NAME = 32 };

// What the system calls a file that is open.
static void proc_name(int fd, char name[PROC_NAME])
{
    snprintf(name, PROC_NAME, "/proc/self/fd/%d", fd);
}

// A file without a name in the folder of `path`: when we end before our time, by a second Ctrl-C,
// for lack of memory or by kill, nothing stays behind. Not every file system can.
static bool open_nameless(FileOut *out)
{
    Arena *arena = arena_new(4096);
    Str folder = path_folder(str_of(out->path));
    const char *place = folder.n ? str_c(arena, folder) : ".";
    out->fd = open(place, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
    arena_free(arena);
    if (out->fd < 0) {
        return false;
    }
    char proc[PROC_NAME];
    proc_name(out->fd, proc);
    out->nameless = access(proc, F_OK) == 0; // else it could not be named later
    if (!out->nameless) {
        close(out->fd);
        out->fd = -1;
    }
    return out->nameless;
}

static bool open_named(FileOut *out)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        char *temporary = temporary_name(out, attempt);
        out->fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (out->fd >= 0) {
            out->temporary = temporary;
            return true;
        }
        free(temporary);
        if (errno != EEXIST) {
            return false;
        }
    }
    return false;
}

// Give a nameless file its name beside `path`, from where it can be renamed over it. (The other
// way, straight to `path`, the system has only for names that are free.)
static bool out_name(FileOut *out)
{
    char proc[PROC_NAME];
    proc_name(out->fd, proc);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        char *temporary = temporary_name(out, attempt);
        if (linkat(AT_FDCWD, proc, AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0) {
            out->temporary = temporary;
            out->nameless = false;
            return true;
        }
        free(temporary);
        if (errno != EEXIST) {
            return false;
        }
    }
    return false;
}

// Replacing a file must not change who may read it, nor replace one that must not be written.
static bool open_beside(FileOut *out, const struct stat *old)
{
    if (old && access(out->path, W_OK) != 0) {
        return false;
    }
    if (!open_nameless(out) && !open_named(out)) {
        return false;
    }
    return !old || fchmod(out->fd, old->st_mode & 0777) == 0;
}

// What `path` is decides how it is written: new names and plain files by a temporary, so that they
// are whole or absent; all others through, so that a device stays a device and a link a link.
static bool out_open(FileOut *out)
{
    if (is_dash(out->path)) {
        out->fd = STDOUT_FILENO;
        return true;
    }
    out->own_fd = true;
    struct stat info = {0};
    bool exists = lstat(out->path, &info) == 0;
    if (!exists && errno != ENOENT) {
        return false;
    }
    if (!exists || S_ISREG(info.st_mode)) {
        return open_beside(out, exists ? &info : NULL);
    }
    out->fd = open(out->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
    return out->fd >= 0;
}

Status file_create(const char *path, FileOut **out, Error *error)
{
    FileOut *o = out_new(path);
    *out = NULL;
    bool named = path[0] && path[strlen(path) - 1] != '/';
    if (!named || !out_open(o)) {
        Status status = say(error, ST_CANNOT_WRITE, "write", path, named ? errno : EISDIR);
        file_abandon(o);
        return status;
    }
    *out = o;
    return ST_OK;
}

// After the first failure nothing is kept, and every later call says the same again.
static Status out_failed(FileOut *out, Error *error)
{
    remove_temporary(out);
    const char *name = is_dash(out->path) ? "standard output" : out->path;
    return say(error, ST_CANNOT_WRITE, "write", name, out->reason);
}

// All n bytes, or `reason` is set. A pipe takes what it has room for; we come back with the rest.
static bool out_write(FileOut *out, const char *p, size_t n)
{
    while (n && !out->reason) {
        ssize_t done = write(out->fd, p, n);
        if (done > 0) {
            p += done;
            n -= (size_t)done;
        } else if (done == 0) {
            out->reason = ENOSPC;
        } else if (errno != EINTR) {
            out->reason = errno;
        }
    }
    return !out->reason;
}

static bool out_flush(FileOut *out)
{
    bool done = out_write(out, out->buffer, out->n);
    out->n = 0;
    return done;
}

Status file_put(FileOut *out, Str text, Error *error)
{
    // Small pieces gather; one that is large by itself goes straight to the system.
    if (out->n + text.n > OUT_BUFFER) {
        out_flush(out);
    }
    if (text.n >= OUT_BUFFER) {
        out_write(out, text.p, text.n);
    } else if (text.n) {
        memcpy(out->buffer + out->n, text.p, text.n);
        out->n += text.n;
    }
    return out->reason ? out_failed(out, error) : ST_OK;
}

// All bytes on the disk, under a name.
static bool out_settle(FileOut *out)
{
    out_flush(out);
    // Some file systems only find the room when they must.
    bool whole = !out->reason && (!(out->temporary || out->nameless) || fsync(out->fd) == 0) &&
                 (!out->nameless || out_name(out));
    if (!whole && !out->reason) {
        out->reason = errno;
    }
    if (out_close(out) != 0 && whole) {
        out->reason = errno;
    }
    return !out->reason;
}

Status file_commit(FileOut *out, Error *error)
{
    Status status = ST_OK;
    if (out_settle(out) && out->temporary) {
        if (rename(out->temporary, out->path) == 0) {
            free(out->temporary);
            out->temporary = NULL;
        } else {
            out->reason = errno;
        }
    }
    if (out->reason) {
        status = out_failed(out, error);
    }
    file_abandon(out);
    return status;
}

Status file_write(const char *path, Str text, Error *error)
{
    FileOut *out;
    TRY(file_create(path, &out, error));
    Status status = file_put(out, text, error);
    if (status != ST_OK) {
        file_abandon(out);
        return status;
    }
    return file_commit(out, error);
}
