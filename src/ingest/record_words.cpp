#include "ingest/record_words.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "ingest/dates.h"
#include "ingest/mapping.h"

namespace behoud::ingest {
namespace {

struct Meaning {
  std::string_view word, means;
};
template <std::size_t n>
std::string_view meaning(const Meaning (&words)[n], std::string_view text) {
  if (text.size() > 64) return {};
  const std::string squashed = squash(text);
  const auto it =
      std::find_if(std::begin(words), std::end(words), [&](const Meaning& w) { return w.word == squashed; });
  return it == std::end(words) ? std::string_view{} : it->means;
}

constexpr Meaning kFlags[] = {
    {"1", "y"},
    {"true", "y"},
    {"yes", "y"},
    {"y", "y"},
    {"ja", "y"},
    {"j", "y"},
    {"x", "y"},
    {"on", "y"},
    {"t", "y"},
    {"wahr", "y"},
    {"sant", "y"},
    {"waar", "y"},
    {"subscribed", "y"},
    {"granted", "y"},
    {"optin", "y"},
    {"optedin", "y"},
    {"ingeschreven", "y"},
    {"prenumererar", "y"},
    {"abonniert", "y"},
    {"aangemeld", "y"},
    {"angemeldet", "y"},
    {"confirmed", "y"},
    {"active", "y"},
    {"accepted", "y"},
    {"0", "n"},
    {"false", "n"},
    {"no", "n"},
    {"n", "n"},
    {"nee", "n"},
    {"nej", "n"},
    {"nein", "n"},
    {"off", "n"},
    {"f", "n"},
    {"falsch", "n"},
    {"falskt", "n"},
    {"onwaar", "n"},
    {"unsubscribed", "n"},
    {"notsubscribed", "n"},
    {"denied", "n"},
    {"optout", "n"},
    {"optedout", "n"},
    {"uitgeschreven", "n"},
    {"avregistrerad", "n"},
    {"avanmald", "n"},
    {"abgemeldet", "n"},
    {"afgemeld", "n"},
    {"never", "n"},
    {"declined", "n"},
    {"refused", "n"},
};

constexpr Meaning kKinds[] = {
    {"marketing", "marketing"},
    {"advertising", "marketing"},
    {"advertisement", "marketing"},
    {"ads", "marketing"},
    {"ad", "marketing"},
    {"adspend", "marketing"},
    {"reclame", "marketing"},
    {"advertenties", "marketing"},
    {"advertentie", "marketing"},
    {"reklam", "marketing"},
    {"annonser", "marketing"},
    {"annonsering", "marketing"},
    {"marknadsforing", "marketing"},
    {"werbung", "marketing"},
    {"anzeigen", "marketing"},
    {"sales", "sales"},
    {"verkoop", "sales"},
    {"forsaljning", "sales"},
    {"vertrieb", "sales"},
    {"verkauf", "sales"},
    {"support", "support"},
    {"service", "support"},
    {"customerservice", "support"},
    {"klantenservice", "support"},
    {"kundtjanst", "support"},
    {"kundservice", "support"},
    {"kundenservice", "support"},
    {"kundendienst", "support"},
    {"discount", "discount"},
    {"discounts", "discount"},
    {"coupon", "discount"},
    {"coupons", "discount"},
    {"korting", "discount"},
    {"kortingen", "discount"},
    {"rabatt", "discount"},
    {"rabatter", "discount"},
    {"rabatte", "discount"},
    {"gutschein", "discount"},
    {"gutscheine", "discount"},
    {"points", "points"},
    {"loyalty", "points"},
    {"loyaltypoints", "points"},
    {"punten", "points"},
    {"spaarpunten", "points"},
    {"poang", "points"},
    {"bonuspoang", "points"},
    {"punkte", "points"},
    {"treuepunkte", "points"},
    {"message", "message"},
    {"messages", "message"},
    {"messaging", "message"},
    {"email", "message"},
    {"mail", "message"},
    {"sms", "message"},
    {"bericht", "message"},
    {"berichten", "message"},
    {"meddelande", "message"},
    {"meddelanden", "message"},
    {"epost", "message"},
    {"nachricht", "message"},
    {"nachrichten", "message"},
    {"referral", "referral"},
    {"referrals", "referral"},
    {"aanbrengen", "referral"},
    {"doorverwijzing", "referral"},
    {"varvning", "referral"},
    {"rekommendation", "referral"},
    {"empfehlung", "referral"},
    {"empfehlungen", "referral"},
    {"other", "other"},
    {"overig", "other"},
    {"overige", "other"},
    {"anders", "other"},
    {"annat", "other"},
    {"ovrigt", "other"},
    {"ovriga", "other"},
    {"sonstiges", "other"},
    {"sonstige", "other"},
    {"andere", "other"},
};

constexpr Meaning kPurposes[] = {
    {"retention", "retention"},
    {"retain", "retention"},
    {"keeping", "retention"},
    {"keep", "retention"},
    {"customerretention", "retention"},
    {"behoud", "retention"},
    {"behouden", "retention"},
    {"klantbehoud", "retention"},
    {"retentie", "retention"},
    {"bibehallande", "retention"},
    {"bibehalla", "retention"},
    {"behalla", "retention"},
    {"kundvard", "retention"},
    {"kundlojalitet", "retention"},
    {"bindung", "retention"},
    {"kundenbindung", "retention"},
    {"kundenerhalt", "retention"},
    {"halten", "retention"},
    {"acquisition", "acquisition"},
    {"acquire", "acquisition"},
    {"winning", "acquisition"},
    {"newcustomers", "acquisition"},
    {"customeracquisition", "acquisition"},
    {"prospecting", "acquisition"},
    {"werving", "acquisition"},
    {"klantwerving", "acquisition"},
    {"klantenwerving", "acquisition"},
    {"werven", "acquisition"},
    {"acquisitie", "acquisition"},
    {"nieuweklanten", "acquisition"},
    {"nykund", "acquisition"},
    {"nykunder", "acquisition"},
    {"nyakunder", "acquisition"},
    {"kundanskaffning", "acquisition"},
    {"anskaffning", "acquisition"},
    {"varva", "acquisition"},
    {"akquise", "acquisition"},
    {"akquisition", "acquisition"},
    {"gewinnung", "acquisition"},
    {"neukunden", "acquisition"},
    {"neukundengewinnung", "acquisition"},
    {"kundengewinnung", "acquisition"},
};

constexpr Meaning kLanguages[] = {
    {"english", "en"},        {"engels", "en"},      {"engelska", "en"},     {"englisch", "en"},
    {"dutch", "nl"},          {"nederlands", "nl"},  {"nederlandska", "nl"}, {"hollandska", "nl"},
    {"niederlandisch", "nl"}, {"swedish", "sv"},     {"svenska", "sv"},      {"zweeds", "sv"},
    {"schwedisch", "sv"},     {"german", "de"},      {"deutsch", "de"},      {"duits", "de"},
    {"tyska", "de"},          {"french", "fr"},      {"frans", "fr"},        {"franska", "fr"},
    {"franzosisch", "fr"},    {"francais", "fr"},    {"spanish", "es"},      {"spaans", "es"},
    {"spanska", "es"},        {"spanisch", "es"},    {"italian", "it"},      {"italiaans", "it"},
    {"italienska", "it"},     {"italienisch", "it"}, {"danish", "da"},       {"deens", "da"},
    {"danska", "da"},         {"danisch", "da"},     {"dansk", "da"},        {"norwegian", "no"},
    {"noors", "no"},          {"norska", "no"},      {"norwegisch", "no"},   {"norsk", "no"},
    {"finnish", "fi"},        {"fins", "fi"},        {"finska", "fi"},       {"finnisch", "fi"},
    {"suomi", "fi"},
};

struct Unit {
  std::string_view word;
  std::int32_t months, days;
};
constexpr Unit kUnits[] = {
    {"month", 1, 0},
    {"months", 1, 0},
    {"monthly", 1, 0},
    {"m", 1, 0},
    {"mo", 1, 0},
    {"mon", 1, 0},
    {"maand", 1, 0},
    {"maanden", 1, 0},
    {"maandelijks", 1, 0},
    {"mnd", 1, 0},
    {"manad", 1, 0},
    {"manader", 1, 0},
    {"manadsvis", 1, 0},
    {"manatlig", 1, 0},
    {"man", 1, 0},
    {"monat", 1, 0},
    {"monate", 1, 0},
    {"monaten", 1, 0},
    {"monatlich", 1, 0},
    {"quarter", 3, 0},
    {"quarters", 3, 0},
    {"quarterly", 3, 0},
    {"kwartaal", 3, 0},
    {"kwartalen", 3, 0},
    {"kvartal", 3, 0},
    {"kvartalsvis", 3, 0},
    {"quartal", 3, 0},
    {"quartale", 3, 0},
    {"quartalsweise", 3, 0},
    {"vierteljahr", 3, 0},
    {"vierteljahrlich", 3, 0},
    {"halfyear", 6, 0},
    {"halfyearly", 6, 0},
    {"semiannual", 6, 0},
    {"semiannually", 6, 0},
    {"halfjaar", 6, 0},
    {"halfjaarlijks", 6, 0},
    {"halvar", 6, 0},
    {"halvarsvis", 6, 0},
    {"halbjahr", 6, 0},
    {"halbjahrlich", 6, 0},
    {"year", 12, 0},
    {"years", 12, 0},
    {"yearly", 12, 0},
    {"annual", 12, 0},
    {"annually", 12, 0},
    {"y", 12, 0},
    {"yr", 12, 0},
    {"jaar", 12, 0},
    {"jaren", 12, 0},
    {"jaarlijks", 12, 0},
    {"ar", 12, 0},
    {"arsvis", 12, 0},
    {"arlig", 12, 0},
    {"arligen", 12, 0},
    {"jahr", 12, 0},
    {"jahre", 12, 0},
    {"jahren", 12, 0},
    {"jahrlich", 12, 0},
    {"week", 0, 7},
    {"weeks", 0, 7},
    {"weekly", 0, 7},
    {"w", 0, 7},
    {"weken", 0, 7},
    {"wekelijks", 0, 7},
    {"vecka", 0, 7},
    {"veckor", 0, 7},
    {"veckovis", 0, 7},
    {"woche", 0, 7},
    {"wochen", 0, 7},
    {"wochentlich", 0, 7},
    {"fortnight", 0, 14},
    {"fortnightly", 0, 14},
    {"day", 0, 1},
    {"days", 0, 1},
    {"daily", 0, 1},
    {"d", 0, 1},
    {"dag", 0, 1},
    {"dagen", 0, 1},
    {"dagelijks", 0, 1},
    {"dagar", 0, 1},
    {"dagligen", 0, 1},
    {"tag", 0, 1},
    {"tage", 0, 1},
    {"tagen", 0, 1},
    {"taglich", 0, 1},
};
constexpr std::int64_t kUnitsMax = 1200;

std::optional<MonthSpan> month_of_year(std::int64_t year, std::int64_t month) {
  if (year < 1990 || year > 2199 || month < 1 || month > 12) return std::nullopt;
  const int y = static_cast<int>(year);
  const auto m = static_cast<unsigned>(month);
  return MonthSpan{calendar::civil(y, m, 1), calendar::civil(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1)};
}

}  // namespace

std::optional<bool> parse_flag(std::string_view text) {
  const std::string_view found = meaning(kFlags, trim(text));
  if (found.empty()) return std::nullopt;
  return found == "y";
}

std::string_view cost_kind(std::string_view text) { return meaning(kKinds, text); }
std::string_view cost_purpose(std::string_view text) { return meaning(kPurposes, text); }

std::optional<MonthSpan> parse_month(std::string_view text) {
  text = trim(text);
  if (text.size() < 6 || text.size() > 24) return std::nullopt;
  if (is_digit(text[0])) {  // 2024-03, 3/2024
    const std::size_t mark = text.find_first_of("-/.");
    if (mark == std::string_view::npos) return std::nullopt;
    const std::string_view a = text.substr(0, mark), b = text.substr(mark + 1);
    const bool year_first = a.size() == 4 && (b.size() == 1 || b.size() == 2);
    const bool year_last = b.size() == 4 && a.size() <= 2;
    if (!year_first && !year_last) return std::nullopt;
    if (!is_digit(b[0])) return std::nullopt;
    const auto x = parse_integer(a), y = parse_integer(b);
    if (!x || !y) return std::nullopt;
    return year_first ? month_of_year(*x, *y) : month_of_year(*y, *x);
  }
  // "March 2024": a year of four digits behind a word, which makes a date of "1 March 2024".
  const std::string_view year = text.substr(text.size() - 4);
  if (!std::all_of(year.begin(), year.end(), is_digit) || is_digit(text[text.size() - 5])) return std::nullopt;
  if (std::any_of(text.begin(), text.end() - 4, is_digit)) return std::nullopt;
  const auto parts = scan_date("1 " + std::string(text));
  if (!parts || parts->family != DateFamily::kNames || parts->has_time) return std::nullopt;
  return month_of_year(parts->a, parts->b);
}

std::optional<Interval> parse_interval(std::string_view text) {
  if (text.size() > 40) return std::nullopt;
  std::string word = squash(text);
  const auto count = [](std::string_view s, std::size_t& at) -> std::int64_t {
    std::int64_t n = 0;
    const std::size_t begin = at;
    while (at < s.size() && is_digit(s[at]) && at - begin < 5) n = n * 10 + (s[at++] - '0');
    return at == begin ? -1 : n;
  };
  text = trim(text);
  if (text.starts_with('-')) return std::nullopt;
  // ISO 8601 durations: P1M, P1Y6M, P30D, P2W.
  if (word.size() >= 3 && word[0] == 'p' && is_digit(word[1])) {
    if (word.size() != text.size()) return std::nullopt;  // "P1.5M"
    Interval sum;
    for (std::size_t at = 1; at < word.size();) {
      const std::int64_t n = count(word, at);
      if (n < 0 || n > kUnitsMax || at >= word.size()) return std::nullopt;
      const auto units = static_cast<std::int32_t>(n);
      switch (word[at++]) {
        case 'y':
          sum.months += 12 * units;
          break;
        case 'm':
          sum.months += units;
          break;
        case 'w':
          sum.days += 7 * units;
          break;
        case 'd':
          sum.days += units;
          break;
        default:
          return std::nullopt;
      }
    }
    if ((sum.months > 0) == (sum.days > 0)) return std::nullopt;  // nothing, or both: no length of its own
    return sum;
  }
  for (const std::string_view every : {"every", "each", "elke", "iedere", "per", "varje", "var", "alla", "jeden",
                                       "jedes", "jede", "alle", "pro", "a", "om"}) {
    if (word.size() > every.size() && word.starts_with(every)) {
      const std::string_view rest = std::string_view(word).substr(every.size());
      const bool known = is_digit(rest[0]) || std::any_of(std::begin(kUnits), std::end(kUnits),
                                                          [&](const Unit& u) { return u.word == rest; });
      if (known) {
        word.erase(0, every.size());
        break;
      }
    }
  }
  // One number, and a whole one: "1.5 months" and "3-6 months" are squashed to what they are not.
  std::size_t runs = 0;
  for (std::size_t i = 0; i < text.size(); ++i) runs += is_digit(text[i]) && (i == 0 || !is_digit(text[i - 1])) ? 1 : 0;
  if (runs > 1) return std::nullopt;
  std::size_t at = 0;
  std::int64_t n = count(word, at);
  if (n < 0) n = 1;
  const std::string_view unit = std::string_view(word).substr(at);
  if (n < 1 || n > kUnitsMax) return std::nullopt;
  for (const Unit& u : kUnits) {
    if (unit == u.word) {
      return Interval{static_cast<std::int32_t>(n) * u.months, static_cast<std::int32_t>(n) * u.days};
    }
  }
  return std::nullopt;
}

std::string_view language_code(std::string_view text, std::string& out) {
  const std::string_view s = trim(text);
  const auto letter = [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; };
  if (s.size() >= 2 && letter(s[0]) && letter(s[1]) && (s.size() == 2 || s[2] == '-' || s[2] == '_')) {
    out = to_lower(s.substr(0, 2));
    return out;
  }
  const std::string_view known = meaning(kLanguages, s);
  return known.empty() ? s : known;
}

}  // namespace behoud::ingest
