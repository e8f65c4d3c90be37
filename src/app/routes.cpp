#include "app/routes.h"

#include "access/stream_guard.h"
#include "app/book_routes.h"
#include "app/care_routes.h"
#include "app/contract_route.h"
#include "app/intake_routes.h"
#include "app/shop_routes.h"

namespace behoud::app {

void add_all_routes(http::Router& router, const ServedShops& shops, Intake& intake, access::Access& access,
                    const access::RouteOptions& options, const MetricsSources& metrics, bool has_dashboard) {
  access::add_routes(router, access, options);
  add_shop_routes(router, shops);
  add_intake_routes(router, intake, [&access](const http::Request& request, http::Right right, http::Stream stream) {
    return access::while_allowed(access, request, right, std::move(stream));
  });
  add_book_routes(router, intake);
  add_care_routes(router, intake);
  if (!has_dashboard) add_report_as_home(router, shops);
  add_contract_route(router);
  add_metrics_route(router, shops, metrics);
}

}  // namespace behoud::app
