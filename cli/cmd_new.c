// SPDX-License-Identifier: MIT
//
// casus new: a model to start from. It never writes over a file that is there.
#include <string.h>
#include <unistd.h>

#include "cli.h"

static const char *template_text(const char *kind)
{
    for (size_t i = 0; i < casus_templates(); i++) {
        if (strcmp(casus_template_name(i), kind) == 0) {
            return casus_template_text(i);
        }
    }
    return NULL;
}

static int no_kind(const char *kind)
{
    Arena *arena = arena_new(0);
    Buf list = {.arena = arena};
    for (size_t i = 0; i < casus_templates(); i++) {
        buf_addf(&list, "%s%s", i ? ", " : "", casus_template_name(i));
    }
    term_say("there is no model of the kind `%.100s`: there are %s", kind, buf_str(&list).p);
    arena_free(arena);
    return CASUS_USAGE;
}

int cmd_new(const Args *args)
{
    const char *kind = args->operands.n ? args->operands.p[0] : "crisis";
    const OptionValue *output = &args->values[OPT_OUTPUT];
    const char *text = template_text(kind);
    if (!text) {
        return no_kind(kind);
    }
    if (output->given && access(output->text, F_OK) == 0) {
        term_say("%.300s is there already: it is left as it is", output->text);
        return CASUS_CANNOT_WRITE;
    }
    int code = term_output(args, text);
    if (code == 0 && output->given) {
        term_say("wrote %.300s; next: casus run %.300s", output->text, output->text);
    }
    return code;
}
