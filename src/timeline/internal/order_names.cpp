#include "timeline/internal/order_names.h"

#include <algorithm>
#include <charconv>
#include <span>

#include "base/together.h"
#include "timeline/internal/text_map.h"

namespace behoud::timeline {
namespace {

using Link = OrderNames::Link;

// The rows that have a text, parted by the upper bits of its hash; within a list in order of arrival.
struct Entry {
  std::uint32_t tag = 0;  // of the hash, other bits than those that part
  std::uint32_t row = 0;
};
struct Lists {
  std::vector<Entry> entries;
  std::vector<std::size_t> begin;  // lists + 1
  std::size_t size() const { return begin.size() - 1; }
  std::span<const Entry> operator[](std::size_t i) const {
    return {entries.data() + begin[i], entries.data() + begin[i + 1]};
  }
};

// By the rows' names; kNoRow for rows without one.
Lists part(std::uint32_t rows, unsigned bits, const NameStore& names, const Column<std::uint32_t, kNoRow>& name_of) {
  constexpr std::size_t kStretches = 2;
  const std::size_t lists = std::size_t{1} << bits;
  const auto list_of = [bits](std::uint64_t hash) {
    return bits == 0 ? std::size_t{0} : static_cast<std::size_t>(hash >> (64 - bits));
  };
  const auto each_row = [&](std::size_t stretch, const auto& visit) {
    const std::uint64_t begin = std::uint64_t{rows} * stretch / kStretches,
                        end = std::uint64_t{rows} * (stretch + 1) / kStretches;
    for (auto row = static_cast<std::uint32_t>(begin); row < end; ++row) {
      if (const std::uint32_t name = name_of[row]; name != kNoRow) visit(row, names.hash(name));
    }
  };
  // Counted, and then laid out, a stretch of rows each: where the first puts its rows ends where the second begins.
  std::vector<std::size_t> at[kStretches];
  std::vector<std::function<void()>> counting, laying;
  Lists out;
  for (std::size_t s = 0; s < kStretches; ++s) {
    at[s].assign(lists, 0);
    counting.emplace_back([&, s] { each_row(s, [&](std::uint32_t, std::uint64_t hash) { ++at[s][list_of(hash)]; }); });
    laying.emplace_back([&, s] {
      each_row(s, [&](std::uint32_t row, std::uint64_t hash) {
        out.entries[at[s][list_of(hash)]++] = {static_cast<std::uint32_t>(hash), row};
      });
    });
  }
  run_together(counting);
  std::size_t sum = 0;
  out.begin.reserve(lists + 1);
  for (std::size_t list = 0; list < lists; ++list) {
    out.begin.push_back(sum);
    for (auto& of_stretch : at) sum += std::exchange(of_stretch[list], sum);
  }
  out.begin.push_back(sum);
  out.entries.resize(sum);
  run_together(laying);
  return out;
}

// The entries of a list, found by their names. Reused from list to list.
class ListTable {
 public:
  void clear(std::size_t entries) {
    std::size_t size = 16;
    while (size < 2 * entries) size *= 2;
    slots_.assign(size, {0, kNoRow});
  }
  // The entry that is there already for which same(row), or nullptr, and then `fresh` is.
  template <class Same>
  const Entry* find_or_insert(const Entry& fresh, const Same& same) {
    Entry& slot = place(fresh.tag, same);
    if (slot.row != kNoRow) return &slot;
    slot = fresh;
    return nullptr;
  }
  template <class Same>
  const Entry* find(std::uint32_t tag, const Same& same) {
    const Entry& slot = place(tag, same);
    return slot.row == kNoRow ? nullptr : &slot;
  }

 private:
  template <class Same>
  Entry& place(std::uint32_t tag, const Same& same) {
    std::size_t i = tag & (slots_.size() - 1);
    while (slots_[i].row != kNoRow && (slots_[i].tag != tag || !same(slots_[i].row))) i = (i + 1) & (slots_.size() - 1);
    return slots_[i];
  }
  std::vector<Entry> slots_;
};

// visit(list, found) of every list, on two threads; what was found, list after list.
template <class Found, class Visit>
std::vector<Found> each_list(std::size_t lists, const Visit& visit) {
  constexpr std::size_t kTasks = 16;
  std::vector<std::vector<Found>> found(kTasks);
  std::vector<std::function<void()>> tasks;
  tasks.reserve(kTasks);
  for (std::size_t t = 0; t < kTasks; ++t) {
    tasks.emplace_back([&, t] {
      for (std::size_t list = lists * t / kTasks; list < lists * (t + 1) / kTasks; ++list) visit(list, found[t]);
    });
  }
  run_together(tasks);
  std::vector<Found> out;
  for (const auto& some : found) out.insert(out.end(), some.begin(), some.end());
  return out;
}

unsigned bits_for(std::size_t rows, std::size_t rows_in_a_list) {
  constexpr unsigned kBitsMax = 12;  // as many lists can be written to at a time
  unsigned bits = 0;
  while (bits < kBitsMax && rows >> bits > rows_in_a_list) ++bits;
  return bits;
}

constexpr std::uint32_t kKept = std::uint32_t{1} << 31;  // a place of texts_, not a number

}  // namespace

std::optional<std::uint32_t> NameStore::add(std::string_view name) {
  if (!name.empty() && name.size() <= 10 && name.front() >= '1' && name.front() <= '9') {
    std::uint64_t number = 0;
    std::size_t digits = 0;
    for (; digits < name.size() && name[digits] >= '0' && name[digits] <= '9'; ++digits) {
      number = number * 10 + static_cast<std::uint64_t>(name[digits] - '0');
    }
    if (digits == name.size() && number < kKept) return static_cast<std::uint32_t>(number);
  }
  const auto reference = texts_.add(name);
  return reference ? std::optional(*reference | kKept) : std::nullopt;
}

std::string_view NameStore::text(std::uint32_t name, Buffer& buffer) const {
  if (name & kKept) return texts_.text(name & ~kKept);
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), name).ptr;
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

