#include "timeline/internal/order_names.h"

#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::timeline {
namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;

std::vector<OrderNames::Link> slow_same_ids(const std::vector<std::string>& ids) {
  std::map<std::string, std::uint32_t> first;
  std::vector<OrderNames::Link> out;
  for (std::uint32_t row = 0; row < ids.size(); ++row) {
    const auto [place, fresh] = first.emplace(ids[row], row);
    if (!fresh) out.push_back({place->second, row});
  }
  return out;
}

TEST(OrderNames, IdsThatAscendOrDescendByLengthAndLettersAreNoTwoTheSame) {
  for (const auto& ids : {std::vector<std::string>{"9", "10", "11", "100"}, {"B100", "B99", "A99", "9"}}) {
    OrderNames names;
    for (const auto& id : ids) ASSERT_TRUE(names.add(id, ""));
    EXPECT_TRUE(names.same_ids().empty());
    for (std::uint32_t row = 0; row < ids.size(); ++row) EXPECT_EQ(names.id(row), ids[row]);
  }
}

TEST(OrderNames, IdsComeBackAsTheyWereWritten) {
  const std::vector<std::string> ids{"7",          "2147483647",          "2147483648",  "0",  "00",  "01",
                                     "4294967295", "9999999999",          "12345678901", "-5", "1.0", "10a",
                                     "A1",         std::string(4096, '1')};
  OrderNames names;
  for (const std::string& id : ids) ASSERT_TRUE(names.add(id, ""));
  for (std::uint32_t row = 0; row < ids.size(); ++row) EXPECT_EQ(names.id(row), ids[row]);
}

TEST(OrderNames, AnIdThatComesAgainAtOnceIsTheSame) {
  OrderNames names;
  for (const char* id : {"1", "2", "2", "3"}) ASSERT_TRUE(names.add(id, ""));
  EXPECT_EQ(names.same_ids(), (std::vector<OrderNames::Link>{{1, 2}}));
}

TEST(OrderNames, AnIdThatIsAnothersAliasIsThatOrderUnlessItHasOneItself) {
  OrderNames names;
  ASSERT_TRUE(names.add("#1001", "77"));
  ASSERT_TRUE(names.add("77", ""));    // the first order by its other name
  ASSERT_TRUE(names.add("88", "99"));  // has an alias: 88 is its id and nothing else
  ASSERT_TRUE(names.add("#1002", "88"));
  EXPECT_EQ(names.same_aliases(names.same_ids()), (std::vector<Pair>{{0, 1}}));
}

// Few texts, so that they meet, in lists of a few rows, so that there are many.
RC_GTEST_PROP(OrderNames, FindsWhatASlowSearchFinds, ()) {
  // Numbers, texts that are nearly numbers, and other texts.
  const auto text =
      rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 40), rc::gen::inRange(0, 4)), [](const std::pair<int, int>& n) {
        const std::string number = std::to_string(n.first * n.first);
        return n.second == 3 ? "0" + number : n.second == 2 ? "A" + number : number;
      });
  const auto rows = *rc::gen::scale(5, rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
                                           rc::gen::pair(text, rc::gen::oneOf(text, rc::gen::just(std::string{})))));
  OrderNames names(*rc::gen::element<std::size_t>(1, 4, 1000));
  std::vector<std::string> ids;
  for (const auto& [id, alias] : rows) {
    RC_ASSERT(names.add(id, alias));
    ids.push_back(id);
  }
  const auto same = names.same_ids();
  RC_ASSERT(same == slow_same_ids(ids));

  std::vector<std::uint32_t> head(rows.size());
  for (std::uint32_t row = 0; row < rows.size(); ++row) head[row] = row;
  for (const auto& [first, row] : same) head[row] = first;
  std::set<std::uint32_t> aliased;
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    if (!rows[row].second.empty()) aliased.insert(head[row]);
  }
  std::set<Pair> expected;
  std::map<std::string, std::uint32_t> by_alias;  // head of the first row
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    const std::string& alias = rows[row].second;
    if (alias.empty()) continue;
    const auto [place, fresh] = by_alias.emplace(alias, head[row]);
    if (!fresh && place->second != head[row]) expected.emplace(place->second, head[row]);
    const auto named = std::find(ids.begin(), ids.end(), alias);
    const auto other = static_cast<std::uint32_t>(named - ids.begin());
    if (fresh && named != ids.end() && !aliased.contains(other)) expected.emplace(head[row], other);
  }
  const auto pairs = names.same_aliases(same);
  RC_ASSERT(std::set<Pair>(pairs.begin(), pairs.end()) == expected);
}

}  // namespace
}  // namespace behoud::timeline
