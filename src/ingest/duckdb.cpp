#include "ingest/duckdb.h"

#include <atomic>
#include <utility>

#include <duckdb.h>
#include <fmt/core.h>

namespace behoud::ingest {
namespace {

duckdb_type type_of(DuckType type) {
  switch (type) {
    case DuckType::kBoolean:
      return DUCKDB_TYPE_BOOLEAN;
    case DuckType::kInteger:
      return DUCKDB_TYPE_BIGINT;
    case DuckType::kNumber:
      return DUCKDB_TYPE_DOUBLE;
    case DuckType::kText:
      return DUCKDB_TYPE_VARCHAR;
    case DuckType::kDate:
      return DUCKDB_TYPE_DATE;
    case DuckType::kTimestamp:
      return DUCKDB_TYPE_TIMESTAMP;
  }
  return DUCKDB_TYPE_VARCHAR;
}

// DuckDB says "Conversion Error: Could not convert string 'jan@example.org' to INT64" and shows the statement below it:
// the first line up to the first quote says enough, and nothing about a person.
std::string without_values(const char* message) {
  std::string text(message == nullptr ? "no reason given" : message);
  text.resize(std::min({text.size(), text.find('\n'), text.find('\''), text.find('"'), std::size_t{160}}));
  while (!text.empty() && (text.back() == ' ' || text.back() == ':')) text.pop_back();
  return text;
}

std::unexpected<Error> error_of(duckdb_error_type type, const char* message) {
  Errc code = Errc::kBadInput;
  switch (type) {
    case DUCKDB_ERROR_OUT_OF_MEMORY:
    case DUCKDB_ERROR_INTERRUPT:
      code = Errc::kUnavailable;
      break;
    case DUCKDB_ERROR_PARSER:
    case DUCKDB_ERROR_BINDER:
    case DUCKDB_ERROR_CATALOG:
    case DUCKDB_ERROR_SYNTAX:
    case DUCKDB_ERROR_PERMISSION:
      code = Errc::kInvalidArgument;
      break;
    default:
      break;
  }
  return fail(code, fmt::format("DuckDB: {}", without_values(message)));
}

}  // namespace

std::string duck_text(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted += '\'';
}

std::string duck_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted += '"';
}

// ---- batches that are written

DuckBatch::DuckBatch(void* chunk) {
  auto* const data = static_cast<duckdb_data_chunk>(chunk);
  for (idx_t i = 0; i < duckdb_data_chunk_get_column_count(data); ++i) {
    const duckdb_vector vector = duckdb_data_chunk_get_vector(data, i);
    vectors_.push_back(vector);
    values_.push_back(duckdb_vector_get_data(vector));
  }
}

void DuckBatch::null(std::size_t row, std::size_t column) {
  auto* const vector = static_cast<duckdb_vector>(vectors_[column]);
  duckdb_vector_ensure_validity_writable(vector);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}
void DuckBatch::boolean(std::size_t row, std::size_t column, bool value) {
  static_cast<bool*>(values_[column])[row] = value;
}
void DuckBatch::integer(std::size_t row, std::size_t column, std::int64_t value) {
  static_cast<std::int64_t*>(values_[column])[row] = value;
}
void DuckBatch::number(std::size_t row, std::size_t column, double value) {
  static_cast<double*>(values_[column])[row] = value;
}
void DuckBatch::text(std::size_t row, std::size_t column, std::string_view value) {
  duckdb_vector_assign_string_element_len(static_cast<duckdb_vector>(vectors_[column]), row, value.data(),
                                          value.size());
}
void DuckBatch::date(std::size_t row, std::size_t column, std::int32_t days) {
  static_cast<std::int32_t*>(values_[column])[row] = days;
}
void DuckBatch::timestamp(std::size_t row, std::size_t column, std::int64_t microseconds) {
  static_cast<std::int64_t*>(values_[column])[row] = microseconds;
}

// ---- rows that are read

struct DuckRows::Impl {
  duckdb_prepared_statement statement = nullptr;
  duckdb_result result{};
  duckdb_data_chunk chunk = nullptr;
  std::vector<std::string> names;
  std::vector<duckdb_vector> vectors;
  std::vector<void*> values;
  std::vector<std::uint64_t*> validity;
  std::size_t rows = 0;
  std::shared_ptr<std::optional<Error>> feed_error;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (chunk != nullptr) duckdb_destroy_data_chunk(&chunk);
    duckdb_destroy_result(&result);
    if (statement != nullptr) duckdb_destroy_prepare(&statement);
  }
};

