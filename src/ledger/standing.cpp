#include <algorithm>
#include <array>

#include "ledger/order.h"

namespace behoud::ledger {
namespace {

struct Word {
  std::string_view word;  // lower case, with '_' for blank, '-' and '_'
  Standing standing;
};

// Sorted by word (bytewise) at compile time. Left out on purpose, because they mean different things in different shops
// and so must be asked about: "open" (unpaid, or merely not archived), "closed" (Magento: refunded), "in_progress",
// "in_behandeling" and "in_bearbeitung" (of the order, or of its payment), "returned", "chargeback", "fraud".
constexpr auto kWords = [] {
  using enum Standing;
  auto words = std::to_array<Word>({
      // definitions.md: Shopify and WooCommerce
      {"paid", kCounts},
      {"partially_paid", kCounts},
      {"partially_refunded", kCounts},
      {"completed", kCounts},
      {"processing", kCounts},
      {"pending", kAwaited},
      {"authorized", kAwaited},
      {"on_hold", kAwaited},
      {"refunded", kRefunded},
      {"voided", kNot},
      {"expired", kNot},
      {"failed", kNot},
      {"cancelled", kNot},
      {"test", kTest},
      // WooCommerce, beside the core words
      {"checkout_draft", kNot},
      {"draft", kNot},
      {"auto_draft", kNot},
      {"trash", kNot},
      {"pending_payment", kAwaited},
      {"partial_payment", kCounts},
      {"partial_refund", kCounts},
      // Magento
      {"complete", kCounts},
      {"canceled", kNot},
      {"holded", kAwaited},
      {"payment_review", kAwaited},
      {"pending_paypal", kAwaited},
      {"paypal_canceled_reversal", kCounts},
      // PrestaShop
      {"payment_accepted", kCounts},
      {"remote_payment_accepted", kCounts},
      {"processing_in_progress", kCounts},
      {"preparation_in_progress", kCounts},
      {"on_backorder_(paid)", kCounts},
      {"on_backorder_(not_paid)", kAwaited},
      {"awaiting_bank_wire_payment", kAwaited},
      {"awaiting_check_payment", kAwaited},
      {"awaiting_cheque_payment", kAwaited},
      {"awaiting_paypal_payment", kAwaited},
      {"awaiting_cash_on_delivery_validation", kAwaited},
      {"awaiting_payment", kAwaited},
      {"payment_error", kNot},
      // Shopware
      {"paid_partially", kCounts},
      {"refunded_partially", kCounts},
      {"reminded", kAwaited},
      {"unconfirmed", kAwaited},
      // Lightspeed
      {"processing_awaiting_payment", kAwaited},
      {"processing_awaiting_shipment", kCounts},
      {"processing_awaiting_pickup", kCounts},
      {"processing_ready_for_pickup", kCounts},
      {"completed_shipped", kCounts},
      {"completed_picked_up", kCounts},
      {"not_paid", kAwaited},
      // Amazon, Bol.com
      {"unshipped", kCounts},
      {"partiallyshipped", kCounts},
      {"partially_shipped", kCounts},
      {"shipping", kCounts},
      {"shipped", kCounts},
      {"shipped_delivered_to_buyer", kCounts},
      {"shipped_picked_up", kCounts},
      {"shipped_out_for_delivery", kCounts},
      {"pendingavailability", kAwaited},
      {"pending_availability", kAwaited},
      {"pending_waiting_for_pick_up", kAwaited},
      {"unfulfillable", kNot},
      // Stripe
      {"succeeded", kCounts},
      {"incomplete", kAwaited},
      {"uncaptured", kAwaited},
      {"requires_action", kAwaited},
      {"requires_capture", kAwaited},
      {"requires_confirmation", kAwaited},
      {"requires_payment_method", kAwaited},
      {"partial_refunded", kCounts},
      // Common
      {"fulfilled", kCounts},
      {"delivered", kCounts},
      {"unpaid", kAwaited},
      {"fully_refunded", kRefunded},
      {"void", kNot},
      {"declined", kNot},
      {"rejected", kNot},
      {"abandoned", kNot},
      {"cancelled_by_customer", kNot},
      // Dutch
      {"betaald", kCounts},
      {"voltooid", kCounts},
      {"afgerond", kCounts},
      {"verzonden", kCounts},
      {"geleverd", kCounts},
      {"bezorgd", kCounts},
      {"afgeleverd", kCounts},
      {"deels_betaald", kCounts},
      {"gedeeltelijk_betaald", kCounts},
      {"deels_terugbetaald", kCounts},
      {"gedeeltelijk_terugbetaald", kCounts},
      {"betaling_aanvaard", kCounts},
      {"onbetaald", kAwaited},
      {"niet_betaald", kAwaited},
      {"openstaand", kAwaited},
      {"in_de_wacht", kAwaited},
      {"wachtend_op_betaling", kAwaited},
      {"wacht_op_betaling", kAwaited},
      {"geautoriseerd", kAwaited},
      {"terugbetaald", kRefunded},
      {"geannuleerd", kNot},
      {"verlopen", kNot},
      {"mislukt", kNot},
      // German
      {"bezahlt", kCounts},
      {"abgeschlossen", kCounts},
      {"versandt", kCounts},
      {"versendet", kCounts},
      {"geliefert", kCounts},
      {"zugestellt", kCounts},
      {"ausgeliefert", kCounts},
      {"teilweise_bezahlt", kCounts},
      {"teilweise_erstattet", kCounts},
      {"teilweise_zurückerstattet", kCounts},
      {"teilweise_rückerstattet", kCounts},
      {"zahlung_eingegangen", kCounts},
      {"unbezahlt", kAwaited},
      {"nicht_bezahlt", kAwaited},
      {"ausstehend", kAwaited},
      {"zahlung_ausstehend", kAwaited},
      {"warten_auf_zahlung", kAwaited},
      {"in_wartestellung", kAwaited},
      {"autorisiert", kAwaited},
      {"erstattet", kRefunded},
      {"rückerstattet", kRefunded},
      {"zurückerstattet", kRefunded},
      {"storniert", kNot},
      {"abgebrochen", kNot},
      {"abgelaufen", kNot},
      {"fehlgeschlagen", kNot},
      // Swedish
      {"betald", kCounts},
      {"slutförd", kCounts},
      {"färdigbehandlad", kCounts},
      {"behandlas", kCounts},
      {"skickad", kCounts},
      {"levererad", kCounts},
      {"delvis_betald", kCounts},
      {"delvis_återbetald", kCounts},
      {"betalning_accepterad", kCounts},
      {"obetald", kAwaited},
      {"väntar_på_betalning", kAwaited},
      {"inväntar_betalning", kAwaited},
      {"återbetald", kRefunded},
      {"annullerad", kNot},
      {"avbruten", kNot},
      {"avbeställd", kNot},
      {"makulerad", kNot},
      {"misslyckad", kNot},
      {"misslyckades", kNot},
  });
  std::sort(words.begin(), words.end(), [](const Word& a, const Word& b) { return a.word < b.word; });
  return words;
}();
static_assert(std::adjacent_find(kWords.begin(), kWords.end(),
                                 [](const Word& a, const Word& b) { return a.word == b.word; }) == kWords.end(),
              "a word has one meaning");

constexpr std::size_t kLongestWord = 64;

// The byte behind 0xC3 of the capitals from A with grave to thorn; x97 is the sign of multiplication.
constexpr bool is_latin_capital(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 && byte <= 0x9E && byte != 0x97;
}

}  // namespace

Standing standing_of(std::string_view status_word) {
  if (status_word.starts_with("wc-")) status_word.remove_prefix(3);
  if (status_word.empty()) return Standing::kCounts;
  if (status_word.size() > kLongestWord) return Standing::kUnknown;
  std::array<char, kLongestWord> folded;
  std::size_t size = 0;
  for (const char c : status_word) {
    const bool gap = c == ' ' || c == '-' || c == '_';
    if (gap && size > 0 && folded[size - 1] == '_') continue;  // "shipped - picked up"
    const bool capital = (c >= 'A' && c <= 'Z') || (size > 0 && folded[size - 1] == '\xC3' && is_latin_capital(c));
    folded[size++] = gap ? '_' : capital ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  const std::string_view word(folded.data(), size);
  const auto it = std::lower_bound(kWords.begin(), kWords.end(), word,
                                   [](const Word& w, std::string_view text) { return w.word < text; });
  return it != kWords.end() && it->word == word ? it->standing : Standing::kUnknown;
}

}  // namespace behoud::ledger
