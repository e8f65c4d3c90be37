#pragma once

// GET /api/v1/today: what an owner reads in the morning (retention/report/today.h), with the bytes of `behoud today`.
// Parameters: lang, else Accept-Language; grain, window, basis, kinds, as_of; format, json or csv.

#include "app/served_shops.h"
#include "http/router.h"

namespace behoud::app {

// `shops` must outlive the router.
void add_today_route(http::Router& router, const ServedShops& shops);

}  // namespace behoud::app
