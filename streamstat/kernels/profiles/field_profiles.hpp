// What is in the events of decoded blocks, field by field, in one pass and in bounded memory.
#pragma once

#include "events/columns.hpp"
#include "profiles/field_profile.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace streamstat {

class FieldProfiles {
 public:
  struct Field {
    std::string path;
    FieldProfile profile;
  };

  // Of at most so many fields; the values of others are counted together. at_once: how many events as they were written are
  // looked at together, each of which may have much around it that others have, too.
  FieldProfiles(std::size_t most, TimeReader times, std::size_t at_once)
      : most_(most), at_once_(std::max<std::size_t>(at_once, 1)), times_(std::move(times)) {}

  // Finds values of a block from a row on, of rows that are left (empty: all), to be taken in before they go with it; returns
  // the first row of which none were found. `block` is what was decoded. Where values were not noted, events must be there as
  // they were written: std::invalid_argument if not.
  std::size_t find(const Decoded &decoded, std::span<const Byte> block, std::span<const std::uint8_t> left, std::size_t row);

  // Takes in the values that were found, a field at a time; several threads may, each until none is left.
  void take();

  std::uint64_t rows() const { return rows_; }
  std::deque<Field> &fields() { return fields_; }              // in the order in which they were met
  std::uint64_t left_out() const { return left_out_; }  // values whose fields came when there were too many

 private:
  std::size_t find_written(const Decoded &decoded, std::span<const Byte> block, std::span<const std::uint8_t> left, std::size_t row);
  void found(const std::vector<NotedField> &noted, FoundIn in);

  std::size_t most_, at_once_;
  TimeReader times_;
  std::deque<Field> fields_;  // stay where they are
  std::unordered_map<std::string_view, Field *> by_path_;
  std::uint64_t rows_ = 0, left_out_ = 0;

  FoundIn in_;
  std::vector<std::pair<Field *, const NotedField *>> found_;  // and not taken in
  std::atomic<std::size_t> next_ = 0;                          // the one to be taken next
  std::size_t likely_ = 64;    // so many events as they were written have names that can be noted together
  std::vector<Byte> written_;                                  // events whose values were not noted,
  std::vector<NotedField> noted_;                              // and their values
};

}  // namespace streamstat
