// SPDX-License-Identifier: MIT
//
// The lines of a telling: headings, items with their names, details below them.
#include "show/show_tell.h"

static void add_heading(Buf *buf, const TellLine *line, const ShowStyle *style)
{
    buf_char(buf, '\n');
    ink_bold(buf, style);
    buf_add(buf, show_safe(buf->arena, line->text));
    ink_off(buf, style);
    buf_char(buf, '\n');
}

static void add_item(Buf *buf, const TellLine *line, const ShowStyle *style)
{
    Str name = show_safe(buf->arena, line->name), text = show_safe(buf->arena, line->text);
    const char *colon = name.n && text.n ? ": " : "";
    show_paragraph(buf, style, line->name.n ? 2 : 0, 6,
                   str_format(buf->arena, "%.*s%s%.*s", STR_ARG(name), colon, STR_ARG(text)));
}

void show_tell(Buf *buf, const Telling *telling, const ShowStyle *style)
{
    ink_bold(buf, style);
    buf_add(buf, show_safe(buf->arena, telling->title));
    ink_off(buf, style);
    buf_char(buf, '\n');
    for (int32_t i = 0; i < telling->n_lines; i++) {
        const TellLine *line = &telling->lines[i];
        switch (line->depth) {
        case TELL_HEADING: add_heading(buf, line, style); break;
        case TELL_ITEM: add_item(buf, line, style); break;
        case TELL_DETAIL:
            show_paragraph(buf, style, 6, 8, show_safe(buf->arena, line->text));
            break;
        }
    }
}
