// SPDX-License-Identifier: MIT
//
// The checker: every code of its own by the example that explains it, and the Models that come out
// of right texts: units, intervals, expressions, chances, sights. Stories and questions are in
// lang_views_test.c.
#include "base/limits.h"
#include "lang/diags.h"
#include "lang_fixture.h"

// ---- Every code ---------------------------------------------------------------------------------

static Str example_of(const char *explanation, const char *head)
{
    Buf buf = {.arena = texts};
    const char *at = strstr(explanation, head);
    at = at == NULL ? NULL : at + strlen(head);
    while (at != NULL && strncmp(at, "    ", 4) == 0) {
        const char *line_end = strchr(at, '\n');
        buf_add(&buf, (Str){at + 4, (size_t)(line_end + 1 - (at + 4))});
        at = line_end + 1;
    }
    return buf_str(&buf);
}

static bool only_code(int32_t code)
{
    bool found = false, others = false;
    for (int32_t i = 0; i < list.diags.n; i++) {
        bool same = list.diags.p[i].code == code;
        bool counts = list.diags.p[i].severity == SEVERITY_ERROR || code >= 500;
        found = found || same;
        others = others || (counts && !same);
    }
    return found && !others;
}

// Codes of limits and of several files have no example that fits into a few lines.
static bool has_no_example(int32_t code)
{
    static const int32_t CODES[] = {300, 307, 312, 314, 327, 350, 355, 369, 395, 465};
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++) {
        if (CODES[i] == code) {
            return true;
        }
    }
    return false;
}

static void test_so_many_params_are_correlated_and_no_more(void **state)
{
    (void)state;
    for (int32_t more = 0; more < 2; more++) {
        Buf text = {.arena = texts};
        for (int32_t i = 0; i < LIMIT_CORRELATED + more; i++) {
            buf_addf(&text, "param p%d : number ~ 1 to 3\n", (int)i);
        }
        for (int32_t i = 0; i < LIMIT_CORRELATED + more; i++) {
            buf_addf(&text, "%sp%d", i ? ", " : "correlate ", (int)i);
        }
        buf_add(&text, STR(" 0.1\n"));
        const Model *model = load(buf_str(&text).p, false);
        assert_true((model != NULL) == (more == 0));
        assert_true(more == 0 || only_code(465));
        assert_true(more == 1 || model->views[0]->n_correlated == LIMIT_CORRELATED);
    }
}

