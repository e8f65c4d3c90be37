#pragma once

// The mappings that people made with `--map`, by the shape of the file, so that next month's export of the same system
// needs none: for `report`, which has no data folder, in $XDG_STATE_HOME/behoud/mappings.json, else
// ~/.local/state/behoud/mappings.json; with neither variable set, nothing is remembered. (An import remembers in its
// ledger.) The file holds headers, never rows. It is replaced atomically; two reports at once lose at most one mapping.
//
// Bounds: 1 MiB, 1,000 mappings; beyond them nothing more is remembered. A file that cannot be read as what it should
// be is left alone and taken as empty.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "app/world.h"
#include "base/result.h"
#include "ingest/orders.h"

namespace behoud::app {

// By the fingerprint of a file's shape, each as parse_mapping takes it; a shop's settings have them too.
using MappingsByShape = std::map<std::string, std::string, std::less<>>;
// nullopt: there is none, or none that can be read.
std::optional<ingest::Mapping> mapping_in(const MappingsByShape& mappings, std::string_view fingerprint);

class MappingMemory {
 public:
  static MappingMemory load(const World& world);
  std::optional<ingest::Mapping> find(std::string_view fingerprint) const;
  // Errors: kUnavailable, kNotFound (the place cannot be written). The command goes on without.
  Result<void> remember(std::string_view fingerprint, const ingest::Mapping& mapping);
  const std::string& path() const { return path_; }  // "" where nothing is remembered

 private:
  std::string path_;
  MappingsByShape mappings_;  // fingerprint -> as parse_mapping takes it
  bool readable_ = true;
};

}  // namespace behoud::app
