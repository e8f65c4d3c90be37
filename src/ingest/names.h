#pragma once

// What columns of order files are called, in English, Dutch, Swedish and German, and which shop systems export which
// set of columns. Headers are compared squashed (mapping.h), so case, accents, blanks and underscores do not matter.
//
// A preset is a fact about one system's export: columns that tell it apart, what each column is, and how the export
// states money. Where the names come from is recorded in testdata/exports/README.md.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/orders.h"
#include "money/money.h"

namespace behoud::ingest {

// What a header may be known by, squashed, in the order to try: the whole; without a bracketed part; without a currency
// code or "utc" at the end. `factor`: how much of a name's strength remains.
struct HeaderForm {
  std::string squashed;
  double factor = 1;
};
std::vector<HeaderForm> header_forms(std::string_view header);

struct NameHit {
  Role role = Role::kCustomer;
  double strength = 0;  // (0, 1]: how surely a column of this name is that
  bool net = false;     // an amount without tax
};

// What a column of that header can be, strongest first; empty: the name is not known. The first of its forms that is
// known decides: "Amount (EUR)", "Created (UTC)", "Belopp SEK".
std::vector<NameHit> known_names(std::string_view header);
// The currency that a header states: "Amount (EUR)", "Belopp SEK". None where it states none.
money::Currency header_currency(std::string_view header);
// "Created (UTC)", "paid_at_gmt".
bool header_says_utc(std::string_view header);

// How the revenue of an order follows from its columns (order_money.h).
enum class SubtotalRule : std::uint8_t {
  kEquation,  // by which sum of subtotal, discount, shipping and tax gives the total
  kShopify,   // subtotal less tax when subtotal + shipping = total, else subtotal
  kLesser,    // subtotal is without tax but before discounts, total with both: the lesser of it and total - shipping
  kNetTotal,  // subtotal is the total without tax, shipping without tax is in it: their difference
  kNetTotalGrossShipping  // the same, but shipping is with tax: the tax is taken to be the same share of all
};

struct Preset {
  std::string_view system;   // "shopify"
  std::string_view variant;  // "", "analytics", ...
  // Blank-separated squashed names; a|b: either. All must be there.
  std::string_view required;
  // Blank-separated role=name|name or role=name+name. Of names with | those that are there; texts take the first that
  // is not blank in a row; dates, money and names of people the first column that is there. With + money is added up
  // and names are joined.
  std::string_view columns;
  // Of several status columns (with +) or words the one that counts least is the order's.
  // Blank-separated from=to of status words, blanks in them as '_': words of this system that ledger::standing_of does
  // not know, since they mean other things elsewhere, in words that it does; to nothing where they do not tell whether
  // an order counts. "2:open=pending" holds for the second status column alone.
  std::string_view statuses;
  SubtotalRule subtotal = SubtotalRule::kEquation;
  bool amount_net = false;                    // `amount` is without tax
  bool discount_in_amount = true;             // false: the discount column has still to be taken off the line amounts
  bool tax_outside_in_north_america = false;  // `amount` is without tax in USD, CAD and MXN, with it elsewhere
  bool split_status = false;                  // a status cell holds several words between commas
  std::string_view currency = {};             // of amounts that state none, where the system knows one alone
};
std::span<const Preset> presets();

// The preset whose required columns are all among `squashed` and most in number; nullptr: none.
const Preset* find_preset(std::span<const std::string> squashed);

// Words at the start of a total row: "total", "totaal", "summa", "gesamt", "grand total", ...
bool is_total_word(std::string_view cell);

}  // namespace behoud::ingest
