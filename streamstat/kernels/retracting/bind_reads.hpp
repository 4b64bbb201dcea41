// Tables of rows that may go again, in Python: what all of them have, and readers that tell of slots or of steps.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <tuple>
#include <utility>

#include "retracting/walk.hpp"
#include "states/bind_slot_states.hpp"

namespace streamstat::retracting {

// The arrays of some rows, which live as long as this does.
struct RowArrays {
  In<std::int32_t> slots;
  In<std::uint8_t> kinds;
  In<std::int64_t> numbers;
  In<std::uint64_t> hashes;
  In<std::int64_t> text_offsets;
  In<std::uint8_t> text_data;
  In<std::int64_t> times;
  In<std::int64_t> tie_offsets;
  In<std::uint8_t> tie_data;
  In<std::uint8_t> by_kinds;
  In<std::int64_t> by_numbers;

  Rows rows() const;
};

// A row of arrays that was not given has none.
template <typename Array>
auto span_if(const Array &array) {
  using Span = decltype(span_of(array));
  return array.is_valid() ? span_of(array) : Span();
}

struct StepArrays {
  RowArrays rows;
  In<std::uint8_t> gone;
  In<std::int64_t> ends;
  In<std::int32_t> slots;

  Steps steps() const {
    Steps steps{rows.rows(), span_of(gone), span_of(ends), span_of(slots)};
    steps.require_valid();
    return steps;
  }
};

// The states of a table behind each step; `table` is its Python object.
template <typename Table>
struct Walk {
  nb::object table;
  StepArrays arrays;
};

template <typename Table>
struct Types {
  nb::class_<Guarded<Table>> table;
  nb::class_<Walk<Table>> walk;
};

inline auto to_python(std::vector<std::int64_t> &&numbers) { return to_numpy(std::move(numbers)); }
inline auto to_python(NumberColumn &&column) { return to_arrays(std::move(column)); }
inline auto to_python(ByteStrings &&strings) { return to_arrays(std::move(strings)); }
inline auto to_python(Quantiles &&found) {
  return std::pair(to_numpy(std::move(found.kinds)), to_numpy(std::move(found.values)));
}
inline auto to_python(PickedValues &&values) {
  return std::tuple(to_numpy(std::move(values.numbers.kinds)), to_numpy(std::move(values.numbers.numbers)),
                    to_numpy(std::move(values.texts.offsets)), to_numpy(std::move(values.texts.data)));
}

// read(table, slots, first, extra...): of these slots, the first of which is that of step or row `first`.
template <typename Table, typename... Extra, typename Read, typename... Names>
void bind_read(Types<Table> &types, const char *name, Read read, const char *about, const Names &...names) {
  types.table.def(
      name,
      [read](Guarded<Table> &self, In<std::int32_t> slots, Extra... extra) {
        return to_python(self.with_few(slots.size(), [&](Table &table) {
          return read(std::as_const(table), span_of(slots), std::size_t{}, extra...);
        }));
      },
      exactly("slots"), names..., about);
  types.walk.def(
      name,
      [read](Walk<Table> &self, In<std::int32_t> steps, Extra... extra) {
        const Steps all = self.arrays.steps();
        require_size(all.slots.size(), steps.size(), "steps");
        auto &table = nb::cast<Guarded<Table> &>(self.table);
        return to_python(table.with([&](Table &state) {
          return walked(state, all, [&](const Table &read_from, Slots slots, std::size_t step) {
            return read(read_from, slots, step, extra...);
          });
        }));
      },
      exactly("steps"), names..., "The same behind each step; `steps` are all of them, in order.");
}

template <typename Table>
Types<Table> bind_table(nb::module_ &module, const char *name, const char *walk, const char *about) {
  using Shared = Guarded<Table>;
  Types<Table> types{nb::class_<Shared>(module, name, about),
                     nb::class_<Walk<Table>>(module, walk, "The states behind each of many steps.")};
  bind_keeping(types.table);
  types.table
      .def(
          "update",
          [](Shared &self, const RowArrays &arrays) {
            const Rows rows = arrays.rows();
            self.with_few(rows.size(), [&](Table &table) { table.add(rows); });
          },
          nb::arg("rows"), "Add these rows to their slots, or to none if negative.")
      .def(
          "retract",
          [](Shared &self, const RowArrays &arrays) {
            const Rows rows = arrays.rows();
            self.with_few(rows.size(), [&](Table &table) { table.remove(rows); });
          },
          nb::arg("rows"), "Take rows out that were added: nothing tells that they were there.")
      .def(
          "walk",
          [](nb::handle_t<Shared> self, const RowArrays &rows, In<std::uint8_t> gone, In<std::int64_t> ends,
             In<std::int32_t> slots) {
            return Walk<Table>{nb::borrow(self), StepArrays{rows, gone, ends, slots}};
          },
          nb::arg("rows"), exactly("gone"), exactly("ends"), exactly("slots"),
          "The states as they are behind each step; this table stays as it is. Step s is about the rows up to ends[s]\n"
          "(int64[m]), in order added or, if gone[i] (uint8[n]), taken out, and tells of slots[s] (int32[m]).");
  return types;
}

}  // namespace streamstat::retracting
