#include "app/intake.h"

#include <algorithm>
#include <boost/json.hpp>

#include <fmt/format.h>

#include "app/asked_import.h"
#include "app/import.h"
#include "app/import_view.h"
#include "app/imports_json.h"
#include "app/random_id.h"
#include "language/catalogue.h"

namespace behoud::app {
namespace {

namespace json = boost::json;

constexpr int kAccepted = 202;

// A job's request: what was asked, and by whom.
std::string wrapped(const http::Actor& by, std::string_view key, std::string_view asked) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object().key("by").begin_object().field("user", by.user).field("role", static_cast<int>(by.role));
  writer.field("credential", static_cast<int>(by.credential)).field("credential_id", by.credential_id).end_object();
  writer.key(key).raw(asked).end_object();
  return out;
}

http::Actor actor_of(const json::value& request) {
  const json::object& by = request.at("by").as_object();
  http::Actor out;
  out.user = by.at("user").as_string();
  out.role = static_cast<http::Role>(by.at("role").as_int64());
  out.credential = static_cast<http::Credential>(by.at("credential").as_int64());
  out.credential_id = by.at("credential_id").as_string();
  return out;
}

std::string title_of(const ImportRequest& request) {
  std::string out;
  for (const std::string& name : request.typed) {
    out += (out.empty() ? "" : ", ") + name;
  }
  return out;
}

}  // namespace

std::string asked_for_json(const Job& job) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object().field("job", job.id).end_object();
  return out + "\n";
}

Result<std::unique_ptr<Intake>> Intake::open(ServedShops& shops, const World& world, Recorder recorder, Before before) {
  std::unique_ptr<Intake> intake(new Intake(shops, world, std::move(recorder), std::move(before)));
  intake->reports_.sweep();
  // Before any job is gone on with. Where there is no room for it, the next import does it.
  if (settle_window(shops.home().ledger)) shops.home().warm.refresh();
  TRY_ASSIGN(intake->uploads_, Uploads::open(shops.home().ledger, world));
  TRY_ASSIGN(intake->backups_, Backups::open(shops.home().ledger, world));
  TRY_ASSIGN(intake->jobs_, Jobs::open(shops.home().ledger, world,
                                       [&i = *intake](const Job& job, JobRun& run) { return i.work(job, run); }));
  intake->sweep_uploads();
  return intake;
}

void Intake::sweep_uploads() {
  // What could not be removed now is looked at again with the next upload.
  [[maybe_unused]] const auto swept = uploads_->sweep([this](const std::string& id) {
    const auto needing = jobs_->needing(id);
    return !needing || !needing->empty();
  });
}

Result<void> Intake::let_go(const Job& job, std::chrono::milliseconds patience) {
  const bool only_looks = job.kind == "dry_run" || job.kind == "report";
  if (only_looks) {
    TRY_ASSIGN(const Job stopped, jobs_->stop(job.id, patience));
    if (has_ended(stopped.state)) return {};
  }
  return fail(Errc::kConflict, only_looks ? "a job that looks at it is being stopped" : "it is being imported",
              only_looks ? "try again in a moment" : "cancel the job first, or wait for its end", {{}, 0, "id"},
              {only_looks ? "problem.job_stopping" : "problem.upload_in_use"});
}

Result<void> Intake::remove_upload(const std::string& id, std::chrono::milliseconds patience) {
  if (!is_id("u_", id))
    return fail(Errc::kNotFound, "there is no such upload", {}, {{}, 0, "id"}, {"problem.upload_gone"});
  TRY_ASSIGN(const std::vector<Job> needing, jobs_->needing(id));
  // Before any is stopped for nothing.
  const auto imports = std::ranges::find(needing, "import", &Job::kind);
  if (imports != needing.end()) return let_go(*imports, patience);
  for (const Job& job : needing) TRY(let_go(job, patience));
  return uploads_->remove(id);
}

