#include "ingest/record_layout.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <tuple>

#include "base/text.h"
#include "ingest/column_problems.h"
#include "ingest/mapping.h"
#include "ingest/names.h"
#include "ingest/record_words.h"

namespace behoud::ingest {
namespace {

constexpr double kStrengthTold = 0.75;  // from here on a name that its cells belie is worth a word

// The parts of `text` between `mark`s, empty ones left out.
template <class Fn>
void each_part(std::string_view text, char mark, const Fn& fn) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(mark), text.size());
    if (end > 0) fn(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// How surely a column of that header is the field, by its name alone; 0: not at all.
double strength_of(const Field& field, std::string_view header) {
  double best = 0;
  const std::string own = squash(field.name);
  for (const HeaderForm& form : header_forms(header)) {
    double strength = 1.0;
    if (field.own_name && form.squashed == own) best = form.factor;
    each_part(field.words, ' ', [&](std::string_view word) {
      if (word == "|") {
        strength -= 0.25;
      } else if (word == form.squashed) {
        best = std::max(best, strength * form.factor);
      }
    });
    if (best > 0) break;
  }
  for (const NameHit& hit : known_names(header)) {
    for (const SharedNames& shared : field.shared) {
      if (shared.factor > 0 && shared.role == hit.role) best = std::max(best, shared.factor * hit.strength);
    }
  }
  return best;
}

// A header that is a currency's code, in capitals: a column of a wide table of rates.
std::optional<std::string_view> currency_header(std::string_view header) {
  const std::string_view code = trim(header);
  if (code.size() != 3 || !std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
    return std::nullopt;
  }
  return code;
}

class Recogniser {
 public:
  Recogniser(const Table& table, const RecordSpec& spec, const RecordOptions& options, bool* unlike)
      : table_(table), spec_(spec), options_(options), unlike_(unlike) {}

  Result<RecordLayout> run() {
    assert(spec_.fields.size() <= kFieldsMax);
    layout_.spec = &spec_;
    layout_.shape.file = table_.name();
    layout_.shape.format = table_.format().format;
    layout_.shape.encoding = table_.format().encoding;
    layout_.shape.delimiter = table_.format().delimiter;
    layout_.columns.resize(spec_.fields.size());
    TRY_ASSIGN(sample_, sample_rows(table_));
    if (sample_.rows.empty()) return bad_table(table_, "it holds no rows", "Export it again.", {"problem.no_rows"}, 0);
    TRY(find_rows());
    layout_.shape.fingerprint = std::string(name(spec_.kind)) + "-" + fingerprint(layout_.headers, top_.columns);
    matches_.resize(top_.columns);
    for (std::size_t c = 0; c < top_.columns; ++c) {
      matches_[c].index = c;
      if (c < layout_.headers.size()) matches_[c].header = layout_.headers[c];
    }
    assign_preset();
    assign_by_names();
    auto whole = [this]() -> Result<void> {
      TRY(apply_mapping());
      if (spec_.wide) find_currencies();
      return check_needed();
    }();
    if (whole) say_what_does_not_fit();
    layout_.shape.columns = std::move(matches_);
    if (!whole) {
      if (options_.in_part) options_.in_part(layout_.shape);
      return std::unexpected(std::move(whole).error());
    }
    if (spec_.notices != nullptr) spec_.notices(layout_);
    return std::move(layout_);
  }

 private:
  Result<void> find_rows() {
    top_ = find_top(table_, sample_, options_.map ? mapped_columns(*options_.map) : std::vector<std::string>{},
                    [this](const std::string& cell) {
                      if (spec_.wide && currency_header(cell)) return 1;
                      return static_cast<int>(std::any_of(spec_.fields.begin(), spec_.fields.end(),
                                                          [&](const Field& f) { return strength_of(f, cell) > 0; }));
                    });
    layout_.headers = top_.headers;
    layout_.header_line = top_.header_line;
    layout_.skip_rows = top_.body;
    layout_.title_lines = layout_.shape.title_rows = top_.title_rows;
    layout_.shape.header = top_.header;
    layout_.width = top_.width;
    if (!top_.is_empty) return {};
    if (unlike_ != nullptr) *unlike_ = true;
    return bad_table(table_, "it holds a header and no rows below it", "Export it again; this file has none.",
                     {"problem.only_a_header"}, top_.header_line);
  }

  double share_of(std::size_t column, const auto& is) const {
    std::size_t cells = 0, hits = 0;
    for (std::size_t r = top_.body; r < sample_.rows.size(); ++r) {
      if (column >= sample_.rows[r].size()) continue;
      const std::string_view cell = trim(sample_.rows[r][column]);
      if (cell.empty()) continue;
      ++cells;
      hits += is(cell) ? 1 : 0;
    }
    return cells == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(cells);
  }

  // How well the cells of a column bear out its name, [0, 1].
  double fit(FieldType type, std::size_t column, const ColumnLook& look) const {
    const double numbers = look.share(look.numbers), dates = look.share(look.dates + look.epochs);
    switch (type) {
      case FieldType::kText:
        return look.share(look.decimals) >= 0.5 ? 0.3 : 1;
      case FieldType::kIdentity:
        if (look.cells == 0) return 0.3;
        return look.share(look.decimals) >= 0.5 ? 0.2 : look.share(look.with_blank) >= 0.5 ? 0.4 : 1;
      case FieldType::kEmail:
        return look.cells == 0 ? 0.5 : look.share(look.emails) >= 0.3 ? 1 : 0.1;
      case FieldType::kFlag: {
        if (look.cells == 0) return 0.5;
        if (share_of(column, [](std::string_view c) { return parse_flag(c).has_value(); }) >= 0.5) return 1;
        return dates >= 0.5 ? 0 : 0.4;
      }
      case FieldType::kDate:
        return look.cells == 0 ? 0.5 : graded(dates);
      case FieldType::kSpan:
        if (look.cells == 0) return 0.5;
        return graded(dates + share_of(column, [](std::string_view c) { return parse_month(c).has_value(); }));
      case FieldType::kMoney:
      case FieldType::kRate:
        return look.cells == 0 ? 0.4 : graded(numbers);
      case FieldType::kCount:
        return look.cells == 0 ? 0.5 : look.share(look.integers) >= 0.5 ? 1 : 0;
      case FieldType::kCurrency:
        if (look.cells == 0) return 0.5;
        return look.share(look.currencies) >= 0.5 ? 1 : numbers >= 0.5 ? 0 : 0.4;
      case FieldType::kInterval:
        if (look.cells == 0) return 0.5;
        return share_of(column, [](std::string_view c) { return parse_interval(c).has_value(); }) >= 0.5 ? 1 : 0.4;
    }
    return 0;
  }

  void take(std::size_t column, std::size_t field, double confidence, std::string_view reason) {
    layout_.columns[field].push_back(column);
    matches_[column].field = spec_.fields[field].name;
    matches_[column].confidence = confidence;
    matches_[column].reason = reason;
  }
  void forget(std::size_t column) {
    for (auto& columns : layout_.columns) std::erase(columns, column);
    matches_[column].field.clear();
    matches_[column].confidence = 0;
    matches_[column].reason.clear();
  }
  std::size_t field_index(std::string_view name) const {
    const auto it =
        std::find_if(spec_.fields.begin(), spec_.fields.end(), [&](const Field& f) { return f.name == name; });
    return it == spec_.fields.end() ? kNoField : static_cast<std::size_t>(it - spec_.fields.begin());
  }

  void assign_preset() {
    std::vector<std::string> squashed;
    squashed.reserve(layout_.headers.size());
    for (const std::string& h : layout_.headers) squashed.push_back(squash(h));
    const auto there = [&](std::string_view name) { return std::find(squashed.begin(), squashed.end(), name); };
    for (const RecordPreset& preset : spec_.presets) {
      bool all = true;
      each_part(preset.required, ' ', [&](std::string_view alternatives) {
        bool one = false;
        each_part(alternatives, '|', [&](std::string_view name) { one = one || there(name) != squashed.end(); });
        all = all && one;
      });
      if (!all) continue;
      layout_.shape.system = preset.system;
      each_part(preset.columns, ' ', [&](std::string_view part) {
        const std::size_t equals = part.find('=');
        const std::size_t field = field_index(part.substr(0, equals));
        assert(field != kNoField);
        settled_.set(field);
        each_part(part.substr(equals + 1), '|', [&](std::string_view name) {
          if (const auto it = there(name); it != squashed.end()) {
            take(static_cast<std::size_t>(it - squashed.begin()), field, 0.99, "ingest.match.preset");
          }
        });
      });
      return;
    }
  }

  struct Candidate {
    double score = 0;
    std::size_t column = 0, field = 0;
    std::string squashed;
  };

  void assign_by_names() {
    for (std::size_t c = 0; c < layout_.headers.size(); ++c) {
      if (!matches_[c].field.empty()) continue;
      std::optional<ColumnLook> look;
      for (std::size_t f = 0; f < spec_.fields.size(); ++f) {
        if (settled_.test(f)) continue;
        const double strength = strength_of(spec_.fields[f], layout_.headers[c]);
        if (strength <= 0) continue;
        if (!look) look = look_at(sample_, top_.body, c);
        const double score = strength * fit(spec_.fields[f].type, c, *look);
        if (score >= kScoreMin) {
          candidates_.push_back({score, c, f, squash(layout_.headers[c])});
        } else if (strength >= kStrengthTold) {
          unfit_.emplace_back(c, f);
        }
      }
    }
    // Ties by the header's letters, so that the order of the columns decides nothing.
    std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
      if (a.score != b.score) return a.score > b.score;
      return std::tie(a.squashed, a.field) < std::tie(b.squashed, b.field);
    });
    for (const Candidate& c : candidates_) {
      if (!matches_[c.column].field.empty() || layout_.has(c.field)) continue;
      take(c.column, c.field, c.score, "ingest.match.name");
    }
  }

