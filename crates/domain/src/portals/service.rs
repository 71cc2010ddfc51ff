//! Values that the registration service keeps for portals (foundation.md §4.2).

use std::collections::BTreeMap;

use db::Conn;
use serde::{Deserialize, Serialize};

use super::sql as portals;
use crate::ids::PortalId;
use crate::setting::{self, Setting};
use crate::store::Tx;
use crate::{Kind, Problem, Result};

/// Values kept for one portal, or for the installation.
const KEPT: usize = 100;
/// What the names of the installation's values begin with in the database.
const PREFIX: &str = "service.";

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
