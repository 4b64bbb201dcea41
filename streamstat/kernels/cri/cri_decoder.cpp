#include "cri/cri_decoder.hpp"

#include "cri/container_messages.hpp"
#include "events/block_writer.hpp"

#include <array>
#include <utility>

namespace streamstat {

CriDecoder::CriDecoder(std::vector<FieldSpec> specs, TimeReader times)
    : specs_(std::move(specs)), tree_(looked_for(specs_)), times_(std::move(times)) {
  for (const FieldSpec &spec : specs_)
    own_.push_back(spec.path == "stream" ? Own::stream
                   : spec.path == "time" ? Own::time
                   : spec.path == "message" ? Own::message
                                            : Own::none);
}

std::vector<FieldSpec> CriDecoder::looked_for(std::vector<FieldSpec> specs) {
  if (!wants(specs, kWritten)) return specs;
  specs.push_back({"stream", 0});
  specs.push_back({"time", 0});
  return specs;
}

namespace {

// What has come of the message of a stream, and where it stands among the others.
struct Open {
  std::vector<ContainerPart> parts;
  std::uint32_t line = 0;  // lines before its first part
};

class Joining {
 public:
  Joining(BlockWriter &writer, ContainerMessages &messages, Decoded &out, const Byte *block)
      : writer_(writer), messages_(messages), out_(out), block_(block) {}

  // A line [begin, next), without its newline [begin, end).
  void line(const Byte *begin, const Byte *end, const Byte *next) {
    cri::ContainerLine read;
    if (!cri::read(begin, end, read)) {
      Failure failure;
      failure.set(Fault::not_cri, begin);
      writer_.bad(begin, next, failure);
      return;
    }
    Open &open = open_[read.stream];
    if (open.parts.empty()) open.line = static_cast<std::uint32_t>(out_.lines);
    open.parts.push_back({begin, end, next, read});
    ++out_.lines;
    if (!read.is_part) write(open);
  }

  // Messages without an end, in the order in which they began.
  void finish() {
    if (!open_[0].parts.empty() && !open_[1].parts.empty() && open_[1].line < open_[0].line) write(open_[1]);
    for (Open &open : open_)
      if (!open.parts.empty()) write(open);
  }

 private:
  void write(Open &open) {
    const ContainerPart &first = open.parts.front();
    const auto begin = static_cast<std::uint32_t>(first.begin - block_);
    for (std::size_t i = 1; i < open.parts.size(); ++i) {
      const ContainerPart &part = open.parts[i];
      out_.parts.push_back({begin, static_cast<std::uint32_t>(part.begin - block_), static_cast<std::uint32_t>(part.next - block_)});
    }
    const std::size_t lines = std::exchange(out_.lines, open.line);
    if (messages_.read(open.parts))
      writer_.row(first.begin, first.next, messages_.cells(), 0);
    else
      writer_.bad(first.begin, first.next, messages_.failure, 0);
    out_.lines = lines;
    open.parts.clear();
  }

  BlockWriter &writer_;
  ContainerMessages &messages_;
  Decoded &out_;
  const Byte *block_;
  std::array<Open, cri::kStreams> open_;
};

const Byte *newline_behind(const Byte *p, const Byte *end) {
  return static_cast<const Byte *>(std::memchr(p, '\n', static_cast<std::size_t>(end + 1 - p)));
}

const Byte *without_return(const Byte *begin, const Byte *newline) {
  return newline > begin && newline[-1] == '\r' ? newline - 1 : newline;
}

}  // namespace

void CriDecoder::decode(std::span<Byte> block, std::size_t begin, Decoded &out) const {
  BlockWriter writer(block, begin, specs_, times_, out);
  ContainerMessages messages(*this);
  Joining joining(writer, messages, out, block.data());
  for (const Byte *p = writer.begin(); p < writer.end();) {
    if (*p == 0) {
      p = writer.hole(p);
      continue;
    }
    const Byte *const newline = newline_behind(p, writer.end());
    if (skip_space(p) == newline)
      writer.blank();
    else
      joining.line(p, without_return(p, newline), std::min(newline + 1, writer.end()));
    p = newline + 1;
  }
  joining.finish();
}

std::vector<std::string> CriDecoder::names(std::span<Byte> block, std::size_t begin) const {
  Decoded nothing;
  const BlockWriter writer(block, begin, {}, times_, nothing);
  ContainerMessages messages(*this);
  std::vector<std::string> found;
  messages.note_names(found);
  std::vector<ContainerPart> parts;
  for (const Byte *p = BlockWriter::skip_nuls(writer.begin()); p < writer.end();) {
    const Byte *const newline = newline_behind(p, writer.end()), *const end = without_return(p, newline);
    cri::ContainerLine read;
    if (cri::read(p, end, read)) parts.push_back({p, end, newline + 1, read});
    p = BlockWriter::skip_nuls(newline + 1);
    if (parts.empty() || (parts.back().line.is_part && p < writer.end())) continue;
    if (messages.read(parts)) return found;
    parts.clear();
  }
  return {};
}

}  // namespace streamstat
