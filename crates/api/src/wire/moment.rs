//! Dates in queries (foundation.md §1.6): ISO 8601 in its common forms, with `-` instead of `:` in the time, or a day
//! alone.

use domain::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A point in time; without an offset, in this zone. None when it is no date.
pub(crate) fn parse(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(instant.as_microsecond()));
    }
    // A query turns the `+` of an offset into a space.
    if let Ok(instant) = text.replace(' ', "+").parse::<jiff::Timestamp>() {
        return Some(Timestamp(instant.as_microsecond()));
    }
    let wall = text.parse::<DateTime>().ok().or_else(|| dashed(text)).or_else(|| {
        let day = text.parse::<Date>().ok()?;
        Some(day.at(0, 0, 0, 0))
    })?;
    let instant = zone.to_timestamp(wall).ok()?;
    Some(Timestamp(instant.as_microsecond()))
}

/// `2026-03-01T09-30-00`.
fn dashed(text: &str) -> Option<DateTime> {
    let (day, time) = text.split_once('T')?;
    format!("{day}T{}", time.replace('-', ":")).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_several_forms() {
        let zone = domain::time::zone("Europe/Berlin").unwrap_or(TimeZone::UTC);
        let start = 1_772_357_400_000_000;
        for text in [
            "2026-03-01T09:30:00Z",
            "2026-03-01T09:30:00.0000000Z",
            "2026-03-01T10:30:00+01:00",
            "2026-03-01T10:30:00 01:00",
            "2026-03-01T10:30:00",
            "2026-03-01T10-30-00",
        ] {
            assert_eq!(parse(text, &zone), Some(Timestamp(start)), "{text}");
        }
        assert_eq!(parse("2026-03-01", &TimeZone::UTC), Some(Timestamp(start - 34_200_000_000)));
        for text in ["", "soon", "2026-13-01", "2026-03-01T99:00:00"] {
            assert_eq!(parse(text, &zone), None, "{text}");
        }
    }
}
