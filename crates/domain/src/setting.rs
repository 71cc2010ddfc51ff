//! Settings of a portal or of one person in it: one JSON value under a name, written when it is first changed.
//!
//! A setting is a type: its `Default` is what holds while nothing is stored, its serde form is what is stored. Where
//! a setting belongs to one noun it is declared there; this is only the drawer.

use db::{Conn, args, sql};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ids::{PortalId, UserId};
use crate::store::Tx;
use crate::{Problem, Result, Timestamp};

/// A setting: what is stored under one name.
pub trait Setting: Serialize + DeserializeOwned + Default {
    /// Its name in the database; never changed.
    const NAME: &'static str;
}

/// A setting as it stands, with the time of its last change: none while it has its default.
#[derive(Debug, Clone, Default)]
pub struct Stored<S> {
    /// The value.
    pub value: S,
    /// When it was changed last.
    pub modified_at: Option<Timestamp>,
}

/// A portal's setting.
pub fn of_portal<S: Setting>(conn: &mut Conn, portal: PortalId) -> Result<S> {
    Ok(stored(conn, portal, None)?.value)
}

/// A person's setting.
pub fn of_person<S: Setting>(conn: &mut Conn, portal: PortalId, user: UserId) -> Result<S> {
    Ok(stored(conn, portal, Some(user))?.value)
}

/// A setting with the time of its last change; the portal's own when no person is named. A value that a newer
/// version wrote and this one can't read counts as the default.
pub fn stored<S: Setting>(conn: &mut Conn, portal: PortalId, user: Option<UserId>) -> Result<Stored<S>> {
    let whose = user.as_ref().map_or("", UserId::as_str);
    let found = conn.first(
        sql!("select value, modified_at from setting where portal_id = $1 and user_id = $2 and name = $3"),
        args![portal, whose, S::NAME],
        |row| Ok((row.get::<String>(0)?, row.get::<Timestamp>(1)?)),
    )?;
    let Some((text, modified_at)) = found else {
        return Ok(Stored { value: S::default(), modified_at: None });
    };
    let value = serde_json::from_str(&text).unwrap_or_else(|error| {
        tracing::warn!(%error, name = S::NAME, "a setting can't be read and counts as not set");
        S::default()
    });
    Ok(Stored { value, modified_at: Some(modified_at) })
}

/// Stores a setting; of the portal when no person is named. Who may is the caller's to check.
pub fn set<S: Setting>(tx: &mut Tx<'_>, portal: PortalId, user: Option<UserId>, value: &S) -> Result<()> {
    let whose = user.as_ref().map_or("", UserId::as_str);
    let (text, now) = (serde_json::to_string(value).map_err(Problem::internal)?, tx.now());
    tx.exec(
        sql!(
            "insert into setting (portal_id, user_id, name, value, modified_at) values ($1, $2, $3, $4, $5)
             on conflict (portal_id, user_id, name) do update set value = excluded.value, modified_at = excluded.modified_at"
        ),
        args![portal, whose, S::NAME, text, now],
    )?;
    Ok(())
}

/// Brings a setting back to its default.
pub fn reset<S: Setting>(tx: &mut Tx<'_>, portal: PortalId, user: Option<UserId>) -> Result<()> {
    let whose = user.as_ref().map_or("", UserId::as_str);
    tx.exec(
        sql!("delete from setting where portal_id = $1 and user_id = $2 and name = $3"),
        args![portal, whose, S::NAME],
    )?;
    Ok(())
}
