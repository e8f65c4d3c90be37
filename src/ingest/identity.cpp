#include "ingest/identity.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>

#include "base/text.h"
#include "ingest/mapping.h"

namespace behoud::ingest {
namespace {

// ISO 3166-1: alpha-2, alpha-3, the country's calling code (ITU-T E.164; "" where the trunk prefix is not a plain 0 or
// none, so that a national number cannot be turned into an international one), and names squashed, blank-separated.
struct Country {
  std::string_view alpha2, alpha3, calling, names;
};
constexpr Country kCountries[] = {
    {"AD", "AND", "376", "andorra"},
    {"AE", "ARE", "971",
     "unitedarabemirates verenigdearabischeemiraten forenadearabemiraten vereinigtearabischeemirate"},
    {"AF", "AFG", "93", "afghanistan"},
    {"AG", "ATG", "", "antiguaandbarbuda"},
    {"AI", "AIA", "", "anguilla"},
    {"AL", "ALB", "355", "albania albanie albanien"},
    {"AM", "ARM", "374", "armenia armenie armenien"},
    {"AO", "AGO", "244", "angola"},
    {"AQ", "ATA", "", "antarctica"},
    {"AR", "ARG", "", "argentina argentinie argentinien"},
    {"AS", "ASM", "", "americansamoa"},
    {"AT", "AUT", "43", "austria oostenrijk osterrike osterreich oesterreich"},
    {"AU", "AUS", "61", "australia australie australien"},
    {"AW", "ABW", "297", "aruba"},
    {"AX", "ALA", "", "alandislands aland"},
    {"AZ", "AZE", "994", "azerbaijan azerbeidzjan azerbajdzjan aserbaidschan"},
    {"BA", "BIH", "387", "bosniaandherzegovina bosnieenherzegovina bosnienochhercegovina bosnienundherzegowina"},
    {"BB", "BRB", "", "barbados"},
    {"BD", "BGD", "880", "bangladesh bangladesch"},
    {"BE", "BEL", "32", "belgium belgie belgien belgique"},
    {"BF", "BFA", "", "burkinafaso"},
    {"BG", "BGR", "359", "bulgaria bulgarije bulgarien"},
    {"BH", "BHR", "973", "bahrain bahrein"},
    {"BI", "BDI", "", "burundi"},
    {"BJ", "BEN", "", "benin"},
    {"BL", "BLM", "", "saintbarthelemy"},
    {"BM", "BMU", "", "bermuda"},
    {"BN", "BRN", "673", "brunei bruneidarussalam"},
    {"BO", "BOL", "", "bolivia bolivien"},
    {"BQ", "BES", "", "bonaire caribischnederland"},
    {"BR", "BRA", "", "brazil brazilie brasilien brasil"},
    {"BS", "BHS", "", "bahamas"},
    {"BT", "BTN", "", "bhutan"},
    {"BV", "BVT", "", "bouvetisland"},
    {"BW", "BWA", "", "botswana"},
    {"BY", "BLR", "", "belarus witrusland vitryssland weissrussland"},
    {"BZ", "BLZ", "", "belize"},
    {"CA", "CAN", "", "canada kanada"},
    {"CC", "CCK", "", "cocosislands"},
    {"CD", "COD", "", "democraticrepublicofthecongo"},
    {"CF", "CAF", "", "centralafricanrepublic"},
    {"CG", "COG", "", "congo"},
    {"CH", "CHE", "41", "switzerland zwitserland schweiz suisse svizzera"},
    {"CI", "CIV", "", "cotedivoire ivoorkust elfenbenskusten elfenbeinkuste"},
    {"CK", "COK", "", "cookislands"},
    {"CL", "CHL", "56", "chile chili"},
    {"CM", "CMR", "", "cameroon kameroen kamerun"},
    {"CN", "CHN", "86", "china kina"},
    {"CO", "COL", "57", "colombia kolumbien"},
    {"CR", "CRI", "506", "costarica"},
    {"CU", "CUB", "", "cuba kuba"},
    {"CV", "CPV", "", "capeverde"},
    {"CW", "CUW", "599", "curacao"},
    {"CX", "CXR", "", "christmasisland"},
    {"CY", "CYP", "357", "cyprus cypern zypern"},
    {"CZ", "CZE", "420", "czechrepublic czechia tsjechie tjeckien tschechien cesko tschechischerepublik"},
    {"DE", "DEU", "49", "germany duitsland tyskland deutschland allemagne"},
    {"DJ", "DJI", "", "djibouti"},
    {"DK", "DNK", "45", "denmark denemarken danmark danemark"},
    {"DM", "DMA", "", "dominica"},
    {"DO", "DOM", "", "dominicanrepublic"},
    {"DZ", "DZA", "213", "algeria algerije algeriet algerien"},
    {"EC", "ECU", "", "ecuador"},
    {"EE", "EST", "372", "estonia estland eesti"},
    {"EG", "EGY", "20", "egypt egypte egypten agypten"},
    {"EH", "ESH", "", "westernsahara"},
    {"ER", "ERI", "", "eritrea"},
    {"ES", "ESP", "34", "spain spanje spanien espana"},
    {"ET", "ETH", "251", "ethiopia ethiopie etiopien athiopien"},
    {"FI", "FIN", "358", "finland finnland suomi"},
    {"FJ", "FJI", "", "fiji"},
    {"FK", "FLK", "", "falklandislands"},
    {"FM", "FSM", "", "micronesia"},
    {"FO", "FRO", "298", "faroeislands faroer"},
    {"FR", "FRA", "33", "france frankrijk frankrike frankreich"},
    {"GA", "GAB", "", "gabon"},
    {"GB", "GBR", "44",
     "unitedkingdom greatbritain verenigdkoninkrijk grootbrittannie storbritannien "
     "vereinigteskonigreich grossbritannien england scotland wales uk"},
    {"GD", "GRD", "", "grenada"},
    {"GE", "GEO", "995", "georgia georgie georgien"},
    {"GF", "GUF", "", "frenchguiana"},
    {"GG", "GGY", "", "guernsey"},
    {"GH", "GHA", "233", "ghana"},
    {"GI", "GIB", "350", "gibraltar"},
    {"GL", "GRL", "299", "greenland groenland gronland"},
    {"GM", "GMB", "", "gambia"},
    {"GN", "GIN", "", "guinea"},
    {"GP", "GLP", "", "guadeloupe"},
    {"GQ", "GNQ", "", "equatorialguinea"},
    {"GR", "GRC", "30", "greece griekenland grekland griechenland"},
    {"GS", "SGS", "", "southgeorgia"},
    {"GT", "GTM", "502", "guatemala"},
    {"GU", "GUM", "", "guam"},
    {"GW", "GNB", "", "guineabissau"},
    {"GY", "GUY", "", "guyana"},
    {"HK", "HKG", "852", "hongkong"},
    {"HM", "HMD", "", "heardisland"},
    {"HN", "HND", "504", "honduras"},
    {"HR", "HRV", "385", "croatia kroatie kroatien hrvatska"},
    {"HT", "HTI", "", "haiti"},
    {"HU", "HUN", "", "hungary hongarije ungern ungarn magyarorszag"},
    {"ID", "IDN", "62", "indonesia indonesie indonesien"},
    {"IE", "IRL", "353", "ireland ierland irland"},
    {"IL", "ISR", "972", "israel"},
    {"IM", "IMN", "", "isleofman"},
    {"IN", "IND", "91", "india indien"},
    {"IO", "IOT", "", "britishindianoceanterritory"},
    {"IQ", "IRQ", "964", "iraq irak"},
    {"IR", "IRN", "98", "iran"},
    {"IS", "ISL", "354", "iceland ijsland island"},
    {"IT", "ITA", "", "italy italie italien italia"},  // the trunk 0 stays in Italy
    {"JE", "JEY", "", "jersey"},
    {"JM", "JAM", "", "jamaica"},
    {"JO", "JOR", "962", "jordan jordanie jordanien"},
    {"JP", "JPN", "81", "japan"},
    {"KE", "KEN", "254", "kenya kenia"},
    {"KG", "KGZ", "", "kyrgyzstan"},
    {"KH", "KHM", "855", "cambodia cambodja kambodja kambodscha"},
    {"KI", "KIR", "", "kiribati"},
    {"KM", "COM", "", "comoros"},
    {"KN", "KNA", "", "saintkittsandnevis"},
    {"KP", "PRK", "", "northkorea"},
    {"KR", "KOR", "82", "southkorea zuidkorea sydkorea sudkorea republicofkorea korea"},
    {"KW", "KWT", "965", "kuwait koeweit"},
    {"KY", "CYM", "", "caymanislands"},
    {"KZ", "KAZ", "", "kazakhstan kazachstan kazakstan kasachstan"},
    {"LA", "LAO", "", "laos"},
    {"LB", "LBN", "961", "lebanon libanon"},
    {"LC", "LCA", "", "saintlucia"},
    {"LI", "LIE", "423", "liechtenstein"},
    {"LK", "LKA", "94", "srilanka"},
    {"LR", "LBR", "", "liberia"},
    {"LS", "LSO", "", "lesotho"},
    {"LT", "LTU", "", "lithuania litouwen litauen lietuva"},
    {"LU", "LUX", "352", "luxembourg luxemburg"},
    {"LV", "LVA", "371", "latvia letland lettland latvija"},
    {"LY", "LBY", "", "libya libie libyen"},
    {"MA", "MAR", "212", "morocco marokko marocko"},
    {"MC", "MCO", "377", "monaco"},
    {"MD", "MDA", "373", "moldova moldavie moldavien moldawien"},
    {"ME", "MNE", "382", "montenegro"},
    {"MF", "MAF", "", "saintmartin"},
    {"MG", "MDG", "", "madagascar"},
    {"MH", "MHL", "", "marshallislands"},
    {"MK", "MKD", "389", "northmacedonia macedonia noordmacedonie nordmakedonien nordmazedonien"},
    {"ML", "MLI", "", "mali"},
    {"MM", "MMR", "", "myanmar"},
    {"MN", "MNG", "", "mongolia mongolie mongoliet mongolei"},
    {"MO", "MAC", "", "macao macau"},
    {"MP", "MNP", "", "northernmarianaislands"},
    {"MQ", "MTQ", "", "martinique"},
    {"MR", "MRT", "", "mauritania"},
    {"MS", "MSR", "", "montserrat"},
    {"MT", "MLT", "356", "malta"},
    {"MU", "MUS", "", "mauritius"},
    {"MV", "MDV", "960", "maldives"},
    {"MW", "MWI", "", "malawi"},
    {"MX", "MEX", "", "mexico mexiko"},
    {"MY", "MYS", "60", "malaysia maleisie"},
    {"MZ", "MOZ", "", "mozambique"},
    {"NA", "NAM", "264", "namibia namibie"},
    {"NC", "NCL", "", "newcaledonia"},
    {"NE", "NER", "", "niger"},
    {"NF", "NFK", "", "norfolkisland"},
    {"NG", "NGA", "234", "nigeria"},
    {"NI", "NIC", "505", "nicaragua"},
    {"NL", "NLD", "31", "netherlands thenetherlands nederland nederlanderna niederlande holland paysbas"},
    {"NO", "NOR", "47", "norway noorwegen norge norwegen"},
    {"NP", "NPL", "977", "nepal"},
    {"NR", "NRU", "", "nauru"},
    {"NU", "NIU", "", "niue"},
    {"NZ", "NZL", "64", "newzealand nieuwzeeland nyazeeland neuseeland"},
    {"OM", "OMN", "968", "oman"},
    {"PA", "PAN", "507", "panama"},
    {"PE", "PER", "51", "peru"},
    {"PF", "PYF", "", "frenchpolynesia"},
    {"PG", "PNG", "", "papuanewguinea"},
    {"PH", "PHL", "63", "philippines filipijnen filippinerna philippinen"},
    {"PK", "PAK", "92", "pakistan"},
    {"PL", "POL", "48", "poland polen polska"},
    {"PM", "SPM", "", "saintpierreandmiquelon"},
    {"PN", "PCN", "", "pitcairn"},
    {"PR", "PRI", "", "puertorico"},
    {"PS", "PSE", "", "palestine"},
    {"PT", "PRT", "351", "portugal"},
    {"PW", "PLW", "", "palau"},
    {"PY", "PRY", "", "paraguay"},
    {"QA", "QAT", "974", "qatar katar"},
    {"RE", "REU", "262", "reunion"},
    {"RO", "ROU", "40", "romania roemenie rumanien"},
    {"RS", "SRB", "381", "serbia servie serbien"},
    {"RU", "RUS", "", "russia russianfederation rusland ryssland russland"},
    {"RW", "RWA", "", "rwanda"},
    {"SA", "SAU", "966", "saudiarabia saoediarabie saudiarabien"},
    {"SB", "SLB", "", "solomonislands"},
    {"SC", "SYC", "", "seychelles"},
    {"SD", "SDN", "", "sudan"},
    {"SE", "SWE", "46", "sweden zweden sverige schweden"},
    {"SG", "SGP", "65", "singapore singapur"},
    {"SH", "SHN", "", "sainthelena"},
    {"SI", "SVN", "386", "slovenia slovenie slovenien slowenien slovenija"},
    {"SJ", "SJM", "", "svalbard"},
    {"SK", "SVK", "421", "slovakia slowakije slovakien slowakei slovensko"},
    {"SL", "SLE", "", "sierraleone"},
    {"SM", "SMR", "", "sanmarino"},
    {"SN", "SEN", "221", "senegal"},
    {"SO", "SOM", "", "somalia"},
    {"SR", "SUR", "597", "suriname surinam"},
    {"SS", "SSD", "", "southsudan"},
    {"ST", "STP", "", "saotomeandprincipe"},
    {"SV", "SLV", "503", "elsalvador"},
    {"SX", "SXM", "", "sintmaarten"},
    {"SY", "SYR", "963", "syria syrie syrien"},
    {"SZ", "SWZ", "", "eswatini swaziland"},
    {"TC", "TCA", "", "turksandcaicosislands"},
    {"TD", "TCD", "", "chad"},
    {"TF", "ATF", "", "frenchsouthernterritories"},
    {"TG", "TGO", "", "togo"},
    {"TH", "THA", "66", "thailand"},
    {"TJ", "TJK", "", "tajikistan"},
    {"TK", "TKL", "", "tokelau"},
    {"TL", "TLS", "", "timorleste"},
    {"TM", "TKM", "", "turkmenistan"},
    {"TN", "TUN", "216", "tunisia tunesie tunisien tunesien"},
    {"TO", "TON", "", "tonga"},
    {"TR", "TUR", "90", "turkey turkije turkiet turkei turkiye"},
    {"TT", "TTO", "", "trinidadandtobago"},
    {"TV", "TUV", "", "tuvalu"},
    {"TW", "TWN", "886", "taiwan"},
    {"TZ", "TZA", "255", "tanzania"},
    {"UA", "UKR", "380", "ukraine oekraine ukraina"},
    {"UG", "UGA", "256", "uganda oeganda"},
    {"UM", "UMI", "", "usminoroutlyingislands"},
    {"US", "USA", "",
     "unitedstates unitedstatesofamerica verenigdestaten forentastaterna vereinigtestaaten "
     "vereinigtestaatenvonamerika usa"},
    {"UY", "URY", "598", "uruguay"},
    {"UZ", "UZB", "", "uzbekistan"},
    {"VA", "VAT", "", "vaticancity holysee"},
    {"VC", "VCT", "", "saintvincentandthegrenadines"},
    {"VE", "VEN", "58", "venezuela"},
    {"VG", "VGB", "", "britishvirginislands"},
    {"VI", "VIR", "", "usvirginislands"},
    {"VN", "VNM", "84", "vietnam"},
    {"VU", "VUT", "", "vanuatu"},
    {"WF", "WLF", "", "wallisandfutuna"},
    {"WS", "WSM", "", "samoa"},
    {"XK", "XKX", "383", "kosovo"},
    {"YE", "YEM", "", "yemen"},
    {"YT", "MYT", "", "mayotte"},
    {"ZA", "ZAF", "27", "southafrica zuidafrika sydafrika sudafrika"},
    {"ZM", "ZMB", "260", "zambia"},
    {"ZW", "ZWE", "263", "zimbabwe"},
};

const std::unordered_map<std::string_view, const Country*>& countries_by_text() {
  static const auto* const map = [] {
    auto* m = new std::unordered_map<std::string_view, const Country*>;
    for (const Country& c : kCountries) {
      m->emplace(c.alpha3, &c);
      std::string_view names = c.names;
      while (!names.empty()) {
        const std::size_t end = std::min(names.find(' '), names.size());
        if (end > 0) m->emplace(names.substr(0, end), &c);
        names.remove_prefix(std::min(end + 1, names.size()));
      }
    }
    return m;
  }();
  return *map;
}

constexpr std::size_t code_of(char a, char b) {  // of two capitals
  return static_cast<std::size_t>(a - 'A') * 26 + static_cast<std::size_t>(b - 'A');
}

// Of each of the 676 codes its place in the table, one up; 0: it is none.
constexpr auto kPlaces = [] {
  std::array<std::uint16_t, 26 * 26> places{};
  std::uint16_t place = 0;
  for (const Country& c : kCountries) {
    places[code_of(c.alpha2[0], c.alpha2[1])] = ++place;
  }
  return places;
}();

const Country* find_alpha2(std::string_view alpha2) {
  const char a = alpha2[0], b = alpha2[1];
  if (a < 'A' || a > 'Z' || b < 'A' || b > 'Z') return nullptr;
  const std::uint16_t place = kPlaces[code_of(a, b)];
  return place == 0 ? nullptr : &kCountries[place - 1];
}

constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

}  // namespace

std::string_view customer_id(std::string_view cell) {
  const std::string_view id = trim(cell);
  if (id.empty() || id == "0" || id == "-") return {};
  if (id.size() == 5 && equal_ignoring_case(id, "guest")) return {};
  return id;
}

std::string_view customer_of_source(std::string_view source, std::string_view id, std::string& out) {
  if (source.empty()) return id;
  out.assign(source);
  out += ':';
  out += id;
  return out;
}

bool is_email(std::string_view cell) {
  const std::string_view s = trim(cell);
  if (s.size() < 3 || s.size() > 254) return false;
  const std::size_t at = s.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == s.size()) return false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const auto c = static_cast<unsigned char>(s[i]);
    if (c <= ' ' || c == 0x7F || c == ',' || c == ';' || c == '<' || c == '>' || (c == '@' && i != at)) return false;
  }
  return true;
}

