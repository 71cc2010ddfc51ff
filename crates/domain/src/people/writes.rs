//! The statements that change accounts and what hangs on them.

use db::{Conn, args, sql};

use super::sql::{columns, read};
use super::{ACTIVE, PENDING, Person, TERMINATED, UserKind};
use crate::Result;
use crate::ids::{GroupId, PortalId, UserId};
use crate::portals::Portal;
use crate::store::Tx;
use crate::text::fold;
use crate::{Problem, Timestamp};

/// Writes an account down as it is now. Picture, authenticator app and password have statements of their own.
pub(super) fn save(tx: &mut Tx<'_>, portal: PortalId, person: &Person) -> Result<()> {
    let contacts = serde_json::to_string(&person.contacts).map_err(Problem::internal)?;
    let (name, first, last) =
        (fold(&person.display_name()), fold(&person.first_name), fold(&person.last_name));
    let (email_fold, now) = (fold(&person.email), tx.now());
    tx.exec(
        sql!(
            "update person set kind = $3, status = $4, activation_status = $5, email = $6, email_fold = $7,
             first_name = $8, last_name = $9, name_fold = $10, first_fold = $11, last_fold = $12, culture = $13,
             location = $14, notes = $15, contacts = $16, spam = $17, terminated_at = $18, quota = $19,
             email_asked_at = $20, password_asked_at = $21, modified_at = $22
             where portal_id = $1 and id = $2"
        ),
        args![
            portal,
            person.id,
            person.kind as i64,
            person.status,
            person.activation_status,
            person.email,
            email_fold,
            person.first_name,
            person.last_name,
            name,
            first,
            last,
            person.culture,
            person.location,
            person.notes,
            contacts,
            person.spam,
            person.terminated_at,
            person.quota,
            person.email_asked_at,
            person.password_asked_at,
            now
        ],
    )?;
    Ok(())
}

/// Sets what is stored of a password, and the time at which it was changed.
pub(super) fn set_password(tx: &mut Tx<'_>, portal: PortalId, id: UserId, hash: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        sql!(
            "update person set password_hash = $3, password_changed_at = $4, modified_at = $4
             where portal_id = $1 and id = $2"
        ),
        args![portal, id, hash, now],
    )?;
    Ok(())
}

/// What is stored of a password.
pub(super) fn password(conn: &mut Conn, portal: PortalId, id: UserId) -> Result<Option<String>> {
    let found = conn.first(
        sql!("select password_hash from person where portal_id = $1 and id = $2"),
        args![portal, id],
        |row| row.get::<Option<String>>(0),
    )?;
    Ok(found.flatten())
}

/// Marks an account as deleted and frees its address and login name: nobody can type what they become.
pub(super) fn bury(tx: &mut Tx<'_>, portal: PortalId, person: &Person) -> Result<()> {
    let freed = |text: &str| format!("{text}\n{}", person.id);
    let (email, name, now) = (freed(&fold(&person.email)), freed(&person.user_name), tx.now());
    tx.exec(
        sql!(
            "update person set status = $3, removed_at = $4, modified_at = $4, email_fold = $5, user_name = $6,
             password_hash = null, photo = null, tfa_secret = null, tfa_bound = 0, tfa_codes = '[]'
             where portal_id = $1 and id = $2"
        ),
        args![portal, person.id, TERMINATED, now, email, name],
    )?;
    Ok(())
}

/// Removes what ties an account to others, lets it in, or is set for it alone.
pub(super) fn untie(tx: &mut Tx<'_>, portal: PortalId, id: UserId) -> Result<()> {
    tx.exec(sql!("delete from relation where portal_id = $1 and source_id = $2"), args![portal, id])?;
    tx.exec(sql!("delete from relation where portal_id = $1 and target_id = $2"), args![portal, id])?;
    tx.exec(
        sql!("update people_group set manager_id = null where portal_id = $1 and manager_id = $2"),
        args![portal, id],
    )?;
    leave_groups(tx, portal, id)?;
    tx.exec(sql!("delete from api_key where portal_id = $1 and created_by = $2"), args![portal, id])?;
    tx.exec(sql!("delete from setting where portal_id = $1 and user_id = $2"), args![portal, id])?;
    Ok(())
}

/// Removes an account from its groups, as their manager too.
pub(super) fn leave_groups(tx: &mut Tx<'_>, portal: PortalId, id: UserId) -> Result<()> {
    tx.exec(
        sql!("update people_group set manager_id = null where portal_id = $1 and manager_id = $2"),
        args![portal, id],
    )?;
    tx.exec(sql!("delete from group_member where portal_id = $1 and user_id = $2"), args![portal, id])?;
    Ok(())
}

/// Puts an account into a group; nothing happens when there is no such group, or the account is in it.
pub(super) fn join_group(tx: &mut Tx<'_>, portal: PortalId, group: GroupId, id: UserId) -> Result<()> {
    tx.exec(
        sql!(
            "insert into group_member (portal_id, group_id, user_id)
             select portal_id, id, $3 from people_group where portal_id = $1 and id = $2
             on conflict (portal_id, group_id, user_id) do nothing"
        ),
        args![portal, group, id],
    )?;
    Ok(())
}

