// Where the lines of containers may be cut: where no message is open, of which only parts have come.
#pragma once

#include "cri/container_line.hpp"

namespace streamstat {

class CriRecordEnds {
 public:
  // The calls of `Records`; see streamstat.input.formats.
  std::size_t end(const Byte *content, std::size_t size);
  std::size_t forced_end(const Byte *content, std::size_t size);
  void taken(std::size_t size);

 private:
  void line(const Byte *p, const Byte *end);

  bool open_[cri::kStreams] = {};
  std::size_t done_ = 0;   // behind the last line with which no message was open
  std::size_t lines_ = 0;  // behind the last whole line
  std::size_t size_ = 0;   // of the content, when it was last seen
};

}  // namespace streamstat
