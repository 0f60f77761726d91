// SPDX-License-Identifier: MIT
//
// Counted strings: comparing, cutting, distances, UTF-8, and text made safe for a terminal.
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static Arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void expect_str(Str got, const char *want)
{
    assert_string_equal(str_c(arena, got), want);
    assert_int_equal(got.n, strlen(want));
}

static void test_str_comparisons_go_by_bytes(void **state)
{
    (void)state;
    assert_true(str_eq(STR("ab"), STR("ab")));
    assert_false(str_eq(STR("ab"), STR("abc")));
    assert_true(str_eq((Str){NULL, 0}, STR("")));
    assert_false(str_eq(STR("a\0b"), STR("a\0c")));
    assert_true(str_eq_nocase(STR("NaTo [z]"), STR("nAtO [Z]")));
    assert_false(str_eq_nocase(STR("@"), STR("`"))); // differ by the same bit as A and a
    assert_true(str_cmp(STR("a"), STR("ab")) < 0);
    assert_true(str_cmp(STR("b"), STR("ab")) > 0);
    assert_true(str_cmp(STR("\xff"), STR("a")) > 0);
    assert_int_equal(str_cmp((Str){NULL, 0}, STR("")), 0);
    assert_int_equal(str_of(NULL).n, 0);
    assert_true(str_of(NULL).p != NULL);
}

static void test_str_cutting_is_clamped(void **state)
{
    (void)state;
    expect_str(str_sub(STR("abcdef"), 2, 4), "cd");
    expect_str(str_sub(STR("abcdef"), 4, 99), "ef");
    expect_str(str_sub(STR("abcdef"), 9, 3), "");
    expect_str(str_sub((Str){NULL, 0}, 0, 5), "");
    expect_str(str_trim(STR(" \t\r\n a b \v\f")), "a b");
    expect_str(str_trim(STR("   ")), "");
    assert_true(str_starts(STR("abc"), STR("ab")) && str_ends(STR("abc"), STR("bc")));
    assert_false(str_starts(STR("a"), STR("ab")) || str_ends(STR("c"), STR("bc")));
    assert_true(str_starts(STR("a"), STR("")) && str_ends(STR("a"), STR("")));
}

static void test_str_copies_end_in_nul(void **state)
{
    (void)state;
    char bytes[3] = {'a', 'b', 'c'};
    Str copy = str_copy(arena, (Str){bytes, 3});
    bytes[0] = 'x';
    assert_int_equal(copy.n, 3);
    assert_string_equal(copy.p, "abc");
    assert_string_equal(str_c(arena, (Str){NULL, 0}), "");
}

static void test_str_hash_is_fnv1a(void **state)
{
    (void)state;
    // Test vectors of Noll's page on FNV.
    assert_true(str_hash(STR("")) == 0xcbf29ce484222325u);
    assert_true(str_hash(STR("a")) == 0xaf63dc4c8601ec8cu);
    assert_true(str_hash(STR("foobar")) == 0x85944171f73967e8u);
}

// The same distance by the definition, without band, limit or reuse of rows.
static size_t distance_by_definition(Str a, Str b)
{
    size_t d[16][16];
    assert_true(a.n < 16 && b.n < 16);
    for (size_t i = 0; i <= a.n; i++) {
        for (size_t j = 0; j <= b.n; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            size_t best = d[i - 1][j - 1] + (a.p[i - 1] != b.p[j - 1]);
            best = d[i - 1][j] + 1 < best ? d[i - 1][j] + 1 : best;
            best = d[i][j - 1] + 1 < best ? d[i][j - 1] + 1 : best;
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
                d[i - 2][j - 2] + 1 < best) {
                best = d[i - 2][j - 2] + 1;
            }
            d[i][j] = best;
        }
    }
    return d[a.n][b.n];
}

