#include "ingest/order_status.h"

#include <algorithm>

#include "base/text.h"
#include "ingest/hash.h"

namespace behoud::ingest {
namespace {

// How much a status word counts, for rows of one order that have different ones; the smallest wins.
int rank_of(std::string_view word) {
  switch (ledger::standing_of(word)) {
    case ledger::Standing::kCounts:
      return 0;
    case ledger::Standing::kUnknown:
      return 1;
    case ledger::Standing::kAwaited:
      return 2;
    case ledger::Standing::kRefunded:
      return 3;
    case ledger::Standing::kNot:
    case ledger::Standing::kTest:
      break;
  }
  return 4;
}

}  // namespace

// The ledger's word for a source's word; "" for one that does not tell whether an order counts.
std::string OrderStatus::translate(std::string_view text, std::size_t column) const {
  std::string word = to_lower(trim(text));
  if (word.starts_with("wc-")) word.erase(0, 3);
  if (layout_.preset == nullptr) return word;
  std::string key = word;
  std::replace(key.begin(), key.end(), ' ', '_');
  std::string_view words = layout_.preset->statuses;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    const std::string_view pair = words.substr(0, end);
    words.remove_prefix(std::min(end + 1, words.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    std::string_view from = pair.substr(0, equals);
    if (from.size() > 2 && from[1] == ':') {
      if (static_cast<std::size_t>(from[0] - '1') != column) continue;
      from.remove_prefix(2);
    }
    if (from == key) return std::string(pair.substr(equals + 1));
  }
  return word;
}

// The status of a row; of several columns, or words in one, the one that counts least.
std::string_view OrderStatus::of_row(const ParsedRow& row) {
  const auto& slots = slots_.of[index(Role::kStatus)];
  const bool several = layout_.preset != nullptr && (slots.size() > 1 || layout_.preset->split_status);
  if (!several) {
    const std::string_view text = slots_.text(Role::kStatus, row.row.cells);
    if (text.empty()) return {};
    if (text != text_) {
      text_.assign(text);
      word_ = translate(text, 0);
      words_.insert(hash_bytes(word_));
    }
    return word_;
  }
  scratch_.clear();
  for (const std::uint16_t slot : slots) {
    scratch_ += row.row.cells[slot];
    scratch_ += '\n';
  }
  if (scratch_ == text_) return word_;
  text_ = scratch_;
  word_.clear();
  bool any = false;
  for (std::size_t column = 0; column < slots.size(); ++column) {
    std::string_view rest = row.row.cells[slots[column]];
    while (!rest.empty()) {
      const std::size_t end = layout_.preset->split_status ? std::min(rest.find(','), rest.size()) : rest.size();
      std::string word = translate(rest.substr(0, end), column);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (word.empty()) continue;
      if (!any || rank_of(word) > rank_of(word_)) word_ = std::move(word);
      any = true;
    }
  }
  words_.insert(hash_bytes(word_));
  return word_;
}

std::string_view OrderStatus::of(std::span<const ParsedRow> rows, bool& differ) {
  if (!slots_.has(Role::kStatus)) return {};
  status_.clear();
  differ = false;
  bool any = false;
  for (const bool negatives : {false, true}) {
    for (const ParsedRow& r : rows) {
      if (r.negative != negatives) continue;
      const std::string_view word = of_row(r);
      if (word.empty()) continue;
      if (!any) {
        status_.assign(word);
        any = true;
      } else if (word != status_) {
        differ = true;
        const int a = rank_of(word), b = rank_of(status_);
        if (a < b || (a == b && word < status_)) status_.assign(word);
      }
    }
    if (any) break;  // a refund's own word says nothing about the order
  }
  return status_;
}

}  // namespace behoud::ingest
