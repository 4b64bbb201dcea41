// Tallies by slot: 16 bytes for a slot that has met few numbers or whole ones, as nearly all have where slots are many;
// a tally aside for any other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "base/prefetch.hpp"
#include "states/exact_tally.hpp"

namespace streamstat::exact {

constexpr std::size_t kAhead = 16;  // rows; memory answers in about that time
constexpr std::size_t kCached = 1024;  // as many slots are in a cache by themselves

class TallySlots {
 public:
  std::size_t size() const { return small_.size(); }
  void resize(std::size_t n) { small_.resize(n); }

  void clear(std::size_t slot) {
    Small &small = small_[slot];
    if (small.place >= 0) {
      tallies_[static_cast<std::size_t>(small.place)] = Tally{};
      free_.push_back(small.place);
    }
    small = Small{};
  }

  // Rows are valid for this size.
  template <bool adds>
  void apply(const NumberRows &rows) {
    // Pointers of our own: the compiler must assume that sums overwrite those of a vector.
    const auto [indices, kinds, numbers] = rows;
    Small *const smalls = small_.data();
    Tally *tallies = tallies_.data();
    const std::size_t n = indices.size();
    const std::size_t fetched = size() > kCached && n > 2 * kAhead ? n - 2 * kAhead : 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (i < fetched) {
        if (indices[i + 2 * kAhead] >= 0) prefetch_line_to_write(smalls + indices[i + 2 * kAhead]);
        const std::int32_t next = indices[i + kAhead];
        if (next >= 0 && smalls[next].place >= 0) prefetch_line_to_write(tallies + smalls[next].place);
      }
      if (indices[i] < 0) continue;
      Small &small = smalls[indices[i]];
      if (small.place >= 0) {
        add_value<adds>(kinds[i], numbers[i], tallies[small.place]);
      } else if (!small.template take<adds>(kinds[i], numbers[i])) {
        add_value<adds>(kinds[i], numbers[i], aside(small));
        tallies = tallies_.data();
      }
    }
  }

  // The tally of a slot, for as long as nothing changes.
  template <typename Visit>
  void visit(std::size_t slot, Visit &&visit) const {
    const Small &small = small_[slot];
    if (small.place >= 0) return visit(tallies_[static_cast<std::size_t>(small.place)]);
    Tally tally;
    small.tell(tally);
    visit(tally);
  }

  // To be changed at will.
  Tally &aside(std::size_t slot) { return aside(small_[slot]); }

  void absorb(std::size_t into, const TallySlots &other, std::size_t source) {
    const Small theirs = other.small_[source];
    if (theirs.is_empty()) return;
    if (small_[into].is_empty() && theirs.place < 0) {
      small_[into] = theirs;
      return;
    }
    Tally &mine = aside(into);
    other.visit(source, [&](const Tally &tally) { mine.absorb(tally); });
    settle(into);
  }

  // A slot that holds nothing but whole numbers: their sum and how many they are, if both are small.
  struct Whole {
    std::int64_t sum;
    std::uint32_t count;
  };
  std::optional<Whole> whole(std::size_t slot) const {
    const Small &small = small_[slot];
    if (small.place == kWhole) return Whole{small.number, small.count};
    if (small.place == kOneDouble) return std::nullopt;
    const Tally &tally = tallies_[static_cast<std::size_t>(small.place)];
    const auto &limbs = tally.sum.near.limbs;
    const auto sum = static_cast<std::int64_t>(limbs[2]);
    const bool extends = !limbs[0] && !limbs[1] && static_cast<std::int64_t>(limbs[3]) == sum >> 63;
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    if (tally.sum.wide || !extends || tally.doubles || tally.integers > most) return std::nullopt;
    return Whole{sum, static_cast<std::uint32_t>(tally.integers)};
  }
  // The bits of the double that is all a slot has met.
  std::optional<std::int64_t> one_double(std::size_t slot) const {
    if (small_[slot].place != kOneDouble) return std::nullopt;
    return small_[slot].number;
  }

  void set(std::size_t slot, Whole whole) {
    clear(slot);
    small_[slot] = {whole.sum, whole.count, kWhole};
  }
  void set_double(std::size_t slot, std::int64_t bits) {
    clear(slot);
    small_[slot] = {bits, 1, kOneDouble};
  }
  void set(std::size_t slot, Tally &&tally) {
    clear(slot);
    aside(slot) = std::move(tally);
    settle(slot);
  }
  // Back to 16 bytes if they can tell what there is.
  void settle(std::size_t slot) {
    if (small_[slot].place < 0) return;
    if (const auto told = whole(slot)) set(slot, *told);
  }

 private:
  static constexpr std::int32_t kWhole = -1, kOneDouble = -2;

  struct Small {
    std::int64_t number = 0;         // the sum of whole numbers, or the bits of a double
    std::uint32_t count = 0;
    std::int32_t place = kWhole;      // of its tally; or what `number` is

    bool is_empty() const { return place == kWhole && count == 0 && number == 0; }

    // Whether the number is added, or taken back, and is told by 16 bytes still.
    template <bool adds>
    bool take(std::uint8_t kind, std::int64_t value) {
      if (kind == kind::real) {
        if (((value >> 52) & 0x7ff) == 0x7ff) return true;  // no JSON number is infinite
        if (!adds || !is_empty()) return false;
        *this = {value, 1, kOneDouble};
        return true;
      }
      if (kind != kind::integer && kind != kind::yes && kind != kind::no) return true;
      if (place != kWhole) return false;
      const std::int64_t x = kind == kind::integer ? value : kind == kind::yes;
      if (count == (adds ? std::numeric_limits<std::uint32_t>::max() : 0)) return false;
      std::int64_t sum;
      if (adds ? __builtin_add_overflow(number, x, &sum) : __builtin_sub_overflow(number, x, &sum)) return false;
      number = sum;
      adds ? ++count : --count;
      return true;
    }

    void tell(Tally &tally) const {
      if (place == kOneDouble) {
        add_value<true>(kind::real, number, tally);
      } else {
        add_integer<true>(tally.sum, number);
        tally.integers = count;
      }
    }
  };

  Tally &aside(Small &small) {
    if (small.place >= 0) return tallies_[static_cast<std::size_t>(small.place)];
    std::size_t place = tallies_.size();
    if (free_.empty()) {
      tallies_.emplace_back();
    } else {
      place = static_cast<std::size_t>(free_.back());
      free_.pop_back();
    }
    small.tell(tallies_[place]);
    small.place = static_cast<std::int32_t>(place);
    return tallies_[place];
  }

  std::vector<Small> small_;
  std::vector<Tally> tallies_;
  std::vector<std::int32_t> free_;  // places of tallies that no slot has
};

}  // namespace streamstat::exact
