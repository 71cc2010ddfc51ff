//! The list of a member of groups without filters: several shelves, each an index kept in order, are merged.
//!
//! Every row of a room has the same sort keys, so a room that is on several shelves stands at the same place on each:
//! the first `n` of each shelf hold the first `n` of all of them. Without this the list would sort everything that the
//! person and the groups have.

use std::collections::HashSet;

use db::{Bind as _, Conn, Query, Row, Value, args, sql};

use super::filter::Sort;
use crate::Result;
use crate::ids::{EntryId, PortalId, UserId};

/// A member of groups, and the section that is listed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shelves {
    pub(super) portal: PortalId,
    pub(super) person: UserId,
    pub(super) section: i64,
    /// The least `access` of a record of his own that counts.
    pub(super) least: i64,
}

/// A room's place in the order.
type Place = (i64, String, EntryId);

impl Shelves {
    /// The ids of a page, in order.
    pub(super) fn page(
        self,
        conn: &mut Conn,
        sort: Sort,
        descending: bool,
        (start, count): (i64, i64),
    ) -> Result<Vec<EntryId>> {
        let barred = self.barred(conn)?;
        let reach = start.saturating_add(count);
        let with_barred = reach.saturating_add(i64::try_from(barred.len()).unwrap_or(i64::MAX));
        let mut places = self.first(conn, self.person.as_str(), sort, descending, reach)?;
        for group in crate::groups::ids_of(conn, self.portal, self.person)? {
            let theirs = self.first(conn, group.as_str(), sort, descending, with_barred)?;
            places.extend(theirs.into_iter().filter(|(.., room)| !barred.contains(room)));
        }
        places.sort();
        places.dedup();
        if descending {
            places.reverse();
        }
        let (start, count) = (usize::try_from(start), usize::try_from(count));
        let rooms = places.into_iter().map(|(.., room)| room);
        Ok(rooms.skip(start.unwrap_or(usize::MAX)).take(count.unwrap_or(0)).collect())
    }

    /// The first rooms of one shelf.
    fn first(
        self,
        conn: &mut Conn,
        subject: &str,
        sort: Sort,
        descending: bool,
        limit: i64,
    ) -> Result<Vec<Place>> {
        let base = sql!(
            "select m.room_id, m.modified_at, m.title_fold from shelf m
             where m.portal_id = $1 and m.subject_id = $2 and m.section = $3 and m.access >= $4"
        );
        let mut query = Query::new(base, args![self.portal, subject, self.section, self.least]);
        query.push(sort.clause(descending, true)).bind(" limit $?", &[Value::Int(limit)]);
        let place = |row: &Row<'_>| {
            let room: EntryId = row.get(0)?;
            Ok(match sort {
                Sort::Title => (0, row.get(2)?, room),
                _ => (row.get(1)?, String::new(), room),
            })
        };
        Ok(conn.all(&query, query.args(), place)?)
    }

    /// The rooms that a record of his own bars him from.
    fn barred(self, conn: &mut Conn) -> Result<HashSet<EntryId>> {
        let rooms: Vec<EntryId> = conn.all(
            sql!(
                "select room_id from shelf where portal_id = $1 and subject_id = $2 and section = 0 and access = 3"
            ),
            args![self.portal, self.person],
            |row| row.get(0),
        )?;
        Ok(rooms.into_iter().collect())
    }

    /// How many rooms the groups have that aren't his by a record of his own.
    pub(super) fn beside_own(self, conn: &mut Conn) -> Result<i64> {
        Ok(conn.one(
            sql!(
                "select count(distinct g.room_id) from group_member gm cross join shelf g
                 where g.portal_id = $1 and g.subject_id = gm.group_id and g.section = $3
                 and gm.portal_id = $1 and gm.user_id = $2 and not exists (select 1 from shelf b
                 where b.portal_id = $1 and b.subject_id = $2 and b.room_id = g.room_id and b.access >= $4)"
            ),
            &[self.portal.bind(), self.person.bind(), Value::Int(self.section), Value::Int(self.least)],
            |row| row.get(0),
        )?)
    }
}
