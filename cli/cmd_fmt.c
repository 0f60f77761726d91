// SPDX-License-Identifier: MIT
//
// casus fmt: canonical layout. To standard output, or with -i into the files themselves; --check
// changes nothing and says by its exit code whether something would change.
#include "base/file.h"
#include "base/limits.h"
#include "cli.h"

static int fail_with(const Error *error)
{
    term_say("%s", error->message);
    return status_exit_code(error->status);
}

// What is to be done with the formatted text of one file.
static int deliver(const Args *args, const char *path, Str before, const char *after)
{
    bool same = str_eq(before, str_of(after));
    if (args->values[OPT_CHECK].given) {
        if (!same) {
            term_say("%.300s is not in canonical layout: casus fmt -i", path);
        }
        return same ? CASUS_OK : CASUS_CHECK_FAILED;
    }
    if (!args->values[OPT_IN_PLACE].given) {
        return term_output(args, after);
    }
    Error error;
    if (!same && file_write(path, str_of(after), &error) != ST_OK) {
        return fail_with(&error);
    }
    return CASUS_OK;
}

static int format_file(const Args *args, const char *path)
{
    Arena *arena = arena_new(0);
    Str text;
    Error why;
    int code;
    if (file_read(path, LIMIT_FILE_BYTES, arena, &text, &why) != ST_OK) {
        code = fail_with(&why);
    } else {
        CasusError *error = NULL;
        char *formatted = casus_format_text(path, text.p, text.n, &error);
        code = formatted ? deliver(args, path, text, formatted) : term_fail(args, error);
        casus_free(formatted);
    }
    arena_free(arena);
    return code;
}

int cmd_fmt(const Args *args)
{
    const OptionValue *v = args->values;
    if (v[OPT_OUTPUT].given && (v[OPT_IN_PLACE].given || v[OPT_CHECK].given)) {
        term_say("%s",
                 v[OPT_CHECK].given
                     ? "--check writes nothing, and -o names a file to write: give one of them"
                     : "-i writes into the file itself, and -o into another: give one of them");
        return CASUS_USAGE;
    }
    bool many = args->values[OPT_CHECK].given || args->values[OPT_IN_PLACE].given;
    if (args->operands.n > 1 && !many) {
        term_say("several files are formatted with -i, into themselves, or looked at with --check");
        return CASUS_USAGE;
    }
    int worst = CASUS_OK;
    for (int32_t i = 0; i < args->operands.n; i++) {
        int code = format_file(args, args->operands.p[i]);
        worst = code > worst ? code : worst;
    }
    return worst;
}
