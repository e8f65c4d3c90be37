#pragma once

// A fold: the way that a question is asked of every customer. About twenty lines:
//
//   struct Loyal {                                        // how many ordered ten times or more
//     using State = std::uint64_t;
//     State empty() const { return 0; }
//     void step(State& s, const CustomerView& c) const { s += c.orders() >= 10; }
//     void merge(State& into, State&& from) const { into += from; }
//     std::uint64_t finish(State&& s) const { return s; }
//   };
//   const std::uint64_t loyal = fold(timeline, Loyal{}, {.threads = 2});
//
// A fold for which looking at one customer at a time is too slow has, instead of step, block(State&, const Block&): up
// to 2^15 customers of one segment at once.
//
// Laws. step sees each customer that is asked of exactly once, with the whole history. merge is associative with
// empty() as its unit. A fold whose sums depend on their order (floating point) says `static constexpr bool kInOrder =
// true`: its states are then made over fixed ranges of customers and merged in order, so that any number of threads
// gives the same bytes. Without it there is a state a thread.
//
// A filter is a Selection; a split is a customer dimension: fold_split gives one answer a code, in one pass.
// Errors: none of its own; exceptions (out of memory) of any thread are thrown on.

#include <algorithm>
#include <atomic>
#include <bit>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "timeline/timeline.h"

namespace behoud::timeline {

// Customers [begin, end) of a segment. `begin` is a multiple of 64; bit (i - begin) % 64 of included[(i - begin) / 64]
// says whether customer i is asked of; nullptr: all are. Bits at and behind `end` are 0.
struct Block {
  const Scale* scale = nullptr;
  const Schema* schema = nullptr;
  const Segment* segment = nullptr;
  std::uint32_t begin = 0, end = 0;
  const std::uint64_t* included = nullptr;

