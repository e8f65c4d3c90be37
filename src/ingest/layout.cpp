#include "ingest/layout.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>

#include "base/text.h"
#include "ingest/amounts.h"
#include "ingest/dates.h"
#include "ingest/identity.h"
#include "ingest/mapping.h"

namespace behoud::ingest {
namespace {

constexpr std::size_t kSampleRows = 2000;
constexpr std::size_t kSampleCellBytes = 4096;
constexpr std::size_t kHeaderRowsSearched = 30;
constexpr double kScoreMin = 0.3;   // below it a column is taken for nothing
constexpr double kScoreTie = 0.02;  // closer than this, two columns fit equally

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

bool looks_like_number(std::string_view cell) {
  for (const char mark : {'.', ','}) {
    Decimal d;
    std::string_view around;
    if (read_amount(cell, mark, d, around) != AmountFault::kNone) continue;
    // "EUR 12" is a number, "row 12" is not.
    const bool code = around.size() == 3 && std::all_of(around.begin(), around.end(),
                                                        [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
    return !code || money::Currency::guess(around).known() || around == "lei" || around == "din";
  }
  return false;
}

bool is_position(std::string_view column) {
  return column.size() > 1 && column[0] == '#' && std::all_of(column.begin() + 1, column.end(), is_digit);
}

// How well the cells of a column bear out the name it has, [0, 1].
double fit(Role role, const ColumnLook& look) {
  const double numbers = look.share(look.numbers);
  switch (role) {
    case Role::kDate: {
      if (look.cells == 0) return 0.1;
      const double dates = look.share(look.dates + look.epochs);
      return dates >= 0.8 ? 1 : dates >= 0.5 ? 0.7 : 0;
    }
    case Role::kUpdatedAt:
    case Role::kCancelledAt:
      return look.cells == 0 ? 0.6 : look.share(look.dates + look.epochs) >= 0.5 ? 1 : 0;
    case Role::kAmount:
    case Role::kTotal:
    case Role::kPrice:
      if (look.cells == 0) return 0.05;
      return numbers >= 0.8 ? 1 : numbers >= 0.5 ? 0.7 : 0;
    case Role::kSubtotal:
    case Role::kRefund:
    case Role::kTax:
    case Role::kShipping:
    case Role::kDiscount:
    case Role::kQuantity:
      if (look.cells == 0) return 0.6;
      return numbers >= 0.8 ? 1 : numbers >= 0.5 ? 0.7 : 0;
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
    if (sample_.rows.empty()) return bad("it holds no rows", "Export the orders again.", {"problem.no_rows"}, 0);
    layout_.shape.file = table_.name();
    layout_.shape.format = table_.format().format;
    layout_.shape.encoding = table_.format().encoding;
    layout_.shape.delimiter = table_.format().delimiter;
    TRY(find_rows());
    TRY_ASSIGN(mapping_, mapping());
    squash_headers();
    assign_preset();
    if (!layout_.headers.empty()) TRY(assign_by_names());
    TRY(apply_mapping());
    settle_customer();
    if (layout_.preset == nullptr && !layout_.headers.empty()) TRY(assign_by_values());
    TRY(check_needed());
    finish();
    return std::move(layout_);
  }

 private:
  std::unexpected<Error> bad(std::string message, std::string hint, Why why, std::uint64_t line,
                             std::string column = {}) const {
    return fail(Errc::kBadInput, table_.name() + ": " + std::move(message), std::move(hint),
                Place{table_.name(), line, std::move(column)}, std::move(why));
  }

  // Where the header is, and so where the rows begin.
  Result<void> find_rows() {
    columns_ = std::max(sample_.columns, table_.names().size());
    if (!table_.names().empty()) {
      layout_.headers = table_.names();
      layout_.shape.header = true;
      body_ = 0;
    } else {
      std::optional<std::size_t> header;
      if (options_.map) {
        std::vector<std::string> wanted;
        for (const auto& [role, column] : options_.map->columns) {
          if (!column.empty()) wanted.push_back(column);
        }
        header = find_header_with(sample_, wanted);
      }
      if (!header)
        header =
            find_header(sample_, [](const std::string& cell) { return static_cast<int>(!known_names(cell).empty()); });
      if (!header) header = find_unknown_header(sample_);
      if (header) {
        layout_.headers = sample_.rows[*header];
        while (!layout_.headers.empty() && trim(layout_.headers.back()).empty() &&
               layout_.headers.size() > sample_.widths[*header]) {
          layout_.headers.pop_back();
        }
        layout_.header_line = sample_.lines[*header];
        layout_.skip_rows = *header + 1;
        layout_.title_lines = *header;
        layout_.shape.title_rows = *header;
        body_ = *header + 1;
      }
      layout_.shape.header = header.has_value();
    }
    bool any = false;
    for (std::size_t r = body_; r < sample_.rows.size() && !any; ++r) any = !is_blank_row(sample_.rows[r]);
    if (!any && sample_.whole) {
      if (no_orders_ != nullptr) *no_orders_ = true;
      return bad("it holds a header and no rows below it", "Export the orders again; this file has none.",
                 {"problem.only_a_header"}, layout_.header_line);
    }
    const RowWidth width = row_width(sample_, body_, layout_.shape.format, layout_.shape.delimiter);
    layout_.width = width.cells;
    layout_.width_strict = width.strict;
    return {};
  }

  Result<std::optional<Mapping>> mapping() {
    layout_.shape.fingerprint = fingerprint(layout_.headers, columns_);
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
    matches_.resize(columns_);
    for (std::size_t c = 0; c < columns_; ++c) {
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
      const ColumnLook look = look_at(sample_, body_, c);
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
      TRY_ASSIGN(const std::size_t c, find_column(column, layout_.headers, columns_, table_.name(), name(role)));
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
      const ColumnLook look = look_at(sample_, body_, c);
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
        const ColumnLook look = look_at(sample_, body_, c);
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
      for (std::size_t c = 0; c < columns_; ++c) {
        if (matches_[c].role || matches_[c].refused) continue;
        const ColumnLook look = look_at(sample_, body_, c);
        if (look.cells == 0) continue;
        const bool dates = look.share(look.dates) >= 0.95;
        const bool ok = want.role == Role::kEmail  ? look.share(look.emails) >= 0.9
                        : want.role == Role::kDate ? dates
                                                   : !dates && look.share(look.numbers) >= 0.95 && look.decimals > 0;
        if (ok) fits.push_back(c);
      }
      if (fits.size() > 1 && !same_cells(sample_, body_, fits[0], fits[1])) return tie(want.role, fits[0], fits[1]);
      if (!fits.empty()) take(fits[0], want.role, want.confidence, "ingest.match.values");
    }
    return {};
  }

  std::unexpected<Error> tie(Role role, std::size_t a, std::size_t b) const {
    const auto shown = [&](std::size_t c) {
      return c < layout_.headers.size() ? quoted(layout_.headers[c], 40) + " (#" + std::to_string(c + 1) + ")"
                                        : "#" + std::to_string(c + 1);
    };
    if (a > b) std::swap(a, b);
    return bad("two columns fit equally as the " + std::string(name(role)) + ": " + shown(a) + " and " + shown(b),
               "Say which: --map " + std::string(name(role)) + "=#" + std::to_string(a + 1) + " or --map " +
                   std::string(name(role)) + "=#" + std::to_string(b + 1) + ".",
               {"problem.columns_tie", {{"role", name(role)}, {"first", shown(a)}, {"second", shown(b)}}},
               layout_.header_line, a < layout_.headers.size() ? layout_.headers[a] : "#" + std::to_string(a + 1));
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
              chosen->score - rival.score < kScoreTie && !same_cells(sample_, body_, chosen->column, rival.column)) {
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
    const std::string hint = layout_.headers.empty()
                                 ? "It seems to have no header. Name the columns by position: --map "
                                   "customer=#1,date=#2,amount=#3."
                                 : "Name the columns: --map customer=COLUMN,date=COLUMN,amount=COLUMN; #1 is the first "
                                   "column.";
    const std::string found = layout_.headers.empty() ? std::to_string(columns_) + " columns without a header"
                                                      : "the columns " + list_headers(layout_.headers);
    if (no_orders_ != nullptr) *no_orders_ = true;
    auto failed = bad("no column was recognised for: " + missing + ". Looked for " + looked + ". Found " + found, hint,
                      {"problem.columns_missing",
                       {{"roles", missing},
                        {"example", layout_.headers.empty() ? "customer=#1,date=#2,amount=#3"
                                                            : "customer=COLUMN,date=COLUMN,amount=COLUMN"}}},
                      layout_.header_line);
    blame_sheet(table_.format(), failed.error());
    return failed;
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
  std::size_t columns_ = 0, body_ = 0;
  std::vector<std::string> squashed_;
  std::vector<ColumnMatch> matches_;
  std::bitset<kRoles> refused_;  // of which the mapping says that no column is it
  std::array<std::optional<Candidate>, kRoles> chosen_;
  std::vector<Candidate> rivals_;
};

}  // namespace

Result<Sample> sample_rows(const Table& table) {
  Sample sample;
  TRY_ASSIGN(const auto reader, table.read({}, 0));
  RowBatch batch;
  while (sample.rows.size() < kSampleRows) {
    TRY_ASSIGN(const bool more, reader->next(batch));
    if (!more) {
      sample.whole = true;
      break;
    }
    sample.columns = std::max(sample.columns, batch.columns);
    for (std::size_t r = 0; r < batch.rows() && sample.rows.size() < kSampleRows; ++r) {
      std::vector<std::string> row;
      row.reserve(batch.columns);
      for (const std::string_view cell : batch.row(r)) row.emplace_back(cell.substr(0, kSampleCellBytes));
      sample.rows.push_back(std::move(row));
      sample.lines.push_back(batch.lines[r]);
      sample.widths.push_back(batch.widths[r]);
    }
  }
  return sample;
}

std::string Layout::column_name(Role role) const {
  if (!has(role)) return {};
  const std::size_t c = columns[index(role)].front();
  if (c < headers.size() && !trim(headers[c]).empty()) return headers[c];
  return "#" + std::to_string(c + 1);
}

bool is_blank_row(const std::vector<std::string>& row) {
  return std::all_of(row.begin(), row.end(), [](const std::string& c) { return trim(c).empty(); });
}

std::string list_headers(const std::vector<std::string>& headers) {
  std::string out;
  std::size_t shown = 0;
  for (const std::string& h : headers) {
    if (trim(h).empty()) continue;
    if (shown == 12) return out + ", ...";
    if (shown++ > 0) out += ", ";
    out += quoted(h, 40);
  }
  return out;
}

bool same_cells(const Sample& sample, std::size_t first_row, std::size_t a, std::size_t b) {
  for (std::size_t r = first_row; r < sample.rows.size(); ++r) {
    const auto& row = sample.rows[r];
    const std::string_view x = a < row.size() ? std::string_view(row[a]) : std::string_view{};
    const std::string_view y = b < row.size() ? std::string_view(row[b]) : std::string_view{};
    if (trim(x) != trim(y)) return false;
  }
  return true;
}

RowWidth row_width(const Sample& sample, std::size_t first_row, std::string_view format, std::string_view delimiter) {
  std::map<std::uint32_t, std::size_t> widths;
  std::size_t counted = 0, most = 0;
  for (std::size_t r = first_row; r < sample.rows.size(); ++r) {
    if (is_blank_row(sample.rows[r])) continue;
    ++widths[sample.widths[r]];
    ++counted;
  }
  RowWidth out;
  // Of equally common ones that of the header: the one row below it may be the one that was cut off.
  const std::uint32_t of_header = first_row > 0 ? sample.widths[first_row - 1] : 0;
  for (const auto& [width, n] : widths) {
    if (n > most || (n == most && width == of_header)) {
      most = n;
      out.cells = width;
    }
  }
  // A broken row or two among many of one width are told from a file that leaves trailing cells out.
  out.strict = format == "csv" && delimiter != " " && counted - most <= std::max<std::size_t>(1, counted / 100);
  return out;
}

std::optional<std::size_t> find_header_with(const Sample& sample, std::span<const std::string> columns) {
  std::set<std::string> wanted;
  for (const std::string& column : columns) {
    if (!is_position(column)) wanted.insert(squash(column));
  }
  if (wanted.empty()) return std::nullopt;
  for (std::size_t r = 0; r < std::min(sample.rows.size(), kHeaderRowsSearched); ++r) {
    std::set<std::string> there;
    for (const std::string& cell : sample.rows[r]) there.insert(squash(cell));
    if (std::includes(there.begin(), there.end(), wanted.begin(), wanted.end())) return r;
  }
  return std::nullopt;
}

std::optional<std::size_t> find_unknown_header(const Sample& sample) {
  for (std::size_t r = 0; r + 1 < std::min(sample.rows.size(), kHeaderRowsSearched); ++r) {
    const auto& row = sample.rows[r];
    if (sample.widths[r] < 2 || sample.widths[r] != sample.widths[r + 1]) continue;
    bool words = true;
    for (std::size_t c = 0; c < sample.widths[r] && c < row.size(); ++c) {
      const std::string_view cell = trim(row[c]);
      if (cell.empty() || is_digit(cell[0]) || looks_like_number(cell) || scan_date(cell) || is_email(cell)) {
        words = false;
        break;
      }
    }
    if (!words) return std::nullopt;  // the first row of full width is not a header: there is none
    for (const std::string& cell : sample.rows[r + 1]) {
      if (looks_like_number(cell) || scan_date(cell)) return r;
    }
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::size_t> find_header(const Sample& sample, const std::function<int(const std::string&)>& knows) {
  std::optional<std::size_t> best;
  int best_score = 0;
  for (std::size_t r = 0; r < std::min(sample.rows.size(), kHeaderRowsSearched); ++r) {
    int score = 0, cells = 0, numeric = 0;
    std::set<std::string> seen;
    for (const std::string& cell : sample.rows[r]) {
      const std::string_view text = trim(cell);
      if (text.empty()) continue;
      ++cells;
      if (is_digit(text[0]) || is_email(text)) {
        ++numeric;
        continue;
      }
      if (seen.insert(squash(text)).second) score += knows(cell);
    }
    if (numeric * 2 > cells) continue;
    const int needed = sample.columns <= 2 ? 1 : 2;
    if (score >= needed && score > best_score) {
      best = r;
      best_score = score;
    }
  }
  return best;
}

ColumnLook look_at(const Sample& sample, std::size_t first_row, std::size_t column) {
  ColumnLook look;
  for (std::size_t r = first_row; r < sample.rows.size(); ++r) {
    if (column >= sample.rows[r].size()) continue;
    const std::string_view cell = trim(sample.rows[r][column]);
    if (cell.empty()) continue;
    ++look.cells;
    if (is_email(cell)) {
      ++look.emails;
      continue;
    }
    if (cell.size() <= 4 && cell.size() >= 1 && !is_digit(cell[0]) && money::Currency::guess(cell).known()) {
      ++look.currencies;
    }
    if (const auto date = scan_date(cell)) {
      const bool epoch = date->family == DateFamily::kEpoch || date->family == DateFamily::kEpochMs;
      ++(epoch ? look.epochs : look.dates);
    }
    if (looks_like_number(cell)) {
      ++look.numbers;
      if (cell.find_first_of(".,") != std::string_view::npos) ++look.decimals;
      if (std::all_of(cell.begin(), cell.end(), is_digit)) ++look.integers;
    } else if (cell.find(' ') != std::string_view::npos) {
      ++look.with_blank;
    }
  }
  return look;
}

void blame_sheet(const TableFormat& format, Error& error) {
  if (format.other_sheets.empty()) return;
  std::string others;
  for (const std::string& sheet : format.other_sheets) others += (others.empty() ? "" : ", ") + quoted(sheet, 40);
  error.message += ". Only the first sheet with rows is read, " + quoted(format.sheet, 40) + "; not read: " + others;
  error.hint = "Put the sheet with the table first in the workbook, or save that sheet as CSV.";
  error.why.reason = "problem.columns_missing_in_sheet";
  error.why.values.emplace_back("sheet", format.sheet);
  error.why.values.emplace_back("sheets", others);
}

Result<std::size_t> find_column(const std::string& wanted, const std::vector<std::string>& headers, std::size_t columns,
                                const std::string& file, std::string_view role) {
  const auto bad = [&](std::string message, std::string hint, const char* reason) {
    return fail(Errc::kInvalidArgument, "--map " + std::string(role) + ": " + std::move(message), std::move(hint),
                Place{file, 0, wanted}, {reason, {{"role", role}}});
  };
  if (is_position(wanted)) {
    const auto number = parse_integer(std::string_view(wanted).substr(1));
    if (!number || *number < 1 || static_cast<std::size_t>(*number) > columns) {
      return bad(file + " has no column " + wanted, "It has " + std::to_string(columns) + " columns.",
                 "problem.map_column_missing");
    }
    return static_cast<std::size_t>(*number - 1);
  }
  const auto search = [&](const auto& same) -> std::vector<std::size_t> {
    std::vector<std::size_t> found;
    for (std::size_t c = 0; c < headers.size(); ++c) {
      if (same(headers[c])) found.push_back(c);
    }
    return found;
  };
  auto found = search([&](const std::string& h) { return h == wanted; });
  if (found.empty()) found = search([&](const std::string& h) { return trim(h) == trim(wanted); });
  if (found.empty() && !squash(wanted).empty()) {
    found = search([&](const std::string& h) { return squash(h) == squash(wanted); });
  }
  if (found.size() > 1) {
    return bad(file + " has more than one column " + quoted(wanted),
               "Name it by position: --map " + std::string(role) + "=#" + std::to_string(found[0] + 1) + " or #" +
                   std::to_string(found[1] + 1) + ".",
               "problem.map_column_twice");
  }
  if (found.empty()) {
    return bad(file + " has no column " + quoted(wanted),
               headers.empty() ? "It has no header row that is recognised; name columns by position: #1 is the first."
                               : "Its columns are " + list_headers(headers) + ".",
               "problem.map_column_missing");
  }
  return found[0];
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
