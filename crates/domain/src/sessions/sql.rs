//! The statements of sessions.

use db::{Conn, args, sql};

use super::{Connection, Opened, Session};
use crate::ids::{PortalId, SessionId, UserId};
use crate::people::{self, Person};
use crate::portals::Portal;
use crate::store::Tx;
use crate::{Call, Result, Timestamp};

pub(super) fn insert(
    tx: &mut Tx<'_>,
    call: &Call,
    user: UserId,
    opened: &Opened,
    token_hash: &[u8; 32],
) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "insert into session (portal_id, id, user_id, token_hash, created_at, expires_at, ip, user_agent)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        args![
            call.portal.id,
            opened.id,
            user,
            token_hash,
            now,
            opened.expires_at,
            call.client.ip,
            call.client.user_agent
        ],
    )?;
    Ok(())
}

pub(super) fn end(tx: &mut Tx<'_>, portal: PortalId, session: SessionId) -> Result<bool> {
    let now = tx.now();
    let touched = tx.exec(
        sql!("update session set ended_at = $3 where portal_id = $1 and id = $2 and ended_at is null"),
        args![portal, session, now],
    )?;
    Ok(touched == 1)
}

pub(super) fn by_token(
    conn: &mut Conn,
    portal: &Portal,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<(Session, Person)>> {
    let found = conn.first(
        sql!("select id, expires_at, user_id from session where portal_id = $1 and token_hash = $2 and ended_at is null and expires_at > $3"),
        args![portal.id, token_hash, now],
        |row| Ok((Session { id: row.get(0)?, expires_at: row.get(1)? }, row.get::<UserId>(2)?)),
    )?;
    let Some((session, user)) = found else { return Ok(None) };
    Ok(people::find(conn, portal, user)?.map(|person| (session, person)))
}

pub(super) fn sweep(tx: &mut Tx<'_>, limit: i64) -> Result<u64> {
    let now = tx.now();
    Ok(tx.exec(
        sql!(
            "delete from session where (portal_id, id) in
             (select portal_id, id from session where expires_at <= $1 order by expires_at limit $2)"
        ),
        args![now, limit],
    )?)
}

/// Whose session it is.
pub(super) fn user_of(conn: &mut Conn, portal: PortalId, session: SessionId) -> Result<Option<UserId>> {
    Ok(conn.first(
        sql!("select user_id from session where portal_id = $1 and id = $2"),
        args![portal, session],
        |row| row.get(0),
    )?)
}

pub(super) fn ends_at(conn: &mut Conn, portal: PortalId, session: SessionId) -> Result<Option<Timestamp>> {
    Ok(conn.first(
        sql!("select expires_at from session where portal_id = $1 and id = $2"),
        args![portal, session],
        |row| row.get(0),
    )?)
}

/// A person's sessions that are good.
pub(super) fn of_user(
    conn: &mut Conn,
    portal: PortalId,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Connection>> {
    Ok(conn.all(
        sql!(
            "select id, user_id, ip, user_agent, created_at from session
             where portal_id = $1 and user_id = $2 and ended_at is null and expires_at > $3"
        ),
        args![portal, user, now],
        |row| {
            Ok(Connection {
                id: row.get(0)?,
                user: row.get(1)?,
                ip: row.get(2)?,
                user_agent: row.get(3)?,
                opened_at: row.get(4)?,
            })
        },
    )?)
}

/// Ends a person's sessions but one.
pub(super) fn end_all_of(
    tx: &mut Tx<'_>,
    portal: PortalId,
    user: UserId,
    except: Option<SessionId>,
) -> Result<()> {
    let (now, except) = (tx.now(), except.unwrap_or(SessionId(0)));
    tx.exec(
        sql!(
            "update session set ended_at = $4
             where portal_id = $1 and user_id = $2 and id <> $3 and ended_at is null"
        ),
        args![portal, user, except, now],
    )?;
    Ok(())
}

/// Ends every session of a portal.
pub(super) fn end_all(tx: &mut Tx<'_>, portal: PortalId) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!("update session set ended_at = $2 where portal_id = $1 and ended_at is null"),
        args![portal, now],
    )?;
    Ok(())
}
