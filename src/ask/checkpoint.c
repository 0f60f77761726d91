// SPDX-License-Identifier: MIT
//
// A run's sums as bytes and back.
#include "ask/checkpoint.h"

#include "ask/settle.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/version.h"

static const Str MAGIC = {"casus checkpoint 2\n", 19};
static const Str ANY_MAGIC = {"casus checkpoint ", 17};
enum { SUM_BYTES = 8 };

// ---- The key ------------------------------------------------------------------------------------

typedef struct {
    const char *name;
    Str value;
} Field;

enum { FIELDS = 10 };

static Str whole(Arena *arena, uint64_t n)
{
    return str_format(arena, "%llu", (unsigned long long)n);
}

static Str questions_of(Arena *arena, const Plan *plan)
{
    Buf buf = {.arena = arena};
    buf_addf(&buf, "%d:", plan->n_asked);
    for (int32_t a = 0; a < plan->n_asked; a++) {
        buf_char(&buf, ' ');
        buf_add(&buf, plan->tellings[0].view->questions[plan->asked[a].question].name);
    }
    return buf_str(&buf);
}

// Everything that the bits of the sums depend on. The last fields follow from the others and the
// program; they guard what is read by their size.
static void key_of(Arena *arena, const Sums *sums, double precision, Field *key)
{
    const Plan *plan = sums->plan;
    const Layout *layout = sums->layout;
    int32_t n = 0;
    key[n++] =
        (Field){"version of casus", str_format(arena, "%s, bits %d", CASUS_VERSION, CASUS_BITS)};
    key[n++] =
        (Field){"model", str_format(arena, "%016llx (%.*s)", (unsigned long long)plan->model->hash,
                                    STR_ARG(plan->model->title))};
    key[n++] = (Field){"reading", settle_reading(arena, plan)};
    key[n++] = (Field){"seed", whole(arena, plan->seed)};
    key[n++] = (Field){"number of worlds", whole(arena, plan->worlds)};
    key[n++] = (Field){"number of futures in each", whole(arena, plan->futures)};
    key[n++] = (Field){"precision", precision > 0 ? num_shortest(arena, precision) : STR("none")};
    key[n++] = (Field){"list of questions", questions_of(arena, plan)};
    key[n++] = (Field){"futures of a unit of work", whole(arena, plan->unit_futures)};
    key[n++] = (Field){"layout", str_format(arena, "%lld %d %lld %d %d", (long long)layout->n_flat,
                                            layout->n_tracks, (long long)layout->cells_size,
                                            layout->n_responses, plan->n_unknowns)};
    ASSERT(n == FIELDS);
}

static Status another_run(const char *name, const Field *mine, Str theirs, Error *error)
{
    enum { SHOWN = 60 };
    return error_set(error, ST_USAGE,
                     "%.150s belongs to another run: its %s is %.*s, here it is %.*s; name another "
                     "file, or delete this one to begin anew",
                     name, mine->name, STR_ARG(str_sub(theirs, 0, SHOWN)),
                     STR_ARG(str_sub(mine->value, 0, SHOWN)));
}

static void put_key(Buf *buf, const Sums *sums, double precision)
{
    Field key[FIELDS];
    key_of(buf->arena, sums, precision, key);
    for (int32_t i = 0; i < FIELDS; i++) {
        bytes_put_str(buf, key[i].value);
    }
}

static Status check_key(Bytes *bytes, const char *name, const Sums *sums, double precision,
                        Error *error)
{
    Arena *arena = arena_new(0);
    Field key[FIELDS];
    key_of(arena, sums, precision, key);
    Status status = ST_OK;
    for (int32_t i = 0; i < FIELDS && status == ST_OK; i++) {
        Str theirs = bytes_str(bytes);
        if (!bytes->bad && !str_eq(theirs, key[i].value)) {
            status = another_run(name, &key[i], theirs, error);
        }
    }
    arena_free(arena);
    return status;
}

// ---- The sums, written --------------------------------------------------------------------------

