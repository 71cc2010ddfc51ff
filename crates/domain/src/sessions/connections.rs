//! The sessions of an account as the account sees them, and their end by hand (foundation.md §2.5).

use db::Conn;

use super::sql;
use crate::event::{Connections, Event};
use crate::ids::{SessionId, UserId};
use crate::people;
use crate::store::Tx;
use crate::{Call, Kind, Result, Timestamp, Via};

/// A session that is good.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// The address it was opened from.
    pub ip: String,
    /// The program it was opened with.
    pub user_agent: String,
    /// When.
    pub opened_at: Timestamp,
}

/// The session whose cookie the caller holds.
pub fn current(call: &Call) -> Option<SessionId> {
    match call.via {
        Via::Session { id, cookie: true } => Some(id),
        _ => None,
    }
}

/// The caller's sessions, the current one first, then the newest.
pub fn list(conn: &mut Conn, call: &Call, now: Timestamp) -> Result<Vec<Connection>> {
    let mut found = sql::of_user(conn, call.portal.id, call.person()?.id, now)?;
    let current = current(call);
    found.sort_by_key(|connection| (Some(connection.id) != current, std::cmp::Reverse(connection.id)));
    Ok(found)
}

/// Ends one session. False when it is unknown or over.
///
/// Fails with `NotYours` when it is somebody else's, and the caller no administrator.
pub fn end(tx: &mut Tx<'_>, call: &Call, id: SessionId) -> Result<bool> {
    let Some(user) = sql::user_of(tx, call.portal.id, id)? else { return Ok(false) };
    let person = call.person()?;
    if user != person.id && !person.is_admin() {
        return Err(Kind::NotYours.into());
    }
    if !sql::end(tx, call.portal.id, id)? {
        return Ok(false);
    }
    tx.say(Event::SessionsEnded { user: Some(user) });
    tx.say(Event::ConnectionsClosed { user, which: Connections::One });
    Ok(true)
}

/// Ends the caller's sessions but the one in use.
pub fn end_others(tx: &mut Tx<'_>, call: &Call) -> Result<()> {
    let user = call.person()?.id;
    let used = match call.via {
        Via::Session { id, .. } => Some(id),
        _ => None,
    };
    end_all_of(tx, call, user, used)?;
    tx.say(Event::ConnectionsClosed { user, which: Connections::Others });
    Ok(())
}

/// Ends every session of an account, the one in use included.
///
/// Fails with `NotYours` for other accounts than the caller's own, unless the caller is an administrator, and
/// with `UserNotFound`.
pub fn end_by_hand(tx: &mut Tx<'_>, call: &Call, user: UserId) -> Result<()> {
    let person = call.person()?;
    if person.id != user && !person.is_admin() {
        return Err(Kind::NotYours.into());
    }
    if people::find(tx, &call.portal, user)?.is_none() {
        return Err(Kind::UserNotFound.into());
    }
    end_all_of(tx, call, user, None)?;
    tx.say(Event::ConnectionsClosed { user, which: Connections::All });
    Ok(())
}

/// Ends every session of an account but perhaps one: their tokens are dead at once. For whatever makes that
/// necessary: a new password or address, an account that is switched off. Who may is the caller's to check.
pub fn end_all_of(tx: &mut Tx<'_>, call: &Call, user: UserId, except: Option<SessionId>) -> Result<()> {
    sql::end_all_of(tx, call.portal.id, user, except)?;
    tx.say(Event::SessionsEnded { user: Some(user) });
    Ok(())
}

/// Ends every session of the portal: nobody is signed in any more.
pub fn end_all(tx: &mut Tx<'_>, call: &Call) -> Result<()> {
    sql::end_all(tx, call.portal.id)?;
    tx.say(Event::SessionsEnded { user: None });
    Ok(())
}
