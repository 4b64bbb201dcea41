// Where the records of JSON in any layout end, in the bytes of an input as they come.
//
// A record that is there is read once, and strictly, as what is bad ends elsewhere than what is not. One that has not
// ended is looked at for the end that its braces promise, and read again then, or when it is twice as long.
#pragma once

#include "json/path_tree.hpp"
#include "json/standing.hpp"

namespace streamstat {

// The braces and quotes of one value, as its bytes come.
class Structure {
 public:
  // Whether these bytes end the value, or show that it is bad.
  bool ends(const Byte *p, const Byte *end);

 private:
  std::uint64_t depth_ = 0;
  bool in_string_ = false, escaped_ = false;
};

class RecordEnds {
 public:
  explicit RecordEnds(json::Standing standing);

  // The calls of `Records`; see streamstat.input.formats. kPadding writable bytes stand behind the content.
  std::size_t end(Byte *content, std::size_t size);
  std::size_t forced_end(Byte *content, std::size_t size);
  json::Standing taken(std::size_t size);

 private:
  // What is known of the record at `begin_`: nothing, as it is yet to be read; that it has not ended; that it is bad.
  enum class Known : std::uint8_t { nothing, open, bad };

  const Byte *resumed(const Byte *content, const Byte *end);
  void walk(const Byte *content, const Byte *p, const Byte *end);
  const Byte *seek(const Byte *content, const Byte *p, const Byte *end);
  void stand(const Byte *content);

  static const PathTree kNoFields;
  json::Standing standing_, behind_;  // at the first byte of the content, and at `done_`
  bool inside_;                       // at `done_`
  Known known_ = Known::nothing;
  bool counted_ = false;         // a bad record was given in part: what follows of it is given as it comes
  bool behind_bad_ = false;      // the line at `done_` ends a bad record, if its first character can be seen
  std::int64_t column_ = -1;     // of a bad record
  std::size_t done_ = 0;         // behind the last whole record and what separates it from the next
  std::size_t apart_ = 0;        // behind what separates records, where it was last looked at
  std::size_t begin_ = 0;        // of a record that is open or bad
  std::size_t looked_at_ = 0;    // of an open one, or where the end of a bad one is looked for
  std::size_t size_ = 0;         // of the content, when it was last seen
  std::size_t again_ = 0;        // an open record of this size is read again
  Structure structure_;
};

}  // namespace streamstat
