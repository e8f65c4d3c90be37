#include "app/order_pipeline.h"

#include <array>
#include <cstring>
#include <new>
#include <utility>

namespace behoud::app {
namespace {

constexpr std::size_t kBlockBytes = 256 * 1024;

}  // namespace

void* OrderBatch::allocate(std::size_t bytes) {
  constexpr std::size_t kAlign = alignof(std::max_align_t);
  bytes = (bytes + kAlign - 1) / kAlign * kAlign;
  if (bytes > kBlockBytes) return large_.emplace_back(std::make_unique<char[]>(bytes)).get();
  if (block_ < blocks_.size() && used_ + bytes > kBlockBytes) {
    ++block_;
    used_ = 0;
  }
  if (block_ == blocks_.size()) blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlockBytes));
  void* out = blocks_[block_].get() + used_;
  used_ += bytes;
  return out;
}

std::string_view OrderBatch::keep(std::string_view text) {
  if (text.empty()) return {};
  char* copy = static_cast<char*>(allocate(text.size()));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

template <class T>
std::span<T> OrderBatch::keep(std::span<const T> items) {
  if (items.empty()) return {};
  T* copies = static_cast<T*>(allocate(items.size_bytes()));
  for (std::size_t i = 0; i < items.size(); ++i) new (copies + i) T(items[i]);
  return {copies, items.size()};
}

void OrderBatch::add(const ledger::OrderAssertion& order) {
  auto& copy = std::get<ledger::OrderAssertion>(entries_.emplace_back(order));
  // The texts lie in one piece: it is asked for once.
  const std::array<std::string_view*, 10> texts{&copy.order_id, &copy.alias,  &copy.customer.value, &copy.email,
                                                &copy.phone,    &copy.name,   &copy.status,         &copy.coupon,
                                                &copy.source,   &copy.country};
  std::size_t bytes = 0;
  for (const std::string_view* text : texts) bytes += text->size();
  char* at = bytes > 0 ? static_cast<char*>(allocate(bytes)) : nullptr;
  for (std::string_view* text : texts) {
    if (text->empty()) continue;
    std::memcpy(at, text->data(), text->size());
    *text = {at, text->size()};
    at += text->size();
  }
  const auto lines = keep(order.lines);
  for (ledger::OrderLine& line : lines) {
    line.item = keep(line.item);
    line.name = keep(line.name);
  }
  copy.lines = lines;
  const auto refunds = keep(order.refunds);
  for (ledger::RefundPart& refund : refunds) refund.id = keep(refund.id);
  copy.refunds = refunds;
}

void OrderBatch::add(const ingest::LooseRefund& refund) {
  ingest::LooseRefund copy = refund;
  copy.customer.value = keep(copy.customer.value);
  entries_.emplace_back(copy);
}

void OrderBatch::clear() {
  entries_.clear();
  large_.clear();
  block_ = used_ = 0;
}

Result<void> OrderBatch::hand_to(ingest::OrderSink& sink) const {
  for (const auto& entry : entries_) {
    if (const auto* order = std::get_if<ledger::OrderAssertion>(&entry)) {
      TRY(sink.order(*order));
    } else {
      TRY(sink.refund(std::get<ingest::LooseRefund>(entry)));
    }
  }
  return {};
}

OrderPipeline::OrderPipeline(ingest::OrderSink& taker) : taker_(taker), filling_(std::make_unique<OrderBatch>()) {
  for (std::size_t i = 1; i < kBatches; ++i) empty_.push_back(std::make_unique<OrderBatch>());
  thread_ = std::thread([this] { work(); });
}

OrderPipeline::~OrderPipeline() { end(); }

// What waits is dropped.
void OrderPipeline::end() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    while (!full_.empty()) {
      full_.front()->clear();
      empty_.push_back(std::move(full_.front()));
      full_.pop_front();
    }
  }
  changed_.notify_all();
  thread_.join();
}

bool OrderPipeline::start_over() {
  end();
  ended_ = false;
  error_.reset();
  filling_->clear();
  const bool can = taker_.start_over();
  thread_ = std::thread([this] { work(); });
  return can;
}

Result<void> OrderPipeline::order(const ledger::OrderAssertion& order) {
  filling_->add(order);
  return pass_on_if_full();
}

Result<void> OrderPipeline::refund(const ingest::LooseRefund& refund) {
  filling_->add(refund);
  return pass_on_if_full();
}

Result<void> OrderPipeline::pass_on_if_full() { return filling_->size() < kBatchOrders ? Result<void>{} : pass_on(); }

Result<void> OrderPipeline::pass_on() {
  std::unique_lock lock(mutex_);
  if (empty_.empty()) changed_.wait(lock, [&] { return error_ || empty_.size() >= kBatchesAtOnce; });
  if (error_) return std::unexpected(*error_);
  full_.push_back(std::exchange(filling_, std::move(empty_.front())));
  empty_.pop_front();
  const bool enough = full_.size() == kBatchesAtOnce;
  lock.unlock();
  if (enough) changed_.notify_all();
  return {};
}

Result<void> OrderPipeline::finish() {
  Result<void> last;
  if (filling_->size() > 0) last = pass_on();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
  if (error_) return std::unexpected(*error_);
  return last;
}

void OrderPipeline::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (full_.empty()) changed_.wait(lock, [&] { return ended_ || full_.size() >= kBatchesAtOnce; });
    if (full_.empty()) return;
    auto batch = std::move(full_.front());
    full_.pop_front();
    lock.unlock();
    Result<void> taken;
    try {
      taken = batch->hand_to(taker_);
    } catch (const std::bad_alloc&) {
      taken = fail(Errc::kUnavailable, "out of memory");
    }
    batch->clear();
    lock.lock();
    empty_.push_front(std::move(batch));  // the one that the caches hold is filled next
    const bool enough = empty_.size() == kBatchesAtOnce;
    if (!taken) {
      error_ = std::move(taken).error();
      changed_.notify_all();
      return;
    }
    if (enough) changed_.notify_all();
  }
}

}  // namespace behoud::app
