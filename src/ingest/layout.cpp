#include "ingest/layout.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>

#include "base/text.h"
#include "ingest/column_problems.h"
#include "ingest/dates.h"
#include "ingest/mapping.h"
#include "ingest/order_account.h"
#include "ingest/sample.h"
#include "ingest/table_top.h"

namespace behoud::ingest {
namespace {

bool is_money(Role r) {
  switch (r) {
    case Role::kAmount:
    case Role::kTotal:
    case Role::kPrice:
    case Role::kRefund:
    case Role::kTax:
    case Role::kShipping:
    case Role::kDiscount:
    case Role::kSubtotal:
      return true;
    default:
      return false;
  }
}
// Roles that are filled by one column alone, where a preset names alternatives.
bool takes_one(Role r) {
  return is_money(r) || r == Role::kDate || r == Role::kQuantity || r == Role::kName || r == Role::kUpdatedAt ||
         r == Role::kCancelledAt;
}

// How well the cells of a column bear out the name it has, [0, 1].
double fit(Role role, const ColumnLook& look) {
  const double numbers = look.share(look.numbers);
  switch (role) {
    case Role::kDate: {
      if (look.cells == 0) return 0.1;
      const double dates = look.share(look.dates + look.epochs);
      return graded(dates);
    }
    case Role::kUpdatedAt:
    case Role::kCancelledAt:
      return look.cells == 0 ? 0.6 : look.share(look.dates + look.epochs) >= 0.5 ? 1 : 0;
    case Role::kAmount:
    case Role::kTotal:
    case Role::kPrice:
      if (look.cells == 0) return 0.05;
      return graded(numbers);
    case Role::kSubtotal:
    case Role::kRefund:
    case Role::kTax:
    case Role::kShipping:
    case Role::kDiscount:
    case Role::kQuantity:
      if (look.cells == 0) return 0.6;
      return graded(numbers);
    case Role::kEmail:
      return look.cells == 0 ? 0.5 : look.share(look.emails) >= 0.3 ? 1 : 0.1;
    case Role::kCurrency:
      return look.cells == 0 ? 0.5 : look.share(look.currencies) >= 0.5 ? 1 : numbers >= 0.5 ? 0 : 0.4;
    case Role::kCustomer:
      if (look.cells == 0) return 0.3;
      return look.share(look.decimals) >= 0.5 ? 0.2 : 1;
    case Role::kOrder:
      if (look.cells == 0) return 0.2;
      return look.share(look.decimals) >= 0.5 ? 0.3 : look.share(look.emails) >= 0.5 ? 0.1 : 1;
    case Role::kItem:
    case Role::kItemName:
      return look.share(look.decimals) >= 0.5 ? 0.4 : 1;
    case Role::kStatus:
    case Role::kCountry:
    case Role::kSource:
    case Role::kName:
    case Role::kCoupon:
      return look.share(look.decimals) >= 0.5 ? 0.3 : 1;
    default:
      return 1;
  }
}

struct Candidate {
  std::size_t column = 0;
  Role role = Role::kCustomer;
  double score = 0;
  bool net = false;
  bool by_values = false;
};

class Recogniser {
 public:
  Recogniser(const Table& table, const ReadOptions& options, bool* no_orders)
      : table_(table), options_(options), no_orders_(no_orders) {}

  Result<Layout> run() {
    TRY_ASSIGN(sample_, sample_rows(table_));
    if (sample_.rows.empty()) {
      return bad_table(table_, "it holds no rows", "Export the orders again.", {"problem.no_rows"}, 0);
    }
    layout_.shape.file = table_.name();
    layout_.shape.format = table_.format().format;
    layout_.shape.encoding = table_.format().encoding;
    layout_.shape.delimiter = table_.format().delimiter;
    TRY(find_rows());
    TRY_ASSIGN(mapping_, mapping());
    squash_headers();
    auto whole = assign();
    finish();
    if (whole) return std::move(layout_);
    if (options_.in_part) options_.in_part(layout_.shape);
    return std::unexpected(std::move(whole).error());
  }

 private:
  Result<void> assign() {
    assign_preset();
    if (!layout_.headers.empty()) TRY(assign_by_names());
    TRY(apply_mapping());
    settle_customer();
    if (layout_.preset == nullptr && !layout_.headers.empty()) TRY(assign_by_values());
    return check_needed();
  }

