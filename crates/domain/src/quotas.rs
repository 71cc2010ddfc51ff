//! Limits on what may be stored: by the portal, and by each account, room and AI agent (foundation.md §4.5).
//!
//! A limit is a setting of the portal. Nothing is limited until an administrator says so (deviations.md 23). What is used
//! is always counted in the database, so a recount has nothing to do but to say when it was.

use db::Conn;
use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::ids::PortalId;
use crate::setting::{self, Setting, Stored};
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, Timestamp};

/// What a limit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// All that is stored.
    Portal,
    /// Each account.
    User,
    /// Each room.
    Room,
    /// Each AI agent's room.
    Agent,
}

impl Sort {
    /// What it is called in sentences.
    fn noun(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::User => "user",
            Self::Room => "room",
            Self::Agent => "AI agent",
        }
    }

    /// The refusal of a limit that can't be.
    pub fn too_large(self) -> Problem {
        let noun = self.noun();
        Problem::text(
            Kind::BadArgument,
            format!(
                "Failed to set quota per {noun}. The entered value is greater than the total DocSpace storage."
            ),
        )
    }
}

/// What holds for each thing of a sort that has no limit of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Whether limits of this sort hold at all.
    pub enabled: bool,
    /// Bytes; -1 none, -2 unset.
    pub default_bytes: i64,
    /// When what is stored was counted last, in microseconds since 1970.
    #[serde(default)]
    pub recounted_at: Option<i64>,
}

impl Default for Limit {
    fn default() -> Self {
        Self { enabled: false, default_bytes: -2, recounted_at: None }
    }
}

impl Limit {
    /// When what is stored was counted last.
    pub fn recounted(self) -> Option<Timestamp> {
        self.recounted_at.map(Timestamp)
    }
}

/// A setting that holds the limit of one sort.
pub trait Limits: Setting + Copy + Send + Sync + 'static {
    /// Which.
    const SORT: Sort;
    /// The limit.
    fn limit(self) -> Limit;
    /// The setting of a limit.
    fn of(limit: Limit) -> Self;
}

macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident $stored:literal $sort:ident;)*) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Limit);

        impl Setting for $name {
            const NAME: &'static str = $stored;
        }

        impl Limits for $name {
            const SORT: Sort = Sort::$sort;

            fn limit(self) -> Limit {
                self.0
            }

            fn of(limit: Limit) -> Self {
                Self(limit)
            }
        })*
    };
}

limits! {
    /// The limit on what each account may store (`settings/userquotasettings`).
    UserQuota "user_quota" User;
    /// The limit on what each room may hold (`settings/roomquotasettings`).
    RoomQuota "room_quota" Room;
    /// The same for the rooms of AI agents (`settings/aiagentquotasettings`).
    AgentQuota "agent_quota" Agent;
}

/// The limit on all that is stored (`settings/tenantquotasettings`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalQuota {
    /// Bytes; none: no limit.
    pub bytes: Option<i64>,
    /// When what is stored was counted last, in microseconds since 1970.
    #[serde(default)]
    pub recounted_at: Option<i64>,
}

impl PortalQuota {
    /// When what is stored was counted last.
    pub fn recounted(self) -> Option<Timestamp> {
        self.recounted_at.map(Timestamp)
    }
}

impl Setting for PortalQuota {
    const NAME: &'static str = "portal_quota";
}

pub(crate) fn demand_admin(call: &Call) -> Result<()> {
    if call.person()?.is_admin() { Ok(()) } else { Err(Kind::AccessDenied.into()) }
}

/// The limit of a sort.
///
/// Fails with `AccessDenied`.
pub fn settings<L: Limits>(conn: &mut Conn, call: &Call) -> Result<Stored<L>> {
    demand_admin(call)?;
    setting::stored(conn, call.portal.id, None)
}

/// Changes the limit of a sort. A negative one is stored as 0.
///
/// Fails with `AccessDenied`, and with `BadArgument` when it is more than the whole portal may store.
pub fn set<L: Limits>(tx: &mut Tx<'_>, call: &Call, enabled: bool, bytes: i64) -> Result<Stored<L>> {
    demand_admin(call)?;
    check_fits(tx, call.portal.id, L::SORT, bytes)?;
    let old = setting::of_portal::<L>(tx, call.portal.id)?.limit();
    let value = Limit { enabled, default_bytes: bytes.max(0), ..old };
    setting::set(tx, call.portal.id, None, &L::of(value))?;
    tx.say(Event::QuotaSet { sort: L::SORT, bytes: enabled.then_some(value.default_bytes) });
    setting::stored(tx, call.portal.id, None)
}

/// Refuses a limit that is greater than the portal's with `BadArgument`.
pub(crate) fn check_fits(conn: &mut Conn, portal: PortalId, sort: Sort, bytes: i64) -> Result<()> {
    if fits(conn, portal, bytes)? { Ok(()) } else { Err(sort.too_large()) }
}

/// Whether a limit is no greater than the portal's.
pub(crate) fn fits(conn: &mut Conn, portal: PortalId, bytes: i64) -> Result<bool> {
    // Nothing and "no limit" need no look at the portal's.
    if bytes <= 0 {
        return Ok(true);
    }
    let whole: PortalQuota = setting::of_portal(conn, portal)?;
    Ok(whole.bytes.is_none_or(|whole| bytes <= whole))
}

/// Changes the limit on all that a portal stores: a negative one switches it off.
///
/// Fails with `AccessDenied`, for a portal that isn't the caller's own too (deviations.md 27).
pub fn set_portal(tx: &mut Tx<'_>, call: &Call, portal: PortalId, bytes: i64) -> Result<Stored<PortalQuota>> {
    demand_admin(call)?;
    if portal != call.portal.id {
        return Err(Kind::AccessDenied.into());
    }
    let old: PortalQuota = setting::of_portal(tx, portal)?;
    let value = PortalQuota { bytes: Some(bytes).filter(|bytes| *bytes >= 0), ..old };
    setting::set(tx, portal, None, &value)?;
    tx.say(Event::QuotaSet { sort: Sort::Portal, bytes: value.bytes });
    setting::stored(tx, portal, None)
}

/// Counts anew what each thing of a sort stores.
///
/// Fails with `AccessDenied`.
pub fn recount<L: Limits>(tx: &mut Tx<'_>, call: &Call) -> Result<()> {
    demand_admin(call)?;
    let old = setting::of_portal::<L>(tx, call.portal.id)?.limit();
    let value = Limit { recounted_at: Some(tx.now().0), ..old };
    setting::set(tx, call.portal.id, None, &L::of(value))
}

/// Counts anew what everything stores.
///
/// Fails with `AccessDenied`.
pub fn recount_all(tx: &mut Tx<'_>, call: &Call) -> Result<()> {
    recount::<UserQuota>(tx, call)?;
    recount::<RoomQuota>(tx, call)?;
    recount::<AgentQuota>(tx, call)?;
    let old: PortalQuota = setting::of_portal(tx, call.portal.id)?;
    let value = PortalQuota { recounted_at: Some(tx.now().0), ..old };
    setting::set(tx, call.portal.id, None, &value)
}

/// Whether the last recount is over.
///
/// Fails with `AccessDenied`.
pub fn is_recounted(call: &Call) -> Result<bool> {
    demand_admin(call)?;
    // A recount is over with the unit that asks for it.
    Ok(true)
}
