// SPDX-License-Identifier: MIT
//
// The vector vocabulary of the kernels: VL doubles, 64-bit masks or words at a time, over the
// vector types of GCC and clang. The width is that of the instruction set this file is compiled
// for, never wider (gcc splits wider ones badly). A few operations have no vector syntax and go
// through intrinsics; each has a portable form below that gives the same bits.
#pragma once
#include <stdint.h>
#include <string.h>

#if defined(VEC_LANES) // for trying another width without intrinsics
#define VL VEC_LANES
#elif defined(__AVX512F__)
#define VL 8
#elif defined(__AVX2__)
#define VL 4
#else
#define VL 2
#endif
// Floats at a time, in the quick first looks of the draw kernels. Eight lanes are always whole.
#define FL (VL == 2 ? 4 : 8)

#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// A column holds doubles or masks, hence may_alias.
typedef double Vd __attribute__((vector_size(VL * 8), may_alias));
typedef int64_t Vm __attribute__((vector_size(VL * 8), may_alias));
typedef uint64_t Vu __attribute__((vector_size(VL * 8), may_alias));
typedef uint32_t Vw __attribute__((vector_size(VL * 4), may_alias));
typedef float Vf __attribute__((vector_size(FL * 4), may_alias));
typedef int32_t Vfm __attribute__((vector_size(FL * 4), may_alias));
typedef uint32_t Vfu __attribute__((vector_size(FL * 4), may_alias));

#define INLINE static inline __attribute__((always_inline, unused))

// Loads and stores. Columns are aligned to 64 bytes and lanes come in whole vectors.
INLINE Vd vd_load(const double *p)
{
    return *(const Vd *)(const void *)p;
}
INLINE void vd_store(double *p, Vd v)
{
    *(Vd *)(void *)p = v;
}
INLINE Vm vm_load(const double *p)
{
    return *(const Vm *)(const void *)p;
}
INLINE void vm_store(double *p, Vm v)
{
    *(Vm *)(void *)p = v;
}
INLINE Vw vw_load(const uint32_t *p)
{
    return *(const Vw *)(const void *)p;
}
INLINE void vw_store(uint32_t *p, Vw v)
{
    *(Vw *)(void *)p = v;
}
#if VL == 8
#define ALL(T, x) ((T){(x), (x), (x), (x), (x), (x), (x), (x)})
#elif VL == 4
#define ALL(T, x) ((T){(x), (x), (x), (x)})
#else
#define ALL(T, x) ((T){(x), (x)})
#endif
INLINE Vd vd_all(double x)
{
    return ALL(Vd, x);
}
INLINE Vu vu_all(uint64_t x)
{
    return ALL(Vu, x);
}
INLINE Vm vm_all(int64_t x)
{
    return ALL(Vm, x);
}

// Words of 32 bits to lanes of 64 and back (the low half).
INLINE Vu vu_of_words(Vw w)
{
    return __builtin_convertvector(w, Vu);
}
INLINE Vw vw_of_lanes(Vu u)
{
    return __builtin_convertvector(u, Vw);
}
// A word in 64-bit lanes as a double, exactly: below 2^52 its bits can stand as a mantissa.
INLINE Vd vd_of_word(Vu w)
{
    return (Vd)(w | vu_all(UINT64_C(0x4330000000000000))) - 0x1p52;
}

// a where m, else b. Masks are all ones or all zeros.
INLINE Vd vd_sel(Vm m, Vd a, Vd b)
{
#if defined(__AVX512F__)
    return (Vd)(((Vm)a & m) | ((Vm)b & ~m));
#elif defined(__AVX2__)
    return (Vd)_mm256_blendv_pd((__m256d)b, (__m256d)a, (__m256d)m);
#else
    return (Vd)(((Vm)a & m) | ((Vm)b & ~m));
#endif
}