  // A column whose name says what it is, and whose cells say that it is not.
  void say_what_does_not_fit() {
    for (const auto& [column, field] : unfit_) {
      if (!matches_[column].field.empty() || layout_.has(field)) continue;
      layout_.notices.push_back({"ingest.notice.cells_do_not_fit",
                                 {{"file", table_.name()},
                                  {"column", layout_.headers[column]},
                                  {"field", std::string(spec_.fields[field].name)}},
                                 1});
    }
  }

  Result<void> apply_mapping() {
    std::optional<FieldMapping> mapping = options_.map;
    std::string_view reason = "ingest.match.map";
    if (!mapping && options_.remembered) {
      mapping = options_.remembered(layout_.shape.fingerprint);
      if (mapping) {
        reason = "ingest.match.remembered";
        layout_.notices.push_back(
            {"ingest.notice.remembered_mapping", {{"file", table_.name()}, {"mapping", to_string(*mapping)}}, 0});
      }
    }
    if (!mapping) return {};
    std::vector<std::pair<std::size_t, std::size_t>> found;  // field, column
    for (const auto& [name, column] : mapping->columns) {
      const std::size_t field = field_index(name);
      if (field == kNoField) {
        return fail(Errc::kInvalidArgument, "--map: " + quoted(name) + " is nothing that a column can be", {}, {},
                    {"problem.map_role_unknown", {{"value", name}, {"roles", ""}}});
      }
      if (column.empty()) continue;
      TRY_ASSIGN(const std::size_t c, find_column(column, layout_.headers, top_.columns, table_.name(), name));
      found.emplace_back(field, c);
    }
    for (const auto& [field, column] : found) {
      forget(column);
      for (const std::size_t c : std::vector<std::size_t>(layout_.columns[field])) forget(c);
    }
    for (const auto& [field, column] : found) {
      take(column, field, 1.0, reason);
      layout_.mapped.set(field);
    }
    for (const auto& [name, column] : mapping->columns) {
      if (!column.empty()) continue;
      for (const std::size_t c : std::vector<std::size_t>(layout_.columns[field_index(name)])) {
        forget(c);
        matches_[c].refused = name;
        matches_[c].reason = reason;
      }
    }
    return {};
  }

