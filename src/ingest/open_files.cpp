#include "ingest/open_files.h"

#include <utility>

namespace behoud::ingest {

Result<OpenFiles> open_files(const std::vector<std::string>& files, const std::string& what) {
  if (files.empty())
    return fail(Errc::kInvalidArgument, "no file was named", "Name a file of " + what + ".", {}, {"problem.no_file"});
  OpenFiles out;
  for (const std::string& file : files) {
    TRY_ASSIGN(auto tables, open_tables(file));
    OpenFile opened;
    for (auto& table : tables) {
      opened.tables.push_back(table.get());
      out.tables.push_back(std::move(table));
    }
    out.files.push_back(std::move(opened));
  }
  return out;
}

}  // namespace behoud::ingest
