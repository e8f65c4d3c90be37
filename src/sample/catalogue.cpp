#include <array>

#include <fmt/format.h>

#include "sample/shop.h"

namespace behoud::sample {
namespace {

// Prices with 9 % tax, costs without. Popular first within the shop: the draw over products falls off with the place.
constexpr std::array kProducts = std::to_array<Product>({
    {"COF-HOUSE-500", "House blend, 500 g", "Coffee", 1195, 480},
    {"COF-ESPR-1000", "Espresso beans, 1 kg", "Coffee", 2195, 930},
    {"COF-DECAF-500", "Decaf, 500 g", "Coffee", 1295, 540},
    {"FIL-V60-100", "Paper filters, 100", "Brewing", 695, 210},
    {"TEA-EARL-100", "Earl Grey, 100 g", "Tea", 895, 290},
    {"COF-ETH-250", "Ethiopia Guji, 250 g", "Coffee", 1095, 470},
    {"TEA-GREEN-100", "Sencha, 100 g", "Tea", 1095, 380},
    {"CHO-DARK-100", "Dark chocolate, 100 g", "Sweets", 395, 150},
    {"COF-COL-250", "Colombia Huila, 250 g", "Coffee", 995, 430},
    {"TEA-MINT-80", "Fresh mint, 80 g", "Tea", 645, 190},
    {"BIS-STROOP-8", "Syrup waffles, 8", "Sweets", 445, 160},
    {"COF-KEN-250", "Kenya Nyeri, 250 g", "Coffee", 1245, 560},
    {"TEA-ROOI-100", "Rooibos, 100 g", "Tea", 745, 230},
    {"MUG-WHITE-2", "White mugs, 2", "Table", 1895, 700},
    {"BREW-FRENCH-8", "French press, 8 cups", "Brewing", 3495, 1450},
    {"COF-GUA-250", "Guatemala Antigua, 250 g", "Coffee", 1045, 450},
    {"TEA-CHAI-100", "Chai, 100 g", "Tea", 945, 310},
    {"BREW-V60", "Pour-over dripper", "Brewing", 1695, 620},
    {"GRIND-HAND", "Hand grinder", "Brewing", 5995, 2750},
    {"CHO-MILK-100", "Milk chocolate, 100 g", "Sweets", 395, 145},
    {"TEA-DARJ-100", "Darjeeling first flush, 100 g", "Tea", 1695, 690},
    {"KETTLE-GOOSE", "Gooseneck kettle", "Brewing", 7995, 3900},
    {"COF-SUM-250", "Sumatra Mandheling, 250 g", "Coffee", 1095, 470},
    {"SCALE-COFFEE", "Coffee scale", "Brewing", 3995, 1750},
    {"TEA-WHITE-50", "White peony, 50 g", "Tea", 1395, 540},
    {"MUG-TRAVEL", "Travel mug, 350 ml", "Table", 2495, 980},
    {"SYR-VANILLA", "Vanilla syrup, 250 ml", "Sweets", 795, 260},
    {"BREW-AERO", "Hand press brewer", "Brewing", 3795, 1790},
    {"TEA-MATCHA-30", "Matcha, 30 g", "Tea", 2295, 950},
    {"COF-GEISHA-100", "Panama Geisha, 100 g", "Coffee", 3295, 1700},
    {"TEAPOT-1200", "Teapot, 1.2 l", "Table", 2995, 1180},
    {"MACH-CLEAN", "Machine cleaner, 500 g", "Brewing", 1495, 520},
    {"GIFT-BOX-S", "Gift box, small", "Gifts", 2450, 1050},
    {"GIFT-BOX-L", "Gift box, large", "Gifts", 4950, 2150},
    {"MACH-ESPR", "Espresso machine", "Brewing", 44900, 27500},
    {"GRIND-ELEC", "Electric grinder", "Brewing", 15900, 9200},
});
constexpr std::array<std::string_view, 7> kSources = {"organic",   "google-ads", "newsletter", "instagram",
                                                      "affiliate", "direct",     "referral"};
constexpr std::array<std::string_view, 5> kCountries = {"NL", "BE", "DE", "SE", "FR"};
constexpr std::array<std::string_view, 5> kCoupons = {"", "WELCOME10", "BLACKFRIDAY20", "COMEBACK15", "FRIEND5"};
constexpr std::array<std::string_view, 5> kReasons = {"too much coffee at home", "too expensive", "moved",
                                                      "other brand", "no reason given"};
constexpr std::array<std::string_view, 4> kTopics = {"where is my order", "damaged on arrival", "wrong item",
                                                     "question"};

}  // namespace

std::span<const Product> products() { return kProducts; }
std::span<const std::string_view> sources() { return kSources; }
std::span<const std::string_view> countries() { return kCountries; }
std::span<const std::string_view> coupons() { return kCoupons; }
std::string_view leaving_reason(std::uint8_t reason) { return kReasons[reason % kReasons.size()]; }
std::string_view ticket_topic(std::uint8_t topic) { return kTopics[topic % kTopics.size()]; }

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::kSubscribed:
      return "Subscribed";
    case Kind::kUnsubscribed:
      return "Unsubscribed";
    case Kind::kProductViewed:
      return "Product Viewed";
    case Kind::kProductAdded:
      return "Product Added";
    case Kind::kCheckoutStarted:
      return "Checkout Started";
    case Kind::kTicketOpened:
      return "Ticket Opened";
    case Kind::kTicketClosed:
      return "Ticket Closed";
    case Kind::kSurveyAnswered:
      return "Survey Answered";
  }
  return "";
}

std::string event_properties(const Event& event) {
  switch (event.kind) {
    case Kind::kProductViewed:
    case Kind::kProductAdded:
      return fmt::format(R"({{"sku":"{}"}})", kProducts[event.product].id);
    case Kind::kSurveyAnswered:
      return fmt::format(R"({{"survey":"nps","score":{}}})", event.value);
    case Kind::kTicketOpened:
    case Kind::kTicketClosed:
      return fmt::format(R"({{"topic":"{}"}})", ticket_topic(event.value));
    case Kind::kSubscribed:
    case Kind::kUnsubscribed:
      return R"({"list":"newsletter"})";
    case Kind::kCheckoutStarted:
      return "{}";
  }
  return "{}";
}

}  // namespace behoud::sample
