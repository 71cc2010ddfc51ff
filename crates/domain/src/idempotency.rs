//! Replies that are kept, so that a request that is sent twice is carried out once (deviations.md 13).

use db::{args, sql};

use crate::store::Tx;
use crate::time::DAY;
use crate::{Call, Kind, Problem, Result};

/// What identifies a request that carries an `Idempotency-Key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// SHA-256 of the key.
    pub key: [u8; 32],
    /// SHA-256 of method, path, query and body.
    pub request: [u8; 32],
}

/// A reply as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// The reply's content, as JSON text.
    Reply(String),
    /// Only the fact, because the reply held a secret: the id of what was made.
    Secret(String),
}

const SECRET: i64 = 409;
const OPEN: i64 = 200;

/// Looks the request up: its first reply, or nothing when it is new.
///
/// Fails with `IdempotencyConflict` when the key stands for another request, and with `AlreadyDone` when the first
/// reply held a secret.
pub fn find(tx: &mut Tx<'_>, call: &Call, ticket: &Ticket) -> Result<Option<String>> {
    let user = call.person()?.id;
    let oldest = tx.now().plus(-DAY);
    let found = tx.first(
        sql!("select request_hash, status, reply from idempotent_reply where portal_id = $1 and user_id = $2 and key_hash = $3 and made_at > $4"),
        args![call.portal.id, user, ticket.key, oldest],
        |row| Ok((row.get::<Vec<u8>>(0)?, row.get::<i64>(1)?, row.get::<Option<String>>(2)?)),
    )?;
    match found {
        None => Ok(None),
        Some((request, ..)) if request != ticket.request => Err(Kind::IdempotencyConflict.into()),
        Some((_, SECRET, id)) => Err(Problem::text(
            Kind::AlreadyDone,
            format!("{} (id {})", Kind::AlreadyDone.entry().text, id.unwrap_or_default()),
        )),
        Some((_, _, reply)) => Ok(Some(reply.unwrap_or_default())),
    }
}

/// Keeps the reply of a request that succeeded, for 24 hours.
pub fn keep(tx: &mut Tx<'_>, call: &Call, ticket: &Ticket, kept: &Kept) -> Result<()> {
    let (status, text) = match kept {
        Kept::Reply(reply) => (OPEN, reply),
        Kept::Secret(id) => (SECRET, id),
    };
    let (user, now) = (call.person()?.id, tx.now());
    tx.exec(
        sql!(
            "insert into idempotent_reply (portal_id, user_id, key_hash, request_hash, status, reply, made_at)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (portal_id, user_id, key_hash) do update
             set request_hash = excluded.request_hash, status = excluded.status, reply = excluded.reply, made_at = excluded.made_at"
        ),
        args![call.portal.id, user, ticket.key, ticket.request, status, text, now],
    )?;
    Ok(())
}

/// Forgets at most `limit` replies older than a day; says how many there were.
pub fn sweep(tx: &mut Tx<'_>, limit: i64) -> Result<u64> {
    let oldest = tx.now().plus(-DAY);
    Ok(tx.exec(
        sql!(
            "delete from idempotent_reply where (portal_id, user_id, key_hash) in
             (select portal_id, user_id, key_hash from idempotent_reply where made_at <= $1 order by made_at limit $2)"
        ),
        args![oldest, limit],
    )?)
}