static void put_incidents(Buf *buf, const Incident *x, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        bytes_put_count(buf, x[i].n);
        if (x[i].n > 0) {
            bytes_put_count(buf, x[i].world);
            bytes_put_count(buf, x[i].future);
            bytes_put_count(buf, (uint64_t)x[i].step + 1); // -1, the start, becomes 0
        }
    }
}

static void put_section(Buf *buf, const Sums *sums, int32_t section)
{
    const Layout *layout = sums->layout;
    const OpenWorld *world = &sums->open_worlds[section];
    bytes_put_doubles(buf, sums->sections[section], layout->n_flat);
    bytes_put_count(buf, world->open);
    if (world->open) {
        bytes_put_count(buf, world->world);
        bytes_put_doubles(buf, world->row.n, layout->n_tracks);
        bytes_put_doubles(buf, world->row.x, layout->n_tracks);
        bytes_put_doubles(buf, world->row.v2, layout->n_tracks);
        bytes_put_str(buf, (Str){(const char *)world->row.bins, (size_t)sums->plan->n_unknowns});
    }
}

static void put_counts(Buf *buf, const Counts *counts)
{
    const Layout *layout = counts->layout;
    for (int32_t i = 0; i < layout->n_cell_tables; i++) {
        bytes_put_counts(buf, counts->cells[i], layout->cells_size);
    }
    for (int32_t i = 0; i < layout->n_numbers * PLAN_SECTIONS; i++) {
        float_hist_put(counts->numbers[i], buf);
    }
    for (int32_t i = 0; i < layout->n_numbers; i++) {
        float_hist_put(counts->means[i], buf);
    }
    for (int32_t i = 0; i < layout->n_dates; i++) {
        bytes_put_counts(buf, counts->dates[i], (int64_t)layout->n_date_bins * PLAN_SECTIONS);
    }
    for (int32_t i = 0; i < layout->n_number_series * layout->plan->n_points; i++) {
        hist_put(counts->points[i], buf);
    }
}

void checkpoint_put(Buf *buf, const Sums *sums, double precision)
{
    const Plan *plan = sums->plan;
    buf_add(buf, MAGIC);
    put_key(buf, sums, precision);
    bytes_put_count(buf, (uint64_t)sums->next);
    bytes_put_count(buf, sums->futures);
    bytes_put_count(buf, sums->worlds);
    for (int32_t s = 0; s < plan->n_sections; s++) {
        put_section(buf, sums, s);
    }
    put_counts(buf, sums->counts);
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        put_incidents(buf, sums->trouble[t], plan->tellings[t].program->n_states);
        put_incidents(buf, sums->failures[t], plan->tellings[t].program->n_checks);
    }
    put_incidents(buf, sums->odd, plan->n_asked);
    bytes_put_count(buf, sums->n_failed);
    bytes_put_u64(buf, str_hash(buf_str(buf)));
}

// ---- The sums, read -----------------------------------------------------------------------------

static void get_incidents(Bytes *bytes, const Plan *plan, Incident *x, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        x[i].n = bytes_count(bytes);
        if (x[i].n > 0) {
            x[i].world = (uint32_t)bytes_count_to(bytes, plan->worlds - 1);
            x[i].future = (uint32_t)bytes_count_to(bytes, plan->futures - 1);
            uint64_t most = (uint64_t)plan->model->n_steps + 1;
            x[i].step = (int32_t)bytes_count_to(bytes, most) - 1;
        }
    }
}

// The bins of a world must be those of the story it tells.
static bool are_bins(const Plan *plan, const uint8_t *bins)
{
    int32_t t = plan->story >= 0 ? bins[plan->story] : 0;
    if (t >= plan->n_tellings) {
        return false;
    }
    for (int32_t u = 0; u < plan->n_unknowns; u++) {
        bool none = bins[u] == NO_BIN;
        if (!none && (plan->tellings[t].first_bin[u] < 0 || bins[u] >= plan->unknowns[u].n_bins)) {
            return false;
        }
    }
    return true;
}

