#include "app/relay.h"

#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>

#include "app/testing/fake_console.h"
#include "app/testing/process.h"
#include "base/file.h"

namespace behoud::app {
namespace {

using testing::FakeConsole;
using testing::TemporaryFolder;

RelayRequest words(std::vector<std::string> w) {
  RelayRequest r;
  r.words = std::move(w);
  return r;
}

TEST(Relay, WhatIsSaidThereIsSaidHereAndTheExitCodeIsOurs) {
  const TemporaryFolder folder;
  RelayRequest seen;
  const std::string large(3'000'000, 'x');  // many frames
  const auto server = RelayServer::listen(folder.path(), [&](const RelayRequest& r, const auto&, Console& console) {
    seen = r;
    console.note("working\n");
    console.out("answer\n");
    console.out(large);
    return 3;
  });
  ASSERT_TRUE(server) << server.error().message;
  RelayRequest request = words({"import", "orders", "a b.csv"});
  request.folder = "/home/x";
  request.variables = {{"LANG", "nl_NL.UTF-8"}};
  request.out = {.interactive = true, .colour = true, .utf8 = false, .width = 99};
  FakeConsole console;
  const auto code = relay(folder.path(), request, console);
  ASSERT_TRUE(code) << code.error().message;
  EXPECT_EQ(*code, 3);
  EXPECT_EQ(console.said, "answer\n" + large);
  EXPECT_EQ(console.noted, "working\n");
  EXPECT_EQ(seen, request);
}

TEST(Relay, QuestionsAreAskedHere) {
  const TemporaryFolder folder;
  const auto server = RelayServer::listen(folder.path(), [&](const RelayRequest&, const auto&, Console& console) {
    EXPECT_TRUE(console.can_ask());
    const auto answer = console.ask("Which currency?");
    console.out(answer ? *answer : answer.error().message);
    return 0;
  });
  FakeConsole console;
  console.answers = {"EUR"};
  RelayRequest request = words({"import"});
  request.can_ask = true;
  EXPECT_EQ(*relay(folder.path(), request, console), 0);
  EXPECT_EQ(console.asked, "Which currency?\n");
  EXPECT_EQ(console.said, "EUR");
}

TEST(Relay, FilesAreHandedOverOpenAndKeepTheirNames) {
  const TemporaryFolder folder;
  const TemporaryFolder elsewhere;
  const std::string first = elsewhere / "orders.csv";
  std::filesystem::create_directory(elsewhere / "more");
  const std::string second = elsewhere / "more/orders.csv";
  ASSERT_TRUE(write_file(first, "one"));
  ASSERT_TRUE(write_file(second, "two"));
  std::map<std::string, std::string> given;
  const auto server = RelayServer::listen(folder.path(), [&](const RelayRequest&, const auto& paths, Console& console) {
    given = paths;
    // The names may go meanwhile: what was handed over stays.
    std::filesystem::remove(first);
    for (const auto& [file, path] : paths) {
      for (int twice = 0; twice < 2; ++twice) console.out(read_file(path, 100).value_or("unreadable"));
    }
    return 0;
  });
  RelayRequest request = words({"import", first, second});
  request.files = {first, second};
  FakeConsole console;
  EXPECT_EQ(*relay(folder.path(), request, console), 0);
  EXPECT_EQ(console.said, "twotwooneone") << "by the order of the names; each can be read again from its beginning";
  EXPECT_TRUE(given.at(first).ends_with("/orders.csv"));
  EXPECT_NE(given.at(first), given.at(second));
  EXPECT_FALSE(std::filesystem::exists(given.at(first))) << "gone with the command";
}

TEST(Relay, AnInputFileThatIsNotThereIsFoundBeforeAnybodyIsAsked) {
  const TemporaryFolder folder;
  RelayRequest request = words({"import"});
  request.files = {folder / "missing.csv"};
  FakeConsole console;
  const auto code = relay(folder.path(), request, console);
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().code, Errc::kNotFound);
  EXPECT_EQ(code.error().place.file, folder / "missing.csv");
}

TEST(Relay, NobodyThereIsAConflict) {
  const TemporaryFolder folder;
  FakeConsole console;
  EXPECT_EQ(relay(folder.path(), words({"import"}), console).error().code, Errc::kConflict);
  EXPECT_EQ(relay(folder / "nothing", words({"import"}), console).error().code, Errc::kConflict);
}

TEST(Relay, TheSocketIsForItsOwnerAloneAndGoesWithTheServer) {
  const TemporaryFolder folder;
  auto server = RelayServer::listen(folder.path(), [](const RelayRequest&, const auto&, Console&) { return 0; });
  ASSERT_TRUE(server);
  struct stat status{};
  ASSERT_EQ(::stat((folder / kSocketName).c_str(), &status), 0);
  EXPECT_TRUE(S_ISSOCK(status.st_mode));
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  server->reset();
  EXPECT_FALSE(std::filesystem::exists(folder / kSocketName));
}

TEST(Relay, AStaleSocketAndLeftoversAreReplaced) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "incoming-3/0");
  ASSERT_TRUE(write_file(folder / kSocketName, "left behind"));
  auto server = RelayServer::listen(folder.path(), [](const RelayRequest&, const auto&, Console&) { return 7; });
  ASSERT_TRUE(server);
  EXPECT_FALSE(std::filesystem::exists(folder / "incoming-3"));
  FakeConsole console;
  EXPECT_EQ(*relay(folder.path(), words({"x"}), console), 7);
}

