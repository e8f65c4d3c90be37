#include "retention/prepared.h"

#include <algorithm>

#include "retention/internal/view.h"

namespace behoud::retention {

Prepared::Prepared(std::size_t bytes_max) : bytes_max_(bytes_max) {}
Prepared::~Prepared() = default;

std::shared_ptr<const View> Prepared::at(const timeline::Histories& h, std::optional<calendar::Instant> as_of) const {
  std::shared_ptr<Making> making;
  {
    const std::lock_guard lock(mutex_);
    const auto same = [&](const Kept& kept) {
      if (kept.as_of == as_of) return true;
      // The moment that a question without one has, said in words.
      return as_of && !kept.as_of && kept.view && kept.view->now().known && kept.view->now().at == *as_of;
    };
    const auto found = std::find_if(kept_.begin(), kept_.end(), same);
    if (found == kept_.end()) {
      kept_.push_front({as_of, std::make_shared<Making>(), nullptr});
    } else {
      kept_.splice(kept_.begin(), kept_, found);
      if (found->view) return found->view;
    }
    making = kept_.front().making;
  }
  std::shared_ptr<const View> view;
  {
    const std::lock_guard lock(making->mutex);
    if (!making->view) making->view = View::create(h, as_of);
    view = making->view;
  }
  const std::lock_guard lock(mutex_);
  const auto own = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) { return kept.making == making; });
  if (own != kept_.end()) own->view = view;
  make_room();
  return view;
}

void Prepared::make_room() const {
  std::size_t bytes = 0;
  for (auto kept = kept_.begin(); kept != kept_.end();) {
    const bool droppable = kept->as_of && kept->view && kept != kept_.begin();
    if (kept->as_of && kept->view) bytes += kept->view->bytes();
    if (droppable && bytes > bytes_max_) {
      bytes -= kept->view->bytes();
      kept = kept_.erase(kept);
    } else {
      ++kept;
    }
  }
}

std::size_t Prepared::bytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t bytes = 0;
  for (const Kept& kept : kept_) bytes += kept.view ? kept.view->bytes() : 0;
  return bytes;
}

std::size_t Prepared::views() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

std::shared_ptr<const View> Source::at(std::optional<calendar::Instant> as_of) const {
  return prepared != nullptr ? prepared->at(histories, as_of) : View::create(histories, as_of);
}

}  // namespace behoud::retention
