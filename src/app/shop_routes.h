#pragma once

// What a server answers about a shop: its report as a page, and every question of the commands as JSON, with the very
// bytes that the command with --format json prints for the same words. Handlers are thin: words in, a room's answer
// out.
//
//   GET /report               the report as HTML; ?lang=en|nl|sv, else by Accept-Language, and the questions'
//                             parameters
//   GET /health               {"status":"ok","version","revision","sample"}; 503 before the shop is loaded
//   GET /api/v1/retention     and cohorts, value, cost, claims, whatif, customers: parameters are the commands'
//                             options, with _ or - between words (as_of, as-of); ?format=csv gives a file
//   GET /api/v1/report        the report as JSON
//   GET /api/v1/imports       what was imported; ?format=csv
//   GET /api/v1/definitions   what every field is called and means; ?lang=
//   GET /api/v1/today         what changed, what to do, what is wrong (today_routes.h)
//   GET /api/v1/shops         the shops that are served
//
// Each route about a shop takes ?shop=own|sample (served_shops.h). Errors are {"error":{code,message,field,hint}}. The
// contract is api/openapi.yaml.

#include <memory>

#include "app/served_shops.h"
#include "http/router.h"

namespace behoud::app {

// `shops` must outlive the router.
void add_shop_routes(http::Router& router, const ServedShops& shops);
// The report at / too, where there is no dashboard.
void add_report_as_home(http::Router& router, const ServedShops& shops);

}  // namespace behoud::app