DuckRows::DuckRows(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DuckRows::DuckRows(DuckRows&&) noexcept = default;
DuckRows& DuckRows::operator=(DuckRows&&) noexcept = default;
DuckRows::~DuckRows() = default;

const std::vector<std::string>& DuckRows::names() const { return impl_->names; }
std::size_t DuckRows::rows() const { return impl_->rows; }

Result<bool> DuckRows::next() {
  Impl& r = *impl_;
  if (r.chunk != nullptr) duckdb_destroy_data_chunk(&r.chunk);
  r.rows = 0;
  do {
    r.chunk = duckdb_fetch_chunk(r.result);
    if (r.chunk == nullptr) {
      if (r.feed_error && *r.feed_error) return std::unexpected(**r.feed_error);
      const char* const error = duckdb_result_error(&r.result);
      if (error != nullptr) return error_of(duckdb_result_error_type(&r.result), error);
      return false;
    }
    r.rows = duckdb_data_chunk_get_size(r.chunk);
    if (r.rows == 0) duckdb_destroy_data_chunk(&r.chunk);
  } while (r.rows == 0);
  for (std::size_t i = 0; i < r.names.size(); ++i) {
    r.vectors[i] = duckdb_data_chunk_get_vector(r.chunk, i);
    r.values[i] = duckdb_vector_get_data(r.vectors[i]);
    r.validity[i] = duckdb_vector_get_validity(r.vectors[i]);
  }
  return true;
}

bool DuckRows::is_null(std::size_t row, std::size_t column) const {
  const std::uint64_t* const validity = impl_->validity[column];
  return validity != nullptr && ((validity[row / 64] >> (row % 64)) & 1) == 0;
}
std::string_view DuckRows::text(std::size_t row, std::size_t column) const {
  auto* const values = static_cast<duckdb_string_t*>(impl_->values[column]);
  return {duckdb_string_t_data(&values[row]), duckdb_string_t_length(values[row])};
}
std::int64_t DuckRows::integer(std::size_t row, std::size_t column) const {
  return static_cast<const std::int64_t*>(impl_->values[column])[row];
}
double DuckRows::number(std::size_t row, std::size_t column) const {
  return static_cast<const double*>(impl_->values[column])[row];
}

// ---- the database

struct DuckDb::Impl {
  struct Instance {
    duckdb_database database = nullptr;
    Instance() = default;
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;
    ~Instance() {
      if (database != nullptr) duckdb_close(&database);
    }
  };
  std::shared_ptr<Instance> instance;  // its connections share it
  duckdb_connection connection = nullptr;
  // What a feed's `fill` failed with: the query that ran it must say that, not what DuckDB makes of it. Shared with the
  // rows of a query, which may outlive a move of the database.
  std::shared_ptr<std::optional<Error>> feed_error = std::make_shared<std::optional<Error>>();

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (connection != nullptr) duckdb_disconnect(&connection);
  }
};

