// SPDX-License-Identifier: MIT
//
// Arenas give zeroed, aligned, lasting memory; growable arrays and maps live in them.
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/map.h"
#include "base/vec.h"

static void test_arena_memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    Arena *arena = arena_new(256);
    for (size_t n = 0; n < 300; n++) {
        unsigned char *p = arena_alloc(arena, n, 1);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(p[i], 0);
            p[i] = 0xff;
        }
        double *column = ARENA_COLUMN(arena, double, n);
        assert_int_equal((uintptr_t)column % 64, 0);
    }
    arena_free(arena);
    arena_free(NULL);
}

static void test_arena_reset_releases_and_clears(void **state)
{
    (void)state;
    Arena *arena = arena_new(1024);
    ArenaMark empty = arena_mark(arena);
    char *kept = arena_alloc(arena, 1, 100);
    kept[99] = 7;
    size_t used = arena_used(arena);
    ArenaMark mark = arena_mark(arena);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 50; i++) {
            unsigned char *p = arena_alloc(arena, 1, 97);
            for (int k = 0; k < 97; k++) {
                assert_int_equal(p[k], 0);
                p[k] = 0xee;
            }
        }
        assert_true(arena_used(arena) >= used + 4850);
        arena_reset(arena, mark);
        assert_int_equal(arena_used(arena), used);
    }
    assert_int_equal(kept[99], 7);
    arena_reset(arena, empty);
    assert_int_equal(arena_used(arena), 0);
    arena_free(arena);
}

static void test_arena_marks_nest(void **state)
{
    (void)state;
    Arena *arena = arena_new(64);
    arena_alloc(arena, 1, 10);
    ArenaMark outer = arena_mark(arena);
    size_t at_outer = arena_used(arena);
    arena_alloc(arena, 1, 1000);
    ArenaMark inner = arena_mark(arena);
    size_t at_inner = arena_used(arena);
    arena_alloc(arena, 1, 5000);
    arena_reset(arena, inner);
    assert_int_equal(arena_used(arena), at_inner);
    arena_reset(arena, outer);
    assert_int_equal(arena_used(arena), at_outer);
    arena_free(arena);
}

static void test_arena_use_does_not_depend_on_addresses(void **state)
{
    (void)state;
    size_t used[3];
    Arena *arenas[3];
    for (int a = 0; a < 3; a++) { // alive together, so at different addresses
        arenas[a] = arena_new(1000);
        for (size_t n = 1; n < 200; n++) {
            arena_alloc(arenas[a], n, 1);
            arena_alloc_aligned64(arenas[a], n, 3);
        }
        used[a] = arena_used(arenas[a]);
    }
    assert_int_equal(used[0], used[1]);
    assert_int_equal(used[0], used[2]);
    for (int a = 0; a < 3; a++) {
        arena_free(arenas[a]);
    }
}

// The exit code of a child that asks for the impossible.
static int exit_of(void (*ask)(void))
{
    pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        ask();
        _exit(0);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static void ask_overflow(void)
{
    arena_alloc(arena_new(0), SIZE_MAX / 2, 3);
}

static void ask_everything(void)
{
    arena_alloc(arena_new(0), PTRDIFF_MAX / 4, 1);
    arena_alloc(arena_new(0), PTRDIFF_MAX / 2 - 100, 1);
}

static void ask_foreign_mark(void)
{
    Arena *a = arena_new(0), *b = arena_new(0);
    arena_alloc(a, 1, 1);
    arena_alloc(b, 1, 1);
    arena_reset(a, arena_mark(b));
}

static void test_arena_ends_the_process_when_memory_does(void **state)
{
    (void)state;
    assert_int_equal(exit_of(ask_overflow), 70);
    assert_int_equal(exit_of(ask_everything), 70);
    assert_int_equal(exit_of(ask_foreign_mark), 70);
}

static void test_vec_keeps_what_was_pushed(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    VEC(int) xs = {0};
    for (int i = 0; i < 1000; i++) {
        vec_push(arena, &xs, i * i);
    }
    assert_int_equal(xs.n, 1000);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(xs.p[i], i * i);
    }
    VEC(Str) names = {0};
    vec_push(arena, &names, (Str){"ab", 2});
    assert_true(str_eq(names.p[0], STR("ab")));
    arena_free(arena);
}

static void test_map_finds_each_name_and_no_other(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Map *map = map_new(arena);
    assert_int_equal(map_get(map, STR("anything")), -1);
    for (int i = 0; i < 5000; i++) {
        map_put(map, str_format(arena, "name %d", i), i);
    }
    for (int i = 0; i < 5000; i++) {
        assert_int_equal(map_get(map, str_format(arena, "name %d", i)), i);
    }
    assert_int_equal(map_get(map, STR("name 5000")), -1);
    assert_int_equal(map_get(map, STR("name")), -1);
    arena_free(arena);
}

static void test_map_replaces_and_takes_odd_names(void **state)
{
    (void)state;
    Arena *arena = arena_new(0);
    Map *map = map_new(arena);
    map_put(map, STR("x"), 1);
    map_put(map, STR("x"), 2);
    assert_int_equal(map_get(map, STR("x")), 2);
    map_put(map, (Str){NULL, 0}, 3);
    assert_int_equal(map_get(map, STR("")), 3);
    map_put(map, STR("a\0b"), 4);
    map_put(map, STR("a\0c"), 5);
    assert_int_equal(map_get(map, STR("a\0b")), 4);
    assert_int_equal(map_get(map, STR("a\0c")), 5);
    assert_int_equal(map_get(map, STR("a")), -1);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_memory_is_zeroed_and_aligned),
        cmocka_unit_test(test_arena_reset_releases_and_clears),
        cmocka_unit_test(test_arena_marks_nest),
        cmocka_unit_test(test_arena_use_does_not_depend_on_addresses),
        cmocka_unit_test(test_arena_ends_the_process_when_memory_does),
        cmocka_unit_test(test_vec_keeps_what_was_pushed),
        cmocka_unit_test(test_map_finds_each_name_and_no_other),
        cmocka_unit_test(test_map_replaces_and_takes_odd_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
