//! The statements of groups.

use db::{Conn, Query, args, sql};

use super::Summary;
use crate::Result;
use crate::ids::{GroupId, PortalId, UserId};

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
