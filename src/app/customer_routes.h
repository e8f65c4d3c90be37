#pragma once

// What a server answers about customers as people:
//
//   GET /api/v1/customers   without `behind`: the list (customer_list.h); q, sort, direction, status, limit, cursor
//                           with it: the customers behind a number, as the command; limit, cursor
//   GET /api/v1/customers/{id}   one customer's whole history (customer_history.h); namespace, limit, cursor
//
// Errors are {"error":{code,message,field,hint}}. The contract is api/openapi.yaml.

#include "app/served_shops.h"
#include "http/router.h"

namespace behoud::app {

// `shops` must outlive the router.
void add_customer_routes(http::Router& router, const ServedShops& shops);

}  // namespace behoud::app
