// Python's view of patterns.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <bit>
#include <memory>

#include "base/guarded.hpp"
#include "patterns/pattern_table.hpp"
#include "patterns/step_lists.hpp"

namespace streamstat {

namespace {

constexpr char kAbout[] = R"(Patterns in the events of many groups. Events wait until `due`, and are worked on in the order of time.

steps: (bit, least, most or -1, span or -1, whether in a bracket) of each. edges: (source, to, adjacent, bit of what must
not come between or -1). first, last: whether a match may begin or end with each step. before, behind: bits of what must
not come, -1 for none. references: of each bit the bits that its condition looks at. within: microseconds. looks_before:
whether conditions look at the event before. ValueError for what is no pattern.)";

using StepShape = std::tuple<int, std::int32_t, std::int32_t, std::int64_t, bool>;
using EdgeShape = std::tuple<int, int, bool, int>;

Program program_of(const std::vector<StepShape> &steps, const std::vector<EdgeShape> &edges,
                   const std::vector<bool> &first, const std::vector<bool> &last, int before, int behind,
                   const std::vector<std::uint64_t> &references, std::int64_t within, bool overlap) {
  Program program{};
  for (const auto &[bit, least, most, span, bracketed] : steps) program.steps.push_back({bit, least, most, span, bracketed});
  for (const auto &[source, to, adjacent, absent] : edges) program.edges.push_back({source, to, adjacent, absent});
  program.first.assign(first.begin(), first.end());
  program.last.assign(last.begin(), last.end());
  program.before = before, program.behind = behind;
  program.references = references;
  program.within = within, program.overlap = overlap;
  return program;
}

// The table, and what a new one is made from.
struct TableOf {
  Program program;
  bool looks_before;
  std::unique_ptr<PatternTable> table;

  TableOf(Program made, bool before)
      : program(std::move(made)), looks_before(before), table(std::make_unique<PatternTable>(program, before)) {}
};

using SharedTable = Guarded<TableOf>;

void create(SharedTable *self, const std::vector<StepShape> &steps, const std::vector<EdgeShape> &edges,
            const std::vector<bool> &first, const std::vector<bool> &last, int before, int behind,
            const std::vector<std::uint64_t> &references, std::int64_t within, bool overlap, bool looks_before) {
  new (self) SharedTable(program_of(steps, edges, first, last, before, behind, references, within, overlap), looks_before);
}

void push(SharedTable &self, In<std::int64_t> rows, In<std::int32_t> groups, In<std::int64_t> times,
          In<std::uint64_t> masks, std::int64_t sequence) {
  require_size(times.size(), groups.size(), "groups");
  require_size(times.size(), masks.size(), "masks");
  const auto n = static_cast<std::int64_t>(times.size());
  for (const std::int64_t row : span_of(rows))
    if (row < 0 || row >= n || groups.data()[row] < 0) throw std::invalid_argument("rows: not of this block");
  self.with_few(rows.size(), [&](TableOf &of) {
    of.table->push(span_of(rows), span_of(groups), span_of(times), span_of(masks), sequence);
  });
}

std::int64_t due(SharedTable &self, std::int64_t until, std::size_t most) {
  return self.with([&](TableOf &of) { return of.table->due(until, std::max<std::size_t>(most, 1)); });
}

auto due_events(SharedTable &self) {
  std::vector<std::int64_t> numbers, befores;
  std::vector<std::int64_t> times;
  std::vector<std::uint64_t> masks;
  self.with([&](TableOf &of) {
    for (const PatternEvent &event : of.table->due_events()) {
      numbers.push_back(event.number);
      times.push_back(event.time);
      masks.push_back(event.mask);
    }
    befores = of.table->befores();
  });
  return std::tuple(to_numpy(std::move(numbers)), to_numpy(std::move(times)), to_numpy(std::move(masks)),
                    to_numpy(std::move(befores)));
}

void set_masks(SharedTable &self, In<std::uint64_t> masks) {
  self.with([&](TableOf &of) {
    require_size(of.table->due_events().size(), masks.size(), "masks");
    of.table->set_masks(span_of(masks));
  });
}

void require_conditional(const TableOf &of, int bit) {
  if (bit < 0 || static_cast<std::size_t>(bit) >= of.program.references.size() ||
      of.program.references[static_cast<std::size_t>(bit)] == 0)
    throw std::invalid_argument("bit: its condition looks at no other event");
}

auto tuples(SharedTable &self, int bit, std::size_t begin, std::size_t most) {
  std::vector<std::int32_t> places;
  std::vector<std::int64_t> numbers;
  const std::size_t end = self.with([&](TableOf &of) {
    require_conditional(of, bit);
    return of.table->tuples(bit, begin, most, places, numbers);
  });
  return std::tuple(end, to_numpy(std::move(places)), to_numpy(std::move(numbers)));
}

void allow(SharedTable &self, int bit, In<std::int32_t> places, In<std::int64_t> numbers, In<std::uint8_t> holds) {
  require_size(places.size(), holds.size(), "holds");
  self.with([&](TableOf &of) {
    require_conditional(of, bit);
    const auto width = static_cast<std::size_t>(std::popcount(of.program.references[static_cast<std::size_t>(bit)]));
    require_size(places.size() * width, numbers.size(), "numbers");
    for (const std::int32_t place : span_of(places))
      if (place < 0 || static_cast<std::size_t>(place) >= of.table->due_events().size())
        throw std::invalid_argument("places: not due");
    of.table->allow(bit, span_of(places), span_of(numbers), span_of(holds));
  });
}

auto work(SharedTable &self, std::int64_t until, std::int64_t told_until) {
  Matches found = self.with([&](TableOf &of) {
    of.table->work(until, told_until);
    return of.table->take_matches();
  });
  return std::tuple(to_numpy(std::move(found.groups)), to_numpy(std::move(found.starts)), to_numpy(std::move(found.ends)),
                    to_numpy(std::move(found.offsets)), to_numpy(std::move(found.numbers)), to_numpy(std::move(found.bits)));
}

template <auto Member, typename... Arguments>
auto asked(SharedTable &self, Arguments... arguments) {
  return self.with([&](TableOf &of) { return ((*of.table).*Member)(arguments...); });
}

Out<std::int64_t> kept(SharedTable &self) { return to_numpy(asked<&PatternTable::kept>(self)); }
nb::bytes snapshot(SharedTable &self) { return to_bytes(asked<&PatternTable::snapshot>(self)); }

TextArrays lists_of_steps(In<std::int64_t> offsets, In<std::uint8_t> bits, const std::vector<nb::bytes> &names,
                          In<std::int64_t> event_offsets, In<std::uint8_t> events) {
  std::vector<std::string> texts;
  for (const nb::bytes &name : names) texts.emplace_back(name.c_str(), name.size());
  return to_arrays(without_gil([&] {
    return step_lists(span_of(offsets), span_of(bits), texts, span_of(event_offsets), span_of(events));
  }));
}

void restore(SharedTable &self, nb::bytes bytes, std::size_t groups) {
  const auto span = span_of_bytes(bytes);
  self.with([&](TableOf &of) {
    auto fresh = std::make_unique<PatternTable>(of.program, of.looks_before);
    fresh->restore(span, groups);
    of.table = std::move(fresh);
  });
}

}  // namespace

}  // namespace streamstat

