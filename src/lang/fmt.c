// SPDX-License-Identifier: MIT
//
// Canonical layout; see fmt.h. Tokens are read again with their comments; what belongs to what
// comes from the marks of the parser (layout.h). First the blanks between tokens, then what lines
// up, then the columns in which lines start, then comments.
#include "lang/fmt.h"

#include "lang/lex.h"
#include "lang/parse.h"
#include "lang/source.h"

enum {
    INDENT = 2,
    CONTINUED = 4,
    LINE_LENGTH = 100,
    LONGEST_PART = 40,
    LONGEST_NAME = 24,
    COLUMNS_REMEMBERED = 1024
};

typedef struct {
    TokenKind kind;
    Keyword word;
    int32_t lo, hi;
    Str text;       // as it will be written
    int32_t gap;    // blanks before it, unless it starts the line
    int32_t column; // where it will start, from 0
    int32_t mark;   // the innermost that starts or goes on here, -1: none
    bool starts;    // the mark
    bool glue;      // no blank behind it
} Piece;

typedef struct {
    int32_t first, n; // pieces, without the comment
    int32_t comment;  // piece, -1: none
    int32_t was;      // column in the source
    int32_t column;   // from 0
    bool empty_before;
    bool only_comment;
} Line;

typedef struct {
    Arena *arena;
    DiagList *diags;
    int32_t file;
    Layout layout;
    VEC(Piece) pieces;
    VEC(Line) lines;
    int32_t *mark_piece; // the piece each mark starts with
    bool *mark_leads;    // does it start a line?
} Fmt;

// ---- Tokens as they will be written -----------------------------------------------------------

// With the quotes and escapes of the language, whatever was typed.
static Str write_string(Arena *arena, Str text)
{
    Buf buf = {.arena = arena};
    buf_char(&buf, '"');
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '"' || c == '\\') {
            buf_char(&buf, '\\');
        }
        if (c == '\n') {
            buf_add(&buf, STR("\\n"));
        } else if (c == '\t') {
            buf_add(&buf, STR("\\t"));
        } else {
            buf_char(&buf, c);
        }
    }
    buf_char(&buf, '"');
    return buf_str(&buf);
}

// Without the blank that typographers put before a percent sign.
static Str write_number(Arena *arena, Str text)
{
    size_t n = 0;
    while (n < text.n && ((unsigned char)text.p[n] > ' ') && (unsigned char)text.p[n] < 0x80) {
        n++;
    }
    return n == text.n ? text : str_format(arena, "%.*s%%", (int)n, text.p);
}

// Blanks at the end of a comment go; its inside is the author's.
static Str write_token(Arena *arena, Token token)
{
    switch (token.kind) {
    case TOKEN_STRING: return write_string(arena, token.text);
    case TOKEN_NUMBER: return write_number(arena, token.text);
    case TOKEN_COMMENT: {
        Str text = token.text;
        while (text.n > 0 && (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == '\t')) {
            text.n--;
        }
        return text;
    }
    case TOKEN_NAME:
    case TOKEN_DATE: return token.text;
    default: return token_kind_text(token.kind);
    }
}

// Columns count characters, as the lexer does.
static int32_t characters(Str text)
{
    int32_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
    }
    return n;
}

// ---- Reading ----------------------------------------------------------------------------------

// A line of which nothing is left.
static void drop_empty_line(Fmt *f)
{
    const Line *last = f->lines.n > 0 ? &f->lines.p[f->lines.n - 1] : NULL;
    if (last != NULL && last->n == 0 && last->comment < 0) {
        f->lines.n--;
    }
}

static void add_line(Fmt *f, Token token, int32_t last_line)
{
    Line line = {.first = f->pieces.n, .comment = -1, .was = token.column};
    line.empty_before = f->lines.n > 0 && token.line > last_line + 1;
    vec_push(f->arena, &f->lines, line);
}

// Comments are pieces too, but stand outside of the line's code.
static void add_piece(Fmt *f, Token token)
{
    Piece piece = {.kind = token.kind,
                   .word = token.kind == TOKEN_NAME ? token.word : WORD_NONE,
                   .lo = token.lo,
                   .hi = token.hi,
                   .text = write_token(f->arena, token),
                   .gap = 1,
                   .mark = -1};
    Line *line = &f->lines.p[f->lines.n - 1];
    if (token.kind == TOKEN_COMMENT) {
        line->comment = f->pieces.n;
        line->only_comment = line->n == 0;
    } else {
        line->n++;
    }
    vec_push(f->arena, &f->pieces, piece);
}

