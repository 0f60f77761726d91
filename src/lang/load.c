// SPDX-License-Identifier: MIT
//
// From files to a Model: read, follow `use`, parse, check the base, then each story and variant.
#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "lang/check.h"
#include "lang/checker.h"
#include "lang/lib_files.h"
#include "lang/load_impl.h"
#include "lang/overlay.h"
#include "lang/parse.h"
#include "lang/pool.h"
#include "lang/source.h"

typedef struct {
    DiagList *diags;
    Arena *arena;
    Str folder; // of the model; nothing outside of it is read
    Map *seen;  // files by path, to avoid a second reading
    VEC(const Node *) files;
    NodeList decls; // of all files in order, `use` and `model` left out
    const Node *model;
    int32_t depth;
} Loader;

// ---- Files --------------------------------------------------------------------------------------

static void collect(Loader *l, const Node *file, Str folder, bool main);

// With or without its ending.
static const EmbeddedFile *library_file(Str name)
{
    for (size_t i = 0; i < n_lib_files; i++) {
        Str own = str_of(lib_files[i].name);
        if (str_eq(own, name) || str_eq(str_sub(own, 0, own.n - 6), name)) { // without ".casus"
            return &lib_files[i];
        }
    }
    return NULL;
}

// No path below the model's folder looks like this.
static Str library_key(const Loader *l, const EmbeddedFile *file)
{
    return str_format(l->arena, "/library/%s", file->name);
}

static const Node *parse_library(Loader *l, const EmbeddedFile *file)
{
    Str path = str_format(l->arena, "lib/%s", file->name);
    map_put(l->seen, library_key(l, file), 1);
    int32_t source = source_add_text(l->diags, path, (Str){file->bytes, file->length});
    l->diags->sources.p[source].library = true;
    return parse_file(l->diags, source);
}

// What every model has: they come first.
static const char *const ALWAYS[] = {"words", "admiralty"};
enum { N_ALWAYS = sizeof ALWAYS / sizeof ALWAYS[0] };

static void always_loaded(Loader *l)
{
    for (size_t i = 0; i < N_ALWAYS; i++) {
        const EmbeddedFile *file = library_file(str_of(ALWAYS[i]));
        ASSERT(file != NULL);
        collect(l, parse_library(l, file), STR(""), false);
    }
}

// The path without `./` and doubled slashes, so that one file has one name.
static Str tidy(Arena *arena, Str path)
{
    Buf buf = {.arena = arena};
    size_t from = 0;
    for (size_t i = 0; i <= path.n; i++) {
        if (i < path.n && path.p[i] != '/') {
            continue;
        }
        Str part = str_sub(path, from, i);
        from = i + 1;
        if (part.n == 0 || str_eq(part, STR("."))) {
            continue;
        }
        if (buf.n) {
            buf_char(&buf, '/');
        }
        buf_add(&buf, part);
    }
    return buf_str(&buf);
}

// The part of the library that was perhaps meant.
static bool suggest_part(Loader *l, Diag *diag, Str name)
{
    Suggest suggest;
    suggest_init(&suggest, name);
    for (size_t i = 0; i < n_lib_files; i++) {
        Str own = str_of(lib_files[i].name);
        suggest_add(&suggest, str_sub(own, 0, own.n - 6));
    }
    return suggest_help(l->diags, diag, &suggest);
}

// A file outside is refused even if it exists: the message must not tell which.
static void unknown_file(Loader *l, const Node *use, bool library)
{
    Diag *diag = library ? diag_report(l->diags, 310, name_span(use), "the library has no `%.*s`",
                                       STR_ARG(use->text))
                         : diag_report(l->diags, 311, name_span(use),
                                       "`%.*s` does not lie in the model's own folder or below",
                                       STR_ARG(use->text));
    if (!library) {
        diag_help(l->diags, diag,
                  "copy the file beside the model; a model may come from a stranger, "
                  "so it reads nothing elsewhere");
        return;
    }
    if (!suggest_part(l, diag, use->text)) {
        diag_help(l->diags, diag, "a file of your own is named as a text: `use \"%.*s.casus\"`",
                  STR_ARG(use->text));
    }
}

