// pending
#pragma once
#include <span>
#include <string>
#include "reports/document/document.hpp"
#include "reports/run_reader.hpp"
namespace trunklab { Document comparison_document(std::span<const RunRecord* const> records); std::string comparison_json(std::span<const RunRecord* const> records); }
