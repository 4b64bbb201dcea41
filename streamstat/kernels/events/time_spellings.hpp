// Times as logs spell them besides ISO 8601.
#pragma once

#include "events/times.hpp"

namespace streamstat {

// 10/Oct/2000:13:55:36 -0700 of access logs; Mon, 01 Jun 2026 08:00:03 GMT of RFC 2822; 20001010T135536Z; and
// Oct  9 22:14:15 of syslog, which has no year. Unreadable if it is none of them.
Time time_from_log_spelling(const Byte *begin, const Byte *end);

// The last of these alone, with a fraction or not.
Time time_without_year(const Byte *begin, const Byte *end);

}  // namespace streamstat
