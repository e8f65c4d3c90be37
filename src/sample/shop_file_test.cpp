#include "sample/shop_file.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace behoud::sample {
namespace {

Shop shop() {
  Plan plan;
  plan.customers = 400;
  return make_shop(plan).value();
}

std::string written(const Shop& s, Shape shape) {
  std::string text;
  const auto done = write_shop(s, shape, calendar::Zone::utc(), [&](std::string_view part) -> Result<void> {
    text.append(part);
    return {};
  });
  EXPECT_TRUE(done.has_value());
  return text;
}

std::size_t rows(const std::string& text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

TEST(SampleShopFile, HasARowForEachOrderOrLineOrEvent) {
  const Shop s = shop();
  EXPECT_EQ(rows(written(s, Shape::kPlain)), s.orders.size() + 1);
  EXPECT_EQ(rows(written(s, Shape::kWooCommerce)), s.orders.size() + 1);
  EXPECT_EQ(rows(written(s, Shape::kShopify)), s.lines.size() + 1);
  EXPECT_EQ(rows(written(s, Shape::kEvents)), s.orders.size() + s.events.size());
}

TEST(SampleShopFile, HasAsManyCellsInEveryRowAsInItsHeader) {
  const Shop s = shop();
  for (const Shape shape : {Shape::kPlain, Shape::kWooCommerce, Shape::kShopify}) {
    const std::string text = written(s, shape);
    std::size_t begin = 0, expected = 0;
    while (begin < text.size()) {
      const std::size_t end = text.find('\n', begin);
      bool quoted = false;
      std::size_t cells = 1;
      for (std::size_t i = begin; i < end; ++i) {
        if (text[i] == '"') quoted = !quoted;
        if (text[i] == ',' && !quoted) ++cells;
      }
      if (begin == 0) expected = cells;
      ASSERT_EQ(cells, expected) << text.substr(begin, end - begin);
      begin = end + 1;
    }
  }
}

TEST(SampleShopFile, StopsWithTheErrorOfItsSink) {
  const auto done = write_shop(shop(), Shape::kPlain, calendar::Zone::utc(),
                               [](std::string_view) -> Result<void> { return fail(Errc::kUnavailable, "disk full"); });
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, Errc::kUnavailable);
}

TEST(SampleShopFile, KnowsItsShapesByName) {
  EXPECT_EQ(parse_shape("shopify").value(), Shape::kShopify);
  EXPECT_EQ(parse_shape("woocommerce").value(), Shape::kWooCommerce);
  EXPECT_EQ(parse_shape("plain").value(), Shape::kPlain);
  EXPECT_EQ(parse_shape("events").value(), Shape::kEvents);
  ASSERT_FALSE(parse_shape("magento").has_value());
  EXPECT_NE(parse_shape("magento").error().message.find("magento"), std::string::npos);
}

}  // namespace
}  // namespace behoud::sample