  void find_currencies() {
    const std::size_t date = field_index("date"), rate = field_index("rate"), currency = field_index("currency");
    if (!layout_.has(date) || layout_.has(rate) || layout_.has(currency)) return;
    std::string left_out;
    for (std::size_t c = 0; c < layout_.headers.size(); ++c) {
      const auto code = currency_header(layout_.headers[c]);
      if (!code || !matches_[c].field.empty() || !matches_[c].refused.empty()) continue;
      if (const auto known = money::Currency::parse(*code)) {
        layout_.wide.emplace_back(c, *known);
        matches_[c].field = "rate";
        matches_[c].confidence = 0.99;
        matches_[c].reason = "ingest.match.name";
      } else {
        left_out += (left_out.empty() ? "" : ", ") + std::string(*code);
      }
    }
    if (!layout_.wide.empty() && !left_out.empty()) {
      layout_.notices.push_back(
          {"ingest.notice.currencies_left_out", {{"file", table_.name()}, {"currencies", left_out}}, 1});
    }
  }

  Result<void> check_needed() {
    const auto met = [&](const Need& need) {
      return std::any_of(need.any.begin(), need.any.end(), [&](std::size_t f) {
        return layout_.has(f) || (!layout_.wide.empty() && f != kNoField && spec_.fields[f].type != FieldType::kDate);
      });
    };
    // Two that fit a needed field equally.
    for (const Need& need : spec_.needs) {
      const auto filled = std::find_if(need.any.begin(), need.any.end(), [&](std::size_t f) { return layout_.has(f); });
      if (filled == need.any.end() || layout_.mapped.test(*filled) || settled_.test(*filled)) continue;
      const std::size_t field = *filled, chosen = layout_.columns[field].front();
      for (const Candidate& rival : candidates_) {
        if (rival.field != field || rival.column == chosen || !matches_[rival.column].field.empty() ||
            !matches_[rival.column].refused.empty() || matches_[chosen].confidence - rival.score >= kScoreTie ||
            same_cells(sample_, top_.body, chosen, rival.column)) {
          continue;
        }
        return columns_tie(table_, top_, spec_.fields[field].name, chosen, rival.column);
      }
    }
    std::string missing, looked, example;
    std::size_t position = 0;
    for (const Need& need : spec_.needs) {
      const std::string field(spec_.fields[need.any.front()].name);
      example += (example.empty() ? "" : ",") + field + "=";
      example += layout_.headers.empty() ? "#" + std::to_string(++position) : std::string("COLUMN");
      if (met(need)) continue;
      missing += (missing.empty() ? "" : ", ") + field;
      looked += (looked.empty() ? "" : "; ") + std::string(need.looked_for);
    }
    if (missing.empty()) return {};
    if (unlike_ != nullptr) *unlike_ = true;
    return columns_missing(table_, top_, missing, looked, example);
  }

  const Table& table_;
  const RecordSpec& spec_;
  const RecordOptions& options_;
  bool* unlike_;
  Sample sample_;
  RecordLayout layout_;
  TableTop top_;
  std::vector<FieldMatch> matches_;
  std::vector<Candidate> candidates_;
  std::vector<std::pair<std::size_t, std::size_t>> unfit_;  // columns, and the fields that their names say
  std::bitset<kFieldsMax> settled_;                         // by a preset
};

}  // namespace

std::string RecordLayout::column_name_at(std::size_t column) const { return ingest::column_name_at(headers, column); }
std::string RecordLayout::column_name(std::size_t field) const {
  return has(field) ? column_name_at(columns[field].front()) : std::string();
}
std::string_view RecordLayout::header_of(std::size_t field) const {
  if (!has(field) || columns[field].front() >= headers.size()) return {};
  return headers[columns[field].front()];
}

Result<RecordLayout> recognise_record_table(const Table& table, const RecordSpec& spec, const RecordOptions& options,
                                            bool* unlike) {
  if (unlike != nullptr) *unlike = false;
  return Recogniser(table, spec, options, unlike).run();
}

}  // namespace behoud::ingest
