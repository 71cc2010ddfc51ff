//! Limits on what accounts may store (people.md §5 `userquota`, foundation.md §4.5). Rooms alone store nothing, so a
//! recount has nothing to do yet but to say when it was.

use db::Conn;

use super::{Person, UserQuota, writes};
use crate::event::{Event, UserEvent};
use crate::ids::UserId;
use crate::setting::{self, Stored};
use crate::store::Tx;
use crate::{Call, Kind, Result};

fn demand_admin(call: &Call) -> Result<()> {
    if call.person()?.is_admin() { Ok(()) } else { Err(Kind::AccessDenied.into()) }
}

/// Sets the limits of these accounts, in bytes: -1 no limit, none the portal's default. Those that aren't there are left
/// out.
///
/// Fails with `AccessDenied`.
pub fn set(tx: &mut Tx<'_>, call: &Call, ids: &[UserId], bytes: Option<i64>) -> Result<Vec<Person>> {
    demand_admin(call)?;
    let bytes = bytes.map(|bytes| bytes.max(-1));
    let mut changed = Vec::new();
    for mut person in super::listed(tx, call, ids)? {
        person.quota = bytes;
        writes::save(tx, call.portal.id, &person)?;
        tx.say(Event::User { user: person.id, kind: person.kind, what: UserEvent::Quota(bytes) });
        changed.push(super::again(tx, call, person.id)?);
    }
    Ok(changed)
}

/// The portal's setting.
///
/// Fails with `AccessDenied`.
pub fn settings(conn: &mut Conn, call: &Call) -> Result<Stored<UserQuota>> {
    demand_admin(call)?;
    setting::stored(conn, call.portal.id, None)
}

/// Changes the portal's setting. A negative limit is stored as 0.
///
/// Fails with `AccessDenied`.
pub fn set_settings(tx: &mut Tx<'_>, call: &Call, enabled: bool, bytes: i64) -> Result<Stored<UserQuota>> {
    demand_admin(call)?;
    let old: UserQuota = setting::of_portal(tx, call.portal.id)?;
    let value = UserQuota { enabled, default_bytes: bytes.max(0), ..old };
    setting::set(tx, call.portal.id, None, &value)?;
    tx.say(Event::UserQuotaSet(enabled.then_some(value.default_bytes)));
    setting::stored(tx, call.portal.id, None)
}

/// Counts anew what each account stores.
///
/// Fails with `AccessDenied`.
pub fn recount(tx: &mut Tx<'_>, call: &Call) -> Result<()> {
    demand_admin(call)?;
    let old: UserQuota = setting::of_portal(tx, call.portal.id)?;
    let value = UserQuota { recounted_at: Some(tx.now().0), ..old };
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
