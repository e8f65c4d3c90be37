#include "app/file_shop.h"

#include <utility>

#include "app/order_pipeline.h"
#include "timeline/histories_builder.h"

namespace behoud::app {
namespace {

class Building : public ingest::OrderSink {
 public:
  Building(timeline::BuildSettings settings, calendar::Instant received, const std::function<bool()>& abandoned)
      : settings_(std::move(settings)), received_(received), abandoned_(abandoned) {
    builder_.emplace(settings_);
  }
  Result<void> order(const ledger::OrderAssertion& order) override {
    if (seq_ % 1024 == 0 && abandoned_ && abandoned_()) return fail(Errc::kConflict, "it was given up");
    return builder_->add(order, received_, ++seq_);
  }
  Result<void> refund(const ingest::LooseRefund& refund) override {
    return builder_->add_refund(refund.customer, refund.at, refund.amount, ++seq_);
  }
  bool start_over() override {
    if (seq_ > 0) builder_.emplace(settings_);
    seq_ = 0;
    return true;
  }
  // In the currency that the file's own sums are in.
  Result<timeline::Histories> finish(money::Currency currency) && {
    builder_->report_in(currency);
    return std::move(*builder_).finish();
  }

 private:
  timeline::BuildSettings settings_;
  calendar::Instant received_;
  const std::function<bool()>& abandoned_;
  std::optional<timeline::HistoriesBuilder> builder_;
  std::uint64_t seq_ = 0;
};

}  // namespace

Result<FileShop> read_file_shop(const FileShopOptions& options) {
  timeline::BuildSettings build;
  build.zone = options.read.zone;
  build.currency = options.read.currency.value_or(money::Currency::none());
  build.statuses = options.statuses;
  build.keep_order_ids = options.keep_order_ids;
  Building building(std::move(build), options.read.now, options.abandoned);
  // Reading on this thread, building on another.
  OrderPipeline pipeline(building);
  auto facts = ingest::read_orders(options.files, options.read, pipeline);
  const auto built = pipeline.finish();
  if (!facts) return std::unexpected(std::move(facts).error());
  TRY(built);
  FileShop out;
  out.facts = std::move(*facts);
  TRY_ASSIGN(out.histories, std::move(building).finish(out.facts.currency));
  if (options.window_days) {
    out.settings.window_days = *options.window_days;
  } else {
    out.window_choice = retention::choose_window(out.histories);
    out.settings.window_days = out.window_choice->days;
  }
  return out;
}

}  // namespace behoud::app