// What canonical layout does at this token: writes another before it, or (true) drops it.
static bool edit(Fmt *f, Token token, int32_t *next)
{
    if (*next >= f->layout.edits.n || f->layout.edits.p[*next].lo != token.lo) {
        return false;
    }
    const char *text = f->layout.edits.p[(*next)++].text;
    if (text == NULL) {
        return true;
    }
    bool sign = text[0] == '+';
    add_piece(f, (Token){.kind = sign ? TOKEN_PLUS : TOKEN_NAME,
                         .word = WORD_NONE,
                         .lo = token.lo,
                         .hi = token.lo,
                         .text = str_of(text)});
    return false;
}

// The text was read without error before: this reading is quiet.
static void read_pieces(Fmt *f)
{
    Lexer lexer;
    lexer_init(&lexer, f->diags, f->file);
    lexer.keep_comments = true;
    lexer.quiet = true;
    int32_t last_line = 0, next_edit = 0;
    for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
        if (token.first) {
            drop_empty_line(f);
            add_line(f, token, last_line);
        }
        last_line = token.line;
        if (!edit(f, token, &next_edit)) {
            add_piece(f, token);
        }
    }
    drop_empty_line(f);
}

// Which marks start at a piece, and which go on there. Pieces and marks are both in the order of
// the text.
static void place_marks(Fmt *f)
{
    int32_t next = 0, open = -1, n = f->layout.marks.n;
    const Mark *marks = f->layout.marks.p;
    f->mark_piece = ARENA_ARRAY(f->arena, int32_t, n + 1);
    f->mark_leads = ARENA_ARRAY(f->arena, bool, n + 1);
    for (int32_t i = 0; i < f->pieces.n; i++) {
        Piece *piece = &f->pieces.p[i];
        while (open >= 0 && marks[open].hi <= piece->lo) {
            open = marks[open].parent;
        }
        for (; next < n && marks[next].lo <= piece->lo; next++) {
            piece->starts = true;
            open = next;
            f->mark_piece[next] = i;
        }
        piece->mark = open;
    }
    for (int32_t i = 0; i < f->lines.n; i++) {
        const Line *line = &f->lines.p[i];
        const Piece *first = &f->pieces.p[line->first];
        if (line->n > 0 && first->starts) {
            f->mark_leads[first->mark] = true;
        }
    }
}

// ---- Blanks between tokens ----------------------------------------------------------------------

static bool opens(TokenKind kind)
{
    return kind == TOKEN_LEFT_PAREN || kind == TOKEN_LEFT_BRACKET;
}

static bool closes(TokenKind kind)
{
    return kind == TOKEN_RIGHT_PAREN || kind == TOKEN_RIGHT_BRACKET;
}

// In brackets a colon belongs to what stands before it: any(s in senders: deployed[s]).
static int32_t gap_before(const Piece *before, const Piece *piece, int32_t brackets)
{
    if (before->glue || opens(before->kind) || closes(piece->kind) || piece->kind == TOKEN_COMMA ||
        piece->kind == TOKEN_LEFT_BRACKET || before->kind == TOKEN_CARET ||
        piece->kind == TOKEN_CARET) {
        return 0;
    }
    return piece->kind == TOKEN_COLON && brackets > 0 ? 0 : 1;
}

static void set_gaps(Fmt *f)
{
    int32_t brackets = 0, tight = 0;
    for (int32_t i = 0; i < f->pieces.n; i++) {
        Piece *piece = &f->pieces.p[i];
        while (tight < f->layout.tight.n && f->layout.tight.p[tight] < piece->lo) {
            tight++;
        }
        // What is written before a token shares its place, and is not that token.
        piece->glue = piece->hi > piece->lo && tight < f->layout.tight.n &&
                      f->layout.tight.p[tight] == piece->lo;
        if (i > 0) {
            piece->gap = gap_before(&f->pieces.p[i - 1], piece, brackets);
            if (piece->kind == TOKEN_STRING && piece->mark >= 0 &&
                f->layout.marks.p[piece->mark].role == MARK_PART) {
                piece->gap = 2;
            }
        }
        brackets += opens(piece->kind) - closes(piece->kind);
    }
}

// ---- What lines up ------------------------------------------------------------------------------

