// What may be wrong with a line, and the words for it that users see.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace streamstat {

enum class Fault : std::uint8_t {
  none,
  not_object,
  expected_key,
  expected_colon,
  expected_value,
  expected_comma,
  bad_number,
  bad_escape,
  control_character,
  bad_utf8,
  unterminated,
  too_deep,
  trailing,
  expected_space,
  expected_bracket,
  open_bracket,
  expected_quote,
  unclosed_quote,
  text_behind,
  other_text,
  open_field,
  no_pair,
  no_name,
  text_behind_quote,
  no_match,
  not_array,
  wrong_width,
  too_many_columns,
  no_columns,
  no_end,
  not_syslog,
  bad_structured_data,
  not_cri,
  too_long,  // said by who cuts lines, not by the decoder
};

// In the order of Fault.
inline constexpr std::array kFaultTexts{
    "",
    "not a JSON object",
    "expected a name in double quotes",
    "expected ':' after the name",
    "expected a value",
    "expected ',' or the end of the object or array",
    "not a JSON number",
    "not a JSON escape",
    "control character in a string",
    "not UTF-8",
    "the line ends too early",
    "nested deeper than 1,024",
    "text behind the object",
    "expected a space",
    "expected '[' before the time",
    "no ']' behind the time",
    "expected a double quote",
    "no closing quote",
    "text behind the last field",
    "other text than the format has here",
    "what ends this field in the format is missing",
    "no key=value in the line",
    "no name before '='",
    "text behind a closing quote",
    "the pattern is not found",
    "no array where --each looks for one",
    "more or fewer cells than there are columns",
    "more than 65,536 columns",
    "no #Fields: before it",
    "its end is missing",
    "not a syslog line",
    "structured data without its end",
    "not a container line",
    "longer than 16 MiB",
};
static_assert(kFaultTexts.size() == static_cast<std::size_t>(Fault::too_long) + 1);

}  // namespace streamstat
