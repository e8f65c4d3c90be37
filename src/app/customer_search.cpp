#include "app/customer_search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "base/text.h"
#include "language/search_words.h"

namespace behoud::app {
namespace {

constexpr std::size_t kPhoneDigitsMin = 3;
constexpr std::size_t kAtHomeDigitsMin = 7;  // with the 0
constexpr std::size_t kNumberDigits = 16;    // that fit in 64 bits

// 1 + digit in four bits each, from the left: numbers that begin alike lie together.
std::uint64_t packed(std::string_view digits) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < kNumberDigits; ++i) {
    out = out << 4 | (i < digits.size() ? static_cast<std::uint64_t>(digits[i] - '0' + 1) : 0);
  }
  return out;
}

std::pair<std::uint64_t, std::uint64_t> packed_range(std::string_view digits) {
  const std::uint64_t low = packed(digits);
  const std::size_t free_bits = 4 * (kNumberDigits - std::min(digits.size(), kNumberDigits));
  if (free_bits == 64) return {0, ~std::uint64_t{0}};
  return {low, low | ((std::uint64_t{1} << free_bits) - 1)};
}

std::uint64_t first_bytes(std::string_view text) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    out = out << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  }
  return out;
}

std::string_view order_number(std::string_view text) {
  while (text.starts_with('#')) text.remove_prefix(1);
  return text;
}

bool has_blank(std::string_view text) { return std::ranges::any_of(text, is_blank); }

}  // namespace

std::string order_key(std::string_view number) { return to_lower(order_number(trim(number))); }

std::string phone_digits(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (is_digit(c)) {
      digits += c;
    } else if (std::string_view("+-() ./\xC2\xA0").find(c) == std::string_view::npos) {
      return {};
    }
  }
  if (digits.starts_with("00")) digits.erase(0, 2);
  return digits;
}

