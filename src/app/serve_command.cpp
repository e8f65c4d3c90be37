#include "app/serve_command.h"

#include <csignal>

#include <fmt/format.h>
#include <pthread.h>

#include "access/guard.h"
#include "access/json_views.h"
#include "access/upkeep.h"
#include "app/access_command.h"
#include "app/data_access.h"
#include "app/intake.h"
#include "app/relay.h"
#include "app/routes.h"
#include "app/served_shops.h"
#include "base/text.h"
#include "http/server.h"

namespace behoud::app {
namespace {

// The signals that end a server, held back from every thread so that one place can wait for them. Threads inherit the
// mask of who starts them: to be made before the first.
class EndSignals {
 public:
  EndSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~EndSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;

  void wait() const {
    int which = 0;
    sigwait(&set_, &which);
  }

 private:
  sigset_t set_{}, before_{};
};

// Passwords would cross a network in the clear, so nobody but this machine may come in.
Result<std::string> address_of(const Call& call) {
  const std::string address{call.value("address").value_or("127.0.0.1")};
  if (address != "127.0.0.1" && address != "::1" && address != "localhost") {
    return fail(Errc::kInvalidArgument, quoted(address) + " is not this machine's own address",
                "without TLS the server listens on 127.0.0.1 or ::1 only; use a tunnel to reach it from elsewhere",
                {{}, 0, "address"});
  }
  return address == "localhost" ? "127.0.0.1" : address;
}

// Runs what another process asked for as if it had been typed here, with the ledger that is open already.
int run_for_another(const RelayRequest& request, const std::map<std::string, std::string>& paths, Console& console,
                    const World& world, ServedShop& home, const std::string& public_url) {
  World theirs = world;
  theirs.variable = [&request](const char* name) -> const char* {
    const auto found = request.variables.find(name);
    return found == request.variables.end() ? nullptr : found->second.c_str();
  };
  const Host host{home.ledger, request.folder, paths, public_url};
  const int code = run(request.words, console, theirs, &host);
  home.warm.refresh();
  return code;
}

// Where nobody can sign in yet: the link that makes the first owner. Each start makes a new one.
Result<void> welcome(const Call& call, access::Access& access, const std::string& public_url) {
  TRY_ASSIGN(const bool somebody, access.has_users());
  if (somebody) return {};
  const auto link = access.make_owner_link(access::kCommandLine);
  if (!link) return std::unexpected(link.error().error);
  call.console.note(
      fmt::format("\nNobody can sign in yet. Open this link to become the owner; it opens once, within 24 "
                  "hours:\n\n  {}\n\n",
                  access::link_url(public_url, *link)));
  return {};
}

// What is done for somebody goes into the log of who did what. That it could not be written undoes nothing.
Record record_in(access::Access& access) {
  return [&access](const Done& done) {
    [[maybe_unused]] const auto written =
        access.record({access::doer_of(done.by), done.action, done.subject, done.subject_id, done.detail});
  };
}

Result<void> serve(const Call& call) {
  if (call.host != nullptr) return fail(Errc::kInvalidArgument, "a server does not start another");
  TRY_ASSIGN(http::ServerOptions options, [&]() -> Result<http::ServerOptions> {
    http::ServerOptions out;
    TRY_ASSIGN(out.address, address_of(call));
    TRY_ASSIGN(const auto port, integer_of(call, "port", 0, 65535, 8080));
    out.port = static_cast<std::uint16_t>(port);
    return out;
  }());
  options.unix_seconds = [&call] { return call.world.now().ms / 1000; };

  const std::string folder = data_of(call);
  const EndSignals signals;
  std::optional<std::string> sample;
  if (const auto named = call.value("sample")) sample = std::string{*named};
  TRY_ASSIGN(const auto shops, ServedShops::open(folder, sample, call.world));
  ServedShop& home = shops->home();
  access::Access access(home.ledger, access_environment_of(call.world));
  // Written once, before anybody can ask for it.
  std::string public_url;
  TRY_ASSIGN(const auto intake, Intake::open(*shops, call.world, record_in(access)));
  options.spool_folder = intake->uploads().spool_folder();
  http::Router router;
  add_all_routes(router, *shops, *intake, access, {[&public_url] { return public_url; }, call.world.now});
  options.guard = access::make_guard(access);
  TRY_ASSIGN(const auto server, http::Server::listen(options, router));
  public_url = fmt::format("http://{}:{}", options.address == "::1" ? "[::1]" : options.address, server->port());
  TRY_ASSIGN(auto relay,
             RelayServer::listen(folder, [&](const RelayRequest& request, const auto& paths, Console& console) {
               return run_for_another(request, paths, console, call.world, home, public_url);
             }));
  server->start();
  const access::Upkeep upkeep(access, [&call](const Error& error) { call.console.note(error_text(error)); });
  TRY_ASSIGN(const auto loaded, home.warm.settled());
  // A sample that cannot be loaded is in trouble, which it says itself; the own shop is served all the same.
  if (shops->sample() != nullptr) [[maybe_unused]]
    const auto beside = shops->sample()->warm.settled();
  call.console.out(public_url + "\n");
  call.console.note(fmt::format("{} serves {}{}, {} customers and {} orders. Ctrl-C ends it.\n", "behoud", folder,
                                loaded->histories.is_sample ? " (a sample shop)" : "", loaded->histories.customers(),
                                loaded->histories.orders()));
  TRY(welcome(call, access, public_url));
  TRY(call.console.finish());
  signals.wait();
  call.console.note("ending: what is under way is finished first\n");
  relay.reset();
  server->stop();
  return {};
}

}  // namespace

Command serve_command() {
  return {
      {.name = "serve",
       .operands = "",
       .operands_min = 0,
       .operands_max = 0,
       .summary = "Answers over HTTP about the shop of a data folder, and a sample beside it",
       .details = "Makes the folder, empty, where there is none. Shows the report at /, answers every question at\n"
                  "/api/v1/ (?shop=own or sample says about which shop), and takes the commands that write to\n"
                  "the folder while it holds it. Whoever asks must have signed in or send a token; the first start\n"
                  "prints a link that makes the owner (lost: behoud access link). It listens on this machine alone.",
       .options = {data_option(),
                   {"sample", "DIR", "a folder with a sample shop, to be looked at beside it", false},
                   {"port", "N", "where to listen; 0 is any free one (default: 8080)", false},
                   {"address", "ADDRESS", "127.0.0.1 or ::1 (default: 127.0.0.1)", false}}},
      serve};
}

}  // namespace behoud::app
