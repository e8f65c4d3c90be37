#pragma once

// Asks the processor to fetch the cache line of `p` before it is read. Never fails, whatever `p` is.

namespace behoud {

// A function that does nothing but __builtin_prefetch is taken by GCC for one without effect, and calls of it are left
// out: the prefetches of all tables of texts were, for as long as there were any. The empty asm is an effect.
[[gnu::always_inline]] inline void prefetch_line(const void* p) {
  __builtin_prefetch(p);
  asm volatile("" : : "r"(p));
}

}  // namespace behoud