std::uint32_t TextShelf::add(std::string_view text) {
  text = text.substr(0, kTextBytesMax);
  if (text.empty() || bytes_.size() + text.size() + 2 > 0xffff'ffffU) return 0;
  const auto place = static_cast<std::uint32_t>(bytes_.size());
  bytes_ += static_cast<char>(text.size() & 0xff);
  bytes_ += static_cast<char>(text.size() >> 8);
  bytes_ += text;
  return place;
}

void CustomerSet::keep(const CustomerSet& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
}
void CustomerSet::join(const CustomerSet& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
}
std::size_t CustomerSet::size() const {
  std::size_t n = 0;
  for (const std::uint64_t word : words_) n += static_cast<std::size_t>(std::popcount(word));
  return n;
}

CustomerSearch::CustomerSearch(std::size_t customers, std::uint64_t bytes_max)
    : customers_(customers), bytes_max_(bytes_max) {
  for (Values* values : {&emails_, &names_, &phones_}) values->newest.resize(customers);
}

// Values that come again and again stand once: nearly everybody has one, and the few others are looked through.
void CustomerSearch::add(Values& values, std::uint32_t customer, std::string_view text) {
  text = trim(text).substr(0, TextShelf::kTextBytesMax);
  if (text.empty()) return;
  std::uint32_t& newest = values.newest[customer];
  if (shelf_.at(newest) == text) return;
  if (newest != 0) values.others.emplace_back(customer, newest);
  newest = shelf_.add(text);
}

void CustomerSearch::add_email(std::uint32_t customer, std::string_view email) {
  add(emails_, customer, normalise_email(email));
}
void CustomerSearch::add_name(std::uint32_t customer, std::string_view name) { add(names_, customer, name); }
void CustomerSearch::add_phone(std::uint32_t customer, std::string_view phone) { add(phones_, customer, phone); }

void CustomerSearch::add_order(std::uint32_t customer, std::string_view number) {
  if (!orders_) return;
  if (shelf_.bytes() + by_order_.capacity() * sizeof(Entry) > bytes_max_) {
    // What is on the shelf stays there; it is at most the bound.
    orders_ = false;
    by_order_ = {};
    left_out_.emplace_back("order");
    return;
  }
  if (const std::uint32_t text = shelf_.add(order_key(number))) by_order_.push_back({text, customer});
}

// Each value of each customer once, the newest kValuesMax of them.
std::vector<CustomerSearch::Entry> CustomerSearch::entries_of(const Values& values) const {
  std::vector<Entry> entries;
  entries.reserve(customers_);
  for (std::uint32_t c = 0; c < customers_; ++c) {
    if (values.newest[c] != 0) entries.push_back({values.newest[c], c});
  }
  // Places on the shelf ascend by when they were given: the newest first.
  auto others = values.others;
  std::ranges::sort(
      others, [](const auto& a, const auto& b) { return std::tie(a.first, b.second) < std::tie(b.first, a.second); });
  std::vector<std::string_view> seen;
  for (std::size_t i = 0; i < others.size(); ++i) {
    const auto [customer, text] = others[i];
    if (i == 0 || others[i - 1].first != customer) seen = {shelf_.at(values.newest[customer])};
    if (seen.size() >= kValuesMax || std::ranges::find(seen, shelf_.at(text)) != seen.end()) continue;
    seen.push_back(shelf_.at(text));
    entries.push_back({text, customer});
  }
  return entries;
}

struct CustomerSearch::Keyed {
  std::uint64_t first;
  Entry entry;
};

// Ascending by `first`, eleven bits at a time from the lowest, leaving out those that all share.
void CustomerSearch::sort_by_first(std::vector<Keyed>& keyed) {
  constexpr int kBits = 11;
  constexpr std::uint64_t kMask = (1U << kBits) - 1;
  std::uint64_t all = ~std::uint64_t{0}, any = 0;
  for (const Keyed& k : keyed) {
    all &= k.first;
    any |= k.first;
  }
  const std::uint64_t differs = all ^ any;
  std::vector<Keyed> to(keyed.size());
  for (int shift = 0; shift < 64; shift += kBits) {
    if ((differs >> shift & kMask) == 0) continue;
    std::array<std::size_t, kMask + 2> begin{};
    for (const Keyed& k : keyed) ++begin[(k.first >> shift & kMask) + 1];
    for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
    for (const Keyed& k : keyed) to[begin[k.first >> shift & kMask]++] = k;
    keyed.swap(to);
  }
}

void CustomerSearch::sort_by_text(std::vector<Entry>& entries) const {
  std::vector<Keyed> keyed;
  keyed.reserve(entries.size());
  for (const Entry& e : entries) keyed.push_back({first_bytes(shelf_.at(e.text)), e});
  sort_by_first(keyed);
  const auto before = [this](const Keyed& a, const Keyed& b) {
    const int order = shelf_.at(a.entry.text).compare(shelf_.at(b.entry.text));
    return order != 0 ? order < 0 : a.entry.customer < b.entry.customer;
  };
  // Those that begin alike, by the rest.
  for (auto at = keyed.begin(); at != keyed.end();) {
    const auto end = std::find_if(at, keyed.end(), [first = at->first](const Keyed& k) { return k.first != first; });
    if (end - at > 1) std::sort(at, end, before);
    at = end;
  }
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i] = keyed[i].entry;
  const auto same = [this](const Entry& a, const Entry& b) {
    return a.customer == b.customer && shelf_.at(a.text) == shelf_.at(b.text);
  };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  entries.shrink_to_fit();
}

void CustomerSearch::index_names() {
  std::unordered_map<std::string, std::uint32_t> codes;
  std::vector<Entry> found;  // (code, customer)
  const std::vector<Entry> entries = entries_of(names_);
  found.reserve(2 * entries.size());
  for (const Entry& e : entries) {
    for (std::string& word : language::search_words(shelf_.at(e.text))) {
      const auto code = codes.try_emplace(std::move(word), static_cast<std::uint32_t>(codes.size())).first->second;
      found.push_back({code, e.customer});
    }
  }
  std::vector<std::pair<std::string_view, std::uint32_t>> sorted(codes.begin(), codes.end());
  std::ranges::sort(sorted);
  std::vector<std::uint32_t> rank(sorted.size());
  for (std::uint32_t i = 0; i < sorted.size(); ++i) {
    words_.push_back(shelf_.add(sorted[i].first));
    rank[sorted[i].second] = i;
  }
  word_begin_.assign(sorted.size() + 1, 0);
  for (const Entry& e : found) ++word_begin_[rank[e.text] + 1];
  for (std::size_t i = 1; i < word_begin_.size(); ++i) word_begin_[i] += word_begin_[i - 1];
  std::vector<std::uint32_t> next(word_begin_.begin(), word_begin_.end() - 1);
  postings_.resize(found.size());
  for (const Entry& e : found) postings_[next[rank[e.text]]++] = e.customer;
}

void CustomerSearch::index_phones() {
  for (const Entry& e : entries_of(phones_)) {
    std::string digits = phone_digits(shelf_.at(e.text));
    if (digits.empty()) continue;
    by_phone_.push_back({packed(digits), e.customer});
    std::ranges::reverse(digits);
    by_phone_end_.push_back({packed(digits), e.customer});
  }
  for (auto* numbers : {&by_phone_, &by_phone_end_}) {
    std::ranges::sort(*numbers, {}, [](const Number& n) { return std::pair(n.digits, n.customer); });
    numbers->shrink_to_fit();
  }
}

