#include "timeline/kept/kept_timeline.h"

#include <utility>

#include "timeline/kept/forget.h"
#include "timeline/kept/whole_ranges.h"

namespace behoud::timeline {
namespace {

constexpr std::uint16_t kStateColumn = 32;  // of what is shared: bytes of ledger_state.h

std::vector<Role> every_role() {
  std::vector<Role> out;
  out.reserve(kRoles);
  for (std::size_t r = 0; r < kRoles; ++r) out.push_back(static_cast<Role>(r));
  return out;
}

Result<LedgerState> state_in(const TimelineFile& file) {
  TRY_ASSIGN(const Column column, file.columns().shared(kStateColumn));
  if (column.count == 0 || column.width != 1 || column.base != 0) return decode_ledger_state({});
  return decode_ledger_state({reinterpret_cast<const char*>(column.data), static_cast<std::size_t>(column.count)});
}

// Who compacts in the background holds a copy of the base: a Timeline of a file is its views.
Timeline base_of(const TimelineFile& file) { return **file.to_read({}); }

}  // namespace

Result<std::unique_ptr<KeptTimeline>> KeptTimeline::open(std::string folder, Take take, Options options) {
  std::unique_ptr<KeptTimeline> out(new KeptTimeline(std::move(folder), std::move(take), options));
  const std::lock_guard lock(out->changing_);
  TRY_ASSIGN(const ledger::Snapshot snapshot, out->take_());
  Result<State> state = out->opened();
  std::optional<NotKept> why;
  if (!state) {
    why = why_not(state.error());
  } else {
    const FileMark mark = state->file->mark(), wanted = mark_of(snapshot, out->options_.made_by);
    why = why_not(mark, wanted);
    if ((!why || why == NotKept::kOlder) && state->at.revision != mark.seq) why = NotKept::kDamaged;
    if (why == NotKept::kOlder && mark.settings != wanted.settings) why = NotKept::kOtherProgram;
    if (why == NotKept::kOlder) {
      TRY_ASSIGN(why, out->followed(*state, snapshot));
    }
  }
  if (why) {
    TRY(out->make(snapshot, *why));
  } else {
    out->show(*std::move(state));
    out->write_if_due();
  }
  return out;
}

Result<KeptTimeline::State> KeptTimeline::opened() const {
  TRY_ASSIGN(TimelineFile file, TimelineFile::open(folder_, state_.file.get()));
  State state;
  state.file = std::make_shared<const TimelineFile>(std::move(file));
  // A file without it, or with another's, is taken for damaged by who compares.
  if (Result<LedgerState> at = state_in(*state.file)) state.at = *std::move(at);
  state.dictionaries = std::make_shared<const Dictionaries>(state.file->dictionaries());
  state.live = std::make_shared<LiveTimeline>(base_of(*state.file));
  return state;
}

Result<void> KeptTimeline::follow() {
  const std::lock_guard lock(changing_);
  TRY_ASSIGN(const ledger::Snapshot snapshot, take_());
  if (state_.at.revision == snapshot.revision() && state_.at.generation == snapshot.generation()) return {};
  const Result<std::optional<NotKept>> why = followed(state_, snapshot);
  if (!why || *why) {
    // Neither what it was nor what it is to be: nothing goes on from it, whatever becomes of deriving.
    state_.index.reset();
    state_.file.reset();
  }
  if (!why) return std::unexpected(why.error());
  if (*why) return make(snapshot, **why);
  show(std::move(state_));
  if (!options_.tended) write_if_due();
  return {};
}

Result<void> KeptTimeline::tend(const std::function<bool()>& go_on) const {
  std::shared_ptr<LiveTimeline> live;
  std::shared_ptr<const TimelineFile> file;
  {
    const std::lock_guard lock(changing_);
    if (!state_.file && !state_.index) return {};  // nothing goes on from it, and what it is mapped from is not known
    live = state_.live;
    file = state_.file;
  }
  // Who follows goes on meanwhile; what is compacted then may be of a state that is none any more, and goes with it.
  std::uint64_t compacted = 0;
  for (const std::size_t range : live->due()) {
    if (go_on && !go_on()) break;
    if (file) {
      if (const auto all = file->to_read(every_role()); !all) return mend(file.get(), all.error());
    }
    TRY(live->compact(range));
    ++compacted;
  }
  const std::lock_guard lock(changing_);
  {
    const std::lock_guard reading(reading_);
    account_.compacted += compacted;
    if (compacted > 0 && state_.live == live) now_.timeline = live->snapshot();
  }
  if (!go_on || go_on()) write_if_due();
  return {};
}

// Why the state could not follow; it is of no more use then. Errors: those of the ledger.
Result<std::optional<NotKept>> KeptTimeline::followed(State& state, const ledger::Snapshot& snapshot) const {
  // Whoever is touched is read whole.
  if (state.file) {
    if (const auto all = state.file->to_read(every_role()); !all) return why_not(all.error());
  }
  const Result<StatementIndex*> index = index_of(state);
  if (!index) return why_not(index.error());
  if (*index == nullptr) return NotKept::kMissing;
  auto dictionaries = std::make_shared<Dictionaries>(*state.dictionaries);
  TRY_ASSIGN(const auto replayed,
             replay_tail(*state.live, *dictionaries, **index, state.at, snapshot, options_.window_days));
  if (const NotKept* const why = std::get_if<NotKept>(&replayed)) return *why;
  const Replayed& came = std::get<Replayed>(replayed);
  state.dictionaries = std::move(dictionaries);
  state.at = state_of(snapshot);
  state.rows_since += came.rows;
  const std::lock_guard lock(reading_);
  ++account_.tails;
  account_.replayed.rows += came.rows;
  account_.replayed.customers += came.customers;
  account_.replayed.statements += came.statements;
  return std::optional<NotKept>();
}

Result<StatementIndex*> KeptTimeline::index_of(State& state) const {
  if (!state.index && state.file) {
    TRY_ASSIGN(state.index, StatementIndex::open(state.file->columns()));
  }
  return state.index ? &*state.index : nullptr;
}

Result<std::optional<std::uint32_t>> KeptTimeline::customer(ledger::IdentityRef identity) const {
  for (;;) {
    std::shared_ptr<const TimelineFile> file;
    Result<StatementIndex*> index;
    {
      const std::lock_guard lock(changing_);
      index = index_of(state_);
      if (index && *index != nullptr) {
        const auto number = (*index)->find(identity);
        return number && is_somebody(*state_.live->snapshot(), *number) ? number : std::nullopt;
      }
      file = state_.file;
    }
    if (index) return fail(Errc::kUnavailable, "the timeline could not be derived from the ledger");
    TRY(mend(file.get(), index.error()));
  }
}

void KeptTimeline::show(State state) const {
  state_ = std::move(state);
  const std::lock_guard lock(reading_);
  now_ = {state_.live->snapshot(), state_.dictionaries};
  file_now_ = state_.file;
}

Result<void> KeptTimeline::make(const ledger::Snapshot& snapshot, NotKept why) const {
  Statements statements;
  RebuildOptions rebuild;
  rebuild.statements = &statements;
  TRY_ASSIGN(Derived derived, derive(snapshot, rebuild, options_.window_days));
  State state;
  if (statements.fits) state.index.emplace(std::move(statements), derived.rebuilt.histories);
  derived.rebuilt = {};
  state.at = state_of(snapshot);
  state.dictionaries = std::make_shared<const Dictionaries>(std::move(derived.laid_out.dictionaries));
  state.live = std::make_shared<LiveTimeline>(std::move(derived.laid_out.timeline));
  show(std::move(state));
  {
    const std::lock_guard lock(reading_);
    account_.derived_because.push_back(why);
  }
  write_state();
  return {};
}

// Takes the place of a file that holds no more; another asker may have been here before.
Result<void> KeptTimeline::mend(const TimelineFile* damaged, const Error& error) const {
  const std::lock_guard lock(changing_);
  {
    const std::lock_guard reading(reading_);
    if (file_now_.get() != damaged) return {};
  }
  TRY_ASSIGN(const ledger::Snapshot snapshot, take_());
  return make(snapshot, why_not(error));
}

Result<KeptTimeline::Reading> KeptTimeline::to_read(std::span<const Role> roles) const {
  for (;;) {
    Reading now;
    std::shared_ptr<const TimelineFile> file;
    {
      const std::lock_guard lock(reading_);
      now = now_;
      file = file_now_;
    }
    if (!file) return now;
    const auto found = file->to_read(roles);
    if (found) return now;
    TRY(mend(file.get(), found.error()));
  }
}

Result<void> KeptTimeline::check_all(const std::function<bool()>& go_on) const {
  std::shared_ptr<const TimelineFile> file;
  {
    const std::lock_guard lock(reading_);
    file = file_now_;
  }
  if (!file) return {};
  const auto whole = file->check_all(go_on);
  return whole ? whole : mend(file.get(), whole.error());
}

void KeptTimeline::write_if_due() const {
  if (state_.rows_since == 0 || !state_.index) return;
  std::uint64_t bytes = state_.index->bytes() + bytes_made_anew(state_.live->revision());
  for (const auto* list : {&state_.dictionaries->customer, &state_.dictionaries->event}) {
    for (const Words& words : *list) {
      for (const std::string& word : words) bytes += word.size() + sizeof(std::uint64_t);
    }
  }
  if (options_.bytes_an_event * static_cast<double>(state_.rows_since) >= static_cast<double>(bytes)) {
    write_state();
  }
}

Result<void> KeptTimeline::write() const {
  const std::lock_guard lock(changing_);
  if (state_.file && state_.file->mark().seq == state_.at.revision) return {};
  write_state();
  const std::lock_guard reading(reading_);
  if (account_.not_written) return std::unexpected(*account_.not_written);
  return {};
}

void KeptTimeline::write_state() const {
  const bool followed = state_.file != nullptr;
  const std::uint64_t rows = state_.rows_since;
  const Result<std::uint64_t> written = write_file_of_state();
  {
    const std::lock_guard lock(reading_);
    account_.not_written = written ? std::nullopt : std::optional(written.error());
    if (written && *written > 0 && followed) {
      ++account_.writes;
      account_.bytes_written += *written;
      account_.events_written += rows;
    }
  }
  if (!written || *written == 0) return;
  // From now on from the file: what was made of the delta is given back to the system.
  Result<State> state = opened();
  if (state && state->at == state_.at) show(*std::move(state));
}

// Bytes; 0: another process writes, the ledger is another by now, or there is nothing that could be followed from the
// file.
Result<std::uint64_t> KeptTimeline::write_file_of_state() const {
  if (!state_.index) return 0;
  const auto lock = KeepLock::take(folder_);
  if (!lock || !still_of(state_.at.generation, take_)) return 0;
  // Segments are kept only of the very file that lies there: another process may have written another since.
  const TimelineFile* base = state_.file.get();
  if (base != nullptr) {
    const auto bytes = read_file(folder_ + "/HEAD", kHeadBytesMax);
    const auto head = bytes ? decode(*bytes) : std::unexpected(bytes.error());
    if (!head || *head != base->columns().head()) base = nullptr;
  }
  TRY_ASSIGN(WholeRanges whole, whole_ranges(state_.live->revision(), kRangeCustomers));
  if (base == nullptr) whole.kept.clear();
  const StatementIndex::Written index = state_.index->written();
  const std::string about = encode(state_.at);
  std::vector<BlockData> beside = index.blocks;
  beside.push_back(
      {kStateColumn,
       {.data = reinterpret_cast<const std::byte*>(about.data()), .count = about.size(), .base = 0, .width = 1}});
  FileMark mark{
      .generation = state_.at.generation, .seq = state_.at.revision, .settings = options_.made_by, .epoch_ms = 0};
  return write_timeline(folder_, mark, whole.timeline, *state_.dictionaries, base, whole.kept, *options_.calls, beside);
}

KeptTimeline::Account KeptTimeline::account() const {
  const std::lock_guard lock(reading_);
  return account_;
}

}  // namespace behoud::timeline
