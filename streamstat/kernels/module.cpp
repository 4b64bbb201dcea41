// The Python module: one call a kernel, nothing else.
#include <nanobind/nanobind.h>

namespace nb = nanobind;

void bind_bloom(nb::module_ &module);
void bind_changes(nb::module_ &module);
void bind_clocks(nb::module_ &module);
void bind_cri(nb::module_ &module);
void bind_delimited(nb::module_ &module);
void bind_disorder(nb::module_ &module);
void bind_events(nb::module_ &module);
void bind_exact(nb::module_ &module);
void bind_grouped(nb::module_ &module);
void bind_hash(nb::module_ &module);
void bind_hdr(nb::module_ &module);
void bind_histogram(nb::module_ &module);
void bind_hll(nb::module_ &module);
void bind_json(nb::module_ &module);
void bind_keys(nb::module_ &module);
void bind_least_values(nb::module_ &module);
void bind_lines(nb::module_ &module);
void bind_ordering(nb::module_ &module);
void bind_joins(nb::module_ &module);
void bind_patterns(nb::module_ &module);
void bind_pieces(nb::module_ &module);
void bind_profiles(nb::module_ &module);
void bind_queries(nb::module_ &module);
void bind_ranked(nb::module_ &module);
void bind_readings(nb::module_ &module);
void bind_render(nb::module_ &module);
void bind_retracting(nb::module_ &module);
void bind_sessions(nb::module_ &module);
void bind_slide(nb::module_ &module);
void bind_spans(nb::module_ &module);
void bind_syslog(nb::module_ &module);
void bind_timing(nb::module_ &module);
void bind_topk(nb::module_ &module);
void bind_tuples(nb::module_ &module);
void bind_unique(nb::module_ &module);
void bind_values(nb::module_ &module);
void bind_views(nb::module_ &module);
void bind_watermark(nb::module_ &module);
void bind_words(nb::module_ &module);

NB_MODULE(_native, module) {
  nb::set_leak_warnings(false);  // they go to stderr, which belongs to the user
  module.doc() = "The loops that touch every byte or every event.";
  bind_bloom(module);
  bind_changes(module);
  bind_clocks(module);
  bind_disorder(module);
  bind_events(module);
  bind_cri(module);
  bind_delimited(module);
  bind_exact(module);
  bind_grouped(module);
  bind_hash(module);
  bind_hdr(module);
  bind_histogram(module);
  bind_hll(module);
  bind_json(module);
  bind_keys(module);
  bind_least_values(module);
  bind_lines(module);
  bind_ordering(module);
  bind_joins(module);
  bind_patterns(module);
  bind_pieces(module);
  bind_profiles(module);
  bind_queries(module);
  bind_ranked(module);
  bind_readings(module);
  bind_render(module);
  bind_retracting(module);
  bind_sessions(module);
  bind_slide(module);
  bind_spans(module);
  bind_syslog(module);
  bind_timing(module);
  bind_topk(module);
  bind_tuples(module);
  bind_unique(module);
  bind_values(module);
  bind_views(module);
  bind_watermark(module);
  bind_words(module);
}
