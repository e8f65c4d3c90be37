#include "base/process_memory.h"

#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

namespace behoud {
namespace {

double status_bytes(std::string_view name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::strtod(line.c_str() + name.size(), nullptr) * 1024;
  }
  return 0;
}

}  // namespace

double resident_bytes() { return status_bytes("VmRSS:"); }
double peak_resident_bytes() { return status_bytes("VmHWM:"); }
void forget_peak_resident() { std::ofstream("/proc/self/clear_refs") << "5"; }

}  // namespace behoud
