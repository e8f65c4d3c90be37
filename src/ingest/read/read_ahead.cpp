#include "ingest/read/read_ahead.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <utility>

namespace behoud::ingest::read {
namespace {

constexpr std::size_t kAhead =
    8;  // batches that exist at a time: one with the caller, the others ready or in the making
constexpr std::size_t kResume = 4;  // a maker that ran out of room goes on when this many are free: fewer wakings
constexpr std::size_t kArenaBlock = 64 * 1024;

// Out of memory is the one exception a parser may throw; it must not end the process from a thread.
Result<bool> make_one(BatchMaker& maker, MadeBatch& made) {
  try {
    return maker.make(made);
  } catch (const std::bad_alloc&) {
    return fail(Errc::kUnavailable, "There is not enough memory to read the file", {}, {}, {"problem.no_memory"});
  }
}

class DirectReader final : public RowReader {
 public:
  explicit DirectReader(std::unique_ptr<BatchMaker> maker) : maker_(std::move(maker)) {}
  Result<bool> next(RowBatch& batch) override {
    if (outcome_) {
      batch = {};
      return *outcome_;
    }
    std::swap(batch, made_.batch);  // the memory that the caller is done with
    Result<bool> more = make_one(*maker_, made_);
    std::swap(batch, made_.batch);
    if (!more || !*more) {
      outcome_ = more;
      batch = {};
    }
    if (more && *more) bytes_done_ = made_.bytes_done;
    return more;
  }
  std::uint64_t bytes_done() const override { return bytes_done_; }

 private:
  std::unique_ptr<BatchMaker> maker_;
  MadeBatch made_;
  std::uint64_t bytes_done_ = 0;
  std::optional<Result<bool>> outcome_;  // the end, or the error
};

class AheadReader final : public RowReader {
 public:
  explicit AheadReader(std::unique_ptr<BatchMaker> maker) : maker_(std::move(maker)) {
    thread_ = std::thread([this] { run(); });
  }
  ~AheadReader() override {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  AheadReader(const AheadReader&) = delete;
  AheadReader& operator=(const AheadReader&) = delete;

  Result<bool> next(RowBatch& batch) override {
    std::unique_lock lock(mutex_);
    if (holding_) {
      std::swap(batch, ring_[taken_ % kAhead].batch);
      ++taken_;
      holding_ = false;
      if (made_ - taken_ == kAhead - kResume) changed_.notify_all();
    }
    changed_.wait(lock, [&] { return made_ > taken_ || outcome_; });
    if (made_ == taken_) {
      batch = {};
      return *outcome_;
    }
    MadeBatch& made = ring_[taken_ % kAhead];
    std::swap(batch, made.batch);
    bytes_done_ = made.bytes_done;
    holding_ = true;
    return true;
  }
  std::uint64_t bytes_done() const override { return bytes_done_; }

 private:
  void run() {
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        if (made_ - taken_ >= kAhead) changed_.wait(lock, [&] { return stop_ || made_ - taken_ <= kAhead - kResume; });
        if (stop_) return;
      }
      // The slot at `made_` is the maker's alone: the caller is at most at `taken_`, fewer than kAhead behind.
      Result<bool> more = make_one(*maker_, ring_[made_ % kAhead]);
      {
        const std::lock_guard lock(mutex_);
        if (more && *more) {
          ++made_;
        } else {
          outcome_ = std::move(more);
        }
      }
      changed_.notify_all();
      if (outcome_) return;
    }
  }

  std::unique_ptr<BatchMaker> maker_;
  std::array<MadeBatch, kAhead> ring_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t made_ = 0, taken_ = 0;   // under the mutex (`made_` is written by the thread alone)
  std::optional<Result<bool>> outcome_;  // the end, or the error: after the batches made before it
  bool stop_ = false;
  bool holding_ = false;          // the caller's alone: it still looks at the batch at `taken_`
  std::uint64_t bytes_done_ = 0;  // the caller's alone
  std::thread thread_;
};

}  // namespace

char* TextArena::take(std::size_t size) {
  if (blocks_.empty() || blocks_.back().size - used_ < size) {
    const std::size_t bytes = std::max(size, kArenaBlock);
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(bytes), bytes});
    used_ = 0;
  }
  char* const at = blocks_.back().data.get() + used_;
  used_ += size;
  bytes_ += size;
  return at;
}

std::string_view TextArena::copy(std::string_view text) {
  char* const at = take(text.size());
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  return {at, text.size()};
}

void TextArena::clear() {
  if (blocks_.size() > 1) blocks_.resize(1);
  used_ = bytes_ = 0;
}

std::unique_ptr<RowReader> read_batches(std::unique_ptr<BatchMaker> maker, bool in_a_thread) {
  if (in_a_thread) return std::make_unique<AheadReader>(std::move(maker));
  return std::make_unique<DirectReader>(std::move(maker));
}

}  // namespace behoud::ingest::read
