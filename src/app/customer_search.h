#pragma once

// Finds customers by what people type: an e-mail address, words of a name, a phone number, an order's number, or the
// key itself. An index over texts and numbers of customers; knows no ledger and no figures.
//
//   e-mail   begins with what was typed, ignoring case
//   name     each word typed begins a word of one of the customer's names (language/search_words.h)
//   phone    three digits or more and nothing but what stands in phone numbers: the number begins with them, with or
//            without + or 00; or it was typed as at home, 0 and six more, and the number ends with what follows the 0
//   order    the number or alias begins with what was typed, with or without #, ignoring case
//   key      is what was typed
//
// Built by add calls and finish(), then immutable. Of one customer at most kValuesMax values of a kind are kept, and of
// a text the first kTextBytesMax bytes. Memory: of e-mail, name and phone their bytes and 14 + 10 + 38 bytes, of an
// order's number its bytes and 14; where that would pass `bytes_max`, order numbers are left out first, then phones and
// names (left_out() tells). Thread-safety: const calls may run together.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace behoud::app {

// Short texts one after the other; a text is known by where it lies, 0 is none.
class TextShelf {
 public:
  static constexpr std::size_t kTextBytesMax = 512;
  std::uint32_t add(std::string_view text);  // 0 where it is empty or the shelf is full (4 GiB)
  std::string_view at(std::uint32_t place) const {
    if (place == 0) return {};
    const auto low = static_cast<unsigned char>(bytes_[place]), high = static_cast<unsigned char>(bytes_[place + 1]);
    return std::string_view(bytes_).substr(place + 2, static_cast<std::size_t>(low) | std::size_t{high} << 8);
  }
  std::size_t bytes() const { return bytes_.capacity(); }
  void shrink() { bytes_.shrink_to_fit(); }

 private:
  std::string bytes_ = std::string(2, '\0');
};

// A set of customers.
class CustomerSet {
 public:
  explicit CustomerSet(std::size_t customers) : words_((customers + 63) / 64) {}
  void add(std::uint32_t c) { words_[c / 64] |= std::uint64_t{1} << (c % 64); }
  bool has(std::uint32_t c) const { return (words_[c / 64] >> (c % 64) & 1) != 0; }
  void keep(const CustomerSet& other);  // what both have
  void join(const CustomerSet& other);  // what either has
  std::size_t size() const;

 private:
  std::vector<std::uint64_t> words_;
};

class CustomerSearch {
 public:
  static constexpr std::size_t kValuesMax = 16;

  explicit CustomerSearch(std::size_t customers, std::uint64_t bytes_max = std::uint64_t{1} << 30);

  void add_email(std::uint32_t customer, std::string_view email);
  void add_name(std::uint32_t customer, std::string_view name);
  void add_phone(std::uint32_t customer, std::string_view phone);
  void add_order(std::uint32_t customer, std::string_view number);
  void finish();

  // What was typed, trimmed; requires that something was. Does not look at keys: the caller has them.
  CustomerSet find(std::string_view typed) const;

  // Who ordered under exactly this number or alias.
  std::vector<std::uint32_t> customers_of_order(std::string_view number) const;

  // Once finished: the value given last.
  std::string_view email(std::uint32_t customer) const { return shelf_.at(emails_.newest[customer]); }
  std::string_view name(std::uint32_t customer) const { return shelf_.at(names_.newest[customer]); }
  std::string_view phone(std::uint32_t customer) const { return shelf_.at(phones_.newest[customer]); }

  std::span<const std::string_view> left_out() const { return left_out_; }  // "order", "phone", "name"
  std::uint64_t bytes() const;

 private:
  struct Entry {
    std::uint32_t text, customer;
  };
  struct Number {  // of decimal digits, four bits each and 1 more, from the left
    std::uint64_t digits;
    std::uint32_t customer;
  };
  struct Values {
    std::vector<std::uint32_t> newest;                            // by customer
    std::vector<std::pair<std::uint32_t, std::uint32_t>> others;  // (customer, text), unsorted until finish()
  };
  void add(Values& values, std::uint32_t customer, std::string_view text);
  std::vector<Entry> entries_of(const Values& values) const;
  struct Keyed;  // an entry and the first bytes of its text
  static void sort_by_first(std::vector<Keyed>& keyed);
  void sort_by_text(std::vector<Entry>& entries) const;
  void find_prefix(std::span<const Entry> entries, std::string_view prefix, CustomerSet& found) const;
  void find_names(std::string_view typed, CustomerSet& found) const;
  void find_phones(std::string_view typed, CustomerSet& found) const;
  void index_names();
  void index_phones();

  std::size_t customers_;
  std::uint64_t bytes_max_;
  bool orders_ = true;
  TextShelf shelf_;
  Values emails_, names_, phones_;
  std::vector<Entry> by_email_, by_order_;
  // The words of names, ascending; word i's customers are postings_[word_begin_[i], word_begin_[i + 1]).
  std::vector<std::uint32_t> words_, word_begin_, postings_;
  std::vector<Number> by_phone_, by_phone_end_;
  std::vector<std::string_view> left_out_;
};

// An order's number as it is looked for: without # and case.
std::string order_key(std::string_view number);

// The digits of a phone number, without the 00 that stands for +; "" where the text is none.
std::string phone_digits(std::string_view text);

}  // namespace behoud::app
