#include "app/server_options.h"

#include <algorithm>
#include <thread>

#include "base/text.h"

namespace behoud::app {
namespace {

// An option that was given twice or half is a mistake worth stopping for.
Result<std::shared_ptr<http::TlsIdentity>> tls_of(const Call& call) {
  const auto certificate = call.value("tls-cert");
  const auto key = call.value("tls-key");
  if (!certificate && !key) return nullptr;
  if (!certificate || !key) {
    return fail(Errc::kInvalidArgument, "TLS needs a certificate and its key", "give --tls-cert and --tls-key",
                {{}, 0, certificate ? "tls-key" : "tls-cert"});
  }
  return http::TlsIdentity::load(std::string{*certificate}, std::string{*key});
}

Result<std::string> address_of(const Call& call) {
  std::string address{call.value("address").value_or("127.0.0.1")};
  if (address == "localhost") return "127.0.0.1";
  const auto parsed = http::parse_address(address);
  if (!parsed || address.find_first_of("[]") != std::string::npos || (parsed->is_v4() && address.contains(':'))) {
    return fail(Errc::kInvalidArgument, quoted(address) + " is not an address to listen on",
                "as 127.0.0.1, ::1, or 0.0.0.0 for every one of this machine", {{}, 0, "address"});
  }
  return address;
}

}  // namespace

std::vector<Option> server_options() {
  return {{"port", "N", "where to listen; 0 is any free one (default: 8080)", false},
          {"address", "ADDRESS", "of this machine, to listen on; 0.0.0.0 is each (default: 127.0.0.1)", false},
          {"public-url", "URL", "where readers find it, as https://shop.example", false},
          {"tls-cert", "FILE", "the certificate chain in PEM; read again when it changes, and on SIGHUP", false},
          {"tls-key", "FILE", "its key in PEM, without a passphrase", false},
          {"trusted-proxy", "NETWORK", "a proxy in front, as 10.0.0.0/8, whose X-Forwarded-For is believed", true}};
}

Result<http::ServerOptions> server_options_of(const Call& call) {
  http::ServerOptions out;
  TRY_ASSIGN(out.address, address_of(call));
  TRY_ASSIGN(const auto port, integer_of(call, "port", 0, 65535, 8080));
  out.port = static_cast<std::uint16_t>(port);
  if (const auto url = call.value("public-url")) {
    TRY_ASSIGN(out.public_url, of_option("public-url", http::parse_origin(*url)));
  }
  for (const std::string& network : call.arguments.values("trusted-proxy")) {
    TRY_ASSIGN(http::Network parsed, of_option("trusted-proxy", http::Network::parse(network)));
    out.trusted_proxies.push_back(parsed);
  }
  TRY_ASSIGN(out.tls, tls_of(call));
  // More than there are processors: one that waits for a disk, or for a password's hash, holds up nobody else.
  out.workers = std::clamp(2 * std::thread::hardware_concurrency(), 4U, 16U);
  out.any_address_is_host = listens_beyond_this_machine(out);
  return out;
}

bool listens_beyond_this_machine(const http::ServerOptions& options) {
  const auto address = http::parse_address(options.address);
  return !address || !address->is_loopback();
}

std::string warning_about(const http::ServerOptions& options) {
  if (!listens_beyond_this_machine(options) || options.tls || !options.trusted_proxies.empty()) return {};
  return "warning: " + options.address +
         " is reached from the network without TLS: passwords and customers can be read on the way.\n"
         "         Give --tls-cert and --tls-key, or put a proxy in front and name it with --trusted-proxy.\n";
}

}  // namespace behoud::app
