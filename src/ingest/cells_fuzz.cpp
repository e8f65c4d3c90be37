// Any text as dates and as amounts: whatever is read is within the bounds that the headers promise, evidence never
// contradicts the reading that it decided, and a written amount reads back.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/amounts.h"
#include "ingest/dates.h"
#include "ingest/identity.h"
#include "ingest/mapping.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behoud;
  using namespace behoud::ingest;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const calendar::Instant now{calendar::civil(2026, 1, 1).number * calendar::kMsPerDay};
  std::vector<std::string_view> cells;
  for (std::string_view rest = text; cells.size() < 50;) {
    const std::size_t end = rest.find('\n');
    cells.push_back(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }

  DateEvidence dates(now);
  AmountEvidence amounts;
  std::uint64_t line = 1;
  for (const std::string_view cell : cells) {
    dates.add(cell, line);
    amounts.add(cell, line++);
  }
  if (const auto form = dates.decide("f", "c")) {
    auto reader = DateReader::create(*form, calendar::Zone::utc(), now).value();
    std::size_t readable = 0, none = 0;
    for (const std::string_view cell : cells) {
      calendar::Moment m;
      if (reader.read(cell, m) == DateFault::kNone) {
        require(m.at.ms >= calendar::kEarliestDay.number * calendar::kMsPerDay - calendar::kMsPerDay * 2);
        require(m.at.ms <= now.ms + calendar::kMsPerDay);
      }
      readable += reader.read_civil(cell).has_value();
      none += is_no_date(cell);
    }
    require(readable * 5 + 5 >= (cells.size() - none) * 4 - 4);  // four in five, as promised
  } else {
    require(form.error().code == Errc::kBadInput && !form.error().hint.empty());
  }
  const auto decided = amounts.decide("f", {});
  for (const char mark : {'.', ','}) {
    for (const std::string_view cell : cells) {
      Decimal d;
      std::string_view around;
      if (read_amount(cell, mark, d, around) != AmountFault::kNone) continue;
      require(d.scale >= 0 && d.scale <= 18);
      require(around.size() <= 8);
      if (const auto minor = d.minor(2)) {
        std::string plain = money::to_decimal(*minor, 2);
        Decimal back;
        require(read_amount(plain, '.', back) == AmountFault::kNone && back.minor(2) == minor);
      }
    }
  }

  // The first line as a form of dates, the others as cells of it.
  if (const auto form = parse_date_format(cells[0])) {
    auto reader = DateReader::create(*form, calendar::Zone::utc(), now).value();
    for (const std::string_view cell : cells) (void)reader.read_civil(cell);
  }
  if (const auto mapping = parse_mapping(text))
    require(parse_mapping(to_string(*mapping))->columns == mapping->columns);
  std::string out;
  for (const std::string_view cell : cells) {
    const std::string email(normalise_email_cell(cell, out));
    require(normalise_email_cell(email, out) == email);
    (void)normalise_phone(cell, "NL", out);
    (void)country_code(cell);
    require(squash(squash(cell)) == squash(cell));
  }
  return 0;
}
