#pragma once

// The options of `behoud serve` that say where and how it is reached: address, port, TLS, public URL, proxies.

#include <vector>

#include "app/command.h"
#include "http/server.h"

namespace behoud::app {

std::vector<Option> server_options();
// Reads the files of --tls-cert and --tls-key. Errors: kInvalidArgument, naming the option; those of
// http::TlsIdentity::load.
Result<http::ServerOptions> server_options_of(const Call& call);

// Whether everybody who reaches the network of this machine reaches the server.
bool listens_beyond_this_machine(const http::ServerOptions& options);
// What the operator should hear about the options before it starts; "" is nothing.
std::string warning_about(const http::ServerOptions& options);

}  // namespace behoud::app
