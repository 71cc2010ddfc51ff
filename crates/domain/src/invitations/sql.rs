//! The statements of common invitation links.

use db::{Conn, Row, args, sql};

use super::Invitation;
use crate::Result;
use crate::ids::PortalId;
use crate::people::UserKind;
use crate::store::Tx;

fn read(row: &Row<'_>) -> db::Result<Invitation> {
    let kind: i64 = row.get(1)?;
    Ok(Invitation {
        id: row.get(0)?,
        kind: UserKind::of(kind).ok_or_else(|| db::Error::Invalid(format!("invitation kind {kind}")))?,
        expires_at: row.get(2)?,
        max_uses: row.get(3)?,
        uses: row.get(4)?,
        created_by: row.get(5)?,
    })
}

pub(super) fn by_id(conn: &mut Conn, portal: PortalId, id: &str) -> Result<Option<Invitation>> {
    Ok(conn.first(
        sql!(
            "select id, kind, expires_at, max_uses, uses, created_by from invitation
             where portal_id = $1 and id = $2"
        ),
        args![portal, id],
        read,
    )?)
}

pub(super) fn by_kind(conn: &mut Conn, portal: PortalId, kind: UserKind) -> Result<Option<Invitation>> {
    Ok(conn.first(
        sql!(
            "select id, kind, expires_at, max_uses, uses, created_by from invitation
             where portal_id = $1 and kind = $2"
        ),
        args![portal, kind as i64],
        read,
    )?)
}

pub(super) fn insert(tx: &mut Tx<'_>, portal: PortalId, invitation: &Invitation) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "insert into invitation (portal_id, id, kind, expires_at, max_uses, uses, created_by, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        args![
            portal,
            invitation.id,
            invitation.kind as i64,
            invitation.expires_at,
            invitation.max_uses,
            invitation.uses,
            invitation.created_by,
            now
        ],
    )?;
    Ok(())
}

pub(super) fn update(tx: &mut Tx<'_>, portal: PortalId, invitation: &Invitation) -> Result<()> {
    tx.exec(
        sql!("update invitation set expires_at = $3, max_uses = $4 where portal_id = $1 and id = $2"),
        args![portal, invitation.id, invitation.expires_at, invitation.max_uses],
    )?;
    Ok(())
}

pub(super) fn count_use(tx: &mut Tx<'_>, portal: PortalId, id: &str) -> Result<()> {
    tx.exec(
        sql!("update invitation set uses = uses + 1 where portal_id = $1 and id = $2"),
        args![portal, id],
    )?;
    Ok(())
}

pub(super) fn delete(tx: &mut Tx<'_>, portal: PortalId, id: &str) -> Result<()> {
    tx.exec(sql!("delete from invitation where portal_id = $1 and id = $2"), args![portal, id])?;
    Ok(())
}
