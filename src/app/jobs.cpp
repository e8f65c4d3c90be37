#include "app/jobs.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <exception>

#include <fmt/format.h>

#include "app/random_id.h"
#include "base/text.h"
#include "http/error_body.h"

namespace behoud::app {
namespace {

using ledger::RoomReader;
using ledger::RoomRow;
using ledger::RoomWriter;

constexpr std::array<std::string_view, 6> kStates{"waiting", "running", "done", "failed", "cancelled", "interrupted"};
constexpr std::string_view kColumns =
    "number, id, kind, title, request, state, done, total, asked_at, started_at, ended_at, result, error";
constexpr std::int64_t kJobsKept = 1000;
constexpr std::int64_t kMsBetweenNews = 100;  // of progress

std::optional<calendar::Instant> instant(std::optional<std::int64_t> ms) {
  return ms ? std::optional(calendar::Instant{*ms}) : std::nullopt;
}

Job job_from(const RoomRow& row) {
  Job job;
  job.number = row.integer(0);
  job.id = row.text(1);
  job.kind = row.text(2);
  job.title = row.text(3);
  job.request = row.text(4);
  const auto state = std::ranges::find(kStates, row.text(5));
  job.state = state == kStates.end() ? JobState::kFailed : static_cast<JobState>(state - kStates.begin());
  job.done = static_cast<std::uint64_t>(row.integer(6));
  job.total = static_cast<std::uint64_t>(row.integer(7));
  job.asked_at = {row.integer(8)};
  job.started_at = instant(row.maybe(9));
  job.ended_at = instant(row.maybe(10));
  job.result = row.text(11);
  job.error = row.text(12);
  return job;
}

std::optional<std::int64_t> ms(const std::optional<calendar::Instant>& at) {
  return at ? std::optional(at->ms) : std::nullopt;
}

void write_uploads(JsonWriter& json, const Job& job) {
  boost::system::error_code error;
  const boost::json::value request = boost::json::parse(job.request, error);
  const boost::json::value* const named = error ? nullptr : request.find_pointer("/asked/uploads", error);
  json.key("uploads").begin_array();
  if (named != nullptr && named->is_array()) {
    for (const boost::json::value& upload : named->get_array()) {
      if (upload.is_string()) json.value(std::string_view(upload.get_string()));
    }
  }
  json.end_array();
}

void raw_or_null(JsonWriter& json, std::string_view key, std::string_view document) {
  json.key(key);
  while (document.ends_with('\n')) document.remove_suffix(1);
  document.empty() ? json.null() : json.raw(document);
}

void instant_or_null(JsonWriter& json, std::string_view key, const std::optional<calendar::Instant>& at) {
  json.key(key);
  at ? json.value(to_string(*at)) : json.null();
}

}  // namespace

std::string_view name(JobState state) { return kStates[static_cast<std::size_t>(state)]; }

std::string error_object(const Error& error) {
  constexpr std::string_view kBefore = R"({"error":)";
  const std::string whole = http::error_json(error);
  return whole.substr(kBefore.size(), whole.size() - kBefore.size() - 1);
}

void write_job(JsonWriter& json, const Job& job) {
  json.begin_object().field("id", job.id).field("kind", job.kind).field("title", job.title);
  write_uploads(json, job);
  json.field("state", name(job.state)).field("done", job.done).field("total", job.total).field("unit", "bytes");
  json.field("asked_at", to_string(job.asked_at));
  instant_or_null(json, "started_at", job.started_at);
  instant_or_null(json, "ended_at", job.ended_at);
  raw_or_null(json, "result", job.result);
  raw_or_null(json, "error", job.error);
  json.end_object();
}

std::string job_json(const Job& job) {
  std::string out;
  JsonWriter json(out);
  write_job(json, job);
  return out + "\n";
}

class Jobs::Running : public JobRun {
 public:
  explicit Running(Jobs& jobs) : jobs_(jobs) {}
  void progress(std::uint64_t done, std::uint64_t total) override {
    const std::int64_t now = jobs_.world_.steady_ms();
    std::string id;
    {
      const std::lock_guard lock(jobs_.mutex_);
      jobs_.running_->done = done;
      jobs_.running_->total = total;
      if (told_at_ && now - *told_at_ < kMsBetweenNews) return;
      id = jobs_.running_->id;
    }
    told_at_ = now;
    jobs_.tell(id);
  }
  bool given_up() const override {
    const std::lock_guard lock(jobs_.mutex_);
    return jobs_.cancel_ || jobs_.stopping_;
  }
  bool cancelled() const override {
    const std::lock_guard lock(jobs_.mutex_);
    return jobs_.cancel_;
  }
  Result<void> keep(RoomWriter& db, const std::string& result) override {
    std::string id;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    {
      const std::lock_guard lock(jobs_.mutex_);
      id = jobs_.running_->id;
      done = jobs_.running_->done;
      total = jobs_.running_->total;
    }
    TRY(db.run("UPDATE job SET result = ?2, done = ?3, total = ?4 WHERE id = ?1", {id, result, done, total}));
    kept_ = true;
    return {};
  }
  // Whether keep() was called; its transaction may have failed.
  bool kept() const { return kept_; }

