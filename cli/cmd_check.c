// SPDX-License-Identifier: MIT
//
// casus check: diagnostics and lints, then what a run would take. They are what was asked for, so
// that they go to standard output when the model stands.
#include <string.h>

#include "base/num.h"
#include "cli.h"

static void add_cost(Buf *buf, const CasusCost *cost)
{
    Arena *arena = buf->arena;
    double megabytes = cost->bytes / 1e6;
    buf_addf(buf, "a run: %.*s futures of %d step%s, about %.*s MB of memory, ",
             STR_ARG(num_grouped(arena, (double)cost->futures, 0)), (int)cost->steps,
             cost->steps == 1 ? "" : "s",
             STR_ARG(num_grouped(arena, megabytes, megabytes < 10 ? 1 : 0)));
    if (cost->seconds < 1) {
        buf_add(buf, STR("less than a second"));
    } else if (cost->seconds < 120) {
        buf_addf(buf, "about %.0f s", cost->seconds);
    } else {
        buf_addf(buf, "about %.0f minutes", cost->seconds / 60);
    }
    buf_addf(buf, " on %d thread%s\n", cost->threads, cost->threads == 1 ? "" : "s");
}

// Whether the answers could be had without simulation error.
static int add_exact(const Args *args, const CasusModel *model, const CasusRunOptions *options,
                     Buf *buf)
{
    CasusError *error = NULL;
    char *why = NULL;
    if (casus_exact_applies(model, options, &why, &error) != CASUS_OK) {
        return term_fail(args, error);
    }
    if (why[0] == 0) {
        buf_add(buf, STR("`casus exact` applies: every question rests on finitely many states\n"));
    } else {
        buf_add(buf, STR("`casus exact` does not answer "));
        buf_add_safe(buf, str_of(why), false);
        buf_char(buf, '\n');
    }
    casus_free(why);
    return 0;
}

static int write_text(const Args *args, const CasusModel *model)
{
    CasusRunOptions options = cli_run_options(args);
    CasusCost cost;
    CasusError *error = NULL;
    if (casus_run_cost(model, &options, &cost, &error) != CASUS_OK) {
        return term_fail(args, error);
    }
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    CasusStyle style = term_style(args);
    char *warnings = casus_model_diagnostics(model, CASUS_TEXT, &style);
    size_t n = casus_model_warnings(model);
    int code;
    if (!args->values[OPT_QUIET].given) {
        buf_add(&buf, str_of(warnings));
    }
    buf_add_safe(&buf, str_of(args->operands.p[0]), false);
    buf_addf(&buf, ": no errors, %zu warning%s\n", n, n == 1 ? "" : "s");
    add_cost(&buf, &cost);
    code = add_exact(args, model, &options, &buf);
    if (code) {
        casus_free(warnings);
        arena_free(arena);
        return code;
    }
    code = term_output(args, buf_str(&buf).p);
    casus_free(warnings);
    arena_free(arena);
    return code;
}

static int write_program(const Args *args, const CasusModel *model)
{
    CasusError *error = NULL;
    CasusRunOptions options = cli_run_options(args);
    char *text = casus_model_program(model, &options, &error);
    int code = text ? term_output(args, text) : term_fail(args, error);
    casus_free(text);
    return code;
}

// What is asked instead of the messages; OPT_COUNT: nothing else.
static const OptionId instead[] = {OPT_AGREE, OPT_ORDER, OPT_REACH, OPT_PROGRAM};
enum { N_INSTEAD = sizeof instead / sizeof instead[0] };

// What goes with which of them alone.
static int check_goes_with(const Args *args, OptionId asked)
{
    static const struct {
        OptionId option, with[3];
        const char *names;
    } rows[] = {
        {OPT_JSON, {OPT_AGREE, OPT_ORDER, OPT_REACH}, "--agree, --order or --reach"},
        {OPT_QUESTION, {OPT_AGREE, OPT_ORDER, OPT_ORDER}, "--agree or --order"},
        {OPT_ALL, {OPT_AGREE, OPT_ORDER, OPT_ORDER}, "--agree or --order"},
        {OPT_MEMORY, {OPT_AGREE, OPT_AGREE, OPT_AGREE}, "--agree"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const OptionId *with = rows[i].with;
        bool fits = asked == with[0] || asked == with[1] || asked == with[2];
        if (args->values[rows[i].option].given && !fits) {
            term_say("check takes --%s only with %s%s", option_table[rows[i].option].name,
                     rows[i].names,
                     rows[i].option == OPT_JSON ? "; for its messages: --diagnostics json" : "");
            return CASUS_USAGE;
        }
    }
    return 0;
}

static int check_options(const Args *args, OptionId *asked)
{
    const OptionValue *v = args->values;
    *asked = OPT_COUNT;
    for (int i = 0; i < N_INSTEAD; i++) {
        if (v[instead[i]].given && *asked != OPT_COUNT) {
            term_say("--%s and --%s exclude each other", option_table[*asked].name,
                     option_table[instead[i]].name);
            return CASUS_USAGE;
        }
        *asked = v[instead[i]].given ? instead[i] : *asked;
    }
    return check_goes_with(args, *asked);
}

int cmd_check(const Args *args)
{
    OptionId asked;
    int code = check_options(args, &asked);
    if (code) {
        return code;
    }
    CasusModel *model = cli_load(args, true, &code);
    if (!model) {
        return code;
    }
    const OptionValue *form = &args->values[OPT_DIAGNOSTICS];
    if (asked == OPT_AGREE) {
        code = check_agree(args, model);
    } else if (asked == OPT_ORDER) {
        code = check_order(args, model);
    } else if (asked == OPT_REACH) {
        code = check_reach(args, model);
    } else if (asked == OPT_PROGRAM) {
        code = write_program(args, model);
    } else if (form->given && strcmp(form->text, "json") == 0) {
        CasusStyle style = term_style(args);
        char *json = casus_model_diagnostics(model, CASUS_JSON, &style);
        code = term_output(args, json);
        casus_free(json);
    } else {
        code = write_text(args, model);
    }
    casus_model_free(model);
    return code;
}
