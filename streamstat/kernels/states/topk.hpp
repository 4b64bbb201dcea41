// The most frequent values per slot: exact while few are different, then Space-Saving (Metwally, Agrawal, El Abbadi
// 2005), merged as in Agarwal et al., "Mergeable Summaries" (2012).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "states/slot_states.hpp"
#include "states/topk_values.hpp"

namespace streamstat {

// The counters of one slot, at most `capacity`.
//
// When all are taken, a new value replaces the one with the least count, of equal ones that whose count grew the
// longest ago; it inherits the count as its error. The true count lies in [count - error, count].
class TopCounters {
 public:
  void add(const top::Value &value, std::size_t capacity);
  void absorb(const TopCounters &other, std::size_t capacity);
  void append_results(std::size_t k, Bytes &json) const;
  bool is_exact() const { return forgotten_ == 0; }
  void write(Bytes &bytes) const;
  static TopCounters read(Reader &reader, std::size_t capacity);

 private:
  struct Entry {
    std::string spelling;
    std::uint64_t hash, count, error, grown;  // grown: when the count last grew, unique
    top::Rank rank;

    top::Value value() const { return {rank, spelling}; }
  };
  struct Candidate {
    std::uint64_t count, grown;
    std::uint32_t entry;
    auto operator<=>(const Candidate &) const = default;
  };

  static constexpr std::uint32_t kAbsent = UINT32_MAX;

  std::uint32_t find(const top::Value &value, std::uint64_t hash) const;
  void push(Entry &&entry);
  void replace_least(const top::Value &value, std::uint64_t hash);
  std::uint32_t least();
  void sink(const Candidate &candidate);
  void keep_greatest(std::size_t capacity);
  void index(std::uint32_t entry);
  void unindex(std::uint32_t entry);
  void rebuild_index();

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> table_;     // open addressing, entry + 1; empty while a look at each entry is quicker
  std::vector<Candidate> candidates_;    // a heap, least first, of counts as they once were; empty until needed
  std::uint64_t clock_ = 0;
  std::uint64_t forgotten_ = 0;  // no value without a counter has a greater count
};

class TopStates {
 public:
  explicit TopStates(std::int64_t k);
  TopStates(TopStates &&) = default;

  std::size_t size() const { return slots_.size(); }
  void resize(std::size_t n) { slots_.resize(n); }
  void require_same_parameters(const TopStates &other) const;
  void clear_slot(std::size_t slot) { slots_[slot].reset(); }
  void absorb_slot(std::size_t into, const TopStates &other, std::size_t source);
  void write_slot(std::size_t slot, Bytes &bytes) const;
  std::unique_ptr<TopCounters> read_slot(Reader &reader) const;
  void set_slot(std::size_t slot, std::unique_ptr<TopCounters> &&counters) { slots_[slot] = std::move(counters); }

  void update(Slots slots, std::span<const std::uint8_t> kinds, const TextColumn &texts);
  ByteStrings results(Slots slots) const;
  std::vector<std::uint8_t> exact(Slots slots) const;

 private:
  std::size_t k_, capacity_;
  std::vector<std::unique_ptr<TopCounters>> slots_;
};

}  // namespace streamstat
