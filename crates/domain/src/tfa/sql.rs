//! The statements of the second factor.

use db::{Conn, args, sql};

use super::BackupCode;
use crate::ids::{PortalId, UserId};
use crate::store::Tx;
use crate::{Problem, Result};

/// The app's secret, once there is one, and whether the app has given a code.
pub(super) fn secret(conn: &mut Conn, portal: PortalId, user: UserId) -> Result<(Option<String>, bool)> {
    Ok(conn
        .first(
            sql!("select tfa_secret, tfa_bound from person where portal_id = $1 and id = $2"),
            args![portal, user],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?
        .unwrap_or_default())
}

pub(super) fn codes(conn: &mut Conn, portal: PortalId, user: UserId) -> Result<Vec<BackupCode>> {
    let text: Option<String> = conn.first(
        sql!("select tfa_codes from person where portal_id = $1 and id = $2"),
        args![portal, user],
        |row| row.get(0),
    )?;
    text.map_or_else(|| Ok(Vec::new()), |text| serde_json::from_str(&text).map_err(Problem::internal))
}

pub(super) fn set(
    tx: &mut Tx<'_>,
    portal: PortalId,
    user: UserId,
    secret: Option<&str>,
    bound: bool,
) -> Result<()> {
    tx.exec(
        sql!("update person set tfa_secret = $3, tfa_bound = $4 where portal_id = $1 and id = $2"),
        args![portal, user, secret, bound],
    )?;
    Ok(())
}

pub(super) fn set_codes(tx: &mut Tx<'_>, portal: PortalId, user: UserId, codes: &[BackupCode]) -> Result<()> {
    let text = serde_json::to_string(codes).map_err(Problem::internal)?;
    tx.exec(
        sql!("update person set tfa_codes = $3 where portal_id = $1 and id = $2"),
        args![portal, user, text],
    )?;
    Ok(())
}
