#include "timeline/questions/paths.h"

#include <algorithm>
#include <tuple>

#include "timeline/internal/count_table.h"

namespace behoud::timeline {
namespace {

// A path is a key: 16 bits a step, the first one highest. Kinds are below 65,535, so no path is kNoKey: its first step
// is one, not kPathEnd.
struct Fold {
  const PathQuestion& question;
  using State = CountTable;

  State empty() const { return {}; }
  void merge(State& into, State&& from) const { into.merge(from); }
  void step(State& s, const CustomerView& c) const {
    const std::uint32_t n = c.events();
    std::uint32_t e = 0;
    while (e < n && c.kind(e) != question.from) ++e;
    if (e == n) return;
    std::uint64_t key = 0;
    std::size_t steps = 0;
    Kind last = kPathEnd;
    for (; e < n && steps < question.length; ++e) {
      const Kind kind = c.kind(e);
      if (kind == last) continue;
      key = key << 16 | kind;
      last = kind;
      ++steps;
    }
    for (; steps < kPathMax; ++steps) key = key << 16 | kPathEnd;
    s.add(key, 1, 0);
  }
  std::vector<Path> finish(State&& s) const {
    std::vector<Path> out;
    s.for_each([&](const CountTable::Slot& slot) {
      Path path{.kinds = {}, .customers = slot.count};
      for (std::size_t i = 0; i < kPathMax; ++i) path.kinds[i] = static_cast<Kind>(slot.key >> (48 - 16 * i));
      out.push_back(path);
    });
    std::ranges::sort(out, {}, [](const Path& p) { return std::tuple(~p.customers, p.kinds); });
    return out;
  }
};

}  // namespace

Result<std::vector<std::vector<Path>>> paths(const Timeline& timeline, const PathQuestion& question,
                                             const Slice& slice) {
  if (question.length == 0 || question.length > kPathMax) {
    return fail(Errc::kInvalidArgument, "a path has one to four steps");
  }
  if (slice.split) return fold_split(timeline, Fold{question}, *slice.split, slice.options());
  std::vector<std::vector<Path>> out;
  out.push_back(fold(timeline, Fold{question}, slice.options()));
  return out;
}

}  // namespace behoud::timeline