// Files that use files are bounded like everything else.
static bool too_deep(Loader *l, const Node *use)
{
    if (l->depth >= LIMIT_USE_DEPTH) {
        diag_report(l->diags, 312, use->span, "files use files more than %d deep", LIMIT_USE_DEPTH);
        return true;
    }
    if (l->files.n >= LIMIT_FILES) {
        diag_report(l->diags, 312, use->span,
                    "a model has %d files at most, the library's among them", LIMIT_FILES);
        return true;
    }
    return false;
}

static void use_library(Loader *l, const Node *use, const EmbeddedFile *file)
{
    if (map_get(l->seen, library_key(l, file)) < 0 && !too_deep(l, use)) {
        l->depth++;
        collect(l, parse_library(l, file), STR(""), false);
        l->depth--;
    }
}

// Paths are read from the folder of the file that uses, and checked against the folder of the
// model.
static void use_file(Loader *l, const Node *use, Str folder)
{
    // `folder` is that of the file that uses, below the model's own.
    Str below = tidy(l->arena, path_join(l->arena, folder, use->text));
    if (str_starts(use->text, STR("/")) || !path_below(l->arena, l->folder, below)) {
        unknown_file(l, use, false);
        return;
    }
    if (map_get(l->seen, below) >= 0 || too_deep(l, use)) {
        return;
    }
    map_put(l->seen, below, 1);
    Str path = path_join(l->arena, l->folder, below);
    Error error = {0};
    int32_t source;
    if (source_add_file(l->diags, str_c(l->arena, path), path, &source, &error) != ST_OK) {
        Diag *diag = diag_report(l->diags, 313, name_span(use), "%s", error.message);
        suggest_part(l, diag, use->text);
        return;
    }
    l->depth++;
    collect(l, parse_file(l->diags, source), path_folder(below), false);
    l->depth--;
}

// A bare name is of the library. A text is a file; a library name in quotes works too, unless the
// model has such a file.
static void follow(Loader *l, const Node *use, Str folder)
{
    if (use->flags & NODE_BROKEN || use->text.n == 0) {
        return;
    }
    const EmbeddedFile *file = library_file(use->text);
    bool named = node_child(use, NODE_NAME) != NULL;
    // A text means a file first: a model may bring its own `words.casus`.
    bool own = !named && path_below(l->arena, l->folder, use->text);
    if (file && (named || !own || !str_ends(use->text, STR(".casus")))) {
        use_library(l, use, file);
    } else if (named) {
        unknown_file(l, use, true);
    } else {
        use_file(l, use, folder);
    }
}

// Title and time stand in the file that is run.
static void check_model_line(Loader *l, const Node *node, bool main)
{
    if (!main) {
        Diag *diag =
            diag_report(l->diags, 307, node->span, "a file that is used has no `model` line");
        diag_help(l->diags, diag, "the model's own file says title and time, once");
    } else if (l->model) {
        Diag *diag = diag_report(l->diags, 306, node->span, "a second `model` line");
        diag_related(diag, l->model->span, "the first is here");
    } else {
        l->model = node;
    }
}

// A declaration whose very name was not understood declares nothing.
static bool has_its_name(const Node *node)
{
    bool unnamed = node->kind == NODE_EACH_STEP || node->kind == NODE_ON ||
                   node->kind == NODE_STOP || node->kind == NODE_CHECK;
    return unnamed || node->text.n > 0;
}

// Used files take the place of the line that uses them, so the order of blocks is that of reading.
static void collect(Loader *l, const Node *file, Str folder, bool main)
{
    vec_push(l->arena, &l->files, file);
    for (const Node *node = file->child; node; node = node->next) {
        switch (node->kind) {
        case NODE_USE: follow(l, node, folder); break;
        case NODE_MODEL: check_model_line(l, node, main); break;
        case NODE_RESERVED: break;
        default:
            if (has_its_name(node)) {
                vec_push(l->arena, &l->decls, node);
            }
            break;
        }
    }
}

// ---- The hash of the meaning --------------------------------------------------------------------

// Order matters: blocks run in the order of the files.
static uint64_t mix(uint64_t hash, Str text)
{
    return (hash ^ str_hash(text)) * UINT64_C(0x100000001b3) + 1;
}

