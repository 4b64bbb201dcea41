#include "changes/members.hpp"

#include "base/buffer.hpp"
#include "json/json_text.hpp"

#include <algorithm>
#include <cstring>

namespace streamstat {

const char *JsonWalk::string_end(const char *p) const {
  while (p < end_) {
    const auto *const quote = static_cast<const char *>(std::memchr(p, '"', static_cast<std::size_t>(end_ - p)));
    if (!quote) return nullptr;
    const char *slash = quote;
    while (slash > p && slash[-1] == '\\') --slash;
    p = quote + 1;
    if ((quote - slash) % 2 == 0) return p;
  }
  return nullptr;
}

const char *JsonWalk::container_end(const char *p) const {
  for (std::size_t depth = 0; p < end_;) {
    const char c = *p++;
    if (c == '"') {
      p = string_end(p);
      if (!p) return nullptr;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return p;
    }
  }
  return nullptr;
}

std::string_view JsonWalk::value() {
  skip_space();
  const char *const begin = p_;
  const char *end = p_;
  if (p_ == end_) return {};
  if (*p_ == '"') {
    end = string_end(p_ + 1);
  } else if (*p_ == '{' || *p_ == '[') {
    end = container_end(p_);
  } else {
    constexpr std::string_view ends(",]}: \t\r\n");
    while (end < end_ && ends.find(*end) == ends.npos) ++end;
  }
  if (!end) return {};
  p_ = end;
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::string text_of(std::string_view quoted) {
  const std::string_view spelling = between_quotes(quoted);
  if (spelling.find('\\') == spelling.npos) return std::string(spelling);
  std::string padded(spelling);
  padded.append(16, '0');  // an escape that is cut off is read beyond the end
  std::string out(padded.size(), '\0');
  const auto *const begin = reinterpret_cast<const std::uint8_t *>(padded.data());
  auto *const first = reinterpret_cast<std::uint8_t *>(out.data());
  out.resize(static_cast<std::size_t>(json::unescape(begin, begin + spelling.size(), first) - first));
  return out;
}

bool is_same_name(std::string_view one, std::string_view other) {
  if (one == other) return true;
  if (one.find('\\') == one.npos && other.find('\\') == other.npos) return false;
  return text_of(one) == text_of(other);
}

bool is_json_number(std::string_view text) {
  std::string padded(text);
  padded.append(2, '\n');
  const auto *const begin = reinterpret_cast<const std::uint8_t *>(padded.data());
  if (text.empty() || (*begin != '-' && !is_digit(*begin))) return false;
  Failure failure;
  const std::uint8_t *const end = json::skip_number(begin, failure);
  return end == begin + text.size();
}

std::string_view member(std::string_view object, std::string_view name) {
  std::string_view found;
  each_member(object, [&](std::string_view each, std::string_view value) {
    if (is_same_name(each, name)) found = value;
  });
  return found;
}

}  // namespace streamstat
