// Lines of memory that are looked at soon, asked for while there is something else to do.
#pragma once

namespace streamstat {

// The empty statement has an effect as far as the compiler knows. Without one GCC takes a function that only asks for memory
// for one that does nothing, and leaves out the calls of it.
inline void prefetch_line(const void *place) {
  __builtin_prefetch(place);
  __asm__ volatile("");
}

inline void prefetch_line_to_write(const void *place) {
  __builtin_prefetch(place, 1);
  __asm__ volatile("");
}

}  // namespace streamstat
