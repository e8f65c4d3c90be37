#pragma once

// Text in a terminal's cells: how wide it is there, cut and padded to a width, safe to print, and in ASCII where the
// terminal knows nothing else. A Cells is the kind of terminal; all its functions take UTF-8 and give what that
// terminal can show.
//
// Width: 0 for combining marks and joiners, 2 for wide East Asian characters and emoji, 1 for the rest (Unicode's East
// Asian Width). Control, direction and line characters become "?" or U+FFFD, so that a name can neither move the cursor
// nor turn the line around.

#include <string>
#include <string_view>
#include <vector>

namespace behoud::retention::report::internal {

enum class Side : unsigned char { kLeft, kRight };

class Cells {
 public:
  explicit Cells(bool utf8) : utf8_(utf8) {}
  bool utf8() const { return utf8_; }

  std::string shown(std::string_view text) const;  // safe, and in the terminal's characters
  // `text`, shown, in exactly `columns` cells: cut with an ellipsis, or padded on the side opposite to `side`.
  std::string fit(std::string_view text, int columns, Side side = Side::kLeft) const;
  // Lines of at most `columns` cells, broken at blanks; a longer word is cut into pieces.
  std::vector<std::string> wrap(std::string_view text, int columns) const;

  // A bar of `part` of `whole` in `columns` cells, at least a mark where part > 0; the rest blank.
  std::string bar(double part, double whole, int columns) const;
  std::string blocks(int columns, char kind) const;  // 'k' solid, 'l' light, 'n' middle, 'b' dense: one look each
  std::string spark(const std::vector<double>& values, double low, double high) const;  // NaN: a blank
  std::string rule(int columns) const;
  const char* ellipsis() const { return utf8_ ? "…" : "..."; }

  // The width of a text that was `shown`.
  static int width(std::string_view text);

 private:
  bool utf8_;
};

}  // namespace behoud::retention::report::internal