  Result<void> find_rows() {
    top_ = find_top(table_, sample_, options_.map ? mapped_columns(*options_.map) : std::vector<std::string>{},
                    [](const std::string& cell) { return static_cast<int>(!known_names(cell).empty()); });
    layout_.headers = top_.headers;
    layout_.header_line = top_.header_line;
    layout_.skip_rows = top_.body;
    layout_.title_lines = layout_.shape.title_rows = top_.title_rows;
    layout_.shape.header = top_.header;
    layout_.width = top_.width.cells;
    layout_.width_strict = top_.width.strict;
    if (!top_.is_empty) return {};
    if (no_orders_ != nullptr) *no_orders_ = true;
    return bad_table(table_, "it holds a header and no rows below it", "Export the orders again; this file has none.",
                     {"problem.only_a_header"}, top_.header_line);
  }

  Result<std::optional<Mapping>> mapping() {
    layout_.shape.fingerprint = fingerprint(layout_.headers, top_.columns);
    if (options_.map) return options_.map;
    if (options_.remembered) {
      if (auto found = options_.remembered(layout_.shape.fingerprint)) {
        layout_.remembered = true;
        layout_.notices.push_back(
            {"ingest.notice.remembered_mapping", {{"file", table_.name()}, {"mapping", to_string(*found)}}, 0});
        return found;
      }
    }
    return std::optional<Mapping>{};
  }

  void squash_headers() {
    for (const std::string& h : layout_.headers) squashed_.push_back(squash(h));
    matches_.resize(top_.columns);
    for (std::size_t c = 0; c < top_.columns; ++c) {
      matches_[c].index = c;
      if (c < layout_.headers.size()) matches_[c].header = layout_.headers[c];
    }
  }

  void take(std::size_t column, Role role, double confidence, std::string_view reason) {
    if (refused_.test(index(role))) return;
    layout_.columns[index(role)].push_back(column);
    if (!matches_[column].role || matches_[column].confidence < confidence) {
      matches_[column].role = role;
      matches_[column].confidence = confidence;
      matches_[column].reason = reason;
    }
  }
  void drop(Role role) {
    for (const std::size_t c : layout_.columns[index(role)]) {
      if (matches_[c].role == role) {
        matches_[c].role.reset();
        matches_[c].confidence = 0;
        matches_[c].reason.clear();
      }
    }
    layout_.columns[index(role)].clear();
  }

  void assign_preset() {
    if (layout_.headers.empty()) return;
    layout_.preset = find_preset(squashed_);
    if (layout_.preset == nullptr) return;
    layout_.shape.system = layout_.preset->system;
    layout_.amount_net = layout_.preset->amount_net;
    std::string_view columns = layout_.preset->columns;
    while (!columns.empty()) {
      const std::size_t end = std::min(columns.find(' '), columns.size());
      std::string_view part = columns.substr(0, end);
      columns.remove_prefix(std::min(end + 1, columns.size()));
      if (part.empty()) continue;
      const std::size_t equals = part.find('=');
      const auto role = parse_role(part.substr(0, equals));
      assert(role);
      std::string_view names = part.substr(equals + 1);
      const bool add = names.find('+') != std::string_view::npos;
      while (!names.empty()) {
        const std::size_t stop = std::min(names.find_first_of("|+"), names.size());
        const std::string_view name = names.substr(0, stop);
        names.remove_prefix(std::min(stop + 1, names.size()));
        const auto it = std::find(squashed_.begin(), squashed_.end(), name);
        if (it == squashed_.end()) continue;
        take(static_cast<std::size_t>(it - squashed_.begin()), *role, 0.99, "ingest.match.preset");
        if (takes_one(*role) && !add) break;
      }
    }
  }

  // Columns that someone added to a system's export are known by their names, where they cannot change what the preset
  // knows of the money and of what an order is.
  static bool may_be_added(Role role) {
    switch (role) {
      case Role::kCurrency:
      case Role::kEmail:
      case Role::kPhone:
      case Role::kRefund:
      case Role::kCoupon:
      case Role::kSource:
      case Role::kCountry:
      case Role::kStatus:
      case Role::kUpdatedAt:
      case Role::kCancelledAt:
        return true;
      default:
        return false;
    }
  }

