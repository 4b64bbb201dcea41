// Extended JSON of MongoDB: what its wrappers, such as {"$numberLong":"5"}, stand for; and what an update does to a document.
#pragma once

#include "base/byte_strings.hpp"

#include <string>
#include <string_view>

namespace streamstat {

// A value without wrappers, whatever is in it. Those without a plain form stay.
std::string plain_json(std::string_view value, unsigned depth = 0);
ByteStrings plain_json_of(const TextColumn &values);

// updateDescription as steps of an edit (see edits.hpp), behind a step for each member of the key; empty if it is none.
ByteStrings steps_of_updates(const TextColumn &descriptions, const TextColumn &keys);

}  // namespace streamstat
