#include "retention/report/internal/best_source.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "retention/report/internal/found.h"

namespace behoud::retention::report::internal {

namespace {

using timeline::Histories;

constexpr double kZ = 1.959964;  // as for every interval of the definitions

struct Moments {
  std::uint64_t n = 0;
  double sum = 0, squares = 0;
  void add(double v) {
    ++n;
    sum += v;
    squares += v * v;
  }
  void add(const Moments& o) {
    n += o.n;
    sum += o.sum;
    squares += o.squares;
  }
  Moments without(const Moments& o) const { return {n - o.n, sum - o.sum, squares - o.squares}; }
  double mean() const { return sum / static_cast<double>(n); }
  double variance_of_mean() const {
    const double m = static_cast<double>(n);
    return std::max(0.0, (squares - sum * sum / m) / (m - 1)) / m;
  }
};

// The first order of a customer who has been seen for a year since; nothing of the others.
std::optional<std::size_t> first_of_a_year(const Histories& h, const View& view, std::size_t c) {
  const Purchases& purchases = view.purchases();
  if (!begins_here(h, purchases, c)) return std::nullopt;
  const std::size_t first = purchases.begin[c];
  if (view.now().cut - purchases.day[first] < kYearDays) return std::nullopt;
  return first;
}

}  // namespace

BestSource BestSource::of(const Histories& h, const View& view) {
  BestSource best;
  if (h.source.empty()) return best;
  const Purchases& purchases = view.purchases();
  std::array<std::vector<Moments>, kParts> parts;
  run_in_parts(h.customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    std::vector<Moments>& own = parts[part];
    own.resize(h.sources.size());
    for (std::size_t c = begin; c < end; ++c) {
      const auto first = first_of_a_year(h, view, c);
      if (!first) continue;
      double year = 0;
      for (std::size_t i = *first; i < purchases.begin[c + 1]; ++i) {
        if (purchases.day[i] - purchases.day[*first] >= kYearDays) break;
        year += static_cast<double>(purchases.revenue_minor[i]);
      }
      own[h.source[purchases.row(*first)]].add(year);
    }
  });
  std::vector<Moments> by_source(h.sources.size());
  Moments all;
  for (const auto& part : parts) {
    for (std::size_t code = 0; code < part.size(); ++code) {
      by_source[code].add(part[code]);
      all.add(part[code]);
    }
  }
  double gain = 0;
  for (timeline::Code code = 1; code < by_source.size(); ++code) {
    const Moments& m = by_source[code];
    const Moments others = all.without(m);
    if (m.n < kPeopleMin || others.n < kPeopleMin) continue;
    const double difference = m.mean() - others.mean();
    const double error = std::sqrt(m.variance_of_mean() + others.variance_of_mean());
    if (!(difference > kZ * error) || difference * static_cast<double>(m.n) <= gain) continue;
    gain = difference * static_cast<double>(m.n);
    best = {true, m.n, code, m.mean(), others.mean()};
  }
  return best;
}

std::vector<std::uint32_t> BestSource::customers(const Histories& h, const View& view) const {
  std::vector<std::uint32_t> out;
  for (std::uint32_t c = 0; any && c < h.customers(); ++c) {
    const auto first = first_of_a_year(h, view, c);
    if (first && h.source[view.purchases().row(*first)] == code) out.push_back(c);
  }
  return out;
}

const BestSource& best_source(const Histories& h, const View& view) {
  return view.shared<BestSource>([&] { return BestSource::of(h, view); });
}

}  // namespace behoud::retention::report::internal
