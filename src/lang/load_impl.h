// SPDX-License-Identifier: MIT
//
// What stays of loading once a Model is made: the declarations and the overlays its views came
// from, so that stories can be mixed later (swap.c). Only for load.c and swap.c.
#pragma once
#include "lang/checker.h"

typedef struct Build {
    Shared shared;
    Checker base;
    NodeList base_decls; // without stories and variants
    NodeList stories, variants;
    VEC(View *) views;
    NodeList overlays; // of all views but the base, which is the first
    VEC(View *) set_views;
} Build;

// The base with this overlay on it, checked whole. Faults of the overlay itself are told as its
// own, though the base's checker looks.
View *load_check_overlay(Build *b, const Node *overlay, ViewRole role);