DuckDb::DuckDb(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DuckDb::DuckDb(DuckDb&&) noexcept = default;
DuckDb& DuckDb::operator=(DuckDb&&) noexcept = default;
DuckDb::~DuckDb() = default;

Result<DuckDb> DuckDb::open(const DuckOptions& options) {
  const auto instance = std::make_shared<Impl::Instance>();
  duckdb_config config = nullptr;
  if (duckdb_create_config(&config) == DuckDBError) return fail(Errc::kUnavailable, "DuckDB does not start");
  const std::pair<const char*, std::string> settings[] = {
      {"threads", std::to_string(options.threads)},
      {"memory_limit", fmt::format("{}MiB", options.memory_bytes_max >> 20)},
      {"autoinstall_known_extensions", "false"},
      {"autoload_known_extensions", "false"},
      {"allow_community_extensions", "false"},
      {"temp_directory", ""},
  };
  for (const auto& [name, value] : settings) duckdb_set_config(config, name, value.c_str());
  char* error = nullptr;
  const duckdb_state state = duckdb_open_ext(nullptr, &instance->database, config, &error);
  duckdb_destroy_config(&config);
  if (state == DuckDBError) {
    auto failed = fail(Errc::kUnavailable, fmt::format("DuckDB does not start: {}", without_values(error)));
    duckdb_free(error);
    return failed;
  }
  auto first = std::make_unique<Impl>();
  first->instance = instance;
  TRY_ASSIGN(DuckDb db, DuckDb(std::move(first)).connect());
  // Without the cache of files a path that was written anew is read anew, and memory is for the query.
  std::string files;
  for (const std::string& file : options.files) files += (files.empty() ? "" : ", ") + duck_text(file);
  TRY(
      db.run(fmt::format("SET GLOBAL TimeZone='UTC'; SET enable_external_file_cache=false; SET allowed_paths=[{}]; SET "
                         "enable_external_access=false; "
                         "SET lock_configuration=true",
                         files)));
  return db;
}

Result<DuckDb> DuckDb::connect() const {
  auto impl = std::make_unique<Impl>();
  impl->instance = impl_->instance;
  if (duckdb_connect(impl->instance->database, &impl->connection) == DuckDBError) {
    return fail(Errc::kUnavailable, "DuckDB does not accept a connection");
  }
  return DuckDb(std::move(impl));
}

Result<void> DuckDb::run(const std::string& sql) {
  impl_->feed_error->reset();
  duckdb_result result{};
  const duckdb_state state = duckdb_query(impl_->connection, sql.c_str(), &result);
  Result<void> outcome;
  if (*impl_->feed_error) {
    outcome = std::unexpected(**impl_->feed_error);
  } else if (state == DuckDBError) {
    outcome = error_of(duckdb_result_error_type(&result), duckdb_result_error(&result));
  }
  duckdb_destroy_result(&result);
  return outcome;
}

Result<DuckRows> DuckDb::query(const std::string& sql) {
  impl_->feed_error->reset();
  auto rows = std::make_unique<DuckRows::Impl>();
  rows->feed_error = impl_->feed_error;
  if (duckdb_prepare(impl_->connection, sql.c_str(), &rows->statement) == DuckDBError) {
    return error_of(DUCKDB_ERROR_PARSER, duckdb_prepare_error(rows->statement));
  }
  // Streaming by way of the pending interface: chunks are made as they are fetched.
  duckdb_pending_result pending = nullptr;
  Result<void> outcome;
  if (duckdb_pending_prepared_streaming(rows->statement, &pending) == DuckDBError) {
    outcome = fail(Errc::kBadInput, fmt::format("DuckDB: {}", without_values(duckdb_pending_error(pending))));
  } else if (duckdb_execute_pending(pending, &rows->result) == DuckDBError) {
    outcome = *impl_->feed_error
                  ? std::unexpected(**impl_->feed_error)
                  : error_of(duckdb_result_error_type(&rows->result), duckdb_result_error(&rows->result));
  }
  duckdb_destroy_pending(&pending);
  TRY(outcome);
  const idx_t columns = duckdb_column_count(&rows->result);
  for (idx_t i = 0; i < columns; ++i) rows->names.emplace_back(duckdb_column_name(&rows->result, i));
  rows->vectors.resize(columns);
  rows->values.resize(columns);
  rows->validity.resize(columns);
  return DuckRows(std::move(rows));
}

namespace {

// Nested types are as deep as a file says: beyond 16 levels they are taken for a scalar, which can be cast to text
// whole.
DuckField field_of(std::string name, duckdb_logical_type type, int depth) {
  DuckField field{std::move(name), DuckField::Kind::kScalar, {}};
  const duckdb_type id = duckdb_get_type_id(type);
  if (id == DUCKDB_TYPE_FLOAT || id == DUCKDB_TYPE_DOUBLE) field.kind = DuckField::Kind::kFloating;
  if (depth >= 16) return field;
  if (id == DUCKDB_TYPE_STRUCT) {
    field.kind = DuckField::Kind::kStruct;
    for (idx_t i = 0; i < duckdb_struct_type_child_count(type); ++i) {
      char* const child_name = duckdb_struct_type_child_name(type, i);
      duckdb_logical_type child = duckdb_struct_type_child_type(type, i);
      field.children.push_back(field_of(child_name, child, depth + 1));
      duckdb_destroy_logical_type(&child);
      duckdb_free(child_name);
    }
  } else if (id == DUCKDB_TYPE_LIST) {
    field.kind = DuckField::Kind::kList;
    duckdb_logical_type child = duckdb_list_type_child_type(type);
    field.children.push_back(field_of("", child, depth + 1));
    duckdb_destroy_logical_type(&child);
  }
  return field;
}

}  // namespace

Result<std::vector<DuckField>> DuckDb::describe(const std::string& sql) {
  duckdb_prepared_statement statement = nullptr;
  Result<std::vector<DuckField>> fields;
  if (duckdb_prepare(impl_->connection, sql.c_str(), &statement) == DuckDBError) {
    fields = fail(Errc::kBadInput, fmt::format("DuckDB: {}", without_values(duckdb_prepare_error(statement))));
  } else {
    for (idx_t i = 0; i < duckdb_prepared_statement_column_count(statement); ++i) {
      const char* const name = duckdb_prepared_statement_column_name(statement, i);
      duckdb_logical_type type = duckdb_prepared_statement_column_logical_type(statement, i);
      fields->push_back(field_of(name, type, 0));
      duckdb_free(const_cast<char*>(name));
      duckdb_destroy_logical_type(&type);
    }
  }
  duckdb_destroy_prepare(&statement);
  return fields;
}

namespace {

struct Feed {
  std::vector<DuckColumn> columns;
  std::function<Result<std::size_t>(DuckBatch&)> fill;
  std::shared_ptr<std::optional<Error>> error;
};

void bind_feed(duckdb_bind_info bind) {
  const auto& feed = *static_cast<Feed*>(duckdb_bind_get_extra_info(bind));
  for (const DuckColumn& column : feed.columns) {
    duckdb_logical_type type = duckdb_create_logical_type(type_of(column.type));
    duckdb_bind_add_result_column(bind, column.name.c_str(), type);
    duckdb_destroy_logical_type(&type);
  }
}

// One thread asks for rows, so that they come in order.
void start_feed(duckdb_init_info start) { duckdb_init_set_max_threads(start, 1); }

// Called from within DuckDB, which no exception may cross.
void run_feed(duckdb_function_info call, duckdb_data_chunk chunk) {
  auto& feed = *static_cast<Feed*>(duckdb_function_get_extra_info(call));
  std::size_t rows = 0;
  try {
    DuckBatch batch(chunk);
    Result<std::size_t> filled = feed.fill(batch);
    if (filled) {
      rows = *filled;
    } else {
      *feed.error = std::move(filled).error();
      duckdb_function_set_error(call, "the source of the rows failed");
    }
  } catch (const std::exception&) {
    *feed.error = Error{Errc::kUnavailable, "The source of the rows failed: not enough memory", {}, {}};
    duckdb_function_set_error(call, "the source of the rows failed");
  }
  duckdb_data_chunk_set_size(chunk, rows);
}

void delete_feed(void* feed) { delete static_cast<Feed*>(feed); }

}  // namespace

Result<void> DuckDb::feed(const std::string& name, std::vector<DuckColumn> columns,
                          std::function<Result<std::size_t>(DuckBatch&)> fill) {
  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, name.c_str());
  duckdb_table_function_set_extra_info(function, new Feed{std::move(columns), std::move(fill), impl_->feed_error},
                                       delete_feed);
  duckdb_table_function_set_bind(function, bind_feed);
  duckdb_table_function_set_init(function, start_feed);
  duckdb_table_function_set_function(function, run_feed);
  const duckdb_state state = duckdb_register_table_function(impl_->connection, function);
  duckdb_destroy_table_function(&function);
  if (state == DuckDBError) return fail(Errc::kInvalidArgument, fmt::format("DuckDB: {} cannot be a source", name));
  return {};
}

