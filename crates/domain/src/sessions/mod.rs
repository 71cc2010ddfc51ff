//! Sessions: what a sign-in leaves behind. The reference calls them login events.

pub mod attempts;
mod sql;

use data_encoding::BASE64;
use db::Conn;
use sha2::{Digest, Sha256};

use crate::event::Event;
use crate::ids::{PortalId, SessionId};
use crate::people::Person;
use crate::portals::Portal;
use crate::store::Tx;
use crate::time::DAY;
use crate::{Call, Result, Timestamp, schema};

/// How long a session lasts (foundation.md §2.2): a year.
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

/// Opens a session for a person whose password was checked. `hashed`: the client sent its own hash of it.
pub fn open(tx: &mut Tx<'_>, call: &Call, person: &Person, login: &str, hashed: bool) -> Result<Opened> {
    let token = BASE64.encode(&tx.random::<32>());
    let opened =
        Opened { id: SessionId(tx.next(schema::SESSION)?), token, expires_at: tx.now().plus(LIFETIME) };
    sql::insert(tx, call, person.id, &opened, &token_hash(&opened.token))?;
    tx.say(Event::SignedIn { user: person.id, login: login.to_owned(), hashed });
    Ok(opened)
}

/// Notes a failed sign-in in the log.
pub fn note_failure(tx: &mut Tx<'_>, login: &str, blocked: bool) -> Result<()> {
    tx.say(Event::SignInFailed { login: login.to_owned(), blocked });
    Ok(())
}

/// Ends a session; its token is dead from then on. Nothing happens to one that is over.
pub fn close(tx: &mut Tx<'_>, call: &Call, session: SessionId) -> Result<()> {
    if sql::end(tx, call.portal.id, session)? {
        tx.say(Event::SignedOut { session });
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

/// When a session ends.
pub fn ends_at(conn: &mut Conn, portal: PortalId, session: SessionId) -> Result<Option<Timestamp>> {
    sql::ends_at(conn, portal, session)
}

/// Removes at most `limit` sessions that expired; says how many there were.
pub fn sweep(tx: &mut Tx<'_>, limit: i64) -> Result<u64> {
    sql::sweep(tx, limit)
}
