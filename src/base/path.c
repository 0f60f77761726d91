// SPDX-License-Identifier: MIT
//
// The part of file.h about paths. A model may only use files below its own folder: a text from a
// stranger must not be able to read what lies elsewhere.
#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

Str path_folder(Str path)
{
    size_t n = path.n;
    while (n && path.p[n - 1] != '/') {
        n--;
    }
    while (n > 1 && path.p[n - 1] == '/') {
        n--;
    }
    return str_sub(path, 0, n);
}

Str path_join(Arena *arena, Str folder, Str path)
{
    if (folder.n == 0 || str_starts(path, STR("/"))) {
        return str_copy(arena, path);
    }
    Buf buf = {.arena = arena};
    buf_add(&buf, folder);
    if (!str_ends(folder, STR("/"))) {
        buf_char(&buf, '/');
    }
    buf_add(&buf, path);
    return buf_str(&buf);
}

// Relative, and no part is "..".
static bool is_plain(Str path)
{
    if (path.n == 0 || path.p[0] == '/' || memchr(path.p, '\0', path.n)) {
        return false;
    }
    size_t from = 0;
    for (size_t i = 0; i <= path.n; i++) {
        if (i == path.n || path.p[i] == '/') {
            if (str_eq(str_sub(path, from, i), STR(".."))) {
                return false;
            }
            from = i + 1;
        }
    }
    return true;
}

// The path without links; of a file that does not exist yet, that of the nearest folder above it
// that does. A link to nowhere gives the empty Str: nobody can say where it will point.
static Str resolved(Arena *arena, Str path)
{
    for (Str at = path; at.n; at = path_folder(at)) {
        const char *c = str_c(arena, at);
        char *real = realpath(c, NULL);
        if (real) {
            Str copy = str_copy(arena, str_of(real));
            free(real);
            return copy;
        }
        if (errno == ENOMEM) {
            base_on_oom();
        }
        struct stat info = {0};
        if (errno != ENOENT || lstat(c, &info) == 0) {
            break;
        }
    }
    return STR("");
}

Status file_plain(Arena *arena, const char *path, const char **plain, bool *exists, Error *error)
{
    struct stat info = {0};
    *exists = lstat(path, &info) == 0;
    *plain = path;
    if (*exists && S_ISLNK(info.st_mode)) {
        char *real = realpath(path, NULL);
        if (!real && errno == ENOMEM) {
            base_on_oom();
        }
        if (!real) {
            return error_set(error, ST_NO_INPUT, "%.300s is a link to nothing", path);
        }
        *plain = str_c(arena, str_of(real));
        free(real);
        *exists = lstat(*plain, &info) == 0;
    }
    size_t n = strlen(path);
    if (*exists && S_ISDIR(info.st_mode)) {
        return error_set(error, ST_NO_INPUT, "%.300s is a folder, not a file", path);
    }
    bool no_name = n == 0 || strcmp(path, "-") == 0;
    if (no_name || path[n - 1] == '/' || (*exists && !S_ISREG(info.st_mode))) {
        return error_set(error, no_name ? ST_USAGE : ST_NO_INPUT, "%.300s is not a plain file",
                         n ? path : "''");
    }
    return ST_OK;
}

bool path_below(Arena *arena, Str folder, Str path)
{
    if (!is_plain(path) || (folder.n && memchr(folder.p, '\0', folder.n))) {
        return false;
    }
    folder = folder.n ? folder : STR(".");
    Str top = resolved(arena, folder); // of a folder that is missing, something above it: no harm
    Str file = resolved(arena, path_join(arena, folder, path));
    if (!top.n || !str_starts(file, top)) {
        return false;
    }
    return file.n == top.n || str_ends(top, STR("/")) || file.p[top.n] == '/';
}
