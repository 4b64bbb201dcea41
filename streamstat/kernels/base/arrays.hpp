// base/ is the ground that all kernels stand on: arrays from and to Python, kinds of values, texts in columns,
// snapshots, the lock. It knows no other folder. Begin here, then guarded.hpp (threads) and state_bytes.hpp
// (snapshots).
//
// How kernels take and give arrays: contiguous, one-dimensional, never copied on the way in.
#pragma once

#include "base/buffer.hpp"
#include "base/byte_strings.hpp"
#include "base/sizes.hpp"
#include "base/state_bytes.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace streamstat {

namespace nb = nanobind;

template <typename T>
using In = nb::ndarray<const T, nb::numpy, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <typename T>
using Out = nb::ndarray<T, nb::numpy, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using TextArrays = std::pair<Out<std::int64_t>, Out<std::uint8_t>>;

// An array argument whose dtype must be the one named: a silent conversion would turn doubles into other numbers.
inline auto exactly(const char *name) { return nb::arg(name).noconvert(); }

template <typename Array>
auto span_of(const Array &array) {
  return std::span(array.data(), array.size());
}

// Hands a vector's memory to NumPy without a copy.
template <typename T>
Out<T> to_numpy(std::vector<T> &&values) {
  auto *owned = new std::vector<T>(std::move(values));
  nb::capsule owner(owned, [](void *p) noexcept { delete static_cast<std::vector<T> *>(p); });
  return Out<T>(owned->data(), {owned->size()}, owner);
}

template <typename T>
Out<T> to_numpy(Buffer<T> &&values, std::size_t n) {
  auto *owned = new Buffer<T>(std::move(values));
  nb::capsule owner(owned, [](void *p) noexcept { delete static_cast<Buffer<T> *>(p); });
  return Out<T>(owned->data(), {n}, owner);
}

inline TextArrays to_arrays(ByteStrings &&strings) {
  return {to_numpy(std::move(strings.offsets)), to_numpy(std::move(strings.data))};
}

// An array that the kernel fills completely; zeroing it first would cost as much as a fast kernel itself.
template <typename T>
Out<T> unfilled_array(std::size_t n) {
  auto *owned = new T[n];
  nb::capsule owner(owned, [](void *p) noexcept { delete[] static_cast<T *>(p); });
  return Out<T>(owned, {n}, owner);
}

inline nb::bytes to_bytes(const Bytes &bytes) { return nb::bytes(bytes.data(), bytes.size()); }
inline ByteSpan span_of_bytes(const nb::bytes &bytes) {
  return {static_cast<const std::uint8_t *>(bytes.data()), bytes.size()};
}

}  // namespace streamstat
