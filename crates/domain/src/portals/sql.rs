//! The statements of portals.

use db::{Conn, Row, args, sql};

use super::Portal;
use crate::ids::{EntryId, PortalId, UserId};
use crate::store::Tx;
use crate::{Result, Timestamp, time};

/// Section numbers, as `rootFolderType` on the wire (rooms.md §2).
pub(super) const ROOMS: i64 = 14;
pub(super) const ARCHIVE: i64 = 20;
pub(super) const TEMPLATES: i64 = 30;

pub(super) fn installation(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    Ok(conn.first(sql!("select value from installation where name = $1"), args![name], |row| row.get(0))?)
}

pub(super) fn set_installation(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<()> {
    tx.exec(sql!("insert into installation (name, value) values ($1, $2)"), args![name, value])?;
    Ok(())
}

/// The first portal there is.
pub(super) fn first(conn: &mut Conn) -> Result<Option<Portal>> {
    let found = conn.first(
        sql!(
            "select portal_id, alias, name, status, owner_id, owned, culture, time_zone, created_at
             from portal order by portal_id limit 1"
        ),
        args![],
        read,
    )?;
    let Some(mut portal) = found else { return Ok(None) };
    let sections = conn.all(
        sql!("select kind, folder_id from section where portal_id = $1"),
        args![portal.id],
        |row| Ok((row.get::<i64>(0)?, row.get::<EntryId>(1)?)),
    )?;
    for (kind, folder) in sections {
        match kind {
            ROOMS => portal.rooms_root = folder,
            ARCHIVE => portal.archive_root = folder,
            TEMPLATES => portal.templates_root = folder,
            _ => {}
        }
    }
    Ok(Some(portal))
}

fn read(row: &Row<'_>) -> db::Result<Portal> {
    let time_zone: String = row.get(7)?;
    Ok(Portal {
        id: row.get(0)?,
        alias: row.get(1)?,
        name: row.get(2)?,
        status: row.get(3)?,
        owner: row.get(4)?,
        owned: row.get(5)?,
        culture: row.get(6)?,
        zone: time::zone(&time_zone).unwrap_or(jiff::tz::TimeZone::UTC),
        time_zone,
        created_at: row.get(8)?,
        rooms_root: EntryId(0),
        archive_root: EntryId(0),
        templates_root: EntryId(0),
    })
}

#[expect(clippy::too_many_arguments, reason = "one for each column")]
pub(super) fn insert(
    tx: &mut Tx<'_>,
    id: PortalId,
    alias: &str,
    name: &str,
    owner: UserId,
    culture: &str,
    time_zone: &str,
    now: Timestamp,
) -> Result<()> {
    tx.exec(
        sql!(
            "insert into portal (portal_id, alias, name, status, owner_id, owned, culture, time_zone, created_at, modified_at)
             values ($1, $2, $3, 0, $4, 0, $5, $6, $7, $7)"
        ),
        args![id, alias, name, owner, culture, time_zone, now],
    )?;
    Ok(())
}

pub(super) fn insert_section(
    tx: &mut Tx<'_>,
    portal: PortalId,
    kind: i64,
    folder: EntryId,
    now: Timestamp,
) -> Result<()> {
    tx.exec(
        sql!("insert into section (portal_id, kind, folder_id, created_at) values ($1, $2, $3, $4)"),
        args![portal, kind, folder, now],
    )?;
    Ok(())
}

/// Marks the portal as owned, which makes its token void; false when it was owned before.
pub(super) fn take_ownership(
    tx: &mut Tx<'_>,
    portal: PortalId,
    culture: Option<&str>,
    time_zone: Option<&str>,
) -> Result<bool> {
    let now = tx.now();
    let touched = tx.exec(
        sql!(
            "update portal set owned = 1, culture = coalesce($2, culture),
             time_zone = coalesce($3, time_zone), modified_at = $4
             where portal_id = $1 and owned = 0"
        ),
        args![portal, culture, time_zone, now],
    )?;
    Ok(touched == 1)
}

pub(super) fn set_setup_token(tx: &mut Tx<'_>, portal: PortalId, hash: &[u8; 32]) -> Result<bool> {
    let touched = tx.exec(
        sql!("update portal set setup_token_hash = $2 where portal_id = $1 and owned = 0"),
        args![portal, hash],
    )?;
    Ok(touched == 1)
}

/// Whether the portal of this token is owned by now; nothing when it is not its token.
pub(super) fn is_owned_by_token(conn: &mut Conn, portal: PortalId, hash: &[u8; 32]) -> Result<Option<bool>> {
    Ok(conn.first(
        sql!("select owned from portal where portal_id = $1 and setup_token_hash = $2"),
        args![portal, hash],
        |row| row.get(0),
    )?)
}
