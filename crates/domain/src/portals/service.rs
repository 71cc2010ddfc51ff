//! What the registration service knows of portals: what they hold, and values it keeps (foundation.md §4.2).

use std::collections::BTreeMap;

use db::{Conn, args, sql};
use serde::{Deserialize, Serialize};

use super::sql as portals;
use crate::ids::PortalId;
use crate::setting::{self, Setting};
use crate::store::Tx;
use crate::{Kind, Problem, Result, rooms};

/// Values kept for one portal, or for the installation.
const KEPT: usize = 100;
/// What the names of the installation's values begin with in the database.
const PREFIX: &str = "service.";

/// What a portal holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Accounts that may create rooms.
    pub room_admins: i64,
    /// All accounts.
    pub users: i64,
    /// Rooms, the archived ones too.
    pub rooms: i64,
    /// Bytes of the rooms' contents.
    pub bytes: i64,
}

/// Counts what a portal holds.
pub fn usage(conn: &mut Conn, portal: PortalId) -> Result<Usage> {
    let (users, room_admins) = conn.one(
        sql!(
            "select count(*), count(*) filter (where kind in (1, 3)) from person
             where portal_id = $1 and removed_at is null"
        ),
        args![portal],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let volume = rooms::volume(conn, portal)?;
    let rooms = volume.rooms + volume.agents + volume.archived;
    Ok(Usage { room_admins, users, rooms, bytes: volume.bytes() })
}

/// The values of a portal, by their names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct ServiceValues(BTreeMap<String, String>);

impl Setting for ServiceValues {
    const NAME: &'static str = "service";
}

/// A value that was kept for a portal, or for the installation.
pub fn service_value(conn: &mut Conn, portal: Option<PortalId>, key: &str) -> Result<Option<String>> {
    match portal {
        Some(portal) => Ok(setting::of_portal::<ServiceValues>(conn, portal)?.0.remove(key)),
        None => portals::installation(conn, &format!("{PREFIX}{key}")),
    }
}

/// Keeps a value. Fails with `Params` when there are a hundred others.
pub fn keep_service_value(tx: &mut Tx<'_>, portal: Option<PortalId>, key: &str, value: &str) -> Result<()> {
    let full = || Problem::text(Kind::Params, "There are too many values");
    let Some(portal) = portal else {
        let name = format!("{PREFIX}{key}");
        let known = portals::installation(tx, &name)?.is_some();
        let count = portals::count_installation(tx, PREFIX)?;
        if !known && count >= KEPT {
            return Err(full());
        }
        return portals::set_installation(tx, &name, value);
    };
    let mut values: ServiceValues = setting::of_portal(tx, portal)?;
    if values.0.len() >= KEPT && !values.0.contains_key(key) {
        return Err(full());
    }
    values.0.insert(key.to_owned(), value.to_owned());
    setting::set(tx, portal, None, &values)
}
