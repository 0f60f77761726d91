// SPDX-License-Identifier: MIT
//
// The checker: stories and settings, questions, the hash of a model, and texts that are refused.
#include <unistd.h>

#include "base/file.h"
#include "lang_fixture.h"

// ---- Stories ------------------------------------------------------------------------------------

static const char STORIES[] =
    "unit km\nactor RUS\nactor POL\nactor FRA\nset senders = POL, FRA\n"
    "source good A \"a\"\n  word \"surely\" = 90% to 99%\nsource poor E \"e\"\n"
    "param fear[senders] : number ~ 1 to 2\n"
    "type aims of RUS : limited, maximal ~ 65%, 35%\n"
    "state front : km = 0\n"
    "event clash\n  chance 5% to 10% within 30 days\n"
    "event other\n  chance 5% within 30 days\n"
    "decision send by s in senders\n"
    "  option wait worth 0\n"
    "  option go worth 1 + (1 to 2) * fear[s]\n"
    "question q ever clash\n"
    "story first from good 1\n"
    "  fear[POL] ~ 5 to 6\n  aims of RUS ~ 20%, 80%\n  front = 3\n"
    "  clash.chance ~ surely within 1 year\n"
    "  send.go.worth.1 ~ 7 to 8\n"
    "  without event other\n  says q \"surely\"\n  says q 5 to 10% from poor\n"
    "story second from poor\n"
    "  weight 3\n"
    "  event other\n    when no\n"
    "variant third\n  fear = 2\n";

static void test_stories_change_what_they_name(void **state)
{
    (void)state;
    Model *model = load_right(STORIES);
    assert_int_equal(model->n_views, 4);
    const View *base = model->views[0], *first = model_view(model, STR("first"));
    const View *second = model_view(model, STR("second")), *third = model_view(model, STR("third"));
    assert_near(quantity(base, "fear")->values[0]->numbers[0], 1);
    assert_near(quantity(first, "fear")->values[0]->numbers[0], 5);
    assert_near(quantity(first, "fear")->values[1]->numbers[0], 1); // FRA as in the base
    assert_near(quantity(first, "aims of RUS")->values[0]->numbers[1], 0.8);
    assert_near(quantity(first, "front")->values[0]->args[0]->number, 3);
    const Dist *chance = quantity(first, "clash.chance")->values[0];
    assert_near(chance->numbers[0], 0.9);
    assert_near(chance->window_days, 365.25);
    assert_near(quantity(first, "send.go.worth.1")->values[0]->numbers[0], 7);
    assert_int_equal(quantity(base, "send.go.worth.1")->implicit, true);
    assert_true(first->events[1].removed);
    assert_false(base->events[1].removed);
    assert_null(base->events[1].when);
    assert_non_null(second->events[1].when);
    assert_near(quantity(third, "fear")->values[1]->args[0]->number, 2);
    assert_int_equal(first->n_overrides, 6);
    assert_true(str_eq(first->overrides[0].quantity, STR("fear[POL]")));
    assert_int_equal(first->n_says, 2);
    assert_near(first->says[0].hi, 0.99);
    assert_near(first->says[1].lo, 0.05);
    assert_true(str_eq(model->sources[first->says[1].source].id, STR("poor")));
}

static void test_weights_come_from_grades(void **state)
{
    (void)state;
    Model *model = load_right(STORIES);
    assert_near(model_view(model, STR("first"))->weight, 1);
    assert_false(model_view(model, STR("first"))->weight_stated);
    assert_near(model_view(model, STR("second"))->weight, 3);
    assert_true(model_view(model, STR("second"))->weight_stated);
    assert_near(model_view(model, STR("third"))->weight + 1, 1);
    assert_near(model->base_weight + 1, 1);
    assert_near(load_right("actor RUS\n")->base_weight, 1);
}

static void test_settings_are_laid_over_every_view(void **state)
{
    (void)state;
    assert_null(load_right(STORIES)->set_views);
    Model *model = load_with(STORIES, "fear[FRA] = 9");
    assert_non_null(model);
    assert_int_equal(model->n_settings, 1);
    assert_true(str_eq(model->settings[0], STR("fear[FRA] = 9")));
    for (int32_t i = 0; i < model->n_views; i++) {
        const View *written = model->views[i], *set = model->set_views[i];
        assert_int_equal(set->role, written->role);
        assert_true(str_eq(set->name, written->name) && str_eq(set->title, written->title));
        assert_int_equal(set->n_says, written->n_says);
        assert_near(quantity(set, "fear")->values[1]->args[0]->number, 9);
        const Dist *old = quantity(written, "fear")->values[0];
        assert_true(quantity(set, "fear")->values[0]->form == old->form);
        assert_int_equal(set->n_atoms, written->n_atoms);
    }
    assert_near(quantity(model->set_views[0], "fear")->values[0]->numbers[0], 1);
}

