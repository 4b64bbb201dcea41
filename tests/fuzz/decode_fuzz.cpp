// Mutated lines against the decoder. Built with ASan and UBSan; every block lies in a heap buffer of its exact size.
//
//   decode_fuzz SEEDS SECONDS SEED FINDING   mutate the inputs in the file SEEDS; an input that breaks something is
//                                            written to FINDING
//   decode_fuzz FINDING                      check that one input again
//
// SEEDS holds inputs one after the other, each behind its length as four bytes, lowest first. What is projected
// follows from the input's bytes, so that a finding needs nothing else to come again.
#include "base/kinds.hpp"
#include "events/written.hpp"
#include "json/json_decoder.hpp"
#include "json/json_scan.hpp"
#include "log_formats.hpp"

#include <sanitizer/common_interface_defs.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
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

[[noreturn]] void broken(const char *law, std::size_t line = 0) {
  std::fprintf(stderr, "broken: %s (line %zu of the block)\n", law, line);
  keep_input();
  std::exit(1);
}

std::size_t below(Random &random, std::size_t n) { return n ? random() % n : 0; }

template <typename Choices>
auto one_of(Random &random, const Choices &choices) {
  return choices[below(random, std::size(choices))];
}

// ---- one input, checked ----------------------------------------------------------------------------------------

constexpr std::string_view kPaths[] = {"a", "b", "ts", "a.b", "a.b.c", "user.id", "", ".", "a.", "path", "status",
                                       "time", "\xC3\xA9", "latency_ms", "b.a", "x", "a[0]", "a[-1].b", "b[1][-2]", "a.b[0].c"};
constexpr const char *kPatterns[] = {"%d/%b/%Y:%H:%M:%S %z", "%Y-%m-%dT%H:%M:%S.%f", "%s", "%A %j %y %I%p %%",
                                     "%e %B %T%n%D", "%b %d %H:%M:%S %Z", "%Y%m%d%H%M%S"};

TimeReader times(Random &random) {
  std::vector<TimePattern> patterns;
  for (std::size_t n = below(random, 3); n > 0; --n) patterns.emplace_back(one_of(random, kPatterns));
  return TimeReader(static_cast<TimeUnit>(below(random, 5)), patterns, {{"CEST", {{0, 7'200'000'000}}}, {"CET", {{0, 3'600'000'000}}}});
}

std::vector<FieldSpec> projection(Random &random) {
  std::vector<FieldSpec> fields;
  for (std::size_t n = below(random, 7); n > 0; --n)
    fields.push_back({std::string(one_of(random, kPaths)), static_cast<std::uint16_t>(below(random, 128))});
  if (!below(random, 3)) fields.push_back({std::string(one_of(random, kPaths)), kUnwrap});
  if (!below(random, 3)) fields.push_back({std::string(one_of(random, kPaths)), kEach});
  if (!below(random, 3)) fields.push_back({"", kWritten});
  if (!below(random, 3)) fields.push_back({"", kWritten | kNotes});
  return fields;
}

bool asks_for(std::span<const FieldSpec> fields, Need need) {
  return std::any_of(fields.begin(), fields.end(), [&](const FieldSpec &field) { return field.needs & need; });
}

// A decoded block and the buffer that its texts lie in.
struct Block {
  std::size_t size;
  std::unique_ptr<Byte[]> bytes;
  Decoded decoded;

  Block(const BlockDecoder &decoder, std::string_view input) : size(input.size() + kPadding), bytes(new Byte[size]) {
    if (!input.empty()) std::memcpy(bytes.get(), input.data(), input.size());
    std::memset(bytes.get() + input.size(), 0xA5, kPadding);
    decoder.decode({bytes.get(), size}, 0, decoded);
  }

  std::string_view text(const FieldColumn &column, std::size_t row) const {
    const std::int64_t begin = column.texts.offsets[row], end = column.texts.offsets[row + 1];
    const bool begins = row || begin == 0, ends = row + 1 < decoded.rows || static_cast<std::size_t>(end) == column.texts.data.size();
    if (!begins || !ends || begin > end || static_cast<std::size_t>(end) > column.texts.data.size())
      broken("texts lie behind one another", row);
    if (begin == end) return {};
    return {reinterpret_cast<const char *>(column.texts.data.data()) + begin, static_cast<std::size_t>(end - begin)};
  }
};

bool is_utf8(std::string_view text) {
  Bytes ended(text);
  ended.append(4, '\0');  // what a sequence that is cut short reads
  const auto *p = reinterpret_cast<const Byte *>(ended.data());
  for (const auto *const end = p + text.size(); p < end;) {
    if (*p >= 0x80 && !skip_utf8(p)) return false;
    p = *p < 0x80 ? p + 1 : skip_utf8(p);
  }
  return true;
}

