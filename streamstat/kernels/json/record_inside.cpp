// What is inside of a record, where it is JSON: see events/inside.hpp.
#include "json/json_inside.hpp"

#include <map>
#include <utility>

namespace streamstat {

namespace {

class JsonInside : public Inside {
 public:
  // unwrap, each: which field is the one, or how many there are.
  JsonInside(std::span<const FieldSpec> fields, std::size_t unwrap, std::size_t each)
      : fields_(fields.begin(), fields.end()), unwrap_(unwrap), each_(each), values_(1) {
    if (unwrap_ < fields_.size()) object_ = std::make_unique<ObjectInside>(fields_);
  }

  void open(std::span<const Found> record) override {
    depth_ = 0;
    is_new_ = true;
    has_array_ = has_object_ = false;
    values_[0].assign(record.begin(), record.end());
    ++readings_;
    for (Found &found : values_[0]) found.reading = readings_;
    layers_.assign(1, {nullptr, nullptr, {}, readings_});
    if (object_) unwrap(record[unwrap_].cell);
    if (has_each()) note_elements(record);
  }

  bool next(Part &part) override {
    if (std::exchange(is_new_, false)) {
      part = {nullptr, nullptr, Fault::none};
      if (!has_each() || enter(values_[0][each_].cell, 0, part)) return true;
    }
    while (depth_ > 0) {
      if (!top().at)
        --depth_;
      else if (element(part))
        return true;
    }
    return false;
  }

  const Found &found(std::size_t field) const override { return values_[depth_][field]; }
  const std::vector<Layer> &layers() const override { return layers_; }

  void note_names() override {
    notes_names_ = true;
    if (object_) object_->note_names();
  }

  std::vector<std::string> names() const override {
    std::vector<std::string> found;
    if (has_object_) found = object_->names();
    for (std::size_t i = 0; i < depth_; ++i) {
      const auto &more = levels_[i].reader->names();
      found.insert(found.end(), more.begin(), more.end());
    }
    return found;
  }

  bool has_each() const override { return each_ < fields_.size(); }
  bool has_array() const override { return has_array_; }

 private:
  // An array that is being walked.
  struct Level {
    ObjectInside *reader;
    std::size_t rest;    // where the path of the array goes on in its elements; 0: they are the events
    const Byte *at;      // the next element; null: there is none
    bool lies_in_block;
  };

  Level &top() { return levels_[depth_ - 1]; }

  // Reads the object that a text may hold.
  void unwrap(const Cell *text) {
    has_object_ = text && text->kind == kind::text && object_->read(*text);
    if (!has_object_) return;
    add(*object_, values_[0], values_[0]);
    layers_.push_back({object_->begin(), object_->end(), {}, readings_});
  }

  // The array stands in the record, or in the object that a text of the record holds.
  void note_elements(std::span<const Found> record) {
    const Cell *const array = values_[0][each_].cell;
    if (!array) return;
    const Elements elements{array->begin, array->end};
    if (has_object_ && array == object_->cell(each_)) {
      layers_[1].elements = elements;
      layers_[0].elements = {record[unwrap_].cell->begin, record[unwrap_].cell->end};
    } else {
      layers_[0].elements = elements;
    }
  }

  // The fields of an object beside those of what is around it.
  void add(const ObjectInside &object, const std::vector<Found> &around, std::vector<Found> &values) {
    values.resize(fields_.size());
    ++readings_;
    for (std::size_t f = 0; f < fields_.size(); ++f) {
      const std::uint32_t taken = object.taken(f);
      values[f] = taken && taken >= around[f].taken ? Found{object.cell(f), taken, readings_} : around[f];
    }
  }

  // Begins to walk the array that an object has, if it has one; whether `part`, which is the object, is none because of it.
  bool enter(const Cell *array, std::size_t begin, Part &part) {
    if (!array || array->kind == kind::null) return false;
    if (array->kind != kind::json || *array->begin != '[') {
      part.fault = Fault::not_array;
      return true;
    }
    const bool lies_in_block = depth_ ? top().lies_in_block : !array->unescape;
    const std::size_t rest = array->number ? begin + static_cast<std::size_t>(array->number) : 0;
    has_array_ |= rest == 0;
    if (depth_ == levels_.size()) levels_.emplace_back();
    if (++depth_ == values_.size()) values_.emplace_back();
    const Byte *const first = json::AnyLayout::skip(array->begin + 1);
    top() = {&reader(rest), rest, *first == ']' ? nullptr : first, lies_in_block};
    return false;
  }

  // Reads the next element of the innermost array; whether it is a part.
  bool element(Part &part) {
    Level &level = top();
    layers_.resize(has_object_ + depth_);  // the record, and the elements around the innermost array
    const Byte *const begin = level.at;
    const bool is_object = *begin == '{';
    const Byte *const end = is_object ? level.reader->read_valid(begin) : level.reader->behind(begin);
    const Byte *const behind = json::AnyLayout::skip(end);
    level.at = *behind == ',' ? json::AnyLayout::skip(behind + 1) : nullptr;
    part = {begin, end, is_object ? Fault::none : Fault::not_object};
    if (!is_object) return true;
    level.reader->spell(level.lies_in_block);
    std::vector<Found> &values = values_[depth_];
    add(*level.reader, values_[depth_ - 1], values);
    if (level.rest == 0) return true;
    const Cell *const array = level.reader->cell(each_);
    layers_.push_back({begin, end, array ? Elements{array->begin, array->end} : Elements{}, readings_});
    return enter(array, level.rest, part);
  }

  // What reads elements in which the path of the array goes on like this.
  ObjectInside &reader(std::size_t rest) {
    auto &found = readers_[rest];
    if (!found) {
      std::vector<FieldSpec> fields = fields_;
      FieldSpec &array = fields[each_];
      array.path = array.path.substr(rest);
      if (rest == 0) array.needs = 0;
      found = std::make_unique<ObjectInside>(fields);
      if (notes_names_) found->note_names();
    }
    return *found;
  }

  std::vector<FieldSpec> fields_;
  std::size_t unwrap_, each_;
  std::unique_ptr<ObjectInside> object_;  // what the text is read with
  std::map<std::size_t, std::unique_ptr<ObjectInside>> readers_;
  std::vector<Level> levels_;               // the first `depth_` of them are in use
  std::vector<std::vector<Found>> values_;  // of the record, then of the element of each level
  std::vector<Layer> layers_;
  std::size_t depth_ = 0;
  std::uint64_t readings_ = 0;
  bool is_new_ = false, has_object_ = false, has_array_ = false, notes_names_ = false;
};

}  // namespace

std::unique_ptr<Inside> Inside::of(std::span<const FieldSpec> fields) {
  std::size_t unwrap = fields.size(), each = fields.size();
  for (std::size_t f = fields.size(); f-- > 0;) {
    if (fields[f].needs & kUnwrap) unwrap = f;
    if (fields[f].needs & kEach) each = f;
  }
  if (unwrap == fields.size() && each == fields.size()) return nullptr;
  return std::make_unique<JsonInside>(fields, unwrap, each);
}

}  // namespace streamstat
