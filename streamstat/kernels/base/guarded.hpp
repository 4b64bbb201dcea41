// What bindings of stateful kernels share: one caller at a time without the GIL, and arrays not zeroed first.
#pragma once

#include <concepts>
#include <mutex>
#include <span>
#include <string>

#include "base/arrays.hpp"
#include "base/gil.hpp"

namespace streamstat {

// A state that Python threads may share: one call after the other.
template <typename State>
class Guarded {
 public:
  template <typename... Arguments>
    requires std::constructible_from<State, Arguments...>
  explicit Guarded(Arguments &&...arguments) : state_(std::forward<Arguments>(arguments)...) {}

  // `run` must not touch Python objects. The GIL goes first: waiting for the lock with it held would deadlock.
  template <typename Run>
  auto with(Run &&run) {
    return without_gil([&] { return within(run); });
  }
  // The same for work on so many rows: if they are few and nobody is at work, the GIL is kept.
  template <typename Run>
  auto with_few(std::size_t rows, Run &&run) {
    if (rows < MANY_ROWS)
      if (std::unique_lock lock(mutex_, std::try_to_lock); lock) return run(state_);
    return with(run);
  }
  // Where the GIL is gone already: inside `with` of another state, always in the same order.
  template <typename Run>
  auto within(Run &&run) {
    std::lock_guard lock(mutex_);
    return run(state_);
  }

 private:
  State state_;
  std::mutex mutex_;
};

// An array that the kernel fills completely; zeroing it first would cost as much as a fast kernel itself.
template <typename T>
Out<T> unfilled_array(std::size_t n) {
  auto *owned = new T[n];
  nb::capsule owner(owned, [](void *p) noexcept { delete[] static_cast<T *>(p); });
  return Out<T>(owned, {n}, owner);
}

template <typename Array>
auto span_of(const Array &array) {
  return std::span(array.data(), array.size());
}

inline nb::bytes to_bytes(const std::string &text) { return nb::bytes(text.data(), text.size()); }
inline std::span<const char> span_of_bytes(const nb::bytes &bytes) { return {bytes.c_str(), bytes.size()}; }

}  // namespace streamstat
