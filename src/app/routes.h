#pragma once

// Every route of the server, in one place: what a test walks is what is served.

#include "access/access.h"
#include "access/routes.h"
#include "app/intake.h"
#include "app/metrics_route.h"
#include "app/served_shops.h"
#include "http/router.h"

namespace behoud::app {

// All that is given must outlive the router. Without a dashboard the report is at / as well.
void add_all_routes(http::Router& router, const ServedShops& shops, Intake& intake, access::Access& access,
                    const access::RouteOptions& options, const MetricsSources& metrics = {},
                    bool has_dashboard = false);

}  // namespace behoud::app