void check_number(std::uint8_t kind, std::int64_t number, std::string_view text, std::size_t row) {
  const Bytes spelling(text);
  const double value = std::strtod(spelling.c_str(), nullptr);
  if (kind == kind::integer && std::to_string(number) != (spelling == "-0" ? "0" : spelling))
    broken("an integer has the value of its spelling", row);
  if (kind == kind::real && std::memcmp(&value, &number, sizeof value) != 0)
    broken("a double has the value of its spelling", row);
  if (kind == kind::huge && value < HUGE_VAL && value > -HUGE_VAL) broken("only what no double holds is huge", row);
}

void check_cell(const Block &block, const FieldColumn &column, std::size_t row) {
  const std::uint8_t kind = column.kinds[row];
  if (kind > kind::huge) broken("a kind is one of eight", row);
  if (column.needs & kTime) {
    if (column.time_kinds[row] > 3) broken("a kind of time is one of four", row);
    if (column.times[row] < kMinTimeUs || column.times[row] > kMaxTimeUs) broken("a time lies in years 1 to 9999", row);
  }
  if (!(column.needs & kText)) return;
  const std::string_view text = block.text(column, row);
  if (!is_utf8(text)) broken("a text is UTF-8", row);
  if (kind == kind::text && (column.needs & kHash) && column.hashes[row] != xxhash64(text.data(), text.size()))
    broken("the hash of a text is that of its bytes", row);
  if (column.needs & kNumber) check_number(kind, column.numbers[row], text, row);
}

void append(Bytes &out, const void *data, std::size_t size) { out.append(static_cast<const char *>(data), size); }

template <typename T>
void append(Bytes &out, T value) {
  append(out, &value, sizeof value);
}

// All that a cell holds, codes as what they stand for: equal cells give equal bytes, wherever their block began.
void append_cell(Bytes &out, const Block &block, const FieldColumn &column, std::size_t row) {
  append(out, column.kinds[row]);
  if (column.needs & kNumber) append(out, column.numbers[row]);
  if (column.needs & kHash) append(out, column.hashes[row]);
  if (column.needs & kPresent) append(out, column.present[row]);
  if (column.needs & kTime) append(out, column.times[row]), append(out, column.time_kinds[row]);
  if (column.needs & kText) {
    const std::string_view text = block.text(column, row);
    append(out, text.size());
    out += text;
  }
  if (column.needs & kCode) {
    const auto entries = column.dictionary.entries();
    const auto code = static_cast<std::size_t>(column.codes[row]);
    if (code >= entries.size()) broken("a code stands for an entry", row);
    append(out, entries[code].size);
    append(out, entries[code].kind == kind::real || entries[code].kind == kind::huge ? kind::integer : entries[code].kind);
    if (entries[code].size) append(out, column.dictionary.bytes().data() + entries[code].offset, entries[code].size);
  }
}

struct Lines {
  Bytes rows, bad, written;  // what was found, `lines` and places counted from the first of the input
  std::map<std::string, Bytes> noted;  // by field
  std::size_t lines = 0, n_rows = 0, blank = 0, nuls = 0, holes = 0;
};

// The bytes of a record, or of an element, in the block or in the arena.
void append_bytes(Bytes &out, const Block &block, std::uint32_t begin, std::uint32_t end) {
  const bool in_arena = begin & kInArena;
  const std::size_t lo = begin & ~kInArena, hi = end & ~kInArena;
  if (lo >= hi || hi > (in_arena ? block.decoded.arena.size() : block.size)) broken("a record has bytes");
  append(out, (in_arena ? block.decoded.arena.data() : block.bytes.get()) + lo, hi - lo);
}

// Each event as it was written is an object of one line.
void append_written(Bytes &out, const Block &block) {
  std::vector<std::int64_t> rows(block.decoded.rows);
  std::iota(rows.begin(), rows.end(), 0);
  const ByteStrings events = written(block.decoded, {block.bytes.get(), block.size}, rows);
  Bytes lines;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto begin = static_cast<std::size_t>(events.offsets[row]), end = static_cast<std::size_t>(events.offsets[row + 1]);
    lines.append(events.data.begin() + static_cast<std::ptrdiff_t>(begin), events.data.begin() + static_cast<std::ptrdiff_t>(end));
    lines += '\n';
  }
  const Block again(JsonDecoder({}, TimeReader(TimeUnit::automatic, {}, {})), lines);
  if (again.decoded.rows != rows.size() || again.decoded.lines != rows.size()) broken("an event is written as an object of one line");
  out += lines;
}