Result<void> Intake::remove_report(const std::string& id, std::chrono::milliseconds patience) {
  if (const auto job = jobs_->find(id); job && job->kind == "report" && !has_ended(job->state)) {
    TRY(let_go(*job, patience));
    // What was made before it was told to stop is removed like any other.
    if (const auto ended = jobs_->find(id); ended && ended->state != JobState::kDone) return {};
  }
  return reports_.remove(id);
}

Result<Job> Intake::add(std::string kind, std::string title, std::string request, const KeptAnswers::Slot* slot) {
  return jobs_->add(std::move(kind), std::move(title), std::move(request),
                    [slot](ledger::RoomWriter& db, const Job& job) -> Result<void> {
                      if (slot == nullptr) return {};
                      return KeptAnswers::keep(db, *slot, kAccepted, asked_for_json(job));
                    });
}

Result<Job> Intake::ask_for_import(const http::Request& request, const KeptAnswers::Slot* slot) {
  TRY_ASSIGN(AskedImport asked, parse_asked_import(request.body));
  TRY(fill_in_files(asked, *uploads_));
  boost::system::error_code error;
  // Parsed already: what was said, without what stands around it.
  const std::string plain = json::serialize(json::parse(request.body, error));
  return add(asked.request.dry_run ? "dry_run" : "import", title_of(asked.request),
             wrapped(request.actor, "asked", plain), slot);
}

Result<Job> Intake::ask_for_report(const http::Request& request, const KeptAnswers::Slot* slot) {
  TRY_ASSIGN(AskedReport asked, parse_asked_report(request.body));
  TRY(fill_in_files(asked.files, *uploads_));
  boost::system::error_code error;
  const std::string plain = json::serialize(json::parse(request.body, error));
  return add("report", title_of(asked.files.request), wrapped(request.actor, "asked", plain), slot);
}

Result<Job> Intake::ask_for_undo(const http::Request& request, ledger::ImportId id, const KeptAnswers::Slot* slot) {
  TRY_ASSIGN(const auto imports, shops_.home().ledger.imports());
  for (const ledger::ImportRow& row : imports) {
    if (row.id != id || row.state == ledger::ImportState::kOpen) continue;
    return add("undo", row.meta.file_name, wrapped(request.actor, "undo", std::to_string(id)), slot);
  }
  return fail(Errc::kNotFound, fmt::format("there is no import {}", id), "GET /api/v1/imports lists them",
              {{}, 0, "id"}, {"problem.import_gone", {{"import", id}}});
}

Result<Job> Intake::ask_for_backup(const http::Request& request, const KeptAnswers::Slot* slot) {
  TRY(backups_->has_room());
  return add("backup", "", wrapped(request.actor, "backup", "true"), slot);
}

Result<std::string> Intake::work(const Job& job, JobRun& run) {
  boost::system::error_code error;
  const json::value request = json::parse(job.request, error);
  if (error) return fail(Errc::kCorrupt, "what this job was asked cannot be read");
  const Done done{actor_of(request), job.kind, "import", {}, {}};
  if (before_) before_(job, run);
  if (run.given_up()) return fail(Errc::kConflict, "it was given up");
  auto result = [&]() -> Result<std::string> {
    if (const json::value* import_id = request.as_object().if_contains("undo")) {
      return undo(static_cast<ledger::ImportId>(import_id->as_int64()), run, done);
    }
    if (job.kind == "backup") return backup(run, done);
    if (job.kind == "report") return report(job, json::serialize(request.at("asked")), run);
    return import(json::serialize(request.at("asked")), run, done);
  }();
  if (!result) return result;
  if (job.kind == "import" || job.kind == "undo") {
    // Whoever sees the job done, and asks, is answered with what it brought.
    WarmShop& warm = shops_.home().warm;
    warm.refresh();
    [[maybe_unused]] const auto loaded = warm.settled();
  }
  return result;
}

Result<void> Intake::keep(ledger::RoomWriter& db, JobRun& run, const std::string& result, const Done& done) const {
  TRY(run.keep(db, result));
  return recorder_.along ? recorder_.along(db, done) : Result<void>{};
}