std::string_view normalise_email_cell(std::string_view cell, std::string& out) {
  std::string_view s = trim(cell);
  if (s.empty()) return {};
  if (s.back() == '>') {  // Customer 1 <customer1@example.com>
    const std::size_t open = s.rfind('<');
    if (open == std::string_view::npos) return {};
    s = trim(s.substr(open + 1, s.size() - open - 2));
  }
  if (s.size() > 7 && equal_ignoring_case(s.substr(0, 7), "mailto:")) s.remove_prefix(7);
  if (!is_email(s)) return {};
  out.resize(s.size());
  std::transform(s.begin(), s.end(), out.begin(), [](char c) { return lower(c); });
  return out;
}

std::string_view normalise_phone(std::string_view cell, std::string_view country, std::string& out) {
  std::string_view s = trim(cell);
  if (!s.empty() && s[0] == '\'') s.remove_prefix(1);
  out.clear();
  bool plus = false;
  std::size_t open_zero = std::string::npos;  // "+31 (0)6": the 0 in brackets is not dialled
  for (std::size_t i = 0; i < s.size(); ++i) {
    const char c = s[i];
    if (is_digit(c)) {
      out += c;
    } else if (c == '+') {
      if (!out.empty() || plus) return {};
      plus = true;
    } else if (s.substr(i).starts_with("(0)")) {
      open_zero = out.size();
      i += 2;
    } else {
      // Blanks, dashes and brackets may stay, no-break ones too; letters may not.
      const auto byte = static_cast<unsigned char>(c);
      const bool stays = byte < 0x80 ? std::string_view(" -./()\t").find(c) != std::string_view::npos
                                     : byte < 0xC3 || s.substr(i).starts_with("\xE2\x80");
      if (!stays) return {};
    }
  }
  if (!plus && out.starts_with("00")) {
    out.erase(0, 2);
    if (open_zero != std::string::npos && open_zero >= 2) open_zero -= 2;
    plus = true;
  }
  if (open_zero != std::string::npos && !plus) out.insert(open_zero, 1, '0');
  if (out.size() < 6 || out.size() > 15) return {};
  if (!plus) {
    const Country* const known = country.size() == 2 ? find_alpha2(country) : nullptr;
    if (known == nullptr || known->calling.empty()) return out;
    if (out[0] == '0') {
      out.erase(0, 1);
    } else if (out.starts_with(known->calling) && out.size() > known->calling.size() + 7) {
      out.insert(0, 1, '+');  // international, its plus lost to a spreadsheet
      return out;
    }
    out.insert(0, known->calling);
  }
  out.insert(0, 1, '+');
  return out;
}

bool is_country_code(std::string_view alpha2) { return alpha2.size() == 2 && find_alpha2(alpha2) != nullptr; }

std::string_view country_code(std::string_view cell) {
  const std::string_view s = trim(cell);
  if (s.size() < 2) return s;
  if (s.size() == 2) {
    const char code[2] = {upper(s[0]), upper(s[1])};
    if (code[0] == 'U' && code[1] == 'K') return "GB";
    const Country* const found = find_alpha2({code, 2});
    return found != nullptr ? found->alpha2 : s;
  }
  if (s.size() > 60) return s;
  const auto& map = countries_by_text();
  if (s.size() == 3) {
    const char code[3] = {upper(s[0]), upper(s[1]), upper(s[2])};
    if (const auto it = map.find(std::string_view(code, 3)); it != map.end()) return it->second->alpha2;
  }
  const std::string folded = squash(s);
  if (const auto it = map.find(folded); it != map.end()) return it->second->alpha2;
  return s;
}

}  // namespace behoud::ingest
