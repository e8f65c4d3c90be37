#pragma once

// What an answer took. A command says it with --explain, in one line on standard error, so that the answer stays what
// it is; a route says it in answered.h.

#include <cstdint>
#include <string>

#include "app/command.h"
#include "app/folder_shop.h"
#include "base/json_writer.h"

namespace behoud::app {

Option explain_option();  // --explain

// Measures from its making on, where it was asked for.
class Explanation {
 public:
  explicit Explanation(const Call& call)
      : call_(call), wanted_(call.has("explain")), began_ms_(now()), read_ms_(began_ms_) {}
  void has_read() { read_ms_ = now(); }
  // Says it: words for a person, a JSON document where the answer is one.
  void tell(const FolderShop& shop, Format format) const;

 private:
  std::int64_t now() const { return wanted_ ? call_.world.steady_ms() : 0; }

  const Call& call_;
  bool wanted_;
  std::int64_t began_ms_, read_ms_;
};

// What an answer was made from, as members of an object that was begun: revision, customers, orders, events, bytes,
// threads.
void write_read(JsonWriter& json, const FolderShop& shop);
// "kept", "followed" or "rebuilt": how the histories came to be in memory.
std::string_view how_read(const FolderShop& shop);
// That, and why they were rebuilt: histories, why.
void write_histories(JsonWriter& json, const FolderShop& shop);

// Of all columns and texts of the histories, which are what an answer is made from.
std::uint64_t bytes_of(const timeline::Histories& h);

}  // namespace behoud::app
