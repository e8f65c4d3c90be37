#pragma once

// What each kind of small table is made of (records.h): its fields, what their columns are called, and which of them a
// table must have. Stated by each reader beside its code; used by the one mechanism that recognises and reads
// (record_layout.h, record_reader.h).

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "ingest/orders.h"
#include "ingest/records.h"

namespace behoud::ingest {

// What the cells of a field are like: how well a column bears out its name, and how it is surveyed.
enum class FieldType : std::uint8_t {
  kText,
  kIdentity,  // a key: no decimals, no names of people
  kEmail,
  kFlag,   // yes or no
  kDate,   // surveyed for its form
  kSpan,   // a date, or a month
  kMoney,  // surveyed for the decimal mark
  kRate,   // the same, apart: a rate has no thousands
  kCount,  // a whole number
  kCurrency,
  kInterval
};

// Names that orders.h's columns have too, and how much of their strength they have here.
struct SharedNames {
  Role role = Role::kCustomer;
  double factor = 0;
};

struct Field {
  std::string_view name;  // of --map
  FieldType type = FieldType::kText;
  // Squashed headers between blanks; each '|' takes a quarter off the strength, which begins at 1.
  std::string_view words;
  std::array<SharedNames, 3> shared{};
  bool own_name = true;  // a column called as the field is surely it
};

// A table must have a column for one of `any`. `looked_for`: the names to tell whoever has none of them.
struct Need {
  std::array<std::size_t, 3> any;  // kNoField where there are fewer
  std::string_view looked_for;
};
inline constexpr std::size_t kNoField = static_cast<std::size_t>(-1);

// A fact about one system's export. `required`: as of Preset (names.h). `columns`: field=name|name, the first of them
// that is not blank in a row; `field=` is left empty, whatever the names say.
struct RecordPreset {
  std::string_view system, required, columns;
};

struct RecordLayout;

struct RecordSpec {
  RecordKind kind = RecordKind::kCustomers;
  std::span<const Field> fields;
  std::span<const std::string_view> names;  // of the fields that docs/imports.md tells of
  std::span<const Need> needs;
  std::span<const RecordPreset> presets;
  std::size_t key = kNoField;                // a row where it is blank, or itself a word for a total, may be one
  bool ahead = false;                        // dates may lie up to kYearsAhead years ahead
  bool wide = false;                         // a column a currency is understood
  void (*notices)(RecordLayout&) = nullptr;  // what else to say about a recognised table
};
inline constexpr int kYearsAhead = 10;

const RecordSpec& customers_spec();
const RecordSpec& costs_spec();
const RecordSpec& items_spec();
const RecordSpec& rates_spec();
const RecordSpec& subscriptions_spec();
const RecordSpec& spec_of(RecordKind kind);

}  // namespace behoud::ingest
