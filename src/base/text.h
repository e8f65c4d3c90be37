#pragma once

// Bytes that people wrote: ASCII case and blanks, UTF-8 checks and repairs, e-mail keys, integers. Nothing here looks
// at the process locale. Letters outside ASCII pass through untouched unless a function says otherwise.
//
// Cost: one pass over the text, one allocation for what is returned. Thread-safety: pure functions.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace behoud {

inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

constexpr bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// The text without the blanks at both ends: ASCII ones, and the no-break space and byte order mark of UTF-8, which
// spreadsheets leave behind.
std::string_view trim(std::string_view text);
std::string to_lower(std::string_view text);  // ASCII letters alone
bool equal_ignoring_case(std::string_view a, std::string_view b);

// Well-formed by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);
// The length of the well-formed sequence that `text` begins with (1 to 4), or 0 where it begins with none.
std::size_t utf8_sequence(std::string_view text);
// Where it begins with none: the length of the maximal ill-formed part (1 to 3), which one U+FFFD stands for. Requires
// a text that is not empty.
std::size_t ill_formed_part(std::string_view text);
// Each maximal ill-formed part (Unicode 15, section 3.9, as browsers do it) becomes one U+FFFD.
std::string repair_utf8(std::string_view text);
// ISO 8859-1 with the printable C1 range of Windows-1252, which is what "Latin-1" means in every export; its five holes
// become U+FFFD. Never fails.
std::string latin1_to_utf8(std::string_view text);

// The key that an e-mail address is known by: trimmed, ASCII letters lowered. Not a validity check.
std::string normalise_email(std::string_view text);

// Decimal digits with an optional sign, the whole text, no blanks. nullopt: not an integer, or not in 64 bits.
std::optional<std::int64_t> parse_integer(std::string_view text);

// `text` in quotes for an error message: at most `bytes_max` bytes and then "...", control characters and broken UTF-8
// as U+FFFD, so that a hostile cell can neither flood nor repaint a terminal.
std::string quoted(std::string_view text, std::size_t bytes_max = 60);

}  // namespace behoud