// Of the trees of all files, which hold neither comments nor layout, and of what the library gave.
static uint64_t hash_of(const Loader *l, const Model *model)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    Arena *scratch = arena_new(0);
    for (int32_t i = 0; i < l->files.n; i++) {
        if (i >= N_ALWAYS) {
            hash = mix(hash, node_print(scratch, l->files.p[i]));
        }
    }
    for (int32_t i = 0; i < l->decls.n; i++) {
        const Node *node = l->decls.p[i];
        bool words = node->kind == NODE_STANDARD && str_eq(node->text, model->standard);
        if (words || node->kind == NODE_GRADE) {
            hash = mix(hash, node_print(scratch, node));
        }
    }
    arena_free(scratch);
    return hash;
}

// ---- Views --------------------------------------------------------------------------------------

// Stories and variants are kept apart: they are changes to all the rest.
static void sort_decls(Build *b, const NodeList *decls)
{
    Arena *arena = b->shared.arena;
    for (int32_t i = 0; i < decls->n; i++) {
        const Node *node = decls->p[i];
        NodeList *list = node->kind == NODE_STORY     ? &b->stories
                         : node->kind == NODE_VARIANT ? &b->variants
                                                      : &b->base_decls;
        vec_push(arena, list, node);
    }
}

// Views are chosen by name on the command line.
static bool name_is_free(Build *b, const Node *node)
{
    if (str_eq(node->text, STR("base")) || str_eq(node->text, STR("set")) ||
        str_eq(node->text, STR("pool"))) {
        diag_report(b->shared.diags, 321, name_span(node), "`%.*s` is a name of ours; take another",
                    STR_ARG(node->text));
        return false;
    }
    for (int32_t i = 0; i < b->views.n; i++) {
        if (str_eq(b->views.p[i]->name, node->text)) {
            diag_report(b->shared.diags, 320, name_span(node), "there is already a %s `%.*s`",
                        b->views.p[i]->role == VIEW_STORY ? "story" : "variant",
                        STR_ARG(node->text));
            return false;
        }
    }
    return true;
}

View *load_check_overlay(Build *b, const Node *overlay, ViewRole role)
{
    NodeList decls, removed;
    Checker *checker = ARENA_NEW(b->shared.arena, Checker);
    b->base.overlay = overlay;
    b->base.role = role;
    overlay_apply(&b->base, &b->base_decls, overlay, &decls, &removed);
    b->base.overlay = NULL;
    return check_view(&b->shared, &decls, &removed, role, overlay, checker);
}

static void add_overlay(Build *b, const Node *overlay, ViewRole role)
{
    View *view = load_check_overlay(b, overlay, role);
    vec_push(b->shared.arena, &b->views, view);
    vec_push(b->shared.arena, &b->overlays, overlay);
}

// With the base in ruins a story would only repeat it.
static void add_overlays(Build *b, const NodeList *list, ViewRole role)
{
    for (int32_t i = 0; i < list->n; i++) {
        const Node *node = list->p[i];
        if (b->views.n > LIMIT_STORIES) {
            diag_report(b->shared.diags, 314, name_span(node), "more than %d stories and variants",
                        LIMIT_STORIES);
            return;
        }
        if (b->shared.diags->n_errors > LIMIT_ERRORS_SHOWN) {
            return; // nobody will read so far
        }
        if (name_is_free(b, node)) {
            add_overlay(b, node, role);
        }
    }
}

// ---- Settings -----------------------------------------------------------------------------------

// Copies of a list of siblings, put at the end of another; what they hold is shared.
static Node **add_copies(Arena *arena, Node **link, const Node *first)
{
    for (const Node *node = first; node; node = node->next) {
        Node *copy = ARENA_NEW(arena, Node);
        *copy = *node;
        copy->next = NULL;
        *link = copy;
        link = &copy->next;
    }
    return link;
}

