// Which events of a group are a match: of all fits that end with the last event the one that begins first; then that
// which takes most events; then that whose events come first, one by one; then that in which earlier steps take more.
//
// One pass from the last event to the first finds, for each step and each event that it may begin with, how many events
// can be taken from there on; a second one from the first event on takes them. Both are linear in events, whatever the
// numbers in the pattern: how many events a step takes between its first and its last is known from their places, so
// that the best last event is the largest of a window that moves with the first.
#pragma once

#include "patterns/program.hpp"

#include <span>

namespace streamstat {

struct TakenEvent {
  std::uint32_t place;  // among the events
  std::uint32_t step;
};

// Whether a fit is to be told rather than another; both end with the same event.
bool is_better(std::span<const TakenEvent> one, std::span<const TakenEvent> other);

class Fitter {
 public:
  explicit Fitter(const Program &program);

  // times: ascending; masks: the bits of each event. Fills `fit`; false: no fit ends with the last event.
  bool fit(std::span<const std::int64_t> times, std::span<const Bits> masks, std::vector<TakenEvent> &fit);

 private:
  static constexpr std::int32_t kNone = std::numeric_limits<std::int32_t>::min() / 2;

  // The best of a window of candidates, each with a key; the newest enter, the oldest leave.
  class Window {
   public:
    void clear() { begin_ = 0, entries_.clear(); }
    void enter(std::int32_t number, std::int32_t key) {
      while (entries_.size() > begin_ && entries_.back().key < key) entries_.pop_back();
      entries_.push_back({number, key});
    }
    template <typename IsGone>
    void leave(IsGone &&is_gone) {
      while (begin_ < entries_.size() && is_gone(entries_[begin_].number)) ++begin_;
    }
    bool empty() const { return begin_ == entries_.size(); }
    std::int32_t best() const { return entries_[begin_].number; }  // of equal ones the oldest

   private:
    struct Candidate {
      std::int32_t number, key;
    };
    std::vector<Candidate> entries_;
    std::size_t begin_ = 0;
  };

  // The events that a step may take, numbered from the last one on.
  struct StepEvents {
    std::vector<std::int32_t> place;  // of each
    std::vector<std::int32_t> onward; // taken behind it at most, if it is the step's last; kNone: no fit
    std::vector<std::int32_t> total;  // taken from it on at most, if it is the step's first
    std::vector<std::int32_t> ending; // the number of the last of the step that gives `total`, the latest of several
    std::vector<std::int32_t> number; // by place, -1 if it has none
    Window up_to_most, beyond_most;
    std::int32_t run = 0;             // the first number of a run of neighbours
  };
  struct Reach {
    std::int32_t taken, place;  // events taken from there on at most, and the first place that gives so many
  };
  struct Attempt {
    std::int32_t step, begin, number, count;  // numbers of the step's first event and of the present one
    std::size_t starts;                       // where the step's beginnings lie in starts_
    std::int32_t next;
  };

  void look_back(std::span<const std::int64_t> times, std::span<const Bits> masks);
  void add(std::size_t step, std::int32_t place, std::span<const std::int64_t> times);
  void best_ending(const PatternStep &shape, StepEvents &events, std::int32_t number, std::span<const std::int64_t> times);
  bool begin(std::span<const Bits> masks);
  void take_next();
  std::int32_t continued(const Attempt &attempt) const;
  void enter(const Attempt &attempt);
  bool is_ahead(std::size_t one, std::size_t other) const;
  void settle(std::vector<TakenEvent> &fit) const;
  std::size_t copied_starts(std::size_t from);

  const Program &program_;
  std::vector<StepEvents> steps_;
  std::vector<Reach> nearest_;                  // by edge, as the look back goes on
  std::vector<std::vector<Reach>> reaches_;     // by edge, and by number of its source
  std::int32_t events_ = 0, left_ = 0;
  std::vector<Attempt> attempts_, further_;
  std::vector<std::int32_t> starts_, places_;
};

}  // namespace streamstat
