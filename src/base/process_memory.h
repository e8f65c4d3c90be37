#pragma once

// What memory this process holds and held at most, in bytes, as the kernel counts it: for benches. 0 where it does not
// say.

namespace behoud {

double resident_bytes();
double peak_resident_bytes();
// The peak is counted from here on, where the kernel lets it be asked anew; else it goes on from the start.
void forget_peak_resident();

}  // namespace behoud