  Result<void> assign_by_names() {
    std::vector<Candidate> candidates;
    for (std::size_t c = 0; c < layout_.headers.size(); ++c) {
      const auto hits = known_names(layout_.headers[c]);
      if (hits.empty()) continue;
      const ColumnLook look = look_at(sample_, top_.body, c);
      for (const NameHit& hit : hits) {
        if (layout_.preset != nullptr && (matches_[c].role || !may_be_added(hit.role) || hit.strength < 1)) continue;
        const double score = hit.strength * fit(hit.role, look);
        if (score >= kScoreMin) candidates.push_back({c, hit.role, score, hit.net, false});
      }
    }
    // Ties by the header's letters, so that the order of the columns decides nothing.
    std::sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
      if (a.score != b.score) return a.score > b.score;
      return std::tie(squashed_[a.column], a.role) < std::tie(squashed_[b.column], b.role);
    });
    std::set<std::size_t> used;
    for (const Candidate& c : candidates) {
      if (used.contains(c.column) || layout_.has(c.role)) continue;
      used.insert(c.column);
      take(c.column, c.role, c.score, "ingest.match.name");
      if (c.role == Role::kAmount) layout_.amount_net = c.net;
      chosen_[index(c.role)] = c;
    }
    // A second order id is another name of the same order.
    if (layout_.preset == nullptr && layout_.has(Role::kOrder) && !layout_.has(Role::kAlias)) {
      for (const Candidate& c : candidates) {
        if (c.role == Role::kOrder && !used.contains(c.column) &&
            chosen_[index(Role::kOrder)]->score - c.score < kScoreTie) {
          used.insert(c.column);
          take(c.column, Role::kAlias, c.score, "ingest.match.name");
          break;
        }
      }
    }
    for (const Candidate& c : candidates) {
      if (!used.contains(c.column)) rivals_.push_back(c);
    }
    return {};
  }

  Result<void> apply_mapping() {
    if (!mapping_) return {};
    const std::string_view reason = layout_.remembered ? "ingest.match.remembered" : "ingest.match.map";
    std::map<Role, std::size_t> found;
    for (const auto& [role, column] : mapping_->columns) {
      if (column.empty()) continue;
      TRY_ASSIGN(const std::size_t c, find_column(column, layout_.headers, top_.columns, table_.name(), name(role)));
      found[role] = c;
    }
    const auto says = [&](Role r) { return found.contains(r); };
    // Whoever says where the money is, says all of it.
    if (says(Role::kAmount) || says(Role::kTotal) || says(Role::kPrice)) {
      for (const Role r : {Role::kAmount, Role::kTotal, Role::kPrice, Role::kSubtotal}) drop(r);
      layout_.amount_net = false;
    }
    for (const auto& [role, c] : found) drop(role);
    for (const auto& [role, c] : found) {
      for (std::size_t r = 0; r < kRoles; ++r) {
        auto& columns = layout_.columns[r];
        if (!says(static_cast<Role>(r))) columns.erase(std::remove(columns.begin(), columns.end(), c), columns.end());
      }
      matches_[c].confidence = 0;
    }
    for (const auto& [role, c] : found) {
      take(c, role, 1.0, reason);
      layout_.mapped.set(index(role));
      if (role == Role::kAmount && c < layout_.headers.size()) {
        for (const NameHit& hit : known_names(layout_.headers[c])) layout_.amount_net |= hit.role == role && hit.net;
      }
    }
    for (const auto& [role, column] : mapping_->columns) {
      if (column.empty()) refuse(role, reason);
    }
    return {};
  }

  // No column is `role`; one that was taken for nothing else is left out of all that follows.
  void refuse(Role role, std::string_view reason) {
    const std::vector<std::size_t> were = layout_.columns[index(role)];
    drop(role);
    refused_.set(index(role));
    for (const std::size_t c : were) {
      const auto holds = [c](const auto& columns) { return std::ranges::find(columns, c) != columns.end(); };
      if (std::ranges::any_of(layout_.columns, holds)) continue;
      matches_[c].refused = role;
      matches_[c].reason = reason;
    }
  }

  // A column "Customer" that holds people's names beside a column of e-mail addresses is no key.
  void settle_customer() {
    const auto& customer = layout_.columns[index(Role::kCustomer)];
    const bool other = layout_.has(Role::kEmail);
    if (layout_.preset == nullptr && !customer.empty() && other && !layout_.mapped.test(index(Role::kCustomer)) &&
        chosen_[index(Role::kCustomer)] && chosen_[index(Role::kCustomer)]->score <= 0.85) {
      const std::size_t c = customer.front();
      const ColumnLook look = look_at(sample_, top_.body, c);
      if (look.share(look.with_blank) >= 0.5) {
        drop(Role::kCustomer);
        if (!layout_.has(Role::kName)) take(c, Role::kName, 0.7, "ingest.match.values");
      }
    }
    if (!layout_.has(Role::kCustomer) && !layout_.has(Role::kEmail) && !layout_.has(Role::kPhone) &&
        layout_.has(Role::kName) && !refused_.test(index(Role::kCustomer))) {
      const std::size_t c = layout_.columns[index(Role::kName)].front();
      drop(Role::kName);
      take(c, Role::kCustomer, 0.5, "ingest.match.name");
    }
    if (!layout_.has(Role::kEmail) && !layout_.mapped.test(index(Role::kCustomer))) {
      for (const std::size_t c : layout_.columns[index(Role::kCustomer)]) {
        const ColumnLook look = look_at(sample_, top_.body, c);
        if (look.share(look.with_blank) >= 0.5) {
          layout_.notices.push_back(
              {"ingest.notice.customers_by_name", {{"file", table_.name()}, {"column", matches_[c].header}}, 0});
        }
      }
    }
  }

