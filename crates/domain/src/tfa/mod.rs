//! The second factor: an authenticator app, and the backup codes for the day it is lost (foundation.md §2.7).

mod rules;
mod sql;

use std::net::IpAddr;

use db::Conn;
use ipnet::IpNet;

pub use rules::{BackupCode, CODE_LENGTH, CODES, current_code};

use crate::confirm::{self, Bound, ConfirmType};
use crate::event::{Event, SettingsEvent};
use crate::ids::UserId;
use crate::people::{self, Person};
use crate::portal_settings::{self, TfaSettings};
use crate::portals::Portal;
use crate::store::Tx;
use crate::{Call, Kind, Problem, Result, groups, sessions, setting};

/// Which second factor a portal asks for. There are no text messages here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// None.
    None,
    /// A code by text message.
    Sms,
    /// An authenticator app.
    App,
}

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It isn't good.
    Wrong,
    /// It is; it was the first one, and so the app is bound now.
    Bound,
    /// It is.
    Good,
}

/// Whether the portal asks for a second factor at all.
pub fn is_enabled(conn: &mut Conn, portal: &Portal) -> Result<bool> {
    Ok(setting::of_portal::<TfaSettings>(conn, portal.id)?.enabled)
}

/// Whether this account is asked for one from this address.
pub fn is_asked(conn: &mut Conn, portal: &Portal, person: &Person, ip: &str) -> Result<bool> {
    let settings: TfaSettings = setting::of_portal(conn, portal.id)?;
    if !settings.enabled {
        return Ok(false);
    }
    if !settings.trusted_ips.iter().any(|trusted| covers(trusted, ip)) {
        return Ok(true);
    }
    if settings.mandatory_users.contains(&person.id) {
        return Ok(true);
    }
    let groups = groups::ids_of(conn, portal.id, person.id)?;
    Ok(settings.mandatory_groups.iter().any(|group| groups.contains(group)))
}

/// Whether an address or range of addresses has this one in it.
fn covers(trusted: &str, ip: &str) -> bool {
    let Ok(ip) = ip.parse::<IpAddr>() else { return false };
    range(trusted).is_some_and(|net| net.contains(&ip))
}

