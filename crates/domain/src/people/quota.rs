//! Limits of single accounts on what they may store (people.md §5 `userquota`); what holds for all is in
//! [`crate::quotas`].

use super::{Person, writes};
use crate::event::{Event, UserEvent};
use crate::ids::UserId;
use crate::quotas::{self, Sort};
use crate::store::Tx;
use crate::{Call, Result};

/// Sets the limits of these accounts, in bytes: -1 no limit, none the portal's default. Those that aren't there are left
/// out.
///
/// Fails with `AccessDenied`, and with `BadArgument` when it is more than the whole portal may store.
pub fn set(tx: &mut Tx<'_>, call: &Call, ids: &[UserId], bytes: Option<i64>) -> Result<Vec<Person>> {
    quotas::demand_admin(call)?;
    let bytes = bytes.map(|bytes| bytes.max(-1));
    quotas::check_fits(tx, call.portal.id, Sort::User, bytes.unwrap_or(0))?;
    let mut changed = Vec::new();
    for mut person in super::listed(tx, call, ids)? {
        person.quota = bytes;
        writes::save(tx, call.portal.id, &person)?;
        tx.say(Event::User { user: person.id, kind: person.kind, what: UserEvent::Quota(bytes) });
        changed.push(super::again(tx, call, person.id)?);
    }
    Ok(changed)
}
