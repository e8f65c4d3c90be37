#pragma once

// Every set of instructions that this machine has, for tests: all give the same result.

#include <vector>

#include "timeline/internal/isa.h"

namespace behoud::timeline {

inline std::vector<Isa> isas_here() {
  std::vector<Isa> out{Isa::kPlain};
  if (best_isa() >= Isa::kAvx2) out.push_back(Isa::kAvx2);
  if (best_isa() >= Isa::kAvx512) out.push_back(Isa::kAvx512);
  return out;
}

}  // namespace behoud::timeline
