#include "base/arrays.hpp"
#include "base/gil.hpp"
#include "events/time_reader.hpp"
#include "readings/readings.hpp"
#include "text/spell.hpp"

#include <nanobind/stl/tuple.h>

#include <stdexcept>
#include <tuple>

namespace streamstat {

namespace {

using Numbers = std::tuple<Out<std::uint8_t>, Out<std::int64_t>>;
using SpeltNumbers = std::tuple<Out<std::uint8_t>, Out<std::int64_t>, Out<std::int64_t>, Out<std::uint8_t>>;

// A column of JSON values coming in.
struct Given {
  std::span<const std::uint8_t> kinds;
  std::span<const std::int64_t> numbers;
  TextColumn texts;

  Given(const In<std::uint8_t> &kinds_, const In<std::int64_t> &numbers_, const In<std::int64_t> &offsets,
        const In<std::uint8_t> &data)
      : kinds(span_of(kinds_)), numbers(span_of(numbers_)), texts(span_of(offsets), span_of(data), kinds.size()) {
    require_size(kinds.size(), numbers.size(), "numbers");
    require_kinds(kinds);
  }

  std::size_t size() const { return kinds.size(); }
  bool is_number(std::size_t row) const { return kinds[row] == kind::integer || kinds[row] == kind::real; }
  Reading reading(std::size_t row) const { return {kinds[row], numbers[row]}; }
};

// A column of readings going out.
struct Taken {
  std::vector<std::uint8_t> kinds;
  std::vector<std::int64_t> numbers;

  explicit Taken(std::size_t n) : kinds(n), numbers(n) {}
  void put(std::size_t row, const Reading &reading) { kinds[row] = reading.kind, numbers[row] = reading.number; }
  Numbers arrays() && { return {to_numpy(std::move(kinds)), to_numpy(std::move(numbers))}; }
};

SpeltNumbers read_numbers(In<std::uint8_t> kinds, In<std::int64_t> numbers, In<std::int64_t> offsets,
                          In<std::uint8_t> data) {
  const Given given(kinds, numbers, offsets, data);
  Taken taken(given.size());
  ByteStrings spellings;
  without_gil_if_many(given.size(), [&] {
    spellings.offsets.reserve(given.size() + 1);
    for (std::size_t row = 0; row < given.size(); ++row) {
      std::string_view text = given.texts[row];
      const std::uint8_t kind = given.kinds[row];
      Reading reading;
      if (kind == kind::no || kind == kind::yes) reading = {kind::integer, kind == kind::yes};
      else if (kind == kind::text) reading = number_of(text = trimmed(text));
      else if (given.is_number(row)) reading = given.reading(row);
      taken.put(row, reading);
      if (reading.kind != kind::null && kind >= kind::integer)
        spellings.data.insert(spellings.data.end(), text.begin(), text.end());
      spellings.end_string();
    }
  });
  auto [taken_kinds, taken_numbers] = std::move(taken).arrays();
  auto [text_offsets, text_data] = to_arrays(std::move(spellings));
  return {taken_kinds, taken_numbers, text_offsets, text_data};
}

template <Reading (*Read)(std::string_view), bool keeps_numbers>
Numbers read_texts(In<std::uint8_t> kinds, In<std::int64_t> numbers, In<std::int64_t> offsets, In<std::uint8_t> data) {
  const Given given(kinds, numbers, offsets, data);
  Taken taken(given.size());
  without_gil_if_many(given.size(), [&] {
    for (std::size_t row = 0; row < given.size(); ++row) {
      if (given.kinds[row] == kind::text) taken.put(row, Read(trimmed(given.texts[row])));
      else if (keeps_numbers && given.is_number(row)) taken.put(row, given.reading(row));
    }
  });
  return std::move(taken).arrays();
}

Numbers round_numbers(In<std::uint8_t> kinds, In<std::int64_t> numbers, int places) {
  require_size(kinds.size(), numbers.size(), "numbers");
  if (places < -400 || places > 400) throw std::invalid_argument("places: beyond 400");
  Taken taken(kinds.size());
  without_gil_if_many(kinds.size(), [&] {
    for (std::size_t row = 0; row < kinds.size(); ++row) {
      const std::int64_t number = numbers.data()[row];
      const std::uint8_t kind = kinds.data()[row];
      if (kind == kind::integer) taken.put(row, rounded(number, places));
      if (kind == kind::real) taken.put(row, rounded(std::bit_cast<double>(number), places));
    }
  });
  return std::move(taken).arrays();
}

// A text with room behind it, as readers of times want it; the spelling of a number where none is known.
class Padded {
 public:
  const Byte *put(std::string_view text) {
    bytes_.assign(text.begin(), text.end());
    bytes_.resize(text.size() + kPadding);
    return bytes_.data();
  }

