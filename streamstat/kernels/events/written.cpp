#include "events/written.hpp"

#include "text/escape.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace streamstat {

namespace {

bool is_space(char c) { return static_cast<unsigned char>(c) <= ' '; }

// The names of columns as they are spelt in front of values, and how long all of them are together.
struct Heading {
  std::vector<std::string> names;
  std::size_t size = 0;

  explicit Heading(std::span<const std::string> of) {
    for (const std::string &name : of) {
      TextBuffer text;
      text.put(",\"");
      put_json_string(text, name);
      text.put("\":");
      size += names.emplace_back(text.view()).size();
    }
  }
};

class Writing {
 public:
  Writing(const Decoded &decoded, std::span<const Byte> block)
      : decoded_(decoded), block_(block), headings_(decoded.headings.size()) {}

  void row(std::size_t row) {
    if (decoded_.row_objects.empty()) {
      put(without_space_around(text(decoded_.row_begins[row], decoded_.row_ends[row])));
    } else {
      const WrittenObject &object = decoded_.objects[decoded_.row_objects[row]];
      if (object.around == WrittenObject::kNone && object.heading == WrittenObject::kNone)
        put(without_space_around(text(object.begin, object.end)));
      else
        joined(object);
    }
    out.end_string();
  }

  ByteStrings out;

 private:
  std::string_view text(std::uint32_t begin, std::uint32_t end) const {
    const bool in_arena = begin & kInArena;
    const std::size_t lo = begin & ~kInArena, hi = end & ~kInArena;
    if (lo > hi || hi > (in_arena ? decoded_.arena.size() : block_.size())) throw std::invalid_argument("block: another");
    const Byte *const bytes = in_arena ? decoded_.arena.data() : block_.data();
    return {reinterpret_cast<const char *>(bytes) + lo, hi - lo};
  }

  // The fields of an object behind those of all that is around it.
  void joined(const WrittenObject &innermost) {
    chain_.assign(1, &innermost);
    while (chain_.back()->around != WrittenObject::kNone) chain_.push_back(&decoded_.objects[chain_.back()->around]);
    is_first_ = true;
    for (auto object = chain_.rbegin(); object != chain_.rend(); ++object) {
      const std::string_view bytes = text((*object)->begin, (*object)->end);
      if ((*object)->heading == WrittenObject::kNone)
        fields(within_braces(bytes));
      else
        columns(heading((*object)->heading), bytes);
    }
    put(is_first_ ? "{}" : "}");
  }

  void fields(std::string_view fields) {
    if (fields.empty()) return;
    comma();
    put(fields);
  }

  const Heading &heading(std::size_t number) {
    auto &found = headings_[number];
    if (!found) found.emplace(decoded_.headings[number]);
    return *found;
  }

  // Values, each behind a NUL. No line breaks are in them.
  void columns(const Heading &heading, std::string_view values) {
    const std::size_t before = out.data.size();
    out.data.resize(before + heading.size + values.size());
    Byte *const begin = out.data.data() + before, *p = begin;
    for (const std::string &name : heading.names) {
      values.remove_prefix(1);
      const std::string_view value = values.substr(0, values.find('\0'));
      values.remove_prefix(value.size());
      if (value.empty()) continue;
      p = std::ranges::copy(name, p).out;
      p = std::ranges::copy(value, p).out;
    }
    if (p > begin && std::exchange(is_first_, false)) *begin = '{';
    out.data.resize(before + static_cast<std::size_t>(p - begin));
  }

  void comma() { put(std::exchange(is_first_, false) ? "{" : ","); }

  // Line breaks stand between tokens alone: a text of JSON holds none.
  void put(std::string_view text) {
    for (std::size_t end; !text.empty(); text.remove_prefix(std::min(end + 1, text.size()))) {
      end = std::min(text.find('\n'), text.size());
      put_line(text.substr(0, end));
    }
  }

  void put_line(std::string_view text) {
    for (std::size_t end; !text.empty(); text.remove_prefix(std::min(end + 1, text.size()))) {
      end = std::min(text.find('\r'), text.size());
      const std::size_t before = out.data.size();
      out.data.resize(before + end);
      if (end) std::memcpy(out.data.data() + before, text.data(), end);
    }
  }

  const Decoded &decoded_;
  std::span<const Byte> block_;
  std::vector<std::optional<Heading>> headings_;  // those that rows were asked for of
  std::vector<const WrittenObject *> chain_;  // of a row: its object, then what is around it
  bool is_first_ = true;                      // no field has come
};

}  // namespace

std::string_view without_space_around(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view within_braces(std::string_view object) {
  const std::string_view whole = without_space_around(object);
  return whole.size() < 2 ? std::string_view() : without_space_around(whole.substr(1, whole.size() - 2));
}

ByteStrings written(const Decoded &decoded, std::span<const Byte> block, std::span<const std::int64_t> rows) {
  if (!decoded.is_written && !rows.empty()) throw std::invalid_argument("written: this was not asked for");
  Writing writing(decoded, block);
  std::size_t bytes = 0;
  for (const std::int64_t row : rows) {
    if (row < 0 || static_cast<std::size_t>(row) >= decoded.rows)
      throw std::invalid_argument("rows: there is no row " + std::to_string(row));
    bytes += decoded.row_ends[static_cast<std::size_t>(row)] - decoded.row_begins[static_cast<std::size_t>(row)];
  }
  writing.out.offsets.reserve(rows.size() + 1);
  writing.out.data.reserve(bytes);  // as much as JSON takes; else it is a guess
  for (const std::int64_t row : rows) writing.row(static_cast<std::size_t>(row));
  return std::move(writing.out);
}

}  // namespace streamstat