// Each value is a part of its row.
void append_noted(Lines &out, const Block &block) {
  const Decoded &decoded = block.decoded;
  if (decoded.noted_size != block.size) broken("values are noted in the bytes of the block");
  for (const NotedField &field : decoded.noted) {
    if (!is_utf8(field.path) || field.values.empty()) broken("a field has a name and values");
    for (std::size_t i = 0; i < field.values.size(); ++i) {
      const NotedValue &value = field.values[i];
      if (value.row >= decoded.rows || (i && value.row <= field.values[i - 1].row)) broken("a row has a value once", value.row);
      if (value.begin < decoded.row_begins[value.row] || value.begin + value.size > decoded.row_ends[value.row])
        broken("a value stands in its row", value.row);
      Bytes &values = out.noted[field.path];
      append(values, out.n_rows + value.row);
      append(values, value.kind);
      append(values, value.number);
      append(values, value.hash);
      append(values, block.bytes.get() + value.begin, value.size);
    }
  }
}

void append_block(Lines &out, Block &&block, std::size_t begin) {
  Decoded &decoded = block.decoded;
  if (decoded.records != decoded.blank + decoded.bad.size() + decoded.rows) broken("every record is blank, bad or a row");
  const bool has_elements = decoded.record_begins.capacity() > 0;
  for (std::size_t row = 0; row < decoded.rows; ++row) {
    append_bytes(out.rows, block, decoded.row_begins[row], decoded.row_ends[row]);
    const auto &begins = has_elements ? decoded.record_begins : decoded.row_begins;
    const auto &ends = has_elements ? decoded.record_ends : decoded.row_ends;
    if (row && begins[row] != begins[row - 1] && begins[row] < ends[row - 1]) broken("records stand in order", row);
    append(out.rows, begin + begins[row]);
    append(out.rows, begin + ends[row]);
    for (std::size_t field = 0; field < decoded.columns.size(); ++field) {
      const FieldColumn &column = decoded.column(field);
      check_cell(block, column, row);
      append_cell(out.rows, block, column, row);
    }
  }
  if (decoded.is_written) append_written(out.written, block);
  if (decoded.is_noted) append_noted(out, block);
  for (const BadRecord &bad : decoded.bad) {
    if (bad.column == 0 || bad.column > block.size || bad.record > block.size) broken("a bad record has a place", bad.line);
    append(out.bad, out.lines + bad.line);
    append(out.bad, bad.column);
    append_bytes(out.bad, block, bad.begin, bad.end);
    append(out.bad, begin + bad.record);
    append(out.bad, bad.fault);
  }
  out.lines += decoded.lines;
  out.n_rows += decoded.rows;
  out.blank += decoded.blank;
  out.nuls += decoded.nuls;
  out.holes += decoded.holes;
}

// The input in blocks of whole lines, cut with this chance at each newline.
Lines decode(const BlockDecoder &decoder, std::string_view input, Random &random, std::size_t one_in) {
  Lines found;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= input.size(); ++at) {
    const bool is_end = at == input.size();
    if (!is_end && (input[at] != '\n' || !one_in || below(random, one_in))) continue;
    const std::size_t end = is_end ? at : at + 1;
    append_block(found, Block(decoder, input.substr(begin, end - begin)), begin);
    begin = end;
  }
  return found;
}

// `unread_decoder` is the same without a field.
void check(const Bytes &input, const std::vector<FieldSpec> &fields, const BlockDecoder &decoder, const BlockDecoder &unread_decoder,
           Random &random) {
  const Lines whole = decode(decoder, input, random, 0);
  const Lines cut = decode(decoder, input, random, 1 + below(random, 3));
  if (whole.written != cut.written) broken("how events were written does not depend on where blocks are cut");
  if (whole.noted != cut.noted) broken("what is noted does not depend on where blocks are cut");
  if (whole.rows != cut.rows) broken("rows do not depend on where blocks are cut");
  if (whole.bad != cut.bad || whole.lines != cut.lines || whole.blank != cut.blank)
    broken("bad and blank lines do not depend on where blocks are cut");
  if (whole.nuls != cut.nuls || whole.holes != cut.holes) broken("holes do not depend on where blocks are cut");
  const Lines unread = decode(unread_decoder, input, random, 0);
  if (!asks_for(fields, kEach) && (whole.n_rows != unread.n_rows || whole.bad != unread.bad))
    broken("what is wrong with a line does not depend on the fields that are wanted");
  Bytes padded = input + Bytes(kPadding, '\0');
  const auto exact = std::make_unique<Byte[]>(padded.size());
  std::memcpy(exact.get(), padded.data(), padded.size());
  const auto names = decoder.names({exact.get(), padded.size()}, 0);
  if (unread.n_rows == 0 && !names.empty()) broken("only an event has names");
  for (const std::string &name : names)
    if (!is_utf8(name)) broken("a name is UTF-8");
}

