//! The statements of mailed links.

use db::{Conn, args, sql};

use crate::ids::PortalId;
use crate::store::Tx;
use crate::{Result, Timestamp};

/// When a key was used or looked at first.
pub(super) fn first_use(conn: &mut Conn, portal: PortalId, key_hash: &[u8; 32]) -> Result<Option<Timestamp>> {
    Ok(conn.first(
        sql!("select at from confirm_use where portal_id = $1 and key_hash = $2"),
        args![portal, key_hash],
        |row| row.get(0),
    )?)
}

/// Notes the first use; false when there was one before.
pub(super) fn note_use(tx: &mut Tx<'_>, portal: PortalId, key_hash: &[u8; 32]) -> Result<bool> {
    let now = tx.now();
    let touched = tx.exec(
        sql!(
            "insert into confirm_use (portal_id, key_hash, at) values ($1, $2, $3)
             on conflict (portal_id, key_hash) do nothing"
        ),
        args![portal, key_hash, now],
    )?;
    Ok(touched == 1)
}

/// Notes what a short address stands for; it is noted once.
pub(super) fn put_short(tx: &mut Tx<'_>, portal: PortalId, key: &str, target: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "insert into short_link (portal_id, key, target, created_at) values ($1, $2, $3, $4)
             on conflict (portal_id, key) do nothing"
        ),
        args![portal, key, target, now],
    )?;
    Ok(())
}

pub(super) fn short(conn: &mut Conn, portal: PortalId, key: &str) -> Result<Option<String>> {
    Ok(conn.first(
        sql!("select target from short_link where portal_id = $1 and key = $2"),
        args![portal, key],
        |row| row.get(0),
    )?)
}

/// Removes uses older than `before`.
pub(super) fn sweep_uses(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(tx.exec(
        sql!(
            "delete from confirm_use where (portal_id, key_hash) in
             (select portal_id, key_hash from confirm_use where at <= $1 order by at limit $2)"
        ),
        args![before, limit],
    )?)
}
