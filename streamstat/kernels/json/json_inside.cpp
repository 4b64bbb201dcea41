#include "json/json_inside.hpp"

#include <cstring>

namespace streamstat {

namespace {

bool is_space(Byte c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

bool ObjectInside::read(const Cell &text) {
  const Byte *from = text.begin;
  while (from < text.end && is_space(*from)) ++from;
  if (from == text.end || (*from != '{' && *from != '\\')) return false;  // most texts that hold none cost no more
  const auto size = static_cast<std::size_t>(text.end - from);
  room_.reserve((text.unescape ? 3 * size : size) + kPadding);
  Byte *const end = text.unescape ? text.unescape(from, text.end, room_.data()) : as_spelt(from, text.end, room_.data());
  std::memset(end, 0, kPadding);
  begin_ = json::AnyLayout::skip(room_.data());
  if (*begin_ != '{') return false;
  end_ = read_valid(begin_);
  if (!end_ || json::AnyLayout::skip(end_) != end) return false;
  spell(false);
  return true;
}

void ObjectInside::spell(bool lies_in_block) {
  for (Cell &cell : parser_.slots()) {
    if (!cell.present || cell.unescape == json::unescape) continue;
    const auto size = static_cast<std::size_t>(cell.end - cell.begin);
    if (cell.kind == kind::json && std::memchr(cell.begin, '\n', size))
      cell.unescape = json::compact;
    else
      cell.unescape = lies_in_block ? nullptr : as_spelt;
  }
}

}  // namespace streamstat
