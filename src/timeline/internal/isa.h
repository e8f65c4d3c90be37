#pragma once

// Which instructions the machine has, and how a kernel is compiled for each. A kernel's body is written once, as a
// BEHOUD_INLINE function of plain C++ (or of GCC's vectors), and called from one wrapper for each set of instructions;
// the few that are written with intrinsics have a plain twin. All give the same result: tests run every one that the
// machine has.

#include <cstdint>

namespace behoud::timeline {

enum class Isa : std::uint8_t { kPlain, kAvx2, kAvx512 };

#define BEHOUD_INLINE inline __attribute__((always_inline))
#if defined(__x86_64__)
#define BEHOUD_X86 1
#define BEHOUD_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))
#define BEHOUD_AVX512 \
  __attribute__((     \
      target("avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi,avx512vbmi2,avx2,bmi,bmi2,popcnt,lzcnt")))
// Everything between BEGIN and END is compiled for those instructions, templates too (but no lambda that uses
// intrinsics): for kernels of several functions, which lie in a file *_kernel.inc and are included once for each by
// each_isa.inc.
#if defined(__clang__)
#define BEHOUD_BEGIN_AVX2 \
  _Pragma("clang attribute push(__attribute__((target(\"avx2,bmi,bmi2,popcnt,lzcnt\"))), apply_to = function)")
// One literal, however long: clang takes no two side by side here.
// clang-format off
#define BEHOUD_BEGIN_AVX512 \
  _Pragma("clang attribute push(__attribute__((target(\"avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi,avx512vbmi2,avx2,bmi,bmi2,popcnt,lzcnt\"))), apply_to = function)")
// clang-format on
#define BEHOUD_END_TARGET _Pragma("clang attribute pop")
#else
#define BEHOUD_BEGIN_AVX2 _Pragma("GCC push_options") _Pragma("GCC target(\"avx2,bmi,bmi2,popcnt,lzcnt\")")
#define BEHOUD_BEGIN_AVX512            \
  _Pragma("GCC push_options") _Pragma( \
      "GCC target(\"avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi,avx512vbmi2,avx2,bmi,bmi2,popcnt,lzcnt\")")
#define BEHOUD_END_TARGET _Pragma("GCC pop_options")
#endif
#else
#define BEHOUD_X86 0
#endif

// The best that this machine has; looked up once.
inline Isa best_isa() {
#if BEHOUD_X86
  static const Isa best = [] {
    __builtin_cpu_init();
    const bool bits =
        __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
    if (!bits || !__builtin_cpu_supports("avx2")) return Isa::kPlain;
    const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512vbmi") &&
                      __builtin_cpu_supports("avx512vbmi2");
    return wide ? Isa::kAvx512 : Isa::kAvx2;
  }();
  return best;
#else
  return Isa::kPlain;
#endif
}

}  // namespace behoud::timeline