// All --set options in one list, in the order in which they were given.
static const Node *parse_settings(Build *b, const LoadOptions *options)
{
    DiagList *diags = b->shared.diags;
    Node *first = NULL, **link = &first;
    Str *settings = ARENA_ARRAY(b->shared.arena, Str, options->n_sets);
    for (int32_t i = 0; i < options->n_sets; i++) {
        int32_t errors = diags->n_errors,
                source = source_add_text(diags, STR("--set"), options->sets[i]);
        const Node *overrides = parse_overrides(diags, source)->child;
        if (overrides == NULL && diags->n_errors == errors) {
            Diag *diag = diag_report(diags, 205, (Span){source, 0, 0}, "this --set sets nothing");
            diag_help(diags, diag, "write a name and its new value: --set 'fear = 2'");
        }
        link = add_copies(b->shared.arena, link, overrides);
        settings[i] = str_copy(b->shared.arena, options->sets[i]);
    }
    b->shared.model->settings = settings;
    b->shared.model->n_settings = options->n_sets;
    return first;
}

// The view once more, its own changes first, so that the settings win. The base has no changes.
static View *lay_over(Build *b, const View *view, const Node *overlay, const Node *settings)
{
    Node *both = ARENA_NEW(b->shared.arena, Node);
    *both =
        overlay
            ? *overlay
            : (Node){
                  .kind = NODE_VARIANT, .text = view->name, .span = NO_SPAN, .name_span = NO_SPAN};
    both->child = NULL;
    Node **link = add_copies(b->shared.arena, &both->child, overlay ? overlay->child : NULL);
    add_copies(b->shared.arena, link, settings);
    View *changed = load_check_overlay(b, both, view->role);
    changed->title = view->title;
    return changed;
}

// A setting is wrong or right for the base first; a story may still have taken away what it names.
static void add_settings(Build *b, const LoadOptions *options)
{
    Arena *arena = b->shared.arena;
    const Node *settings = parse_settings(b, options);
    const View **changed = ARENA_ARRAY(arena, const View *, b->views.n);
    for (int32_t i = 0; i < b->views.n && (i == 0 || b->shared.diags->n_errors == 0); i++) {
        const Node *overlay = i > 0 ? b->overlays.p[i - 1] : NULL;
        View *view = lay_over(b, b->views.p[i], overlay, settings);
        vec_push(arena, &b->set_views, view);
        changed[i] = view;
    }
    b->shared.model->set_views = changed;
}

// What of the stories' weights counts, now that all are there.
static void weigh(Build *b)
{
    Model *model = b->shared.model;
    const Hands *hands = pool_hands(b->shared.arena, model);
    const PoolWeight *weights = pool_weights(b->shared.arena, model, hands, NULL);
    for (int32_t i = 0; i < b->views.n; i++) {
        b->views.p[i]->weight = weights[i].weight;
    }
    for (int32_t i = 0; i < b->set_views.n; i++) {
        b->set_views.p[i]->weight = weights[i].weight;
    }
}

// How much each view counts in the pool. Without stories the base is all there is.
static void check_weights(Build *b, const Node *model_node)
{
    Model *model = b->shared.model;
    bool stated = model_node && node_child(model_node, NODE_BASE_WEIGHT);
    if (b->stories.n == 0 && !stated) {
        model->base_weight = 1;
    }
    b->views.p[0]->grade_weight = model->base_weight;
    b->views.p[0]->weight_stated = stated;
    weigh(b);
    double sum = 0;
    for (int32_t i = 0; i < b->views.n; i++) {
        sum += b->views.p[i]->weight;
    }
    if (!(sum > 0) && b->shared.diags->n_errors == 0) {
        const Node *where = b->stories.n ? b->stories.p[0] : model_node;
        diag_report(b->shared.diags, 472, name_span(where), "no story has a weight above 0");
    }
}

// ---- All of it ----------------------------------------------------------------------------------

// NaN is no weight.
static void shared_init(Shared *shared, Arena *arena, DiagList *diags)
{
    *shared = (Shared){.arena = arena, .diags = diags};
    shared->model = ARENA_NEW(arena, Model);
    shared->model->arena = arena;
    shared->relay_ids = map_new(arena);
    shared->source_ids = map_new(arena);
    shared->atom_keys = map_new(arena);
    shared->told = map_new(arena);
    for (int32_t i = 0; i < GRADE_LETTERS * GRADE_FIGURES; i++) {
        shared->model->grades.weight[i / GRADE_FIGURES][i % GRADE_FIGURES] = __builtin_nan("");
    }
    shared->model->grades.shared = 1;
    units_init(&shared->units, arena, diags);
}

