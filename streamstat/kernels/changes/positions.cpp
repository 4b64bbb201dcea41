#include "changes/positions.hpp"

#include "changes/members.hpp"

#include <charconv>
#include <string_view>

namespace streamstat {

namespace {

// Digits only: no sign, no space.
bool number_of(std::string_view text, std::uint64_t &number, int base, std::size_t most_digits) {
  if (text.empty() || text.size() > most_digits) return false;
  const char *const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number, base);
  return read.ec == std::errc() && read.ptr == end;
}

bool decimal(std::string_view text, std::uint64_t &number) { return number_of(text, number, 10, 20); }

bool number_in(std::string_view value, std::uint64_t &number) {
  return decimal(is_string(value) ? between_quotes(value) : value, number);
}

// Digits between quotes, as the two numbers are mostly written; p behind them, or null.
const char *quoted_digits(const char *p, const char *end, std::uint64_t &number) {
  constexpr int kSafeDigits = 18;
  if (p == end || *p++ != '"') return nullptr;
  number = 0;
  int digits = 0;
  for (; p < end && *p >= '0' && *p <= '9' && digits < kSafeDigits; ++p, ++digits)
    number = number * 10 + static_cast<std::uint64_t>(*p - '0');
  return digits && p < end && *p == '"' ? p + 1 : nullptr;
}

bool is_plain_pair(std::string_view text, std::uint64_t &high, std::uint64_t &low) {
  const char *p = text.data(), *const end = p + text.size();
  if (p == end || *p++ != '[') return false;
  if (!(p = quoted_digits(p, end, high)) || p == end || *p++ != ',') return false;
  if (!(p = quoted_digits(p, end, low))) return false;
  return end - p == 1 && *p == ']';
}

std::uint8_t *put_number(std::uint64_t number, std::uint8_t *out) {
  for (int byte = 0; byte < 8; ++byte) out[byte] = static_cast<std::uint8_t>(number >> (56 - 8 * byte));
  return out + 8;
}

}  // namespace

Places lsns(const TextColumn &texts) {
  Places out(texts.size());
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::string_view text = texts[row];
    const std::size_t slash = text.find('/');
    if (slash == text.npos) continue;
    std::uint64_t high, low;
    if (!number_of(text.substr(0, slash), high, 16, 8) || !number_of(text.substr(slash + 1), low, 16, 8)) continue;
    out.low[row] = high << 32 | low;
    out.valid[row] = 1;
  }
  return out;
}

Places sequences(const TextColumn &texts) {
  Places out(texts.size());
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (is_plain_pair(texts[row], out.high[row], out.low[row])) {
      out.valid[row] = 1;
      continue;
    }
    out.high[row] = 0;
    std::size_t n = 0;
    bool is_known = true;
    const bool is_list = each_element(texts[row], [&](std::string_view each) {
      if (n == 0) is_known &= is_null(each) || number_in(each, out.high[row]);
      if (n == 1) is_known &= number_in(each, out.low[row]);
      ++n;
    });
    out.valid[row] = is_list && is_known && n == 2;
  }
  return out;
}

Places hex_lsns(const TextColumn &texts) {
  Places out(texts.size());
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::string_view text = texts[row];
    const std::size_t first = text.find(':'), second = text.find(':', first == text.npos ? first : first + 1);
    if (second == text.npos) continue;
    std::uint64_t a, b, c;
    if (!number_of(text.substr(0, first), a, 16, 8) || !number_of(text.substr(first + 1, second - first - 1), b, 16, 8) ||
        !number_of(text.substr(second + 1), c, 16, 8))
      continue;
    out.high[row] = a << 32 | b;
    out.low[row] = c;
    out.valid[row] = 1;
  }
  return out;
}

LogPlaces log_places(const TextColumn &texts, bool have_places) {
  LogPlaces out{Places(texts.size()), {}};
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::string_view text = texts[row];
    const std::size_t colon = have_places ? text.rfind(':') : text.npos;
    const std::string_view file = text.substr(0, colon);
    std::size_t digits = file.size();
    while (digits > 0 && file[digits - 1] >= '0' && file[digits - 1] <= '9') --digits;
    const bool has_place = !have_places || (colon != text.npos && decimal(text.substr(colon + 1), out.places.low[row]));
    out.places.valid[row] = !file.empty() && has_place && decimal(file.substr(digits), out.places.high[row]);
    out.bases.data.insert(out.bases.data.end(), file.begin(), file.begin() + static_cast<std::ptrdiff_t>(digits));
    out.bases.end_string();
  }
  return out;
}

ByteStrings packed_numbers(std::span<const std::span<const std::uint64_t>> columns, std::span<const std::uint8_t> known) {
  for (const auto &column : columns) require_size(known.size(), column.size(), "columns");
  const std::size_t size = columns.size() * sizeof(std::uint64_t);
  ByteStrings packed;
  packed.offsets.reserve(known.size() + 1);
  packed.data.resize(known.size() * size);
  std::uint8_t *out = packed.data.data();
  for (std::size_t row = 0; row < known.size(); ++row) {
    if (known[row])
      for (const auto &column : columns) out = put_number(column[row], out);
    packed.offsets.push_back(out - packed.data.data());
  }
  packed.data.resize(static_cast<std::size_t>(packed.offsets.back()));
  return packed;
}

}  // namespace streamstat
