#include "ingest/shared_sign.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace behoud::ingest {
namespace {

constexpr struct {
  std::string_view text;  // compared ignoring the case of ASCII letters
  SharedSign sign;
} kTexts[] = {{"$", SharedSign::kDollar},      {"kr", SharedSign::kKrona},      {"kr.", SharedSign::kKrona},
              {"¥", SharedSign::kYen},         {"￥", SharedSign::kYen},        {"Rs", SharedSign::kRupee},
              {"Rs.", SharedSign::kRupee},     {"lei", SharedSign::kLeu},       {"din", SharedSign::kDinar},
              {"din.", SharedSign::kDinar},    {"Fr", SharedSign::kFranc},      {"Fr.", SharedSign::kFranc},
              {"dollar", SharedSign::kDollar}, {"dollars", SharedSign::kDollar}};

// By sign, in the order of the enumeration: the active codes of ISO 4217 whose unit is called so.
constexpr struct {
  std::string_view written, codes;
} kBearers[] = {
    {"", ""},
    {"$",
     "ARS AUD BBD BMD BND BRL BSD BZD CAD CLP COP CUP CVE DOP FJD GYD HKD JMD KYD LRD MOP MXN NAD NIO NZD SBD SGD "
     "SRD SVC TOP TTD TWD USD UYU WST XCD ZWL ZWG"},
    {"kr", "DKK ISK NOK SEK"},
    {"¥", "CNY JPY"},
    {"Rs", "INR LKR MUR NPR PKR SCR"},
    {"lei", "MDL RON"},
    {"din", "BAM BHD DZD IQD JOD KWD LYD MKD RSD TND"},
    {"Fr", "BIF CDF CHF DJF GNF KMF RWF XAF XOF XPF"},
};

}  // namespace

SharedSign shared_sign(std::string_view text) {
  text = trim(text);
  const auto* found =
      std::ranges::find_if(kTexts, [&](const auto& known) { return equal_ignoring_case(text, known.text); });
  return found == std::end(kTexts) ? SharedSign::kNone : found->sign;
}

std::string_view written(SharedSign sign) { return kBearers[static_cast<std::size_t>(sign)].written; }

bool may_bear(money::Currency currency, SharedSign sign) {
  if (sign == SharedSign::kNone || !currency.known()) return true;
  return kBearers[static_cast<std::size_t>(sign)].codes.find(currency.code()) != std::string_view::npos;
}

}  // namespace behoud::ingest
