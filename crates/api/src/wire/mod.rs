//! Wire forms that several tags share.

pub(crate) mod avatar;
pub(crate) mod employee;
pub(crate) mod folder;
pub(crate) mod group;
pub(crate) mod moment;
pub(crate) mod operation;
pub(crate) mod quota;

use domain::Timestamp;
use domain::people::NameOrder;
use domain::setting::Stored;
use domain::time::NEVER_PLAIN;
use jiff::tz::TimeZone;

use crate::gate::Call;

/// A number without a fraction where it has none, as .NET writes it.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
pub(crate) fn whole<S: serde::Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    #[expect(clippy::cast_possible_truncation, reason = "what is sent so is far below the limits of an i64")]
    if number.fract() == 0.0 {
        serializer.serialize_i64(*number as i64)
    } else {
        serializer.serialize_f64(*number)
    }
}

/// What turning a stored thing into its wire form needs: the server's address, the portal's time zone,
/// and the order of names in the reader's language.
#[derive(Debug, Clone)]
pub(crate) struct Site<'a> {
    pub(crate) base: &'a str,
    pub(crate) zone: &'a TimeZone,
    pub(crate) names: NameOrder,
}

impl<'a> Site<'a> {
    pub(crate) fn of(call: &'a Call) -> Self {
        Self { base: &call.exchange().base, zone: &call.portal.zone, names: NameOrder::of(call) }
    }

    /// An "API date" (foundation.md §1.6).
    pub(crate) fn date(&self, at: Timestamp) -> String {
        at.api_date(self.zone)
    }
}

/// `lastModified` of a setting.
pub(crate) fn modified<S>(stored: &Stored<S>) -> String {
    stored.modified_at.map_or_else(|| NEVER_PLAIN.to_owned(), domain::Timestamp::plain)
}
