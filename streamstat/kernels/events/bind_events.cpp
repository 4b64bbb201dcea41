#include "base/arrays.hpp"
#include "base/gil.hpp"
#include "base/kinds.hpp"
#include "events/decode_pool.hpp"
#include "events/time_reader.hpp"
#include "events/written.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

namespace streamstat {

using Block = nb::ndarray<std::uint8_t, nb::numpy, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

static Decoded *decode(const BlockDecoder &decoder, Block block, std::size_t begin) {
  auto out = std::make_unique<Decoded>();
  {
    nb::gil_scoped_release release;
    decoder.decode({block.data(), block.size()}, begin, *out);
  }
  return out.release();
}

// A block in the hands of a pool. What it refers to is kept alive by the Python object around it.
class HeldTask {
 public:
  HeldTask(DecodePool &pool, const BlockDecoder &decoder, Block block, std::size_t begin)
      : pool_(pool),
        task_(std::make_shared<DecodeTask>(decoder, std::span(block.data(), block.size()), begin)) {
    pool_.submit(task_);
  }
  HeldTask(const HeldTask &) = delete;
  HeldTask &operator=(const HeldTask &) = delete;
  ~HeldTask() { pool_.withdraw(task_); }

  Decoded *result() {
    nb::gil_scoped_release release;
    return pool_.result(*task_).release();
  }

 private:
  DecodePool &pool_;
  std::shared_ptr<DecodeTask> task_;
};

static std::vector<nb::bytes> as_bytes(const std::vector<std::string> &texts) {
  std::vector<nb::bytes> out;
  for (const std::string &text : texts) out.emplace_back(text.data(), text.size());
  return out;
}

static std::vector<nb::bytes> names(const BlockDecoder &decoder, Block block, std::size_t begin) {
  return as_bytes(decoder.names({block.data(), block.size()}, begin));
}

static std::vector<nb::bytes> names_inside(const BlockDecoder &decoder, Block block, std::size_t begin, std::size_t row) {
  Decoded decoded;
  decoded.names_of = row;
  decoder.decode({block.data(), block.size()}, begin, decoded);
  return as_bytes(decoded.names);
}

// The arrays stay part of the decoded block, which they keep alive.
template <typename T>
static Out<T> view(nb::handle_t<Decoded> self, Buffer<T> &buffer, std::uint16_t need, const FieldColumn &column) {
  if (need && !(column.needs & need)) throw std::invalid_argument("column: this was not asked for");
  return Out<T>(buffer.data(), {nb::cast<Decoded &>(self).rows}, self);
}

static FieldColumn &column(nb::handle_t<Decoded> self, std::size_t field) {
  return nb::cast<Decoded &>(self).column(field);
}

static nb::list bad_records(const Decoded &decoded, std::size_t lo, std::size_t hi) {
  nb::list out;
  for (std::size_t i = lo; i < std::min(hi, decoded.bad.size()); ++i) {
    const BadRecord &bad = decoded.bad[i];
    out.append(nb::make_tuple(bad.line, bad.column, bad.begin, bad.end, bad.record, static_cast<int>(bad.fault)));
  }
  return out;
}

static std::pair<std::uint32_t, std::uint32_t> record(const Decoded &decoded, std::size_t row) {
  if (row >= decoded.rows) throw std::invalid_argument("row: there is none of this number");
  const bool has_elements = decoded.record_begins.capacity() > 0;
  return {(has_elements ? decoded.record_begins : decoded.row_begins)[row], (has_elements ? decoded.record_ends : decoded.row_ends)[row]};
}

static nb::bytes bytes(const Decoded &decoded, Block block, std::uint32_t begin, std::uint32_t end) {
  const bool in_arena = begin & kInArena;
  const std::size_t lo = begin & ~kInArena, hi = end & ~kInArena;
  if (lo > hi || hi > (in_arena ? decoded.arena.size() : block.size())) throw std::invalid_argument("block: another");
  return nb::bytes(reinterpret_cast<const char *>((in_arena ? decoded.arena.data() : block.data()) + lo), hi - lo);
}

static nb::list record_parts(const Decoded &decoded) {
  nb::list out;
  for (const RecordPart &part : decoded.parts) out.append(nb::make_tuple(part.first, part.begin, part.end));
  return out;
}

static nb::tuple fault_texts() {
  nb::list texts;
  for (const char *text : kFaultTexts) texts.append(text);
  return nb::tuple(texts);
}

static std::uint8_t highest_kind(nb::handle_t<Decoded> self, std::size_t field) {
  const std::uint8_t *const kinds = column(self, field).kinds.data();
  const std::size_t rows = nb::cast<Decoded &>(self).rows;
  std::uint8_t highest = 0;
  for (std::size_t row = 0; row < rows; ++row) highest = std::max(highest, kinds[row]);
  return highest;
}

// The texts live as long as somebody needs them, without the block, which may be large.
static TextArrays texts(nb::handle_t<Decoded> self, std::size_t field) {
  FieldColumn &source = column(self, field);
  if (!(source.needs & kText)) throw std::invalid_argument("column: this was not asked for");
  if (!source.held_texts) source.held_texts = std::make_shared<TextCells>(std::move(source.texts));
  using Held = std::shared_ptr<TextCells>;
  const Held &held = source.held_texts;
  nb::capsule owner(new Held(held), [](void *p) noexcept { delete static_cast<Held *>(p); });
  return {Out<std::int64_t>(held->offsets.data(), {nb::cast<Decoded &>(self).rows + 1}, owner),
          Out<std::uint8_t>(held->data.at(0), {held->data.size()}, owner)};
}

static TextArrays written_rows(const Decoded &decoded, Block block, const In<std::int64_t> &rows) {
  ByteStrings events = without_gil_if_many(rows.size(), [&] { return written(decoded, span_of(block), span_of(rows)); });
  return to_arrays(std::move(events));
}

static nb::tuple dictionary(nb::handle_t<Decoded> self, std::size_t field) {
  const Dictionary &source = column(self, field).dictionary;
  std::vector<std::uint8_t> kinds;
  std::vector<std::int64_t> offsets;
  for (const auto &entry : source.entries()) {
    kinds.push_back(entry.kind);
    offsets.push_back(static_cast<std::int64_t>(entry.offset));
  }
  offsets.push_back(static_cast<std::int64_t>(source.bytes().size()));
  std::vector<std::uint8_t> bytes(source.bytes().data(), source.bytes().data() + source.bytes().size());
  return nb::make_tuple(to_numpy(std::move(kinds)), to_numpy(std::move(offsets)), to_numpy(std::move(bytes)));
}


using NamedOffsets = std::pair<std::string, std::vector<std::pair<std::int64_t, std::int64_t>>>;

constexpr char kTimeReader[] = R"(How times are read.

unit: of numbers (0 auto, s, ms, us, ns). patterns: strptime patterns, tried in this order and before all else.
zones: what %Z takes besides UTC and GMT: names, of each since which instants it stood for which offset (microseconds).
ValueError for a pattern by which no time can be read, and for a name without offsets.)";