  // What no name told, the cells may: one column of addresses, one of dates, one of amounts.
  Result<void> assign_by_values() {
    struct Want {
      Role role;
      bool missing;
      double confidence;
    };
    const bool money = layout_.has(Role::kAmount) || layout_.has(Role::kTotal) || layout_.has(Role::kPrice) ||
                       layout_.has(Role::kSubtotal);
    const bool customer = layout_.has(Role::kCustomer) || layout_.has(Role::kEmail) || layout_.has(Role::kPhone);
    for (const Want& want : {Want{Role::kEmail, !customer, 0.7}, Want{Role::kDate, !layout_.has(Role::kDate), 0.6},
                             Want{Role::kAmount, !money, 0.5}}) {
      if (!want.missing || refused_.test(index(want.role))) continue;
      std::vector<std::size_t> fits;
      for (std::size_t c = 0; c < top_.columns; ++c) {
        if (matches_[c].role || matches_[c].refused) continue;
        const ColumnLook look = look_at(sample_, top_.body, c);
        if (look.cells == 0) continue;
        const bool dates = look.share(look.dates) >= 0.95;
        const bool ok = want.role == Role::kEmail  ? look.share(look.emails) >= 0.9
                        : want.role == Role::kDate ? dates
                                                   : !dates && look.share(look.numbers) >= 0.95 && look.decimals > 0;
        if (ok) fits.push_back(c);
      }
      if (fits.size() > 1 && !same_cells(sample_, top_.body, fits[0], fits[1])) return tie(want.role, fits[0], fits[1]);
      if (!fits.empty()) take(fits[0], want.role, want.confidence, "ingest.match.values");
    }
    return {};
  }

  std::unexpected<Error> tie(Role role, std::size_t a, std::size_t b) const {
    return columns_tie(table_, top_, name(role), a, b);
  }

  Result<void> check_needed() {
    // Two that fit a needed role equally.
    if (layout_.preset == nullptr) {
      for (const Role role : {Role::kCustomer, Role::kDate, Role::kAmount, Role::kTotal, Role::kEmail}) {
        const auto& chosen = chosen_[index(role)];
        if (!chosen || layout_.mapped.test(index(role)) || !layout_.has(role) ||
            layout_.columns[index(role)].front() != chosen->column) {
          continue;
        }
        if (role == Role::kEmail && layout_.has(Role::kCustomer)) continue;
        for (const Candidate& rival : rivals_) {
          if (rival.role == role && !matches_[rival.column].role && !matches_[rival.column].refused &&
              chosen->score - rival.score < kScoreTie &&
              !same_cells(sample_, top_.body, chosen->column, rival.column)) {
            return tie(role, chosen->column, rival.column);
          }
        }
      }
    }
    const bool customer = layout_.has(Role::kCustomer) || layout_.has(Role::kEmail) || layout_.has(Role::kPhone);
    const bool date = layout_.has(Role::kDate);
    const bool money = layout_.has(Role::kAmount) || layout_.has(Role::kTotal) || layout_.has(Role::kPrice) ||
                       layout_.has(Role::kSubtotal);
    if (customer && date && money) return {};
    std::string missing, looked;
    const auto lacks = [&](bool has, std::string_view what, std::string_view names) {
      if (has) return;
      if (!missing.empty()) missing += ", ";
      missing += what;
      looked += (looked.empty() ? "" : "; ") + std::string(names);
    };
    lacks(customer, "customer", "customer id, customer, email, phone (klant, klantnummer, kund, kundnummer, Kunde)");
    lacks(date, "date", "order date, created at, date (besteldatum, datum, orderdatum, Bestelldatum)");
    lacks(money, "amount", "total, amount, price (bedrag, totaal, belopp, summa, Betrag, Gesamtbetrag)");
    if (no_orders_ != nullptr) *no_orders_ = true;
    return columns_missing(
        table_, top_, missing, looked,
        layout_.headers.empty() ? "customer=#1,date=#2,amount=#3" : "customer=COLUMN,date=COLUMN,amount=COLUMN",
        unfit_column(!date, !money));
  }

