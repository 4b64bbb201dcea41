// The n smallest different values per slot, in the order of rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "states/slot_states.hpp"
#include "states/topk_values.hpp"

namespace streamstat {

// A value, and of a number the double next to it: most numbers are told apart by that alone. What is no number has 0.
struct SizedValue {
  top::Value value;
  double nearest;
};

double nearest_double(std::uint8_t kind, std::int64_t number, std::string_view spelling);
// In the order of rows.
bool is_before(const SizedValue &a, const SizedValue &b);

// The values of one slot.
class LeastValues {
 public:
  LeastValues() = default;
  LeastValues(LeastValues &&) = default;  // no copies: a heap of pointers would point into the original

  void add(const SizedValue &sized, std::size_t n);
  void absorb(const LeastValues &other, std::size_t n);
  void append_results(Bytes &json) const;
  void write(Bytes &bytes) const;
  static LeastValues read(Reader &reader, std::size_t n);

 private:
  struct Entry {
    top::Rank rank;
    double nearest;
    std::string spelling;

    top::Value value() const { return {rank, spelling}; }
    SizedValue sized() const { return {value(), nearest}; }
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const Entry &entry) const { return entry.value().hash(); }
    std::size_t operator()(const top::Value &value) const { return value.hash(); }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const Entry &a, const Entry &b) const { return a.value() == b.value(); }
    bool operator()(const top::Value &a, const Entry &b) const { return a == b.value(); }
  };

  void insert(Entry &&entry);
  void drop_greatest();
  std::vector<const Entry *> in_order() const;

  std::unordered_set<Entry, Hash, Equal> entries_;  // a search in a tree takes two to four times as long
  std::vector<const Entry *> heap_;                   // the same, the greatest first
};

class LeastStates {
 public:
  explicit LeastStates(std::int64_t n);
  LeastStates(LeastStates &&) = default;

  std::size_t size() const { return slots_.size(); }
  void resize(std::size_t n) { slots_.resize(n); }
  void require_same_parameters(const LeastStates &other) const;
  void clear_slot(std::size_t slot) { slots_[slot].reset(); }
  void absorb_slot(std::size_t into, const LeastStates &other, std::size_t source);
  void write_slot(std::size_t slot, Bytes &bytes) const;
  std::unique_ptr<LeastValues> read_slot(Reader &reader) const;
  void set_slot(std::size_t slot, std::unique_ptr<LeastValues> &&values) { slots_[slot] = std::move(values); }

  void update(const NumberRows &rows, const TextColumn &texts);
  ByteStrings results(Slots slots) const;

 private:
  std::size_t n_;
  std::vector<std::unique_ptr<LeastValues>> slots_;
};

}  // namespace streamstat
