//! API keys (foundation.md §3): a name, a secret of 256 random bits, scopes, an expiry.
//!
//! Only SHA-256 of the secret is stored: it has too many bits to be guessed, so nothing slow is needed, and every
//! request looks it up.

mod rules;
mod sql;

pub use rules::{DAYS, NAME_MAX, PREFIX, Permission, Scope, Scopes, parse_permissions, postfix};

use db::Conn;

use crate::event::Event;
use crate::ids::{KeyId, PortalId, UserId};
use crate::people::{Person, UserKind};
use crate::portals::Portal;
use crate::sessions::token_hash;
use crate::store::Tx;
use crate::time::DAY;
use crate::{Call, Kind, Problem, Result, Timestamp, portal_settings};

/// A key, without its secret.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its id.
    pub id: KeyId,
    /// Its name.
    pub name: String,
    /// The last four characters of its secret.
    pub postfix: String,
    /// The permissions it was made with, as sent; empty for everything.
    pub permissions: Vec<String>,
    /// Whether it is switched on.
    pub is_active: bool,
    /// Whose rights it has.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was last used; written in the background, some seconds late.
    pub last_used_at: Option<Timestamp>,
}

impl Key {
    /// Whether it has ended by then.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// What it may be used for.
    pub fn scopes(&self) -> Scopes {
        // A permission this build doesn't know opens nothing; one that is not understood must not open everything.
        let known: Vec<Permission> = self
            .permissions
            .iter()
            .filter_map(|text| Permission::ALL.iter().copied().find(|p| p.text() == text))
            .collect();
        if known.is_empty() && !self.permissions.is_empty() {
            Scopes::of(&[Permission::SelfRead])
        } else {
            Scopes::of(&known)
        }
    }
}

/// A key to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Its name, of 1 to [`NAME_MAX`] units.
    pub name: String,
    /// Its permissions, as sent.
    pub permissions: Vec<String>,
    /// Days until it ends, of [`DAYS`].
    pub expires_in_days: Option<i64>,
}

/// A new key, with the only copy of its text.
#[derive(Debug, Clone)]
pub struct Made {
    /// The key.
    pub key: Key,
    /// `sk-…`, shown once.
    pub text: String,
}

/// What is to change; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// A new name.
    pub name: Option<String>,
    /// New permissions; `["*"]` alone makes the key unrestricted.
    pub permissions: Option<Vec<String>>,
    /// On or off.
    pub is_active: Option<bool>,
}

/// Makes a key with the rights of its creator. Any known permission may be asked for: the creator's own rights
/// limit it when it is used. Guests make none, and only administrators where the portal limits developers' tools.
pub fn create(tx: &mut Tx<'_>, call: &Call, new: &NewKey) -> Result<Made> {
    let creator = call.person()?;
    if creator.kind == UserKind::Guest {
        return Err(Kind::AccessDenied.into());
    }
    portal_settings::check_dev_tools(tx, call)?;
    create_for(tx, call.portal.id, creator.id, new)
}

/// Makes a key for an account; for the command line, which may do it for anybody.
pub fn create_for(tx: &mut Tx<'_>, portal: PortalId, creator: UserId, new: &NewKey) -> Result<Made> {
    let permissions = stored_permissions(&new.permissions)?;
    let text = rules::text(&tx.random::<32>());
    let now = tx.now();
    let key = Key {
        id: KeyId::new(tx.guid()),
        name: new.name.clone(),
        postfix: postfix(&text).to_owned(),
        permissions,
        is_active: true,
        created_by: creator,
        created_at: now,
        expires_at: new.expires_in_days.map(|days| now.plus(days * DAY)),
        last_used_at: None,
    };
    sql::insert(tx, portal, &key, &token_hash(&text))?;
    tx.say(Event::KeyCreated { key: key.id, name: key.name.clone() });
    Ok(Made { key, text })
}

/// The permissions as they are kept: as sent, but none where they are everything anyway.
fn stored_permissions(sent: &[String]) -> Result<Vec<String>> {
    let known = parse_permissions(sent)
        .ok_or_else(|| Problem::text(Kind::BadArgument, "Permissions are not valid."))?;
    Ok(if known.contains(&Permission::All) { Vec::new() } else { sent.to_vec() })
}

/// The keys the caller may see, oldest first: administrators all of the portal's, others their own.
pub fn list(conn: &mut Conn, call: &Call) -> Result<Vec<Key>> {
    let person = call.person()?;
    if person.is_admin() {
        sql::of_portal(conn, call.portal.id)
    } else {
        sql::of_creator(conn, call.portal.id, person.id)
    }
}

/// Every key of a portal; for the command line.
pub fn list_all(conn: &mut Conn, portal: PortalId) -> Result<Vec<Key>> {
    sql::of_portal(conn, portal)
}

/// A key by its id, whoever asks.
pub fn get(conn: &mut Conn, portal: PortalId, id: KeyId) -> Result<Key> {
    sql::by_id(conn, portal, id)?.ok_or_else(|| Kind::KeyNotFound.into())
}

/// Changes a key. False, and nothing changed, when it is expired or not the caller's to change.
pub fn update(tx: &mut Tx<'_>, call: &Call, id: KeyId, changes: &Changes) -> Result<bool> {
    let mut key = get(tx, call.portal.id, id)?;
    let permissions =
        changes.permissions.as_deref().filter(|sent| !sent.is_empty()).map(stored_permissions).transpose()?;
    if !is_of(&key, call.person()?) || key.is_expired(tx.now()) {
        return Ok(false);
    }
    if let Some(name) = changes.name.as_ref().filter(|name| !name.is_empty()) {
        key.name.clone_from(name);
    }
    key.permissions = permissions.unwrap_or(key.permissions);
    key.is_active = changes.is_active.unwrap_or(key.is_active);
    sql::update(tx, call.portal.id, &key)?;
    tx.say(Event::KeyUpdated { key: id, name: key.name });
    Ok(true)
}

/// Deletes a key: it is dead at once. False, and nothing changed, when it is not the caller's to delete.
pub fn delete(tx: &mut Tx<'_>, call: &Call, id: KeyId) -> Result<bool> {
    let key = get(tx, call.portal.id, id)?;
    if !is_of(&key, call.person()?) {
        return Ok(false);
    }
    remove(tx, call.portal.id, &key)?;
    Ok(true)
}

/// Deletes a key, whoever asks; for the command line.
pub fn remove(tx: &mut Tx<'_>, portal: PortalId, key: &Key) -> Result<()> {
    sql::delete(tx, portal, key.id)?;
    tx.say(Event::KeyDeleted { key: key.id, name: key.name.clone() });
    Ok(())
}

fn is_of(key: &Key, person: &Person) -> bool {
    key.created_by == person.id || person.is_admin()
}

/// The key and account behind a secret's hash, whatever their state; nothing when it is unknown.
pub fn find(conn: &mut Conn, portal: &Portal, token_hash: &[u8; 32]) -> Result<Option<(Key, Person)>> {
    sql::by_token(conn, portal, token_hash)
}

/// Writes down when keys were last used.
pub fn note_uses(tx: &mut Tx<'_>, uses: &[(PortalId, KeyId, Timestamp)]) -> Result<()> {
    uses.iter().try_for_each(|(portal, key, at)| sql::set_last_used(tx, *portal, *key, *at))
}
