#include "changes/objects.hpp"

#include "base/kinds.hpp"
#include "changes/members.hpp"
#include "changes/name_index.hpp"
#include "text/escape.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace streamstat {

namespace {

using Out = std::vector<std::uint8_t>;

void put(Out &out, std::string_view text) { out.insert(out.end(), text.begin(), text.end()); }

// What was begun for a row is taken back where it turns out not to be of the shape.
class Row {
 public:
  explicit Row(ByteStrings &strings) : strings_(strings), begin_(strings.data.size()) {}
  void end(bool is_whole) {
    if (!is_whole) strings_.data.resize(begin_);
    strings_.end_string();
  }

 private:
  ByteStrings &strings_;
  std::size_t begin_;
};

std::vector<std::string_view> list(std::string_view array, bool &is_array) {
  std::vector<std::string_view> out;
  is_array = each_element(array, [&](std::string_view each) { out.push_back(each); });
  return out;
}

// The members of one object with those of others laid over them: each name once.
class Overlay {
 public:
  void clear() {
    names_.clear();
    members_.clear();
  }
  // Nothing is put of what is no object.
  bool put_all(std::string_view object) {
    if (!each_member(object, [](std::string_view, std::string_view) {})) return false;
    return each_member(object, [&](std::string_view name, std::string_view value) { put(name, value); });
  }
  void write(Out &out) const {
    ObjectWriting object(out);
    for (const auto &[name, value] : members_) object.put(name, value);
    object.end();
  }

 private:
  void put(std::string_view name, std::string_view value) {
    const std::size_t found = names_.find(name);
    if (found != NameIndex::kNone) {
      members_[found].second = value;
      return;
    }
    names_.add(name);
    members_.emplace_back(name, value);
  }

  NameIndex names_;
  std::vector<std::pair<std::string_view, std::string_view>> members_;
};

}  // namespace

Elements array_elements(const TextColumn &arrays) {
  Elements out;
  out.valid.resize(arrays.size());
  for (std::size_t row = 0; row < arrays.size(); ++row) {
    const std::size_t elements = out.rows.size(), bytes = out.texts.data.size();
    out.valid[row] = each_element(arrays[row], [&](std::string_view each) {
      out.rows.push_back(static_cast<std::int64_t>(row));
      put(out.texts.data, each);
      out.texts.end_string();
    });
    if (out.valid[row]) continue;
    out.rows.resize(elements);
    out.texts.offsets.resize(elements + 1);
    out.texts.data.resize(bytes);
  }
  return out;
}

ByteStrings objects_of_pairs(const TextColumn &names, const TextColumn &values) {
  ByteStrings out;
  for (std::size_t row = 0; row < names.size(); ++row) {
    Row made(out);
    bool are_lists[2];
    const auto of_names = list(names[row], are_lists[0]), of_values = list(values[row], are_lists[1]);
    bool is_whole = are_lists[0] && are_lists[1] && of_names.size() == of_values.size();
    if (is_whole) {
      ObjectWriting object(out.data);
      for (std::size_t i = 0; i < of_names.size() && is_whole; ++i) {
        is_whole = is_string(of_names[i]);
        object.put(of_names[i], of_values[i]);
      }
      object.end();
    }
    made.end(is_whole);
  }
  return out;
}

ByteStrings objects_of_named(const TextColumn &lists) {
  ByteStrings out;
  for (std::size_t row = 0; row < lists.size(); ++row) {
    Row made(out);
    ObjectWriting object(out.data);
    bool are_columns = true;
    const bool is_list = each_element(lists[row], [&](std::string_view each) {
      const std::string_view name = member(each, "\"name\""), value = member(each, "\"value\"");
      are_columns &= is_string(name);
      if (is_string(name)) object.put(name, value.empty() ? "null" : value);
    });
    object.end();
    made.end(is_list && are_columns);
  }
  return out;
}

namespace {

std::string_view without_schema(std::string_view object) {
  std::size_t members = 0;
  each_member(object, [&](std::string_view, std::string_view) { ++members; });
  const std::string_view payload = member(object, "\"payload\"");
  return members == 2 && !payload.empty() && !member(object, "\"schema\"").empty() ? payload : object;
}

// The value that a text is: of JSON, else the text itself.
std::string value_of(std::string_view text) {
  JsonWalk walk(text);
  const std::string_view value = walk.value();
  const bool is_one = !value.empty() && walk.at_end();
  if (is_one && (is_string(value) || is_json_number(value) || value == "true" || value == "false" || is_null(value)))
    return std::string(value);
  TextBuffer out;
  put_json_string(out, text);
  return '"' + std::string(out.view()) + '"';
}

}  // namespace

ByteStrings objects_of_keys(std::span<const std::uint8_t> kinds, const TextColumn &texts, std::string_view name) {
  require_size(kinds.size(), texts.size(), "texts");
  ByteStrings out;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::string_view text = texts[row];
    const bool is_whole = each_member(text, [](std::string_view, std::string_view) {});
    const std::string_view object = is_whole ? without_schema(text) : text;
    if (is_whole && is_object(object)) {
      put(out.data, object);
    } else if (!name.empty() && kinds[row] != kind::null) {
      ObjectWriting made(out.data);
      made.put(name, is_whole ? std::string(object) : value_of(text));
      made.end();
    }
    out.end_string();
  }
  return out;
}

