// SPDX-License-Identifier: MIT
//
// Whole files in, whole files out.
#pragma once
#include "base/error.h"
#include "base/str.h"

// Read all of `path` ("-" is standard input) into the arena. Directories, missing and unreadable
// files, and anything above `limit` bytes are ST_NO_INPUT with a sentence that names the path.
Status file_read(const char *path, size_t limit, Arena *arena, Str *text, Error *error);

// A file being written: whole or not at all. Writes go to a new file beside `path`, which is
// renamed over it at file_commit. Where the file system allows it has no name until then, so that
// nothing stays behind however the process ends; elsewhere (some network file systems) it is a
// temporary. When `path` is a device, pipe or symbolic link (or "-", standard output) the text is
// written through it instead and nothing is renamed. ST_CANNOT_WRITE on any failure, a full disk at
// commit included; the temporary is removed. After a failed file_put call file_abandon.
typedef struct FileOut FileOut;
Status file_create(const char *path, FileOut **out, Error *error);
Status file_put(FileOut *out, Str text, Error *error);
Status file_commit(FileOut *out, Error *error); // frees out
void file_abandon(FileOut *out);                // frees out, removes the temporary; NULL allowed

// The plain file that `path` names, its links followed, so that file_create replaces it whole;
// *exists is false when there is none yet. Not a plain file are a folder, a pipe and a link to
// nothing (ST_NO_INPUT), "-" and no name at all (ST_USAGE).
Status file_plain(Arena *arena, const char *path, const char **plain, bool *exists, Error *error);

Status file_write(const char *path, Str text, Error *error); // all three in one

// Folder part and joining, with "/" only. path_below: is `path` free of "..", absolute parts and,
// once links are resolved, inside `folder`?
Str path_folder(Str path);
Str path_join(Arena *arena, Str folder, Str path);
bool path_below(Arena *arena, Str folder, Str path);