 private:
  Jobs& jobs_;
  std::optional<std::int64_t> told_at_;
  bool kept_ = false;
};

Result<std::unique_ptr<Jobs>> Jobs::open(ledger::Ledger& ledger, const World& world, Work work) {
  std::unique_ptr<Jobs> jobs(new Jobs(ledger, world, std::move(work)));
  TRY(jobs->load());
  jobs->thread_ = std::thread([&j = *jobs] { j.run(); });
  return jobs;
}

Jobs::~Jobs() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<void> Jobs::load() {
  return store_.write([this](RoomWriter& db) -> Result<void> {
    // What was kept with what it did is true, whatever came between that and the job's end.
    TRY(
        db.run("UPDATE job SET state = CASE WHEN result IS NULL THEN 'interrupted' ELSE 'done' END, ended_at = ?1 "
               "WHERE state = 'running'",
               {world_.now().ms}));
    TRY(
        db.run("DELETE FROM job WHERE state NOT IN ('waiting', 'running') AND "
               "number <= (SELECT max(number) FROM job) - ?1",
               {kJobsKept}));
    return db.each(fmt::format("SELECT {} FROM job WHERE state = 'waiting' ORDER BY number", kColumns), {},
                   [this](const RoomRow& row) -> Result<void> {
                     waiting_.push_back(job_from(row));
                     return {};
                   });
  });
}

Result<Job> Jobs::add(std::string kind, std::string title, std::string request, const With& with) {
  Job job;
  job.id = random_id("j_", world_);
  job.kind = std::move(kind);
  job.title = std::move(title);
  job.request = std::move(request);
  job.asked_at = world_.now();
  const auto written = store_.write([&](RoomWriter& db) -> Result<void> {
    TRY(
        db.run("INSERT INTO job(id, kind, title, request, state, done, total, asked_at) "
               "VALUES(?1, ?2, ?3, ?4, 'waiting', 0, 0, ?5)",
               {job.id, job.kind, job.title, job.request, job.asked_at.ms}));
    job.number = db.inserted_id();
    return with ? with(db, job) : Result<void>{};
  });
  if (!written) return std::unexpected(written.error());
  {
    const std::lock_guard lock(mutex_);
    // Two that were added at once may come here in the other order.
    const auto behind = std::ranges::find_if(waiting_, [&](const Job& j) { return j.number > job.number; });
    waiting_.insert(behind, job);
  }
  changed_.notify_all();
  return job;
}

Result<Job> Jobs::find(const std::string& id) const {
  {
    const std::lock_guard lock(mutex_);
    if (running_ && running_->id == id) return *running_;
    if (const auto found = unsaved_.find(id); found != unsaved_.end()) return found->second;
  }
  std::optional<Job> found;
  TRY(store_.read([&](RoomReader& db) -> Result<void> {
    return db.each(fmt::format("SELECT {} FROM job WHERE id = ?1", kColumns), {id},
                   [&](const RoomRow& row) -> Result<void> {
                     found = job_from(row);
                     return {};
                   });
  }));
  if (!found)
    return fail(Errc::kNotFound, "there is no such job", "GET /api/v1/jobs lists them", {{}, 0, "id"},
                {"problem.job_gone"});
  return std::move(*found);
}

Result<std::vector<Job>> Jobs::list(const http::Page& page) const {
  std::vector<Job> out;
  const auto after = page.after.empty() ? std::nullopt : parse_integer(page.after);
  if (!page.after.empty() && !after)
    return fail(Errc::kInvalidArgument, "the cursor is none of this list", {}, {{}, 0, "cursor"});
  TRY(store_.read([&](RoomReader& db) -> Result<void> {
    return db.each(
        fmt::format("SELECT {} FROM job WHERE ?1 IS NULL OR number < ?1 ORDER BY number DESC LIMIT ?2", kColumns),
        {after, page.limit}, [&](const RoomRow& row) -> Result<void> {
          out.push_back(job_from(row));
          return {};
        });
  }));
  const std::lock_guard lock(mutex_);
  for (Job& job : out) {
    if (running_ && running_->id == job.id) job = *running_;
    if (const auto found = unsaved_.find(job.id); found != unsaved_.end()) job = found->second;
  }
  return out;
}

Result<Job> Jobs::cancel(const std::string& id) {
  std::optional<Job> waited;
  {
    const std::lock_guard lock(mutex_);
    if (running_ && running_->id == id) {
      cancel_ = true;
      return *running_;
    }
    const auto found = std::ranges::find(waiting_, id, &Job::id);
    if (found != waiting_.end()) {
      waited = std::move(*found);
      waiting_.erase(found);
      waited->state = JobState::kCancelled;
      waited->ended_at = world_.now();
      unsaved_[id] = *waited;
    }
  }
  if (!waited) return find(id);
  // Should it not be written, the job would be done after the next start; this server does it no more.
  const auto saved = save(*waited, store_);
  if (saved) {
    const std::lock_guard lock(mutex_);
    unsaved_.erase(id);
  }
  tell(id);
  if (!saved) return std::unexpected(saved.error());
  return *waited;
}

Result<Job> Jobs::stop(const std::string& id, std::chrono::milliseconds patience) {
  TRY(cancel(id));
  {
    std::unique_lock lock(mutex_);
    ended_.wait_for(lock, patience, [&] { return !running_ || running_->id != id; });
  }
  return find(id);
}

void Jobs::wake_when_changed(const std::string& id, const http::Wake& wake) {
  const std::lock_guard lock(mutex_);
  const bool goes_on = (running_ && running_->id == id) || std::ranges::find(waiting_, id, &Job::id) != waiting_.end();
  if (goes_on) wakes_[id].push_back(wake);
}

Result<std::vector<Job>> Jobs::needing(std::string_view text) const {
  std::vector<Job> out;
  TRY(store_.read([&](RoomReader& db) -> Result<void> {
    return db.each(fmt::format("SELECT {} FROM job WHERE state IN ('waiting', 'running') AND instr(request, ?1) > 0 "
                               "ORDER BY number",
                               kColumns),
                   {text}, [&](const RoomRow& row) -> Result<void> {
                     out.push_back(job_from(row));
                     return {};
                   });
  }));
  // That one has ended may be what could not be written.
  const std::lock_guard lock(mutex_);
  std::erase_if(out, [this](const Job& job) { return unsaved_.contains(job.id); });
  return out;
}

void Jobs::tell(const std::string& id) {
  std::vector<http::Wake> wakes;
  {
    const std::lock_guard lock(mutex_);
    const auto found = wakes_.find(id);
    if (found == wakes_.end()) return;
    wakes = std::move(found->second);
    wakes_.erase(found);
  }
  for (const http::Wake& wake : wakes) wake();
}

Result<void> Jobs::save(const Job& job, ledger::RoomStore& store) {
  return store.write([&](RoomWriter& db) {
    return db.run(
        "UPDATE job SET state = ?2, done = ?3, total = ?4, started_at = ?5, ended_at = ?6, result = ?7, "
        "error = ?8 WHERE id = ?1",
        {job.id, name(job.state), job.done, job.total, ms(job.started_at), ms(job.ended_at),
         job.result.empty() ? std::nullopt : std::optional(job.result),
         job.error.empty() ? std::nullopt : std::optional(job.error)});
  });
}

void Jobs::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    running_ = std::move(waiting_.front());
    waiting_.pop_front();
    running_->state = JobState::kRunning;
    running_->started_at = world_.now();
    cancel_ = false;
    Job job = *running_;
    lock.unlock();
    run_one(std::move(job));
  }
}

