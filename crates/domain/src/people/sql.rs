//! The statements of people.

use db::{Conn, Row, args, sql};

use serde::de::DeserializeOwned;

use super::{Person, UserKind};
use crate::Result;
use crate::ids::{PortalId, UserId};
use crate::portals::Portal;
use crate::store::Tx;
use crate::text::fold;

/// The columns of a person, in the order of [`read`].
macro_rules! columns {
    () => {
        "id, kind, status, activation_status, user_name, email, first_name, last_name, culture, created_at, modified_at, \
         location, notes, mobile_phone, contacts, spam, created_by, terminated_at, removed_at, photo, quota, \
         email_asked_at, password_asked_at, password_changed_at, tfa_bound"
    };
}
pub(crate) use columns;

/// How many columns a person has.
pub(crate) const WIDTH: usize = 25;

/// Reads a person from the [`WIDTH`] columns after `at`.
pub(crate) fn read(row: &Row<'_>, at: usize, portal: &Portal) -> db::Result<Person> {
    let (id, kind): (UserId, i64) = (row.get(at)?, row.get(at + 1)?);
    Ok(Person {
        id,
        kind: UserKind::of(kind).ok_or_else(|| db::Error::Invalid(format!("person kind {kind}")))?,
        is_owner: id == portal.owner,
        status: row.get(at + 2)?,
        activation_status: row.get(at + 3)?,
        user_name: row.get(at + 4)?,
        email: row.get(at + 5)?,
        first_name: row.get(at + 6)?,
        last_name: row.get(at + 7)?,
        culture: row.get(at + 8)?,
        created_at: row.get(at + 9)?,
        modified_at: row.get(at + 10)?,
        location: row.get(at + 11)?,
        notes: row.get(at + 12)?,
        mobile_phone: row.get(at + 13)?,
        contacts: json(&row.get::<String>(at + 14)?)?,
        spam: row.get(at + 15)?,
        created_by: row.get(at + 16)?,
        terminated_at: row.get(at + 17)?,
        removed_at: row.get(at + 18)?,
        photo: row.get::<Option<String>>(at + 19)?.map(|text| json(&text)).transpose()?,
        quota: row.get(at + 20)?,
        email_asked_at: row.get(at + 21)?,
        password_asked_at: row.get(at + 22)?,
        password_changed_at: row.get(at + 23)?,
        tfa_bound: row.get(at + 24)?,
    })
}

fn json<T: DeserializeOwned>(text: &str) -> db::Result<T> {
    serde_json::from_str(text).map_err(|error| db::Error::Invalid(error.to_string()))
}

fn read_login(row: &Row<'_>, portal: &Portal) -> db::Result<(Person, Option<String>)> {
    Ok((read(row, 0, portal)?, row.get(WIDTH)?))
}

pub(super) fn by_id(conn: &mut Conn, portal: &Portal, id: UserId) -> Result<Option<Person>> {
    Ok(conn.first(
        sql!("select ", columns!(), " from person where portal_id = $1 and id = $2"),
        args![portal.id, id],
        |row| read(row, 0, portal),
    )?)
}

pub(super) fn by_email(conn: &mut Conn, portal: &Portal, email_fold: &str) -> Result<Option<Person>> {
    Ok(login_by_email(conn, portal, email_fold)?.map(|(person, _)| person))
}

pub(super) fn by_user_name(conn: &mut Conn, portal: &Portal, name: &str) -> Result<Option<Person>> {
    Ok(conn.first(
        sql!("select ", columns!(), " from person where portal_id = $1 and user_name = $2"),
        args![portal.id, name],
        |row| read(row, 0, portal),
    )?)
}

pub(super) fn count_active(conn: &mut Conn, portal: PortalId) -> Result<i64> {
    Ok(conn.one(
        sql!("select count(*) from person where portal_id = $1 and removed_at is null and status = 1"),
        args![portal],
        |row| row.get(0),
    )?)
}

pub(super) fn login_by_id(
    conn: &mut Conn,
    portal: &Portal,
    id: UserId,
) -> Result<Option<(Person, Option<String>)>> {
    Ok(conn.first(
        sql!("select ", columns!(), ", password_hash from person where portal_id = $1 and id = $2"),
        args![portal.id, id],
        |row| read_login(row, portal),
    )?)
}

pub(super) fn login_by_email(
    conn: &mut Conn,
    portal: &Portal,
    email_fold: &str,
) -> Result<Option<(Person, Option<String>)>> {
    Ok(conn.first(
        sql!("select ", columns!(), ", password_hash from person where portal_id = $1 and email_fold = $2"),
        args![portal.id, email_fold],
        |row| read_login(row, portal),
    )?)
}