// a > b ? a : b and a < b ? a : b: the second when either is NaN or both are equal (maxpd, minpd).
INLINE Vd vd_greater(Vd a, Vd b)
{
#if defined(__AVX512F__)
    return (Vd)_mm512_max_pd((__m512d)a, (__m512d)b);
#elif defined(__AVX2__)
    return (Vd)_mm256_max_pd((__m256d)a, (__m256d)b);
#elif defined(__SSE2__)
    return (Vd)_mm_max_pd((__m128d)a, (__m128d)b);
#else
    return vd_sel((Vm)(a > b), a, b);
#endif
}
INLINE Vd vd_smaller(Vd a, Vd b)
{
#if defined(__AVX512F__)
    return (Vd)_mm512_min_pd((__m512d)a, (__m512d)b);
#elif defined(__AVX2__)
    return (Vd)_mm256_min_pd((__m256d)a, (__m256d)b);
#elif defined(__SSE2__)
    return (Vd)_mm_min_pd((__m128d)a, (__m128d)b);
#else
    return vd_sel((Vm)(a < b), a, b);
#endif
}

INLINE Vd vd_sqrt(Vd x)
{
#if defined(__AVX512F__)
    return (Vd)_mm512_sqrt_pd((__m512d)x);
#elif defined(__AVX2__)
    return (Vd)_mm256_sqrt_pd((__m256d)x);
#elif defined(__SSE2__)
    return (Vd)_mm_sqrt_pd((__m128d)x);
#else
    Vd y;
    for (int i = 0; i < VL; i++) {
        y[i] = __builtin_sqrt(x[i]);
    }
    return y;
#endif
}

INLINE Vd vd_abs(Vd x)
{
    return (Vd)((Vu)x & vu_all(UINT64_C(0x7fffffffffffffff)));
}

// One bit a lane, lane 0 lowest.
INLINE uint32_t vm_bits(Vm m)
{
#if defined(__AVX512F__)
    return (uint32_t)_mm512_movepi64_mask((__m512i)m);
#elif defined(__AVX2__)
    return (uint32_t)_mm256_movemask_pd((__m256d)m);
#elif defined(__SSE2__)
    return (uint32_t)_mm_movemask_pd((__m128d)m);
#else
    uint32_t bits = 0;
    for (int i = 0; i < VL; i++) {
        bits |= (uint32_t)(m[i] & 1) << i;
    }
    return bits;
#endif
}

// Product of the low 32 bits of each lane, all 64 bits of it.
INLINE Vu vu_mul32(Vu a, Vu b)
{
#if defined(__AVX512F__)
    return (Vu)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (Vu)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
    return (Vu)_mm_mul_epu32((__m128i)a, (__m128i)b);
#elif defined(__aarch64__)
    return (Vu)vmull_u32(vmovn_u64((uint64x2_t)a), vmovn_u64((uint64x2_t)b));
#else
    return (a & UINT64_C(0xffffffff)) * (b & UINT64_C(0xffffffff));
#endif
}

// 2 VL words of 32 bits as two vectors of lanes, in whatever order suits, and back in order. (With
// eight lanes a vector one is enough, and the second repeats it.)
#define VU_SPLIT (VL == 8 ? 8 : 2 * VL)
INLINE void vu_split(const uint32_t *p, Vu *x, Vu *y)
{
#if defined(__AVX512F__)
    *x = (Vu)_mm512_cvtepu32_epi64(_mm256_load_si256((const void *)p));
    *y = *x;
#elif defined(__AVX2__)
    __m256i w = _mm256_load_si256((const void *)p);
    *x = (Vu)_mm256_unpacklo_epi32(w, _mm256_setzero_si256());
    *y = (Vu)_mm256_unpackhi_epi32(w, _mm256_setzero_si256());
#else
    *x = vu_of_words(vw_load(p));
    *y = vu_of_words(vw_load(p + VU_SPLIT - VL));
#endif
}
INLINE void vu_join(uint32_t *p, Vu x, Vu y)
{
#if defined(__AVX512F__)
    (void)y;
    vw_store(p, vw_of_lanes(x));
#elif defined(__AVX2__)
    _mm256_store_ps((float *)(void *)p, _mm256_shuffle_ps((__m256)x, (__m256)y, 0x88));
#elif defined(__SSE2__)
    _mm_store_ps((float *)(void *)p, _mm_shuffle_ps((__m128)x, (__m128)y, 0x88));
#else
    vw_store(p, vw_of_lanes(x));
    vw_store(p + VU_SPLIT - VL, vw_of_lanes(y));
#endif
}

// Floats: FL lanes at once.

INLINE Vf vf_all(float x)
{
    return x - (Vf){0}; // x - 0 is x, -0 included
}

