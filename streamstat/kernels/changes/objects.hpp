// Objects made of other objects and lists, a text a row. What is not of the shape that is read gives an empty text.
#pragma once

#include "base/byte_strings.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace streamstat {

// The elements of arrays, and the row that each is of. `valid`: whether a row is an array.
struct Elements {
  std::vector<std::int64_t> rows;
  ByteStrings texts;
  std::vector<std::uint8_t> valid;
};
Elements array_elements(const TextColumn &arrays);

// ["a","b"] and [1,2] as {"a":1,"b":2}.
ByteStrings objects_of_pairs(const TextColumn &names, const TextColumn &values);

// [{"name":"a","value":1},{"name":"b"}] as {"a":1,"b":null}.
ByteStrings objects_of_named(const TextColumn &lists);

// The objects that are keys of records: as they are, or what is in their schema. Another value, or a text that is no JSON, is the
// member of this name, in quotes; without a name, and where there is no key, the text is empty.
ByteStrings objects_of_keys(std::span<const std::uint8_t> kinds, const TextColumn &texts, std::string_view name);

// The names of objects, as arrays; empty where there is none.
ByteStrings names_of_members(const TextColumn &objects);

// Without the members whose names begin so.
ByteStrings objects_without(const TextColumn &objects, std::string_view prefix);

// The members of both, each name once, where it came first, with the value that came last. Where one of them is no object, it is
// the other.
ByteStrings objects_overlaid(const TextColumn &below, const TextColumn &above);

// Texts that spell a JSON number as that number, where the type of their column (an object of types by name) is one of MySQL's
// numbers. types_of: the type object of each row.
ByteStrings objects_with_numbers(const TextColumn &objects, const TextColumn &types, std::span<const std::int64_t> types_of);

// Whether a type of MySQL, such as `decimal(10,2) unsigned`, is one of numbers.
bool is_mysql_number(std::string_view type);

// Rows that hold one of these bytes, ascending.
std::vector<std::int64_t> rows_with(const TextColumn &texts, const std::vector<std::string> &needles);

// Members whose value is one of these, or an array of it alone, are left out; their names are those of the second object, with
// null, which is empty where there are none.
std::pair<ByteStrings, ByteStrings> without_marks(const TextColumn &objects, const std::vector<std::string> &marks);

}  // namespace streamstat