void bind_patterns(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<SharedTable>(module, "PatternTable", kAbout)
      .def("__init__", &create, nb::arg("steps"), nb::arg("edges"), nb::arg("first"), nb::arg("last"), nb::arg("before"),
           nb::arg("behind"), nb::arg("references"), nb::arg("within"), nb::arg("overlap"), nb::arg("looks_before"))
      .def("push", &push, exactly("rows"), exactly("groups"), exactly("times"), exactly("masks"), nb::arg("sequence"),
           "Rows of a block wait, int64[m]. groups int32[n], times int64[n], masks uint64[n]: bits of each row of the block."
           " sequence: the number of its first row. ValueError for rows that it does not have.")
      .def("due", &due, nb::arg("until"), nb::arg("most"),
           "Put the events before this time in order, for `work`, or about so many of them: those before the time that is"
           " returned.")
      .def("due_events", &due_events,
           "Of each due event, in order: its number, its time, its mask, and the number of the event of its group right"
           " before, -1 for none within the limit.")
      .def("set_masks", &set_masks, exactly("masks"), "The bits of each due event, uint64[n].")
      .def("tuples", &tuples, nb::arg("bit"), nb::arg("begin"), nb::arg("most"),
           "For due events from `begin` on, that have a bit whose condition looks at earlier events: (end, places int32[m]"
           " of them, numbers of the earlier events, a tuple each). About `most` of them; go on from `end`.")
      .def("allow", &allow, nb::arg("bit"), exactly("places"), exactly("numbers"), exactly("holds"),
           "Which of these tuples the condition of a bit holds for, uint8[m].")
      .def("work", &work, nb::arg("until"), nb::arg("told_until"),
           "Work on what is due, and tell the absences whose time has run out before `told_until`. Matches, by start and"
           " last event: groups, starts, ends, offsets of their events, numbers and bits of these.")
      .def("open", &asked<&PatternTable::open>, "How many events wait or are kept.")
      .def("running", &asked<&PatternTable::running>, "How many absences are not decided.")
      .def("latest", &asked<&PatternTable::latest>, "The last time at which anything is open; the least int64 for none.")
      .def("oldest", &asked<&PatternTable::oldest, std::int64_t>, nb::arg("watermark"),
           "The first event of the oldest match that is still possible, or the watermark.")
      .def("kept", &kept, "The numbers of the events that may still be asked for, ascending.")
      .def("snapshot", &snapshot, "The whole state as bytes; nothing may be due.")
      .def("restore", &restore, nb::arg("snapshot"), nb::arg("groups"),
           "Replace the whole state by a snapshot, of so many groups. ValueError for foreign bytes; nothing has changed then.");
  module.def("step_lists", &lists_of_steps, exactly("offsets"), exactly("bits"), nb::arg("names"),
             exactly("event_offsets"), exactly("events"),
             "Of each match a JSON list of its events, each with the name of its bit. ValueError for unequal sizes.");
}
