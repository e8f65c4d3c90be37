#pragma once

// Batches of rows made by a parser, in the caller's thread or a few ahead in one of their own.
//
// A batch's cells point into `keep` (a piece of the file, shared by the batches made of it) and `text` (cells that had
// to be rewritten); both live until the caller asks for the next batch.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/table.h"

namespace behoud::ingest::read {

// Text that stays where it is until clear(), which keeps the memory of the first block.
class TextArena {
 public:
  char* take(std::size_t size);
  std::string_view copy(std::string_view text);
  void clear();
  std::size_t bytes() const { return bytes_; }  // taken since clear()

 private:
  struct Block {
    std::unique_ptr<char[]> data;
    std::size_t size;
  };
  std::vector<Block> blocks_;
  std::size_t used_ = 0;  // of the last block
  std::size_t bytes_ = 0;
};

struct MadeBatch {
  RowBatch batch;
  TextArena text;
  std::shared_ptr<const void> keep;
  std::uint64_t bytes_done = 0;
};

class BatchMaker {
 public:
  virtual ~BatchMaker() = default;
  // Makes the next batch; false at the end. Not called again after an error or the end.
  virtual Result<bool> make(MadeBatch& made) = 0;
};

std::unique_ptr<RowReader> read_batches(std::unique_ptr<BatchMaker> maker, bool in_a_thread);

}  // namespace behoud::ingest::read
