#pragma once

// One of a kind for all tests of a program, dear to make: made when it is first asked for, and gone before main() ends.
// A static would go later, behind statics and thread-locals of libraries that it still needs. Not for the library.

#include <memory>

#include <gtest/gtest.h>

namespace behoud {

template <class T>
class UntilTestsEnd : public ::testing::Environment {
 public:
  // Once, at the start of the program; GoogleTest owns it.
  static UntilTestsEnd& add() {
    auto* const added = new UntilTestsEnd;
    ::testing::AddGlobalTestEnvironment(added);
    return *added;
  }
  T& operator*() {
    if (!one_) one_ = std::make_unique<T>();
    return *one_;
  }
  T* operator->() { return &**this; }
  void TearDown() override { one_.reset(); }

 private:
  std::unique_ptr<T> one_;
};

}  // namespace behoud
