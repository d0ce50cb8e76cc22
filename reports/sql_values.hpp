// Between the record's types and SQLite's: how rows are bound and how columns are read, in one place.
#pragma once

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "models/clean_text.hpp"
#include "models/record/record.hpp"

namespace trunklab {

/// The last value of an enumeration that stands in a column.
constexpr Outcome last_of(Outcome) {
  return Outcome::abandoned;
}
constexpr Ending last_of(Ending) {
  return Ending::in_progress;
}
constexpr Reason last_of(Reason) {
  return Reason::codec;
}
constexpr Party last_of(Party) {
  return Party::callee;
}
constexpr AttemptEnd last_of(AttemptEnd) {
  return AttemptEnd::transport_error;
}
constexpr EventKind last_of(EventKind) {
  return EventKind::media_removed;
}
constexpr Metric last_of(Metric) {
  return Metric::mbit_per_s;
}
constexpr EntityKind last_of(EntityKind) {
  return EntityKind::codecs;
}
constexpr PortRefusal last_of(PortRefusal) {
  return PortRefusal::foreign;
}
constexpr Audio last_of(Audio) {
  return Audio::lost;
}
constexpr Effect last_of(Effect) {
  return Effect::last;
}
constexpr CallPhase last_of(CallPhase) {
  return CallPhase::last;
}

/// Throws std::out_of_range if the column holds no value of the enumeration.
template <class Enum>
Enum enum_in(const SQLite::Column& column) {
  const std::int64_t value = column.getInt64();
  if (value < 0 || value > static_cast<std::int64_t>(last_of(Enum{}))) throw std::out_of_range("no such value");
  return static_cast<Enum>(value);
}

/// Fills in the parameters of a prepared statement from left to right.
class Binder {
 public:
  explicit Binder(SQLite::Statement& statement) : statement_(statement) {}

  template <std::integral Number>
  Binder& operator<<(Number value) {
    statement_.bind(++place_, static_cast<std::int64_t>(value));
    return *this;
  }
  template <class Enum>
  requires std::is_enum_v<Enum> Binder& operator<<(Enum value) { return *this << static_cast<std::int64_t>(value); }
  Binder& operator<<(double value) {
    statement_.bind(++place_, value);
    return *this;
  }
  Binder& operator<<(const std::string& value) {
    statement_.bind(++place_, value);
    return *this;
  }
  Binder& operator<<(Span value) { return *this << value.count(); }
  /// `never` is NULL.
  Binder& operator<<(Instant value) { return value == never ? null() : *this << (value - run_start); }
  template <class Value>
  Binder& operator<<(const std::optional<Value>& value) {
    return value ? *this << *value : null();
  }
  /// The four columns that name a call.
  Binder& operator<<(const CallId& id) { return *this << id.demand << id.window << id.number << id.redial; }
  /// no_edge, no_cap and no_codecs are NULL.
  Binder& index_or_null(std::uint8_t value) { return value == no_edge ? null() : *this << value; }
  Binder& null() {
    statement_.bind(++place_);
    return *this;
  }
  /// Runs the statement with what has been filled in, and makes it ready for the next row.
  void run() {
    statement_.exec();
    statement_.reset();
  }

 private:
  SQLite::Statement& statement_;
  int place_ = 0;
};
static_assert(no_edge == no_cap && no_edge == no_codecs);

/// No run is longer, so that differences of instants do not overflow.
inline constexpr Span instant_most = std::chrono::hours{24 * 366 * 140};

/// Reads the columns of the current row from left to right. Texts come without characters that would command a terminal.
class Columns {
 public:
  explicit Columns(SQLite::Statement& statement) : statement_(statement) {}

  template <std::integral Number>
  Columns& operator>>(Number& value) {
    value = static_cast<Number>(statement_.getColumn(place_++).getInt64());
    return *this;
  }
  template <class Enum>
  requires std::is_enum_v<Enum> Columns& operator>>(Enum& value) {
    value = enum_in<Enum>(statement_.getColumn(place_++));
    return *this;
  }
  Columns& operator>>(double& value) {
    value = statement_.getColumn(place_++).getDouble();
    return *this;
  }
  Columns& operator>>(std::string& value) {
    value = clean_lines(statement_.getColumn(place_++).getString());  // a record may come from anywhere
    return *this;
  }
  Columns& operator>>(Span& value) {
    value = Span{statement_.getColumn(place_++).getInt64()};
    return *this;
  }
  Columns& operator>>(Instant& value) {
    const SQLite::Column column = statement_.getColumn(place_++);
    value = column.isNull() ? never : run_start + Span{column.getInt64()};
    if (value != never && (value > run_start + instant_most || value < run_start - instant_most)) throw std::out_of_range("no instant of a run");
    return *this;
  }
  template <class Value>
  Columns& operator>>(std::optional<Value>& value) {
    value.reset();
    if (statement_.getColumn(place_).isNull()) {
      ++place_;
      return *this;
    }
    return *this >> value.emplace();
  }
  /// The four columns that name a call.
  Columns& operator>>(CallId& id) { return *this >> id.demand >> id.window >> id.number >> id.redial; }
  Columns& index_or_null(std::uint8_t& value) {
    const SQLite::Column column = statement_.getColumn(place_++);
    value = column.isNull() ? no_edge : static_cast<std::uint8_t>(column.getInt());
    return *this;
  }

 private:
  SQLite::Statement& statement_;
  int place_ = 0;
};

}  // namespace trunklab
