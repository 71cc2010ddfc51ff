//! The statements of groups.

use db::{Bind as _, Conn, Query, Row, args, sql};

use super::{Group, Summary};
use crate::Result;
use crate::ids::{GroupId, PortalId, UserId};
use crate::people::sql::{columns, read as read_person};
use crate::people::{Person, UserKind};
use crate::portals::Portal;
use crate::store::Tx;

/// The columns of a group `g`, in the order of [`read`].
macro_rules! group_columns {
    () => {
        "g.id as id, g.name as name, g.manager_id as manager_id"
    };
}
pub(super) use group_columns;

/// How many active and pending members a group `g` has.
macro_rules! members_count {
    () => {
        "(select count(*) from group_member m join person p on p.portal_id = $1 and p.id = m.user_id \
         where m.portal_id = $1 and m.group_id = g.id and p.removed_at is null and p.status in (1, 4))"
    };
}
pub(super) use members_count;

/// Reads a group from its first three columns.
pub(super) fn read(row: &Row<'_>) -> db::Result<Group> {
    Ok(Group { id: row.get(0)?, name: row.get(1)?, manager: row.get(2)?, is_system: false })
}

pub(super) fn of_people(
    conn: &mut Conn,
    portal: PortalId,
    people: &[UserId],
) -> Result<Vec<(UserId, Summary)>> {
    let base = sql!(
        "select m.user_id, g.id, g.name, p.user_name from group_member m
         join people_group g on g.portal_id = $1 and g.id = m.group_id
         left join person p on p.portal_id = $1 and p.id = g.manager_id
         where m.portal_id = $1"
    );
    let portal = [db::Value::Int(portal.0)];
    let mut query = Query::new(base, &portal);
    query.list(" and m.user_id in (", people, ")").push(" order by g.name_fold, g.id");
    let (text, args) = (&query, query.args().to_vec());
    Ok(conn.all(text, &args, |row| {
        Ok((row.get(0)?, Summary { id: row.get(1)?, name: row.get(2)?, manager: row.get(3)? }))
    })?)
}

pub(super) fn ids_of(conn: &mut Conn, portal: PortalId, user: UserId) -> Result<Vec<GroupId>> {
    Ok(conn.all(
        sql!("select group_id from group_member where portal_id = $1 and user_id = $2 order by group_id"),
        args![portal, user],
        |row| row.get(0),
    )?)
}

pub(super) fn by_id(conn: &mut Conn, portal: PortalId, id: GroupId) -> Result<Option<Group>> {
    Ok(conn.first(
        sql!("select ", group_columns!(), " from people_group g where g.portal_id = $1 and g.id = $2"),
        args![portal, id],
        read,
    )?)
}

pub(super) fn count_members(conn: &mut Conn, portal: PortalId, id: GroupId) -> Result<i64> {
    Ok(conn.one(
        sql!(
            "select count(*) from group_member m join person p on p.portal_id = $1 and p.id = m.user_id
             where m.portal_id = $1 and m.group_id = $2 and p.removed_at is null and p.status in (1, 4)"
        ),
        args![portal, id],
        |row| row.get(0),
    )?)
}

pub(super) fn members(conn: &mut Conn, portal: &Portal, id: GroupId) -> Result<Vec<Person>> {
    Ok(conn.all(
        sql!(
            "select ",
            columns!(),
            " from group_member m join person p on p.portal_id = $1 and p.id = m.user_id
             where m.portal_id = $1 and m.group_id = $2 and p.removed_at is null and p.status in (1, 4)
             order by p.first_fold, p.last_fold, p.id"
        ),
        args![portal.id, id],
        |row| read_person(row, 0, portal),
    )?)
}

/// How many active and pending accounts of a type there are; of all types without one.
pub(super) fn count_of_kind(conn: &mut Conn, portal: PortalId, kind: Option<UserKind>) -> Result<i64> {
    let base = sql!(
        "select count(*) from person p where p.portal_id = $1 and p.removed_at is null and p.status in (1, 4)"
    );
    let mut query = Query::new(base, args![portal]);
    let kind = kind.map(|kind| kind as i64);
    if let Some(kind) = &kind {
        query.bind(" and p.kind = $?", &[kind.bind()]);
    }
    Ok(conn.one(&query, query.args(), |row| row.get(0))?)
}

