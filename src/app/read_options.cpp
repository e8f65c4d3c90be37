#include "app/read_options.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "ingest/mapping.h"

namespace behoud::app {
namespace {

constexpr std::size_t kSourceBytesMax = 64;

}  // namespace

std::vector<Option> read_options() {
  return {{"map", "ROLE=COL,...", "which column is what: customer=Email,date=#2,discount=- (no column is)", false},
          {"date-format", "F", "DMY, MDY, YMD, or a form as %d.%m.%Y (default: decided from the column)", false},
          {"decimal", "MARK", "the decimal mark of amounts, . or , (default: decided from the columns)", false},
          {"timezone", "ZONE", "of times without offset, as Europe/Amsterdam (default: the shop's, else UTC)", false},
          {"currency", "CUR", "the shop's currency, as EUR", false},
          {"source", "NAME", "whose customer numbers these are: 17 of two sources is two customers", false}};
}

Option status_option() {
  return {"status", "WORD=counts|awaited|no", "what a status word of this shop means; may be said again", true};
}

Result<HowToRead> how_to_read(const Call& call, bool orders) {
  HowToRead out;
  if (const auto text = orders ? call.value("map") : std::nullopt) {
    TRY_ASSIGN(out.map, of_option("map", ingest::parse_mapping(*text)));
  }
  if (const auto text = call.value("timezone")) {
    TRY_ASSIGN(out.zone, of_option("timezone", calendar::Zone::create(*text)));
  }
  if (const auto text = call.value("currency")) {
    TRY_ASSIGN(out.currency, of_option("currency", money::Currency::parse(*text)));
  }
  out.date_format = call.value("date-format").value_or("");
  if (const auto text = call.value("decimal")) {
    TRY_ASSIGN(out.decimal_mark, of_option("decimal", parse_decimal_mark(*text)));
  }
  out.source = call.value("source").value_or("");
  const auto odd = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == ':' || c == '\x7f'; };
  if (out.source.size() > kSourceBytesMax || std::ranges::any_of(out.source, odd) || trim(out.source) != out.source) {
    return fail(Errc::kInvalidArgument, fmt::format("{} is no name of a source", quoted(out.source)),
                "a short name without a colon, as webshop", {{}, 0, "source"}, {"problem.source_unfit"});
  }
  return out;
}

Result<char> parse_decimal_mark(std::string_view text) {
  if (text == "." || text == "point") return '.';
  if (text == "," || text == "comma") return ',';
  return fail(Errc::kInvalidArgument, fmt::format("{} is no decimal mark", quoted(text)),
              "a comma, as --decimal , where amounts are 1.234,50; a point where they are 1,234.50", {{}, 0, "decimal"},
              {"problem.decimal_mark_unknown", {{"value", text}}});
}

Result<Standings> statuses_of(const Call& call) {
  Standings out;
  for (const std::string& text : call.arguments.values("status")) {
    const auto equals = text.rfind('=');
    const std::string word = to_lower(trim(std::string_view{text}.substr(0, equals)));
    const auto standing = parse_standing(equals == std::string::npos ? "" : text.substr(equals + 1));
    if (word.empty() || !standing) {
      return fail(Errc::kInvalidArgument, fmt::format("{} says no meaning of a word", quoted(text)),
                  "as shipped=counts; the meanings are counts, awaited, no and default", {{}, 0, "status"},
                  {"problem.status_meaning", {{"value", text}}});
    }
    out[word] = *standing;
  }
  return out;
}

std::string_view word_of(ledger::Standing standing) {
  switch (standing) {
    case ledger::Standing::kCounts:
      return "counts";
    case ledger::Standing::kAwaited:
      return "awaited";
    default:
      return "no";
  }
}

Result<std::optional<ledger::Standing>> parse_standing(std::string_view meaning) {
  for (const auto standing : {ledger::Standing::kCounts, ledger::Standing::kAwaited, ledger::Standing::kNot}) {
    if (meaning == word_of(standing)) return standing;
  }
  if (meaning == "default") return std::nullopt;
  return fail(Errc::kInvalidArgument, fmt::format("{} says no meaning of a word", quoted(meaning)),
              "the meanings are counts, awaited, no and default", {{}, 0, "statuses"},
              {"problem.status_meaning", {{"value", meaning}}});
}

}  // namespace behoud::app
