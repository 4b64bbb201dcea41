// The message of one event of a container, in one part or several. A part of the decoder, in a file of its own.
#pragma once

#include "cri/container_line.hpp"
#include "cri/cri_decoder.hpp"
#include "events/object_writer.hpp"
#include "events/typed.hpp"
#include "events/utf8.hpp"
#include "json/line_parser.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace streamstat {

// A line [begin, end), and the first byte behind its newline.
struct ContainerPart {
  const Byte *begin, *end, *next;
  cri::ContainerLine line;
};

class ContainerMessages {
 public:
  explicit ContainerMessages(const CriDecoder &decoder) : decoder_(decoder), object_(decoder.tree_), cells_(decoder.specs_.size()) {}

  // Notes the names of an event that was read.
  void note_names(std::vector<std::string> &names) { names_ = object_.names = &names; }

  // Whether the message is one: UTF-8. Else `failure` says where in the first part it is not.
  bool read(const std::vector<ContainerPart> &parts) {
    failure = {};
    const ContainerPart &last = parts.back();
    line_ = last.line;
    time_ = text_cell(last.begin, line_.time_end);
    stream_ = text_cell(line_.stream_begin(), line_.stream_end);
    message_ = text_cell(line_.message, last.end);
    is_joined_ = parts.size() > 1;
    if (is_joined_) join(parts);
    if (names_) names_->clear();
    const Byte *const p = skip_space(message_.begin);
    is_object_ = *p == '{' && object_.line(p) != nullptr;
    object_begin_ = p;
    if (!is_object_) {
      const Byte *const wrong = ill_formed_utf8(message_.begin, message_.end);
      if (wrong) return !!failure.set(Fault::bad_utf8, is_joined_ ? parts.front().line.message : wrong);
    }
    if (names_) note_own_names();
    return true;
  }

  const Cell *cell(std::size_t field) {
    const Cell *const found = is_object_ ? object_.cell(field) : nullptr;
    if (found) return is_joined_ ? in_arena(*found, cells_[field]) : found;
    switch (decoder_.own_[field]) {
      case CriDecoder::Own::stream: return &stream_;
      case CriDecoder::Own::time: return &time_;
      case CriDecoder::Own::message: return is_object_ ? nullptr : is_joined_ ? in_arena(message_, cells_[field]) : &message_;
      case CriDecoder::Own::none: break;
    }
    return nullptr;
  }

  // See BlockWriter::row.
  struct Cells {
    ContainerMessages &messages;
    const Cell *operator()(std::size_t field) const { return messages.cell(field); }
    std::uint32_t taken(std::size_t field) const { return messages.taken(field); }
    void write(ObjectWriter &object) const { messages.write(object); }
  };
  Cells cells() { return {*this}; }

  Failure failure;

 private:
  // The message, then what the line has beside it. Of an event that is to be written, see CriDecoder::looked_for.
  void write(ObjectWriter &object) const {
    const std::size_t wanted = decoder_.specs_.size();
    if (is_object_)
      object.fields_of(object_begin_, message_.end);
    else
      object.field("message", &message_);
    if (!is_object_ || !object_.cell(wanted)) object.field("stream", &stream_);
    if (!is_object_ || !object_.cell(wanted + 1)) object.field("time", &time_);
  }

  std::uint32_t taken(std::size_t field) {
    const std::uint32_t inner = is_object_ ? object_.taken(field) : 0;
    if (inner || !cell(field)) return inner;
    return static_cast<std::uint32_t>(decoder_.specs_[field].path.size()) + 1;
  }

  void join(const std::vector<ContainerPart> &parts) {
    joined_.clear();
    for (const ContainerPart &part : parts) joined_.insert(joined_.end(), part.line.message, part.end);
    const std::size_t size = joined_.size();
    joined_.resize(size + 1 + kPadding);
    joined_[size] = '\n';
    message_ = text_cell(joined_.data(), joined_.data() + size);
  }

  // A cell of a message that does not stand in the block.
  static const Cell *in_arena(const Cell &found, Cell &cell) {
    cell = found;
    if (!cell.unescape) cell.unescape = copy;
    return &cell;
  }

  // With a byte behind it that is no part of a number.
  static Byte *copy(const Byte *begin, const Byte *end, Byte *out) {
    out = std::copy(begin, end, out);
    if (begin < end) *out = 0;
    return out;
  }

  void note_own_names() {
    if (!is_object_) names_->assign({"message"});
    for (const char *name : {"stream", "time"})
      if (std::find(names_->begin(), names_->end(), name) == names_->end()) names_->push_back(name);
  }

  const CriDecoder &decoder_;
  LineParser object_;
  std::vector<std::string> *names_ = nullptr;
  cri::ContainerLine line_{};
  Cell time_{}, stream_{}, message_{};
  const Byte *object_begin_ = nullptr;  // if the message is an object
  std::vector<Cell> cells_;  // of each field, where the message does not stand in the block
  bool is_joined_ = false, is_object_ = false;
  std::vector<Byte> joined_;
};

}  // namespace streamstat