static void make_time_reader(TimeReader *self, int unit, const std::vector<std::string> &patterns,
                             const std::vector<NamedOffsets> &zones) {
  if (unit < 0 || unit > 4) throw std::invalid_argument("unit: not 0 to 4");
  std::vector<ZoneName> names;
  for (const auto &[name, offsets] : zones) {
    if (name.empty() || offsets.empty()) throw std::invalid_argument("zones: a name without letters or offsets");
    names.push_back({name, offsets});
  }
  std::ranges::stable_sort(names, std::ranges::greater(), [](const ZoneName &each) { return each.name.size(); });
  new (self) TimeReader(static_cast<TimeUnit>(unit), {patterns.begin(), patterns.end()}, std::move(names));
}

}  // namespace streamstat

void bind_events(nanobind::module_ &module) {
  using namespace streamstat;
  using Self = nb::handle_t<Decoded>;
  module.attr("PADDING") = kPadding;
  module.attr("FAULTS") = fault_texts();
  nb::class_<Decoded>(module, "Decoded", "One decoded block: its valid lines as rows, its projected fields as columns.")
      .def_ro("rows", &Decoded::rows)
      .def_ro("records", &Decoded::records, "Rows, bad and blank ones.")
      .def_ro("lines", &Decoded::lines, "That the records stand on.")
      .def_ro("blank", &Decoded::blank)
      .def_ro("nulls", &Decoded::nulls, "Records that are the word null, if they may be.")
      .def_ro("nuls", &Decoded::nuls, "Bytes of holes: NULs in front of lines, or at the end, which are no part of a line.")
      .def_ro("holes", &Decoded::holes)
      .def_ro("first_hole", &Decoded::first_hole, "Where the first hole begins in the block, if there is one.")
      .def("bad", &bad_records, nb::arg("lo"), nb::arg("hi"),
           nb::sig("def bad(self, lo: int, hi: int) -> list[tuple[int, int, int, int, int, int]]"),
           "Bad records [lo, hi): (line in block from 0, column from 1, first byte, byte behind, first byte of the whole record, fault).")
      .def("parts", &record_parts, nb::sig("def parts(self) -> list[tuple[int, int, int]]"),
           "Of records in several parts those behind the first: (where the first one begins, first byte, byte behind).")
      .def_prop_ro("bad_count", [](const Decoded &decoded) { return decoded.bad.size(); })
      .def_prop_ro("row_begins",
                   [](Self self) { auto &d = nb::cast<Decoded &>(self); return Out<std::uint32_t>(d.row_begins.data(), {d.rows}, self); })
      .def_prop_ro("row_ends",
                   [](Self self) { auto &d = nb::cast<Decoded &>(self); return Out<std::uint32_t>(d.row_ends.data(), {d.rows}, self); })
      .def_prop_ro("has_elements", [](const Decoded &d) { return d.record_begins.capacity() > 0; },
                   "Whether rows are elements of their records.")
      .def("record", &record, nb::arg("row"), "The bytes [begin, end) of the block in which a row was found.")
      .def("bytes", &bytes, nb::arg("block"), nb::arg("begin"), nb::arg("end"), "What row_begins and row_ends, or a bad record, tell.")
      .def_ro("has_array", &Decoded::has_array, "Whether a record has the array whose elements are looked for.")
      .def_prop_ro("lacking_array",
                   [](const Decoded &d) {
                     return d.lacks_array ? std::optional(std::pair(d.lacking_begin, d.lacking_end)) : std::nullopt;
                   },
                   "The bytes of the first record that has none.")
      .def("kinds", [](Self self, std::size_t f) { auto &c = column(self, f); return view(self, c.kinds, 0, c); }, nb::arg("field"))
      .def("highest_kind", &highest_kind, nb::arg("field"), "The greatest of the kinds, 0 if there are none.")
      .def("seen", [](Self self, std::size_t f) { return nb::cast<Decoded &>(self).columns.at(f).seen; }, nb::arg("field"),
           "Whether the name is there in any row, even with null.")
      .def("numbers", [](Self self, std::size_t f) { auto &c = column(self, f); return view(self, c.numbers, kNumber, c); }, nb::arg("field"))
      .def("hashes", [](Self self, std::size_t f) { auto &c = column(self, f); return view(self, c.hashes, kHash, c); }, nb::arg("field"))
      .def("more_hashes", [](Self self, std::size_t f) { auto &c = column(self, f); return view(self, c.more_hashes, kMoreHash, c); }, nb::arg("field"))
      .def("codes", [](Self self, std::size_t f) { auto &c = column(self, f); return view(self, c.codes, kCode, c); }, nb::arg("field"))
      .def("times", [](Self self, std::size_t f) { auto &c = column(self, f); return view(self, c.times, kTime, c); }, nb::arg("field"))
      .def("time_kinds", [](Self self, std::size_t f) { auto &c = column(self, f); return view(self, c.time_kinds, kTime, c); }, nb::arg("field"))
      .def("present", [](Self self, std::size_t f) { auto &c = column(self, f); return view(self, c.present, kPresent, c); }, nb::arg("field"))
      .def("dictionary", &dictionary, nb::arg("field"),
           nb::sig("def dictionary(self, field: int) -> tuple[numpy.typing.NDArray[numpy.uint8], numpy.typing.NDArray[numpy.int64], numpy.typing.NDArray[numpy.uint8]]"),
           "What the codes stand for: kinds uint8[m], text offsets int64[m+1], text bytes.")
      .def("texts", &texts, nb::arg("field"), "Text of each row: offsets int64[rows+1], bytes.")
      .def("written", &written_rows, nb::arg("block"), exactly("rows"),
           "Each of these rows as one JSON object on one line: offsets int64[n+1], bytes. ValueError if that was not asked for.");

  nb::class_<TimeReader>(module, "TimeReader", kTimeReader)
      .def("__init__", &make_time_reader, nb::arg("unit") = 0, nb::arg("patterns") = std::vector<std::string>(),
           nb::arg("zones") = std::vector<NamedOffsets>());
  module.def("pattern_has_year", [](std::string pattern) { return TimePattern(std::move(pattern)).has_year(); },
             nb::arg("pattern"), "Whether times that a strptime pattern reads have a year; ValueError for one by which none can be read.");
  nb::class_<BlockDecoder>(module, "BlockDecoder", "What to take from each record, and how; made by a format.")
      .def("decode", &decode, nb::arg("block"), nb::arg("begin"), nb::rv_policy::take_ownership,
           "Decode block[begin:-64]; the last 64 bytes are room for the decoder. Releases the GIL.")
      .def("names", &names, nb::arg("block"), nb::arg("begin"),
           "Names at the top level of the first valid record, as bytes.")
      .def("names_inside", &names_inside, nb::arg("block"), nb::arg("begin"), nb::arg("row"),
           "Names at the top levels of what was found inside of the record of a row, outer ones first, as bytes.");

  nb::class_<DecodePool>(module, "DecodePool", "So many threads that decode blocks ahead; none of them needs the GIL.")
      .def(nb::init<std::size_t>(), nb::arg("threads"))
      .def("close", &DecodePool::close, nb::call_guard<nb::gil_scoped_release>(),
           "End the threads; what is left is decoded by those who wait for it.")
      .def_prop_ro("threads", &DecodePool::threads, "How many there are: fewer than asked for if the system has no more.");
  nb::class_<HeldTask>(module, "DecodeTask", "A block that is being decoded, as by `Decoder.decode`, or will be.")
      .def(nb::init<DecodePool &, const BlockDecoder &, Block, std::size_t>(), nb::arg("pool"), nb::arg("decoder"),
           exactly("block"), nb::arg("begin"), nb::keep_alive<1, 2>(), nb::keep_alive<1, 3>(), nb::keep_alive<1, 4>())
      .def("result", &HeldTask::result, nb::rv_policy::take_ownership,
           "The decoded block, once. Who waits for it decodes what no thread has begun. Releases the GIL.");
}
