// The list of customers against one made slowly: every customer looked at for every search, all rows sorted at once.

#include "app/customer_list.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "app/testing/people_shop.h"
#include "base/text.h"
#include "language/search_words.h"

namespace behoud::app::testing {
namespace {

[[maybe_unused]] const int kConfigured = setenv("RC_PARAMS", "max_success=40", 0);

using Statement = ChanceShop::Statement;

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (std::string_view("+-() ./").find(c) == std::string_view::npos) {
      return "";
    }
  }
  return digits.starts_with("00") ? digits.substr(2) : digits;
}

// All that is known of a customer, by going through every statement.
struct Everything {
  std::vector<std::string> emails, names, phones, orders, keys;
};

bool begins(const std::vector<std::string>& texts, std::string_view with) {
  return std::ranges::any_of(texts, [&](const std::string& t) { return to_lower(t).starts_with(with); });
}

bool matches(const Everything& e, std::string_view typed) {
  typed = trim(typed);
  const std::string low = to_lower(typed);
  if (std::ranges::find(e.keys, typed) != e.keys.end()) return true;
  if (low.find(' ') == std::string::npos) {
    if (begins(e.emails, low)) return true;
    const std::string number = low.substr(std::min(low.find_first_not_of('#'), low.size()));
    if (!number.empty()) {
      for (std::string order : e.orders) {
        order = to_lower(order.substr(std::min(order.find_first_not_of('#'), order.size())));
        if (order.starts_with(number)) return true;
      }
    }
  }
  const auto words = language::search_words(typed);
  const bool named = !words.empty() && std::ranges::all_of(words, [&](const std::string& word) {
    for (const std::string& name : e.names) {
      for (const std::string& of : language::search_words(name)) {
        if (of.starts_with(word)) return true;
      }
    }
    return false;
  });
  if (named) return true;
  const std::string digits = digits_of(typed);
  if (digits.size() < 3) return false;
  for (const std::string& phone : e.phones) {
    const std::string whole = digits_of(phone);
    if (whole.starts_with(digits)) return true;
    if (digits.starts_with('0') && digits.size() >= 7) {
      const std::string rest = digits.substr(digits.find_first_not_of('0'));
      if (rest.size() >= 6 && whole.ends_with(rest)) return true;
    }
  }
  return false;
}

// By customer of the directory.
std::vector<Everything> everything(const ChanceShop& chance, const CustomerDirectory& d) {
  const timeline::Histories& h = d.shop().histories;
  std::vector<Everything> all(d.size());
  const auto add_key = [&](std::uint32_t c, const ledger::IdentityRef& identity) {
    all[c].keys.emplace_back(identity.value);
    if (identity.space == ledger::IdentitySpace::kEmail) all[c].emails.emplace_back(identity.value);
    if (identity.space == ledger::IdentitySpace::kPhone) all[c].phones.emplace_back(identity.value);
  };
  for (const Statement& s : chance.statements) {
    const auto c = d.find(s.customer);
    if (!c) continue;
    if (!s.email.empty()) all[*c].emails.push_back(s.email);
    if (!s.name.empty()) all[*c].names.push_back(s.name);
    if (!s.phone.empty()) all[*c].phones.push_back(s.phone);
    if (!s.order.empty()) all[*c].orders.push_back(s.order);
    if (!s.alias.empty()) all[*c].orders.push_back(s.alias);
    add_key(*c, s.customer);
  }
  for (std::uint32_t c = 0; c < d.size(); ++c) add_key(c, {h.customer_space[c], h.customer_key[c]});
  return all;
}

std::string any_typed() {
  static constexpr const char* kTyped[] = {
      "jan",     "JAN DE",      "vries jan",   "jose nun",  "שלום",        "🦊",          "李小",       "obrien",
      "o'brien", "asa",         "jan@example", "100",       "#1001",       "1001",        "a-7",        "A-",
      "555",     "06 12345678", "0612345678",  "+316",      "31612345678", "020 1234567", "0201234567", "17",
      "till:17", "<b>",         "script",      "b",         "zzz",         "  fox ",      "sirv",       "é/ü?%#",
      "a b",     "00316",       "12",          "081234567", "#",           "j\xC3\xB6@"};
  return std::string(ChanceShop::any(kTyped));
}