/// The active and pending accounts of a type; of all types without one.
pub(super) fn of_kind(conn: &mut Conn, portal: &Portal, kind: Option<UserKind>) -> Result<Vec<Person>> {
    let base = sql!(
        "select ",
        columns!(),
        " from person p where p.portal_id = $1 and p.removed_at is null and p.status in (1, 4)"
    );
    let mut query = Query::new(base, args![portal.id]);
    let kind = kind.map(|kind| kind as i64);
    if let Some(kind) = &kind {
        query.bind(" and p.kind = $?", &[kind.bind()]);
    }
    query.push(" order by p.first_fold, p.last_fold, p.id");
    Ok(conn.all(&query, query.args(), |row| read_person(row, 0, portal))?)
}

/// Whether an account can be in a group: it exists, isn't terminated, and is no guest's.
pub(super) fn can_be_member(conn: &mut Conn, portal: PortalId, user: UserId) -> Result<bool> {
    let found = conn.first(
        sql!(
            "select id from person where portal_id = $1 and id = $2 and removed_at is null and status <> 2 and kind <> 2"
        ),
        args![portal, user],
        |row| row.get::<UserId>(0),
    )?;
    Ok(found.is_some())
}

pub(super) fn insert(tx: &mut Tx<'_>, portal: PortalId, group: &Group, name_fold: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "insert into people_group (portal_id, id, name, name_fold, manager_id, created_at, modified_at)
             values ($1, $2, $3, $4, $5, $6, $6)"
        ),
        args![portal, group.id, group.name, name_fold, group.manager, now],
    )?;
    Ok(())
}

pub(super) fn rename(
    tx: &mut Tx<'_>,
    portal: PortalId,
    id: GroupId,
    name: &str,
    name_fold: &str,
) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "update people_group set name = $3, name_fold = $4, modified_at = $5 where portal_id = $1 and id = $2"
        ),
        args![portal, id, name, name_fold, now],
    )?;
    Ok(())
}

pub(super) fn set_manager(tx: &mut Tx<'_>, portal: PortalId, id: GroupId, user: UserId) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!("update people_group set manager_id = $3, modified_at = $4 where portal_id = $1 and id = $2"),
        args![portal, id, user, now],
    )?;
    Ok(())
}

/// A manager who is no member is manager no longer.
pub(super) fn drop_absent_manager(tx: &mut Tx<'_>, portal: PortalId, id: GroupId) -> Result<()> {
    tx.exec(
        sql!(
            "update people_group set manager_id = null where portal_id = $1 and id = $2 and manager_id is not null
             and not exists (select 1 from group_member m where m.portal_id = $1 and m.group_id = $2
             and m.user_id = people_group.manager_id)"
        ),
        args![portal, id],
    )?;
    Ok(())
}

/// Makes an account a member, if it can be one and isn't.
pub(super) fn join(tx: &mut Tx<'_>, portal: PortalId, id: GroupId, user: UserId) -> Result<()> {
    tx.exec(
        sql!(
            "insert into group_member (portal_id, group_id, user_id)
             select p.portal_id, $2, p.id from person p
             where p.portal_id = $1 and p.id = $3 and p.removed_at is null and p.status <> 2 and p.kind <> 2
             on conflict (portal_id, group_id, user_id) do nothing"
        ),
        args![portal, id, user],
    )?;
    Ok(())
}

pub(super) fn leave(tx: &mut Tx<'_>, portal: PortalId, id: GroupId, user: UserId) -> Result<()> {
    tx.exec(
        sql!("delete from group_member where portal_id = $1 and group_id = $2 and user_id = $3"),
        args![portal, id, user],
    )?;
    Ok(())
}

pub(super) fn empty(tx: &mut Tx<'_>, portal: PortalId, id: GroupId) -> Result<()> {
    tx.exec(sql!("delete from group_member where portal_id = $1 and group_id = $2"), args![portal, id])?;
    Ok(())
}

/// Makes the members of a group members of another one too.
pub(super) fn copy_members(tx: &mut Tx<'_>, portal: PortalId, from: GroupId, to: GroupId) -> Result<()> {
    tx.exec(
        sql!(
            "insert into group_member (portal_id, group_id, user_id)
             select m.portal_id, $3, m.user_id from group_member m where m.portal_id = $1 and m.group_id = $2
             on conflict (portal_id, group_id, user_id) do nothing"
        ),
        args![portal, from, to],
    )?;
    Ok(())
}

pub(super) fn delete(tx: &mut Tx<'_>, portal: PortalId, id: GroupId) -> Result<()> {
    empty(tx, portal, id)?;
    tx.exec(sql!("delete from people_group where portal_id = $1 and id = $2"), args![portal, id])?;
    Ok(())
}
