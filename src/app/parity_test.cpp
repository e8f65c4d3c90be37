// docs/api.md says which command is which route and which page: the table names all of each, and nothing else.

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "app/command.h"
#include "app/routes.h"
#include "app/testing/fake_console.h"
#include "app/testing/process.h"
#include "base/file.h"

namespace behoud::app::testing {
namespace {

std::string text_of(const std::string& path) {
  return read_file(std::string{BEHOUD_SOURCE_DIR} + path, 1 << 20).value();
}

struct Row {
  std::string command, route, page;
};
std::vector<Row> table() {
  const std::string text = text_of("/docs/api.md");
  std::size_t at = text.find("| command | route | page |");
  EXPECT_NE(at, std::string::npos);
  at = text.find('\n', text.find('\n', at) + 1) + 1;  // past the header
  std::vector<Row> out;
  while (text.compare(at, 2, "| ") == 0) {
    const std::size_t end = text.find('\n', at);
    std::vector<std::string> cells;
    for (std::size_t cell = at + 2; cell < end;) {
      const std::size_t bar = text.find(" |", cell);
      cells.push_back(text.substr(cell, bar - cell));
      cell = bar + 3;
    }
    EXPECT_EQ(cells.size(), 3U) << text.substr(at, end - at);
    cells.resize(3);
    out.push_back({cells[0], cells[1], cells[2]});
    at = end + 1;
  }
  return out;
}

// What stands `so`.
std::vector<std::string> marked(std::string_view cell) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while ((at = cell.find('`', at)) != std::string_view::npos) {
    const std::size_t end = cell.find('`', at + 1);
    out.emplace_back(cell.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return out;
}
bool says_why_none(std::string_view cell) { return cell.starts_with("none: ") && cell.size() > 15; }

// "imports undo" of `imports [undo ID|rejected ID]`; of `access` the first words of its help.
std::vector<std::string> names_of(const Syntax& syntax) {
  const std::string name(syntax.name);
  std::vector<std::string> out{name};
  const std::string operands(syntax.operands);
  if (operands.starts_with("ACTION")) {
    out.clear();
    const std::string details(syntax.details);
    for (std::size_t at = 0; at < details.size(); at = std::min(details.find('\n', at), details.size() - 1) + 1) {
      out.push_back(name + " " + details.substr(at, details.find(' ', at) - at));
    }
  } else if (operands.starts_with('[') && operands.find('|') != std::string::npos) {
    for (std::size_t at = 1; at < operands.size(); at = std::min(operands.find('|', at), operands.size() - 1) + 1) {
      out.push_back(name + " " + operands.substr(at, operands.find_first_of(" |]", at) - at));
    }
  }
  return out;
}

TEST(Parity, EveryCommandHasItsRowOnce) {
  std::map<std::string, int> rows;
  for (const Row& row : table()) {
    if (says_why_none(row.command)) continue;
    const auto names = marked(row.command);
    EXPECT_EQ(names.size(), 1U) << row.command;
    for (const std::string& name : names) ++rows[name];
  }
  std::set<std::string> known;
  for (const Command& c : commands()) {
    for (const std::string& name : names_of(c.syntax)) {
      EXPECT_EQ(rows[name], 1) << "`" << name << "` in the table of docs/api.md";
      known.insert(name);
    }
  }
  EXPECT_GT(known.size(), 30U);
  for (const auto& [name, times] : rows) EXPECT_TRUE(known.contains(name)) << "there is no `" << name << "`";
}

TEST(Parity, EveryRouteHasItsRowOnce) {
  std::map<std::string, int> rows;
  for (const Row& row : table()) {
    const auto routes = says_why_none(row.route) ? std::vector<std::string>{} : marked(row.route);
    EXPECT_TRUE(says_why_none(row.route) || !routes.empty()) << row.command;
    for (const std::string& route : routes) ++rows[route];
  }
  TemporaryFolder folder;
  FakeWorld fake;
  const World world = fake.world();
  const auto shops = ServedShops::open(folder / "own", std::nullopt, world).value();
  access::Access access(shops->home().ledger, access::AccessEnvironment{world.now, [] { return std::int64_t{0}; },
                                                                        world.entropy, access::kCheapPassword});
  const auto intake = Intake::open(*shops, world, {}).value();
  http::Router router;
  add_all_routes(router, *shops, *intake, access, {[] { return std::string("http://localhost"); }, world.now});
  std::set<std::string> known;
  for (const http::Route& route : router.routes()) {
    const std::string name = std::string(http::name(route.method)) + " " + route.pattern;
    EXPECT_EQ(rows[name], 1) << "`" << name << "` in the table of docs/api.md";
    known.insert(name);
  }
  for (const auto& [name, times] : rows) EXPECT_TRUE(known.contains(name)) << "there is no `" << name << "`";
}

TEST(Parity, EveryPageIsNamedAndThere) {
  const std::string routes = text_of("/web/src/app/routes.ts");
  std::set<std::string> pages;
  for (std::size_t at = 0; (at = routes.find("{ name: \"", at)) != std::string::npos;) {
    at += 9;
    pages.insert(routes.substr(at, routes.find('"', at) - at));
  }
  EXPECT_GT(pages.size(), 10U);
  std::set<std::string> named;
  for (const Row& row : table()) {
    const auto names = marked(row.page);
    EXPECT_TRUE(says_why_none(row.page) || !names.empty()) << row.command;
    named.insert(names.begin(), names.end());
  }
  EXPECT_EQ(named, pages);
}

}  // namespace
}  // namespace behoud::app::testing