// Arrays grew until now; from here on nothing of them moves.
static void freeze(Build *b)
{
    Shared *shared = &b->shared;
    Model *model = shared->model;
    model->bases = shared->units.bases.p;
    model->n_bases = shared->units.bases.n;
    model->units = shared->units.units.p;
    model->n_units = shared->units.units.n;
    model->relays = shared->relays.p;
    model->n_relays = shared->relays.n;
    model->sources = shared->sources.p;
    model->n_sources = shared->sources.n;
    const View **views = ARENA_ARRAY(shared->arena, const View *, b->views.n);
    for (int32_t i = 0; i < b->views.n; i++) {
        // Atoms have one number in all views.
        b->views.p[i]->atoms = shared->atoms.p;
        b->views.p[i]->n_atoms = shared->atoms.n;
        views[i] = b->views.p[i];
    }
    for (int32_t i = 0; i < b->set_views.n; i++) {
        b->set_views.p[i]->atoms = shared->atoms.p;
        b->set_views.p[i]->n_atoms = shared->atoms.n;
    }
    model->views = views;
    model->n_views = b->views.n;
}

// The base first: stories are applied to it.
static void build(Build *b, Loader *l, const LoadOptions *options)
{
    Shared *shared = &b->shared;
    sort_decls(b, &l->decls);
    check_shared(shared, &b->base_decls, l->model);
    View *base = check_view(shared, &b->base_decls, NULL, VIEW_BASE, NULL, &b->base);
    vec_push(shared->arena, &b->views, base);
    add_overlays(b, &b->stories, VIEW_STORY);
    add_overlays(b, &b->variants, VIEW_VARIANT);
    if (options && options->n_sets > 0) {
        add_settings(b, options);
    }
    freeze(b);
    check_weights(b, l->model);
}

// Errors leave no model; warnings do not matter here.
static Status load(Arena *arena, DiagList *diags, int32_t file, Str path,
                   const LoadOptions *options, Model **model, Error *error)
{
    Loader l = {.diags = diags, .arena = diags->arena, .folder = path_folder(path)};
    l.seen = map_new(l.arena);
    always_loaded(&l);
    // Its own name below its folder, so that a file cannot use the model that uses it.
    map_put(l.seen, tidy(l.arena, str_sub(path, l.folder.n, path.n)), 1);
    collect(&l, parse_file(diags, file), STR(""), true);
    if (l.model == NULL && diags->n_errors == 0) {
        Diag *diag = diag_report(diags, 300, (Span){file, 0, 0}, "this file has no `model` line");
        diag_help(diags, diag,
                  "begin with `model \"title\"` and under it `time weekly from ... to ...`");
    }
    Build *b = ARENA_NEW(arena, Build);
    shared_init(&b->shared, arena, diags);
    b->shared.model->path = str_copy(arena, path);
    build(b, &l, options);
    if (options && options->lint && diags->n_errors == 0) {
        lint_model(&b->shared, b->views.p[0], &l.decls);
    }
    diag_sort(diags);
    if (diags->n_errors > 0) {
        *model = NULL;
        return error_set(error, ST_BAD_MODEL, "%.*s: %d error%s", STR_ARG(path), diags->n_errors,
                         diags->n_errors == 1 ? "" : "s");
    }
    b->shared.model->hash = hash_of(&l, b->shared.model);
    b->shared.model->build = b;
    *model = b->shared.model;
    return ST_OK;
}

Status lang_load(Arena *arena, DiagList *diags, const LoadOptions *options, Model **model,
                 Error *error)
{
    int32_t file;
    Str path = str_of(options->path);
    *model = NULL;
    Status status = source_add_file(diags, options->path, path, &file, error);
    if (status != ST_OK) {
        return status;
    }
    return load(arena, diags, file, path, options, model, error);
}

Status lang_load_text(Arena *arena, DiagList *diags, Str name, Str text, const LoadOptions *options,
                      Model **model, Error *error)
{
    *model = NULL;
    int32_t file = source_add_text(diags, name, text);
    return load(arena, diags, file, name, options, model, error);
}
