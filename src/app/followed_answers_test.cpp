// A shop that goes on with its ledger by what came since answers every question as one that is read anew, to the byte.

#include <map>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "app/following_shop.h"
#include "app/kept_shop.h"
#include "app/questions.h"
#include "timeline/random_ledger.h"

namespace behoud::app::testing {
namespace {

using timeline::RandomLedger;

// Every question, some with a split and of another basis: answers, or what is wrong with them.
std::map<std::string, std::string> answers(const FolderShop& shop) {
  using Said = std::map<std::string, std::string, std::less<>>;
  const Said asked[] = {{},
                        {{"split", "source"}},
                        {{"split", "item"}, {"window", "60d"}},
                        {{"basis", "events"}},
                        {{"basis", "relation"}},
                        {{"basis", "subscriptions"}},
                        {{"behind", "customers_end"}, {"limit", "100"}}};
  std::map<std::string, std::string> out;
  for (const QuestionSyntax& question : questions()) {
    for (const Said& said : asked) {
      if ((question.name == "customers") != said.contains("behind")) continue;
      std::string name(question.name);
      for (const auto& [word, value] : said) name += " " + word + "=" + value;
      const auto answer = answer_question(
          question.name, {shop.histories, shop.settings, shop.prepared.get()},
          [&said](std::string_view word) -> std::optional<std::string> {
            const auto found = said.find(word);
            return found == said.end() ? std::nullopt : std::optional(found->second);
          },
          Format::kJson, true);
      out[name] = answer ? *answer : "error: " + answer.error().message;
    }
  }
  return out;
}

RC_GTEST_PROP(FollowedAnswers, AreThoseOfAShopThatIsReadAnew, ()) {
  RandomLedger shop;
  ledger::SettingsChange change;
  change.currency = money::Currency::parse("EUR").value();
  RC_ASSERT(shop.ledger().change(change).has_value());
  for (std::int64_t n = 1 + RandomLedger::below(6); n > 0; --n) shop.anything();
  auto current = read_shop_to_follow(shop.ledger(), shop.snapshot());
  RC_ASSERT(current.has_value());
  RC_ASSERT(current->from.footing.has_value());
  int followed = 0;
  for (int round = 0; round < 3; ++round) {
    for (std::int64_t n = 1 + RandomLedger::below(2); n > 0; --n) {
      if (RandomLedger::below(4) == 0) shop.jump((RandomLedger::below(3) - 1) * 86'400'000);
      shop.anything();
    }
    const ledger::Snapshot now = shop.snapshot();
    auto next = follow_shop(current->shop, std::move(current->from), now);
    RC_ASSERT(next.has_value());
    followed += next->shop.followed;
    RC_ASSERT(next->shop.followed != next->shop.rebuilt_because.has_value());
    const auto anew = read_folder_shop(now);
    RC_ASSERT(anew.has_value());
    RC_ASSERT(next->shop.revision == anew->revision);
    RC_ASSERT(next->shop.settings.window_days == anew->settings.window_days);
    RC_ASSERT(next->shop.unused == anew->unused);
    RC_ASSERT(answers(next->shop) == answers(*anew));
    current = std::move(next);
  }
  RC_CLASSIFY(followed > 0, "followed");
  RC_CLASSIFY(followed > 2, "followed three times");
}

}  // namespace
}  // namespace behoud::app::testing
