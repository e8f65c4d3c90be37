#pragma once

// The reports of loose files that were made last, as files of the data folder under reports/: two each, by the id of
// the job that made it, "j_....json" and "j_....html". They are nobody's record: the newest kReportsMax are kept. One
// is there where both files are: the page is written first and removed last.
//
// Thread-safety: any thread; keep() by one at a time (the jobs').

#include <cstddef>
#include <string>
#include <string_view>

#include "app/loose_report.h"
#include "ledger/ledger.h"

namespace behoud::app {

inline constexpr std::size_t kReportsMax = 20;

class KeptReports {
 public:
  explicit KeptReports(const ledger::Ledger& ledger) : folder_(ledger.folder().path() + "/reports") {}

  // Removes what a process left that was killed or had no room while it wrote: unfinished files, and one without the
  // other. Before any is kept.
  void sweep() const;
  // Whole and on disk when it returns. Errors: kUnavailable (disk): nothing is left of it.
  Result<void> keep(std::string_view job, const LooseReport& report) const;
  // `ending`: "json" or "html". Errors: kNotFound (an id of none, or one that is no longer kept).
  Result<std::string> find(std::string_view job, std::string_view ending) const;
  // Errors: kNotFound, kUnavailable (disk).
  Result<void> remove(std::string_view job) const;

 private:
  std::string path_of(std::string_view job, std::string_view ending) const;
  void keep_newest() const;
  std::string folder_;
};

}  // namespace behoud::app
