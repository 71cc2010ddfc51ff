//! Wire forms that several tags share.

pub(crate) mod avatar;
pub(crate) mod employee;
pub(crate) mod folder;
pub(crate) mod group;
pub(crate) mod moment;
pub(crate) mod operation;

use domain::Timestamp;
use domain::people::NameOrder;
use jiff::tz::TimeZone;

use crate::gate::Call;

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
