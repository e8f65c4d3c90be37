#pragma once

// How files come into the own shop over HTTP: uploads, and the jobs that import them or take an import back; and the
// jobs that make a backup of it. The jobs' work is that of the commands `behoud import` and `behoud imports undo`, and
// its result their --format json; of a backup it is the backup's row (backups.h), of a report of files that are not
// imported where it is.
//
// Thread-safety: any thread.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "app/backups.h"
#include "app/jobs.h"
#include "app/kept_answers.h"
#include "app/kept_reports.h"
#include "app/served_shops.h"
#include "app/uploads.h"

namespace behoud::app {

// Something was done for somebody: an import, an undo, a change of settings or costs. `detail` is a JSON object or "".
struct Done {
  http::Actor by;
  std::string action, subject;
  std::optional<std::int64_t> subject_id;
  std::string detail;
};
// Where it is written down: behind what was done, or in the very transaction that did it. Either may be empty.
struct Recorder {
  std::function<void(const Done&)> after = {};
  std::function<Result<void>(ledger::RoomWriter&, const Done&)> along = {};
};

class Intake {
 public:
  // Called on the jobs' thread before the work of each is begun; tests hold one open there. May be empty.
  using Before = std::function<void(const Job& job, const JobRun& run)>;
  // How long a job that is to let go of a file is waited for. It looks every few hundred orders, and between the parts
  // of a report.
  static constexpr std::chrono::seconds kPatience{30};

  // `shops` and `world` must outlive it. Errors: those of the uploads' folder and of the store.
  static Result<std::unique_ptr<Intake>> open(ServedShops& shops, const World& world, Recorder recorder,
                                              Before before = {});

  ServedShops& shops() { return shops_; }
  const World& world() const { return world_; }
  Uploads& uploads() { return *uploads_; }
  Jobs& jobs() { return *jobs_; }
  KeptAnswers& answers() { return answers_; }
  Backups& backups() { return *backups_; }
  const KeptReports& reports() const { return reports_; }
  void record(const Done& done) const {
    if (recorder_.after) recorder_.after(done);
  }

  // Removes uploads that nobody has used for a day and no job needs.
  void sweep_uploads();
  // An upload, or a report and not the files that it is of. Jobs that only look at it, a dry run or a report, are
  // cancelled first and waited for, at most for `patience`. Errors: kNotFound; kConflict (an upload that is being
  // imported; a job that has not let go of it), the disk's.
  Result<void> remove_upload(const std::string& id, std::chrono::milliseconds patience = kPatience);
  Result<void> remove_report(const std::string& id, std::chrono::milliseconds patience = kPatience);
  // The request's body is as asked_import.h has it. Errors: kInvalidArgument, kNotFound (an upload), those of the
  // store.
  Result<Job> ask_for_import(const http::Request& request, const KeptAnswers::Slot* slot);
  Result<Job> ask_for_undo(const http::Request& request, ledger::ImportId id, const KeptAnswers::Slot* slot);
  // The request's body is as loose_report.h has it. Errors: as of an import.
  Result<Job> ask_for_report(const http::Request& request, const KeptAnswers::Slot* slot);
  // Errors: kConflict (as many as there may be), those of the store.
  Result<Job> ask_for_backup(const http::Request& request, const KeptAnswers::Slot* slot);

 private:
  Intake(ServedShops& shops, const World& world, Recorder recorder, Before before)
      : shops_(shops),
        world_(world),
        recorder_(std::move(recorder)),
        before_(std::move(before)),
        answers_(shops.home().ledger, world),
        reports_(shops.home().ledger) {}
  Result<void> let_go(const Job& job, std::chrono::milliseconds patience);
  Result<Job> add(std::string kind, std::string title, std::string request, const KeptAnswers::Slot* slot);
  Result<std::string> work(const Job& job, JobRun& run);
  Result<std::string> import(const std::string& text, JobRun& run, Done done);
  Result<std::string> undo(ledger::ImportId id, JobRun& run, Done done);
  Result<std::string> backup(JobRun& run, Done done);
  Result<std::string> report(const Job& job, const std::string& text, JobRun& run);
  // The job's result and its line in the log, in the transaction that made it true.
  Result<void> keep(ledger::RoomWriter& db, JobRun& run, const std::string& result, const Done& done) const;

  ServedShops& shops_;
  const World& world_;
  Recorder recorder_;
  Before before_;
  KeptAnswers answers_;
  KeptReports reports_;
  std::unique_ptr<Uploads> uploads_;
  std::unique_ptr<Backups> backups_;
  std::unique_ptr<Jobs> jobs_;  // last: its thread uses the others
};

// {"job":"j_..."}
std::string asked_for_json(const Job& job);

}  // namespace behoud::app
