#pragma once

// What the ledger says of customers beside their orders, on its way into a timeline: events, parted by ranges of
// customers as they come, and what is known of each customer. Texts have codes of their own until the orders' words are
// known.
//
// Cost: 32 bytes an event (twice that while a range's list grows), 13 a customer of whom something is said.

#include <cstdint>
#include <vector>

#include "ledger/ledger.h"
#include "timeline/fold.h"
#include "timeline/internal/dictionary.h"

namespace behoud::timeline {

inline constexpr std::uint32_t kRangeCustomers = kBlockCustomers;  // of a segment of the base

struct SaidEvent {
  std::int64_t at_ms = 0;
  std::uint64_t seq = 0;
  std::uint32_t customer = 0;
  Code kind = 0, source = 0, campaign = 0;
  bool date_only = false;
};

class SaidBeside {
 public:
  enum class Consent : std::uint8_t { kNotSaid, kGiven, kWithdrawn };

  // Errors of both: kOutOfRange (a text beyond 4,096 bytes).
  Result<void> add(std::uint32_t customer, const ledger::EventRecord& event, ledger::Seq seq);
  // In the order in which it was said: of each field the last that states it holds.
  Result<void> add(std::uint32_t customer, const ledger::CustomerRecord& record);

  // Of customers [range * kRangeCustomers, ...), in the order in which they came.
  const std::vector<SaidEvent>& events(std::size_t range) const;
  void free(std::size_t range);  // its events are not asked for again; ranges may be freed side by side
  bool any_event() const { return !ranges_.empty(); }
  std::int64_t first_ms() const { return first_ms_; }  // of all events; requires any_event()
  std::int64_t last_ms() const { return last_ms_; }

  // 0 and kNotSaid of customers of whom nothing was said.
  Code source(std::uint32_t customer) const { return of(sources_of_, customer); }
  Code country(std::uint32_t customer) const { return of(countries_of_, customer); }
  Code language(std::uint32_t customer) const { return of(languages_of_, customer); }
  Consent consent(std::uint32_t customer) const {
    return customer < consents_.size() ? consents_[customer] : Consent::kNotSaid;
  }

  Dictionary kinds, sources, campaigns, countries, languages;

 private:
  static Code of(const std::vector<Code>& codes, std::uint32_t customer) {
    return customer < codes.size() ? codes[customer] : 0;
  }
  static Result<void> set(std::vector<Code>& codes, Dictionary& words, std::uint32_t customer, std::string_view text);

  std::vector<std::vector<SaidEvent>> ranges_;
  std::int64_t first_ms_ = 0, last_ms_ = 0;
  std::vector<Code> sources_of_, countries_of_, languages_of_;  // by customer, as far as anything was said
  std::vector<Consent> consents_;
};

}  // namespace behoud::timeline
