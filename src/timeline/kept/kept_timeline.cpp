#include "timeline/kept/kept_timeline.h"

#include <utility>

namespace behoud::timeline {

Result<std::unique_ptr<KeptTimeline>> KeptTimeline::open(std::string folder, const FileMark& mark, Derive derive,
                                                         const FileCalls& calls) {
  std::unique_ptr<KeptTimeline> out(new KeptTimeline(std::move(folder), mark, std::move(derive), calls));
  Result<TimelineFile> file = TimelineFile::open(out->folder_);
  const auto why = file ? why_not(file->mark(), mark) : std::optional(why_not(file.error()));
  if (why) {
    TRY(out->make(*why));
  } else {
    out->file_ = std::move(*file);
  }
  return out;
}

// With the mutex held, or nobody else there yet.
Result<void> KeptTimeline::make(NotKept why) const {
  TRY_ASSIGN(LaidOut laid_out, derive_());
  made_ = std::make_unique<const LaidOut>(std::move(laid_out));
  because_.push_back(why);
  not_written_.reset();
  if (const auto lock = KeepLock::take(folder_)) {
    const auto written = write_timeline(folder_, mark_, made_->timeline, made_->dictionaries, nullptr, {}, *calls_);
    if (!written) not_written_ = written.error();
  }
  return {};
}

Result<const Timeline*> KeptTimeline::to_read(std::span<const Role> roles) const {
  const std::lock_guard lock(mutex_);
  if (!made_) {
    Result<const Timeline*> found = file_->to_read(roles);
    if (found) return found;
    TRY(make(why_not(found.error())));
  }
  return &made_->timeline;
}

const Dictionaries& KeptTimeline::dictionaries() const {
  const std::lock_guard lock(mutex_);
  return made_ ? made_->dictionaries : file_->dictionaries();
}

std::vector<NotKept> KeptTimeline::derived_because() const {
  const std::lock_guard lock(mutex_);
  return because_;
}

std::optional<Error> KeptTimeline::not_written() const {
  const std::lock_guard lock(mutex_);
  return not_written_;
}

}  // namespace behoud::timeline
