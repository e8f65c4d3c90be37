#pragma once

// Work that takes longer than a request: asked for over HTTP, done one after the other on one thread, looked at while
// it goes on. A job is a row of the ledger's database, on disk before it is acknowledged: a server that is killed
// forgets none. One that was running then is "interrupted" (what it had begun is gone on with when the same is asked
// for again), unless what it was to do was on disk already: its result is then there too, and it is done. Those that
// waited are done after the start.
//
//   waiting -> running -> done | failed | cancelled | interrupted        waiting -> cancelled
//
// Thread-safety: any thread.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/world.h"
#include "base/json_writer.h"
#include "http/page.h"
#include "http/stream.h"
#include "ledger/room_store.h"

namespace behoud::app {

enum class JobState : std::uint8_t { kWaiting, kRunning, kDone, kFailed, kCancelled, kInterrupted };
std::string_view name(JobState state);
constexpr bool has_ended(JobState state) { return state != JobState::kWaiting && state != JobState::kRunning; }

struct Job {
  std::int64_t number = 0;  // in the order of asking
  std::string id, kind, title;
  std::string request;  // JSON, as the work takes it; what it names at asked.uploads are the files that it is of
  JobState state = JobState::kWaiting;
  std::uint64_t done = 0, total = 0;  // bytes of its files; 0 of 0: cannot be told
  calendar::Instant asked_at;
  std::optional<calendar::Instant> started_at, ended_at;
  std::string result;  // a JSON document; "" before it is done
  std::string error;   // {"code","message","field","hint"}; "" unless it failed
};
// {"id","kind","title","uploads":[..],"state","done","total","unit","asked_at","started_at","ended_at","result","error"}
void write_job(JsonWriter& json, const Job& job);
std::string job_json(const Job& job);

// What a job is run with.
class JobRun {
 public:
  virtual ~JobRun() = default;
  virtual void progress(std::uint64_t done, std::uint64_t total) = 0;
  // Whether somebody cancelled it, or the server ends: it stops as soon as it may.
  virtual bool given_up() const = 0;
  virtual bool cancelled() const = 0;
  // Writes its result in the transaction that makes it true: from then on the job is done, with this, also where the
  // process is killed before it ends or something behind it fails.
  virtual Result<void> keep(ledger::RoomWriter& db, const std::string& result) = 0;
};

class Jobs {
 public:
  // Does what `job` asks and gives its result as a JSON document. Called on the jobs' own thread alone.
  using Work = std::function<Result<std::string>(const Job& job, JobRun& run)>;

  // Errors: those of the store. `ledger` and `world` must outlive it.
  static Result<std::unique_ptr<Jobs>> open(ledger::Ledger& ledger, const World& world, Work work);
  // The job that runs is interrupted; those that wait are done after the next start.
  ~Jobs();
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  // On disk when it returns. `with`: what else is to be written in the same transaction; it is given the job.
  using With = std::function<Result<void>(ledger::RoomWriter&, const Job&)>;
  Result<Job> add(std::string kind, std::string title, std::string request, const With& with = {});
  // Errors: kNotFound.
  Result<Job> find(const std::string& id) const;
  // The newest first; the key of a page is the number of its last.
  Result<std::vector<Job>> list(const http::Page& page) const;
  // One that waits is cancelled at once; one that runs as soon as it may; of one that has ended nothing happens. What
  // it is then. Errors: kNotFound.
  Result<Job> cancel(const std::string& id);
  // Cancels it and waits until it has ended and lets go of what it read, at most for `patience`. What it is then: still
  // running where that was too short. Errors: kNotFound.
  Result<Job> stop(const std::string& id, std::chrono::milliseconds patience);
  // Calls `wake` once, when the job is no longer what it is at this moment. Of a job that has ended: never.
  void wake_when_changed(const std::string& id, const http::Wake& wake);
  // Those that have not ended and mention this text in their request, in the order of asking.
  Result<std::vector<Job>> needing(std::string_view text) const;

 private:
  class Running;
  Jobs(ledger::Ledger& ledger, const World& world, Work work)
      : store_(ledger), saving_(ledger, kSavePatience), world_(world), work_(std::move(work)) {}
  Result<void> load();
  void run();
  void run_one(Job job);
  void tell(const std::string& id);
  static Result<void> save(const Job& job, ledger::RoomStore& store);

  // What the jobs' own thread writes waits longer than a person would.
  static constexpr std::chrono::minutes kSavePatience{10};
  ledger::RoomStore store_, saving_;
  const World& world_;
  Work work_;

  mutable std::mutex mutex_;
  std::condition_variable changed_, ended_;
  std::deque<Job> waiting_;
  std::optional<Job> running_;
  bool cancel_ = false;  // the running one
  bool stopping_ = false;
  // What could not be written as it ended (a full disk): told all the same while the server lives.
  std::map<std::string, Job> unsaved_;
  std::map<std::string, std::vector<http::Wake>> wakes_;
  std::thread thread_;
};

// {"code","message","field","hint"}, as in an error's body.
std::string error_object(const Error& error);

}  // namespace behoud::app