/// Ends a relation.
pub(super) fn part(tx: &mut Tx<'_>, portal: PortalId, source: UserId, target: UserId) -> Result<()> {
    tx.exec(
        sql!("delete from relation where portal_id = $1 and source_id = $2 and target_id = $3"),
        args![portal, source, target],
    )?;
    Ok(())
}

/// Everybody who was invited or made by somebody else and hasn't confirmed the address, in the order they were made.
pub(super) fn unconfirmed(conn: &mut Conn, portal: &Portal) -> Result<Vec<Person>> {
    Ok(conn.all(
        sql!(
            "select ",
            columns!(),
            " from person where portal_id = $1 and activation_status = 2 and status <> 2 order by created_at, id"
        ),
        args![portal.id],
        |row| read(row, 0, portal),
    )?)
}

/// How many accounts of these two types are in use or invited.
pub(super) fn count_kinds(conn: &mut Conn, portal: PortalId, one: UserKind, other: UserKind) -> Result<i64> {
    Ok(conn.one(
        sql!(
            "select cast(count(*) as bigint) from person
             where portal_id = $1 and kind in ($2, $3) and status in ($4, $5) and removed_at is null"
        ),
        args![portal, one as i64, other as i64, ACTIVE, PENDING],
        |row| row.get(0),
    )?)
}

/// The administrators that are in use, the owner among them, the oldest first.
pub fn administrators(conn: &mut Conn, portal: &Portal) -> Result<Vec<Person>> {
    Ok(conn.all(
        sql!(
            "select ",
            columns!(),
            " from person where portal_id = $1 and kind = 3 and status = 1 and removed_at is null order by created_at, id"
        ),
        args![portal.id],
        |row| read(row, 0, portal),
    )?)
}

/// A task on an account as it is stored.
#[derive(Debug, Clone)]
pub(super) struct TaskRow {
    pub(super) status: i64,
    pub(super) percentage: i64,
    pub(super) error: String,
    pub(super) payload: String,
    pub(super) started_by: UserId,
    pub(super) changed_at: Timestamp,
}

pub(super) fn task(conn: &mut Conn, portal: PortalId, user: UserId, kind: i64) -> Result<Option<TaskRow>> {
    Ok(conn.first(
        sql!(
            "select status, percentage, error, payload, started_by, changed_at from task
             where portal_id = $1 and user_id = $2 and kind = $3"
        ),
        args![portal, user, kind],
        |row| {
            Ok(TaskRow {
                status: row.get(0)?,
                percentage: row.get(1)?,
                error: row.get(2)?,
                payload: row.get(3)?,
                started_by: row.get(4)?,
                changed_at: row.get(5)?,
            })
        },
    )?)
}

pub(super) fn put_task(
    tx: &mut Tx<'_>,
    portal: PortalId,
    user: UserId,
    kind: i64,
    row: &TaskRow,
) -> Result<()> {
    tx.exec(
        sql!(
            "insert into task (portal_id, user_id, kind, status, percentage, error, payload, started_by, changed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict (portal_id, user_id, kind) do update set status = excluded.status,
             percentage = excluded.percentage, error = excluded.error, payload = excluded.payload,
             started_by = excluded.started_by, changed_at = excluded.changed_at"
        ),
        args![
            portal,
            user,
            kind,
            row.status,
            row.percentage,
            row.error,
            row.payload,
            row.started_by,
            row.changed_at
        ],
    )?;
    Ok(())
}

pub(super) fn drop_task(tx: &mut Tx<'_>, portal: PortalId, user: UserId, kind: i64) -> Result<()> {
    tx.exec(
        sql!("delete from task where portal_id = $1 and user_id = $2 and kind = $3"),
        args![portal, user, kind],
    )?;
    Ok(())
}

/// Removes ended tasks of all portals that changed before this time.
pub(super) fn sweep_tasks(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(tx.exec(
        sql!(
            "delete from task where (portal_id, user_id, kind) in
             (select portal_id, user_id, kind from task where changed_at <= $1 and status >= 2
              order by changed_at limit $2)"
        ),
        args![before, limit],
    )?)
}

/// Takes an account out of all its groups but these.
pub(super) fn leave_groups_but(
    tx: &mut Tx<'_>,
    portal: PortalId,
    id: UserId,
    kept: &[GroupId],
) -> Result<()> {
    for group in crate::groups::ids_of(tx, portal, id)? {
        if !kept.contains(&group) {
            tx.exec(
                sql!("delete from group_member where portal_id = $1 and group_id = $2 and user_id = $3"),
                args![portal, group, id],
            )?;
            tx.exec(
                sql!(
                    "update people_group set manager_id = null
                     where portal_id = $1 and id = $2 and manager_id = $3"
                ),
                args![portal, group, id],
            )?;
        }
    }
    Ok(())
}
