// A line as container runtimes write it for Kubernetes: `TIME STREAM P|F MESSAGE`. Who cuts blocks and who decodes them
// both go by this.
#pragma once

#include "events/scan.hpp"

#include <cstring>

namespace streamstat::cri {

constexpr std::size_t kStreams = 2;  // stdout and stderr

struct ContainerLine {
  const Byte *time_end, *stream_end;  // the time stands at the start of the line, the stream behind its space
  const Byte *message;
  std::size_t stream;
  bool is_part;  // more of the message follows, on a later line of the stream

  const Byte *stream_begin() const { return time_end + 1; }
};

// A line without its newline; whether it is one of a container.
inline bool read(const Byte *p, const Byte *end, ContainerLine &line) {
  const auto is_digit_at = [p](int i) { return is_digit(p[i]); };
  if (end - p < 19 || p[4] != '-' || p[7] != '-' || p[10] != 'T' || p[13] != ':' || p[16] != ':') return false;
  for (const int i : {0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18})
    if (!is_digit_at(i)) return false;
  p += 19;
  while (p < end && *p > ' ' && *p < 0x7F) ++p;
  line.time_end = p;
  if (end - p < 9 || *p != ' ') return false;
  const bool out = std::memcmp(p + 1, "stdout ", 7) == 0;
  if (!out && std::memcmp(p + 1, "stderr ", 7) != 0) return false;
  line.stream = out ? 0 : 1;
  line.stream_end = p + 7;
  p += 8;
  if (*p != 'P' && *p != 'F') return false;
  line.is_part = *p++ == 'P';
  if (p < end && *p == ':')  // further tags
    while (p < end && *p != ' ') ++p;
  if (p < end && *p != ' ') return false;
  line.message = p < end ? p + 1 : end;
  return true;
}

}  // namespace streamstat::cri
