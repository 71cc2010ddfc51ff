//! Points in time, and where they come from.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use db::{Bind, Cell, Column, Value};
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// Microseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// Microseconds of a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds of a day.
pub const DAY: i64 = 24 * 60 * 60 * SECOND;

impl Timestamp {
    /// This point plus some microseconds.
    #[must_use]
    pub fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// The reference's "API date" (foundation.md §1.6): wall time of the zone, always seven fraction digits,
    /// `Z` when the offset is zero, else `+hh:mm`.
    pub fn api_date(self, zone: &TimeZone) -> String {
        let instant = jiff::Timestamp::from_microsecond(self.0).unwrap_or_default();
        let offset = zone.to_offset(instant);
        let wall = offset.to_datetime(instant);
        let suffix = if offset == Offset::UTC { "Z".to_owned() } else { offset_text(offset) };
        format!("{}.{:07}{suffix}", wall_text(wall), wall.subsec_nanosecond() / 100)
    }

    /// A "plain `DateTime`" in UTC (foundation.md §1.6): the fraction trimmed of trailing zeros, then `Z`.
    pub fn plain(self) -> String {
        let instant = jiff::Timestamp::from_microsecond(self.0).unwrap_or_default();
        let wall = Offset::UTC.to_datetime(instant);
        let fraction = format!("{:07}", wall.subsec_nanosecond() / 100);
        let fraction = fraction.trim_end_matches('0');
        let dot = if fraction.is_empty() { "" } else { "." };
        format!("{}{dot}{fraction}Z", wall_text(wall))
    }

    /// The date of HTTP headers and cookies.
    pub fn http_date(self) -> String {
        let instant = jiff::Timestamp::from_microsecond(self.0).unwrap_or_default();
        Offset::UTC.to_datetime(instant).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// How far the zone's clocks are ahead of UTC at this point, in seconds.
    pub fn utc_offset_seconds(self, zone: &TimeZone) -> i32 {
        zone.to_offset(jiff::Timestamp::from_microsecond(self.0).unwrap_or_default()).seconds()
    }

    /// The point a client means by a text: any form of ISO 8601, also with hyphens in the time, or a date alone; without
    /// an offset it is wall time of the zone (foundation.md §1.6).
    pub fn parse(text: &str, zone: &TimeZone) -> Option<Self> {
        let text = text.trim();
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Some(Self(instant.as_microsecond()));
        }
        let colons = |text: &str| {
            let (date, time) = text.split_once('T')?;
            Some(format!("{date}T{}", time.replacen('-', ":", 2)))
        };
        let wall = text.parse::<DateTime>().ok().or_else(|| colons(text)?.parse().ok())?;
        let instant = zone.to_timestamp(wall).ok()?;
        Some(Self(instant.as_microsecond()))
    }

    /// Whole seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(SECOND)
    }
}

/// The plain `DateTime` that stands for "never".
pub const NEVER_PLAIN: &str = "0001-01-01T00:00:00";
/// The same as an "API date".
pub const NEVER: &str = "0001-01-01T00:00:00.0000000Z";

/// Date and time to the second. Lists format a hundred of them: plain digits are several times faster than a pattern.
fn wall_text(wall: DateTime) -> String {
    let (year, month, day) = (wall.year(), wall.month(), wall.day());
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", wall.hour(), wall.minute(), wall.second())
}

fn offset_text(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    format!("{}{:02}:{:02}", if minutes < 0 { '-' } else { '+' }, minutes.abs() / 60, minutes.abs() % 60)
}

/// A span of time as `hh:mm:ss`, with a `-` when it is negative (foundation.md §1.5).
pub fn span(seconds: i32) -> String {
    let size = seconds.unsigned_abs();
    format!("{}{:02}:{:02}:{:02}", if seconds < 0 { "-" } else { "" }, size / 3600, size / 60 % 60, size % 60)
}

/// Whether the server knows a time zone of this IANA name.
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

impl Bind for Timestamp {
    fn bind(&self) -> Value<'_> {
        Value::Int(self.0)
    }
}

impl Column for Timestamp {
    const EXPECTED: &'static str = "time";
    fn read(cell: Cell<'_>) -> Option<Self> {
        i64::read(cell).map(Self)
    }
}

/// Where the time comes from: the machine, or a test.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A test's: stands still until it is moved.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The time now.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let since =
                    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
            }
            Self::Fixed(micros) => Timestamp(micros.load(Ordering::Relaxed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_dates_have_seven_digits_and_the_zones_offset() {
        let at = Timestamp(1_772_357_400_120_000);
        assert_eq!(at.api_date(&TimeZone::UTC), "2026-03-01T09:30:00.1200000Z");
        let Some(zone) = zone("Europe/Moscow") else { panic!("the zones are built in") };
        assert_eq!(at.api_date(&zone), "2026-03-01T12:30:00.1200000+03:00");
        let Some(zone) = super::zone("America/New_York") else { panic!("the zones are built in") };
        assert_eq!(at.api_date(&zone), "2026-03-01T04:30:00.1200000-05:00");
    }

    #[test]
    fn plain_dates_have_no_trailing_zeros() {
        assert_eq!(Timestamp(1_772_357_400_120_000).plain(), "2026-03-01T09:30:00.12Z");
        assert_eq!(Timestamp(1_772_357_400_000_000).plain(), "2026-03-01T09:30:00Z");
    }

    #[test]
    fn spans_are_hours_minutes_seconds() {
        assert_eq!(span(10_800), "03:00:00");
        assert_eq!(span(-16_200), "-04:30:00");
    }
}
