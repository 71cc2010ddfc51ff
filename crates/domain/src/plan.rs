//! What a portal may do and hold, in the words of the reference's plans (foundation.md §4.5).
//!
//! There is no licence, no tariff and nothing to buy: one plan for all portals has everything switched on, and what an
//! administrator limits is limited (deviations.md 23). What is used is counted, by the same counts that limits are held
//! against.

use db::Conn;

use crate::ids::PortalId;
use crate::people::{self, seats};
use crate::quotas::PortalQuota;
use crate::{Result, rooms, setting};

/// The plan's number.
pub const ID: i64 = -1;
/// Its name in the raw plan.
pub const NAME: &str = "default";
/// Its name for people.
pub const TITLE: &str = "Self-hosted";
/// The largest file, in bytes.
pub const FILE_BYTES: i64 = 102_400 << 20;

/// Backups a month that cost nothing, of those that are paid for one by one: there are none of these.
pub const FREE_BACKUPS: i64 = 0;

/// What a plan has, or hasn't.
#[derive(Debug, Clone, Copy)]
pub struct Flag {
    /// The reference's id, as in `features`.
    pub id: &'static str,
    /// What it is, for people.
    pub title: &'static str,
    /// Whether the plan has it.
    pub on: bool,
    /// Who is told of it.
    pub shown: Shown,
}

/// Who is told of a feature in a plan that is shown; the raw one has all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Everybody.
    ToAll,
    /// Administrators.
    ToAdmins,
    /// Nobody.
    Never,
}

macro_rules! flags {
    ($($id:literal $on:literal $shown:ident $title:literal;)*) => {
        /// Every flag of a plan, in the order in which they are shown. On is what a portal can be allowed to do; off what
        /// speaks of a purchase, or is paid for from a wallet.
        pub const FLAGS: &[Flag] =
            &[$(Flag { id: $id, title: $title, on: $on, shown: Shown::$shown },)*];
    };
}

// The columns: id, whether it is on, who is told, title.
flags! {
    "customization" true ToAdmins "Customization";
    "ldap" true ToAdmins "LDAP";
    "sso" true ToAdmins "Single sign-on";
    "restore" true ToAdmins "Restoring from a backup";
    "audit" true ToAdmins "Log of sign-ins and changes";
    "thirdparty" true ToAdmins "Storage of third parties";
    "statistic" true ToAll "Statistics";
    "automationapi" true ToAll "API keys and webhooks";
    "branding" true ToAdmins "Own logo and name";
    "oauth" true ToAll "Signing in by OAuth";
    "year" false ToAdmins "Paid by the year";
    "backup" false ToAdmins "Backups paid for one by one";
    "aitools" false ToAdmins "AI tools paid for by use";
    "update" false ToAll "Updates of a licence";
    "lifetime" false ToAll "Licence without an end";
    "contentsearch" true Never "Search in contents";
    "custom" true Never "Own domain";
    "docs" false Never "Editors under the same licence";
    "non-profit" false Never "Non-profit";
    "trial" false Never "Trial";
    "free" false Never "Free";
}

/// Whether the plan has what this flag stands for.
pub fn has(id: &str) -> bool {
    FLAGS.iter().any(|flag| flag.id == id && flag.on)
}

/// What administrators limited; none: no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The owner, administrators and room administrators.
    pub admins: Option<i64>,
    /// Users and guests.
    pub users: Option<i64>,
    /// Bytes in all.
    pub bytes: Option<i64>,
}

/// What is used of what can be limited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used {
    /// The owner, administrators and room administrators, in use or invited.
    pub admins: i64,
    /// Users and guests, in use or invited.
    pub users: i64,
    /// Active rooms, those of AI agents not among them.
    pub rooms: i64,
    /// Active rooms of AI agents.
    pub agents: i64,
    /// Bytes in all, the archive's too.
    pub bytes: i64,
}

/// What is limited in a portal.
pub fn limits(conn: &mut Conn, portal: PortalId) -> Result<Limits> {
    let seats = seats::limits(conn, portal)?;
    let whole: PortalQuota = setting::of_portal(conn, portal)?;
    Ok(Limits { admins: seats.admins, users: seats.users, bytes: whole.bytes })
}

/// What is used in a portal.
pub fn used(conn: &mut Conn, portal: PortalId) -> Result<Used> {
    let (admins, users) = people::seats::taken(conn, portal)?;
    let volume = rooms::volume(conn, portal)?;
    Ok(Used { admins, users, rooms: volume.rooms, agents: volume.agents, bytes: volume.bytes() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_portal_is_as_a_fully_paid_one() {
        let off: Vec<&str> = FLAGS.iter().filter(|flag| !flag.on).map(|flag| flag.id).collect();
        let of_purchases =
            ["year", "backup", "aitools", "update", "lifetime", "docs", "non-profit", "trial", "free"];
        assert_eq!(off, of_purchases);
        assert!(has("audit") && !has("trial") && !has("nothing"));
    }
}
