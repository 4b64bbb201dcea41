#include "base/arrays.hpp"
#include "base/gil.hpp"
#include "profiles/field_profiles.hpp"

#include <nanobind/stl/optional.h>

#include <mutex>
#include <optional>
#include <shared_mutex>
#include <utility>

namespace streamstat {

using Block = nb::ndarray<std::uint8_t, nb::numpy, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
// Values are found, and told, by one thread; many may take them in meanwhile, each those of other fields.
class SharedProfiles {
 public:
  SharedProfiles(std::size_t most, TimeReader times, std::size_t at_once) : state_(most, std::move(times), at_once) {}

  template <typename Run>
  auto alone(Run &&run) {
    return without_gil([&] {
      std::unique_lock lock(mutex_);
      return run(state_);
    });
  }

  void take() {
    without_gil([&] {
      std::shared_lock lock(mutex_);
      state_.take();
    });
  }

 private:
  FieldProfiles state_;
  std::shared_mutex mutex_;
};

static std::size_t find(SharedProfiles &profiles, const Decoded &decoded, Block block,
                        const std::optional<In<std::uint8_t>> &left, std::size_t row) {
  const std::span<const std::uint8_t> rows = left ? span_of(*left) : std::span<const std::uint8_t>();
  return profiles.alone([&](FieldProfiles &state) { return state.find(decoded, span_of(block), rows, row); });
}

static nb::bytes bytes_of(const std::string &text) { return nb::bytes(text.data(), text.size()); }

static nb::dict told(FieldProfiles::Field &field) {
  FieldProfile &profile = field.profile;
  nb::dict told;
  nb::list kinds, frequent;
  for (const std::uint64_t count : profile.kinds) kinds.append(count);
  told["path"] = bytes_of(field.path);
  told["kinds"] = kinds;
  told["distinct"] = profile.distinct();
  if (profile.least_integer <= profile.greatest_integer) told["integers"] = nb::make_tuple(profile.least_integer, profile.greatest_integer);
  if (profile.least_real <= profile.greatest_real) told["doubles"] = nb::make_tuple(profile.least_real, profile.greatest_real);
  if (const auto median = profile.median()) told["median"] = *median;
  if (profile.kinds[kind::text]) told["texts"] = nb::make_tuple(bytes_of(profile.least_text.text), bytes_of(profile.greatest_text.text));
  told["times"] = profile.times;
  told["example"] = nb::make_tuple(profile.example_kind, bytes_of(profile.example));
  for (const FrequentValues::Found &each : profile.frequent.most(3))
    frequent.append(nb::make_tuple(each.kind, bytes_of(each.spelling), each.count, each.error));
  told["frequent"] = frequent;
  return told;
}

static nb::list fields(SharedProfiles &profiles) {
  std::deque<FieldProfiles::Field> &fields = *profiles.alone([](FieldProfiles &state) { return &state.fields(); });
  nb::list out;
  for (FieldProfiles::Field &each : fields) out.append(told(each));
  return out;
}

}  // namespace streamstat

void bind_profiles(nanobind::module_ &module) {
  using namespace streamstat;
  nb::class_<SharedProfiles>(module, "FieldProfiles",
                              "What is in the fields of events, for at most so many of them.\n\n"
                              "at_once: how many events as they were written are looked at together.")
      .def(nb::init<std::size_t, TimeReader, std::size_t>(), nb::arg("most"), nb::arg("times"), nb::arg("at_once"))
      .def("find", &find, nb::arg("decoded"), exactly("block"), nb::arg("left").noconvert().none(), nb::arg("row"),
           "Find values of a block from a row on, for which `left` uint8[n] is not 0 (None: all): those that were noted, else those\n"
           "in events as they were written. They are to be taken before the block goes. Returns the first row of which none were.")
      .def("take", &SharedProfiles::take, "Take in what was found, field by field; worth it for several threads at once.")
      .def("fields", &fields, nb::sig("def fields(self) -> list[dict[str, typing.Any]]"),
           "Of each field, in the order met, a dict: path; kinds, how many values are of each kind, objects last; distinct;\n"
           "least and greatest of integers, doubles and texts; median; times; example; frequent: kind, spelling, count, error.")
      .def_prop_ro("rows", [](SharedProfiles &profiles) { return profiles.alone([](FieldProfiles &state) { return state.rows(); }); })
      .def_prop_ro("left_out", [](SharedProfiles &profiles) {
        return profiles.alone([](FieldProfiles &state) { return state.left_out(); });
      }, "Values of fields beyond the most that are told.");
}
