#pragma once

// At most five things to do next, each with how many people, how much money, why, and the command that lists them;
// ordered by money, those about unknown money last. A rule that has nothing to say says nothing.
//
//   slipping_away      active customers silent longer than they ever are; what they spent in the last 12 months
//   second_order_due   one order, as long ago as the slower half of second orders comes (from the median gap to the
//                      90th percentile); customers x share that still came back from there x mean second order
//   win_back           lost in the headline's period and not back; what they spent in the year to their last order
//   best_source        first orders of one source bring more within 365 days than all others (Welch, z > 1.96, 30
//   people
//                      each); people x the difference of the means
//   refunds_item       one product refunded at more than twice the rate of the others, beyond chance (Wilson, 95 %), in
//                      the last 365 days; the excess
//   refunds_lately     more refunds in the last 90 days than in the year before, beyond chance; the excess
//   anonymous, unknown_status, unconverted, unmatched_refunds, rejected, no_status, no_currency
//                      data that is missing or odd; the money that is not in the figures
//
// People are listed by customers_to_act_on, as many as the action says: both come from one rule.
// Cost: a pass over the orders for each list on two threads; those that hang on no window are kept with the view.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "retention/answers.h"
#include "retention/people_behind.h"
#include "retention/report/bridge.h"
#include "timeline/histories.h"

namespace behoud::retention::report {

inline constexpr std::size_t kActionsMax = 5;

struct Action {
  std::string name;                           // of the list above
  std::uint64_t people = 0;                   // customers; 0 where nobody is named (data)
  std::uint64_t orders = 0;                   // orders or rows behind it, where it is about those
  std::optional<std::int64_t> amount_minor;   // nullopt: cannot be told
  std::string subject;                        // a source, a product, a currency, a status word
  std::vector<std::string> subjects;          // each of those that `subject` names, and more of them
  std::optional<double> rate, compared_rate;  // a share, and the one it is held against
  std::optional<double> mean_minor, compared_mean_minor;
  std::optional<int> from_days, to_days;
  std::string command;  // shell-quoted; lists the people, or mends the data
  friend bool operator==(const Action&, const Action&) = default;
};

struct ActionSources {
  Source source;
  const ingest::ReadFacts& facts;
  const Bridge& bridge;
  const SlippingAnswer& slipping;
  const RetentionRow* headline = nullptr;  // nullptr: none
  Question question;                       // as asked: the commands repeat it
  int window_days = 365;
  calendar::Instant as_of;
  std::span<const std::string> files, reading_arguments;  // as of ReportOptions
  std::string_view data_dir;
  std::size_t most = kActionsMax;
};
std::vector<Action> make_actions(const ActionSources& sources);

// The customers of a list named in a command above: "slipping_away", "second_order_due", "win_back", "best_source",
// "refunds_item", "refunds_lately". As many rows as the action says; none where the rule says nothing. Errors:
// kNotFound (no such list), and those of the questions.
Result<BehindAnswer> customers_to_act_on(const Source& source, const ShopSettings& s, const Question& q,
                                         std::string_view list);
// The same, to be cut into pages (retention/people_behind.h).
Result<PeopleBehind> people_to_act_on(const Source& source, const ShopSettings& s, const Question& q,
                                      std::string_view list);
bool is_action_list(std::string_view name);
// The command that lists them, of the same question, in a data folder ("" is the default one).
std::string list_command(std::string_view list, const Question& question, std::string_view data_dir);

// `text` as one word of a POSIX shell: bare where that is safe, else in single quotes.
std::string shell_word(std::string_view text);
// The same of a file's name, which is no option even where it begins with a dash.
std::string file_word(std::string_view file);

}  // namespace behoud::retention::report