pub(super) fn user_name_taken(conn: &mut Conn, portal: PortalId, name: &str) -> Result<bool> {
    let found = conn.first(
        sql!("select id from person where portal_id = $1 and user_name = $2"),
        args![portal, name],
        |row| row.get::<UserId>(0),
    )?;
    Ok(found.is_some())
}

pub(super) fn exists(conn: &mut Conn, portal: PortalId, id: UserId) -> Result<bool> {
    let found = conn.first(
        sql!("select id from person where portal_id = $1 and id = $2"),
        args![portal, id],
        |row| row.get::<UserId>(0),
    )?;
    Ok(found.is_some())
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    portal: PortalId,
    person: &Person,
    email_fold: &str,
    password_hash: Option<&str>,
    room_order: i64,
) -> Result<()> {
    let (name, first, last) =
        (fold(&person.display_name()), fold(&person.first_name), fold(&person.last_name));
    tx.exec(
        sql!(
            "insert into person (portal_id, id, kind, status, activation_status, user_name, email, email_fold,
             first_name, last_name, name_fold, first_fold, last_fold, password_hash, culture, room_order, created_by,
             password_changed_at, created_at, modified_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19)"
        ),
        args![
            portal,
            person.id,
            person.kind as i64,
            person.status,
            person.activation_status,
            person.user_name,
            person.email,
            email_fold,
            person.first_name,
            person.last_name,
            name,
            first,
            last,
            password_hash,
            person.culture,
            room_order,
            person.created_by,
            person.password_changed_at,
            person.created_at
        ],
    )?;
    Ok(())
}

pub(super) fn room_order(conn: &mut Conn, portal: PortalId, id: UserId) -> Result<i64> {
    Ok(conn.one(
        sql!("select room_order from person where portal_id = $1 and id = $2"),
        args![portal, id],
        |row| row.get(0),
    )?)
}

pub(super) fn set_room_order(tx: &mut Tx<'_>, portal: PortalId, id: UserId, order: i64) -> Result<()> {
    tx.exec(
        sql!("update person set room_order = $3 where portal_id = $1 and id = $2"),
        args![portal, id, order],
    )?;
    Ok(())
}

pub(super) fn set_culture(tx: &mut Tx<'_>, portal: PortalId, id: UserId, culture: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!("update person set culture = $3, modified_at = $4 where portal_id = $1 and id = $2"),
        args![portal, id, culture, now],
    )?;
    Ok(())
}

pub(super) fn set_photo(tx: &mut Tx<'_>, portal: PortalId, id: UserId, photo: Option<&str>) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!("update person set photo = $3, modified_at = $4 where portal_id = $1 and id = $2"),
        args![portal, id, photo, now],
    )?;
    Ok(())
}

pub(super) fn confirm_address(tx: &mut Tx<'_>, portal: PortalId, id: UserId) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!("update person set activation_status = $3, modified_at = $4 where portal_id = $1 and id = $2"),
        args![portal, id, super::ACTIVATED, now],
    )?;
    Ok(())
}

pub(super) fn related(conn: &mut Conn, portal: PortalId, source: UserId, target: UserId) -> Result<bool> {
    let found = conn.first(
        sql!("select created_at from relation where portal_id = $1 and source_id = $2 and target_id = $3"),
        args![portal, source, target],
        |row| row.get::<i64>(0),
    )?;
    Ok(found.is_some())
}

/// Makes one account known to another; nothing happens when it is.
pub(super) fn relate(tx: &mut Tx<'_>, portal: PortalId, source: UserId, target: UserId) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "insert into relation (portal_id, source_id, target_id, created_at) values ($1, $2, $3, $4)
             on conflict (portal_id, source_id, target_id) do nothing"
        ),
        args![portal, source, target, now],
    )?;
    Ok(())
}

pub(super) fn claim(
    tx: &mut Tx<'_>,
    portal: PortalId,
    id: UserId,
    email: &str,
    password_hash: &str,
) -> Result<()> {
    let (now, email_fold) = (tx.now(), fold(email));
    tx.exec(
        sql!(
            "update person set email = $3, email_fold = $4, password_hash = $5, activation_status = $6,
             password_changed_at = $7, modified_at = $7 where portal_id = $1 and id = $2"
        ),
        args![portal, id, email, email_fold, password_hash, super::ACTIVATED, now],
    )?;
    Ok(())
}
