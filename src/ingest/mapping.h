#pragma once

// What the user says about a file's columns: `--map customer=COL,date=#3,amount="Price, net"`. And the fingerprint by
// which a mapping made once is remembered: of the set of headers, whatever their order, case and accents; of a file
// without a header, of how many columns it has.

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ingest/orders.h"

namespace behoud::ingest {

// `role=COL` parts between commas. COL is a header, `#1` for the first column, or either in double quotes (a quote in
// it doubled), which a header with a comma needs. `role=-`, or `role=` with nothing behind it, says that no column is
// that, whatever it looks like; a header that is a dash stands in quotes. Blanks around parts, names and columns do not
// matter. Errors: kInvalidArgument naming the part: no `=`, an unknown role (the hint lists them), an empty name in
// quotes, a role named twice, a quote never closed, `#0`.
Result<Mapping> parse_mapping(std::string_view text);

// The parts of such a text as (name, column), whatever the names mean; a column is "" where there is none. Errors: as
// of parse_mapping but unknown roles.
Result<std::vector<std::pair<std::string, std::string>>> split_mapping(std::string_view text);

// A mapping, written out so that parse_mapping gives the mapping back.
std::string to_string(const Mapping& mapping);
// A column as split_mapping reads it back: in quotes where it needs them, a dash for none.
void append_mapped_column(std::string& out, std::string_view column);

// Letters and digits of a header alone, lower-cased, accents off: "Bestell-Datum (UTC)" -> "bestelldatumutc",
// "Försäljning" -> "forsaljning", "Straße" -> "strasse". Letters of other scripts stay as they are.
std::string squash(std::string_view header);

// 32 hexadecimal digits. With `headers` empty: of `columns` alone.
std::string fingerprint(std::span<const std::string> headers, std::size_t columns);

}  // namespace behoud::ingest