static void test_settings_that_set_nothing_are_refused(void **state)
{
    (void)state;
    assert_null(load_with(STORIES, "faer = 9"));
    assert_int_equal(list.diags.p[0].code, 480);
    assert_int_equal(list.n_errors, 1); // not once for each story
    assert_null(load_with(STORIES, "fear = "));
    static const char *const nothing[] = {"", "  ", "# a comment"};
    for (int i = 0; i < 3; i++) {
        assert_null(load_with(STORIES, nothing[i]));
        assert_int_equal(list.diags.p[0].code, 205);
        assert_true(str_eq(list.diags.p[0].text, STR("this --set sets nothing")));
    }
    assert_null(load_with(STORIES, "nonsense"));
    assert_true(
        str_eq(list.diags.p[0].text, STR("--set takes a name and its new value, not `nonsense`")));
    assert_true(str_starts(list.diags.p[0].help, STR("write for instance `fear = 2`")));
}

static void test_atoms_have_one_number_in_all_views(void **state)
{
    (void)state;
    Model *model = load_right(STORIES);
    for (int32_t i = 1; i < model->n_views; i++) {
        assert_int_equal(model->views[i]->n_atoms, model->views[0]->n_atoms);
        assert_int_equal(model->views[i]->decisions[0].options[1].atom,
                         model->views[0]->decisions[0].options[1].atom);
        assert_int_equal(model->views[i]->n_questions, model->views[0]->n_questions);
    }
}

// ---- The hash -----------------------------------------------------------------------------------

static void test_hash_is_of_the_meaning(void **state)
{
    (void)state;
    uint64_t plain = load_right("unit km\nstate x : km = 3 # three\n")->hash;
    assert_true(plain == load_right("unit    km\n\n\nstate x   : km   = 3\n# more\n")->hash);
    assert_true(plain == load_right("unit km\r\nstate x : km = 3\r\n")->hash);
    assert_true(plain != load_right("unit km\nstate x : km = 4\n")->hash);
    assert_true(plain != load_right("unit km\nstate y : km = 3\n")->hash);
    assert_true(plain != load_right("unit km\nstate x : km = 3\n  \"a note\"\n")->hash);
    assert_true(plain != load_right("model \"t\"\n  time daily from 2024-01-01 to 2024-03-01\n"
                                    "  words PHIA\nunit km\nstate x : km = 3\n")
                             ->hash);
}

// ---- Questions ----------------------------------------------------------------------------------

static void test_questions_have_kinds_windows_and_units(void **state)
{
    (void)state;
    Model *model = load_right("unit km\nladder rung = calm < war\n"
                              "param pace : km per week ~ 1 to 2\n"
                              "state front : km = 0\nstate level : rung = calm\n"
                              "state share : probability = 10%\n"
                              "each step\n  front += pace * step\n"
                              "event e\n  chance 5% within 30 days\n"
                              "question a ever e\n  resolves \"rule\" by 2024-02-01\n"
                              "question b first e\n"
                              "question c front at end\n"
                              "question d pace * 2 at end\n"
                              "question f max level\n"
                              "question g mean share given e\n"
                              "question h times e from 2024-01-10 to 2024-02-01\n"
                              "question i front at 2024-02-01\n"
                              "question j ever front > 3 km within 20 days after e\n");
    const Question *q = model->views[0]->questions;
    assert_int_equal(q[0].kind.tag, KIND_FLAG);
    assert_near(q[0].form.to - model->start, 31);
    assert_near(q[0].resolve_by - model->start, 31);
    assert_true(q[0].form.from != q[0].form.from);
    assert_int_equal(q[1].kind.tag, KIND_DATE);
    assert_true(str_eq(q[2].shown.unit, STR("km")));
    assert_true(str_eq(q[3].shown.unit, STR("km per week")));
    assert_near(q[3].shown.scale, 7);
    assert_int_equal(q[4].kind.tag, KIND_RUNG);
    assert_near(q[5].shown.scale, 100);
    assert_int_equal(q[5].n_given, 1);
    assert_int_equal(q[5].given[0].kind, FORM_EVER);
    assert_int_equal(q[6].kind.tag, KIND_NUMBER);
    assert_near(q[6].form.from - model->start, 9);
    assert_near(q[7].form.at - model->start, 31);
    assert_near(q[8].form.within_days, 20);
}

// ---- Faults -------------------------------------------------------------------------------------

static int32_t errors_of(const char *text)
{
    assert_null(load(text, false));
    return list.n_errors;
}