// Clauses whose contents start in one column, within one declaration.
static bool pads(Keyword word)
{
    return word == WORD_WHEN || word == WORD_CHANCE || word == WORD_THEN || word == WORD_EVERY ||
           word == WORD_SEES || word == WORD_OPTION || word == WORD_WORTH || word == WORD_WEIGHT ||
           word == WORD_THAT || word == WORD_STARTS;
}

// Width of a line's text before piece `to`.
static int32_t width_before(const Fmt *f, const Line *line, int32_t to)
{
    int32_t width = 0;
    for (int32_t i = line->first; i < to; i++) {
        const Piece *piece = &f->pieces.p[i];
        width += characters(piece->text) + (i > line->first ? piece->gap : 0);
    }
    return width;
}

// The piece of a line that lines up with others; it may be missing, behind the line's last.
typedef struct {
    int32_t piece; // -1: this line takes no part
    int32_t least; // blanks before it
} Stop;

// when, chance, then: what stands behind the word.
static Stop clause_stop(const Fmt *f, const Line *line)
{
    const Piece *first = &f->pieces.p[line->first];
    bool here =
        first->starts && pads(first->word) && f->layout.marks.p[first->mark].role == MARK_CLAUSE;
    // `when carried go then ...` is no condition.
    bool vote =
        line->n > 1 && (first[1].word == WORD_CARRIED ||
                        (first[1].word == WORD_BLOCKED && first + 2 < f->pieces.p + f->pieces.n &&
                         first[2].word == WORD_THEN));
    return (Stop){here && !vote ? line->first + 1 : -1, 1};
}

// Changed values: their ~ or =. A long name keeps to itself.
static Stop override_stop(const Fmt *f, const Line *line)
{
    const Piece *first = &f->pieces.p[line->first];
    if (!first->starts || f->layout.marks.p[first->mark].role != MARK_OVERRIDE) {
        return (Stop){-1, 1};
    }
    int32_t i = line->first, brackets = 0;
    for (; i < line->first + line->n; i++) {
        const Piece *piece = &f->pieces.p[i];
        brackets += opens(piece->kind) - closes(piece->kind);
        if (brackets == 0 && (piece->kind == TOKEN_TILDE || piece->kind == TOKEN_ASSIGN)) {
            return (Stop){width_before(f, line, i) <= LONGEST_NAME ? i : -1, 1};
        }
    }
    return (Stop){-1, 1};
}

// The names of the parts of a worth. A long part keeps to itself.
static Stop part_stop(const Fmt *f, const Line *line)
{
    const Piece *first = &f->pieces.p[line->first];
    int32_t last = line->first + line->n - 1;
    bool here = first->starts && f->layout.marks.p[first->mark].role == MARK_PART &&
                last > line->first && f->pieces.p[last].kind == TOKEN_STRING &&
                f->pieces.p[last].mark == first->mark &&
                f->pieces.p[last].hi == f->layout.marks.p[first->mark].hi;
    here = here && width_before(f, line, last) <= LONGEST_PART;
    return (Stop){here ? last : -1, 2};
}

// relay inosmi "InoSMI": the titles of neighbours.
static Stop title_stop(const Fmt *f, const Line *line)
{
    const Piece *p = &f->pieces.p[line->first];
    bool here = (p->word == WORD_ACTOR || p->word == WORD_RELAY) && p->starts && line->n > 2 &&
                p[2].kind == TOKEN_STRING;
    return (Stop){here ? line->first + 2 : -1, 1};
}

// 2% "up" raise level by 1: what comes behind the share, and behind the name.
static Stop outcome_stop(const Fmt *f, const Line *line)
{
    const Piece *first = &f->pieces.p[line->first];
    bool here = first->starts && first->kind == TOKEN_NUMBER && line->n > 1 &&
                (first[1].kind == TOKEN_STRING || first[1].starts) &&
                f->layout.marks.p[first->mark].role == MARK_LINE;
    return (Stop){here ? line->first + 1 : -1, 1};
}

// And what comes behind the name.
static Stop outcome_name_stop(const Fmt *f, const Line *line)
{
    Stop stop = outcome_stop(f, line);
    bool named = stop.piece >= 0 && f->pieces.p[stop.piece].kind == TOKEN_STRING && line->n > 2;
    return (Stop){named ? stop.piece + 1 : -1, 1};
}

typedef Stop StopOf(const Fmt *f, const Line *line);

// What lines up belongs to one declaration, list or story.
static int32_t group_of(const Fmt *f, const Line *line)
{
    return f->layout.marks.p[f->pieces.p[line->first].mark].parent;
}

