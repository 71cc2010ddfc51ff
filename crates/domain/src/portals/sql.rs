//! The statements of portals.

use db::{Conn, Row, args, sql};

use super::{NewPortal, Portal};
use crate::ids::{EntryId, PortalId, UserId};
use crate::quotas::{AgentQuota, Limit, Limits, RoomQuota};
use crate::store::Tx;
use crate::{Result, Timestamp, setting, time};

/// Section numbers, as `rootFolderType` on the wire (rooms.md §2).
pub(super) const ROOMS: i64 = 14;
pub(super) const ARCHIVE: i64 = 20;
pub(super) const TEMPLATES: i64 = 30;

/// The columns of a portal, in the order of [`read`].
macro_rules! columns {
    () => {
        "portal_id, alias, name, status, owner_id, owned, culture, time_zone, created_at, modified_at, \
         status_changed_at, industry"
    };
}

pub(super) fn installation(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    Ok(conn.first(sql!("select value from installation where name = $1"), args![name], |row| row.get(0))?)
}

pub(super) fn set_installation(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<()> {
    tx.exec(
        sql!(
            "insert into installation (name, value) values ($1, $2)
             on conflict (name) do update set value = excluded.value"
        ),
        args![name, value],
    )?;
    Ok(())
}

/// How many of the installation's facts have names that begin so.
pub(super) fn count_installation(conn: &mut Conn, prefix: &str) -> Result<usize> {
    let end = format!("{prefix}~");
    let count: i64 = conn.one(
        sql!("select count(*) from installation where name >= $1 and name < $2"),
        args![prefix, end],
        |row| row.get(0),
    )?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// At most `limit` portals whose numbers follow `after`, in order, without what [`whole`] adds.
pub(super) fn all(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<Portal>> {
    Ok(conn.all(
        sql!(
            "select ",
            columns!(),
            " from portal where deleted_at is null and portal_id > $1 order by portal_id limit $2"
        ),
        args![after, limit],
        read,
    )?)
}

pub(super) fn by_alias(conn: &mut Conn, alias: &str) -> Result<Option<Portal>> {
    let found = conn.first(
        sql!("select ", columns!(), " from portal where alias = $1 and deleted_at is null"),
        args![alias],
        read,
    )?;
    found.map(|portal| whole(conn, portal)).transpose()
}

pub(super) fn by_id(conn: &mut Conn, id: PortalId) -> Result<Option<Portal>> {
    let found = conn.first(
        sql!("select ", columns!(), " from portal where portal_id = $1 and deleted_at is null"),
        args![id],
        read,
    )?;
    found.map(|portal| whole(conn, portal)).transpose()
}

/// The portals in which an account has this address, by number.
pub(super) fn with_account(conn: &mut Conn, email_fold: &str, limit: i64) -> Result<Vec<PortalId>> {
    Ok(conn.all(
        sql!(
            "select p.portal_id from portal p join person q on q.portal_id = p.portal_id and q.email_fold = $1
             where p.deleted_at is null and q.removed_at is null and p.portal_id > 0
             order by p.portal_id limit $2"
        ),
        args![email_fold, limit],
        |row| row.get(0),
    )?)
}

/// Aliases from `from` on and before `to`, in order.
pub(super) fn aliases(conn: &mut Conn, from: &str, to: &str, limit: i64) -> Result<Vec<String>> {
    Ok(conn.all(
        sql!("select alias from portal where alias >= $1 and alias < $2 order by alias limit $3"),
        args![from, to, limit],
        |row| row.get(0),
    )?)
}

/// The portal with its sections' folders and the limits on its rooms, which are not in its row.
pub(super) fn whole(conn: &mut Conn, mut portal: Portal) -> Result<Portal> {
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
    portal.room_limit = setting::of_portal::<RoomQuota>(conn, portal.id)?.limit();
    portal.agent_limit = setting::of_portal::<AgentQuota>(conn, portal.id)?.limit();
    Ok(portal)
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
        modified_at: row.get(9)?,
        status_changed_at: row.get(10)?,
        industry: row.get(11)?,
        rooms_root: EntryId(0),
        archive_root: EntryId(0),
        templates_root: EntryId(0),
        room_limit: Limit::default(),
        agent_limit: Limit::default(),
    })
}

/// Puts a portal's row in; false when its alias is taken.
pub(super) fn insert(tx: &mut Tx<'_>, id: PortalId, owner: UserId, new: &NewPortal) -> Result<bool> {
    let now = tx.now();
    let touched = tx.exec(
        sql!(
            "insert into portal (portal_id, alias, name, status, owner_id, owned, culture, time_zone, industry,
             created_at, modified_at)
             values ($1, $2, $3, 0, $4, 0, $5, $6, $7, $8, $8) on conflict (alias) do nothing"
        ),
        args![id, new.alias, new.name, owner, new.culture, new.time_zone, new.industry, now],
    )?;
    Ok(touched == 1)
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

/// Changes the status; false when the portal has it already.
pub(super) fn set_status(tx: &mut Tx<'_>, portal: PortalId, status: i64) -> Result<bool> {
    let now = tx.now();
    let touched = tx.exec(
        sql!(
            "update portal set status = $2, status_changed_at = $3, modified_at = $3
             where portal_id = $1 and status <> $2 and deleted_at is null"
        ),
        args![portal, status, now],
    )?;
    Ok(touched == 1)
}

/// Gives a portal another alias, which is free.
pub(super) fn set_alias(tx: &mut Tx<'_>, portal: PortalId, alias: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!("update portal set alias = $2, modified_at = $3 where portal_id = $1"),
        args![portal, alias, now],
    )?;
    Ok(())
}

/// Marks the portal as deleted, under an alias that no address can name; false when it was.
pub(super) fn mark_deleted(tx: &mut Tx<'_>, portal: PortalId, status: i64) -> Result<bool> {
    let now = tx.now();
    let touched = tx.exec(
        sql!(
            "update portal set deleted_at = $3, status = $2, status_changed_at = $3,
             alias = '!' || cast(portal_id as text)
             where portal_id = $1 and deleted_at is null"
        ),
        args![portal, status, now],
    )?;
    Ok(touched == 1)
}

/// When the portal was deleted, 0 if it wasn't; nothing when even its row is gone.
pub(super) fn deleted_at(conn: &mut Conn, portal: PortalId) -> Result<Option<Timestamp>> {
    Ok(conn.first(
        sql!("select coalesce(deleted_at, 0) from portal where portal_id = $1"),
        args![portal],
        |row| row.get(0),
    )?)
}

pub(super) fn remove(tx: &mut Tx<'_>, portal: PortalId) -> Result<()> {
    tx.exec(sql!("delete from portal where portal_id = $1 and deleted_at is not null"), args![portal])?;
    Ok(())
}
