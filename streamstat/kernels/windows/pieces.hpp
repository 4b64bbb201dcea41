// windows/ tells which slot holds the state of what: of a pane, of a session, of a sum of panes. It knows neither what
// a state is nor why a window ends. Begin here, then sessions.hpp, and spans.hpp for windows that overlap.
//
// Live pieces: which slot holds the state of (key, lo).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/state_bytes.hpp"
#include "windows/free_slots.hpp"

namespace streamstat {

// Open addressing with linear probing, at most three quarters full; deletion shifts back, so nothing is left behind.
class PieceTable {
 public:
  struct Live {
    std::vector<std::int32_t> slots, keys;
    std::vector<std::int64_t> los, his;
  };

  std::size_t size() const { return size_; }
  std::size_t capacity() const { return pieces_.size(); }
  // Spans of one length. Slots of rows, -1 where take is 0; the result lists slots made by this call, in order.
  std::vector<std::int32_t> admit(std::span<const std::int32_t> keys, std::span<const std::int64_t> los,
                                  std::span<const std::int64_t> his, std::span<const std::uint8_t> take,
                                  std::span<std::int32_t> slots);
  void drop(std::span<const std::int32_t> slots);
  // A slot without a piece, until it is given back: no piece gets it, and no snapshot has it.
  std::int32_t borrow();
  void give_back(std::int32_t slot);
  Live live() const;
  std::vector<std::int32_t> live_slots() const;
  // The pieces in these slots, in that order.
  Live at(std::span<const std::int32_t> slots) const;
  // Slots of the pieces, -1 for those that are not there.
  void find(std::span<const std::int32_t> keys, std::span<const std::int64_t> los, std::span<std::int32_t> slots) const;

  Bytes snapshot() const;
  void restore(ByteSpan snapshot);

 private:
  struct Entry {
    std::int64_t lo = 0;
    std::int32_t key = 0, slot = -1;
  };
  struct [[gnu::packed, gnu::aligned(4)]] Piece {  // 20 bytes: there may be many
    std::int64_t lo, hi;
    std::int32_t key;
  };

  std::size_t home(std::int32_t key, std::int64_t lo) const;
  std::size_t position_of(std::int32_t key, std::int64_t lo) const;
  std::int32_t add(std::int32_t key, std::int64_t lo, std::int64_t hi);
  std::size_t take_slot();
  bool is_live(std::int32_t slot) const;
  void widen();
  void erase(std::size_t hole);

  std::vector<Entry> entries_ = std::vector<Entry>(64);
  int shift_ = 58;  // 64 - log2 of the number of entries
  std::size_t size_ = 0;
  std::vector<Piece> pieces_;  // by slot, free ones too
  FreeSlots free_, borrowed_;
};

}  // namespace streamstat