// The width that the stops of each group have before them, by the group's mark; -1: no stop.
static void line_up_by_parent(Fmt *f, StopOf *stop_of)
{
    int32_t n = f->layout.marks.n + 1; // the group -1 comes first
    int32_t *width = ARENA_ARRAY(f->arena, int32_t, n);
    for (int32_t pass = 0; pass < 2; pass++) {
        for (int32_t i = 0; i < f->lines.n; i++) {
            const Line *line = &f->lines.p[i];
            Stop stop = line->n > 0 ? stop_of(f, line) : (Stop){-1, 0};
            if (stop.piece < 0) {
                continue;
            }
            int32_t *widest = &width[group_of(f, line) + 1];
            int32_t own = width_before(f, line, stop.piece);
            if (pass == 0) {
                *widest = own > *widest ? own : *widest;
            } else if (stop.piece < line->first + line->n) {
                f->pieces.p[stop.piece].gap = *widest - own + stop.least;
            }
        }
    }
}

// These line up with their like on the lines right above and below.
static void line_up_runs(Fmt *f, StopOf *stop_of)
{
    for (int32_t i = 0; i < f->lines.n;) {
        int32_t end = i, widest = 0;
        for (; end < f->lines.n && f->lines.p[end].n > 0; end++) {
            const Line *line = &f->lines.p[end];
            Stop stop = stop_of(f, line);
            if (stop.piece < 0 || (end > i && line->empty_before)) {
                break;
            }
            int32_t own = width_before(f, line, stop.piece);
            widest = own > widest ? own : widest;
        }
        for (int32_t k = i; k < end; k++) {
            Stop stop = stop_of(f, &f->lines.p[k]);
            int32_t own = width_before(f, &f->lines.p[k], stop.piece);
            f->pieces.p[stop.piece].gap = widest - own + stop.least;
        }
        i = end > i ? end : i + 1;
    }
}

// ---- Columns ------------------------------------------------------------------------------------

// The column that lines of the mark must be deeper than: that of its line's start, or of a
// statement itself (see the limit of the parser).
static int32_t base_column(const Fmt *f, int32_t mark)
{
    while (mark >= 0) {
        const Mark *m = &f->layout.marks.p[mark];
        if (f->mark_leads[mark] || m->role == MARK_LINE) {
            return f->pieces.p[f->mark_piece[mark]].column;
        }
        mark = m->parent;
    }
    return 0;
}

static int32_t below(const Fmt *f, int32_t mark, int32_t by)
{
    return mark < 0 ? 0 : base_column(f, mark) + by;
}

// Citations that go on stand under the first one; all else that goes on is indented twice.
static int32_t line_column(const Fmt *f, const Piece *first)
{
    if (!first->starts) {
        bool cites = first->mark >= 0 && f->mark_leads[first->mark] &&
                     f->pieces.p[f->mark_piece[first->mark]].word == WORD_FROM;
        return below(f, first->mark, cites ? (int32_t)sizeof "from" : CONTINUED);
    }
    const Mark *mark = &f->layout.marks.p[first->mark];
    if (mark->role == MARK_ELSE) {
        return base_column(f, mark->parent);
    }
    if (mark->role == MARK_LINE && mark->sibling != first->mark) {
        return f->pieces.p[f->mark_piece[mark->sibling]].column;
    }
    return below(f, mark->parent, INDENT);
}

// Lines in order: where a line starts may depend on where earlier ones put their marks.
static void set_columns(Fmt *f)
{
    for (int32_t i = 0; i < f->lines.n; i++) {
        Line *line = &f->lines.p[i];
        int32_t column = 0;
        for (int32_t k = line->first; k < line->first + line->n; k++) {
            Piece *piece = &f->pieces.p[k];
            column = k == line->first ? line_column(f, piece) : column + piece->gap;
            piece->column = column;
            column += characters(piece->text);
        }
        if (line->n > 0) {
            line->column = f->pieces.p[line->first].column;
        }
    }
}

// ---- Comments -----------------------------------------------------------------------------------

