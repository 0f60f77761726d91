// SPDX-License-Identifier: MIT
//
// Samples as CSV (RFC 4180, but lines end in a plain line feed).
#include "ask/samples.h"

#include "ask/words.h"
#include "base/num.h"
#include "math/elementary.h"

// A field; quoted when it holds what would end it.
static void add_field(Buf *buf, Str text)
{
    bool plain = true;
    for (size_t i = 0; i < text.n && plain; i++) {
        char c = text.p[i];
        plain = c != ',' && c != '"' && c != '\n' && c != '\r';
    }
    if (plain) {
        buf_add(buf, text);
        return;
    }
    buf_char(buf, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"') {
            buf_char(buf, '"');
        }
        buf_char(buf, text.p[i]);
    }
    buf_char(buf, '"');
}

void samples_header(Buf *buf, const Plan *plan)
{
    buf_add(buf, STR("world,future,story"));
    for (int32_t a = 0; a < plan->n_asked; a++) {
        if (!plan->asked[a].is_series) {
            buf_char(buf, ',');
            add_field(buf, plan->tellings[0].view->questions[plan->asked[a].question].name);
        }
    }
    buf_char(buf, '\n');
}

static void add_value(Buf *buf, const View *view, const Question *question, double value)
{
    switch (question->kind.tag) {
    case KIND_FLAG: buf_char(buf, value != 0 ? '1' : '0'); break;
    case KIND_DATE:
    case KIND_ATOM:
    case KIND_RUNG:
        add_field(buf, words_value(buf->arena, view, question->kind, question->shown, value));
        break;
    default:
        buf_add(buf,
                num_shortest(buf->arena,
                             value * (question->shown.scale == 0 ? 1 : question->shown.scale)));
        break;
    }
}

void samples_rows(Buf *buf, const Plan *plan, const UnitData *data)
{
    for (int32_t i = 0; i < data->n; i++) {
        int32_t w = i / (int32_t)data->unit.n_futures;
        uint32_t f = data->unit.future + (uint32_t)(i % (int32_t)data->unit.n_futures);
        const View *view = plan->tellings[data->telling[w]].view;
        buf_addf(buf, "%llu,%lu,", (unsigned long long)data->unit.world + (unsigned long long)w,
                 (unsigned long)f);
        add_field(buf, view->name.n > 0 ? view->name : STR("base"));
        for (int32_t a = 0; a < plan->n_asked; a++) {
            const Asked *asked = &plan->asked[a];
            if (asked->is_series) {
                continue;
            }
            buf_char(buf, ',');
            if (data->state[asked->column][i] == IS_IN) {
                add_value(buf, view, &view->questions[asked->question],
                          data->values[asked->column][i]);
            }
        }
        buf_char(buf, '\n');
    }
}