TEST(Relay, AFolderWithALongNameWorks) {
  const TemporaryFolder folder;
  const std::string deep = folder / (std::string(100, 'a') + "/" + std::string(100, 'b'));
  std::filesystem::create_directories(deep);
  auto server = RelayServer::listen(deep, [](const RelayRequest&, const auto&, Console&) { return 5; });
  ASSERT_TRUE(server) << server.error().message;
  FakeConsole console;
  EXPECT_EQ(*relay(deep, words({"x"}), console), 5);
}

TEST(Relay, StoppingTheServerTellsItsCommandsAndTheirAskers) {
  const TemporaryFolder folder;
  std::promise<void> began;
  auto server = RelayServer::listen(folder.path(), [&](const RelayRequest&, const auto&, Console& console) {
    began.set_value();
    while (!console.abandoned()) std::this_thread::yield();
    console.note("given up\n");
    return 1;
  });
  ASSERT_TRUE(server);
  FakeConsole console;
  auto code = std::async(std::launch::async, [&] { return relay(folder.path(), words({"import"}), console); });
  began.get_future().wait();
  server->reset();
  EXPECT_EQ(*code.get(), 1);
  EXPECT_EQ(console.noted, "given up\n");
}

TEST(Relay, RunsSeveralCommandsAtOnceAndRefusesTooMany) {
  const TemporaryFolder folder;
  std::mutex mutex;
  std::condition_variable changed;
  int running = 0;
  bool go = false;
  auto server = RelayServer::listen(folder.path(), [&](const RelayRequest&, const auto&, Console&) {
    std::unique_lock lock(mutex);
    ++running;
    changed.notify_all();
    changed.wait(lock, [&] { return go; });
    return 0;
  });
  ASSERT_TRUE(server);
  std::vector<std::future<Result<int>>> askers;
  std::vector<FakeConsole> consoles(16);
  for (FakeConsole& console : consoles) {
    askers.push_back(std::async(std::launch::async, [&] { return relay(folder.path(), words({"x"}), console); }));
  }
  {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds{20}, [&] { return running == 16; }));
  }
  FakeConsole one_more;
  EXPECT_EQ(*relay(folder.path(), words({"x"}), one_more), 1);
  EXPECT_NE(one_more.noted.find("too many"), std::string::npos);
  {
    const std::lock_guard lock(mutex);
    go = true;
  }
  changed.notify_all();
  for (auto& asker : askers) EXPECT_EQ(*asker.get(), 0);
}

TEST(Relay, ARequestOfAnotherVersionSaysSo) {
  std::string bytes = encode(words({"x"}));
  ++bytes[0];
  EXPECT_NE(decode_request(bytes).error().message.find("version"), std::string::npos);
}

RC_GTEST_PROP(Relay, ARequestSurvivesItsEncodingAndNoCutOffOneIsTaken, ()) {
  RelayRequest r;
  r.words = *rc::gen::arbitrary<std::vector<std::string>>();
  r.files = *rc::gen::arbitrary<std::vector<std::string>>();
  r.variables = *rc::gen::arbitrary<std::map<std::string, std::string>>();
  r.folder = *rc::gen::arbitrary<std::string>();
  r.can_ask = *rc::gen::arbitrary<bool>();
  r.note.width = *rc::gen::inRange(20, 1000);
  const std::string bytes = encode(r);
  RC_ASSERT(*decode_request(bytes) == r);
  RC_ASSERT(!decode_request(bytes.substr(0, *rc::gen::inRange<std::size_t>(0, bytes.size()))));
  RC_ASSERT(!decode_request(bytes + "x"));
}

}  // namespace
}  // namespace behoud::app
