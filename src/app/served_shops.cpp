#include "app/served_shops.h"

#include <fmt/format.h>

#include "app/folder_shop.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "http/error_body.h"

namespace behoud::app {
namespace {

using ledger::Access;
using ledger::DataFolder;
using ledger::Ledger;

Result<Ledger> open_home(const std::string& path, const World& world) {
  if (DataFolder::holds_ledger(path)) {
    auto ledger = open_ledger(path, Access::kWrite, world);
    // A database without a ledger in it: its making was cut short, by a full disk or a kill. It is made again.
    if (ledger || ledger.error().code != Errc::kNotFound) return ledger;
  }
  TRY_ASSIGN(DataFolder folder, DataFolder::create(path, false, environment_of(world)));
  return Ledger::open(std::move(folder));
}

void write_shop(JsonWriter& json, const ServedShop& shop) {
  const auto current = shop.warm.current();
  const bool trouble = shop.warm.trouble().has_value();
  const bool empty = current && current->histories.orders() == 0;
  json.begin_object().field("shop", shop.name).field("sample", shop.ledger.sample());
  json.field("state", trouble ? "trouble" : !current ? "loading" : empty ? "empty" : "ok");
  json.field("revision", current ? current->revision : 0);
  json.field("orders", current ? current->histories.orders() : 0);
  json.field("customers", current ? current->histories.customers() : 0);
  json.key("zone");
  current && current->chosen.zone ? json.value(*current->chosen.zone) : json.null();
  json.key("currency");
  current && current->chosen.currency ? json.value(current->chosen.currency->code()) : json.null();
  json.key("history_start");
  current && current->basics.history_start ? json.value(to_string(*current->basics.history_start)) : json.null();
  json.key("as_of");
  current && !empty ? json.value(to_string(current->basics.as_of)) : json.null();
  json.end_object();
}

}  // namespace

Result<std::shared_ptr<const FolderShop>> ServedShop::loaded() const {
  if (auto current = warm.current()) return current;
  if (const auto trouble = warm.trouble()) return std::unexpected(*trouble);
  return fail(Errc::kUnavailable, "the shop is being loaded", "try again in a moment", {}, {"problem.shop_loading"});
}

Result<std::unique_ptr<ServedShops>> ServedShops::open(const std::string& data,
                                                       const std::optional<std::string>& sample, const World& world) {
  TRY_ASSIGN(Ledger home, open_home(data, world));
  std::unique_ptr<ServedShop> beside;
  if (sample) {
    if (home.sample()) {
      return fail(Errc::kInvalidArgument, quoted(data) + " holds a sample shop itself",
                  "name the folder of your own shop with --data, and this one with --sample", {{}, 0, "sample"});
    }
    if (!DataFolder::holds_ledger(*sample)) {
      return fail(Errc::kNotFound, "there is no sample shop in " + quoted(*sample),
                  "make one: behoud sample --data " + *sample, {{}, 0, "sample"});
    }
    TRY_ASSIGN(Ledger opened, open_ledger(*sample, Access::kRead, world));
    if (!opened.sample()) {
      return fail(Errc::kInvalidArgument, quoted(*sample) + " holds a shop's own data, and is no sample",
                  "name it with --data", {{}, 0, "sample"});
    }
    beside = std::make_unique<ServedShop>("sample", std::move(opened));
  }
  const bool only_sample = home.sample();
  auto own = std::make_unique<ServedShop>(only_sample ? "sample" : "own", std::move(home));
  return std::unique_ptr<ServedShops>(new ServedShops(std::move(own), std::move(beside), world));
}

Result<ServedShop*> ServedShops::asked_for(const http::Request& request) const {
  const auto word = request.parameter("shop");
  if (!word) return own() != nullptr ? own() : sample();
  if (*word != "own" && *word != "sample") {
    return fail(Errc::kInvalidArgument, quoted(*word) + " is no shop", "own or sample", {{}, 0, "shop"});
  }
  ServedShop* found = *word == "own" ? own() : sample();
  if (found == nullptr) {
    return fail(
        Errc::kNotFound, fmt::format("this server holds no {} shop", *word),
        *word == "own" ? "start it with --data DIR of a folder that is no sample" : "start it with --sample DIR",
        {{}, 0, "shop"});
  }
  return found;
}

std::optional<http::Response> ServedShops::refuse_write(const http::Request& request) const {
  const auto shop = asked_for(request);
  if (!shop) return http::error_response(shop.error());
  if (*shop == own()) return std::nullopt;
  return http::error_response(403, "sample_is_read_only", "a sample shop is to look at: nothing can be changed in it",
                              "use your own shop: shop=own");
}

std::string ServedShops::json() const {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("rows").begin_array();
  if (own() != nullptr) write_shop(json, *own());
  if (sample() != nullptr) write_shop(json, *sample());
  json.end_array().end_object();
  return out + "\n";
}

}  // namespace behoud::app