// Of a page whose rows are all.
std::vector<std::uint32_t> all_of(const CustomerDirectory& d, CustomerQuery query) {
  std::vector<std::uint32_t> out;
  const bool whole = !query.after;
  for (int pages = 0; pages < 1000; ++pages) {
    const CustomerPage page = page_of(d, query);
    out.insert(out.end(), page.customers.begin(), page.customers.end());
    if (!page.next) {
      EXPECT_EQ(page.total, whole ? out.size() : page.total);
      return out;
    }
    EXPECT_EQ(page.customers.size(), query.limit);
    std::map<std::string, std::string, std::less<>> words{{"cursor", *page.next}};
    words["sort"] = std::array{"last_order", "revenue", "orders", "first_order"}[static_cast<std::size_t>(query.sort)];
    words["direction"] = query.descending ? "desc" : "asc";
    const auto again = parse_customer_query([&](std::string_view name) -> std::optional<std::string_view> {
      const auto found = words.find(name);
      return found == words.end() ? std::nullopt : std::optional<std::string_view>(found->second);
    });
    EXPECT_TRUE(again.has_value());
    query.after = again->after;
  }
  ADD_FAILURE() << "the pages do not end";
  return out;
}

CustomerQuery any_query() {
  CustomerQuery query;
  query.sort = static_cast<CustomerSort>(ChanceShop::below(4));
  query.descending = ChanceShop::below(2) == 0;
  query.limit = static_cast<std::size_t>(1 + ChanceShop::below(5));
  if (ChanceShop::below(3) == 0) query.standing = retention::People::Standing::kActive;
  if (ChanceShop::below(3) == 0) query.standing = retention::People::Standing::kLapsed;
  return query;
}

RC_GTEST_PROP(CustomerList, FindsWhomALookAtEverybodyFinds, ()) {
  const ChanceShop chance;
  const auto d = const_cast<ChanceShop&>(chance).shop.directory();
  const std::vector<Everything> all = everything(chance, *d);
  for (int i = 0; i < 12; ++i) {
    CustomerQuery query = any_query();
    query.search = trim(any_typed());
    std::vector<std::uint32_t> expected;
    for (std::uint32_t c = 0; c < d->size(); ++c) {
      if (query.standing && d->people().standing[c] != *query.standing) continue;
      if (matches(all[c], query.search)) expected.push_back(c);
    }
    std::vector<std::uint32_t> found = all_of(*d, query);
    const auto rank = [&](std::uint32_t c) { return d->key(query.sort, c); };
    const bool sorted = query.descending ? std::ranges::is_sorted(found, std::greater<>(), rank)
                                         : std::ranges::is_sorted(found, std::less<>(), rank);
    RC_ASSERT(sorted);
    std::ranges::sort(found);
    if (found != expected) {
      std::string what = "searched for '" + query.search + "'; found:";
      for (const auto c : found) what += " " + d->shop().histories.customer_key[c];
      what += "; expected:";
      for (const auto c : expected) what += " " + d->shop().histories.customer_key[c];
      RC_FAIL(what);
    }
  }
}

// A cursor means a place in the order, not a number of rows: whoever stood behind it and did not move still comes, and
// nobody who stood before it comes again unless they moved.
RC_GTEST_PROP(CustomerList, ACursorOutlivesTheData, ()) {
  ChanceShop chance;
  CustomerQuery query = any_query();
  const auto before = chance.shop.directory();
  const CustomerPage first = page_of(*before, query);
  if (!first.next) return;
  const std::vector<std::uint32_t> rest = [&] {
    auto everybody = all_of(*before, query);
    everybody.erase(everybody.begin(), everybody.begin() + static_cast<std::ptrdiff_t>(first.customers.size()));
    return everybody;
  }();
  const std::uint32_t last = first.customers.back();
  query.after = CustomerQuery::After{before->key(query.sort, last), before->tag(last)};
  chance.more();
  const auto after = chance.shop.directory();
  const std::vector<std::uint32_t> now = all_of(*after, [&] {
    CustomerQuery q = query;
    q.limit = 1000;
    return q;
  }());
  const auto identity = [](const CustomerDirectory& d, std::uint32_t c) {
    return std::pair(d.shop().histories.customer_space[c], d.shop().histories.customer_key[c]);
  };
  std::set<std::pair<ledger::IdentitySpace, std::string>> came;
  for (const std::uint32_t c : now) {
    RC_ASSERT(came.insert(identity(*after, c)).second);
    const std::pair rank(after->key(query.sort, c), after->tag(c));
    const std::pair cursor(query.after->key, query.after->tag);
    const bool behind = query.descending ? rank < cursor : rank > cursor;
    RC_ASSERT(behind);
  }
  for (const std::uint32_t c : rest) {
    const auto [space, key] = identity(*before, c);
    const auto same = after->find(ledger::IdentityRef{space, key});
    if (!same || identity(*after, *same) != std::pair(space, key)) continue;  // merged into another since
    if (after->key(query.sort, *same) != before->key(query.sort, c)) continue;
    if (query.standing && after->people().standing[*same] != *query.standing) continue;
    RC_ASSERT(came.contains(std::pair(space, key)));
  }
}

