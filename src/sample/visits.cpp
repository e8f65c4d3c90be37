#include "sample/visits.h"

#include <algorithm>
#include <cmath>

#include "sample/random.h"

namespace behoud::sample {
namespace {

constexpr double kEventsOfVisit = 1.48 + 1.0 + 0.5 + 0.69;  // page views, product view, cart, order
constexpr double kMeanOfPower = 1.1664;  // gamma(1 + 1.3): the mean of an exponential to the power 1.3
constexpr double kMeanLifeDays = 250;

class Customer {
 public:
  Customer(const VisitPlan& plan, std::uint32_t number)
      : plan_(plan), number_(number), random_(plan.seed, number), end_s_(std::uint64_t{plan.days} * 86'400) {}

  void make(Visits& out) {
    // Numbered by the first visit; the last tenth of the days brings nobody new.
    const double share = (number_ + random_.uniform()) / plan_.customers;
    const double joined_s = share * 0.9 * static_cast<double>(end_s_);
    // What the end cuts off is made up for by those who have more time.
    const double mean_visits = static_cast<double>(plan_.events) / plan_.customers / kEventsOfVisit;
    const double more = std::max(0.0, mean_visits - 1) / kMeanOfPower;
    const auto visits =
        1 + static_cast<std::uint32_t>(std::min(std::pow(random_.exponential(1), 1.3) * more + random_.uniform(), 1e5));
    const double life_s =
        std::min(random_.exponential(1 / (kMeanLifeDays * 86'400)), static_cast<double>(end_s_) - joined_s);
    // Gaps between visits are exponential, stretched to the life.
    gaps_.clear();
    double sum = 0;
    for (std::uint32_t v = 0; v < visits; ++v) gaps_.push_back(sum += v == 0 ? 0 : random_.exponential(1));
    const double stretch = sum > 0 ? life_s / sum : 0;
    std::uint64_t at = static_cast<std::uint64_t>(joined_s);
    for (const double gap : gaps_) {
      at = std::max(at, static_cast<std::uint64_t>(joined_s + gap * stretch));
      if (!visit(out, at)) return;
    }
  }

 private:
  // Moves `at` behind the visit's last event; false at the end of the days.
  bool visit(Visits& out, std::uint64_t& at) {
    const auto item =
        static_cast<std::uint16_t>(1 + static_cast<std::uint32_t>(2000 * random_.uniform() * random_.uniform()));
    const std::uint64_t draw = random_.next();
    const std::uint32_t views =
        1 + static_cast<std::uint32_t>((draw & 0xFF) < 82) + static_cast<std::uint32_t>((draw & 0xFF) < 41);
    const bool cart = (draw >> 8 & 1) != 0;
    const bool order = (draw >> 9 & 0xFF) < (cart ? 210U : 143U);
    std::uint32_t pause = 8 + static_cast<std::uint32_t>(draw >> 20 & 127);
    const auto add = [&](VisitKind kind, std::uint16_t of_item, std::uint32_t amount) {
      if (at >= end_s_) return false;
      out.customer.push_back(number_);
      out.at_s.push_back(static_cast<std::uint32_t>(at));
      out.kind.push_back(kind);
      out.item.push_back(of_item);
      out.amount_minor.push_back(amount);
      at += pause;
      pause = pause * 5 % 131 + 1;
      return true;
    };
    for (std::uint32_t v = 0; v < views; ++v) {
      if (!add(VisitKind::kPageView, 0, 0)) return false;
    }
    if (!add(VisitKind::kProductView, item, 0)) return false;
    if (cart && !add(VisitKind::kCart, item, 0)) return false;
    return !order || add(VisitKind::kOrder, item, 500 + static_cast<std::uint32_t>(draw >> 40) % 9'500 + item);
  }

  const VisitPlan& plan_;
  std::uint32_t number_;
  Random random_;
  std::uint64_t end_s_;
  std::vector<double> gaps_;
};

}  // namespace

Visits make_visits(const VisitPlan& plan, std::uint32_t first, std::uint32_t count) {
  Visits out;
  const std::uint64_t expected = plan.events / std::max(1U, plan.customers) * count;
  const auto reserve = [&](auto& column) { column.reserve(expected + expected / 8); };
  reserve(out.customer), reserve(out.at_s), reserve(out.kind), reserve(out.item), reserve(out.amount_minor);
  for (std::uint32_t i = 0; i < count; ++i) Customer(plan, first + i).make(out);
  return out;
}

std::uint32_t visitor_source(const VisitPlan& plan, std::uint32_t customer) {
  const double u = Random(plan.seed ^ 0x50C1A1, customer).uniform();
  return static_cast<std::uint32_t>(8 * u * u);
}

}  // namespace behoud::sample
