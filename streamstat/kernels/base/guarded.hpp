// The one rule for threads. What a Python object changes is Guarded: calls from several threads come one after the
// other, and no call waits for another with the GIL held. What never changes once it is made (a decoder, a decoded
// block, sorted panes) needs no guard; a pool of threads has a lock of its own.
#pragma once

#include <concepts>
#include <mutex>
#include <utility>

#include "base/arrays.hpp"
#include "base/gil.hpp"

namespace streamstat {

template <typename State>
class Guarded {
 public:
  template <typename... Arguments>
    requires std::constructible_from<State, Arguments...>
  explicit Guarded(Arguments &&...arguments) : state_(std::forward<Arguments>(arguments)...) {}

  // `run` must not touch Python objects. The GIL goes first: waiting for the lock with it held would deadlock.
  template <typename Run>
  auto with(Run &&run) {
    return without_gil([&] {
      std::lock_guard lock(mutex_);
      return run(state_);
    });
  }
  // The same for work on so many rows: if they are few and nobody is at work, the GIL is kept.
  template <typename Run>
  auto with_few(std::size_t rows, Run &&run) {
    if (rows < kManyRows)
      if (std::unique_lock lock(mutex_, std::try_to_lock); lock) return run(state_);
    return with(run);
  }
  // The same with another state, which may be this one.
  template <typename Other, typename Run>
  auto with_both(Guarded<Other> &other, Run &&run) {
    if constexpr (std::same_as<State, Other>)
      if (&other == this) return with([&](State &state) { return run(state, state); });
    return without_gil([&] {
      std::scoped_lock lock(mutex_, other.mutex_);  // in an order that two threads agree on
      return run(state_, other.state_);
    });
  }

 private:
  template <typename>
  friend class Guarded;

  State state_;
  std::mutex mutex_;
};

}  // namespace streamstat