static void test_every_code_is_shown_by_its_example(void **state)
{
    (void)state;
    int32_t failed = 0;
    for (int32_t i = 0; i < diag_rows(); i++) {
        const DiagInfo *info = diag_row(i);
        if (info->code < 300 || has_no_example(info->code)) {
            continue;
        }
        Str wrong = example_of(info->explanation, "Wrong:\n");
        Str right = example_of(info->explanation, "Right:\n");
        assert_true(wrong.n > 0 && right.n > 0);
        load(wrong.p, info->severity == SEVERITY_WARNING);
        if (!only_code(info->code)) {
            print_message("C%04d, wrong:\n", (int)info->code);
            say_diags();
            failed++;
        }
        load(right.p, info->severity == SEVERITY_WARNING);
        if (list.n_errors > 0 || (info->severity == SEVERITY_WARNING && list.n_warnings > 0)) {
            print_message("C%04d, right:\n", (int)info->code);
            say_diags();
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

// ---- Units, kinds, uncertain values -------------------------------------------------------------

static void test_numbers_come_in_base_units(void **state)
{
    (void)state;
    Model *model = load_right("unit km\n"
                              "param pace : km per week ~ -2 to 6\n"
                              "param wait : duration ~ 3 to 10 weeks\n"
                              "param rate : hazard = 0.5 per year\n"
                              "param far : km = 3k\n"
                              "param share : number = 35%\n");
    const Dist *pace = base_quantity(model, "pace")->values[0];
    assert_int_equal(pace->form, DIST_INTERVAL);
    assert_int_equal(pace->family, FAMILY_NORMAL);
    assert_near(pace->numbers[0], -2.0 / 7);
    assert_near(pace->numbers[1], 6.0 / 7);
    const Shown *shown = &base_quantity(model, "pace")->shown;
    assert_near(shown->scale, 7);
    assert_true(str_eq(shown->unit, STR("km per week")));
    const Dist *wait = base_quantity(model, "wait")->values[0];
    assert_int_equal(wait->family, FAMILY_LOGNORMAL); // a duration is positive
    assert_near(wait->numbers[0], 21);
    assert_near(base_quantity(model, "rate")->values[0]->args[0]->number, 0.5 / 365.25);
    assert_near(base_quantity(model, "far")->values[0]->args[0]->number, 3000);
    assert_near(base_quantity(model, "share")->values[0]->args[0]->number, 0.35);
    int32_t unit = base_quantity(model, "pace")->kind.unit;
    assert_true(str_eq(model->units[unit].name, STR("km per day")));
}

static const Dist *dist_of(const char *kind, const char *value)
{
    Str text = str_format(texts, "unit km\nunit men positive\nparam x : %s ~ %s\n", kind, value);
    return base_quantity(load_right(text.p), "x")->values[0];
}

static void test_family_follows_where_values_may_lie(void **state)
{
    (void)state;
    assert_int_equal(dist_of("km", "1 to 3")->family, FAMILY_NORMAL);
    assert_int_equal(dist_of("km positive", "1 to 3")->family, FAMILY_LOGNORMAL);
    assert_int_equal(dist_of("men", "1k to 3k")->family, FAMILY_LOGNORMAL);
    assert_int_equal(dist_of("men per week", "1k to 3k")->family, FAMILY_NORMAL);
    assert_int_equal(dist_of("count", "1 to 3")->family, FAMILY_LOGNORMAL);
    assert_int_equal(dist_of("probability", "10% to 30%")->family, FAMILY_LOGITNORMAL);
    assert_int_equal(dist_of("number", "10% to 30%")->family, FAMILY_NORMAL);
    assert_int_equal(dist_of("hazard", "0.1 to 0.3 per year")->family, FAMILY_LOGNORMAL);
    const Dist *window = dist_of("hazard", "3 to 15% within 6 months");
    assert_int_equal(window->family, FAMILY_LOGITNORMAL);
    assert_near(window->numbers[0], 0.03);
    assert_near(window->numbers[1], 0.15);
    assert_near(window->window_days, 365.25 / 2);
}

static void test_forms_of_uncertain_values(void **state)
{
    (void)state;
    assert_int_equal(dist_of("km", "1 up to 3")->form, DIST_UP_TO);
    assert_int_equal(dist_of("km", "low 1 mode 2 high 3")->form, DIST_PERT_OF);
    assert_int_equal(dist_of("km", "5% 1 50% 2 95% 9")->form, DIST_QUANTILES);
    const Dist *around = dist_of("km", "around 50 give or take 10%");
    assert_int_equal(around->form, DIST_AROUND);
    assert_near(around->numbers[1], 5);
    const Dist *kept = dist_of("men", "around 50 give or take 10%");
    assert_int_equal(kept->form, DIST_TRUNCATED);
    assert_near(kept->numbers[0], 0);
    const Dist *mixture = dist_of("km", "mixture(30%: 1 to 2, rest: normal(5, 1))");
    assert_int_equal(mixture->n_parts, 2);
    assert_near(mixture->weights[1], 0.7);
    assert_int_equal(mixture->parts[1]->form, DIST_NAMED);
    assert_int_equal(mixture->parts[1]->kind, DIST_NORMAL);
    const Dist *scaled = dist_of("km per week", "lognormal(0, 1)");
    assert_near(scaled->scale, 1.0 / 7);
    const Dist *word = dist_of("probability", "very likely");
    assert_near(word->numbers[0], 0.8);
    assert_near(word->numbers[1], 0.95);
    assert_true(str_eq(word->word, STR("very likely")));
}

static void test_categories_are_values_with_shares(void **state)
{
    (void)state;
    Model *model = load_right("actor RUS\n"
                              "set zones = west, coast, centre\n"
                              "ladder rung = calm < crisis < war\n"
                              "type aims of RUS : limited, maximal ~ 65%, rest\n"
                              "param where : zones ~ coast 50%, west 20%, centre rest\n"
                              "param start : rung ~ war 10%, calm rest\n"
                              "param ally : flag ~ 30%\n");
    const Dist *aims = base_quantity(model, "aims of RUS")->values[0];
    assert_int_equal(aims->form, DIST_CATEGORIES);
    assert_near(aims->numbers[0], 0.65);
    assert_near(aims->numbers[1], 0.35);
    const View *view = model->views[0];
    const Dist *where = base_quantity(model, "where")->values[0];
    int32_t first = (int32_t)where->args[0]->number;
    assert_true(str_eq(view->atoms[first].name, STR("coast")));
    const Dist *start = base_quantity(model, "start")->values[0];
    assert_near(start->args[0]->number, 2);
    assert_near(start->numbers[1], 0.9);
    const Dist *ally = base_quantity(model, "ally")->values[0];
    assert_int_equal(ally->kind, DIST_BERNOULLI);
    assert_near(ally->args[0]->number, 0.3);
}

static void test_standards_of_words_differ(void **state)
{
    (void)state;
    static const struct {
        const char *standard;
        double lo, hi;
    } LIKELY[] = {
        {"ICD203", 0.55, 0.8}, {"PHIA", 0.55, 0.75}, {"IPCC", 0.66, 1}, {"Readers", 0.51, 0.85}};
    for (size_t i = 0; i < sizeof LIKELY / sizeof LIKELY[0]; i++) {
        Str text = str_format(texts,
                              "model \"t\"\n  time daily from 2024-01-01 to 2024-02-01\n"
                              "  words %s\nparam p : probability ~ likely\n",
                              LIKELY[i].standard);
        Model *model = load_right(text.p);
        const Dist *dist = base_quantity(model, "p")->values[0];
        assert_near(dist->numbers[0], LIKELY[i].lo);
        assert_near(dist->numbers[1], LIKELY[i].hi);
        // A band that reaches certainty has no 5 % beyond it.
        assert_int_equal(dist->form, LIKELY[i].hi == 1 ? DIST_UP_TO : DIST_INTERVAL);
        for (int32_t k = 1; k < model->n_words; k++) {
            const Word *a = &model->words[k - 1], *b = &model->words[k];
            assert_true(a->lo + a->hi <= b->lo + b->hi);
        }
    }
}

// ---- Time ---------------------------------------------------------------------------------------

static void test_steps_hold_dates(void **state)
{
    (void)state;
    Model *weekly = load_right("model \"t\"\n  time weekly from 2024-03-04 to 2025-03-03\n");
    assert_int_equal(weekly->n_steps, 52);
    assert_int_equal(model_step_of(weekly, weekly->start), 0);
    assert_int_equal(model_step_of(weekly, weekly->start - 1), -1);
    assert_int_equal(model_step_of(weekly, weekly->start + 7), 1);
    assert_int_equal(model_step_of(weekly, weekly->start + 6.99), 0);
    assert_int_equal(model_step_of(weekly, weekly->end), 51);
    assert_int_equal(model_step_of(weekly, weekly->end + 1), 52);
    Model *ragged = load_right("model \"t\"\n  time weekly from 2024-01-01 to 2024-01-10\n");
    assert_int_equal(ragged->n_steps, 2);
    assert_int_equal(model_step_of(ragged, ragged->end), 1);
    assert_int_equal(model_step_of(ragged, ragged->end + 3), 1);
    Model *monthly = load_right("model \"t\"\n  time monthly from 2024-01-31 to 2024-05-01\n");
    assert_int_equal(monthly->n_steps, 4);
    assert_near(monthly->step_start[1] - monthly->start, 29); // the last of February 2024
    assert_near(monthly->step_days + 1, 1);
    Model *quarters = load_right("model \"t\"\n  time quarterly from 2023-12-01 to 2024-12-01\n");
    assert_int_equal(quarters->n_steps, 4);
    assert_near(quarters->step_start[1] - quarters->start, 91); // 1 March 2024
    Model *halves =
        load_right("model \"t\"\n  time every 6 months from 2024-02-29 to 2026-02-28\n");
    assert_int_equal(halves->n_steps, 4);
    assert_near(halves->step_start[2] - halves->start, 365); // 28 February 2025
    Model *years = load_right("model \"t\"\n  time yearly from 1900-01-01 to 2000-01-01\n");
    assert_int_equal(years->n_steps, 100);
    assert_int_equal(years->step_months, 12);
    Model *odd = load_right("model \"t\"\n  time every 1.5 months from 2024-01-01 to 2024-06-01\n");
    assert_int_equal(odd->step_months, 0); // no whole months: so many days
    Model *hourly = load_right("model \"t\"\n  time hourly from 2024-01-01 to 2024-01-03\n");
    assert_int_equal(hourly->n_steps, 48);
    assert_near(hourly->step_start[24] - hourly->start, 1);
    Model *three = load_right("model \"t\"\n  time every 3 days from 2024-01-01 to 2024-01-10\n");
    assert_int_equal(three->n_steps, 3);
}

// ---- Expressions --------------------------------------------------------------------------------

// The right side of the only statement of the only block.
static const Expr *only_value(const Model *model)
{
    return model->views[0]->blocks[0].body.p[0]->value;
}

static const Expr *value_of(const char *declarations, const char *statement)
{
    Str text = str_format(texts, "unit km\n%seach step\n  %s\n", declarations, statement);
    return only_value(load_right(text.p));
}

static void test_comparisons_are_turned_one_way(void **state)
{
    (void)state;
    static const char DECLS[] = "state x : km = 0\nstate f : flag = no\n";
    const Expr *more = value_of(DECLS, "f = x > 5 km");
    assert_int_equal(more->op, EX_LT);
    assert_near(more->args[0]->number, 5);
    assert_int_equal(more->args[1]->op, EX_QUANTITY);
    assert_int_equal(value_of(DECLS, "f = x is at least 5 km")->op, EX_LE);
    assert_int_equal(value_of(DECLS, "f = x is at most 5 km")->args[0]->op, EX_QUANTITY);
    assert_int_equal(value_of(DECLS, "f = x is not 5 km")->op, EX_NE);
    assert_int_equal(value_of(DECLS, "f = x > 0")->args[0]->kind.unit,
                     value_of(DECLS, "f = x > 5 km")->args[0]->kind.unit);
}

static void test_noise_spreads_with_the_root_of_time(void **state)
{
    (void)state;
    const Expr *sum = value_of("state x : km = 0\n", "x += noise(4 km per week)");
    assert_int_equal(sum->op, EX_ADD);
    const Expr *noise = sum->args[1];
    assert_int_equal(noise->op, EX_NOISE);
    // 4 km over a week: 4 / sqrt(7) over the root of a day.
    double spread;
    const Expr *arg = noise->args[0];
    assert_int_equal(arg->op, EX_MUL);
    spread = arg->args[0]->number * arg->args[1]->number;
    assert_near(spread * spread * 7, 16);
    assert_true(str_eq(noise->site, STR("each_step.x.noise.1")));
    const Expr *share =
        value_of("state x : number = 0\n", "x += noise(1% per week)")->args[1]->args[0];
    spread =
        share->args[0]->args[0]->number / share->args[0]->args[1]->number * share->args[1]->number;
    assert_near(spread * spread * 7, 1e-4);
}

static void test_functions_compute_an_argument_once(void **state)
{
    (void)state;
    const Expr *twice =
        value_of("def twice(a) = a + a\nstate x : number = 0\n", "x = twice(1 to 3)");
    assert_int_equal(twice->op, EX_LET);
    assert_int_equal(twice->args[0]->op, EX_DRAW);
    assert_int_equal(twice->args[1]->op, EX_ADD);
    assert_int_equal(twice->args[1]->args[0]->op, EX_VAR);
    assert_int_equal(twice->args[1]->args[0]->ref, twice->ref);
    const Expr *plain = value_of("def twice(a) = a + a\nstate x : number = 0\n", "x = twice(x)");
    assert_int_equal(plain->op, EX_ADD);
}

static void test_dates_and_durations(void **state)
{
    (void)state;
    static const char DECLS[] = "state d : date = 2024-01-05\nstate w : duration = 1 day\n";
    assert_int_equal(value_of(DECLS, "w = today - d")->kind.tag, KIND_NUMBER);
    assert_int_equal(value_of(DECLS, "d = d + 2 weeks")->kind.tag, KIND_DATE);
    assert_int_equal(value_of(DECLS, "d = 2 weeks + today")->kind.tag, KIND_DATE);
    assert_int_equal(value_of(DECLS, "w = step")->op, EX_STEP);
}

static void test_bare_names_mean_what_is_expected(void **state)
{
    (void)state;
    static const char DECLS[] = "ladder rung = calm < crisis\nladder market = normal < crisis\n"
                                "state level : rung = calm\nstate mood : market = normal\n"
                                "state f : flag = no\n";
    assert_near(value_of(DECLS, "level = crisis")->number, 1);
    const Expr *compared = value_of(DECLS, "f = crisis is mood");
    assert_int_equal(compared->args[0]->kind.domain, compared->args[1]->kind.domain);
    assert_int_equal(value_of(DECLS, "f = rung.crisis is level")->args[0]->kind.tag, KIND_RUNG);
}

// ---- Chances and unnamed params -----------------------------------------------------------------

static void test_ranges_in_blocks_become_params(void **state)
{
    (void)state;
    Model *model = load_right("actor POL\n"
                              "param p : probability ~ 10% to 20%\n"
                              "event a\n  chance 10% to 40% within 90 days\n"
                              "event b\n  chance 2 * (1% to 2% within 1 day) + (2 to 3 per year)\n"
                              "event c\n  chance (5% to 9%) within step\n"
                              "event d\n  chance p once\n"
                              "event e\n  chance 5% within 30 days\n"
                              "decision s by POL\n"
                              "  rationality 1 to 2\n"
                              "  option wait worth 0\n"
                              "  option go\n    worth\n      + 1\n      - (1 to 3) \"dread\"\n"
                              "      + (2 to 3) \"two words\"\n");
    const View *view = model->views[0];
    const Quantity *a = quantity(view, "a.chance");
    assert_true(a->implicit);
    assert_int_equal(a->kind.unit, view->events[0].chance->kind.unit);
    assert_near(a->shown.window_days, 90);
    quantity(view, "b.chance.1");
    quantity(view, "b.chance.2");
    quantity(view, "s.rationality");
    quantity(view, "s.go.worth.dread");
    assert_true(str_eq(quantity(view, "s.go.worth.3")->title, STR("two words")));
    assert_int_equal(view->events[0].chance_kind, CHANCE_HAZARD);
    assert_int_equal(view->events[0].chance->op, EX_QUANTITY);
    assert_int_equal(view->events[2].chance_kind, CHANCE_PER_STEP);
    assert_int_equal(view->events[3].chance_kind, CHANCE_ONCE);
    assert_int_equal(view->events[4].chance->op, EX_RATE);
    assert_near(view->events[4].chance->number, 30);
    assert_near(view->events[4].chance->args[0]->number, 0.05);
}

static void test_draws_have_names_of_their_own(void **state)
{
    (void)state;
    Model *model =
        load_right("unit km\nstate x : km = 0\nstate y : km = 0\n"
                   "each step\n  x += (1 km to 2 km) + (2 km to 3 km)\n  y = 1 km to 2 km\n"
                   "each step\n  x += 1 km to 2 km\n"
                   "event e\n  chance 5% within 30 days\n"
                   "  then\n    after 3 to 10 days\n      x = 1 km to 2 km\n");
    const View *view = model->views[0];
    const Expr *sum = view->blocks[0].body.p[0]->value->args[1];
    assert_true(str_eq(sum->args[0]->site, STR("each_step.x.1")));
    assert_true(str_eq(sum->args[1]->site, STR("each_step.x.2")));
    assert_true(str_eq(view->blocks[0].body.p[1]->value->site, STR("each_step.y.1")));
    assert_true(str_eq(view->blocks[1].body.p[0]->value->args[1]->site, STR("each_step.x.3")));
    const Stmt *after = view->events[0].then.p[0];
    assert_int_equal(after->kind, STMT_AFTER);
    assert_true(str_eq(after->delay->site, STR("e.after.1")));
    assert_int_equal(after->delay->dist->family, FAMILY_LOGNORMAL);
    assert_int_equal(view->events[0].n_delays, 1);
}

// ---- Decisions ----------------------------------------------------------------------------------

static void test_worths_read_sights(void **state)
{
    (void)state;
    Model *model = load_right("unit km\nactor POL\nactor FRA\nset senders = POL, FRA\n"
                              "state front : km = 0\nstate sent[senders] : flag = no\n"
                              "event line\n  chance 5% within 30 days\n"
                              "decision send by s in senders\n"
                              "  when line and front > 3 km\n"
                              "  sees\n    front cut at 5, 10\n    sent[s]\n"
                              "    others = count(o in senders except s: sent[o]) give or take 1\n"
                              "  option wait worth 0\n"
                              "  option go\n    worth\n      + front / 1 km\n      + 2 * sent[s]\n"
                              "      + others\n      + times(line)\n");
    const Decision *send = &model->views[0]->decisions[0];
    assert_int_equal(send->n_sights, 3);
    assert_int_equal(send->sights[0].n_cuts, 2);
    assert_near(send->sights[0].cuts[1], 10);
    assert_near(send->sights[2].give, 1);
    assert_false(send->sights[2].give_relative);
    const WorthPart *worth = send->options[1].worth;
    assert_int_equal(worth[0].value->args[0]->op, EX_SIGHT);
    assert_int_equal(worth[1].value->args[1]->op, EX_SIGHT); // sent[s] is what he sees of it
    assert_int_equal(worth[1].value->args[1]->ref, 1);
    assert_int_equal(worth[2].value->op, EX_SIGHT);
    assert_int_equal(worth[3].value->op, EX_EVENT); // named in `when`
    assert_int_equal(send->options[0].atom + 1, send->options[1].atom);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_code_is_shown_by_its_example),
        TEST(test_so_many_params_are_correlated_and_no_more),
        TEST(test_numbers_come_in_base_units),
        TEST(test_family_follows_where_values_may_lie),
        TEST(test_forms_of_uncertain_values),
        TEST(test_categories_are_values_with_shares),
        TEST(test_standards_of_words_differ),
        TEST(test_steps_hold_dates),
        TEST(test_comparisons_are_turned_one_way),
        TEST(test_noise_spreads_with_the_root_of_time),
        TEST(test_functions_compute_an_argument_once),
        TEST(test_dates_and_durations),
        TEST(test_bare_names_mean_what_is_expected),
        TEST(test_ranges_in_blocks_become_params),
        TEST(test_draws_have_names_of_their_own),
        TEST(test_worths_read_sights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