static void test_str_distance_counts_edits_and_swaps(void **state)
{
    (void)state;
    assert_int_equal(str_distance(STR("kitten"), STR("sitting"), 9), 3);
    assert_int_equal(str_distance(STR("chance"), STR("chnace"), 9), 1);
    assert_int_equal(str_distance(STR("ca"), STR("abc"), 9), 3); // OSA; 2 without its restriction
    assert_int_equal(str_distance(STR(""), STR("abc"), 9), 3);
    assert_int_equal(str_distance(STR("abc"), STR(""), 2), 3);
    assert_int_equal(str_distance((Str){NULL, 0}, (Str){NULL, 0}, 0), 0);
    assert_int_equal(str_distance(STR("same"), STR("same"), 0), 0);
    assert_int_equal(str_distance(STR("same"), STR("sane"), 0), 1);
    assert_int_equal(str_distance(STR("abcdef"), STR("uvwxyz"), 2), 3);
    assert_int_equal(str_distance(STR("abcdef"), STR("uvwxyz"), SIZE_MAX), 6);
}

static void test_str_distance_agrees_with_its_definition(void **state)
{
    (void)state;
    uint64_t random = 12345;
    for (int round = 0; round < 20000; round++) {
        char bytes[2][16];
        Str s[2];
        for (int k = 0; k < 2; k++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            s[k] = (Str){bytes[k], (random >> 33) % 12};
            for (size_t i = 0; i < s[k].n; i++) {
                random = random * 6364136223846793005u + 1442695040888963407u;
                bytes[k][i] = (char)('a' + (random >> 40) % 3);
            }
        }
        size_t want = distance_by_definition(s[0], s[1]);
        for (size_t limit = 0; limit < 14; limit++) {
            assert_int_equal(str_distance(s[0], s[1], limit), want <= limit ? want : limit + 1);
        }
    }
}

static void test_str_distance_takes_long_texts(void **state)
{
    (void)state;
    Buf a = {.arena = arena}, b = {.arena = arena};
    buf_pad(&a, 'x', 3000);
    buf_char(&a, 'y');
    buf_char(&b, 'z');
    buf_pad(&b, 'x', 3000);
    assert_int_equal(str_distance(buf_str(&a), buf_str(&b), 5), 2);
    assert_int_equal(str_distance(buf_str(&a), buf_str(&b), 1), 2);
}

