#include "ingest/records.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "ingest/mapping.h"
#include "ingest/record_reader.h"
#include "ingest/table.h"

namespace behoud::ingest {
namespace {

constexpr std::array<std::string_view, 5> kKindNames = {"customers", "costs", "items", "rates", "subscriptions"};

}  // namespace

std::string_view name(RecordKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

std::optional<RecordKind> parse_record_kind(std::string_view name) {
  const auto it = std::find(kKindNames.begin(), kKindNames.end(), name);
  if (it == kKindNames.end()) return std::nullopt;
  return static_cast<RecordKind>(it - kKindNames.begin());
}

const RecordSpec& spec_of(RecordKind kind) {
  switch (kind) {
    case RecordKind::kCustomers:
      return customers_spec();
    case RecordKind::kCosts:
      return costs_spec();
    case RecordKind::kItems:
      return items_spec();
    case RecordKind::kRates:
      return rates_spec();
    case RecordKind::kSubscriptions:
      break;
  }
  return subscriptions_spec();
}

std::span<const std::string_view> field_names(RecordKind kind) { return spec_of(kind).names; }

Result<FieldMapping> parse_field_mapping(RecordKind kind, std::string_view text) {
  const RecordSpec& spec = spec_of(kind);
  FieldMapping mapping;
  TRY_ASSIGN(auto parts, split_mapping(text));
  for (auto& [field, column] : parts) {
    const bool known = std::any_of(spec.fields.begin(), spec.fields.end(),
                                   [&, &wanted = field](const Field& f) { return f.name == wanted; });
    if (!known) {
      std::string list;
      for (const std::string_view n : spec.names) list += (list.empty() ? "" : ", ") + std::string(n);
      return fail(Errc::kInvalidArgument, "--map: " + quoted(field) + " is nothing that a column can be",
                  "In a file of " + std::string(name(kind)) + " it can be: " + list + ".", {},
                  {"problem.map_role_unknown", {{"value", field}, {"roles", list}}});
    }
    mapping.columns.emplace(std::move(field), std::move(column));
  }
  return mapping;
}

std::string to_string(const FieldMapping& mapping) {
  std::string out;
  for (const auto& [field, column] : mapping.columns) {
    if (!out.empty()) out += ',';
    out += field;
    out += '=';
    append_mapped_column(out, column);
  }
  return out;
}

Result<RecordFacts> read_customers(const std::vector<std::string>& files, const RecordOptions& options,
                                   const CustomerSink& sink) {
  TRY_ASSIGN(const OpenFiles opened, open_files(files, "records"));
  return read_customer_tables(opened.files, options, sink);
}
Result<RecordFacts> read_costs(const std::vector<std::string>& files, const RecordOptions& options,
                               const CostSink& sink) {
  TRY_ASSIGN(const OpenFiles opened, open_files(files, "records"));
  return read_cost_tables(opened.files, options, sink);
}
Result<RecordFacts> read_items(const std::vector<std::string>& files, const RecordOptions& options,
                               const ItemSink& sink) {
  TRY_ASSIGN(const OpenFiles opened, open_files(files, "records"));
  return read_item_tables(opened.files, options, sink);
}
Result<RecordFacts> read_rates(const std::vector<std::string>& files, const RecordOptions& options,
                               const RateSink& sink) {
  TRY_ASSIGN(const OpenFiles opened, open_files(files, "records"));
  return read_rate_tables(opened.files, options, sink);
}
Result<RecordFacts> read_subscriptions(const std::vector<std::string>& files, const RecordOptions& options,
                                       const SubscriptionSink& sink) {
  TRY_ASSIGN(const OpenFiles opened, open_files(files, "records"));
  return read_subscription_tables(opened.files, options, sink);
}

Result<std::vector<RecordShape>> recognise_records(RecordKind kind, const std::vector<std::string>& files,
                                                   const RecordOptions& options) {
  TRY_ASSIGN(const OpenFiles opened, open_files(files, "records"));
  return recognise_record_tables(opened.files, spec_of(kind), options);
}

}  // namespace behoud::ingest