static void test_one_cause_has_one_message(void **state)
{
    (void)state;
    // A quantity of unknown kind is not complained about wherever it is used, nor in each story.
    assert_int_equal(errors_of("param x : nmber ~ 1 to 2\nstate y : number = x * 3\n"
                               "each step\n  y += x\nquestion q x + y at end\n"
                               "story s\n  weight 1\n  x ~ 2 to 3\nvariant v\n  y = 1\n"),
                     1);
    assert_int_equal(errors_of("set s_all = a, b\nevent e for i in s_al\n  chance 5% within 1 day\n"
                               "question q ever any(i in s_all: e[i])\n"),
                     1);
}

static void test_limits_are_told(void **state)
{
    (void)state;
    Buf set = {.arena = texts};
    buf_add(&set, STR("set s = a0"));
    for (int i = 1; i < 1100; i++) {
        buf_addf(&set, ", a%d", i);
    }
    errors_of(buf_str(&set).p);
    assert_int_equal(list.diags.p[0].code, 327);
    Buf stories = {.arena = texts};
    for (int i = 0; i < 70; i++) {
        buf_addf(&stories, "variant v%d\n", i);
    }
    errors_of(buf_str(&stories).p);
    assert_int_equal(list.diags.p[0].code, 314);
    Buf units = {.arena = texts};
    for (int i = 0; i < 70; i++) {
        buf_addf(&units, "unit u%d\nstate x%d : u%d = 0\n", i, i, i);
    }
    errors_of(buf_str(&units).p);
    assert_int_equal(list.diags.p[0].code, 350);
    // Each function calls the one before it twice: 2^25 additions.
    Buf functions = {.arena = texts};
    buf_add(&functions, STR("def f0(x) = x + 1\n"));
    for (int i = 1; i < 26; i++) {
        buf_addf(&functions, "def f%d(x) = f%d(x) + f%d(x)\n", i, i - 1, i - 1);
    }
    buf_add(&functions, STR("state y : number = 0\neach step\n  y = f25(y)\n"));
    errors_of(buf_str(&functions).p);
    assert_int_equal(list.diags.p[0].code, 369);
    errors_of("set a = b, c\nset d = e, f\nstate x : number = 1\nmodel \"second\"\n");
    assert_int_equal(list.diags.p[0].code, 306);
}

// f0 uses f1, f1 uses f2, and so on.
static void write_chain(const char *folder, int n)
{
    for (int i = 0; i < n; i++) {
        Str path = str_format(texts, "%s/f%d.casus", folder, i);
        Str text = i == 0 ? str_format(texts, "%suse \"f1.casus\"\n", HEAD)
                          : str_format(texts, "use \"f%d.casus\"\n", i + 1);
        assert_int_equal(file_write(path.p, text, NULL), ST_OK);
    }
}

static void test_files_use_files_only_so_deep(void **state)
{
    (void)state;
    enum { N = 20 };
    char folder[] = "lang_check_XXXXXX";
    assert_non_null(mkdtemp(folder));
    write_chain(folder, N);
    Model *model;
    LoadOptions options = {.path = str_format(texts, "%s/f0.casus", folder).p};
    list = (DiagList){.arena = texts};
    assert_int_equal(lang_load(arena, &list, &options, &model, NULL), ST_BAD_MODEL);
    assert_int_equal(list.n_errors, 1);
    assert_int_equal(list.diags.p[0].code, 312);
    for (int i = 0; i < N; i++) {
        remove(str_format(texts, "%s/f%d.casus", folder, i).p);
    }
    rmdir(folder);
}

static void test_a_file_without_a_model_line_is_refused(void **state)
{
    (void)state;
    Model *model;
    list = (DiagList){.arena = texts};
    Error error;
    assert_int_equal(
        lang_load_text(arena, &list, STR("t"), STR("actor RUS\n"), NULL, &model, &error),
        ST_BAD_MODEL);
    assert_null(model);
    assert_int_equal(list.diags.p[0].code, 300);
    list = (DiagList){.arena = texts};
    LoadOptions missing = {.path = "no/such/model.casus"};
    assert_int_equal(lang_load(arena, &list, &missing, &model, &error), ST_NO_INPUT);
    assert_null(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_stories_change_what_they_name),
        TEST(test_weights_come_from_grades),
        TEST(test_settings_are_laid_over_every_view),
        TEST(test_settings_that_set_nothing_are_refused),
        TEST(test_atoms_have_one_number_in_all_views),
        TEST(test_hash_is_of_the_meaning),
        TEST(test_questions_have_kinds_windows_and_units),
        TEST(test_one_cause_has_one_message),
        TEST(test_limits_are_told),
        TEST(test_files_use_files_only_so_deep),
        TEST(test_a_file_without_a_model_line_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