ByteStrings names_of_members(const TextColumn &objects) {
  ByteStrings out;
  for (std::size_t row = 0; row < objects.size(); ++row) {
    Row made(out);
    out.data.push_back('[');
    std::size_t n = 0;
    const bool is_whole = each_member(objects[row], [&](std::string_view name, std::string_view) {
      if (n++) out.data.push_back(',');
      put(out.data, name);
    });
    out.data.push_back(']');
    made.end(is_whole);
  }
  return out;
}

ByteStrings objects_without(const TextColumn &objects, std::string_view prefix) {
  ByteStrings out;
  for (std::size_t row = 0; row < objects.size(); ++row) {
    Row made(out);
    ObjectWriting object(out.data);
    const bool is_whole = each_member(objects[row], [&](std::string_view name, std::string_view value) {
      if (!between_quotes(name).starts_with(prefix)) object.put(name, value);
    });
    object.end();
    made.end(is_whole);
  }
  return out;
}

ByteStrings objects_overlaid(const TextColumn &below, const TextColumn &above) {
  require_size(below.size(), above.size(), "above");
  ByteStrings out;
  Overlay both;
  for (std::size_t row = 0; row < below.size(); ++row) {
    both.clear();
    const bool is_below = both.put_all(below[row]), is_above = both.put_all(above[row]);
    if (is_below || is_above) both.write(out.data);
    out.end_string();
  }
  return out;
}

bool is_mysql_number(std::string_view type) {
  constexpr std::array kNumbers{"tinyint", "smallint", "mediumint", "int",   "integer", "bigint", "decimal",
                                "dec",     "numeric",  "fixed",     "float", "double",  "real",   "bit"};
  std::string word;
  for (const char c : type) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (lower < 'a' || lower > 'z') break;
    word += lower;
  }
  return std::ranges::find(kNumbers, word) != kNumbers.end();
}

ByteStrings objects_with_numbers(const TextColumn &objects, const TextColumn &types, std::span<const std::int64_t> types_of) {
  require_size(objects.size(), types_of.size(), "types_of");
  ByteStrings out;
  std::string_view known;
  NameIndex columns;
  std::vector<bool> are_numbers;
  for (std::size_t row = 0; row < objects.size(); ++row) {
    const auto of = static_cast<std::uint64_t>(types_of[row]);
    if (of >= types.size()) throw std::invalid_argument("types_of: there is no such row");
    if (const std::string_view type = types[of]; type != known || row == 0) {
      known = type;
      columns.clear();
      are_numbers.clear();
      each_member(type, [&](std::string_view name, std::string_view each) {
        columns.add(name);
        are_numbers.push_back(is_string(each) && is_mysql_number(between_quotes(each)));
      });
    }
    Row made(out);
    ObjectWriting object(out.data);
    const bool is_whole = each_member(objects[row], [&](std::string_view name, std::string_view value) {
      const std::size_t column = columns.find(name);
      if (column != NameIndex::kNone && are_numbers[column] && is_string(value) && is_json_number(between_quotes(value)))
        value = between_quotes(value);
      object.put(name, value);
    });
    object.end();
    made.end(is_whole);
  }
  return out;
}

std::vector<std::int64_t> rows_with(const TextColumn &texts, const std::vector<std::string> &needles) {
  std::vector<std::int64_t> out;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const auto is_in = [&](const std::string &needle) { return texts[row].find(needle) != std::string_view::npos; };
    if (std::ranges::any_of(needles, is_in)) out.push_back(static_cast<std::int64_t>(row));
  }
  return out;
}

std::pair<ByteStrings, ByteStrings> without_marks(const TextColumn &objects, const std::vector<std::string> &marks) {
  std::pair<ByteStrings, ByteStrings> out;
  const auto is_mark = [&](std::string_view value) {
    if (is_array(value)) {
      std::vector<std::string_view> elements;
      if (!each_element(value, [&](std::string_view each) { elements.push_back(each); }) || elements.size() != 1) return false;
      value = elements[0];
    }
    return is_string(value) && std::ranges::find(marks, between_quotes(value)) != marks.end();
  };
  for (std::size_t row = 0; row < objects.size(); ++row) {
    Row made(out.first), marked(out.second);
    ObjectWriting rest(out.first.data), names(out.second.data);
    bool has_marks = false;
    const bool is_whole = each_member(objects[row], [&](std::string_view name, std::string_view value) {
      const bool is_it = is_mark(value);
      (is_it ? names : rest).put(name, is_it ? "null" : value);
      has_marks |= is_it;
    });
    rest.end();
    names.end();
    made.end(is_whole);
    marked.end(is_whole && has_marks);
  }
  return out;
}

}  // namespace streamstat
