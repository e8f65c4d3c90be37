#include "app/serve_command.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>

#include <fmt/format.h>
#include <pthread.h>
#include <sys/resource.h>

#include "access/guard.h"
#include "access/json_views.h"
#include "access/upkeep.h"
#include "app/access_command.h"
#include "app/data_access.h"
#include "app/exit_code.h"
#include "app/intake.h"
#include "app/relay.h"
#include "app/routes.h"
#include "app/served_shops.h"
#include "app/server_log.h"
#include "app/server_options.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "http/request_counts.h"
#include "http/server.h"
#include "http/static_files.h"

namespace behoud::app {
namespace {

// The signals that a server lives by, held back from every thread so that one place can wait for them. Threads inherit
// the mask of who starts them: to be made before the first.
class ServerSignals {
 public:
  ServerSignals() {
    sigemptyset(&set_);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, signal);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~ServerSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  ServerSignals(const ServerSignals&) = delete;
  ServerSignals& operator=(const ServerSignals&) = delete;

  enum class News : std::uint8_t { kEnd, kReload, kNothing };
  // Waits for one; with `patience`, no longer than that.
  News wait(std::optional<std::chrono::seconds> patience) const {
    const timespec time{patience ? patience->count() : 0, 0};
    const int signal = patience ? sigtimedwait(&set_, nullptr, &time) : sigwaitinfo(&set_, nullptr);
    if (signal < 0) return News::kNothing;
    return signal == SIGHUP ? News::kReload : News::kEnd;
  }