void check(const Bytes &input) {
  present_input = &input;
  Random random(xxhash64(input.data(), input.size()));
  const TimeReader reader = times(random);
  const std::vector<FieldSpec> fields = projection(random);
  check(input, fields, JsonDecoder(fields, reader), JsonDecoder({}, reader), random);
  const std::size_t format = random();
  check(input, fields, *log_decoder(format, fields, reader), *log_decoder(format, {}, reader), random);
}

// ---- mutations -------------------------------------------------------------------------------------------------

constexpr std::string_view kTokens[] = {
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\n", "\r\n", " ", "\t", "\"a\":", "\"b\":", "{\"a\":", "[[", "]]",
    "\\u", "\\ud83d\\ude00", "\\ud83d", "\\udc00", "\\u0000", "\\\"", "true", "false", "null", "nul", "-", "-0",
    "0", "00", "0.", ".5", "1e", "1e5", "1E+400", "-1e-400", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "18446744073709551616", "0.1", "5e-324", "1.7976931348623159e308", "2.2250738585072011e-308",
    "9007199254740993", "123456789012345678901234567890", "\"2026-01-01T00:00:00Z\"", "\"2026-02-29 24:00\"",
    "\"1767225600.5\"", "1767225600000", "\"0001-01-01T00:00:00+23:59\"", "\"9999-12-31T23:59:60.9999999-23:59\"",
    "\"10/Oct/2025:13:55:36 +0200\"", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xED\xA0\x80", "\xC0\x80",
    "\xFF", "\x80", "\xEF\xBB\xBF", std::string_view("\0", 1), std::string_view("\n\0\0\0", 4), "NaN", "Infinity", "//", "\"user.id\":", "\"user\":{\"id\":", "\"a\":[{", "\"{\\\"a\\\":", "\\n}\"", "\"a[0]\":", "\"a.b\":"};

constexpr std::size_t kMaxSize = 1 << 14;

void mutate(Bytes &input, const std::vector<Bytes> &seeds, Random &random) {
  const std::size_t at = below(random, input.size() + 1), size = std::min(below(random, 24), input.size() - at);
  switch (below(random, 9)) {
    case 0:
      if (at < input.size()) input[at] = static_cast<char>(input[at] ^ 1 << below(random, 8));
      break;
    case 1: input.insert(at, 1, static_cast<char>(random())); break;
    case 2: input.erase(at, size); break;
    case 3: {  // splice
      const Bytes &other = one_of(random, seeds);
      input = input.substr(0, at) + other.substr(below(random, other.size() + 1));
      break;
    }
    case 4: input.insert(below(random, input.size() + 1), input.substr(at, size)); break;
    case 5: input.resize(at); break;
    case 6: {
      const Bytes part = input.substr(at, size);
      for (std::size_t n = below(random, below(random, 40) ? 8 : 1200); n > 0 && input.size() < kMaxSize; --n) input.insert(at, part);
      break;
    }
    default: input.replace(at, below(random, 2) ? size : 0, one_of(random, kTokens));
  }
}

Bytes drawn(const std::vector<Bytes> &seeds, Random &random) {
  Bytes input = one_of(random, seeds);
  for (std::size_t n = below(random, 4); n > 0; --n) input += (below(random, 8) ? "\n" : "") + one_of(random, seeds);
  for (std::size_t n = below(random, 2) ? 1 : below(random, 12); n > 0; --n) mutate(input, seeds, random);
  input.resize(std::min(input.size(), kMaxSize));
  return input;
}

Bytes content(const char *path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) std::fprintf(stderr, "cannot read %s\n", path), std::exit(2);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Bytes> read_seeds(const char *path) {
  const Bytes all = content(path);
  std::vector<Bytes> seeds;
  for (std::size_t at = 0; at + 4 <= all.size();) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size |= std::size_t{static_cast<unsigned char>(all[at + i])} << (8 * i);
    seeds.push_back(all.substr(at + 4, size));
    at += 4 + size;
  }
  return seeds;
}

}  // namespace

int main(int n, char **arguments) {
  if (n == 2) {
    check(content(arguments[1]));
    std::puts("nothing found");
    return 0;
  }
  if (n != 5) return 2;
  finding_path = arguments[4];
  __sanitizer_set_death_callback(keep_input);
  const std::vector<Bytes> seeds = read_seeds(arguments[1]);
  for (const Bytes &seed : seeds) check(seed);
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::seconds(std::atoi(arguments[2]));
  Random random(std::strtoull(arguments[3], nullptr, 10));
  unsigned long long inputs = 0, bytes = 0;
  for (; Clock::now() < end; ++inputs) {
    const Bytes input = drawn(seeds, random);
    check(input);
    bytes += input.size();
  }
  std::printf("%llu inputs of %llu bytes on average from %zu seeds: nothing found\n", inputs, inputs ? bytes / inputs : 0,
              seeds.size());
  return 0;
}
