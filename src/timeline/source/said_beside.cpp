#include "timeline/source/said_beside.h"

#include <algorithm>

namespace behoud::timeline {

Result<void> SaidBeside::add(std::uint32_t customer, const ledger::EventRecord& event, ledger::Seq seq) {
  SaidEvent said{.at_ms = event.at.at.ms, .seq = seq, .customer = customer, .date_only = event.at.date_only};
  TRY_ASSIGN(said.kind, kinds.code(event.kind));
  TRY_ASSIGN(said.source, sources.code(event.source));
  TRY_ASSIGN(said.campaign, campaigns.code(event.campaign));
  const bool first = ranges_.empty();
  first_ms_ = first ? said.at_ms : std::min(first_ms_, said.at_ms);
  last_ms_ = first ? said.at_ms : std::max(last_ms_, said.at_ms);
  const std::size_t range = customer / kRangeCustomers;
  if (range >= ranges_.size()) ranges_.resize(range + 1);
  ranges_[range].push_back(said);
  return {};
}

Result<void> SaidBeside::set(std::vector<Code>& codes, Dictionary& words, std::uint32_t customer,
                             std::string_view text) {
  if (text.empty()) return {};
  TRY_ASSIGN(const Code code, words.code(text));
  if (customer >= codes.size()) codes.resize(std::size_t{customer} + 1);
  codes[customer] = code;
  return {};
}

Result<void> SaidBeside::add(std::uint32_t customer, const ledger::CustomerRecord& record) {
  TRY(set(sources_of_, sources, customer, record.source));
  TRY(set(countries_of_, countries, customer, record.country));
  TRY(set(languages_of_, languages, customer, record.language));
  Consent consent = Consent::kNotSaid;
  if (record.consent) consent = *record.consent ? Consent::kGiven : Consent::kWithdrawn;
  if (record.unsubscribed.value_or(false)) consent = Consent::kWithdrawn;
  if (consent == Consent::kNotSaid) return {};
  if (customer >= consents_.size()) consents_.resize(std::size_t{customer} + 1);
  consents_[customer] = consent;
  return {};
}

const std::vector<SaidEvent>& SaidBeside::events(std::size_t range) const {
  static const std::vector<SaidEvent> kNone;
  return range < ranges_.size() ? ranges_[range] : kNone;
}

void SaidBeside::free(std::size_t range) {
  if (range < ranges_.size()) std::vector<SaidEvent>().swap(ranges_[range]);
}

}  // namespace behoud::timeline