// What a world shows must be so many of its futures: tables are indexed by it.
static bool are_counts(const Layout *layout, const WorldRow *row)
{
    double most = (double)layout->plan->futures;
    for (int32_t t = 0; t < layout->n_tracks; t++) {
        double n = row->n[t], x = row->x[t];
        bool of_n = layout->tracks[t].cells < 0 || (x >= 0 && x <= n);
        if (!(n >= 0 && n <= most) || !of_n) {
            return false;
        }
    }
    return true;
}

static bool is_within(double x, double most)
{
    return x >= 0 && x <= most;
}

// Numbers of worlds and futures are no more than there are; of what is counted as yes no more than
// counts.
static bool are_sums(const Layout *layout, const double *flat)
{
    const Plan *plan = layout->plan;
    double worlds = (double)plan->worlds, futures = worlds * (double)plan->futures;
    int64_t T = layout->n_tracks;
    bool good = true;
    for (int64_t t = 0; t < T; t++) {
        TrackKind kind = layout->tracks[t].kind;
        double n = flat[SUM_N * T + t];
        bool is_count = kind != TRACK_VALUE && kind != TRACK_RUNG;
        good = good && is_within(n, futures) && is_within(flat[SUM_W * T + t], worlds) &&
               (!is_count || is_within(flat[SUM_X * T + t], n));
    }
    for (int32_t a = 0; a < plan->n_asked; a++) {
        for (int32_t p = 0; p < plan->n_points && plan->asked[a].is_series; p++) {
            int64_t at = layout->series_at + layout->series_offset[a];
            good = good && is_within(flat[at + (int64_t)p * layout->series_width[a]], futures);
        }
    }
    return good;
}

static void get_section(Bytes *bytes, Sums *sums, int32_t section)
{
    const Layout *layout = sums->layout;
    const Plan *plan = sums->plan;
    OpenWorld *world = &sums->open_worlds[section];
    bytes_doubles(bytes, sums->sections[section], layout->n_flat);
    bytes->bad = bytes->bad || !are_sums(layout, sums->sections[section]);
    world->open = bytes_count_to(bytes, 1) == 1;
    if (!world->open) {
        return;
    }
    world->world = bytes_count_to(bytes, plan->worlds - 1);
    bytes_doubles(bytes, world->row.n, layout->n_tracks);
    bytes_doubles(bytes, world->row.x, layout->n_tracks);
    bytes_doubles(bytes, world->row.v2, layout->n_tracks);
    bytes->bad = bytes->bad || !are_counts(layout, &world->row);
    Str bins = bytes_str(bytes);
    if (bins.n != (size_t)plan->n_unknowns) {
        bytes->bad = true;
        return;
    }
    for (int32_t u = 0; u < plan->n_unknowns; u++) {
        world->row.bins[u] = (uint8_t)bins.p[u];
    }
    bytes->bad = bytes->bad || (layout->n_responses > 0 && !are_bins(plan, world->row.bins));
}

// Of worlds that show k of n futures: k is no more than n, and n not 0.
static bool are_cells(const Layout *layout, const uint64_t *cells)
{
    int64_t side = (int64_t)layout->plan->futures + 1;
    bool good = true;
    for (int64_t i = 0; i < layout->cells_size && layout->cells_square; i++) {
        int64_t k = i % side, n = i / side;
        good = good && (cells[i] == 0 || (n > 0 && k <= n));
    }
    for (int64_t b = 0; b < CELL_BINS && !layout->cells_square; b++) {
        const uint64_t *bin = cells + 3 * b; // worlds, sums of n and k
        good = good && (bin[0] == 0 || bin[1] > 0) && bin[2] <= bin[1];
    }
    return good;
}

