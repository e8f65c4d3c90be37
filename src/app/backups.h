#pragma once

// Backups that the server makes of its own shop for whoever asks over HTTP: each one file, a whole ledger, in the data
// folder under backups/, beside what is copied and so never part of another. `behoud restore FILE` puts one back; a
// server never does, since nobody may hold the folder meanwhile.
//
// What bears a backup's name is whole: it is made under backups/making, synced, and then named; what a killed server
// left there is removed at the next start. A name is never given twice, and nothing is written over. There are at most
// kBackupsMax of them, so that nobody fills the disk by asking.
//
// Thread-safety: any thread; make() by one at a time (the jobs').

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/world.h"
#include "base/json_writer.h"
#include "calendar/day.h"
#include "ledger/ledger.h"

namespace behoud::app {

inline constexpr std::size_t kBackupsMax = 10;

struct Backup {
  std::string id;  // "b_" and hexadecimal digits: the moment, the revision, and chance; by id is by age
  calendar::Instant made_at;
  std::int64_t revision = 0;
  std::uint64_t bytes = 0;
  std::string path;
};
// What an id says; nullopt where it is none of ours. Without bytes and path.
std::optional<Backup> read_backup_id(std::string_view id);
// {"id","made_at","revision","bytes"}
void write_backup(JsonWriter& json, const Backup& backup);
// "behoud-2026-11-22T2248-r17.db": what it is called where it is saved.
std::string download_name(const Backup& backup);

class Backups {
 public:
  // Puts the folder in order, where there is one. Both must outlive it. Errors: kUnavailable (disk).
  static Result<std::unique_ptr<Backups>> open(const ledger::Ledger& ledger, const World& world);

  // The newest first.
  Result<std::vector<Backup>> list() const;
  // Errors: kNotFound.
  Result<Backup> find(std::string_view id) const;
  // Errors: kConflict (there are kBackupsMax).
  Result<void> has_room() const;
  // Errors: those of has_room(), of the copy and of the disk; nothing of it is left then. `goes_on` is told how many
  // bytes of how many are copied; where it says no, kConflict.
  Result<Backup> make(const std::function<bool(std::uint64_t done, std::uint64_t total)>& goes_on);
  // Errors: kNotFound.
  Result<void> remove(std::string_view id);

 private:
  Backups(const ledger::Ledger& ledger, const World& world)
      : ledger_(ledger), world_(world), folder_(ledger.folder().path() + "/backups") {}
  std::string path_of(std::string_view id) const;

  const ledger::Ledger& ledger_;
  const World& world_;
  std::string folder_;
};

}  // namespace behoud::app
