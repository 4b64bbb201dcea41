// Values as written and how often each is there: the smallest of them, and the most frequent ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "retracting/tables.hpp"
#include "states/least_values.hpp"

namespace streamstat::retracting {

struct WrittenValue {
  top::Rank rank;
  double nearest;
  std::string spelling;

  SizedValue sized() const { return {{rank, spelling}, nearest}; }
};

struct ValueOrder {
  using is_transparent = void;
  static const SizedValue &sized(const SizedValue &value) { return value; }
  static SizedValue sized(const WrittenValue &value) { return value.sized(); }
  bool operator()(const auto &a, const auto &b) const { return is_before(sized(a), sized(b)); }
};

// The values of one slot, in the order of rows.
using Values = std::map<WrittenValue, std::uint64_t, ValueOrder>;

struct LeastOf {
  static constexpr std::uint8_t kVersion = 1;
  Values values;

  void add(const SizedValue &value);
  void remove(const SizedValue &value);
  void write(Bytes &bytes) const;
  static LeastOf read(Reader &reader);
};

// The same with the most frequent first. Nodes of a map stay where they are, so that they can be pointed to.
struct MostOf {
  static constexpr std::uint8_t kVersion = 1;
  struct Frequent {
    std::uint64_t count;
    const WrittenValue *value;
    bool operator<(const Frequent &other) const {
      return count != other.count ? count > other.count : ValueOrder()(*value, *other.value);
    }
  };
  LeastOf all;
  std::set<Frequent> ordered;

  void add(const SizedValue &value);
  void remove(const SizedValue &value);
  void write(Bytes &bytes) const { all.write(bytes); }
  static MostOf read(Reader &reader);
};

template <typename Kept>
class ValueTable : public StateTable<Kept> {
 public:
  explicit ValueTable(std::int64_t n);
  void add(const Rows &rows);
  void remove(const Rows &rows);
  // JSON texts: of LeastOf [value,...], of MostOf [[value,count,0],...], n at most.
  ByteStrings results(Slots slots) const;

 private:
  template <auto change>
  void apply(const Rows &rows);

  std::size_t n_;
};

}  // namespace streamstat::retracting
