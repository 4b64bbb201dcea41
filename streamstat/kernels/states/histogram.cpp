#include "states/histogram.hpp"

#include "text/spell.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <utility>

namespace streamstat {

namespace {

constexpr std::uint8_t kVersion = 1;

// The keys of powers of two: the bound 2^k is k + kMiddle, the bound -2^k is -(k + kMiddle), 0 holds the zeros.
constexpr std::int64_t kMiddle = 2048;
constexpr std::int64_t kLowestPower = -1073, kHighestPower = 1024;            // of positive doubles
constexpr std::int64_t kLowestNegative = -1075, kHighestNegative = 1023;      // of negative ones

std::int64_t power_key(std::int64_t integer) {
  if (integer == 0) return 0;
  if (integer > 0) return std::bit_width(static_cast<std::uint64_t>(integer)) + kMiddle;
  const std::uint64_t magnitude = -static_cast<std::uint64_t>(integer);
  return -(std::bit_width(magnitude) - 1 - std::has_single_bit(magnitude) + kMiddle);
}

std::int64_t power_key_of_double(std::int64_t bits) {
  const std::int64_t biased = (bits >> 52) & 0x7ff;
  const std::uint64_t fraction = static_cast<std::uint64_t>(bits) & ((std::uint64_t{1} << 52) - 1);
  if (biased == 0 && fraction == 0) return 0;
  const std::int64_t leading = biased ? biased - 1023 : std::bit_width(fraction) - 1075;  // 2^leading <= |x|
  if (bits >= 0) return leading + 1 + kMiddle;
  const bool is_power = biased ? fraction == 0 : std::has_single_bit(fraction);
  return -(leading - is_power + kMiddle);
}

// How many of the first elements are below, all those after them not being so. The bucket of a value cannot be
// predicted, so the search has no branch on it.
template <typename Element, typename Below>
std::size_t count_below(const std::vector<Element> &elements, Below below) {
  std::size_t first = 0, n = elements.size();
  for (std::size_t half; n > 1; n -= half) {
    half = n / 2;
    first += half * static_cast<std::size_t>(below(elements[first + half - 1]));
  }
  return first + (n && below(elements[first]));
}

void append(Bytes &json, std::string_view text) { json.insert(json.end(), text.begin(), text.end()); }

template <typename Number>
void append_number(Bytes &json, Number number) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  append(json, {text.data(), static_cast<std::size_t>(end - text.data())});
}

void append_bound(Bytes &json, double bound) {
  if (std::isinf(bound)) return append(json, "null");
  std::array<char, kSpelledSize> text;
  append(json, {text.data(), static_cast<std::size_t>(spell_double(text.data(), bound + 0.0) - text.data())});
}

void append_bucket(Bytes &json, double bound, std::uint64_t count) {
  if (json.back() != '[') json.push_back(',');
  json.push_back('[');
  append_bound(json, bound);
  json.push_back(',');
  append_number(json, count);
  json.push_back(']');
}

}  // namespace

Histograms::Histograms(std::span<const double> edges) : edges_(edges.begin(), edges.end()) {
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (!std::isfinite(edges[i])) throw std::invalid_argument("edges: an edge is not finite");
    if (i && !(edges[i - 1] < edges[i])) throw std::invalid_argument("edges: they do not ascend strictly");
    const double least = std::ceil(edges[i]);
    if (least < 0x1p63) integer_edges_.push_back(least < -0x1p63 ? INT64_MIN : static_cast<std::int64_t>(least));
  }
}

void Histograms::require_same_parameters(const Histograms &other) const {
  if (edges_ != other.edges_) throw std::invalid_argument("other: edges differ");
}

void Histograms::add(Slot &slot, std::int64_t key, std::uint64_t count) {
  const std::size_t place = count_below(slot, [key](const Bucket &bucket) { return bucket.key < key; });
  if (place < slot.size() && slot[place].key == key)
    slot[place].count += count;
  else
    slot.insert(slot.begin() + static_cast<std::ptrdiff_t>(place), {key, count});
}

void Histograms::remove_one(Slot &slot, std::int64_t key) {
  const std::size_t place = count_below(slot, [key](const Bucket &bucket) { return bucket.key < key; });
  if (place == slot.size() || slot[place].key != key) throw std::invalid_argument("retract: a value that is not there");
  if (--slot[place].count == 0) slot.erase(slot.begin() + static_cast<std::ptrdiff_t>(place));
}

struct Histograms::Powers {
  std::int64_t of_integer(std::int64_t x) const { return power_key(x); }
  std::int64_t of_double(std::int64_t bits) const { return power_key_of_double(bits); }
};

// The key is the number of edges that are not above.
struct Histograms::Edges {
  const Histograms &self;
  std::int64_t of_integer(std::int64_t x) const {
    return static_cast<std::int64_t>(count_below(self.integer_edges_, [x](std::int64_t edge) { return edge <= x; }));
  }
  std::int64_t of_double(std::int64_t bits) const {
    const auto x = std::bit_cast<double>(bits);
    return static_cast<std::int64_t>(count_below(self.edges_, [x](double edge) { return edge <= x; }));
  }
};

