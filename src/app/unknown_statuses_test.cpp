#include "app/unknown_statuses.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace behoud::app {
namespace {

std::vector<ingest::Notice> told(const std::vector<std::string>& words, StatusWords own = {}) {
  UnknownStatuses unknown(std::move(own));
  for (const std::string& word : words) {
    ledger::OrderAssertion order;
    order.status = word;
    unknown.order(order);
  }
  std::vector<ingest::Notice> out;
  unknown.tell(out);
  return out;
}

TEST(UnknownStatuses, NamesEachWordWithItsOrdersAndTheWayOut) {
  const auto notices = told({"wobbly", "paid", "on hold?", "wobbly", "", "wobbly", "cancelled", "on hold?", "it's"});
  ASSERT_EQ(notices.size(), 3U);
  EXPECT_EQ(notices[0].key, "ingest.notice.unknown_status");
  EXPECT_EQ(notices[0].args.at("word"), "wobbly");
  EXPECT_EQ(notices[0].count, 3U);
  EXPECT_EQ(notices[0].args.at("command"), "behoud settings --status wobbly=counts");
  EXPECT_EQ(notices[1].args.at("word"), "on hold?");
  EXPECT_EQ(notices[1].count, 2U);
  EXPECT_EQ(notices[1].args.at("command"), "behoud settings --status 'on hold?=counts'");
  EXPECT_EQ(notices[2].args.at("command"), R"(behoud settings --status 'it'\''s=counts')");
}

TEST(UnknownStatuses, TheShopsOwnReadingsAreKnownAndTestOrdersCountInNoCase) {
  EXPECT_TRUE(told({"wobbly", "paid", "wobbly"}, {{"wobbly", ledger::Standing::kNot}}).empty());
  EXPECT_EQ(told({"paid"}, {{"paid", ledger::Standing::kUnknown}}).size(), 1U);
  UnknownStatuses unknown({});
  ledger::OrderAssertion order;
  order.status = "wobbly";
  order.test = true;
  unknown.order(order);
  std::vector<ingest::Notice> notices;
  unknown.tell(notices);
  EXPECT_TRUE(notices.empty());
}

TEST(UnknownStatuses, WhatIsBeyondItsBoundsIsOneSum) {
  std::vector<std::string> words{std::string(UnknownStatuses::kLongest + 1, 'x'), "most", "most"};
  for (std::size_t i = 0; i < UnknownStatuses::kWordsMost + 5; ++i) words.push_back(fmt::format("word {}", i));
  const auto notices = told(words);
  ASSERT_EQ(notices.size(), UnknownStatuses::kShown + 1);
  EXPECT_EQ(notices[0].args.at("word"), "most");
  EXPECT_EQ(notices.back().key, "ingest.notice.unknown_statuses_more");
  std::uint64_t orders = 0;
  for (const ingest::Notice& notice : notices) orders += notice.count;
  EXPECT_EQ(orders, words.size());
}

}  // namespace
}  // namespace behoud::app
