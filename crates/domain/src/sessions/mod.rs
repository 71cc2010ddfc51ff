//! Sessions: what a sign-in leaves behind. The reference calls them login events.

pub mod agent;
pub mod attempts;
mod connections;
mod sql;

pub use connections::{Connection, current, end, end_all, end_all_of, end_by_hand, end_others, list};

use data_encoding::BASE64;
use db::Conn;
use sha2::{Digest, Sha256};

use crate::event::{Event, SignIn, SignInFailure};
use crate::ids::{PortalId, SessionId, UserId};
use crate::people::Person;
use crate::portal_settings::{CookieSettings, Csp};
use crate::portals::Portal;
use crate::store::Tx;
use crate::time::DAY;
use crate::{Call, Result, Timestamp, schema, setting};

/// How long a session lasts where nothing else is set (foundation.md §2.2): a year.
pub const LIFETIME: i64 = 365 * DAY;

/// A new session, with the only copy of its token.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The session.
    pub id: SessionId,
    /// The token: 43 characters and a `=` of base64, opaque to clients.
    pub token: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// How long it lasts, in microseconds.
    pub lifetime: i64,
    /// Whether pages of other sites show the portal, so that its cookie has to go with them.
    pub embedded: bool,
}

/// A session as the gate sees it.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// The hash under which a token, or any other credential, is kept and remembered.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Opens a session for a person who proved to be that person. `login` is what was typed.
pub fn open(tx: &mut Tx<'_>, call: &Call, person: &Person, login: &str, how: SignIn) -> Result<Opened> {
    let opened = begin(tx, call, person)?;
    tx.say(Event::SignedIn { user: person.id, login: login.to_owned(), how });
    Ok(opened)
}

/// Opens a session for somebody who is signed in already, in the place of one that ended.
pub fn renew(tx: &mut Tx<'_>, call: &Call) -> Result<Opened> {
    begin(tx, call, call.person()?)
}

fn begin(tx: &mut Tx<'_>, call: &Call, person: &Person) -> Result<Opened> {
    let limits: CookieSettings = setting::of_portal(tx, call.portal.id)?;
    let sites: Csp = setting::of_portal(tx, call.portal.id)?;
    let lifetime = limits.lifetime();
    let token = BASE64.encode(&tx.random::<32>());
    let id = SessionId(tx.next(schema::SESSION)?);
    let expires_at = tx.now().plus(lifetime);
    let opened = Opened { id, token, expires_at, lifetime, embedded: !sites.domains.is_empty() };
    sql::insert(tx, call, person.id, &opened, &token_hash(&opened.token))?;
    Ok(opened)
}

/// Notes a failed sign-in in the log; whose, where that is known: behind a password, not before it.
pub fn note_failure(tx: &mut Tx<'_>, user: Option<UserId>, login: &str, why: SignInFailure) -> Result<()> {
    tx.say(Event::SignInFailed { user, login: login.to_owned(), why });
    Ok(())
}

/// How many microseconds a session still lasts, where clients are told (people.md §4): when that is less than a day, or
/// the portal limits sessions.
pub fn time_left(
    conn: &mut Conn,
    portal: PortalId,
    session: SessionId,
    now: Timestamp,
) -> Result<Option<i64>> {
    let Some(ends_at) = sql::ends_at(conn, portal, session)? else { return Ok(None) };
    let limits: CookieSettings = setting::of_portal(conn, portal)?;
    let left = (ends_at.0 - now.0).max(0);
    Ok((limits.enabled || left < DAY).then_some(left))
}

/// Ends a session; its token is dead from then on. Nothing happens to one that is over.
pub fn close(tx: &mut Tx<'_>, call: &Call, session: SessionId) -> Result<()> {
    if sql::end(tx, call.portal.id, session)?
        && let Some(user) = sql::user_of(tx, call.portal.id, session)?
    {
        tx.say(Event::SignedOut { user, session });
    }
    Ok(())
}

/// The session and account behind a token's hash; nothing when it is unknown, ended or expired.
pub fn find(
    conn: &mut Conn,
    portal: &Portal,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<(Session, Person)>> {
    sql::by_token(conn, portal, token_hash, now)
}

/// Removes at most `limit` sessions that expired; says how many there were.
pub fn sweep(tx: &mut Tx<'_>, limit: i64) -> Result<u64> {
    sql::sweep(tx, limit)
}
