//! The statements of sessions.

use db::{Conn, args, sql};

use super::{Opened, Session};
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

pub(super) fn ends_at(conn: &mut Conn, portal: PortalId, session: SessionId) -> Result<Option<Timestamp>> {
    Ok(conn.first(
        sql!("select expires_at from session where portal_id = $1 and id = $2"),
        args![portal, session],
        |row| row.get(0),
    )?)
}
