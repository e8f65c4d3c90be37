#pragma once

// Puts a thread between who reads orders and who takes them, so that two cores work: statements are copied into
// batches, which go through a short queue to a thread that hands them on, in the same order.
//
// An error of the taker stops the reading at its next statement and comes out of finish(), as if there were no thread
// between. Memory: at most kBatches batches of kBatchOrders orders. Cost: what an order states is written and read
// once, some 200 bytes where an OrderAssertion with its texts has 500.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.h"
#include "ingest/orders.h"

namespace behoud::app {

// Statements that own their texts, packed: of each only what it states. Reused: clear() keeps the memory.
class OrderBatch {
 public:
  void add(const ledger::OrderAssertion& order);
  void add(const ingest::LooseRefund& refund);
  std::size_t size() const { return entries_.size(); }
  void clear();
  // In the order in which they were added. Stops at the first error. Texts, lines and refunds stay until clear().
  Result<void> hand_to(ingest::OrderSink& sink) const;

 private:
  std::string_view keep(std::string_view text);
  void* allocate(std::size_t bytes);
  void give_back(std::size_t allocated, std::size_t used);  // of what was allocated last

  std::vector<const char*> entries_;             // order_pipeline.cpp says what lies there
  std::vector<std::unique_ptr<char[]>> blocks_;  // of kBlockBytes each, but for larger texts
  std::vector<std::unique_ptr<char[]>> large_;
  std::size_t block_ = 0, used_ = 0;
};

class OrderPipeline : public ingest::OrderSink {
 public:
  static constexpr std::size_t kBatchOrders = 512, kBatches = 48, kBatchesAtOnce = 24;

  // `taker` is called on the pipeline's own thread alone, until finish() has returned; but start_over(), which is
  // called on that of the caller while the pipeline's is at rest.
  explicit OrderPipeline(ingest::OrderSink& taker);
  ~OrderPipeline() override;

  Result<void> order(const ledger::OrderAssertion& order) override;
  Result<void> refund(const ingest::LooseRefund& refund) override;
  // Drops what is on its way. Not after finish().
  bool start_over() override;
  // Waits until everything has been taken. To be called once, also after an error of the reading (its rest is dropped).
  Result<void> finish();

 private:
  Result<void> pass_on_if_full();
  Result<void> pass_on();
  void work();
  void end();

  ingest::OrderSink& taker_;
  std::unique_ptr<OrderBatch> filling_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<OrderBatch>> full_, empty_;
  std::optional<Error> error_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace behoud::app
