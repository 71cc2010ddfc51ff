//! The statements of API keys.

use db::{Conn, Row, args, sql};

use super::Key;
use crate::ids::{KeyId, PortalId, UserId};
use crate::people::{self, Person};
use crate::portals::Portal;
use crate::store::Tx;
use crate::{Problem, Result, Timestamp};

macro_rules! columns {
    () => {
        "id, name, postfix, permissions, is_active, created_by, created_at, expires_at, last_used_at"
    };
}

fn read(row: &Row<'_>) -> db::Result<Key> {
    let permissions: String = row.get(3)?;
    Ok(Key {
        id: row.get(0)?,
        name: row.get(1)?,
        postfix: row.get(2)?,
        permissions: serde_json::from_str(&permissions)
            .map_err(|error| db::Error::Invalid(error.to_string()))?,
        is_active: row.get(4)?,
        created_by: row.get(5)?,
        created_at: row.get(6)?,
        expires_at: row.get(7)?,
        last_used_at: row.get(8)?,
    })
}

pub(super) fn by_id(conn: &mut Conn, portal: PortalId, id: KeyId) -> Result<Option<Key>> {
    Ok(conn.first(
        sql!("select ", columns!(), " from api_key where portal_id = $1 and id = $2"),
        args![portal, id],
        read,
    )?)
}

pub(super) fn by_token(
    conn: &mut Conn,
    portal: &Portal,
    token_hash: &[u8; 32],
) -> Result<Option<(Key, Person)>> {
    let found = conn.first(
        sql!("select ", columns!(), " from api_key where portal_id = $1 and token_hash = $2"),
        args![portal.id, token_hash],
        read,
    )?;
    let Some(key) = found else { return Ok(None) };
    Ok(people::find(conn, portal, key.created_by)?.map(|person| (key, person)))
}

pub(super) fn of_portal(conn: &mut Conn, portal: PortalId) -> Result<Vec<Key>> {
    let mut keys =
        conn.all(sql!("select ", columns!(), " from api_key where portal_id = $1"), args![portal], read)?;
    keys.sort_by_key(|key| (key.created_at, key.id));
    Ok(keys)
}

pub(super) fn of_creator(conn: &mut Conn, portal: PortalId, creator: UserId) -> Result<Vec<Key>> {
    let sql = sql!("select ", columns!(), " from api_key where portal_id = $1 and created_by = $2");
    let mut keys = conn.all(sql, args![portal, creator], read)?;
    keys.sort_by_key(|key| (key.created_at, key.id));
    Ok(keys)
}

fn permissions_text(key: &Key) -> Result<String> {
    serde_json::to_string(&key.permissions).map_err(Problem::internal)
}

pub(super) fn insert(tx: &mut Tx<'_>, portal: PortalId, key: &Key, token_hash: &[u8; 32]) -> Result<()> {
    let permissions = permissions_text(key)?;
    tx.exec(
        sql!(
            "insert into api_key (portal_id, id, token_hash, postfix, name, permissions, is_active, created_by, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        args![portal, key.id, token_hash, key.postfix, key.name, permissions, key.is_active, key.created_by, key.created_at, key.expires_at],
    )?;
    Ok(())
}

pub(super) fn update(tx: &mut Tx<'_>, portal: PortalId, key: &Key) -> Result<()> {
    let permissions = permissions_text(key)?;
    tx.exec(
        sql!(
            "update api_key set name = $3, permissions = $4, is_active = $5 where portal_id = $1 and id = $2"
        ),
        args![portal, key.id, key.name, permissions, key.is_active],
    )?;
    Ok(())
}

pub(super) fn delete(tx: &mut Tx<'_>, portal: PortalId, id: KeyId) -> Result<()> {
    tx.exec(sql!("delete from api_key where portal_id = $1 and id = $2"), args![portal, id])?;
    Ok(())
}

pub(super) fn set_last_used(tx: &mut Tx<'_>, portal: PortalId, id: KeyId, at: Timestamp) -> Result<()> {
    tx.exec(
        sql!("update api_key set last_used_at = $3 where portal_id = $1 and id = $2 and (last_used_at is null or last_used_at < $3)"),
        args![portal, id, at],
    )?;
    Ok(())
}
