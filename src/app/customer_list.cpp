#include "app/customer_list.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/text.h"

namespace behoud::app {
namespace {

using calendar::to_string;
using retention::known_day;
using retention::People;

constexpr std::pair<std::string_view, CustomerSort> kSorts[] = {{"last_order", CustomerSort::kLastOrder},
                                                                {"revenue", CustomerSort::kRevenue},
                                                                {"orders", CustomerSort::kOrders},
                                                                {"first_order", CustomerSort::kFirstOrder}};

std::unexpected<Error> wrong(std::string_view option, std::string message, std::string hint) {
  return fail(Errc::kInvalidArgument, std::move(message), std::move(hint), {{}, 0, std::string{option}});
}

// "c1", the sort and the direction as a letter each, key and tag as 16 hexadecimal digits each.
std::string cursor_of(const CustomerQuery& query, const CustomerQuery::After& after) {
  return fmt::format("c1{}{}{:016x}{:016x}", static_cast<char>('a' + static_cast<int>(query.sort)),
                     query.descending ? 'd' : 'u', after.key, after.tag);
}

Result<CustomerQuery::After> parse_cursor(const CustomerQuery& query, std::string_view text) {
  const auto broken = [] {
    return wrong("cursor", "the cursor is broken", "take it as `next` gave it, or leave it out for the first page");
  };
  CustomerQuery::After after;
  if (text.size() != 36) return broken();
  const auto number = [](std::string_view digits, std::uint64_t& out) {
    const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
    return ec == std::errc{} && end == digits.data() + digits.size();
  };
  if (!number(text.substr(4, 16), after.key) || !number(text.substr(20, 16), after.tag)) return broken();
  const std::string again = cursor_of(query, after);
  if (again == text) return after;
  if (again.substr(0, 2) == text.substr(0, 2) && again.substr(4) == text.substr(4) &&
      std::string_view("abcd").find(text[2]) != std::string_view::npos && (text[3] == 'd' || text[3] == 'u')) {
    return wrong("cursor", "the cursor is of another order", "ask with the same sort and direction that gave it");
  }
  return broken();
}

}  // namespace

std::vector<Option> customer_list_options() {
  return {{"search", "TEXT", "those with this e-mail, name, phone or order number, or the beginning of one", false},
          {"sort", "BY", "last_order, revenue, orders, first_order (default: last_order)", false},
          {"direction", "WAY", "desc or asc (default: desc)", false},
          {"status", "STATUS", "only who is active, or lapsed", false},
          {"limit", "N", "rows at most, 1 to 1000 (default: 50; with --behind: all)", false},
          {"cursor", "CURSOR", "go on behind an earlier page, which gave this as next", false}};
}

Result<CustomerQuery> parse_customer_query(const Lookup& said) {
  CustomerQuery query;
  if (const auto text = said("search")) {
    query.search = trim(*text);
    if (query.search.size() > kSearchTextMax) {
      return wrong("search", fmt::format("what is searched for is longer than {} bytes", kSearchTextMax),
                   "the beginning is enough");
    }
  }
  if (const auto text = said("sort")) {
    const auto found = std::ranges::find(kSorts, *text, [](const auto& s) { return s.first; });
    if (found == std::end(kSorts)) {
      return wrong("sort", quoted(*text) + " is not known", "one of: last_order, revenue, orders, first_order");
    }
    query.sort = found->second;
  }
  if (const auto text = said("direction")) {
    if (*text != "asc" && *text != "desc") return wrong("direction", quoted(*text) + " is not known", "desc or asc");
    query.descending = *text == "desc";
  }
  if (const auto text = said("status")) {
    if (*text != "active" && *text != "lapsed") {
      return wrong("status", quoted(*text) + " is not known", "active or lapsed");
    }
    query.standing = *text == "active" ? People::Standing::kActive : People::Standing::kLapsed;
  }
  TRY_ASSIGN(const auto limit, parse_limit(said));
  query.limit = limit.value_or(query.limit);
  if (const auto text = said("cursor")) {
    TRY_ASSIGN(query.after, parse_cursor(query, *text));
  }
  return query;
}

Result<bool> asks_for_list(const Lookup& said) {
  const bool list = !said("behind").has_value();
  if (!list) {
    for (const char* option : {"search", "sort", "direction", "status"}) {
      if (said(option))
        return wrong(option, "is of the list of customers, not of those behind a number", "leave it out");
    }
    return false;
  }
  std::vector<Option> others = question_options();
  others.push_back(mode_option());
  others.push_back({"names", "", "", false});
  for (const Option& option : others) {
    if (said(option.name)) {
      return wrong(option.name, "is asked of the customers behind a number", "say which number's: behind");
    }
  }
  return true;
}

CustomerPage page_of(const CustomerDirectory& directory, const CustomerQuery& query) {
  std::optional<CustomerSet> wanted;
  if (!query.search.empty()) {
    wanted = directory.search().find(query.search);
    for (const std::uint32_t c : directory.find(query.search)) wanted->add(c);
  }
  if (query.standing) {
    CustomerSet with = directory.with(*query.standing);
    if (wanted) {
      wanted->keep(with);
    } else {
      wanted = std::move(with);
    }
  }
  CustomerPage page;
  page.total = wanted ? wanted->size() : directory.size();
  const std::vector<std::uint32_t>& order = directory.ascending(query.sort);
  const auto rank = [&](std::uint32_t c) { return std::pair(directory.key(query.sort, c), directory.tag(c)); };
  // Where the page begins, counted from the end that comes first.
  std::size_t at = 0;
  if (query.after) {
    const std::pair last(query.after->key, query.after->tag);
    const auto begin = query.descending
                           ? static_cast<std::size_t>(order.end() - std::ranges::lower_bound(order, last, {}, rank))
                           : static_cast<std::size_t>(std::ranges::upper_bound(order, last, {}, rank) - order.begin());
    at = begin;
  }
  for (; at < order.size(); ++at) {
    const std::uint32_t c = query.descending ? order[order.size() - 1 - at] : order[at];
    if (wanted && !wanted->has(c)) continue;
    if (page.customers.size() == query.limit) {
      const auto [key, tag] = rank(page.customers.back());
      page.next = cursor_of(query, {key, tag});
      break;
    }
    page.customers.push_back(c);
  }
  return page;
}

std::string page_json(const CustomerDirectory& directory, const CustomerPage& page) {
  const timeline::Histories& h = directory.shop().histories;
  const People& people = directory.people();
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("as_of", to_string(people.basics.as_of)).field("revision", people.basics.revision);
  json.key("rows").begin_array();
  for (const std::uint32_t c : page.customers) {
    json.begin_object().field("customer", h.customer_key[c]).field("namespace", name(h.customer_space[c]));
    json.text_or_null("email", directory.search().email(c));
    json.text_or_null("name", directory.search().name(c));
    json.text_or_null("country", directory.country(c));
    json.text_or_null("source", directory.source(c));
    json.field("orders", people.orders[c]).field("revenue_minor", people.revenue_minor[c]);
    json.field("first_order", known_day(people.first_order[c]));
    json.field("last_order", known_day(people.last_order[c]));
    json.field("active", people.standing[c] == People::Standing::kActive).end_object();
  }
  json.end_array().field("next", page.next).field("total", page.total);
  json.key("not_searched").begin_array();
  for (const std::string_view left_out : directory.search().left_out()) json.value(left_out);
  json.end_array().end_object();
  return out + "\n";
}

std::vector<retention::Called> called_of(const CustomerDirectory& directory, const timeline::Histories& of,
                                         std::span<const retention::CustomerRow> rows) {
  std::vector<retention::Called> called(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::uint32_t at = rows[i].index;
    const auto who = directory.find({of.customer_space[at], of.customer_key[at]}, at);
    if (!who) continue;
    called[i].email = directory.search().email(*who);
    called[i].name = directory.search().name(*who);
  }
  return called;
}

Sheet page_sheet(const CustomerDirectory& directory, const CustomerPage& page) {
  const timeline::Histories& h = directory.shop().histories;
  const People& people = directory.people();
  Sheet sheet;
  for (const char* column : {"customer", "namespace", "email", "name", "country", "source", "orders", "revenue_minor",
                             "first_order", "last_order", "active"}) {
    sheet.columns.push_back({column, false});
  }
  const auto day = [](calendar::Day d) { return d == People::kNoDay ? Cell{} : Cell{d}; };
  for (const std::uint32_t c : page.customers) {
    sheet.rows.push_back(
        {h.customer_key[c], std::string(name(h.customer_space[c])), std::string(directory.search().email(c)),
         std::string(directory.search().name(c)), std::string(directory.country(c)), std::string(directory.source(c)),
         std::uint64_t{people.orders[c]}, WholeMinor{people.revenue_minor[c]}, day(people.first_order[c]),
         day(people.last_order[c]), people.standing[c] == People::Standing::kActive});
  }
  return sheet;
}

}  // namespace behoud::app
