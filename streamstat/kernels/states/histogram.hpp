// Counts of numbers per slot in buckets by powers of two, or between given edges.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "states/slot_states.hpp"

namespace streamstat {

class Histograms {
 public:
  // Only buckets in use, by ascending key, which ascends with the bound.
  struct Bucket {
    std::int64_t key;
    std::uint64_t count;
  };
  using Slot = std::vector<Bucket>;

  // No edges: powers of two. Edges must be finite and ascend strictly.
  explicit Histograms(std::span<const double> edges);

  std::size_t size() const { return slots_.size(); }
  void resize(std::size_t n) { slots_.resize(n); }
  void require_same_parameters(const Histograms &other) const;
  void clear_slot(std::size_t slot) { std::vector<Bucket>().swap(slots_[slot]); }
  void absorb_slot(std::size_t into, const Histograms &other, std::size_t source);
  void write_slot(std::size_t slot, Bytes &bytes) const;
  Slot read_slot(Reader &reader) const;
  void set_slot(std::size_t slot, Slot &&buckets) { slots_[slot] = std::move(buckets); }

  void update(const NumberRows &rows);
  // Undoes an update with the same rows; throws for one that there was not.
  void remove(const NumberRows &rows);
  ByteStrings results(Slots slots) const;

 private:
  struct Powers;
  struct Edges;
  static void add(Slot &slot, std::int64_t key, std::uint64_t count);
  static void remove_one(Slot &slot, std::int64_t key);
  template <typename Use>
  void for_each_key(const NumberRows &rows, Use use);
  template <typename Key, typename Use>
  void for_each_key(const NumberRows &rows, Key key, Use use);
  bool is_key(std::int64_t key) const;
  void append_powers(const Slot &slot, Bytes &json) const;
  void append_edges(const Slot &slot, Bytes &json) const;

  std::vector<double> edges_;
  std::vector<std::int64_t> integer_edges_;  // the least integer that is not below; without those beyond int64
  std::vector<Slot> slots_;
};

}  // namespace streamstat
