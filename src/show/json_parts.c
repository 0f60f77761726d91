// SPDX-License-Identifier: MIT
//
// Pieces of JSON shared by the writers of answers and replays.
#include "show/json_parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/date.h"

void json_put(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0) {
        base_on_oom();
    }
}

void json_putn(json_t *object, const char *key, size_t n, json_t *value)
{
    if (json_object_setn_new(object, key, n, value) != 0) {
        base_on_oom();
    }
}

void json_add(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0) {
        base_on_oom();
    }
}

json_t *json_text(Str text)
{
    if (str_utf8_check(text) == text.n) {
        return json_stringn(text.n ? text.p : "", text.n);
    }
    Arena *arena = arena_new(0);
    Buf safe = {.arena = arena};
    buf_add_safe(&safe, text, true);
    json_t *json = json_stringn(buf_str(&safe).p, buf_str(&safe).n);
    arena_free(arena);
    return json;
}

json_t *json_number(double x)
{
    return x - x == 0 ? json_real(x) : json_null();
}

json_t *json_hash(uint64_t hash)
{
    char text[20];
    snprintf(text, sizeof text, "%016" PRIx64, hash);
    return json_string(text);
}

json_t *json_decimal(uint64_t n)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, n);
    return json_string(text);
}

json_t *json_day(double days)
{
    if (days != days) {
        return json_null();
    }
    Arena *arena = arena_new(0);
    bool whole = days == (double)(int64_t)days;
    json_t *json = json_text(date_text(arena, days, !whole));
    arena_free(arena);
    return json;
}

json_t *json_estimate(Estimate e, double scale)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "value", json_number(e.value * scale), "half",
                     json_number(e.half * scale), "lo", json_number(e.lo * scale), "hi",
                     json_number(e.hi * scale));
}

json_t *json_model(const Provenance *run)
{
    return json_pack("{s:o, s:o, s:o}", "title", json_text(run->model_title), "path",
                     json_text(run->model_path), "hash", json_text(run->model_hash));
}

json_t *json_provenance(const Provenance *run)
{
    json_t *json = json_pack("{s:o, s:o, s:o, s:o, s:o}", "version", json_text(run->version),
                             "reading", json_text(run->reading), "seed", json_decimal(run->seed),
                             "start", json_day(run->start), "end", json_day(run->end));
    json_t *settings = json_array();
    for (int32_t i = 0; i < run->n_settings; i++) {
        json_add(settings, json_text(run->settings[i]));
    }
    json_put(json, "set", settings);
    json_put(json, "step", json_text(run->step));
    json_put(json, "method", json_string(run->exact ? "exact" : "sampled"));
    if (run->exact) {
        json_put(json, "most_states", json_integer((json_int_t)run->states));
        json_put(json, "lost", json_number(run->lost));
    }
    json_put(json, "worlds", json_integer((json_int_t)run->worlds));
    json_put(json, "futures_per_world", json_integer((json_int_t)run->futures_per_world));
    json_put(json, "futures", json_integer((json_int_t)run->futures));
    json_put(json, "futures_wanted", json_integer((json_int_t)run->futures_wanted));
    json_put(json, "partial", json_boolean(run->partial));
    json_put(json, "seconds", json_number(run->seconds));
    json_put(json, "threads", json_integer(run->threads));
    return json;
}

static int append(const char *bytes, size_t n, void *buf)
{
    buf_add(buf, (Str){bytes, n});
    return 0;
}

Status json_finish(Buf *buf, json_t *root, Error *error)
{
    int failed =
        root ? json_dump_callback(root, append, buf, JSON_INDENT(2) | JSON_REAL_PRECISION(17)) : -1;
    json_decref(root);
    if (failed) {
        return error_set(error, ST_INTERNAL, "no memory left to write JSON");
    }
    buf_char(buf, '\n');
    return ST_OK;
}
