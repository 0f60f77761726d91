// SPDX-License-Identifier: MIT
//
// Texts to trees, for tests of the parser: an arena for all tests of a program.
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "lang/diags.h"
#include "lang/parse.h"
#include "lang/source.h"

static Arena *arena;

static inline int set_up(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static inline DiagList *new_list(void)
{
    DiagList *list = ARENA_NEW(arena, DiagList);
    list->arena = arena;
    return list;
}

static inline Node *parse(DiagList *list, const char *text)
{
    return parse_file(list, source_add_text(list, STR("test.casus"), str_of(text)));
}

static inline void check_spans(const Node *node, const Node *parent)
{
    assert_true(node->span.lo <= node->span.hi);
    if (parent != NULL) {
        assert_true(node->span.lo >= parent->span.lo);
        assert_true(node->span.hi <= parent->span.hi);
        assert_true(node->height < parent->height);
    }
    for (const Node *child = node->child; child != NULL; child = child->next) {
        check_spans(child, node);
    }
}
