#pragma once

// A shop out of nothing but its files: read, built into histories, its window chosen. What `behoud report FILE...`
// looks at; nothing is kept.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ingest/orders.h"
#include "retention/answers.h"
#include "timeline/histories.h"

namespace behoud::app {

struct FileShop {
  timeline::Histories histories;
  ingest::ReadFacts facts;
  retention::ShopSettings settings;
  std::optional<retention::WindowChoice> window_choice;  // nullopt: the window was given
};

struct FileShopOptions {
  std::vector<std::string> files;
  ingest::ReadOptions read;
  std::optional<int> window_days;
  std::map<std::string, ledger::Standing, std::less<>> statuses;
  bool keep_order_ids = false;
  std::function<bool()> abandoned;  // asked every 1,024 orders, on another thread; may be empty
};

// Errors: those of ingest::read_orders and of timeline::HistoriesBuilder; kConflict (abandoned).
Result<FileShop> read_file_shop(const FileShopOptions& options);

}  // namespace behoud::app
