// What is inside of a record: the object that a text of it holds, whose fields stand beside the others, and then the
// elements of an array, each of them an event with the fields of all that is around it.
//
// Of equal names the inner one wins; of a path, as anywhere, whoever has the longest name that begins it.
#pragma once

#include "events/object_writer.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace streamstat {

// The value of a field in an object, or null.
struct Found {
  const Cell *cell = nullptr;
  std::uint32_t taken = 0;    // the length of the name at the object's top level that begins its path, and one more
  std::uint64_t reading = 0;  // by which it was found: equal ones give equal values
};

// An event of a record, or a part of it that is none.
struct Part {
  const Byte *begin, *end;  // null: all of the record
  Fault fault;              // none: it is an event
};

// An object around the events of a record. Of what is found in it nothing else than these bytes is kept.
struct Layer {
  const Byte *begin, *end;  // null: the record
  Elements elements;        // those that are events, or on the way to them
  std::uint64_t reading;    // by which it was read: equal ones are the same object
};

class Inside {
 public:
  // Null if no field is unwrapped and no elements are looked for.
  static std::unique_ptr<Inside> of(std::span<const FieldSpec> fields);

  Inside() = default;
  Inside(const Inside &) = delete;
  Inside &operator=(const Inside &) = delete;
  virtual ~Inside() = default;

  // Begins a record: what its format has found, one of each field; cells stay as they are until the next record.
  virtual void open(std::span<const Found> record) = 0;

  // The next part; false behind the last one.
  virtual bool next(Part &part) = 0;

  // Of the part that came last, if it is an event: the value of a field.
  virtual const Found &found(std::size_t field) const = 0;

  // Of the part that came last the objects around it, the outer ones first; of a record that is one event, all of them.
  virtual const std::vector<Layer> &layers() const = 0;

  // The names of what is inside, outer ones first; only if they were asked for before the record began.
  virtual void note_names() = 0;
  virtual std::vector<std::string> names() const = 0;

  // Whether elements are looked for; and whether the record has the array, be it empty.
  virtual bool has_each() const = 0;
  virtual bool has_array() const = 0;
};

}  // namespace streamstat
