//! The portal's common invitation links: at most one for each type of account (people.md §7.4, foundation.md §4.6).

use db::{Conn, Row, args, sql};

use crate::ids::{PortalId, UserId};
use crate::people::UserKind;
use crate::{Result, Timestamp};

/// A common invitation link.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Its id, a guid.
    pub id: String,
    /// The type of account it makes.
    pub kind: UserKind,
    /// When it ends; none: never.
    pub expires_at: Option<Timestamp>,
    /// How often it may be used; none: any number of times.
    pub max_uses: Option<i64>,
    /// How often it was used.
    pub uses: i64,
    /// Who made it.
    pub created_by: UserId,
}

impl Invitation {
    /// Whether it is over.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| now >= end)
    }
}

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

/// A link by its id.
pub fn find(conn: &mut Conn, portal: PortalId, id: &str) -> Result<Option<Invitation>> {
    Ok(conn.first(
        sql!(
            "select id, kind, expires_at, max_uses, uses, created_by from invitation
             where portal_id = $1 and id = $2"
        ),
        args![portal, id],
        read,
    )?)
}