Result<std::string> Intake::import(const std::string& text, JobRun& run, Done done) {
  TRY_ASSIGN(AskedImport asked, parse_asked_import(text));
  TRY(fill_in_files(asked, *uploads_));
  ImportRequest& request = asked.request;
  request.now = world_.now();
  ledger::Ledger& ledger = shops_.home().ledger;
  ImportSurroundings around;
  around.warn = [](std::string_view) {};
  around.progress = [&run](std::uint64_t bytes, std::uint64_t total) { run.progress(bytes, total); };
  around.abandoned = [&run] { return run.given_up(); };
  const language::Catalogue catalogue(asked.lang);
  const auto shown = [&request, &catalogue](ImportOutcome outcome) {
    name_as_uploaded(request, outcome.files);
    name_as_uploaded(request, outcome.notices);
    // Who asked over HTTP has pages and routes, and no commands.
    for (ingest::Notice& notice : outcome.notices) {
      if (const auto where = notice.args.find("where"); where != notice.args.end()) where->second = "page";
    }
    std::vector<std::string> rejected;
    if (!request.dry_run && outcome.rejected_count > 0) {
      rejected.push_back(fmt::format("/api/v1/imports/{}/rejected", outcome.row.id));
    }
    return import_json({request.dry_run, outcome, rejected, catalogue});
  };
  around.along = [&](ledger::RoomWriter& db, const ImportOutcome& outcome) {
    done.subject_id = outcome.row.id;
    return keep(db, run, shown(outcome), done);
  };
  auto outcome = import_files(ledger, request, around);
  if (!outcome) {
    // Somebody who cancels wants nothing left of it; a server that ends goes on with it later.
    if (run.cancelled()) [[maybe_unused]]
      const auto swept = ledger.sweep_unfinished();
    return std::unexpected(as_uploaded(request, std::move(outcome).error()));
  }
  if (!request.dry_run) {
    for (const std::string& upload : asked.uploads) [[maybe_unused]]
      const auto removed = uploads_->remove(upload);
  }
  return shown(std::move(*outcome));
}

Result<std::string> Intake::undo(ledger::ImportId id, JobRun& run, Done done) {
  TRY_ASSIGN(const ledger::ImportRow row,
             shops_.home().ledger.undo_import(id, [&](ledger::RoomWriter& db, const ledger::ImportRow& undone) {
               done.subject_id = undone.id;
               return keep(db, run, imports_json({undone}), done);
             }));
  return imports_json({row});
}

// Nothing is imported, and nothing is written down in the log: it is a question.
Result<std::string> Intake::report(const Job& job, const std::string& text, JobRun& run) {
  TRY_ASSIGN(AskedReport asked, parse_asked_report(text));
  TRY(fill_in_files(asked.files, *uploads_));
  TRY_ASSIGN(ledger::Settings settings, shops_.home().ledger.settings());
  ReportSurroundings around;
  around.now = world_.now();
  around.mappings = std::move(settings.mappings);
  around.progress = [&run](std::uint64_t bytes, std::uint64_t total) { run.progress(bytes, total); };
  around.abandoned = [&run] { return run.given_up(); };
  TRY_ASSIGN(const LooseReport made, report_of_uploads(asked, around));
  TRY(reports_.keep(job.id, made));
  std::string out;
  JsonWriter writer(out);
  writer.begin_object().field("report", "/api/v1/reports/" + job.id).field("orders", made.orders);
  writer.field("bytes", std::uint64_t{made.json.size()}).end_object();
  return out;
}

// Whole and named before anybody is told: a server killed in between lists it all the same.
Result<std::string> Intake::backup(JobRun& run, Done done) {
  TRY_ASSIGN(const Backup made, backups_->make([&run](std::uint64_t bytes, std::uint64_t total) {
    run.progress(bytes, total);
    return !run.given_up();
  }));
  done.action = "backup_made";
  done.subject = "backup";
  std::string out;
  JsonWriter writer(out);
  write_backup(writer, made);
  done.detail = out;
  record(done);
  return out;
}

}  // namespace behoud::app
