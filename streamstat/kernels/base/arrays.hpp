// How kernels take and give arrays: contiguous, one-dimensional, never copied on the way in.
#pragma once

#include "base/sizes.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace streamstat {

namespace nb = nanobind;

template <typename T>
using In = nb::ndarray<const T, nb::numpy, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <typename T>
using Out = nb::ndarray<T, nb::numpy, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

// Hands a vector's memory to NumPy without a copy.
template <typename T>
Out<T> to_numpy(std::vector<T> &&values) {
  auto *owned = new std::vector<T>(std::move(values));
  nb::capsule owner(owned, [](void *p) noexcept { delete static_cast<std::vector<T> *>(p); });
  return Out<T>(owned->data(), {owned->size()}, owner);
}

}  // namespace streamstat
