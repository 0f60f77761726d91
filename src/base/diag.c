// SPDX-License-Identifier: MIT
//
// The list of what is wrong with a text: bounded, one message a place, sorted for showing.
#include "base/diag.h"

#include "base/limits.h"

// Index of the last line that starts at or before the offset.
static int32_t line_of(const SourceText *source, int32_t offset)
{
    int32_t lo = 0, hi = source->n_lines;
    while (hi - lo > 1) {
        int32_t mid = lo + (hi - lo) / 2;
        if (source->line_starts[mid] <= offset) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    return lo;
}

Place diag_place(const DiagList *list, int32_t file, int32_t offset)
{
    if (file < 0) {
        return (Place){0, 0};
    }
    ASSERT(file < list->sources.n);
    const SourceText *source = &list->sources.p[file];
    int32_t end = (int32_t)source->text.n;
    // The end of the text is a place too: where something is missing.
    offset = offset < 0 ? 0 : offset < end ? offset : end;
    int32_t line = line_of(source, offset);
    int32_t column = 1;
    for (int32_t i = source->n_lines ? source->line_starts[line] : 0; i < offset; i++) {
        // Every byte but those that continue a character.
        column += ((unsigned char)source->text.p[i] & 0xc0) != 0x80;
    }
    return (Place){line + 1, column};
}

// Warnings may share a place with each other and with an error: they say different things.
static bool already_said(const DiagList *list, const Diag *diag)
{
    if (diag->severity != SEVERITY_ERROR || diag->span.file < 0) {
        return false;
    }
    for (int32_t i = 0; i < list->diags.n; i++) {
        const Diag *d = &list->diags.p[i];
        if (d->severity == SEVERITY_ERROR && d->span.file == diag->span.file &&
            d->span.lo == diag->span.lo) {
            return true;
        }
    }
    return false;
}

// A full list still takes an error in the place of its last warning. Afterwards there are as many
// errors as places, so that this is never looked for again.
static Diag *place_of_warning(DiagList *list)
{
    for (int32_t i = list->diags.n - 1; i >= 0 && list->n_errors < LIMIT_DIAGS; i--) {
        if (list->diags.p[i].severity == SEVERITY_WARNING) {
            return &list->diags.p[i];
        }
    }
    return NULL;
}

// Something to write to for who fills in more of the message.
static Diag *discarded(DiagList *list, Diag diag)
{
    Diag *copy = ARENA_NEW(list->arena, Diag);
    *copy = diag;
    return copy;
}

Diag *diag_add(DiagList *list, Diag diag)
{
    bool full = list->diags.n >= LIMIT_DIAGS;
    if ((!full || list->n_errors < LIMIT_DIAGS) && already_said(list, &diag)) {
        return discarded(list, diag);
    }
    Diag *slot = NULL;
    if (!full) {
        vec_push(list->arena, &list->diags, diag);
        slot = &list->diags.p[list->diags.n - 1];
    } else if (diag.severity == SEVERITY_ERROR && (slot = place_of_warning(list))) {
        *slot = diag;
    }
    if (diag.severity == SEVERITY_ERROR) {
        list->n_errors++;
    } else {
        list->n_warnings++;
    }
    return slot ? slot : discarded(list, diag);
}

// What no text holds comes first in its file: nothing after it need be as it was meant.
static bool is_of_bytes(const Diag *diag)
{
    return diag->code == 100 || diag->code == 101;
}

static bool comes_after(const Diag *a, const Diag *b)
{
    if (a->span.file != b->span.file) {
        return a->span.file > b->span.file;
    }
    if (is_of_bytes(a) != is_of_bytes(b)) {
        return is_of_bytes(b);
    }
    return a->span.lo > b->span.lo;
}

void diag_sort(DiagList *list)
{
    // Insertion: stable, and the checker finds most things in order.
    Diag *d = list->diags.p;
    for (int32_t i = 1; i < list->diags.n; i++) {
        Diag moved = d[i];
        int32_t at = i;
        for (; at > 0 && comes_after(&d[at - 1], &moved); at--) {
            d[at] = d[at - 1];
        }
        d[at] = moved;
    }
}
