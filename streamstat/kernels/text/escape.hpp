// Text made safe to show: which characters steer a terminal, and the same text with them spelt out.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace streamstat {

// Growing bytes with room asked for ahead, so that the inner loops write through a bare pointer.
class TextBuffer {
 public:
  char *room(std::size_t size) {
    if (capacity_ - size_ < size) grow(size);
    return data_.get() + size_;
  }
  void advance_to(const char *end) { size_ = static_cast<std::size_t>(end - data_.get()); }
  void put(char byte) {
    *room(1) = byte;
    ++size_;
  }
  void put(std::string_view text) {
    if (text.empty()) return;  // memcpy must not see a null pointer, not even for nothing
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  void clear() { size_ = 0; }
  std::size_t size() const { return size_; }
  std::string_view view() const { return {data_.get(), size_}; }

 private:
  void grow(std::size_t size) {
    const std::size_t capacity = std::max<std::size_t>(2 * capacity_, size_ + size + 256);
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_) std::memcpy(larger.get(), data_.get(), size_);
    data_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// One step through UTF-8: size bytes make up `value`; a byte that starts no character is its own, not valid.
struct CodePoint {
  std::uint32_t value;
  std::size_t size;
  bool valid;
};
CodePoint decode_utf8(std::string_view text);

// C0, DEL, C1, line and paragraph separators, and all that turns the direction of text.
bool steers_terminal(std::uint32_t code_point);

// Control characters as \x1b or \u202e, bytes that are not UTF-8 as \xff.
void put_visible(TextBuffer &out, std::string_view text);

// The inside of a JSON string. What steers a terminal is always escaped; bad UTF-8 becomes U+FFFD.
void put_json_string(TextBuffer &out, std::string_view text);

// JSON text as it stands, with the same escapes; control characters can only be white space there.
void put_json_raw(TextBuffer &out, std::string_view text);

}  // namespace streamstat
