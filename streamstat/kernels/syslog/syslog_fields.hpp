// The fields of a syslog line, and which of them are wanted.
#pragma once

#include "events/columns.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace streamstat::syslog {

enum Name : std::uint8_t { kPriority, kFacility, kSeverity, kTime, kHost, kApp, kPid, kMsgid, kMessage };

inline constexpr std::array<std::string_view, kMessage + 1> kNames{"priority", "facility", "severity", "time", "host",
                                                                   "app",      "pid",      "msgid",    "message"};

inline constexpr std::string_view kStructured = "sd.";  // before the names of structured data, ID.NAME

// Where the values of the wanted fields are found: at a name of every line, or at one of structured data.
class Fields {
 public:
  explicit Fields(const std::vector<FieldSpec> &specs) : keeps_all(wants(specs, kWritten)) {
    for (const FieldSpec &spec : specs) {
      const std::string_view path = spec.path;
      std::size_t place = kNowhere;
      for (std::size_t name = 0; name < kNames.size(); ++name)
        if (path == kNames[name]) place = name;
      if (path.starts_with(kStructured)) {
        place = kNames.size() + structured.size();
        structured.emplace_back(path.substr(kStructured.size()));
      }
      places.push_back(place);
    }
  }

  static constexpr std::size_t kNowhere = ~std::size_t{0};
  std::vector<std::size_t> places;      // of each field: a Name, behind these those of structured data
  std::vector<std::string> structured;  // ID.NAME
  bool keeps_all;                       // of structured data
};

}  // namespace streamstat::syslog