std::uint64_t NameStore::hash(std::uint32_t name) const {
  if (name & kKept) return hash_text(texts_.text(name & ~kKept));
  return hash_text({reinterpret_cast<const char*>(&name), sizeof(name)});
}

bool NameStore::same(std::uint32_t a, std::uint32_t b) const {
  return a == b || ((a & b & kKept) && texts_.text(a & ~kKept) == texts_.text(b & ~kKept));
}

bool OrderNames::goes_on(std::string_view id) {
  if (rows_ > 0) {
    const int letters = id.size() == last_.size() ? id.compare(last_) : 0;
    const int step = id.size() != last_.size() ? (id.size() > last_.size() ? 1 : -1) : (letters > 0) - (letters < 0);
    if (step == 0 || (direction_ != 0 && step != direction_)) return false;
    direction_ = step;
  }
  last_.assign(id);
  return true;
}

bool OrderNames::add(std::string_view id, std::string_view alias) {
  sorted_ = sorted_ && goes_on(id);
  const auto name = names_.add(id);
  if (!name) return false;
  ids_.set(rows_, *name);
  if (!alias.empty()) {
    const auto other = names_.add(alias);
    if (!other) return false;
    aliases_.set(rows_, *other);
  }
  ++rows_;
  return true;
}

std::vector<Link> OrderNames::same_ids() const {
  if (sorted_) return {};
  const Lists lists = part(rows_, bits_for(rows_, rows_in_a_list_), names_, ids_);
  auto links = each_list<Link>(lists.size(), [&](std::size_t list, std::vector<Link>& found) {
    thread_local ListTable table;
    table.clear(lists[list].size());
    for (const Entry& entry : lists[list]) {
      const std::uint32_t id = ids_[entry.row];
      if (const Entry* first = table.find_or_insert(entry, [&](auto row) { return names_.same(ids_[row], id); })) {
        found.push_back({first->row, entry.row});
      }
    }
  });
  std::sort(links.begin(), links.end(), [](const Link& a, const Link& b) { return a.row < b.row; });
  return links;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> OrderNames::same_aliases(const std::vector<Link>& same_ids) const {
  using Pair = std::pair<std::uint32_t, std::uint32_t>;
  if (aliases_.empty()) return {};
  const auto head_of = [&](std::uint32_t row) {
    const auto link = std::lower_bound(same_ids.begin(), same_ids.end(), row,
                                       [](const Link& l, std::uint32_t r) { return l.row < r; });
    return link != same_ids.end() && link->row == row ? link->head : row;
  };
  std::vector<bool> aliased(rows_, false);  // heads of orders that some statement gives an alias
  for (std::uint32_t row = 0; row < rows_; ++row) {
    if (aliases_[row] != kNoRow) aliased[head_of(row)] = true;
  }
  const unsigned bits = bits_for(rows_, rows_in_a_list_);
  const Lists ids = part(rows_, bits, names_, ids_), aliases = part(rows_, bits, names_, aliases_);
  return each_list<Pair>(ids.size(), [&](std::size_t list, std::vector<Pair>& found) {
    thread_local ListTable by_id, by_alias;
    const auto id_is = [this](std::uint32_t name) {
      return [this, name](std::uint32_t row) { return names_.same(ids_[row], name); };
    };
    by_id.clear(ids[list].size());
    for (const Entry& entry : ids[list]) by_id.find_or_insert(entry, id_is(ids_[entry.row]));
    by_alias.clear(aliases[list].size());
    for (const Entry& entry : aliases[list]) {
      const std::uint32_t alias = aliases_[entry.row];
      const std::uint32_t head = head_of(entry.row);
      const auto alias_is = [&](std::uint32_t row) { return names_.same(aliases_[row], alias); };
      if (const Entry* first = by_alias.find_or_insert(entry, alias_is)) {
        if (const std::uint32_t other = head_of(first->row); other != head) found.emplace_back(other, head);
        continue;
      }
      const Entry* const named = by_id.find(entry.tag, id_is(alias));
      if (named != nullptr && !aliased[named->row]) found.emplace_back(head, named->row);
    }
  });
}

}  // namespace behoud::timeline
