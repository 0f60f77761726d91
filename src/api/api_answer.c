// SPDX-License-Identifier: MIT
//
// Answers at the border: one number at a time, or the whole as text.
#include "api/handles.h"

#include <string.h>

#include "show/show_csv.h"
#include "show/show_json.h"
#include "show/show_run.h"

static const CasusEstimate not_known = {__builtin_nan(""), __builtin_nan(""), __builtin_nan(""),
                                        __builtin_nan("")};

void casus_answer_free(CasusAnswer *answer)
{
    if (answer) {
        arena_free(answer->arena); // the handle lives in its own arena
    }
}

size_t casus_answer_count(const CasusAnswer *answer)
{
    return answer ? (size_t)answer->answer->n_items : 0;
}

// The item, or NULL when there is none of this number.
static const Item *item_at(const CasusAnswer *answer, size_t item)
{
    return item < casus_answer_count(answer) ? &answer->answer->items[item] : NULL;
}

ptrdiff_t casus_answer_find(const CasusAnswer *answer, const char *question)
{
    for (size_t i = 0; question && i < casus_answer_count(answer); i++) {
        if (strcmp(answer->names[i], question) == 0) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

const char *casus_answer_name(const CasusAnswer *answer, size_t item)
{
    return item_at(answer, item) ? answer->names[item] : "";
}

const char *casus_answer_question(const CasusAnswer *answer, size_t item)
{
    return item_at(answer, item) ? answer->texts[item] : "";
}

const char *casus_answer_unit(const CasusAnswer *answer, size_t item)
{
    return item_at(answer, item) ? answer->units[item] : "";
}

const char *casus_answer_why_not(const CasusAnswer *answer, size_t item)
{
    return item_at(answer, item) ? answer->whys[item] : "";
}

CasusKind casus_answer_kind(const CasusAnswer *answer, size_t item)
{
    static const CasusKind kinds[] = {[ITEM_FLAG] = CASUS_FLAG,
                                      [ITEM_NUMBER] = CASUS_NUMBER,
                                      [ITEM_DATE] = CASUS_DATE,
                                      [ITEM_LEVEL] = CASUS_LEVEL,
                                      [ITEM_SERIES] = CASUS_SERIES};
    const Item *it = item_at(answer, item);
    return it ? kinds[it->kind] : CASUS_FLAG;
}

static CasusEstimate scaled(Estimate e, double scale)
{
    return (CasusEstimate){e.value * scale, e.half * scale, e.lo * scale, e.hi * scale};
}

static double scale_of(const Item *item)
{
    return item->kind == ITEM_NUMBER ? item->scale : 1;
}

CasusEstimate casus_answer_estimate(const CasusAnswer *answer, size_t item)
{
    const Item *it = item_at(answer, item);
    if (!it || it->kind == ITEM_LEVEL || it->kind == ITEM_SERIES) {
        return not_known;
    }
    return scaled(it->value, scale_of(it));
}

CasusBand casus_answer_band(const CasusAnswer *answer, size_t item)
{
    const Item *it = item_at(answer, item);
    if (!it || !it->band.known) {
        return (CasusBand){0, not_known.value, not_known.value, not_known.value};
    }
    double scale = scale_of(it);
    return (CasusBand){1, it->band.lo * scale, it->band.hi * scale, it->band.sd * scale};
}

CasusEstimate casus_answer_quantile(const CasusAnswer *answer, size_t item, double q)
{
    const Item *it = item_at(answer, item);
    for (int32_t i = 0; it && i < it->n_quantiles; i++) {
        double off = it->quantiles[i].q - q;
        if (off > -1e-9 && off < 1e-9) {
            return scaled(it->quantiles[i].value, scale_of(it));
        }
    }
    return not_known;
}

size_t casus_answer_levels(const CasusAnswer *answer, size_t item)
{
    const Item *it = item_at(answer, item);
    return it && it->levels ? (size_t)it->n_levels : 0;
}

const char *casus_answer_level_name(const CasusAnswer *answer, size_t item, size_t level)
{
    return level < casus_answer_levels(answer, item) ? answer->levels[item][level] : "";
}

CasusEstimate casus_answer_level(const CasusAnswer *answer, size_t item, size_t level)
{
    if (level >= casus_answer_levels(answer, item)) {
        return not_known;
    }
    return scaled(answer->answer->items[item].levels[level].share, 1);
}

CasusEstimate casus_answer_defined(const CasusAnswer *answer, size_t item)
{
    const Item *it = item_at(answer, item);
    return it ? scaled(it->defined, 1) : not_known;
}

uint64_t casus_answer_futures(const CasusAnswer *answer, size_t item)
{
    const Item *it = item_at(answer, item);
    return it ? it->futures : 0;
}

uint64_t casus_answer_digest(const CasusAnswer *answer)
{
    return answer ? answer_digest(answer->answer) : 0;
}

int casus_answer_is_partial(const CasusAnswer *answer)
{
    return answer && answer->answer->provenance.partial;
}

int casus_answer_check_failed(const CasusAnswer *answer)
{
    return answer && answer->answer->check_failed;
}

char *casus_answer_write(const CasusAnswer *answer, CasusFormat format, const CasusStyle *style)
{
    if (!answer) {
        return NULL;
    }
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    ShowStyle show = api_style(style);
    bool written = true;
    switch (format) {
    case CASUS_MARKDOWN: // of comparisons only: whoever asks gets the text
    case CASUS_TEXT: show_run(&buf, answer->answer, &show); break;
    case CASUS_JSON: written = show_json(&buf, answer->answer, NULL) == ST_OK; break;
    case CASUS_CSV: show_csv(&buf, answer->answer); break;
    }
    char *text = written ? api_text(&buf) : NULL;
    arena_free(arena);
    return text;
}
