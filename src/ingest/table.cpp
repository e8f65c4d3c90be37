#include "ingest/table.h"

#include <utility>

#include "ingest/read/bytes.h"
#include "ingest/read/csv.h"

namespace behoud::ingest {

Result<std::vector<std::unique_ptr<Table>>> open_tables(const std::string& path) {
  TRY_ASSIGN(auto bytes, read::open_file(path));
  std::vector<std::unique_ptr<Table>> tables;
  TRY_ASSIGN(auto table, read::open_csv(std::move(bytes), path));
  tables.push_back(std::move(table));
  return tables;
}

}  // namespace behoud::ingest