Result<CustomerQuery> parsed(std::map<std::string, std::string, std::less<>> words) {
  return parse_customer_query([&](std::string_view name) -> std::optional<std::string_view> {
    const auto found = words.find(name);
    return found == words.end() ? std::nullopt : std::optional<std::string_view>(found->second);
  });
}

TEST(CustomerQueryWords, EveryMistakeNamesItsOption) {
  const std::pair<const char*, std::string> cases[] = {{"sort", "name"},
                                                       {"direction", "up"},
                                                       {"status", "new"},
                                                       {"limit", "0"},
                                                       {"limit", "1001"},
                                                       {"limit", "ten"},
                                                       {"cursor", ""},
                                                       {"cursor", "c1ad"},
                                                       {"cursor", std::string("c1ad") + std::string(31, '0') + "g"},
                                                       {"cursor", std::string("c1AD") + std::string(32, '0')},
                                                       {"cursor", std::string("c1bd") + std::string(32, '0')},
                                                       {"search", std::string(kSearchTextMax + 1, 'x')}};
  for (const auto& [option, text] : cases) {
    const auto query = parsed({{option, text}});
    ASSERT_FALSE(query.has_value()) << option << " " << text;
    EXPECT_EQ(query.error().code, Errc::kInvalidArgument);
    EXPECT_EQ(query.error().place.column, option);
    EXPECT_FALSE(query.error().hint.empty());
  }
  EXPECT_NE(parsed({{"cursor", "c1bd" + std::string(32, '0')}}).error().message,
            parsed({{"cursor", "c1zd" + std::string(32, '0')}}).error().message)
      << "of another order, and broken";
  EXPECT_TRUE(
      parsed({{"cursor", "c1bu" + std::string(32, '0')}, {"sort", "revenue"}, {"direction", "asc"}}).has_value());
  EXPECT_EQ(parsed({{"search", "  jan  "}})->search, "jan");
}

TEST(CustomerQueryWords, TheListAndThePeopleBehindANumberHaveTheirOwn) {
  const auto list = [](std::map<std::string, std::string, std::less<>> words) {
    return asks_for_list([words](std::string_view name) -> std::optional<std::string_view> {
      const auto found = words.find(name);
      return found == words.end() ? std::nullopt : std::optional<std::string_view>(found->second);
    });
  };
  EXPECT_EQ(list({}), true);
  EXPECT_EQ(list({{"search", "x"}, {"limit", "3"}}), true);
  EXPECT_EQ(list({{"behind", "lost"}, {"grain", "year"}, {"cursor", "x"}}), false);
  EXPECT_EQ(list({{"behind", "lost"}, {"search", "x"}}).error().place.column, "search");
  EXPECT_EQ(list({{"grain", "year"}}).error().place.column, "grain");
  EXPECT_EQ(list({{"mode", "on"}}).error().place.column, "mode");
  EXPECT_EQ(list({{"names", ""}}).error().place.column, "names");
  EXPECT_EQ(list({{"behind", "lost"}, {"names", ""}}), false);
}

