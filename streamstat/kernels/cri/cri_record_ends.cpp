#include "cri/cri_record_ends.hpp"

#include <algorithm>

namespace streamstat {

std::size_t CriRecordEnds::end(const Byte *content, std::size_t size) {
  const Byte *const end = content + size;
  for (const Byte *from = content + std::max(lines_, size_); from < end;) {
    const auto *newline = static_cast<const Byte *>(std::memchr(from, '\n', static_cast<std::size_t>(end - from)));
    if (!newline) break;
    line(content + lines_, newline);
    from = newline + 1;
    lines_ = static_cast<std::size_t>(from - content);
    if (std::none_of(open_, open_ + cri::kStreams, [](bool open) { return open; })) done_ = lines_;
  }
  size_ = size;
  return done_;
}

void CriRecordEnds::line(const Byte *p, const Byte *end) {
  while (p < end && *p == 0) ++p;
  cri::ContainerLine read;
  if (cri::read(p, end > p && end[-1] == '\r' ? end - 1 : end, read)) open_[read.stream] = read.is_part;
}

std::size_t CriRecordEnds::forced_end(const Byte *content, std::size_t size) {
  end(content, size);
  std::fill(open_, open_ + cri::kStreams, false);  // what has come of a message stands for it
  return done_ = lines_;
}

void CriRecordEnds::taken(std::size_t size) {
  for (std::size_t *each : {&done_, &lines_, &size_}) *each -= std::min(*each, size);
}

}  // namespace streamstat
