#pragma once

// Shops of chance for property tests: orders of a few customers over three years, with refunds (some at a known
// instant), cancellations, awaited and anonymous orders, sources, items, a foreign currency without a rate.

#include <string>

#include <rapidcheck.h>

#include "retention/test_shop.h"

namespace behoud::retention::report::internal {

inline rc::Gen<timeline::Histories> random_shop(int orders_max = 120) {
  return rc::gen::exec([orders_max] {
    timeline::BuildSettings settings;
    settings.zone = calendar::Zone::create(*rc::gen::element<std::string>("UTC", "Europe/Amsterdam",
                                                                          "America/Sao_Paulo", "Australia/Lord_Howe"))
                        .value();
    settings.currency = money::Currency::parse("EUR").value();
    TestShop shop(std::move(settings));
    const int orders = *rc::gen::inRange(0, orders_max);
    const int customers = *rc::gen::inRange(1, 40);
    for (int i = 0; i < orders; ++i) {
      const std::string who = "c" + std::to_string(*rc::gen::inRange(0, customers));
      const calendar::Day on = day("2022-01-01") + *rc::gen::inRange(0, 3 * 365);
      auto o = shop.make(who, calendar::to_string(on), *rc::gen::inRange<std::int64_t>(0, 50'000));
      o.currency = money::Currency::parse(*rc::gen::weightedElement<std::string>({{9, "EUR"}, {1, "USD"}})).value();
      const auto hour = *rc::gen::inRange<std::int64_t>(0, 24);
      if (*rc::gen::inRange(0, 3) > 0)
        o.placed = calendar::Moment{{on.number * calendar::kMsPerDay + hour * 3'600'000}, false};
      if (*rc::gen::inRange(0, 4) == 0) {
        o.tax_minor = *o.gross_minor / 5;
        o.shipping_minor = 495;
        o.discount_minor = 100;
        o.total_minor = *o.gross_minor + *o.tax_minor + *o.shipping_minor;
      }
      const int fate = *rc::gen::inRange(0, 12);
      if (fate == 0) o.status = "pending";
      if (fate == 1) o.status = "failed";
      if (fate == 2) o.customer = {};
      if (fate == 3) o.refund_minor = o.total_minor.value_or(*o.gross_minor) / 2;
      if (fate == 4) o.refund_minor = o.total_minor.value_or(*o.gross_minor);
      if (fate == 3 || fate == 4) {
        if (*rc::gen::inRange(0, 2) == 0) o.refunded_at = calendar::Instant{o.placed->at.ms + 20 * calendar::kMsPerDay};
      }
      if (fate == 5) o.cancelled_at = calendar::Instant{o.placed->at.ms + 3 * calendar::kMsPerDay};
      o.source = *rc::gen::element<std::string_view>("", "newsletter", "search");
      shop.add(o);
    }
    return shop.histories();
  });
}

}  // namespace behoud::retention::report::internal
