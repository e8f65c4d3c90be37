#include "app/mapping_memory.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>

#include <sys/stat.h>

#include "base/file.h"
#include "base/json_writer.h"
#include "ingest/mapping.h"

namespace behoud::app {
namespace {

constexpr std::uint64_t kBytesMax = 1 << 20;
constexpr std::size_t kMappingsMax = 1000;

std::string place(const World& world) {
  // The XDG specification: a path that is not absolute is to be ignored.
  if (const std::string state = world.value("XDG_STATE_HOME"); state.starts_with('/')) {
    return state + "/behoud/mappings.json";
  }
  if (const std::string home = world.value("HOME"); home.starts_with('/')) {
    return home + "/.local/state/behoud/mappings.json";
  }
  return {};
}

}  // namespace

MappingMemory MappingMemory::load(const World& world) {
  MappingMemory out;
  out.path_ = place(world);
  if (out.path_.empty()) return out;
  const auto text = read_file(out.path_, kBytesMax);
  if (!text) {
    out.readable_ = text.error().code == Errc::kNotFound;
    return out;
  }
  boost::system::error_code ec;
  const auto root = boost::json::parse(*text, ec);
  const auto* object = ec ? nullptr : root.if_object();
  out.readable_ = object != nullptr;
  if (object == nullptr) return out;
  for (const auto& member : *object) {
    const auto* mapping = member.value().if_string();
    if (mapping == nullptr) continue;
    out.mappings_.emplace(std::string_view(member.key().data(), member.key().size()),
                          std::string_view(mapping->data(), mapping->size()));
  }
  return out;
}

std::optional<ingest::Mapping> mapping_in(const MappingsByShape& mappings, std::string_view fingerprint) {
  const auto found = mappings.find(fingerprint);
  if (found == mappings.end()) return std::nullopt;
  auto mapping = ingest::parse_mapping(found->second);
  if (!mapping) return std::nullopt;
  return std::move(*mapping);
}

std::optional<ingest::Mapping> MappingMemory::find(std::string_view fingerprint) const {
  return mapping_in(mappings_, fingerprint);
}

Result<void> MappingMemory::remember(std::string_view fingerprint, const ingest::Mapping& mapping) {
  if (path_.empty() || !readable_) return {};
  const std::string text = ingest::to_string(mapping);
  const auto known = mappings_.find(fingerprint);
  if (known != mappings_.end() && known->second == text) return {};
  if (known == mappings_.end() && mappings_.size() >= kMappingsMax) return {};
  mappings_[std::string{fingerprint}] = text;
  std::string out;
  JsonWriter json(out, {.indent = 1});
  json.begin_object();
  for (const auto& [shape, columns] : mappings_) json.field(shape, columns);
  json.end_object();
  out += '\n';
  if (out.size() > kBytesMax) return {};
  std::error_code ec;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ec);
  return write_file(path_, out);
}

}  // namespace behoud::app