static void get_counts(Bytes *bytes, Counts *counts)
{
    const Layout *layout = counts->layout;
    for (int32_t i = 0; i < layout->n_cell_tables; i++) {
        bytes_counts(bytes, counts->cells[i], layout->cells_size);
        bytes->bad = bytes->bad || !are_cells(layout, counts->cells[i]);
    }
    for (int32_t i = 0; i < layout->n_numbers * PLAN_SECTIONS; i++) {
        float_hist_get(counts->numbers[i], bytes);
    }
    for (int32_t i = 0; i < layout->n_numbers; i++) {
        float_hist_get(counts->means[i], bytes);
    }
    for (int32_t i = 0; i < layout->n_dates; i++) {
        bytes_counts(bytes, counts->dates[i], (int64_t)layout->n_date_bins * PLAN_SECTIONS);
    }
    for (int32_t i = 0; i < layout->n_number_series * layout->plan->n_points; i++) {
        hist_get(counts->points[i], bytes);
    }
}

static void get_sums(Bytes *bytes, Sums *sums)
{
    const Plan *plan = sums->plan;
    sums->next = (int64_t)bytes_count_to(bytes, (uint64_t)plan->n_units);
    sums->futures = bytes_count_to(bytes, plan->worlds * plan->futures);
    sums->worlds = bytes_count_to(bytes, plan->worlds);
    for (int32_t s = 0; s < plan->n_sections; s++) {
        get_section(bytes, sums, s);
    }
    get_counts(bytes, sums->counts);
    for (int32_t t = 0; t < plan->n_tellings; t++) {
        get_incidents(bytes, plan, sums->trouble[t], plan->tellings[t].program->n_states);
        get_incidents(bytes, plan, sums->failures[t], plan->tellings[t].program->n_checks);
    }
    get_incidents(bytes, plan, sums->odd, plan->n_asked);
    sums->n_failed = bytes_count_to(bytes, sums->futures);
}

static Status damaged(const char *name, Error *error)
{
    return error_set(error, ST_NO_INPUT,
                     "%.300s is damaged: it is not what was saved; delete it to begin anew", name);
}

Status checkpoint_get(Str all, const char *name, Sums *sums, double precision, Error *error)
{
    if (!str_starts(all, ANY_MAGIC)) {
        return error_set(error, ST_NO_INPUT,
                         "%.300s is not a checkpoint of casus: name another file", name);
    }
    if (all.n < MAGIC.n + SUM_BYTES) {
        return damaged(name, error);
    }
    Str body = str_sub(all, 0, all.n - SUM_BYTES);
    Bytes sum = bytes_of(str_sub(all, body.n, all.n));
    if (bytes_u64(&sum) != str_hash(body)) {
        return damaged(name, error);
    }
    if (!str_starts(all, MAGIC)) {
        return error_set(error, ST_USAGE,
                         "%.300s was saved by another version of casus, which can go on from it; "
                         "delete it to begin anew",
                         name);
    }
    Bytes bytes = bytes_of(str_sub(body, MAGIC.n, body.n));
    TRY(check_key(&bytes, name, sums, precision, error));
    get_sums(&bytes, sums);
    return bytes.bad || bytes.p != bytes.end ? damaged(name, error) : ST_OK;
}

// ---- Files --------------------------------------------------------------------------------------

Status checkpoint_save(const char *path, const Sums *sums, double precision, Error *error)
{
    Arena *arena = arena_new(0);
    Buf buf = {.arena = arena};
    checkpoint_put(&buf, sums, precision);
    Status status =
        buf.n > LIMIT_CHECKPOINT_BYTES
            ? error_set(error, ST_CANNOT_WRITE,
                        "the checkpoint of this run is too large (more than 512 MB): ask "
                        "fewer questions at once (--question)")
            : file_write(path, buf_str(&buf), error);
    arena_free(arena);
    return status;
}

Status checkpoint_load(const char *path, Sums *sums, double precision, Error *error)
{
    Arena *arena = arena_new(0);
    Str bytes;
    Status status = file_read(path, LIMIT_CHECKPOINT_BYTES, arena, &bytes, error);
    if (status == ST_OK) {
        status = checkpoint_get(bytes, path, sums, precision, error);
    }
    arena_free(arena);
    return status;
}
