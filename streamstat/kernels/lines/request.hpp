// The request line of an access log, `GET /a?b=1 HTTP/1.1`, as it was logged: with its escapes.
#pragma once

#include "lines/log_text.hpp"

namespace streamstat {

enum class RequestPart : std::uint8_t { method, path, query, protocol };

// The parts of a request; one that is none (`-`, bytes of another protocol) has no parts.
class Request {
 public:
  Request() = default;
  explicit Request(Span text) {
    const Byte *const first = find_blank_or<>(text.begin);
    const Byte *last = text.end;
    while (last > text.begin && last[-1] != ' ') --last;
    // At least one byte between the two spaces.
    if (last - first < 3 || *first != ' ' || !is_method({text.begin, first}) || !is_protocol({last, text.end})) return;
    const Byte *const path = first + 1, *const behind = last - 1;
    const auto *const mark =
        static_cast<const Byte *>(std::memchr(path, '?', static_cast<std::size_t>(behind - path)));
    method_ = {text.begin, first};
    path_ = {path, mark ? mark : behind};
    if (mark) query_ = {mark + 1, behind};
    protocol_ = {last, text.end};
  }

  // is_plain: its line is.
  Cell cell(RequestPart part, bool is_plain) const {
    const Span &text = part == RequestPart::method ? method_
                       : part == RequestPart::path ? path_
                       : part == RequestPart::query ? query_
                                                    : protocol_;
    if (!text.begin) return null_cell(nullptr);
    return logged_cell(text.begin, text.end, is_plain);
  }

 private:
  // What RFC 9110 calls a token, as every method is one.
  static bool is_method(Span text) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    const auto in_token = [&](Byte c) {
      return is_letter(c) || is_digit(c) || others.find(static_cast<char>(c)) != std::string_view::npos;
    };
    return text.begin < text.end && std::all_of(text.begin, text.end, in_token);
  }

  // `HTTP/1.1`, `RTSP/1.0`: a name and a version.
  static bool is_protocol(Span text) {
    const Byte *p = text.begin;
    while (p < text.end && is_letter(*p)) ++p;
    if (p == text.begin || p == text.end || *p != '/' || ++p == text.end || !is_digit(*p)) return false;
    return std::all_of(p, text.end, [](Byte c) { return is_digit(c) || c == '.'; });
  }

  static bool is_letter(Byte c) { return static_cast<Byte>((c | 0x20) - 'a') < 26; }

  Span method_, path_, query_, protocol_;
};

}  // namespace streamstat
