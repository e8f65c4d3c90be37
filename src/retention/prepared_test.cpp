#include "retention/prepared.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json_writer.h"
#include "retention/answer_json.h"
#include "retention/internal/view.h"
#include "retention/people.h"
#include "retention/random_shop.h"
#include "retention/test_shop.h"

namespace behoud::retention {
namespace {

using calendar::Instant;

timeline::Histories three_orders() {
  return TestShop()
      .order("a", "2024-01-03", 1000)
      .order("b", "2024-02-03", 500)
      .order("a", "2024-03-01", 700)
      .histories();
}

Instant at(const timeline::Histories& h, std::string_view on) { return h.zone.first_instant(day(on)); }

template <class Answer>
std::string bytes_of(const Result<Answer>& answer) {
  if (!answer) return "error: " + answer.error().message;
  std::string out;
  JsonWriter json(out);
  write_json(json, *answer);
  return out;
}

// Every question, as text.
std::string all_answers(const Source& source, const ShopSettings& s, const Question& q) {
  std::string out;
  for (const std::string& one : {bytes_of(answer_retention(source, s, q)), bytes_of(answer_cohorts(source, s, q)),
                                 bytes_of(answer_value(source, s, q)), bytes_of(answer_cost(source, s, q)),
                                 bytes_of(answer_claims(source, s, q)), bytes_of(answer_whatif(source, s, q)),
                                 bytes_of(customers_behind(source, s, q, "customers_end"))}) {
    out += one + "\n";
  }
  const auto slipping = answer_slipping(source, s, q);
  if (slipping) {
    for (const Slipping& row : slipping->rows) out += std::to_string(row.customer) + " ";
  }
  return out;
}

TEST(Prepared, GivesTheSameViewToWhoeverAsksForTheSameMoment) {
  const timeline::Histories h = three_orders();
  const Prepared prepared;
  const auto whole = prepared.at(h, std::nullopt);
  EXPECT_EQ(whole, prepared.at(h, std::nullopt));
  EXPECT_EQ(whole, prepared.at(h, at(h, "2024-03-02")));  // the same moment, in words
  const auto earlier = prepared.at(h, at(h, "2024-02-10"));
  EXPECT_NE(whole, earlier);
  EXPECT_EQ(earlier->purchases().size(), 2);
  EXPECT_EQ(earlier, prepared.at(h, at(h, "2024-02-10")));
  EXPECT_EQ(prepared.views(), 2);
  EXPECT_EQ(prepared.bytes(), whole->bytes() + earlier->bytes());
}

TEST(Prepared, KeepsTheDefaultAndTheLastWhateverTheRoom) {
  const timeline::Histories h = three_orders();
  const Prepared prepared(0);
  const auto whole = prepared.at(h, std::nullopt);
  const auto first = prepared.at(h, at(h, "2024-01-10"));
  const auto second = prepared.at(h, at(h, "2024-02-10"));
  EXPECT_EQ(prepared.views(), 2);  // the first has made room
  EXPECT_EQ(second, prepared.at(h, at(h, "2024-02-10")));
  EXPECT_EQ(whole, prepared.at(h, std::nullopt));
  EXPECT_NE(first, prepared.at(h, at(h, "2024-01-10")));
  EXPECT_EQ(first->purchases().size(), 1);  // who holds one that was dropped may go on
}

TEST(Prepared, SurvivesTheHistoriesBeingMoved) {
  auto h = std::make_unique<timeline::Histories>(three_orders());
  const Prepared prepared;
  const std::string before = all_answers({*h, &prepared}, {}, {});
  const timeline::Histories moved = std::move(*h);
  h.reset();
  EXPECT_EQ(all_answers({moved, &prepared}, {}, {}), before);
}

struct Counted {
  int value = 0;
  std::size_t bytes() const { return 100; }
};
struct Doubled {
  int value = 0;
  std::size_t bytes() const { return 1000; }
};

TEST(View, MakesWhatIsSharedOnceAndTellsItsBytes) {
  const timeline::Histories h = three_orders();
  const auto view = View::create(h, std::nullopt);
  const std::size_t before = view->bytes();
  std::atomic<int> made = 0;
  const auto count = [&] { return Counted{++made}; };
  const auto twice = [&] { return Doubled{2 * view->shared<Counted>(count).value}; };
  std::vector<std::thread> threads;
  std::atomic<int> sum = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back(
        [&, i] { sum += i % 2 ? view->shared<Counted>(count).value : view->shared<Doubled>(twice).value; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(sum, 4 * 1 + 4 * 2);
  EXPECT_EQ(view->bytes(), before + 1100);
}

TEST(View, TriesAgainAfterAnException) {
  const timeline::Histories h = three_orders();
  const auto view = View::create(h, std::nullopt);
  EXPECT_THROW(view->shared<Counted>([]() -> Counted { throw std::bad_alloc(); }), std::bad_alloc);
  EXPECT_EQ(view->shared<Counted>([] { return Counted{3}; }).value, 3);
}

// Threads that ask different questions of different moments at once get what one who asks alone gets.
TEST(Prepared, AnswersManyAtOnce) {
  TestShop shop;
  for (int i = 0; i < 400; ++i) {
    shop.order("c" + std::to_string(i % 37), calendar::to_string(day("2022-01-01") + (i * 7919) % 900), 100 + i);
  }
  const timeline::Histories h = shop.histories();
  const auto question = [&](int i) {
    Question q;
    q.window_days = 30 + 30 * (i % 3);
    q.split = i % 2 ? Split::kSource : Split::kNone;
    if (i % 4) q.as_of = at(h, calendar::to_string(day("2023-01-01") + 40 * (i % 5)));
    return q;
  };
  constexpr int kQuestions = 24;
  std::vector<std::string> alone;
  for (int i = 0; i < kQuestions; ++i) alone.push_back(all_answers(h, {}, question(i)));
  for (const std::size_t room : {std::size_t{0}, std::size_t{256} << 20}) {
    const Prepared prepared(room);
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kQuestions; ++i) {
          const int at_once = (i * (t + 1) + t) % kQuestions;
          wrong += all_answers({h, &prepared}, {}, question(at_once)) != alone[static_cast<std::size_t>(at_once)];
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
  }
}

RC_GTEST_PROP(Prepared, KeepingChangesNoAnswer, ()) {
  const RandomShop shop = any_shop();
  const Prepared prepared(one_in(2) ? 0 : std::size_t{1} << 20);
  for (std::int64_t i = 2 + below(3); i > 0; --i) {
    const Question q = any_question(shop);
    const ShopSettings settings;
    RC_ASSERT(all_answers({shop.histories, &prepared}, settings, q) == all_answers(shop.histories, settings, q));
  }
}

}  // namespace
}  // namespace behoud::retention
