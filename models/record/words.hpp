// The words by which records are written out: one spelling for the run record, JSON, CSV and text.
#pragma once

#include <string_view>

#include "models/record/record.hpp"

namespace trunklab {

std::string_view word(Outcome outcome);
std::string_view word(Ending ending);
std::string_view word(Reason reason);
std::string_view word(PortRefusal refusal);
std::string_view word(Audio audio);
std::string_view word(Party party);
std::string_view word(AttemptEnd end);
std::string_view word(EventKind kind);
std::string_view word(Metric metric);
std::string_view word(CapScope scope);
std::string_view word(Effect effect);
std::string_view word(CallPhase phase);

/// "total", "site/stockholm", "region/euc1", "edge/euc1/1", "demand/retail", "fault/0".
std::string entity_name(const Directory& directory, EntityKind kind, std::uint16_t index);

/// The SIP Call-ID of an attempt, equal in simulation and replay: "retail.12.34.0@trunklab" (demand, window, number, attempt); of
/// its second redial "retail.12.34r2.0@trunklab".
std::string call_id_text(const Directory& directory, const CallId& id, std::uint8_t attempt);

/// Q.850 cause that belongs to a SIP code (RFC 3398 section 8.2.6.1 where it names one); 0 for code 0 and 2xx.
std::uint8_t q850_cause(std::uint16_t sip_code);

}  // namespace trunklab