// A comment on a line of its own keeps to the line that follows when it stood in its column, else
// to the nearest line above that did.
static void place_comments(Fmt *f)
{
    int32_t *latest = ARENA_ARRAY(f->arena, int32_t, COLUMNS_REMEMBERED);
    int32_t next = 0; // line with code at or after i
    for (int32_t i = 0; i < f->lines.n; i++) {
        Line *line = &f->lines.p[i];
        int32_t was = line->was < COLUMNS_REMEMBERED ? line->was : 0;
        if (!line->only_comment) {
            latest[was] = i + 1;
            continue;
        }
        next = next > i ? next : i;
        while (next < f->lines.n && f->lines.p[next].only_comment) {
            next++;
        }
        bool follows = next < f->lines.n;
        if (follows && f->lines.p[next].was == line->was) {
            line->column = f->lines.p[next].column;
        } else if (was > 0 && latest[was] > 0) {
            line->column = f->lines.p[latest[was] - 1].column;
        } else {
            line->column = follows ? f->lines.p[next].column : 0;
        }
    }
}

static int32_t end_column(const Fmt *f, const Line *line)
{
    const Piece *last = &f->pieces.p[line->first + line->n - 1];
    return last->column + characters(last->text);
}

// Comments behind the code of lines that follow each other stand in one column, if there is room.
static void line_up_comments(Fmt *f)
{
    for (int32_t i = 0; i < f->lines.n;) {
        int32_t end = i, column = 0, longest = 0;
        for (; end < f->lines.n; end++) {
            const Line *line = &f->lines.p[end];
            if (line->n == 0 || line->comment < 0 || (end > i && line->empty_before)) {
                break;
            }
            int32_t own = end_column(f, line) + 2;
            int32_t length = characters(f->pieces.p[line->comment].text);
            column = own > column ? own : column;
            longest = length > longest ? length : longest;
        }
        for (int32_t k = i; k < end; k++) {
            const Line *line = &f->lines.p[k];
            bool room = column + longest <= LINE_LENGTH;
            f->pieces.p[line->comment].column = room ? column : end_column(f, line) + 2;
        }
        i = end > i ? end : i + 1;
    }
}

// ---- Writing ------------------------------------------------------------------------------------

static void write_line(const Fmt *f, const Line *line, Buf *buf)
{
    int32_t column = 0;
    if (line->empty_before) {
        buf_char(buf, '\n');
    }
    for (int32_t k = line->first; k < line->first + line->n; k++) {
        const Piece *piece = &f->pieces.p[k];
        buf_pad(buf, ' ', (size_t)(piece->column - column));
        buf_add(buf, piece->text);
        column = piece->column + characters(piece->text);
    }
    if (line->comment >= 0) {
        const Piece *comment = &f->pieces.p[line->comment];
        buf_pad(buf, ' ', (size_t)((line->n > 0 ? comment->column : line->column) - column));
        buf_add(buf, comment->text);
    }
    buf_char(buf, '\n');
}

static Str write_all(const Fmt *f)
{
    Buf buf = {.arena = f->arena};
    for (int32_t i = 0; i < f->lines.n; i++) {
        write_line(f, &f->lines.p[i], &buf);
    }
    return buf_str(&buf);
}

// Our own fault would change what a model means: better to end than to write that.
static void check_same(Arena *arena, const Node *tree, Str formatted)
{
    DiagList again = {.arena = arena};
    Node *other = parse_file(&again, source_add_text(&again, STR("formatted"), formatted));
    ASSERT(again.n_errors == 0);
    ASSERT(node_equal(tree, other));
}

bool fmt_source(Arena *arena, DiagList *diags, int32_t file, Str *formatted)
{
    Fmt fmt = {.arena = arena, .diags = diags, .file = file, .layout = {.arena = arena}};
    int32_t errors = diags->n_errors;
    Node *tree = parse_file_layout(diags, file, &fmt.layout);
    Str text = diags->sources.p[file].text;
    bool readable =
        str_utf8_check(text) == text.n && (text.n == 0 || memchr(text.p, 0, text.n) == NULL);
    if (diags->n_errors > errors || !readable) {
        return false;
    }
    read_pieces(&fmt);
    place_marks(&fmt);
    set_gaps(&fmt);
    line_up_by_parent(&fmt, clause_stop);
    line_up_by_parent(&fmt, part_stop);
    line_up_by_parent(&fmt, outcome_stop);
    line_up_by_parent(&fmt, outcome_name_stop);
    line_up_by_parent(&fmt, override_stop);
    line_up_runs(&fmt, title_stop);
    set_columns(&fmt);
    place_comments(&fmt);
    line_up_comments(&fmt);
    *formatted = write_all(&fmt);
    check_same(arena, tree, *formatted);
    return true;
}
