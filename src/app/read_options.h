#pragma once

// The options that say how files are read, for `report` and `import` alike.
//
// Errors: kInvalidArgument with the option's name as the place's column.

#include <map>
#include <string>
#include <vector>

#include "app/command.h"
#include "ingest/orders.h"

namespace behoud::app {

std::vector<Option> read_options();  // --map, --date-format, --decimal, --timezone, --currency, --source
Option status_option();              // --status WORD=counts|awaited|no

struct HowToRead {
  std::optional<ingest::Mapping> map;
  std::optional<calendar::Zone> zone;
  std::optional<money::Currency> currency;
  std::string date_format, source;
  char decimal_mark = 0;  // 0: decided from the columns
};
// ".", "," or what they are called. Errors: kInvalidArgument.
Result<char> parse_decimal_mark(std::string_view text);

// Of files of orders; a --map of another kind of file is not looked at with `orders` false.
Result<HowToRead> how_to_read(const Call& call, bool orders = true);

// A Standing of nullopt forgets the shop's own reading of a word: `--status WORD=default`.
using Standings = std::map<std::string, std::optional<ledger::Standing>>;
Result<Standings> statuses_of(const Call& call);
// "counts", "awaited", "no" or "default". Errors: kInvalidArgument of `statuses`.
Result<std::optional<ledger::Standing>> parse_standing(std::string_view meaning);
std::string_view word_of(ledger::Standing standing);  // as above

}  // namespace behoud::app
