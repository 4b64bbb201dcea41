// When a kernel gives the lock of the interpreter (the GIL) away: for long work only. Where other threads want it too, to
// give it away and get it back takes some 50 us each time, and most calls take less.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>

namespace streamstat {

constexpr std::size_t kManyRows = std::size_t{1} << 16;  // those of a block of short lines; some kernels take a millisecond

template <typename Work>
auto without_gil(Work &&work) {
  nanobind::gil_scoped_release release;
  return work();
}

template <typename Work>
auto without_gil_if_many(std::size_t rows, Work &&work) {
  if (rows < kManyRows) return work();
  return without_gil(work);
}

}  // namespace streamstat
