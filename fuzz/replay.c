// SPDX-License-Identifier: MIT
//
// Runs a fuzz target over the files of a folder, without a fuzzer: how the suite replays a corpus.
// usage: replay FOLDER
#include <dirent.h>
#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
    if (!dir) {
        fprintf(stderr, "usage: replay FOLDER\n");
        return 2;
    }
    int files = 0;
    for (const struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        Arena *arena = arena_new(0);
        Str text;
        Error error;
        Str path = str_format(arena, "%s/%s", argv[1], entry->d_name);
        if (file_read(path.p, LIMIT_FILE_BYTES, arena, &text, &error) != ST_OK) {
            fprintf(stderr, "%s\n", error.message);
            return 1;
        }
        LLVMFuzzerTestOneInput((const uint8_t *)text.p, text.n);
        arena_free(arena);
        files++;
    }
    closedir(dir);
    printf("%d files\n", files);
    return files == 0;
}
