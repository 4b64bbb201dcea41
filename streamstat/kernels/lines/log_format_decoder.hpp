// Lines of an nginx log_format: each field ends where the text behind it stands first.
#pragma once

#include "events/block_decoder.hpp"
#include "events/time_reader.hpp"
#include "lines/request.hpp"

#include <optional>

namespace streamstat {

class LogFormatDecoder : public BlockDecoder {
 public:
  // `head` stands in front of the first of the fields, each of which has a name and the text behind it, which is empty for
  // the last one alone. A field of the name `request` gives the parts of a request instead.
  using Steps = std::vector<std::pair<std::string, std::string>>;
  LogFormatDecoder(std::string head, Steps steps, const std::vector<FieldSpec> &fields, TimeReader times);
  void decode(std::span<Byte> block, std::size_t begin, Decoded &out) const override;

  std::vector<std::string> names(std::span<Byte> block, std::size_t begin) const override;

 private:
  friend class LogFormatParser;
  // Where a field's value comes from.
  struct Origin {
    std::size_t step;
    std::optional<RequestPart> part;
  };
  std::optional<Origin> origin(const std::string &name) const;

  std::string head_;
  Steps steps_;
  std::vector<FieldSpec> specs_;
  std::vector<std::optional<Origin>> origins_;
  TimeReader times_;
};

}  // namespace streamstat
