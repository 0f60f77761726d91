// SPDX-License-Identifier: MIT
//
// A telling: headings, paragraphs that begin with the name of what they are about, lists in them.
#include "show/show_tell.h"

#include <string.h>

static void add_heading(Buf *buf, const TellLine *line, const ShowStyle *style)
{
    buf_char(buf, '\n');
    ink_bold(buf, style);
    buf_add(buf, show_safe(buf->arena, line->text));
    ink_off(buf, style);
    buf_char(buf, '\n');
}

static bool ends_sentence(Str text)
{
    return text.n && strchr(".!?:", text.p[text.n - 1]);
}

// The item at `i` and the sentences that follow it, as one paragraph; where the next line is.
static int32_t add_paragraph(Buf *buf, const Telling *telling, int32_t i, const ShowStyle *style)
{
    const TellLine *item = &telling->lines[i++];
    Buf text = {.arena = buf->arena};
    buf_add(&text, show_safe(buf->arena, item->name));
    buf_add(&text, item->name.n && item->text.n ? STR(": ") : STR(""));
    buf_add(&text, show_safe(buf->arena, item->text));
    bool named_only = item->text.n == 0;
    for (; i < telling->n_lines && telling->lines[i].depth == TELL_SENTENCE; i++) {
        const char *join = named_only ? ": " : ends_sentence(buf_str(&text)) ? " " : ". ";
        buf_add(&text, str_of(join));
        buf_add(&text, show_safe(buf->arena, telling->lines[i].text));
        named_only = false;
    }
    show_paragraph(buf, style, item->name.n ? 2 : 0, item->name.n ? 6 : 0, buf_str(&text));
    return i;
}

void show_tell(Buf *buf, const Telling *telling, const ShowStyle *style)
{
    ink_bold(buf, style);
    buf_add(buf, show_safe(buf->arena, telling->title));
    ink_off(buf, style);
    buf_char(buf, '\n');
    for (int32_t i = 0; i < telling->n_lines;) {
        const TellLine *line = &telling->lines[i];
        switch (line->depth) {
        case TELL_HEADING: add_heading(buf, line, style); break;
        case TELL_ITEM:
        case TELL_SENTENCE: i = add_paragraph(buf, telling, i, style); continue;
        case TELL_DETAIL:
            show_paragraph(buf, style, 6, 8, show_safe(buf->arena, line->text));
            break;
        }
        i++;
    }
}
