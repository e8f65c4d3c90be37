#include "app/order_pipeline.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <new>
#include <tuple>
#include <type_traits>
#include <utility>

namespace behoud::app {
namespace {

constexpr std::size_t kBlockBytes = 256 * 1024;

using ledger::OrderAssertion;

// A statement in a batch: a word of bits that say what follows, the currency, the line; the lengths of the texts that
// are not empty (4 bytes each), the numbers that are stated (8), the spans of lines and refunds where there are any,
// and the texts. A loose refund: the word, and a LooseRefund. Nothing is aligned.
struct Header {
  std::uint32_t bits = 0, currency = 0;
  std::uint64_t line = 0;
};
constexpr std::size_t kTexts = 10, kMoments = 3, kAmounts = 7;
enum Bit : std::uint8_t {
  kText = 0,                     // of the first; one each
  kPlaced = kText + kTexts,      // its instant
  kMoment = kPlaced + 1,         // of the first; one each
  kAmount = kMoment + kMoments,  // the same
  kLines = kAmount + kAmounts,
  kRefunds,
  kDateOnly,  // these have nothing that follows
  kTest,
  kSpace,  // three bits
  kLoose = kSpace + 3,
  kBits
};
static_assert(kBits <= 32);
// Whoever gives an order a field gives it a place here, and to its test.
static_assert(sizeof(OrderAssertion) == 408);

constexpr std::uint32_t bit(std::size_t b) { return std::uint32_t{1} << b; }
constexpr std::uint32_t bits_of(std::size_t first, std::size_t count) { return (bit(count) - 1) << first; }

// For const and other orders alike.
template <class Order>
auto texts_of(Order& o) {
  return std::array{&o.order_id, &o.alias,  &o.customer.value, &o.email,  &o.phone,
                    &o.name,     &o.status, &o.coupon,         &o.source, &o.country};
}
template <class Order>
auto moments_of(Order& o) {
  return std::array{&o.updated_at, &o.refunded_at, &o.cancelled_at};
}
template <class Order>
auto amounts_of(Order& o) {
  return std::array{&o.gross_minor,    &o.total_minor,  &o.tax_minor,  &o.shipping_minor,
                    &o.discount_minor, &o.refund_minor, &o.units_milli};
}
static_assert(std::tuple_size_v<decltype(texts_of(std::declval<OrderAssertion&>()))> == kTexts);
static_assert(std::tuple_size_v<decltype(moments_of(std::declval<OrderAssertion&>()))> == kMoments);
static_assert(std::tuple_size_v<decltype(amounts_of(std::declval<OrderAssertion&>()))> == kAmounts);

template <class T>
void put(char*& at, const T& value) {
  std::memcpy(at, &value, sizeof(T));
  at += sizeof(T);
}
template <class T>
T take(const char*& at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  at += sizeof(T);
  return value;
}

// Most texts are of a few bytes, for which a call costs more than the copy.
[[gnu::always_inline]] inline void put_text(char*& at, std::string_view text) {
  const std::size_t n = text.size();
  const char* const from = text.data();
  if (n > 16) {
    std::memcpy(at, from, n);
  } else if (n >= 8) {
    std::uint64_t first = 0, last = 0;
    std::memcpy(&first, from, 8);
    std::memcpy(&last, from + n - 8, 8);
    std::memcpy(at, &first, 8);
    std::memcpy(at + n - 8, &last, 8);
  } else if (n >= 4) {
    std::uint32_t first = 0, last = 0;
    std::memcpy(&first, from, 4);
    std::memcpy(&last, from + n - 4, 4);
    std::memcpy(at, &first, 4);
    std::memcpy(at + n - 4, &last, 4);
  } else {
    for (std::size_t i = 0; i < n; ++i) at[i] = from[i];
  }
  at += n;
}

template <class T>
struct Span {
  T* data = nullptr;
  std::size_t size = 0;
};

// `order` is left without anything of the one before.
void unpack(const char* at, OrderAssertion& order) {
  const auto header = take<Header>(at);
  const std::uint32_t bits = header.bits;
  order.currency = money::Currency::from_packed(header.currency);
  order.line = header.line;
  order.customer.space = static_cast<ledger::IdentitySpace>(bits >> kSpace & 7U);
  order.test = (bits & bit(kTest)) != 0;
  const auto count = [bits](std::size_t first, std::size_t n) {
    return static_cast<std::size_t>(__builtin_popcount(bits & bits_of(first, n)));
  };
  const char* text = at + 4 * count(kText, kTexts) + 8 * count(kPlaced, 1 + kMoments + kAmounts) +
                     sizeof(Span<char>) * count(kLines, 2);
  const auto texts = texts_of(order);
  for (std::size_t i = 0; i < kTexts; ++i) {
    if ((bits & bit(kText + i)) == 0) {
      *texts[i] = {};
      continue;
    }
    const std::size_t size = take<std::uint32_t>(at);
    *texts[i] = {text, size};
    text += size;
  }
  if ((bits & bit(kPlaced)) != 0) {
    order.placed = calendar::Moment{{take<std::int64_t>(at)}, (bits & bit(kDateOnly)) != 0};
  } else {
    order.placed.reset();
  }
  const auto moments = moments_of(order);
  for (std::size_t i = 0; i < kMoments; ++i) {
    if ((bits & bit(kMoment + i)) != 0) {
      *moments[i] = calendar::Instant{take<std::int64_t>(at)};
    } else {
      moments[i]->reset();
    }
  }
  const auto amounts = amounts_of(order);
  for (std::size_t i = 0; i < kAmounts; ++i) {
    if ((bits & bit(kAmount + i)) != 0) {
      *amounts[i] = take<std::int64_t>(at);
    } else {
      amounts[i]->reset();
    }
  }
  order.lines = {};
  order.refunds = {};
  if ((bits & bit(kLines)) != 0) {
    const auto lines = take<Span<const ledger::OrderLine>>(at);
    order.lines = {lines.data, lines.size};
  }
  if ((bits & bit(kRefunds)) != 0) {
    const auto refunds = take<Span<const ledger::RefundPart>>(at);
    order.refunds = {refunds.data, refunds.size};
  }
}

}  // namespace

namespace {

constexpr std::size_t aligned(std::size_t bytes) {
  constexpr std::size_t kAlign = alignof(std::max_align_t);
  return (bytes + kAlign - 1) / kAlign * kAlign;
}

}  // namespace

void* OrderBatch::allocate(std::size_t bytes) {
  bytes = aligned(bytes);
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

void OrderBatch::give_back(std::size_t allocated, std::size_t used) {
  if (aligned(allocated) <= kBlockBytes) used_ -= aligned(allocated) - aligned(used);
}

std::string_view OrderBatch::keep(std::string_view text) {
  if (text.empty()) return {};
  char* const copy = static_cast<char*>(allocate(text.size()));
  char* at = copy;
  put_text(at, text);
  return {copy, text.size()};
}

void OrderBatch::add(const OrderAssertion& order) {
  const auto texts = texts_of(order);
  std::size_t bytes = 0;
  for (const std::string_view* text : texts) bytes += text->size();
  Span<ledger::OrderLine> lines;
  Span<ledger::RefundPart> refunds;
  if (!order.lines.empty()) {
    lines = {static_cast<ledger::OrderLine*>(allocate(order.lines.size_bytes())), order.lines.size()};
    ledger::OrderLine* at = lines.data;
    for (const ledger::OrderLine& line : order.lines) {
      new (at++) ledger::OrderLine{keep(line.item), keep(line.name), line.quantity_milli, line.amount_minor};
    }
  }
  if (!order.refunds.empty()) {
    refunds = {static_cast<ledger::RefundPart*>(allocate(order.refunds.size_bytes())), order.refunds.size()};
    ledger::RefundPart* at = refunds.data;
    for (const ledger::RefundPart& part : order.refunds) {
      new (at++) ledger::RefundPart{keep(part.id), part.at, part.minor};
    }
  }
  // Room for an order that states everything; what this one leaves is given back.
  constexpr std::size_t kMost = sizeof(Header) + 4 * kTexts + 8 * (1 + kMoments + kAmounts) + 2 * sizeof(Span<char>);
  char* const begin = static_cast<char*>(allocate(kMost + bytes));
  char* at = begin + sizeof(Header);
  Header header{static_cast<std::uint32_t>(order.customer.space) << kSpace, order.currency.packed(), order.line};
  for (std::size_t i = 0; i < kTexts; ++i) {
    if (texts[i]->empty()) continue;
    header.bits |= bit(kText + i);
    put(at, static_cast<std::uint32_t>(texts[i]->size()));
  }
  if (order.placed) {
    header.bits |= bit(kPlaced) | (order.placed->date_only ? bit(kDateOnly) : 0);
    put(at, order.placed->at.ms);
  }
  const auto moments = moments_of(order);
  for (std::size_t i = 0; i < kMoments; ++i) {
    if (!*moments[i]) continue;
    header.bits |= bit(kMoment + i);
    put(at, (*moments[i])->ms);
  }
  const auto amounts = amounts_of(order);
  for (std::size_t i = 0; i < kAmounts; ++i) {
    if (!*amounts[i]) continue;
    header.bits |= bit(kAmount + i);
    put(at, **amounts[i]);
  }
  if (lines.size > 0) {
    header.bits |= bit(kLines);
    put(at, lines);
  }
  if (refunds.size > 0) {
    header.bits |= bit(kRefunds);
    put(at, refunds);
  }
  if (order.test) header.bits |= bit(kTest);
  for (const std::string_view* text : texts) {
    if (!text->empty()) put_text(at, *text);
  }
  std::memcpy(begin, &header, sizeof(Header));
  give_back(kMost + bytes, static_cast<std::size_t>(at - begin));
  entries_.push_back(begin);
}

void OrderBatch::add(const ingest::LooseRefund& refund) {
  ingest::LooseRefund copy = refund;
  copy.customer.value = keep(copy.customer.value);
  char* const begin = static_cast<char*>(allocate(sizeof(Header) + sizeof(copy)));
  char* at = begin;
  put(at, Header{bit(kLoose), 0, 0});
  put(at, copy);
  entries_.push_back(begin);
}

void OrderBatch::clear() {
  entries_.clear();
  large_.clear();
  block_ = used_ = 0;
}

Result<void> OrderBatch::hand_to(ingest::OrderSink& sink) const {
  OrderAssertion order;
  for (const char* const entry : entries_) {
    const char* at = entry;
    if ((take<Header>(at).bits & bit(kLoose)) != 0) {
      TRY(sink.refund(take<ingest::LooseRefund>(at)));
      continue;
    }
    unpack(entry, order);
    TRY(sink.order(order));
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
