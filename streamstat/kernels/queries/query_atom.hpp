// A question about one field of an event, or about the event as a whole, and its answer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/state_bytes.hpp"
#include "queries/columns.hpp"

namespace streamstat {

// As in SQL; `maybe` where a part of a query is not known here.
enum class Truth : std::uint8_t { no, yes, null, maybe };

// A value that is written in a query.
struct QueryLiteral {
  std::uint8_t kind;
  std::int64_t number = 0;  // an integer, or the bits of a double
  std::string text;

  static QueryLiteral read(Reader &reader);
};

struct QueryAtom {
  enum class Op : std::uint8_t {
    compare = 'c', among = 'i', begins = 's', ends = 'e', contains = 't', words = 'w', anywhere = 'y', is_null = 'z',
    field = 'f'
  };
  enum class Order : std::uint8_t { equal, not_equal, less, at_most, greater, at_least };

  Op op = Op::field;
  Order order = Order::equal;
  bool has_null = false;  // among the elements of a list
  std::uint32_t field = 0;
  std::vector<QueryLiteral> literals;  // what a field is compared with
  std::vector<std::uint64_t> hashes;   // of the elements of a list, ascending
  std::string text;                    // what is looked for in a text
  Phrase phrase{""};

  static bool is_op(std::uint8_t byte);
  // Behind its first byte. Throws std::invalid_argument for what is none, or a phrase without a word.
  static QueryAtom read(std::uint8_t op, Reader &reader, std::size_t fields);

  Truth answer(const QueryBlock &block, std::size_t row, RowWords &words) const;
  // How rare events are for which it is true, roughly in bits; nothing if it cannot be looked up.
  double rareness() const;

 private:
  Truth compared(const QueryColumn &column, std::size_t row) const;
  Truth listed(const QueryColumn &column, std::size_t row) const;
  Truth found(const QueryColumn &column, std::size_t row) const;
};

// Equal values of one type have equal hashes, however numbers are spelt.
std::uint64_t hash_value(std::uint8_t kind, std::int64_t number, std::string_view text);
bool equals(const QueryLiteral &literal, const QueryColumn &column, std::size_t row);

}  // namespace streamstat
