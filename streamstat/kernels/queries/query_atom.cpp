#include "queries/query_atom.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace streamstat {

namespace {

constexpr double kBeyond = 9223372036854775808.0;
constexpr double kBitsOfTruth = 1, kBitsOfNumber = 4, kMostBits = 16;

bool is_number(std::uint8_t kind) { return kind == kind::integer || kind == kind::real; }
bool is_boolean(std::uint8_t kind) { return kind == kind::no || kind == kind::yes; }

int sign(auto left, auto right) { return (left > right) - (left < right); }

// No integer passes through a double.
int order_of(std::int64_t integer, double real) {
  if (real >= kBeyond) return -1;
  if (real < -kBeyond) return 1;
  const double floor = std::floor(real);
  const int order = sign(integer, static_cast<std::int64_t>(floor));
  return order == 0 && real > floor ? -1 : order;
}

int order_of_numbers(std::uint8_t left_kind, std::int64_t left, std::uint8_t right_kind, std::int64_t right) {
  const bool left_whole = left_kind == kind::integer, right_whole = right_kind == kind::integer;
  if (left_whole && right_whole) return sign(left, right);
  if (left_whole) return order_of(left, std::bit_cast<double>(right));
  if (right_whole) return -order_of(right, std::bit_cast<double>(left));
  return sign(std::bit_cast<double>(left), std::bit_cast<double>(right));
}

Truth truth(bool value) { return value ? Truth::yes : Truth::no; }

bool holds(QueryAtom::Order order, int sign) {
  switch (order) {
    case QueryAtom::Order::equal: return sign == 0;
    case QueryAtom::Order::not_equal: return sign != 0;
    case QueryAtom::Order::less: return sign < 0;
    case QueryAtom::Order::at_most: return sign <= 0;
    case QueryAtom::Order::greater: return sign > 0;
    case QueryAtom::Order::at_least: return sign >= 0;
  }
  return false;
}

std::string read_short_text(Reader &reader) {
  const ByteSpan bytes = reader.read_bytes(reader.read<std::uint32_t>());
  return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

double rareness_of(const QueryLiteral &literal) {
  if (is_boolean(literal.kind)) return kBitsOfTruth;
  if (literal.kind == kind::text) return std::min<double>(2.0 + static_cast<double>(literal.text.size()), kMostBits);
  const double size = literal.kind == kind::integer ? static_cast<double>(literal.number)
                                                    : std::bit_cast<double>(literal.number);
  return std::min(kBitsOfNumber + std::log2(1.0 + std::abs(size)) / 2, kMostBits);
}

}  // namespace

std::uint64_t hash_value(std::uint8_t kind, std::int64_t number, std::string_view text) {
  if (kind == kind::text) return hash_text(text);
  if (kind == kind::real) {
    const double real = std::bit_cast<double>(number);
    if (real >= -kBeyond && real < kBeyond && real == std::floor(real)) {
      kind = kind::integer;
      number = static_cast<std::int64_t>(real);
    }
  }
  const std::uint64_t mixed = (static_cast<std::uint64_t>(number) + kind) * 0x9E3779B97F4A7C15ULL;
  return (mixed ^ mixed >> 29) * 0xBF58476D1CE4E5B9ULL;
}

bool equals(const QueryLiteral &literal, const QueryColumn &column, std::size_t row) {
  const std::uint8_t kind = column.kinds[row];
  if (literal.kind == kind::text) return column.is_text(row) && (*column.texts)[row] == literal.text;
  if (is_boolean(literal.kind)) return kind == literal.kind;
  return is_number(kind) && !column.numbers.empty() &&
         order_of_numbers(kind, column.numbers[row], literal.kind, literal.number) == 0;
}

QueryLiteral QueryLiteral::read(Reader &reader) {
  QueryLiteral literal{reader.read<std::uint8_t>(), 0, {}};
  if (is_number(literal.kind)) literal.number = reader.read<std::int64_t>();
  else if (literal.kind == kind::text) literal.text = read_short_text(reader);
  else Reader::require(is_boolean(literal.kind));
  if (literal.kind == kind::real) Reader::require(std::isfinite(std::bit_cast<double>(literal.number)));
  return literal;
}

bool QueryAtom::is_op(std::uint8_t byte) { return byte && std::strchr("cisetwyzf", byte); }

QueryAtom QueryAtom::read(std::uint8_t op, Reader &reader, std::size_t fields) {
  QueryAtom atom;
  atom.op = Op{op};
  if (atom.op == Op::compare) {
    atom.order = Order{reader.read<std::uint8_t>()};
    Reader::require(atom.order <= Order::at_least);
  }
  if (atom.op != Op::anywhere) {
    atom.field = reader.read<std::uint32_t>();
    Reader::require(atom.field < fields);
  }
  switch (atom.op) {
    case Op::compare: atom.literals.push_back(QueryLiteral::read(reader)); break;
    case Op::among: {
      atom.has_null = reader.read_flag();
      for (auto count = reader.read<std::uint32_t>(); count; --count) {
        const QueryLiteral &each = atom.literals.emplace_back(QueryLiteral::read(reader));
        atom.hashes.push_back(hash_value(each.kind, each.number, each.text));
      }
      std::sort(atom.hashes.begin(), atom.hashes.end());
      break;
    }
    case Op::words: case Op::anywhere:
      atom.phrase = Phrase(read_short_text(reader));
      Reader::require(atom.phrase.size(), "a phrase without a word");
      break;
    case Op::begins: case Op::ends: case Op::contains: atom.text = read_short_text(reader); break;
    default: break;
  }
  return atom;
}

Truth QueryAtom::compared(const QueryColumn &column, std::size_t row) const {
  const std::uint8_t kind = column.kinds[row];
  const QueryLiteral &literal = literals[0];
  int sign;
  if (is_number(kind) && is_number(literal.kind) && !column.numbers.empty())
    sign = order_of_numbers(kind, column.numbers[row], literal.kind, literal.number);
  else if (is_boolean(kind) && is_boolean(literal.kind))
    sign = static_cast<int>(kind) - static_cast<int>(literal.kind);
  else if (column.is_text(row) && literal.kind == kind::text)
    sign = (*column.texts)[row].compare(literal.text);
  else
    return Truth::null;
  return truth(holds(order, sign));
}

Truth QueryAtom::listed(const QueryColumn &column, std::size_t row) const {
  const std::uint8_t kind = column.kinds[row];
  if (kind == kind::null) return Truth::null;
  const std::int64_t number = column.numbers.empty() ? 0 : column.numbers[row];
  const std::string_view text = column.is_text(row) ? (*column.texts)[row] : std::string_view();
  if (std::binary_search(hashes.begin(), hashes.end(), hash_value(kind, number, text)))
    for (const QueryLiteral &each : literals)
      if (equals(each, column, row)) return Truth::yes;
  return has_null ? Truth::null : Truth::no;
}

Truth QueryAtom::found(const QueryColumn &column, std::size_t row) const {
  if (!column.is_text(row)) return Truth::null;
  const std::string_view value = (*column.texts)[row];
  if (op == Op::begins) return truth(value.starts_with(text));
  return truth(op == Op::ends ? value.ends_with(text) : value.find(text) != value.npos);
}

Truth QueryAtom::answer(const QueryBlock &block, std::size_t row, RowWords &words) const {
  if (op == Op::anywhere) return truth(phrase.is_in(words.of_event()));
  const QueryColumn &column = block.columns[field];
  const std::uint8_t kind = column.kinds[row];
  switch (op) {
    case Op::compare: return compared(column, row);
    case Op::among: return listed(column, row);
    case Op::words: return column.is_text(row) ? truth(phrase.is_in(words.of(field))) : Truth::null;
    case Op::is_null: return truth(kind == kind::null);
    case Op::field: return is_boolean(kind) ? truth(kind == kind::yes) : Truth::null;
    default: return found(column, row);
  }
}

double QueryAtom::rareness() const {
  double bits = 0;
  switch (op) {
    case Op::compare: return order == Order::equal ? rareness_of(literals[0]) : 0;
    case Op::among:
      bits = kMostBits;
      for (const QueryLiteral &each : literals) bits = std::min(bits, rareness_of(each));
      return std::max(bits - std::log2(static_cast<double>(literals.size()) + 1), kBitsOfTruth);
    case Op::begins: return std::min<double>(static_cast<double>(text.size()), kMostBits);
    case Op::words: case Op::anywhere: return static_cast<double>(phrase.letters() + 2 * phrase.size());
    default: return 0;
  }
}

}  // namespace streamstat