template <typename Key, typename Use>
void Histograms::for_each_key(const NumberRows &rows, Key key, Use use) {
  rows.require_valid(size());
  const auto [slots, kinds, numbers] = rows;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] < 0) continue;
    Slot &slot = slots_[static_cast<std::size_t>(slots[i])];
    if (kinds[i] == kind::real) {
      if (((numbers[i] >> 52) & 0x7ff) != 0x7ff) use(slot, key.of_double(numbers[i]));
    } else if (kinds[i] == kind::integer || kinds[i] == kind::yes || kinds[i] == kind::no) {
      use(slot, key.of_integer(kinds[i] == kind::integer ? numbers[i] : kinds[i] == kind::yes));
    }
  }
}

template <typename Use>
void Histograms::for_each_key(const NumberRows &rows, Use use) {
  if (edges_.empty())
    for_each_key(rows, Powers{}, use);
  else
    for_each_key(rows, Edges{*this}, use);
}

void Histograms::update(const NumberRows &rows) {
  for_each_key(rows, [](Slot &slot, std::int64_t key) { add(slot, key, 1); });
}

void Histograms::remove(const NumberRows &rows) { for_each_key(rows, remove_one); }

void Histograms::absorb_slot(std::size_t into, const Histograms &other, std::size_t source) {
  if (&slots_[into] == &other.slots_[source]) {
    for (Bucket &bucket : slots_[into]) bucket.count *= 2;
    return;
  }
  for (const Bucket &bucket : other.slots_[source]) add(slots_[into], bucket.key, bucket.count);
}

// Zeros are shown in the smallest positive bucket in use if its bound is at most 1, else under 1.
void Histograms::append_powers(const Slot &slot, Bytes &json) const {
  std::uint64_t zeros = 0;
  for (const Bucket &bucket : slot) {
    if (bucket.key < 0) {
      append_bucket(json, -std::ldexp(1.0, static_cast<int>(-bucket.key - kMiddle)), bucket.count);
    } else if (bucket.key == 0) {
      zeros = bucket.count;
    } else {
      if (zeros && bucket.key > kMiddle) append_bucket(json, 1.0, std::exchange(zeros, 0));
      const double bound = std::ldexp(1.0, static_cast<int>(bucket.key - kMiddle));
      append_bucket(json, bound, bucket.count + std::exchange(zeros, 0));
    }
  }
  if (zeros) append_bucket(json, 1.0, zeros);
}

void Histograms::append_edges(const Slot &slot, Bytes &json) const {
  auto bucket = slot.begin();
  for (std::size_t i = 0; i <= edges_.size(); ++i) {
    const bool is_used = bucket != slot.end() && bucket->key == static_cast<std::int64_t>(i);
    append_bucket(json, i < edges_.size() ? edges_[i] : INFINITY, is_used ? bucket->count : 0);
    if (is_used) ++bucket;
  }
}

ByteStrings Histograms::results(Slots slots) const {
  require_slots_exist(slots, size());
  ByteStrings result;
  for (const std::int32_t index : slots) {
    const Slot &slot = slots_[static_cast<std::size_t>(index)];
    result.data.push_back('[');
    if (edges_.empty())
      append_powers(slot, result.data);
    else
      append_edges(slot, result.data);
    result.data.push_back(']');
    result.end_string();
  }
  return result;
}

void Histograms::write_slot(std::size_t slot, Bytes &bytes) const {
  write_value(bytes, kVersion);
  write_value(bytes, static_cast<std::uint64_t>(edges_.size()));
  for (const double edge : edges_) write_value(bytes, std::bit_cast<std::int64_t>(edge));
  write_value(bytes, static_cast<std::uint64_t>(slots_[slot].size()));
  for (const Bucket &bucket : slots_[slot]) write_value(bytes, bucket);
}

bool Histograms::is_key(std::int64_t key) const {
  if (!edges_.empty()) return key >= 0 && key <= static_cast<std::int64_t>(edges_.size());
  if (key < 0) return -key >= kLowestNegative + kMiddle && -key <= kHighestNegative + kMiddle;
  return key == 0 || (key >= kLowestPower + kMiddle && key <= kHighestPower + kMiddle);
}

Histograms::Slot Histograms::read_slot(Reader &reader) const {
  reader.require_version(kVersion);
  Reader::require(reader.read<std::uint64_t>() == edges_.size());
  for (const double edge : edges_) Reader::require(reader.read<double>() == edge);
  Slot read(reader.read_count(sizeof(Bucket)));
  for (std::size_t i = 0; i < read.size(); ++i) {
    read[i] = reader.read<Bucket>();
    Reader::require(is_key(read[i].key) && (i == 0 || read[i - 1].key < read[i].key));
  }
  return read;
}

}  // namespace streamstat
