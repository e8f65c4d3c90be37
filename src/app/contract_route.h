#pragma once

// GET /api/openapi.yaml: the contract of this very binary, api/openapi.yaml as it was when it was built.

#include <string_view>

#include "http/router.h"

namespace behoud::app {

std::string_view contract_text();
void add_contract_route(http::Router& router);

}  // namespace behoud::app