  static std::string_view spelling(char (&room)[kSpelledSize], const Reading &reading) {
    char *const end = reading.kind == kind::integer ? spell_integer(room, reading.number)
                                                    : spell_double(room, std::bit_cast<double>(reading.number));
    return {room, static_cast<std::size_t>(end - room)};
  }

 private:
  std::vector<Byte> bytes_;
};

std::tuple<Out<std::int64_t>, Out<std::uint8_t>> read_times(const TimeReader &reader, In<std::uint8_t> kinds,
                                                            In<std::int64_t> numbers, In<std::int64_t> offsets,
                                                            In<std::uint8_t> data) {
  const Given given(kinds, numbers, offsets, data);
  std::vector<std::int64_t> times(given.size());
  std::vector<std::uint8_t> time_kinds(given.size());
  without_gil_if_many(given.size(), [&] {
    Padded padded;
    char room[kSpelledSize];
    for (std::size_t row = 0; row < given.size(); ++row) {
      std::string_view text = given.texts[row];
      if (text.empty() && given.is_number(row)) text = Padded::spelling(room, given.reading(row));
      const Byte *const begin = padded.put(text);
      const Cell cell{begin, begin + text.size(), given.numbers[row], given.kinds[row], true, nullptr};
      const Time time = reader.time(cell, begin, static_cast<std::uint32_t>(text.size()));
      times[row] = time.us;
      time_kinds[row] = static_cast<std::uint8_t>(time.kind);
    }
  });
  return {to_numpy(std::move(times)), to_numpy(std::move(time_kinds))};
}

}  // namespace

}  // namespace streamstat

void bind_readings(nanobind::module_ &module) {
  using namespace streamstat;
  using nb::arg;
  module.def("read_numbers", &read_numbers, exactly("kinds"), exactly("numbers"), exactly("offsets"), exactly("data"),
             R"(Numbers as they are, true and false as 1 and 0, texts that spell a JSON number as that number, else null:
(kinds uint8[n], numbers int64[n], offsets int64[n+1], data uint8), the last two their spelling where it is known.)");
  module.def("read_durations", &read_texts<duration_of, false>, exactly("kinds"), exactly("numbers"), exactly("offsets"),
             exactly("data"), "The seconds of texts such as 1h2m, 165.3ms or PT26.4S, else null: (kinds, numbers), doubles.");
  module.def("read_sizes", &read_texts<size_of, true>, exactly("kinds"), exactly("numbers"), exactly("offsets"),
             exactly("data"), "The bytes of texts such as 1.5GiB or 20k, and of numbers, else null: (kinds, numbers).");
  module.def("read_times", &read_times, arg("reader"), exactly("kinds"), exactly("numbers"), exactly("offsets"),
             exactly("data"), "Values as times, as in a time field: (times int64[n], kinds uint8[n]), see `Decoded.time_kinds`.");
  module.def("round_numbers", &round_numbers, exactly("kinds"), exactly("numbers"), arg("places"),
             R"(Numbers rounded half away from zero, as they are written shortest; null for other kinds: (kinds, numbers).

>>> import numpy as np
>>> kinds, numbers = round_numbers(np.array([4], np.uint8), np.array([2.675]).view(np.int64), 2)
>>> numbers.view(np.float64).tolist()
[2.68])");
}
