// Drawn bytes against the formats whose records are found natively or have a grammar of their own: JSON in any layout,
// container lines, syslog, tables. Built with ASan and UBSan; every block lies in a heap buffer of its exact size.
//
//   records_fuzz SECONDS SEED FINDING   an input that breaks something is written to FINDING
//   records_fuzz FINDING                check that one input again
#include "cri/cri_decoder.hpp"
#include "cri/cri_record_ends.hpp"
#include "delimited/delimited_decoder.hpp"
#include "delimited/quoted_records.hpp"
#include "delimited/w3c_decoder.hpp"
#include "events/written.hpp"
#include "json/json_decoder.hpp"
#include "json/layout_decoder.hpp"
#include "json/record_ends.hpp"
#include "syslog/syslog_decoder.hpp"

#include <sanitizer/common_interface_defs.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <string_view>

namespace {

using namespace streamstat;
using Random = std::mt19937_64;
using Bytes = std::string;

const Bytes *present_input = nullptr;
const char *finding_path = nullptr;

void keep_input() {
  if (!present_input || !finding_path) return;
  std::ofstream(finding_path, std::ios::binary).write(present_input->data(), static_cast<std::ptrdiff_t>(present_input->size()));
  std::fprintf(stderr, "the input is in %s\n", finding_path);
}

[[noreturn]] void broken(const char *law) {
  std::fprintf(stderr, "broken: %s\n", law);
  keep_input();
  std::exit(1);
}

std::size_t below(Random &random, std::size_t n) { return n ? random() % n : 0; }

// A copy with its padding, in a buffer of that size.
struct Block {
  explicit Block(std::string_view input) : size(input.size() + kPadding), bytes(new Byte[size]) {
    std::copy(input.begin(), input.end(), bytes.get());
    std::fill(bytes.get() + input.size(), bytes.get() + size, Byte{0xA5});
  }
  std::span<Byte> span() { return {bytes.get(), size}; }
  std::size_t size;
  std::unique_ptr<Byte[]> bytes;
};

const std::vector<FieldSpec> kFields{{"a", 63}, {"a.b", 63}, {"time", 63}, {"message", 63}, {"severity", 63},
                                     {"facility", 63}, {"sd.x.k", 63}, {"app", 63}, {"stream", 63}, {"", 63 | kWritten}};

// What was found, places counted from the first byte of the input.
struct Found {
  std::vector<std::size_t> rows, bad;
  std::vector<std::int64_t> cells;
  Bytes written;
  std::size_t lines = 0;
  bool operator==(const Found &) const = default;
};

// Each event as it was written, an object of one line.
Bytes written_lines(Block &block, const Decoded &out) {
  std::vector<std::int64_t> rows(out.rows);
  std::iota(rows.begin(), rows.end(), 0);
  const ByteStrings events = written(out, block.span(), rows);
  Bytes lines;
  for (std::size_t row = 0; row < rows.size(); ++row)
    lines.append(events.data.begin() + events.offsets[row], events.data.begin() + events.offsets[row + 1]).append(1, '\n');
  Block again(lines);
  Decoded read;
  JsonDecoder({}, TimeReader()).decode(again.span(), 0, read);
  if (read.rows != out.rows || read.lines != out.rows) broken("an event is written as an object of one line");
  return lines;
}

void decode(const BlockDecoder &decoder, std::string_view input, std::size_t base, Found &found) {
  Block block(input);
  Decoded out;
  decoder.decode(block.span(), 0, out);
  if (out.records != out.rows + out.bad.size() + out.blank) broken("every record is a row, bad or blank");
  for (std::size_t row = 0; row < out.rows; ++row) {
    if (out.row_begins[row] >= out.row_ends[row] || out.row_ends[row] > input.size()) broken("a row has bytes");
    found.rows.insert(found.rows.end(), {base + out.row_begins[row], base + out.row_ends[row]});
    for (std::size_t field = 0; field < out.columns.size(); ++field) {
      const FieldColumn &column = out.column(field);
      const std::int64_t begin = column.texts.offsets[row], end = column.texts.offsets[row + 1];
      if (begin < 0 || begin > end || static_cast<std::size_t>(end) > column.texts.data.size())
        broken("texts lie behind one another");
      found.cells.insert(found.cells.end(), {column.kinds[row], column.numbers[row], static_cast<std::int64_t>(column.hashes[row]),
                                             column.times[row], column.time_kinds[row], column.present[row]});
    }
  }
  for (const BadRecord &bad : out.bad) {
    if (bad.begin >= bad.end || bad.end > input.size()) broken("a bad record has bytes");
    found.bad.insert(found.bad.end(), {base + bad.begin, base + bad.end, found.lines + bad.line, bad.column, static_cast<std::size_t>(bad.fault)});
  }
  found.lines += out.lines;
  found.written += written_lines(block, out);
  Block again(input);
  decoder.names(again.span(), 0);
}

// The input in blocks that end where `end` says, of bytes that come a few at a time; `decoder` is asked for each block.
template <typename End, typename Taken, typename Decode>
void in_pieces(std::string_view input, Random &random, End end, Taken taken, Decode decode_block) {
  std::size_t begin = 0, size = 0;
  while (size < input.size()) {
    size = std::min(input.size(), size + 1 + below(random, 40));
    Block content(input.substr(begin, size - begin));
    const std::size_t found = end(content.bytes.get(), size - begin);
    if (found > size - begin) broken("an end lies in the content");
    if (found == 0) continue;
    decode_block(input.substr(begin, found), begin);
    taken(found);
    begin += found;
  }
  decode_block(input.substr(begin), begin);
}

void check_json(std::string_view input, Random &random) {
  Found whole, pieces;
  decode(LayoutDecoder(kFields, TimeReader(), {}), input, 0, whole);
  RecordEnds ends({});
  json::Standing standing;
  in_pieces(
      input, random, [&](Byte *content, std::size_t size) { return ends.end(content, size); },
      [&](std::size_t size) { standing = ends.taken(size); },
      [&](std::string_view block, std::size_t begin) { decode(LayoutDecoder(kFields, TimeReader(), standing), block, begin, pieces); });
  if (whole != pieces) broken("JSON does not depend on where blocks are cut");
}

void check_cri(std::string_view input, Random &random) {
  const CriDecoder decoder(kFields, TimeReader());
  Found whole, pieces;
  decode(decoder, input, 0, whole);
  CriRecordEnds ends;
  in_pieces(
      input, random, [&](const Byte *content, std::size_t size) { return ends.end(content, size); },
      [&](std::size_t size) { ends.taken(size); },
      [&](std::string_view block, std::size_t begin) { decode(decoder, block, begin, pieces); });
  if (whole != pieces) broken("container lines do not depend on where blocks are cut");
}

std::size_t last_line_end(const Byte *content, std::size_t size) {
  return std::string_view(reinterpret_cast<const char *>(content), size).rfind('\n') + 1;
}

void check_syslog(std::string_view input, Random &random) {
  const SyslogDecoder decoder(kFields, TimeReader());
  Found whole, pieces;
  decode(decoder, input, 0, whole);
  in_pieces(
      input, random, last_line_end, [](std::size_t) {}, [&](std::string_view block, std::size_t begin) { decode(decoder, block, begin, pieces); });
  if (whole != pieces) broken("syslog lines do not depend on where blocks are cut");
}

// A table whose columns are named: then any whole records are read alike.
void check_table(std::string_view input, Random &random, Dialect dialect, const char *law) {
  const DelimitedDecoder decoder(kFields, TimeReader(), dialect, ColumnNames{"a", "time", "message"});
  Found whole, pieces;
  decode(decoder, input, 0, whole);
  QuotedRecords ends(dialect.separator);
  in_pieces(
      input, random,
      [&](const Byte *content, std::size_t size) { return dialect.quotes ? ends.end({content, size}) : last_line_end(content, size); },
      [&](std::size_t size) { ends.taken(size); },
      [&](std::string_view block, std::size_t begin) { decode(decoder, block, begin, pieces); });
  if (whole != pieces) broken(law);
}

void check_w3c(std::string_view input, Random &random) {
  Found whole, pieces;
  ColumnNames names{"a", "date", "time"};
  decode(W3cDecoder(kFields, TimeReader(), names), input, 0, whole);
  in_pieces(
      input, random, last_line_end, [](std::size_t) {},
      [&](std::string_view block, std::size_t begin) {
        decode(W3cDecoder(kFields, TimeReader(), names), block, begin, pieces);
        const auto *const bytes = reinterpret_cast<const Byte *>(block.data());
        names = last_w3c_names({bytes, block.size()}).value_or(names);
      });
  if (whole != pieces) broken("W3C lines do not depend on where blocks are cut");
}

void check(const Bytes &input) {
  present_input = &input;
  Random random(xxhash64(input.data(), input.size()));
  check_json(input, random);
  check_cri(input, random);
  check_syslog(input, random);
  check_table(input, random, {',', true}, "CSV does not depend on where blocks are cut");
  check_table(input, random, {'\t', false}, "TSV does not depend on where blocks are cut");
  check_w3c(input, random);
}

constexpr std::string_view kTokens[] = {
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\n", "\n", "\r\n", " ", "  ", "\t", "\"a\":", "{\"a\":", "{\"a\":{\"b\":", "[[",
    "\\u12", "\\ud83d", "\\\"", "true", "nul", "-", "1.", "17", "1e5", "\xC3\xA9", "\xC3", "\xFF", "\xEF\xBB\xBF",
    std::string_view("\0", 1), std::string_view("\n\0\0", 3), "\3", "2026-05-01T10:00:01Z stdout P ", "2026-05-01T10:00:02Z stdout F ",
    "2026-05-01T10:00:03Z stderr P:x ", "2026-05-01T10:00:04.5Z stderr F", "<34>", "<191>1 - h a 1 m ", "1 2026-05-01T10:00:01Z h a - - ",
    "Oct 11 22:14:15 ", "h app[7]: ", "app: ", "[x k=\"", "\"]", "\"\"", "\",", ",\"", "1,2026-05-01T10:00:01Z,x\n", "1\t2026-05-01T10:00:01Z\tx\n", "\\t", "\\n",
    "#Fields: date time a\n", "#Fields: a\tb\n", "#x\n", "2026-05-01 10:00:01 7\n", "[x k=\"a\\]\"] ", "- ", "words"};

Bytes drawn(Random &random) {
  Bytes input;
  for (std::size_t n = below(random, 40); n > 0; --n) input += kTokens[below(random, std::size(kTokens))];
  if (below(random, 4) == 0 && !input.empty()) input[below(random, input.size())] = static_cast<char>(random());
  return input;
}

}  // namespace

int main(int n, char **arguments) {
  if (n == 2) {
    std::ifstream file(arguments[1], std::ios::binary);
    check({std::istreambuf_iterator<char>(file), {}});
    std::puts("nothing found");
    return 0;
  }
  if (n != 4) return 2;
  finding_path = arguments[3];
  __sanitizer_set_death_callback(keep_input);
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::seconds(std::atoi(arguments[1]));
  Random random(std::strtoull(arguments[2], nullptr, 10));
  unsigned long long inputs = 0;
  for (; Clock::now() < end; ++inputs) check(drawn(random));
  std::printf("%llu inputs: nothing found\n", inputs);
  return 0;
}
