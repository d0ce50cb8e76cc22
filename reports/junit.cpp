// Writing JUnit XML.
#include "reports/junit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/clean_text.hpp"
#include "reports/sections/finding_sentences.hpp"
#include "reports/text.hpp"

namespace trunklab {
namespace {

/// Text or an attribute's value. XML 1.0 has no way to write most control characters, so they are replaced.
std::string xml(std::string_view text) {
  std::string out;
  for (const char letter : clean_line(text)) {
    switch (letter) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&apos;"; break;
      default: out += letter;
    }
  }
  return out;
}

std::string test_case(std::string_view suite, std::string_view name, std::string_view inside) {
  const std::string opening = fmt::format("    <testcase classname=\"trunklab.{}\" name=\"{}\"", xml(suite), xml(name));
  return opening + (inside.empty() ? "/>\n" : fmt::format(">{}</testcase>\n", inside));
}

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
};

std::string case_of(const RunInfo& info, const Verdict& verdict, Counts& counts) {
  ++counts.tests;
  const std::string name = fmt::format("{} of {}", verdict.name, verdict.entity);
  std::string inside;
  if (verdict.kind == Verdict::Kind::missed) {
    ++counts.failures;
    inside = fmt::format("<failure message=\"objective missed: {}\"/>", xml(verdict.text));
  }
  if (verdict.kind == Verdict::Kind::not_judged) {
    ++counts.errors;
    inside = fmt::format("<error message=\"objective not judged: {}\"/>", xml(verdict.text));
  }
  return test_case(info.scenario_name, name, inside);
}

std::string suite_of(const RunRecord& record, Counts& all) {
  const RunInfo& info = record.info();
  Counts counts{.tests = 1};
  if (!record.complete()) ++counts.errors;
  std::string cases =
      test_case(info.scenario_name, "the run came to its end", record.complete() ? "" : "<error message=\"the run was stopped before its end\"/>");
  for (const Verdict& verdict : record.verdicts()) cases += case_of(info, verdict, counts);
  std::string finding;
  for (const FindingSentence& sentence : finding_sentences(record)) finding += xml(sentence.text) + '\n';
  all.tests += counts.tests;
  all.failures += counts.failures;
  all.errors += counts.errors;
  return fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"0\" time=\"{:.3f}\">\n{}    <system-out>{}</system-out>\n"
      "  </testsuite>\n",
      xml(info.scenario_name), counts.tests, counts.failures, counts.errors, record.wall().wall_s, cases, finding);
}

}  // namespace

std::string junit_xml(std::span<const RunRecord* const> records) {
  Counts all;
  std::string suites;
  for (const RunRecord* record : records) suites += suite_of(*record, all);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"trunklab\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n{}</testsuites>\n",
      all.tests, all.failures, all.errors, suites);
}

}  // namespace trunklab