Result<void> DuckDb::append(const std::string& table, const std::vector<DuckColumn>& columns,
                            const std::function<Result<std::size_t>(DuckBatch&)>& fill) {
  std::vector<duckdb_logical_type> types;
  types.reserve(columns.size());
  for (const DuckColumn& column : columns) types.push_back(duckdb_create_logical_type(type_of(column.type)));
  duckdb_appender appender = nullptr;
  duckdb_data_chunk chunk = duckdb_create_data_chunk(types.data(), types.size());
  Result<void> outcome;
  const auto check = [&](duckdb_state state) {
    if (state == DuckDBError) outcome = error_of(DUCKDB_ERROR_INVALID_INPUT, duckdb_appender_error(appender));
    return state != DuckDBError;
  };
  if (check(duckdb_appender_create(impl_->connection, nullptr, table.c_str(), &appender))) {
    for (;;) {
      duckdb_data_chunk_reset(chunk);
      DuckBatch batch(chunk);
      const Result<std::size_t> rows = fill(batch);
      if (!rows) {
        outcome = std::unexpected(rows.error());
        break;
      }
      if (*rows == 0) {
        check(duckdb_appender_close(appender));
        break;
      }
      duckdb_data_chunk_set_size(chunk, *rows);
      if (!check(duckdb_append_data_chunk(appender, chunk))) break;
    }
  }
  duckdb_appender_destroy(&appender);
  duckdb_destroy_data_chunk(&chunk);
  for (duckdb_logical_type& type : types) duckdb_destroy_logical_type(&type);
  return outcome;
}

}  // namespace behoud::ingest