// FL doubles, rounded to float.
INLINE Vf vf_of_doubles(const double *p)
{
#if defined(__AVX512F__)
    return (Vf)_mm512_cvtpd_ps(_mm512_load_pd(p));
#elif defined(__AVX2__)
    return (Vf)_mm256_set_m128(_mm256_cvtpd_ps(_mm256_load_pd(p + 4)),
                               _mm256_cvtpd_ps(_mm256_load_pd(p)));
#elif defined(__SSE2__)
    return (Vf)_mm_movelh_ps(_mm_cvtpd_ps(_mm_load_pd(p)), _mm_cvtpd_ps(_mm_load_pd(p + 2)));
#else
    Vf y;
    for (int i = 0; i < FL; i++) {
        y[i] = (float)p[i];
    }
    return y;
#endif
}

// FL doubles given as vectors of doubles, rounded to float.
#define VF_PARTS (FL / VL)
INLINE Vf vf_of_parts(const Vd part[VF_PARTS])
{
#if defined(__AVX512F__)
    return (Vf)_mm512_cvtpd_ps((__m512d)part[0]);
#elif defined(__AVX2__)
    return (Vf)_mm256_set_m128(_mm256_cvtpd_ps((__m256d)part[1]),
                               _mm256_cvtpd_ps((__m256d)part[0]));
#elif defined(__SSE2__)
    return (Vf)_mm_movelh_ps(_mm_cvtpd_ps((__m128d)part[0]), _mm_cvtpd_ps((__m128d)part[1]));
#else
    Vf y;
    for (int i = 0; i < FL; i++) {
        y[i] = (float)part[i / VL][i % VL];
    }
    return y;
#endif
}

INLINE Vfu vfu_load(const uint32_t *p)
{
    return *(const Vfu *)(const void *)p;
}

INLINE void vfu_store(uint32_t *p, Vfu v)
{
    *(Vfu *)(void *)p = v;
}

INLINE Vf vf_sel(Vfm m, Vf a, Vf b)
{
    return (Vf)(((Vfm)a & m) | ((Vfm)b & ~m));
}

// As vd_greater and vd_smaller.
INLINE Vf vf_greater(Vf a, Vf b)
{
#if defined(__AVX2__)
    return (Vf)_mm256_max_ps((__m256)a, (__m256)b);
#elif defined(__SSE2__)
    return (Vf)_mm_max_ps((__m128)a, (__m128)b);
#else
    return vf_sel((Vfm)(a > b), a, b);
#endif
}
INLINE Vf vf_smaller(Vf a, Vf b)
{
#if defined(__AVX2__)
    return (Vf)_mm256_min_ps((__m256)a, (__m256)b);
#elif defined(__SSE2__)
    return (Vf)_mm_min_ps((__m128)a, (__m128)b);
#else
    return vf_sel((Vfm)(a < b), a, b);
#endif
}

INLINE Vf vf_abs(Vf x)
{
    return (Vf)((Vfu)x & 0x7fffffffu);
}

#define ALL_FLOATS ((1u << FL) - 1) // vfm_bits where all lanes are yes

INLINE uint32_t vfm_bits(Vfm m)
{
#if defined(__AVX2__)
    return (uint32_t)_mm256_movemask_ps((__m256)m);
#elif defined(__SSE2__)
    return (uint32_t)_mm_movemask_ps((__m128)m);
#else
    uint32_t bits = 0;
    for (int i = 0; i < FL; i++) {
        bits |= (uint32_t)(m[i] & 1) << i;
    }
    return bits;
#endif
}

// A float mask as FL masks of 64 bits, in parts of VL.
INLINE void vfm_widen(Vfm m, Vm wide[VF_PARTS])
{
#if defined(__AVX512F__)
    wide[0] = (Vm)_mm512_cvtepi32_epi64((__m256i)m);
#elif defined(__AVX2__)
    // Quarters 0 2 1 3, so that each half, doubled within itself, comes out in order.
    __m256i q = _mm256_permute4x64_epi64((__m256i)m, 0xd8);
    wide[0] = (Vm)_mm256_unpacklo_epi32(q, q);
    wide[1] = (Vm)_mm256_unpackhi_epi32(q, q);
#elif defined(__SSE2__)
    wide[0] = (Vm)_mm_unpacklo_epi32((__m128i)m, (__m128i)m);
    wide[1] = (Vm)_mm_unpackhi_epi32((__m128i)m, (__m128i)m);
#else
    for (int i = 0; i < FL; i++) {
        wide[i / VL][i % VL] = m[i];
    }
#endif
}

