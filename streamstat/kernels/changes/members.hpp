// changes/ makes the rows of a table out of what logs of its changes say: objects out of lists of names and values, texts
// into the numbers that they spell, steps that change a row deep inside. It knows columns of JSON texts, and neither
// events nor views. Begin here: how the parts of a value are walked.
//
// What is walked has been validated by a decoder, so that it is only passed over here. Of anything else the walk stops
// within the text, and says so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace streamstat {

class JsonWalk {
 public:
  explicit JsonWalk(std::string_view text) : p_(text.data()), end_(p_ + text.size()) {}

  void skip_space() {
    while (p_ < end_ && (*p_ == ' ' || *p_ == '\t' || *p_ == '\r' || *p_ == '\n')) ++p_;
  }
  bool take(char wanted) {
    skip_space();
    if (p_ == end_ || *p_ != wanted) return false;
    ++p_;
    return true;
  }
  bool at_end() {
    skip_space();
    return p_ == end_;
  }
  // The next value as it is spelt; empty if there is none.
  std::string_view value();

 private:
  const char *string_end(const char *p) const;  // p behind the opening quote; behind the closing one, or null
  const char *container_end(const char *p) const;

  const char *p_, *end_;
};

inline bool is_object(std::string_view value) { return !value.empty() && value.front() == '{'; }
inline bool is_array(std::string_view value) { return !value.empty() && value.front() == '['; }
inline bool is_string(std::string_view value) { return value.size() > 1 && value.front() == '"'; }
inline bool is_null(std::string_view value) { return value == "null"; }

// What stands between the quotes of a string, as it is spelt.
inline std::string_view between_quotes(std::string_view string) { return string.substr(1, string.size() - 2); }

// The text that the spelling of a string stands for; `quoted` with its quotes.
std::string text_of(std::string_view quoted);

// Whether two names, with their quotes, are the same.
bool is_same_name(std::string_view one, std::string_view other);

// A text in quotes; it is printable ASCII without quotes or backslashes.
inline std::string quoted(std::string_view plain) { return '"' + std::string(plain) + '"'; }

bool is_json_number(std::string_view text);

// Calls with the name, in its quotes, and the value of each member; false if this is no object.
template <typename Each>
bool each_member(std::string_view object, Each &&each) {
  JsonWalk walk(object);
  if (!walk.take('{')) return false;
  if (walk.take('}')) return walk.at_end();
  do {
    const std::string_view name = walk.value();
    if (!is_string(name) || !walk.take(':')) return false;
    const std::string_view value = walk.value();
    if (value.empty()) return false;
    each(name, value);
  } while (walk.take(','));
  return walk.take('}') && walk.at_end();
}

// The same of the elements of an array.
template <typename Each>
bool each_element(std::string_view array, Each &&each) {
  JsonWalk walk(array);
  if (!walk.take('[')) return false;
  if (walk.take(']')) return walk.at_end();
  do {
    const std::string_view value = walk.value();
    if (value.empty()) return false;
    each(value);
  } while (walk.take(','));
  return walk.take(']') && walk.at_end();
}

// The value of the last member of this name, in quotes; empty if there is none.
std::string_view member(std::string_view object, std::string_view name);

// An object that is being written, member by member, at the end of some bytes.
template <typename Out>
class ObjectWriting {
 public:
  explicit ObjectWriting(Out &out) : out_(out) { out_.push_back('{'); }
  void put(std::string_view name, std::string_view value) {
    if (has_any_) out_.push_back(',');
    has_any_ = true;
    out_.insert(out_.end(), name.begin(), name.end());
    out_.push_back(':');
    out_.insert(out_.end(), value.begin(), value.end());
  }
  void end() { out_.push_back('}'); }

 private:
  Out &out_;
  bool has_any_ = false;
};

}  // namespace streamstat
