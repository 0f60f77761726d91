// SPDX-License-Identifier: MIT
//
// Parts of the lanes, parts of the steps, and what is watched.
#include "lower/build_impl.h"

static Open open_body(Builder *b, OpCode op, Val mask)
{
    Ins ins = {.op = (uint16_t)op, .d = REG_NONE, .a = build_reg(b, mask)};
    ins.b = ins.c = REG_NONE;
    vec_push(b->arena, &b->lane[b->segment], ins);
    return (Open){.at = b->lane[b->segment].n - 1,
                  .known = b->known[b->segment].n,
                  .region = op == OP_REGION};
}

Open build_region(Builder *b, Val mask)
{
    // The mask is looked at again when the region ends: what happens inside must not change it.
    mask = build_snapshot(b, build_lane(b, mask));
    Open open = open_body(b, OP_REGION, mask);
    Frame *frame = ARENA_NEW(b->arena, Frame);
    frame->outer = b->frame;
    vec_push(b->arena, &b->frames, frame);
    b->frame = b->frames.n - 1;
    return open;
}

Open build_ifstep(Builder *b, Val mask)
{
    ASSERT(mask.level == LEVEL_UNI);
    return open_body(b, OP_IFSTEP, mask);
}

// Write the columns that come in and go out into the pool.
static Reg put_imports(Builder *b, const Frame *frame)
{
    Reg at = (Reg)b->args.n;
    vec_push(b->arena, &b->args, (uint32_t)frame->imports.n);
    int32_t n_out = 0;
    for (int32_t i = 0; i < frame->imports.n; i++) {
        vec_push(b->arena, &b->args, (uint32_t)frame->imports.p[i].outer);
        vec_push(b->arena, &b->args, (uint32_t)frame->imports.p[i].inner);
        n_out += frame->imports.p[i].out;
    }
    vec_push(b->arena, &b->args, (uint32_t)n_out);
    for (int32_t i = 0; i < frame->imports.n; i++) {
        if (frame->imports.p[i].out) {
            vec_push(b->arena, &b->args, (uint32_t)frame->imports.p[i].inner);
            vec_push(b->arena, &b->args, (uint32_t)frame->imports.p[i].outer);
            b->versions.p[frame->imports.p[i].outer]++;
        }
    }
    return at;
}

void build_close(Builder *b, Open open)
{
    InsVec *code = &b->lane[b->segment];
    int32_t length = code->n - open.at - 1;
    b->known[b->segment].n = open.known;
    if (open.region) {
        const Frame *frame = b->frames.p[b->frame];
        b->frame = frame->outer;
        if (length > 0) {
            code->p[open.at].b = put_imports(b, frame);
        }
    }
    if (length == 0) {
        code->n--; // nothing to do inside
        return;
    }
    code->p[open.at].c = (Reg)length;
}

void build_fail_check(Builder *b, Val mask, int32_t check)
{
    Ins ins = {.op = OP_FAIL, .d = REG_NONE, .a = build_reg(b, build_lane(b, mask))};
    ins.b = (Reg)check;
    ins.c = REG_NONE;
    vec_push(b->arena, &b->lane[b->segment], ins);
}

int32_t build_note(Builder *b, Val mask, int32_t note, const Val *values, int32_t n)
{
    VEC(Reg) regs = {0};
    for (int32_t i = 0; i < n; i++) {
        vec_push(b->arena, &regs, build_reg(b, values[i]));
    }
    Ins ins = {.op = OP_NOTE, .d = REG_NONE, .a = build_reg(b, mask), .b = (Reg)note};
    ins.c = (Reg)b->args.n;
    vec_push(b->arena, &b->args, (uint32_t)n);
    for (int32_t i = 0; i < n; i++) {
        vec_push(b->arena, &b->args, regs.p[i]);
    }
    vec_push(b->arena, &b->lane[b->segment], ins);
    return (int32_t)ins.c + 1;
}
