// Patterns in the events of many groups: events wait until the watermark has passed them, then they are worked on in the
// order of time; of each group those are kept that can still be part of a match.
#pragma once

#include "base/state_bytes.hpp"
#include "patterns/clocks.hpp"
#include "patterns/event_pool.hpp"
#include "patterns/fitter.hpp"
#include "patterns/matches.hpp"
#include "patterns/notice.hpp"
#include "patterns/references.hpp"

namespace streamstat {

// The event of a group that comes right before another.
struct Before {
  std::int64_t time = kNever, number = -1;
};

class PatternTable {
 public:
  // looks_before: whether conditions look at the event before.
  PatternTable(Program program, bool looks_before);
  PatternTable(const PatternTable &) = delete;
  PatternTable &operator=(const PatternTable &) = delete;

  // Rows of a block: number `sequence` + row.
  void push(std::span<const std::int64_t> rows, std::span<const std::int32_t> groups, std::span<const std::int64_t> times,
            std::span<const Bits> masks, std::int64_t sequence);
  // Puts the events before `until` in order, or about the first `most` of them: those before the time that it returns.
  // They are worked on by `work`.
  std::int64_t due(std::int64_t until, std::size_t most);
  const std::vector<PatternEvent> &due_events() const { return due_; }
  // Of each due event the number of the one before it, if at most the limit earlier; -1: none.
  std::vector<std::int64_t> befores() const;
  void set_masks(std::span<const Bits> masks);
  // For due events from `begin` on and earlier ones that the condition of `bit` looks at: the places of the former and
  // the numbers of the latter, a tuple each. Ends behind the event with which `most` are reached; returns where.
  std::size_t tuples(int bit, std::size_t begin, std::size_t most, std::vector<std::int32_t> &places,
                     std::vector<std::int64_t> &numbers) const;
  void allow(int bit, std::span<const std::int32_t> places, std::span<const std::int64_t> numbers,
             std::span<const std::uint8_t> holds);
  // Works on what is due, and tells the clocks that run out before `told_until`.
  void work(std::int64_t until, std::int64_t told_until);
  Matches take_matches();

  std::size_t open() const { return waiting_.size() + pool_.size(); }
  std::size_t running() const { return clocks_.running(); }
  // Behind the last event and the last deadline nothing is open any more; kNever if nothing is.
  std::int64_t latest() const;
  // The first event of the oldest fit that is still possible, at most the watermark.
  std::int64_t oldest(std::int64_t watermark) const;
  // The numbers of all events that may still be asked for, ascending.
  std::vector<std::int64_t> kept();

  // Of the groups of which something can still be part of a match.
  Bytes snapshot();
  // Becomes what was written, which only a new table may; it is of no more use if this throws.
  void restore(ByteSpan bytes, std::size_t groups);

 private:
  void reserve(std::size_t groups);
  void look_before();
  void work_on(PatternEvent event);
  Bits filtered(const PatternEvent &event) const;
  void stop_clocks(const PatternEvent &event);
  void find_match(const PatternEvent &event);
  bool fits();
  void try_contexts(std::size_t next, std::size_t from, std::vector<std::int64_t> &numbers);
  bool may_end(std::span<const std::int64_t> numbers) const;
  bool holds(std::size_t place, int bit, std::span<const std::int64_t> numbers) const;
  void tell(const PatternEvent &last);
  void drop_first(Chain &chain);
  void drop(Chain &chain);
  void sweep();
  bool is_alive(std::int32_t first, std::int64_t watermark) const;
  void run_out(std::int64_t until);
  std::vector<std::int64_t> of_clock(const Clock &clock, int bit) const;
  void candidates(const PatternEvent &event, std::size_t place, std::vector<PatternEvent> &found) const;
  bool is_live(std::size_t group) const;
  void read_group(Reader &reader, std::size_t group);
  PatternEvent read_event(Reader &reader, std::size_t groups) const;

  const Program program_;
  const bool looks_before_;
  Notices notices_;
  mutable Notices probe_;
  Fitter fitter_;
  References references_;
  Clocks clocks_;
  EventPool pool_;
  std::vector<PatternEvent> waiting_, due_;
  std::vector<Chain> chains_;                      // of each group
  std::vector<std::int64_t> last_before_;          // of each group, the last event that must not come before a match
  std::vector<Before> previous_;                   // of each group, its last event
  std::vector<Before> due_before_;                 // of each due event
  std::vector<std::int32_t> due_back_, due_last_;  // the due event of the group before each; of each group the last
  std::int64_t worked_ = kNever;                   // what is yet to come is not before that
  std::size_t swept_ = 0;                          // events that were kept after the last sweep
  Matches matches_;
  // Of the group that is looked at:
  std::vector<std::int64_t> times_, numbers_;
  std::vector<Bits> masks_, seen_masks_;
  std::vector<TakenEvent> fit_, other_fit_;
};

}  // namespace streamstat