void CustomerSearch::finish() {
  by_email_ = entries_of(emails_);
  sort_by_text(by_email_);
  sort_by_text(by_order_);
  const auto fits = [this](std::uint64_t more) { return bytes() + more <= bytes_max_; };
  // The words' share is a guess: two to a name, with what it takes to tell them apart meanwhile.
  if (fits(phones_.newest.size() * 2 * sizeof(Number))) {
    index_phones();
  } else {
    left_out_.emplace_back("phone");
  }
  if (fits(names_.newest.size() * 12)) {
    index_names();
  } else {
    left_out_.emplace_back("name");
  }
  for (Values* values : {&emails_, &names_, &phones_}) values->others = {};
  shelf_.shrink();
}

void CustomerSearch::find_prefix(std::span<const Entry> entries, std::string_view prefix, CustomerSet& found) const {
  auto at = std::ranges::lower_bound(entries, prefix, {}, [this](const Entry& e) { return shelf_.at(e.text); });
  for (; at != entries.end() && shelf_.at(at->text).starts_with(prefix); ++at) found.add(at->customer);
}

void CustomerSearch::find_names(std::string_view typed, CustomerSet& found) const {
  const std::vector<std::string> words = language::search_words(typed);
  if (words.empty() || words_.empty()) return;
  // All words must begin words of one name; who has them in different names is found too, which is no harm.
  std::optional<CustomerSet> all;
  for (const std::string& word : words) {
    CustomerSet with(customers_);
    auto at = std::ranges::lower_bound(words_, std::string_view(word), {}, [this](auto w) { return shelf_.at(w); });
    for (; at != words_.end() && shelf_.at(*at).starts_with(word); ++at) {
      const auto i = static_cast<std::size_t>(at - words_.begin());
      for (std::uint32_t p = word_begin_[i]; p < word_begin_[i + 1]; ++p) with.add(postings_[p]);
    }
    all ? all->keep(with) : void(all = std::move(with));
  }
  found.join(*all);
}

void CustomerSearch::find_phones(std::string_view typed, CustomerSet& found) const {
  std::string digits = phone_digits(typed);
  if (digits.size() < kPhoneDigitsMin) return;
  const auto add = [&](std::span<const Number> numbers, std::string_view beginning) {
    const auto [low, high] = packed_range(beginning);
    auto at = std::ranges::lower_bound(numbers, low, {}, &Number::digits);
    for (; at != numbers.end() && at->digits <= high; ++at) found.add(at->customer);
  };
  add(by_phone_, digits);
  if (digits.starts_with('0') && digits.size() >= kAtHomeDigitsMin) {
    digits.erase(0, digits.find_first_not_of('0'));
    if (digits.size() + 1 < kAtHomeDigitsMin) return;
    std::ranges::reverse(digits);
    add(by_phone_end_, digits);
  }
}

CustomerSet CustomerSearch::find(std::string_view typed) const {
  CustomerSet found(customers_);
  typed = trim(typed).substr(0, TextShelf::kTextBytesMax);
  if (!has_blank(typed)) {
    find_prefix(by_email_, normalise_email(typed), found);
    if (const auto number = order_number(typed); !number.empty()) find_prefix(by_order_, to_lower(number), found);
  }
  find_names(typed, found);
  find_phones(typed, found);
  return found;
}

std::vector<std::uint32_t> CustomerSearch::customers_of_order(std::string_view number) const {
  const std::string wanted = order_key(number);
  std::vector<std::uint32_t> out;
  auto at = std::ranges::lower_bound(by_order_, std::string_view(wanted), {},
                                     [this](const Entry& e) { return shelf_.at(e.text); });
  for (; at != by_order_.end() && shelf_.at(at->text) == wanted; ++at) out.push_back(at->customer);
  return out;
}

std::uint64_t CustomerSearch::bytes() const {
  const auto of = [](const auto& v) { return v.capacity() * sizeof(v[0]); };
  std::uint64_t sum = shelf_.bytes() + of(by_email_) + of(by_order_) + of(words_) + of(word_begin_) + of(postings_) +
                      of(by_phone_) + of(by_phone_end_);
  for (const Values* values : {&emails_, &names_, &phones_}) sum += of(values->newest) + of(values->others);
  return sum;
}

}  // namespace behoud::app