  bool has(std::uint32_t i) const {
    return included == nullptr || (included[(i - begin) / 64] >> ((i - begin) % 64) & 1) != 0;
  }
  // The word of the 64 customers from `from` on, a multiple of 64.
  std::uint64_t word(std::uint32_t from) const {
    const std::uint32_t left = end - from;
    const std::uint64_t there = left >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
    return included == nullptr ? there : included[(from - begin) / 64];
  }
};

struct FoldOptions {
  int threads = 2;
  const Selection* only = nullptr;  // nullptr: everybody
};

inline constexpr std::uint32_t kBlockCustomers = 1U << 15;

// Calls work(thread, block number, block) for every block, on `threads` threads. Blocks are the same for any number.
template <class Work>
void for_blocks(const Timeline& timeline, const FoldOptions& options, const Work& work) {
  struct Range {
    std::size_t part;
    std::uint32_t begin, end;
  };
  std::vector<Range> ranges;
  for (std::size_t p = 0; p < timeline.parts.size(); ++p) {
    const std::uint32_t customers = timeline.parts[p].segment.customers();
    for (std::uint32_t begin = 0; begin < customers; begin += kBlockCustomers) {
      ranges.push_back({p, begin, std::min(customers, begin + kBlockCustomers)});
      if (customers - begin <= kBlockCustomers) break;
    }
  }
  const auto included_of = [&](const Range& r, std::vector<std::uint64_t>& scratch) -> const std::uint64_t* {
    const std::vector<std::uint64_t>& hidden = timeline.parts[r.part].hidden;
    const std::uint64_t* only = options.only == nullptr || options.only->parts[r.part].empty()
                                    ? nullptr
                                    : options.only->parts[r.part].data() + r.begin / 64;
    if (hidden.empty()) return only;
    const std::size_t words = (std::size_t{r.end} - r.begin + 63) / 64;
    scratch.resize(words);
    for (std::size_t w = 0; w < words; ++w)
      scratch[w] = ~hidden[r.begin / 64 + w] & (only == nullptr ? ~std::uint64_t{0} : only[w]);
    if ((r.end - r.begin) % 64 != 0) scratch.back() &= (std::uint64_t{1} << ((r.end - r.begin) % 64)) - 1;
    return scratch.data();
  };
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex failing;
  const auto run = [&](std::size_t thread) {
    try {
      std::vector<std::uint64_t> scratch;
      for (std::size_t i = next++; i < ranges.size(); i = next++) {
        const Range& r = ranges[i];
        work(thread, i,
             Block{&timeline.scale, &timeline.schema, &timeline.parts[r.part].segment, r.begin, r.end,
                   included_of(r, scratch)});
      }
    } catch (...) {
      const std::lock_guard lock(failing);
      if (!failure) failure = std::current_exception();
      next = ranges.size();
    }
  };
  std::vector<std::thread> others;
  for (std::size_t t = 1; t < std::min(static_cast<std::size_t>(std::max(1, options.threads)), ranges.size()); ++t) {
    try {
      others.emplace_back(run, t);
    } catch (const std::system_error&) {
      break;  // no more threads: those there are do it all
    }
  }
  run(0);
  for (std::thread& other : others) other.join();
  if (failure) std::rethrow_exception(failure);
}

// Calls step(view, i) for every customer of the block that is asked of.
template <class Step>
void for_customers(const Block& block, const Step& step) {
  for (std::uint32_t from = block.begin; from < block.end; from += 64) {
    for (std::uint64_t word = block.word(from); word != 0; word &= word - 1) {
      const std::uint32_t i = from + static_cast<std::uint32_t>(std::countr_zero(word));
      step(CustomerView(*block.segment, i), i);
    }
  }
}

template <class F>
concept InOrder = requires { requires F::kInOrder; };
template <class F>
concept ByBlocks = requires(const F& f, typename F::State& s, const Block& b) { f.block(s, b); };

template <class F>
auto fold(const Timeline& timeline, const F& f, const FoldOptions& options = {}) {
  const auto block_into = [&](typename F::State& state, const Block& block) {
    if constexpr (ByBlocks<F>) {
      f.block(state, block);
    } else {
      for_customers(block, [&](const CustomerView& c, std::uint32_t) { f.step(state, c); });
    }
  };
  std::vector<typename F::State> states;
  if constexpr (InOrder<F>) {
    std::size_t blocks = 0;
    for (const Part& part : timeline.parts)
      blocks += (std::size_t{part.segment.customers()} + kBlockCustomers - 1) / kBlockCustomers;
    for (std::size_t i = 0; i < std::max<std::size_t>(blocks, 1); ++i) states.push_back(f.empty());
    for_blocks(timeline, options,
               [&](std::size_t, std::size_t i, const Block& block) { block_into(states[i], block); });
  } else {
    for (int t = 0; t < std::max(1, options.threads); ++t) states.push_back(f.empty());
    for_blocks(timeline, options,
               [&](std::size_t t, std::size_t, const Block& block) { block_into(states[t], block); });
  }
  for (std::size_t i = 1; i < states.size(); ++i) f.merge(states[0], std::move(states[i]));
  return f.finish(std::move(states[0]));
}

// Any fold of steps, once for each code of a customer dimension. finish gives one answer a code.
template <class F>
struct SplitFold {
  const F& inner;
  std::size_t dimension = 0;
  std::size_t codes = 1;

  using State = std::vector<typename F::State>;
  static constexpr bool kInOrder = InOrder<F>;
  State empty() const {
    State out;
    for (std::size_t c = 0; c < codes; ++c) out.push_back(inner.empty());
    return out;
  }
  void step(State& s, const CustomerView& c) const { inner.step(s[c.dimension(dimension)], c); }
  void merge(State& into, State&& from) const {
    for (std::size_t c = 0; c < codes; ++c) inner.merge(into[c], std::move(from[c]));
  }
  auto finish(State&& s) const {
    std::vector<decltype(inner.finish(std::move(s[0])))> out;
    for (auto& state : s) out.push_back(inner.finish(std::move(state)));
    return out;
  }
};

// Requires dimension < schema.customer_dimensions.size().
template <class F>
auto fold_split(const Timeline& timeline, const F& f, std::size_t dimension, const FoldOptions& options = {}) {
  return fold(timeline, SplitFold<F>{f, dimension, timeline.customer_codes[dimension]}, options);
}

}  // namespace behoud::timeline
