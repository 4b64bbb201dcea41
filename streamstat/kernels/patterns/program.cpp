#include "patterns/program.hpp"

#include <stdexcept>

namespace streamstat {

namespace {

void require(bool sound, const char *problem) {
  if (!sound) throw std::invalid_argument(std::string("program: ") + problem);
}

}  // namespace

void Program::finish() {
  const int n = static_cast<int>(steps.size()), bits = static_cast<int>(references.size());
  require(n > 0 && n <= kMostSteps && bits <= kMostSteps, "steps");
  require(first.size() == steps.size() && last.size() == steps.size(), "ends");
  require(before < bits && behind < bits && within >= 0, "bounds");
  for (const PatternStep &step : steps) {
    require(step.bit >= 0 && step.bit < bits, "bit");
    require(step.least >= 0 && step.least <= kMostTaken && step.most <= kMostTaken, "number");
    require(step.most < 0 || step.most >= step.needed(), "number");
    taken |= bit_of(step.bit);
    has_brackets |= step.bracketed;
  }
  out.resize(steps.size());
  in.resize(steps.size());
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const PatternEdge &edge = edges[e];
    require(edge.source >= 0 && edge.source < edge.to && edge.to < n && edge.absent < bits, "edge");
    out[static_cast<std::size_t>(edge.source)].push_back(static_cast<int>(e));
    in[static_cast<std::size_t>(edge.to)].push_back(static_cast<int>(e));
    if (edge.absent >= 0) gaps |= bit_of(edge.absent);
  }
  for (int bit = 0; bit < bits; ++bit) {
    const Bits looked = references[static_cast<std::size_t>(bit)];
    if (looked) conditional |= bit_of(bit);
    referenced |= looked;
  }
  require((referenced & ~taken) == 0, "references");
}

}  // namespace streamstat