// Figures of one revision and names of another: customers are known by their key, not by their place.
TEST(CustomerNames, AreOfTheCustomerAndNotOfThePlace) {
  PeopleShop shop;
  for (const std::string id : {"1", "2"}) {
    const std::string email = id + "@example.com", called = "Somebody " + id;
    ledger::OrderAssertion order = make_order("o" + id, by_id(id), "2024-03-0" + id, 1000);
    order.email = email;
    order.name = called;
    shop.order(order);
  }
  const auto d = shop.directory();
  timeline::Histories other;
  other.customer_key = {"2", "somebody who came later", "1"};
  other.customer_space.assign(3, ledger::IdentitySpace::kCustomerId);
  std::vector<retention::CustomerRow> rows(3);
  for (std::uint32_t i = 0; i < 3; ++i) rows[i].index = i;
  const std::vector<retention::Called> called = called_of(*d, other, rows);
  ASSERT_EQ(called.size(), 3U);
  EXPECT_EQ(called[0].email, "2@example.com");
  EXPECT_EQ(called[0].name, "Somebody 2");
  EXPECT_EQ(called[1].name + called[1].email, "");
  EXPECT_EQ(called[2].email, "1@example.com");
  EXPECT_EQ(called[2].name, "Somebody 1");
}

TEST(CustomerList, AnEmptyShopHasAnEmptyPage) {
  PeopleShop shop;
  const auto d = shop.directory();
  CustomerQuery query;
  query.search = "jan";
  const CustomerPage page = page_of(*d, query);
  EXPECT_TRUE(page.customers.empty());
  EXPECT_FALSE(page.next.has_value());
  const auto document = boost::json::parse(page_json(*d, page));
  EXPECT_TRUE(document.at("rows").as_array().empty());
  EXPECT_EQ(document.at("total"), 0);
}

TEST(CustomerList, ARowSaysWhatWasSaidLastAndNothingRuns) {
  PeopleShop shop;
  auto first = make_order("1001", by_id("17"), "2024-01-10", 1000);
  first.name = "Old Name";
  first.email = "old@example.com";
  first.country = "NL";
  auto second = make_order("1002", by_id("17"), "2024-02-10", 2500);
  second.name = "=cmd()<script>";
  shop.order(first);
  shop.order(second);
  const auto d = shop.directory();
  const auto row = boost::json::parse(page_json(*d, page_of(*d, {}))).at("rows").at(0);
  EXPECT_EQ(boost::json::serialize(row),
            R"({"customer":"17","namespace":"customer_id","email":"old@example.com","name":"=cmd()<script>",)"
            R"("country":"NL","source":null,"orders":2,"revenue_minor":3500,"first_order":"2024-01-10",)"
            R"("last_order":"2024-02-10","active":true})");
  EXPECT_NE(to_csv(page_sheet(*d, page_of(*d, {}))).find("\"'=cmd()<script>\""), std::string::npos);
  CustomerQuery query;
  query.search = "old n";
  EXPECT_EQ(page_of(*d, query).total, 1U) << "an earlier name finds them too";
}

TEST(CustomerList, AnIndexThatDoesNotFitLeavesOutOrdersFirstAndSaysSo) {
  PeopleShop shop;
  shop.import(ledger::ImportKind::kOrders, [](ledger::ImportWriter& w) {
    for (int i = 0; i < 300; ++i) {
      const std::string id = std::to_string(i);
      auto o = make_order("order-" + id, by_id(id), "2024-01-10", 1000);
      const std::string email = "person" + id + "@example.com";
      o.email = email;
      o.name = "Somebody";
      ASSERT_TRUE(w.add(o).has_value());
    }
  });
  const auto total = [](const CustomerDirectory& d, std::string search) {
    CustomerQuery query;
    query.search = std::move(search);
    return page_of(d, query).total;
  };
  const auto whole = shop.directory();
  EXPECT_TRUE(whole->search().left_out().empty());
  EXPECT_EQ(total(*whole, "order-2"), 111U);
  const auto small = shop.directory(1);
  const auto document = boost::json::parse(page_json(*small, page_of(*small, {})));
  EXPECT_EQ(boost::json::serialize(document.at("not_searched")), R"(["order","phone","name"])");
  EXPECT_EQ(total(*small, "order-2"), 0U);
  EXPECT_EQ(total(*small, "person29"), 11U) << "e-mails are searched always";
  EXPECT_EQ(total(*small, "299"), 1U) << "and keys";
}

}  // namespace
}  // namespace behoud::app::testing