  // The column by whose name one would look for what is missing. None where its cells may tell who somebody is.
  std::optional<UnfitColumn> unfit_column(bool dates, bool money) const {
    const auto is_missing = [&](const NameHit& hit) {
      const bool of_money = hit.role == Role::kTotal || hit.role == Role::kAmount || hit.role == Role::kPrice;
      return ((dates && hit.role == Role::kDate) || (money && of_money)) && !refused_.test(index(hit.role));
    };
    for (std::size_t c = 0; c < layout_.headers.size(); ++c) {
      if (matches_[c].role || matches_[c].refused) continue;
      const auto hits = known_names(layout_.headers[c]);
      if (std::none_of(hits.begin(), hits.end(), is_missing)) continue;
      for (std::size_t r = top_.body; r < sample_.rows.size(); ++r) {
        const std::string_view cell = c < sample_.rows[r].size() ? trim(sample_.rows[r][c]) : std::string_view{};
        if (cell.empty()) continue;
        if (cell.find('@') != std::string_view::npos) break;
        return UnfitColumn{layout_.headers[c], excerpt_of(cell)};
      }
    }
    return std::nullopt;
  }

  void finish() {
    const auto header_of = [&](Role r) -> std::string_view {
      if (!layout_.has(r)) return {};
      const std::size_t c = layout_.columns[index(r)].front();
      return c < layout_.headers.size() ? std::string_view(layout_.headers[c]) : std::string_view{};
    };
    layout_.date_utc = header_says_utc(header_of(Role::kDate));
    for (const Role r : {Role::kTotal, Role::kAmount, Role::kPrice, Role::kSubtotal}) {
      if (const money::Currency c = header_currency(header_of(r)); c.known()) {
        layout_.header_currency = c;
        break;
      }
    }
    layout_.shape.columns = std::move(matches_);
  }

  const Table& table_;
  const ReadOptions& options_;
  bool* no_orders_;
  Sample sample_;
  Layout layout_;
  std::optional<Mapping> mapping_;
  TableTop top_;
  std::vector<std::string> squashed_;
  std::vector<ColumnMatch> matches_;
  std::bitset<kRoles> refused_;  // of which the mapping says that no column is it
  std::array<std::optional<Candidate>, kRoles> chosen_;
  std::vector<Candidate> rivals_;
};

}  // namespace

std::string Layout::column_name(Role role) const {
  if (!has(role)) return {};
  return column_name_at(headers, columns[index(role)].front());
}

Result<Layout> recognise_orders(const Table& table, const ReadOptions& options, bool* no_orders) {
  if (no_orders != nullptr) *no_orders = false;
  return Recogniser(table, options, no_orders).run();
}

Result<std::optional<Layout>> recognise_like(const Table& table, const Layout& first) {
  std::optional<Layout> none;
  const bool first_named = !first.headers.empty() && first.header_line == 0;  // by the format itself, as JSON does
  if (table.format().format != first.shape.format || table.names().empty() == first_named) return none;
  TRY_ASSIGN(const Sample sample, sample_rows(table));
  std::size_t header = 0;
  if (!table.names().empty()) {
    if (table.names() != first.headers) return none;
  } else if (!first.headers.empty()) {
    const auto same = [&](const std::vector<std::string>& row) {
      if (row.size() < first.headers.size()) return false;
      for (std::size_t c = 0; c < row.size(); ++c) {
        const std::string_view wanted = c < first.headers.size() ? std::string_view(first.headers[c]) : "";
        if (trim(row[c]) != trim(wanted)) return false;
      }
      return true;
    };
    while (header < std::min(sample.rows.size(), kHeaderRowsSearched) && !same(sample.rows[header])) ++header;
    if (header >= std::min(sample.rows.size(), kHeaderRowsSearched)) return none;
  } else if (sample.columns != first.shape.columns.size()) {
    return none;
  }
  Layout out = first;
  out.notices.clear();
  out.shape.file = table.name();
  out.shape.encoding = table.format().encoding;
  out.shape.delimiter = table.format().delimiter;
  if (first.header_line != 0) {
    out.header_line = sample.lines[header];
    out.title_lines = out.shape.title_rows = header;
    out.skip_rows = header + 1;
  }
  return std::optional<Layout>(std::move(out));
}

}  // namespace behoud::ingest