void Jobs::run_one(Job job) {
  Running run(*this);
  // Should it not be written that it runs, nothing of it may be begun: a kill would have it done twice.
  Result<std::string> result;
  const auto began = save(job, saving_);
  tell(job.id);
  if (!began) {
    result = std::unexpected(began.error());
  } else {
    try {
      result = work_(job, run);
    } catch (const std::exception&) {
      result = fail(Errc::kUnavailable, "the server had no room to do this", "try again", {}, {"problem.no_memory"});
    }
  }
  // Something behind what it did may have failed: what it did is true all the same.
  if (!result && run.kept()) {
    std::string kept;
    const auto read = store_.read([&](RoomReader& db) {
      return db.each("SELECT result FROM job WHERE id = ?1", {job.id}, [&](const RoomRow& row) -> Result<void> {
        kept = row.text(0);
        return {};
      });
    });
    if (read && !kept.empty()) result = std::move(kept);
  }
  {
    const std::lock_guard lock(mutex_);
    job.done = running_->done;
    job.total = running_->total;
    job.ended_at = world_.now();
    if (result) {
      job.state = JobState::kDone;
      job.result = std::move(*result);
    } else if (cancel_) {
      job.state = JobState::kCancelled;
    } else if (stopping_ && began) {
      job.state = JobState::kInterrupted;
    } else {
      job.state = JobState::kFailed;
      job.error = error_object(result.error());
    }
  }
  const auto saved = save(job, saving_);
  {
    const std::lock_guard lock(mutex_);
    if (!saved) unsaved_[job.id] = job;
    running_.reset();
  }
  ended_.notify_all();
  tell(job.id);
}

}  // namespace behoud::app
