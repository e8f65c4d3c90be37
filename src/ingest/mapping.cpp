#include "ingest/mapping.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "ingest/hash.h"

namespace behoud::ingest {
namespace {

// In the order of Role.
constexpr std::array<std::string_view, 26> kRoleNames = {
    "customer", "date",  "amount",   "order",   "total",     "price",    "quantity",  "currency", "item",
    "status",   "email", "phone",    "refund",  "tax",       "shipping", "discount",  "coupon",   "source",
    "country",  "name",  "subtotal", "updated", "cancelled", "alias",    "item_name", "test"};
static_assert(kRoleNames.size() == static_cast<std::size_t>(Role::kTest) + 1);

std::string role_list() {
  std::string out;
  for (const std::string_view n : kRoleNames) {
    if (!out.empty()) out += ", ";
    out += n;
  }
  return out;
}

// U+00C0..U+017F without their accents; "" where the letter is none.
constexpr std::array<std::string_view, 64> kLatin1 = {
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",  // C0..CF
    "d", "n", "o", "o", "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "ss",
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "y"};
constexpr std::string_view kLatinA =  // U+0100..U+017F, the base letter of each
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiijjjjkkkllllllllll"
    "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kLatinA.size() == 128);

}  // namespace

std::string_view name(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }

std::optional<Role> parse_role(std::string_view text) {
  const std::string wanted = to_lower(trim(text));
  for (std::size_t i = 0; i < kRoleNames.size(); ++i) {
    if (wanted == kRoleNames[i]) return static_cast<Role>(i);
  }
  return std::nullopt;
}

Result<std::vector<std::pair<std::string, std::string>>> split_mapping(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> parts;
  std::size_t at = 0;
  const auto skip_blanks = [&] {
    while (at < text.size() && is_blank(text[at])) ++at;
  };
  const auto bad = [&](std::string message, std::string hint = {}) {
    return fail(Errc::kInvalidArgument, "--map: " + std::move(message),
                hint.empty() ? "Write it as --map customer=COLUMN,date=COLUMN,amount=COLUMN; #1 is the first column."
                             : std::move(hint),
                {}, {"problem.map_unreadable", {{"value", text}}});
  };
  if (trim(text).empty()) return bad("it names no column");
  for (;;) {
    skip_blanks();
    const std::size_t begin = at;
    while (at < text.size() && text[at] != '=' && text[at] != ',') ++at;
    const std::string_view role_text = trim(text.substr(begin, at - begin));
    if (at >= text.size() || text[at] != '=') return bad("the part " + quoted(role_text) + " has no '='");
    ++at;
    skip_blanks();
    std::string column;
    bool none = false;
    if (at < text.size() && text[at] == '"') {
      const std::size_t open = at++;
      bool closed = false;
      while (at < text.size()) {
        if (text[at] == '"') {
          if (at + 1 < text.size() && text[at + 1] == '"') {
            column += '"';
            at += 2;
            continue;
          }
          ++at;
          closed = true;
          break;
        }
        column += text[at++];
      }
      if (!closed) return bad("the quote is never closed in " + quoted(text.substr(open)));
      skip_blanks();
      if (at < text.size() && text[at] != ',') return bad("after the closing quote comes " + quoted(text.substr(at)));
    } else {
      const std::size_t start = at;
      while (at < text.size() && text[at] != ',') ++at;
      column = std::string(trim(text.substr(start, at - start)));
      none = column.empty() || column == "-";
      if (none) column.clear();
    }
    if (!none && trim(column).empty()) return bad("the part " + quoted(role_text) + " names no column");
    if (column.size() > 1 && column[0] == '#' && std::all_of(column.begin() + 1, column.end(), is_digit)) {
      const auto number = parse_integer(std::string_view(column).substr(1));
      if (!number || *number < 1 || *number > 4096) return bad("there is no column " + quoted(column));
      column = "#" + std::to_string(*number);
    }
    const std::string name = to_lower(role_text);
    for (const auto& [earlier, c] : parts) {
      if (earlier == name) return bad(quoted(role_text) + " is named twice");
    }
    parts.emplace_back(name, std::move(column));
    if (at >= text.size()) return parts;
    ++at;  // the comma
    if (trim(text.substr(at)).empty()) return bad("it ends with a comma");
  }
}

Result<Mapping> parse_mapping(std::string_view text) {
  Mapping mapping;
  TRY_ASSIGN(auto parts, split_mapping(text));
  for (auto& [part, column] : parts) {
    const auto role = parse_role(part);
    if (!role) {
      return fail(Errc::kInvalidArgument, "--map: " + quoted(part) + " is nothing that a column can be",
                  "It can be: " + role_list() + ".", {},
                  {"problem.map_role_unknown", {{"value", part}, {"roles", role_list()}}});
    }
    mapping.columns.emplace(*role, std::move(column));
  }
  return mapping;
}

void append_mapped_column(std::string& out, std::string_view column) {
  if (column.empty()) {
    out += '-';
    return;
  }
  if (column.find_first_of(",\"") == std::string_view::npos && trim(column) == column && column != "-") {
    out += column;
    return;
  }
  out += '"';
  for (const char c : column) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

std::string to_string(const Mapping& mapping) {
  std::string out;
  for (const auto& [role, column] : mapping.columns) {
    if (!out.empty()) out += ',';
    out += name(role);
    out += '=';
    append_mapped_column(out, column);
  }
  return out;
}

std::string squash(std::string_view header) {
  std::string out;
  out.reserve(header.size());
  for (std::size_t i = 0; i < header.size();) {
    const auto byte = static_cast<unsigned char>(header[i]);
    if (byte < 0x80) {
      const char c = lower(header[i++]);
      if ((c >= 'a' && c <= 'z') || is_digit(c)) out += c;
      continue;
    }
    const std::size_t length = std::max<std::size_t>(1, utf8_sequence(header.substr(i)));
    if (length == 2) {
      const unsigned code = (byte & 0x1FU) << 6 | (static_cast<unsigned char>(header[i + 1]) & 0x3FU);
      if (code >= 0xC0 && code <= 0xFF) {
        out += kLatin1[code - 0xC0];
        i += 2;
        continue;
      }
      if (code >= 0x100 && code <= 0x17F) {
        out += kLatinA[code - 0x100];
        i += 2;
        continue;
      }
      if (code < 0xC0 || (code >= 0x300 && code <= 0x36F)) {  // signs, and accents written apart
        i += 2;
        continue;
      }
    }
    // U+2000..U+206F: blanks, dashes, quotes. U+FEFF: a byte order mark.
    const std::string_view sequence = header.substr(i, length);
    const bool sign = length == 3 && ((sequence[0] == '\xE2' && (sequence[1] == '\x80' || sequence[1] == '\x81')) ||
                                      sequence == "\xEF\xBB\xBF");
    if (!sign && length > 1) out += sequence;
    i += length;
  }
  return out;
}

std::string fingerprint(std::span<const std::string> headers, std::size_t columns) {
  std::vector<std::string> names;
  names.reserve(headers.size());
  for (const std::string& h : headers) names.push_back(squash(h));
  std::sort(names.begin(), names.end());
  Hash128 hash;
  hash.add(headers.empty() ? std::string_view("no header") : std::string_view("header"));
  hash.add(static_cast<std::uint64_t>(columns));
  for (const std::string& n : names) hash.add(n);
  return hash.hex();
}

}  // namespace behoud::ingest
