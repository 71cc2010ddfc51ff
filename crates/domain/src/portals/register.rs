//! Founding further portals: their names, and their owners (foundation.md §4.2).

use std::ops::RangeInclusive;
use std::sync::Arc;

use db::Conn;

use super::{FIRST_ALIAS, Portal, sql};
use crate::event::Event;
use crate::ids::{EntryId, PortalId, UserId};
use crate::people::{self, NewPerson, Person, UserKind};
use crate::store::Tx;
use crate::text::fold;
use crate::{Kind, Problem, Result, schema};

/// How long an alias is.
pub const ALIAS_LENGTH: RangeInclusive<usize> = 3..=63;
/// Aliases that are not registered over HTTP: the first portal's, to which this machine's own names lead.
const RESERVED: &[&str] = &[FIRST_ALIAS];
/// What begins a name in punycode, which none of ours does.
const PUNYCODE: &str = "xn--";
/// Busy names told to somebody who asks for one.
const SIMILAR: i64 = 10;
/// Names tried before giving up on finding a free one.
const TRIES: usize = 10;

/// A portal to be founded.
#[derive(Debug, Clone)]
pub struct NewPortal {
    /// Its alias, checked by [`parse_alias`].
    pub alias: String,
    /// Its title; empty for the default one.
    pub name: String,
    /// Its language.
    pub culture: String,
    /// Its time zone's IANA name, which the server knows.
    pub time_zone: String,
    /// The number of a line of business; 0 is none.
    pub industry: i64,
}

/// Who owns a portal from the start.
#[derive(Debug, Clone)]
pub struct Founder {
    /// E-mail address.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Argon2id over the client's hash. Without one nobody can sign in by password, and set-up stays open.
    pub password_hash: Option<String>,
    /// [`people::ACTIVATED`] or [`people::NOT_ACTIVATED`].
    pub activation_status: i64,
}

/// The alias in a text: 3 to 63 letters of the English alphabet, digits and hyphens, no hyphen at either end, made lower case.
///
/// Fails with `PortalNameEmpty`, `PortalNameLength` or `PortalNameIncorrect`.
pub fn parse_alias(text: &str) -> Result<String> {
    let alias = text.trim().to_ascii_lowercase();
    if alias.is_empty() {
        return Err(Kind::PortalNameEmpty.into());
    }
    if !ALIAS_LENGTH.contains(&alias.chars().count()) {
        return Err(Kind::PortalNameLength.into());
    }
    let plain = alias.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if plain && !alias.starts_with('-') && !alias.ends_with('-') && !alias.starts_with(PUNYCODE) {
        Ok(alias)
    } else {
        Err(Kind::PortalNameIncorrect.into())
    }
}

/// Whether a portal could be registered under this alias now. Fails with `PortalNameTaken`, which brings similar busy
/// names along.
pub fn check_free(conn: &mut Conn, alias: &str) -> Result<()> {
    if RESERVED.contains(&alias) || sql::by_alias(conn, alias)?.is_some() {
        Err(taken(conn, alias)?)
    } else {
        Ok(())
    }
}

fn taken(conn: &mut Conn, alias: &str) -> Result<Problem> {
    // `~` sorts behind every character of an alias.
    let stem = alias.trim_end_matches(|c: char| c.is_ascii_digit());
    let busy = sql::aliases(conn, stem, &format!("{stem}~"), SIMILAR)?;
    Ok(Problem::from(Kind::PortalNameTaken).variants(busy))
}

/// An alias nobody has: `docspace-` and six letters.
///
/// Fails with `PortalNameNotAvailable` after a few tries.
pub fn free_alias(tx: &mut Tx<'_>) -> Result<String> {
    for _ in 0..TRIES {
        let letters = tx.random::<6>().map(|byte| char::from(b'a' + byte % 26));
        let alias = format!("docspace-{}", letters.iter().collect::<String>());
        if sql::by_alias(tx, &alias)?.is_none() {
            return Ok(alias);
        }
    }
    Err(Kind::PortalNameNotAvailable.into())
}

/// Founds a portal without an owner.
///
/// Fails with `PortalNameTaken`.
pub fn create(tx: &mut Tx<'_>, new: &NewPortal) -> Result<Arc<Portal>> {
    let (id, owner) = (PortalId(tx.next(schema::PORTAL)?), UserId::new(tx.guid()));
    if !sql::insert(tx, id, owner, new)? {
        return Err(taken(tx, &new.alias)?);
    }
    let now = tx.now();
    for section in [sql::ROOMS, sql::ARCHIVE, sql::TEMPLATES] {
        let folder = EntryId(tx.next(schema::ENTRY)?);
        sql::insert_section(tx, id, section, folder, now)?;
    }
    tx.say(Event::PortalCreated { alias: new.alias.clone() });
    read_back(tx, id)
}

/// Founds a portal with its owner. The unit runs by [`Store::found`](crate::Store::found).
///
/// Fails with `PortalNameTaken`.
pub fn register(tx: &mut Tx<'_>, new: &NewPortal, founder: &Founder) -> Result<(Arc<Portal>, Person)> {
    let portal = create(tx, new)?;
    let person = people::create(
        tx,
        &portal,
        &NewPerson {
            id: Some(portal.owner),
            kind: UserKind::DocSpaceAdmin,
            email: founder.email.clone(),
            first_name: founder.first_name.clone(),
            last_name: founder.last_name.clone(),
            password_hash: founder.password_hash.clone(),
            status: people::ACTIVE,
            activation_status: founder.activation_status,
            created_by: None,
            culture: None,
        },
    )?;
    if founder.password_hash.is_none() {
        return Ok((portal, person));
    }
    sql::take_ownership(tx, portal.id, None, None)?;
    tx.say(Event::OwnerSetUp);
    Ok((read_back(tx, portal.id)?, person))
}

fn read_back(tx: &mut Tx<'_>, id: PortalId) -> Result<Arc<Portal>> {
    let portal = sql::by_id(tx, id)?;
    portal.map(Arc::new).ok_or_else(|| Problem::internal("a portal that was just founded isn't there"))
}

/// The portals, at most `limit`, in which an active account has this address; by number.
pub fn with_account(conn: &mut Conn, email: &str, limit: i64) -> Result<Vec<Arc<Portal>>> {
    let ids = sql::with_account(conn, &fold(email.trim()), limit)?;
    let mut portals = Vec::with_capacity(ids.len());
    for id in ids {
        portals.extend(sql::by_id(conn, id)?.map(Arc::new));
    }
    Ok(portals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_has_letters_digits_and_inner_hyphens() {
        for (text, expected) in [
            ("abc", Ok("abc")),
            (" My-Portal-2026T10Z ", Ok("my-portal-2026t10z")),
            (&"x".repeat(63), Ok("x".repeat(63).as_str())),
            ("", Err(Kind::PortalNameEmpty)),
            ("ab", Err(Kind::PortalNameLength)),
            (&"x".repeat(64), Err(Kind::PortalNameLength)),
            ("-abc", Err(Kind::PortalNameIncorrect)),
            ("abc-", Err(Kind::PortalNameIncorrect)),
            ("a.c", Err(Kind::PortalNameIncorrect)),
            ("a_c", Err(Kind::PortalNameIncorrect)),
            ("äbc", Err(Kind::PortalNameIncorrect)),
            ("xn--abc", Err(Kind::PortalNameIncorrect)),
        ] {
            let found = parse_alias(text);
            assert_eq!(found.as_deref().map_err(Problem::kind), expected, "{text:?}");
        }
    }
}