 private:
  sigset_t set_{}, before_{};
};

// Until it is time to go; meanwhile new certificates are taken.
void wait_for_the_end(const ServerSignals& signals, http::TlsIdentity* tls, Log& log) {
  constexpr std::chrono::seconds kLookEvery{5};
  using News = ServerSignals::News;
  while (true) {
    const News news = signals.wait(tls != nullptr ? std::optional(kLookEvery) : std::nullopt);
    if (news == News::kEnd) return;
    if (tls == nullptr) continue;
    Result<bool> taken = false;
    if (news == News::kReload) {
      const auto reloaded = tls->reload();
      taken = reloaded ? Result<bool>(true) : std::unexpected(reloaded.error());
    } else {
      taken = tls->reload_if_changed();
    }
    if (!taken) log_error(log, "the new certificate is not taken, the one before stays", taken.error());
    if (taken && *taken) log.warning("a new certificate is taken");
  }
}

// As many descriptors as the system lets this process have, and no more connections than these hold.
void make_room_for_connections(http::ServerOptions& options) {
  constexpr rlim_t kForOthers = 256;  // ledgers, files on their way, the programs that ask for commands
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  const rlim_t wanted = options.connections_max + kForOthers;
  if (files.rlim_cur < wanted) {
    files.rlim_cur = std::min(files.rlim_max, wanted);
    ::setrlimit(RLIMIT_NOFILE, &files);
    ::getrlimit(RLIMIT_NOFILE, &files);
  }
  if (files.rlim_cur > kForOthers) {
    options.connections_max = std::min<std::size_t>(options.connections_max, files.rlim_cur - kForOthers);
  }
}

// Where the dashboard lies: as said; else beside an installed binary, or in the checkout that it was built in. "" where
// there is none.
std::string dashboard_of(const Call& call) {
  if (const auto said = call.value("web")) return std::string{*said};
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (error) return {};
  for (const char* beside : {"../share/behoud/web", "../../web/dist"}) {
    const fs::path found = folder / beside;
    if (fs::exists(found / "index.html", error)) return fs::weakly_canonical(found, error).string();
  }
  return {};
}

// Runs what another process asked for as if it had been typed here, with the ledger that is open already.
int run_for_another(const RelayRequest& request, const std::map<std::string, std::string>& paths, Console& console,
                    const World& world, ServedShop& home, access::Access& access, const std::string& public_url) {
  World theirs = world;
  theirs.variable = [&request](const char* name) -> const char* {
    const auto found = request.variables.find(name);
    return found == request.variables.end() ? nullptr : found->second.c_str();
  };
  bool recorded = false;
  const Host host{home.ledger, request.folder, paths, public_url, &recorded};
  const int code = run(request.words, console, theirs, &host);
  // Most commands write what they did into the log themselves.
  if (code == kDone && !recorded && !request.words.empty() && request.words.front() != "access") {
    std::string detail;
    JsonWriter(detail).begin_object().field("command", request.words.front()).end_object();
    [[maybe_unused]] const auto written = access.record({access::kCommandLine, "command_run", "", {}, detail});
  }
  access.tell_watchers();  // `behoud access` may have ended somebody's session
  home.warm.refresh();
  return code;
}

// Where nobody can sign in yet: the link that makes the first owner, to be shown last. Each start makes a new one.
Result<std::string> welcome(access::Access& access, const std::string& public_url) {
  TRY_ASSIGN(const bool somebody, access.has_users());
  if (somebody) return "";
  const auto link = access.make_owner_link(access::kCommandLine);
  if (!link) return std::unexpected(link.error().error);
  return fmt::format(
      "\nNobody can sign in yet. Open this link to become the owner; it opens once, within 24 hours:\n\n  {}\n\n",
      access::link_url(public_url, *link));
}

// What is done for somebody goes into the log of who did what. That it could not be written undoes nothing.
Recorder record_in(access::Access& access) {
  const auto deed = [](const Done& done) -> access::Deed {
    return {access::doer_of(done.by), done.action, done.subject, done.subject_id, done.detail};
  };
  return {[&access, deed](const Done& done) { [[maybe_unused]] const auto written = access.record(deed(done)); },
          [&access, deed](ledger::RoomWriter& db, const Done& done) { return access.record_along(db, deed(done)); }};
}

Result<void> serve(const Call& call) {
  if (call.host != nullptr) return fail(Errc::kInvalidArgument, "a server does not start another");
  TRY_ASSIGN(http::ServerOptions options, server_options_of(call));
  TRY_ASSIGN(const Log::Level level, log_level_of(call));
  Log log(Log::to_standard_error, [&call] { return call.world.now().ms; }, level, Log::Form::kJson);
  call.console.note(warning_about(options));
  make_room_for_connections(options);
  http::RequestCounts requests;
  options.on_served = [&requests, &log](const http::Served& served) {
    requests.count(served);
    log_request(log, served);
  };
  options.on_thrown = [&log](std::string_view pattern, const std::exception& thrown) {
    log_thrown(log, pattern, thrown);
  };
  options.unix_seconds = [&call] { return call.world.now().ms / 1000; };

  const std::string folder = data_of(call);
  const ServerSignals signals;
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
  std::unique_ptr<http::Server> server;
  const std::string dashboard = dashboard_of(call);
  add_all_routes(router, *shops, *intake, access, {[&public_url] { return public_url; }, call.world.now},
                 {&requests, [&server] { return server->counts(); }, call.world.now().ms, call.has("metrics-open")},
                 !dashboard.empty());
  if (!dashboard.empty()) {
    TRY_ASSIGN(const http::StaticFiles files, of_option("web", http::StaticFiles::load(dashboard)));
    files.add_to(router);
  }
  options.guard = access::make_guard(access);
  TRY_ASSIGN(server, http::Server::listen(options, router));
  public_url = server->url();
  TRY_ASSIGN(auto relay,
             RelayServer::listen(folder, [&](const RelayRequest& request, const auto& paths, Console& console) {
               return run_for_another(request, paths, console, call.world, home, access, public_url);
             }));
  server->start();
  const access::Upkeep upkeep(access, [&call](const Error& error) { call.console.note(error_text(error)); });
  TRY_ASSIGN(const auto loaded, home.warm.settled());
  // A sample that cannot be loaded is in trouble, which it says itself; the own shop is served all the same.
  if (shops->sample() != nullptr) [[maybe_unused]]
    const auto beside = shops->sample()->warm.settled();
  // Before anybody is told that the server is there: whoever asks for another link then gets a newer one.
  TRY_ASSIGN(const std::string greeting, welcome(access, public_url));
  call.console.out(public_url + "\n");
  call.console.note(fmt::format("{} serves {}{}, {} customers and {} orders. Ctrl-C ends it.\n", "behoud", folder,
                                loaded->histories.is_sample ? " (a sample shop)" : "", loaded->histories.customers(),
                                loaded->histories.orders()));
  if (dashboard.empty()) call.console.note("There is no dashboard here, so / is the report; script/build makes it.\n");
  TRY(call.console.finish());
  call.console.note(greeting);
  wait_for_the_end(signals, options.tls.get(), log);
  call.console.note("ending: what is under way is finished first\n");
  relay.reset();
  server->stop();
  return {};
}

}  // namespace

Command serve_command() {
  std::vector<Option> options{data_option(),
                              {"sample", "DIR", "a folder with a sample shop, to be looked at beside it", false}};
  for (Option& option : server_options()) options.push_back(option);
  options.push_back({"web", "DIR", "the dashboard's files (default: those that came with the program)", false});
  options.push_back(log_option());
  options.push_back({"metrics-open", "", "give /metrics to whoever asks from this machine", false});
  return {
      {.name = "serve",
       .operands = "",
       .operands_min = 0,
       .operands_max = 0,
       .summary = "Answers over HTTP about the shop of a data folder, and a sample beside it",
       .details = "Makes the folder, empty, where there is none. Shows the dashboard at /, answers every question at\n"
                  "/api/v1/ (?shop=own or sample says about which shop), and takes the commands that write to\n"
                  "the folder while it holds it. Whoever asks must have signed in or send a token; the first start\n"
                  "prints a link that makes the owner (lost: behoud access link). It listens on this machine\n"
                  "alone unless --address says otherwise; docs/serving.md tells how to run it as a service.",
       .options = std::move(options)},
      serve};
}

}  // namespace behoud::app
