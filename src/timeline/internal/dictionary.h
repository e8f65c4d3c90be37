#pragma once

// Texts with codes in order of first appearance; "" is code 0. Remembers the last one: files repeat themselves.

#include <string_view>
#include <utility>

#include "timeline/histories.h"
#include "timeline/internal/bounds.h"
#include "timeline/internal/text_map.h"

namespace behoud::timeline {

class Dictionary {
 public:
  // Errors: kOutOfRange (a text beyond 4,096 bytes; 16 GB of them).
  Result<Code> code(std::string_view text) {
    if (text.empty()) return Code{0};
    if (last_ != 0 && texts_.by_code[last_] == text) return last_;
    return look_up(text);
  }
  Code find(std::string_view text) const { return text.empty() ? 0 : map_.find(text, hash_text(text)).value_or(0); }
  std::string_view operator[](Code code) const { return texts_[code]; }
  std::size_t size() const { return texts_.size(); }
  Texts take() && { return std::move(texts_); }

 private:
  // Apart, so that asking for the last one again takes no more than it must.
  [[gnu::noinline]] Result<Code> look_up(std::string_view text) {
    if (text.size() > kTextBytesMax) return fail(Errc::kOutOfRange, kTooLong);
    const auto found = map_.find_or_insert(text, hash_text(text), static_cast<Code>(texts_.size()));
    if (!found) return fail(Errc::kOutOfRange, kTooMuchText);
    if (found->inserted) texts_.by_code.emplace_back(text);
    last_ = found->number;
    return last_;
  }

  TextMap map_;
  Texts texts_;
  Code last_ = 0;
};

}  // namespace behoud::timeline
