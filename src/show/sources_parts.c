// SPDX-License-Identifier: MIT
//
// Rows, grades and citations in words.
#include "show/show_num.h"
#include "show/show_sources.h"

const char *sources_kind(SourcingRowKind kind)
{
    static const char *const names[] = {
        [ROW_PARAM] = "param",   [ROW_TYPE] = "type",     [ROW_STATE] = "state",
        [ROW_BELIEF] = "belief", [ROW_EVENT] = "event",   [ROW_DECISION] = "decision",
        [ROW_OPTION] = "option", [ROW_BLOCK] = "block",   [ROW_QUESTION] = "question",
        [ROW_STORY] = "story",   [ROW_CHANGE] = "change", [ROW_CORRELATION] = "correlation",
        [ROW_SAYS] = "says"};
    return names[kind];
}

const char *sources_footing(Footing footing)
{
    static const char *const names[] = {[RESTS_NOTHING] = "nothing",
                                        [RESTS_ASSUMPTION] = "assumption",
                                        [RESTS_WEAK] = "weak",
                                        [RESTS_SOURCES] = "sources",
                                        [RESTS_NOT_ASKED] = "not_asked"};
    return names[footing];
}

const char *sources_without_kind(WithoutKind kind)
{
    static const char *const names[] = {
        [WITHOUT_SOURCE] = "source", [WITHOUT_RELAY] = "relay", [WITHOUT_OWNER] = "owner"};
    return names[kind];
}

Str sources_grade(Arena *arena, const Sourcing *s, int32_t source, int32_t credibility)
{
    char letter = s->sources[source].reliability;
    return credibility > 0 ? str_format(arena, "%c%d", letter, (int)credibility)
                           : str_format(arena, "%c", letter);
}

Str sources_cites(Arena *arena, const Sourcing *s, const SourcingRow *row)
{
    Buf buf = {.arena = arena};
    for (int32_t i = 0; i < row->n_cites; i++) {
        const SourcingCite *cite = &row->cites[i];
        Str grade = sources_grade(arena, s, cite->source, cite->credibility);
        buf_add(&buf, i ? STR(", ") : STR(""));
        buf_add_safe(&buf, s->sources[cite->source].id, false);
        buf_addf(&buf, " %.*s", STR_ARG(grade));
        if (cite->locator.n) {
            buf_addf(&buf, " \"%.*s\"", STR_ARG(show_safe(arena, cite->locator)));
        }
    }
    if (row->n_cites > 1 && row->voices < row->n_cites) {
        buf_addf(&buf, " (%d independent)", (int)row->voices);
    }
    if (row->inherited) {
        buf_add(&buf, STR(" (as its story)"));
    }
    if (row->assumption.n) {
        buf_addf(&buf, "%s: %.*s", buf.n ? "; assumption" : "Assumption",
                 STR_ARG(show_safe(arena, row->assumption)));
    }
    return buf_str(&buf);
}

Str sources_row(Arena *arena, const SourcingRow *row)
{
    Str name = show_safe(arena, row->name);
    if (row->kind != ROW_CHANGE) {
        return name;
    }
    return str_format(arena, "%.*s as %.*s has it", STR_ARG(name),
                      STR_ARG(show_safe(arena, row->reading)));
}

Str sources_moves(Arena *arena, const Sourcing *s, const SourcingRow *row, int32_t most)
{
    Buf buf = {.arena = arena};
    buf_add(&buf, row->kind == ROW_CHANGE && row->n_shares ? STR("in that story ") : STR(""));
    for (int32_t i = 0; i < row->n_shares && i < most; i++) {
        const RowShare *share = &row->shares[i];
        double percent = share->share.value * 100;
        buf_addf(&buf, "%s%.*s %%%s %.*s", i ? ", " : "",
                 STR_ARG(num_rounded(arena, percent, percent < 1 ? 1 : 0)),
                 i ? " of" : " of the spread of",
                 STR_ARG(show_safe(arena, s->items[share->item].name)));
    }
    return buf_str(&buf);
}