static void test_str_utf8_check_finds_the_first_bad_byte(void **state)
{
    (void)state;
    static const struct {
        Str text;
        size_t at;
    } cases[] = {
        {{"", 0}, 0},
        {{"plain", 5}, 5},
        {{"a\0b", 3}, 3},
        {{"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9}, 9}, // two, three and four bytes
        {{"\xf4\x8f\xbf\xbf", 4}, 4},                     // U+10FFFF
        {{"\xf4\x90\x80\x80", 4}, 0},                     // one more
        {{"ab\x80", 3}, 2},                               // stray continuation
        {{"ab\xc3", 3}, 2},                               // cut off
        {{"ab\xe2\x82", 4}, 2},
        {{"a\xf0\x9f\x98", 4}, 1},
        {{"\xc0\xaf", 2}, 0},         // overlong /
        {{"\xc1\xbf", 2}, 0},         // overlong
        {{"\xe0\x9f\xbf", 3}, 0},     // overlong in three
        {{"\xf0\x8f\xbf\xbf", 4}, 0}, // overlong in four
        {{"\xed\xa0\x80", 3}, 0},     // surrogate
        {{"\xed\x9f\xbf", 3}, 3},     // just below the surrogates
        {{"\xee\x80\x80", 3}, 3},     // just above
        {{"\xff", 1}, 0},
        {{"\xf8\x88\x80\x80\x80", 5}, 0}, // five bytes
        {{"\xe2\x28\xa1", 3}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(str_utf8_check(cases[i].text), cases[i].at);
    }
}

static void test_str_display_width_counts_columns(void **state)
{
    (void)state;
    assert_int_equal(str_display_width(STR("abc")), 3);
    assert_int_equal(str_display_width(STR("a\tb\n\x1b")), 2);
    assert_int_equal(str_display_width(STR("Zürich")), 6);
    assert_int_equal(str_display_width(STR("e\u0301")), 1);      // combining accent
    assert_int_equal(str_display_width(STR("東京")), 4);         // wide
    assert_int_equal(str_display_width(STR("\U0001F600")), 2);   // emoji
    assert_int_equal(str_display_width(STR("\u200b\u200d")), 0); // zero width
    assert_int_equal(str_display_width(STR("▁▂▃█─│")), 6);       // sparklines and boxes
    assert_int_equal(str_display_width(STR("Київ")), 4);
    assert_int_equal(str_display_width(STR("\xc2\x85")), 0);
}

static Str safe(Str s, bool keep_lines)
{
    Buf buf = {.arena = arena};
    buf_add_safe(&buf, s, keep_lines);
    return buf_str(&buf);
}

static void test_buf_add_safe_escapes_what_moves_the_cursor(void **state)
{
    (void)state;
    expect_str(safe(STR("a\x1b[31mb"), false), "a\\x1b[31mb");
    expect_str(safe(STR("\0\a\b\r\x7f"), false), "\\x00\\x07\\x08\\x0d\\x7f");
    expect_str(safe(STR("a\tb\nc"), false), "a\\tb\\nc");
    expect_str(safe(STR("a\tb\nc\r\n"), true), "a\tb\nc\\x0d\n");
    expect_str(safe(STR("\xc2\x9bK\xc2\x80"), true), "\\u009bK\\u0080"); // C1
    expect_str(safe(STR("\x9b"), true), "\\x9b");
    expect_str(safe(STR("ok\xc3(\xff\xe2\x82"), false), "ok\\xc3(\\xff\\xe2\\x82");
    expect_str(safe(STR("\xed\xa0\x80"), false), "\\xed\\xa0\\x80");
}

static void test_buf_add_safe_escapes_what_reorders(void **state)
{
    (void)state;
    for (uint32_t code = 0x2020; code < 0x2070; code++) {
        bool bad = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
                   code == 0x2028 || code == 0x2029;
        char utf8[3] = {(char)0xe2, (char)(0x80 | (code >> 6 & 0x3f)),
                        (char)(0x80 | (code & 0x3f))};
        Str got = safe((Str){utf8, 3}, true);
        Str want = bad ? str_format(arena, "\\u%04x", (unsigned)code) : (Str){utf8, 3};
        assert_true(str_eq(got, want));
    }
    expect_str(safe(STR("\U000e0041"), true), "\\U000e0041");
}

static void test_buf_add_safe_leaves_good_text_alone(void **state)
{
    (void)state;
    const char *good = "Żółć, Київ, 東京, \U0001F600, é, C:\\x1b \u00a0\u200c";
    expect_str(safe(str_of(good), false), good);
    // Every pair of bytes comes out as valid UTF-8 without controls.
    for (int a = 0; a < 256; a++) {
        for (int b = 0; b < 256; b++) {
            char pair[2] = {(char)a, (char)b};
            Str got = safe((Str){pair, 2}, false);
            assert_int_equal(str_utf8_check(got), got.n);
            for (size_t i = 0; i < got.n; i++) {
                assert_true((unsigned char)got.p[i] >= 0x20 && got.p[i] != 0x7f);
            }
        }
    }
}

static void test_buf_grows_and_formats(void **state)
{
    (void)state;
    Buf buf = {.arena = arena};
    expect_str(buf_str(&buf), "");
    for (int i = 0; i < 2000; i++) {
        buf_addf(&buf, "%d,", i % 10);
    }
    buf_add(&buf, (Str){NULL, 0});
    assert_int_equal(buf_str(&buf).n, 4000);
    assert_int_equal(strlen(buf_str(&buf).p), 4000);
    buf_pad(&buf, '-', 3);
    assert_true(str_ends(buf_str(&buf), STR("9,---")));
    Str wide = str_format(arena, "%500d|%.*s", 1, STR_ARG(STR("tail")));
    assert_int_equal(wide.n, 505);
    assert_true(str_ends(wide, STR("1|tail")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_str_comparisons_go_by_bytes),
        cmocka_unit_test(test_str_cutting_is_clamped),
        cmocka_unit_test(test_str_copies_end_in_nul),
        cmocka_unit_test(test_str_hash_is_fnv1a),
        cmocka_unit_test(test_str_distance_counts_edits_and_swaps),
        cmocka_unit_test(test_str_distance_agrees_with_its_definition),
        cmocka_unit_test(test_str_distance_takes_long_texts),
        cmocka_unit_test(test_str_utf8_check_finds_the_first_bad_byte),
        cmocka_unit_test(test_str_display_width_counts_columns),
        cmocka_unit_test(test_buf_add_safe_escapes_what_moves_the_cursor),
        cmocka_unit_test(test_buf_add_safe_escapes_what_reorders),
        cmocka_unit_test(test_buf_add_safe_leaves_good_text_alone),
        cmocka_unit_test(test_buf_grows_and_formats),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