// FL masks of 64 bits as a float mask.
INLINE Vfm vfm_of_masks(const double *p)
{
#if defined(__AVX512F__)
    return (Vfm)_mm512_cvtepi64_epi32(_mm512_load_si512((const void *)p));
#elif defined(__AVX2__)
    // Even halves of both vectors, then the middle quarters swapped back into order.
    __m256 halves = _mm256_shuffle_ps(_mm256_load_ps((const float *)(const void *)p),
                                      _mm256_load_ps((const float *)(const void *)(p + 4)), 0x88);
    return (Vfm)_mm256_permute4x64_epi64((__m256i)halves, 0xd8);
#elif defined(__SSE2__)
    return (Vfm)_mm_shuffle_ps(_mm_load_ps((const float *)(const void *)p),
                               _mm_load_ps((const float *)(const void *)(p + 2)), 0x88);
#else
    Vfm m;
    int64_t wide[FL];
    memcpy(wide, p, sizeof wide);
    for (int i = 0; i < FL; i++) {
        m[i] = (int32_t)wide[i];
    }
    return m;
#endif
}

// Words widened, in parts of VL; signed words keep their sign.
INLINE Vu vu_of_part(Vfu w, int part)
{
#if defined(__AVX512F__)
    (void)part;
    return (Vu)_mm512_cvtepu32_epi64((__m256i)w);
#elif defined(__AVX2__)
    return (Vu)_mm256_cvtepu32_epi64(part ? _mm256_extracti128_si256((__m256i)w, 1)
                                          : _mm256_castsi256_si128((__m256i)w));
#elif defined(__SSE2__)
    __m128i zero = _mm_setzero_si128();
    return (Vu)(part ? _mm_unpackhi_epi32((__m128i)w, zero) : _mm_unpacklo_epi32((__m128i)w, zero));
#else
    Vu y;
    for (int i = 0; i < VL; i++) {
        y[i] = w[part * VL + i];
    }
    return y;
#endif
}

// Signed words as doubles, in parts of VL.
INLINE Vd vd_of_part(Vfm w, int part)
{
#if defined(__AVX512F__)
    (void)part;
    return (Vd)_mm512_cvtepi32_pd((__m256i)w);
#elif defined(__AVX2__)
    return (Vd)_mm256_cvtepi32_pd(part ? _mm256_extracti128_si256((__m256i)w, 1)
                                       : _mm256_castsi256_si128((__m256i)w));
#elif defined(__SSE2__)
    return (Vd)_mm_cvtepi32_pd(part ? _mm_unpackhi_epi64((__m128i)w, (__m128i)w) : (__m128i)w);
#else
    Vd y;
    for (int i = 0; i < VL; i++) {
        y[i] = (double)w[part * VL + i];
    }
    return y;
#endif
}

// The smaller of signed words.
INLINE Vfm vfm_smaller(Vfm a, Vfm b)
{
#if defined(__AVX2__)
    return (Vfm)_mm256_min_epi32((__m256i)a, (__m256i)b);
#else
    Vfm less = a < b;
    return (a & less) | (b & ~less);
#endif
}

// FL whole numbers as doubles.
INLINE void vfm_store_as_doubles(double *p, Vfm m)
{
#if defined(__AVX512F__)
    _mm512_store_pd(p, _mm512_cvtepi32_pd((__m256i)m));
#elif defined(__AVX2__)
    _mm256_store_pd(p, _mm256_cvtepi32_pd(_mm256_castsi256_si128((__m256i)m)));
    _mm256_store_pd(p + 4, _mm256_cvtepi32_pd(_mm256_extracti128_si256((__m256i)m, 1)));
#elif defined(__SSE2__)
    _mm_store_pd(p, _mm_cvtepi32_pd((__m128i)m));
    _mm_store_pd(p + 2, _mm_cvtepi32_pd(_mm_unpackhi_epi64((__m128i)m, (__m128i)m)));
#else
    for (int i = 0; i < FL; i++) {
        p[i] = (double)m[i];
    }
#endif
}

// A word, halved and rounded to float. Signed conversion is the only one that all sets have.
INLINE Vf vf_of_half_word(Vfu w)
{
    return __builtin_convertvector((Vfm)(w >> 1), Vf);
}