fn range(text: &str) -> Option<IpNet> {
    let text = text.trim();
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

/// The secret for an account's app, as people type it: made when it is asked for first, gone from view once the app
/// has given a code.
///
/// Fails with `TfaUnavailable` when the portal asks for no app, or one is bound already.
pub fn secret(tx: &mut Tx<'_>, portal: &Portal, user: UserId) -> Result<String> {
    let (known, bound) = sql::secret(tx, portal.id, user)?;
    if bound || !is_enabled(tx, portal)? {
        return Err(Kind::TfaUnavailable.into());
    }
    if let Some(known) = known {
        return Ok(known);
    }
    let text = rules::secret_text(&tx.random::<20>());
    sql::set(tx, portal.id, user, Some(&text), false)?;
    Ok(text)
}

/// Tests a code: the app's, or a backup code, which is spent with that. The first good one binds the app, and makes
/// the backup codes.
///
/// Fails with `TfaUnavailable` when the portal asks for no app.
pub fn check(tx: &mut Tx<'_>, portal: &Portal, user: UserId, code: &str) -> Result<Checked> {
    if !is_enabled(tx, portal)? {
        return Err(Kind::TfaUnavailable.into());
    }
    let (code, now) = (code.trim(), tx.now());
    let (secret, bound) = sql::secret(tx, portal.id, user)?;
    let Some(secret) = secret else { return Ok(Checked::Wrong) };
    if rules::is_current(&secret, code, now) {
        if bound {
            return Ok(Checked::Good);
        }
        sql::set(tx, portal.id, user, Some(&secret), true)?;
        make_codes(tx, portal, user)?;
        tx.say(Event::TfaConnected { user });
        return Ok(Checked::Bound);
    }
    let mut codes = if bound { sql::codes(tx, portal.id, user)? } else { Vec::new() };
    let Some(backup) = codes.iter_mut().find(|backup| !backup.used && backup.code == code.to_lowercase())
    else {
        return Ok(Checked::Wrong);
    };
    backup.used = true;
    sql::set_codes(tx, portal.id, user, &codes)?;
    Ok(Checked::Good)
}

fn make_codes(tx: &mut Tx<'_>, portal: &Portal, user: UserId) -> Result<Vec<BackupCode>> {
    let codes = rules::backup_codes(&tx.random());
    sql::set_codes(tx, portal.id, user, &codes)?;
    Ok(codes)
}

/// The caller's backup codes. Fails with `TfaUnavailable` when the portal asks for no app, or the caller has none.
pub fn codes(conn: &mut Conn, call: &Call) -> Result<Vec<BackupCode>> {
    check_bound(conn, call)?;
    sql::codes(conn, call.portal.id, call.person()?.id)
}

/// Makes new backup codes for the caller; the old ones are void. Fails as [`codes`] does.
pub fn new_codes(tx: &mut Tx<'_>, call: &Call) -> Result<Vec<BackupCode>> {
    check_bound(tx, call)?;
    make_codes(tx, &call.portal, call.person()?.id)
}

fn check_bound(conn: &mut Conn, call: &Call) -> Result<()> {
    let (_, bound) = sql::secret(conn, call.portal.id, call.person()?.id)?;
    if bound && is_enabled(conn, &call.portal)? { Ok(()) } else { Err(Kind::TfaUnavailable.into()) }
}

/// Takes the app off an account, which has to bind a new one at its next sign-in: one's own, or any for the owner. All
/// its sessions end.
///
/// Fails with `NotYours`, `UserNotFound`, and with `TfaUnavailable` when the portal asks for no app or none is
/// bound.
pub fn unbind(tx: &mut Tx<'_>, call: &Call, user: UserId) -> Result<()> {
    let person = call.person()?;
    if person.id != user && !person.is_owner {
        return Err(Kind::NotYours.into());
    }
    if people::find(tx, &call.portal, user)?.is_none() {
        return Err(Kind::UserNotFound.into());
    }
    let (_, bound) = sql::secret(tx, call.portal.id, user)?;
    if !bound || !is_enabled(tx, &call.portal)? {
        return Err(Kind::TfaUnavailable.into());
    }
    sql::set(tx, call.portal.id, user, None, false)?;
    sql::set_codes(tx, call.portal.id, user, &[])?;
    sessions::end_all_of(tx, call, user, None)?;
    tx.say(Event::TfaDisconnected { user });
    Ok(())
}

/// Chooses the portal's second factor. Switching one on ends every session there is. Says whether one is on now.
///
/// Fails with `SmsUnavailable`, with `AccessDenied` where another administrator would touch the owner, and with
/// `BadArgument` for an address that is none.
pub fn configure(
    tx: &mut Tx<'_>,
    call: &Call,
    choice: Choice,
    about: Option<UserId>,
    new: &TfaSettings,
) -> Result<bool> {
    let person = call.person()?;
    let touches_owner = about == Some(call.portal.owner) || new.mandatory_users.contains(&call.portal.owner);
    if touches_owner && !person.is_owner {
        return Err(Kind::AccessDenied.into());
    }
    match choice {
        Choice::Sms => return Err(Kind::SmsUnavailable.into()),
        Choice::None => {
            let old: TfaSettings = setting::of_portal(tx, call.portal.id)?;
            let off = TfaSettings { enabled: false, ..old };
            portal_settings::change(tx, call, &off, SettingsEvent::TfaOff)?;
            return Ok(false);
        }
        Choice::App => {}
    }
    if new.trusted_ips.iter().any(|text| range(text).is_none()) {
        return Err(Problem::text(Kind::BadArgument, "TrustedIps"));
    }
    portal_settings::change(tx, call, &TfaSettings { enabled: true, ..new.clone() }, SettingsEvent::TfaApp)?;
    sessions::end_all(tx, call)?;
    Ok(true)
}

/// What somebody has to do before being let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `TfaActivation` while no app is bound, else `TfaAuth`.
    pub kind: ConfirmType,
    /// The key that lets the holder do it.
    pub key: String,
    /// The address to do it at: path and query, without the key.
    pub path: String,
}

/// What this account has to do; none when it isn't asked for a second factor.
pub fn step(tx: &mut Tx<'_>, portal: &Portal, person: &Person, ip: &str) -> Result<Option<Step>> {
    if !is_asked(tx, portal, person, ip)? {
        return Ok(None);
    }
    let (_, bound) = sql::secret(tx, portal.id, person.id)?;
    let kind = if bound { ConfirmType::TfaAuth } else { ConfirmType::TfaActivation };
    let bound = Bound { user: Some(person.id), ..Bound::default() };
    let key = confirm::key(tx, portal, kind, &bound)?;
    let path = format!("/confirm/{0}?type={0}&uid={1}", kind.name(), person.id);
    Ok(Some(Step { kind, key, path }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trusted_addresses_are_single_ones_or_ranges() {
        assert!(covers("10.0.0.1", "10.0.0.1") && !covers("10.0.0.1", "10.0.0.2"));
        assert!(covers("10.0.0.0/8", "10.9.9.9") && covers("2001:db8::/32", "2001:db8::1"));
        assert!(!covers("10.0.0.0/8", "not an address") && range("ten").is_none());
    }
}
