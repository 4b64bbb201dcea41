#include "changes/extended.hpp"

#include "changes/members.hpp"
#include "changes/typed.hpp"

#include <charconv>
#include <unordered_map>
#include <utility>
#include <vector>

namespace streamstat {

namespace {

constexpr unsigned kDeepest = 1024;

std::string number_in(std::string_view value) {
  if (!is_string(value)) return is_json_number(value) ? std::string(value) : std::string();
  const std::string text = text_of(value);
  return is_json_number(text) ? text : std::string(value);  // NaN and Infinity stay texts
}

std::string date_in(std::string_view value) {
  if (is_string(value)) return std::string(value);
  const std::string number = is_object(value) ? number_in(member(value, "\"$numberLong\"")) : std::string(value);
  std::int64_t milliseconds;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), milliseconds);
  if (read.ec != std::errc() || read.ptr != number.data() + number.size()) return {};
  const std::string text = timestamp_text(milliseconds, 1'000);
  return text.empty() ? text : quoted(text + 'Z');
}

std::string binary_in(std::string_view value) {
  const std::string_view base64 = is_object(value) ? member(value, "\"base64\"") : value;
  return is_string(base64) ? std::string(base64) : std::string();
}

std::string text_in(std::string_view value) { return is_string(value) ? std::string(value) : std::string(); }

// What an object whose first member is this stands for; empty if it is no wrapper.
std::string unwrapped(std::string_view name, std::string_view value, std::size_t members) {
  if (name == "\"$binary\"" && members <= 2) return binary_in(value);
  if (members != 1) return {};
  if (name == "\"$numberLong\"" || name == "\"$numberInt\"" || name == "\"$numberDouble\"" || name == "\"$numberDecimal\"")
    return number_in(value);
  if (name == "\"$date\"") return date_in(value);
  return name == "\"$oid\"" || name == "\"$uuid\"" || name == "\"$symbol\"" ? text_in(value) : std::string();
}

std::string plain_object(std::string_view value, unsigned depth) {
  std::string_view first, first_value;
  std::size_t members = 0;
  const bool is_whole = each_member(value, [&](std::string_view name, std::string_view each) {
    if (members++ == 0) first = name, first_value = each;
  });
  if (!is_whole) return std::string(value);
  if (members && first.starts_with("\"$"))
    if (std::string found = unwrapped(first, first_value, members); !found.empty()) return found;
  std::string out;
  ObjectWriting object(out);
  each_member(value, [&](std::string_view name, std::string_view each) { object.put(name, plain_json(each, depth + 1)); });
  object.end();
  return out;
}

std::string plain_array(std::string_view value, unsigned depth) {
  std::string out = "[";
  const bool is_whole = each_element(value, [&](std::string_view each) {
    if (out.size() > 1) out += ',';
    out += plain_json(each, depth + 1);
  });
  return is_whole ? out + ']' : std::string(value);
}

using Paths = std::unordered_map<std::string, std::string_view>;

// The names of a path: as the server has told them apart, else between its dots.
std::string path_of(std::string_view name, const Paths &told) {
  if (const auto found = told.find(std::string(name)); found != told.end() && is_array(found->second))
    return std::string(found->second);
  std::string out = "[";
  std::string_view rest = between_quotes(name);
  for (;;) {
    const std::size_t dot = rest.find('.');
    out += '"' + std::string(rest.substr(0, dot)) + '"';
    if (dot == rest.npos) return out + ']';
    out += ',';
    rest.remove_prefix(dot + 1);
  }
}

class Steps {
 public:
  void put(std::string_view what, std::string_view path, std::string_view value = {}) {
    text_ += text_.empty() ? "[[\"" : ",[\"";
    text_ += what;
    text_ += "\",";
    text_ += path;
    if (!value.empty()) (text_ += ',') += value;
    text_ += ']';
  }
  std::string text() const { return text_.empty() ? "[]" : text_ + ']'; }

 private:
  std::string text_;
};

bool is_absent(std::string_view value) { return value.empty() || is_null(value); }

// Arrays are cut before elements are set, as the server does.
bool put_steps(std::string_view description, Steps &steps) {
  Paths told;
  each_member(member(description, "\"disambiguatedPaths\""),
              [&](std::string_view name, std::string_view path) { told.emplace(name, path); });
  bool is_whole = is_object(description);
  const std::string_view cut = member(description, "\"truncatedArrays\""), removed = member(description, "\"removedFields\""),
                         updated = member(description, "\"updatedFields\"");
  if (!is_absent(cut)) {
    is_whole &= each_element(cut, [&](std::string_view each) {
      const std::string_view field = member(each, "\"field\"");
      const std::string size = plain_json(member(each, "\"newSize\""));
      if (is_string(field) && is_json_number(size)) steps.put("<", path_of(field, told), size);
      else is_whole = false;
    });
  }
  if (!is_absent(removed)) {
    is_whole &= each_element(removed, [&](std::string_view each) {
      if (is_string(each)) steps.put("-", path_of(each, told));
      else is_whole = false;
    });
  }
  if (!is_absent(updated)) {
    is_whole &= each_member(updated, [&](std::string_view name, std::string_view value) {
      steps.put("=", path_of(name, told), plain_json(value));
    });
  }
  return is_whole;
}

}  // namespace

std::string plain_json(std::string_view value, unsigned depth) {
  if (depth > kDeepest) return std::string(value);
  if (is_object(value)) return plain_object(value, depth);
  return is_array(value) ? plain_array(value, depth) : std::string(value);
}

ByteStrings plain_json_of(const TextColumn &values) {
  ByteStrings out;
  for (std::size_t row = 0; row < values.size(); ++row) {
    const std::string plain = plain_json(values[row]);
    out.data.insert(out.data.end(), plain.begin(), plain.end());
    out.end_string();
  }
  return out;
}

ByteStrings steps_of_updates(const TextColumn &descriptions, const TextColumn &keys) {
  require_size(descriptions.size(), keys.size(), "keys");
  ByteStrings out;
  for (std::size_t row = 0; row < descriptions.size(); ++row) {
    Steps steps;
    each_member(keys[row], [&](std::string_view name, std::string_view value) {
      steps.put("=", '[' + std::string(name) + ']', value);
    });
    if (put_steps(descriptions[row], steps)) {
      const std::string text = steps.text();
      out.data.insert(out.data.end(), text.begin(), text.end());
    }
    out.end_string();
  }
  return out;
}

}  // namespace streamstat
