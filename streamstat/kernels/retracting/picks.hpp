// The value of one row of each slot: that of the first or the last time, or of the greatest or the least number.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "retracting/tables.hpp"
#include "states/ranked.hpp"

namespace streamstat::retracting {

// Where a row stands among those of its slot: by number, then by time, then by its tie; rows that are alike in these
// stand by value, so that nothing depends on how they came.
struct RowPlace {
  RankingNumber by;
  std::int64_t time;
  std::string tie;
  std::uint8_t kind;
  std::int64_t number;
  std::string text;

  bool operator<(const RowPlace &other) const;
};

struct PlacedRows {
  static constexpr std::uint8_t kVersion = 1;
  std::map<RowPlace, std::uint64_t> rows;

  void add(RowPlace &&row) { ++rows[std::move(row)]; }
  void remove(RowPlace &&row);
  void write(Bytes &bytes) const;
  static PlacedRows read(Reader &reader);
};

class RowPicks : public StateTable<PlacedRows> {
 public:
  // last: whose row is picked of all. greatest: of rows with numbers, that which is first among those with the last one.
  RowPicks(bool last, bool greatest) : last_(last), greatest_(greatest) {}
  void add(const Rows &rows);
  void remove(const Rows &rows);
  PickedValues values(Slots slots) const;

 private:
  template <auto change>
  void apply(const Rows &rows);
  const RowPlace &picked(const PlacedRows &placed) const;

  bool last_, greatest_;
};

}  // namespace streamstat::retracting
