// cri/ turns the lines of containers into columns: parts of a message are joined, and one that is a JSON object gives its
// fields. It touches no Python object but in bind_cri.cpp. Begin here, then container_line.hpp, which reads a line, and
// cri_record_ends.hpp, which says where blocks may end.
#pragma once

#include "events/block_decoder.hpp"
#include "events/time_reader.hpp"
#include "json/path_tree.hpp"

namespace streamstat {

class CriDecoder : public BlockDecoder {
 public:
  CriDecoder(std::vector<FieldSpec> specs, TimeReader times);
  void decode(std::span<Byte> block, std::size_t begin, Decoded &out) const override;

  std::vector<std::string> names(std::span<Byte> block, std::size_t begin) const override;

 private:
  friend class ContainerMessages;
  enum class Own : std::uint8_t { none, stream, time, message };

  // The fields that are looked for in messages: behind those that are wanted, `stream` and `time` if events are written.
  static std::vector<FieldSpec> looked_for(std::vector<FieldSpec> specs);

  std::vector<FieldSpec> specs_;
  std::vector<Own> own_;  // of each field: what it is of the line, where the message has no such field
  PathTree tree_;
  TimeReader times_;
};

}  // namespace streamstat
