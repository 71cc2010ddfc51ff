//! Mailed links: what lets somebody in who has no session, for one purpose.
//!
//! A link carries a key, a MAC over what it stands for: whose it is, what it is for, and something that changes when
//! it has served its purpose. Nothing is stored when one is made; that it was used is, where it is good only once.
//! Contract: people.md §7.1, foundation.md §2.6. Only keys of our own have to verify, so the bound texts are ours.

mod rules;
mod sql;

use db::Conn;

pub use rules::{ConfirmType, Secret};

use crate::ids::UserId;
use crate::people::rules::{Standing, may_link};
use crate::people::{self, PENDING, Person, TERMINATED, UserKind};
use crate::portals::{self, Portal};
use crate::sessions::token_hash;
use crate::store::Tx;
use crate::text::fold;
use crate::time::{DAY, SECOND};
use crate::{Problem, Result, Timestamp, invitations};

/// How long an invitation by mail is good after it was opened first.
const VISIT: i64 = 15 * 60 * SECOND;

/// A link as it comes back: the members of the `confirm` header, or of `POST /authentication/confirm`.
#[derive(Debug, Clone)]
pub struct Presented {
    /// What it is for.
    pub kind: ConfirmType,
    /// Its key.
    pub key: String,
    /// The address, in clear.
    pub email: Option<String>,
    /// The address, sealed; goes before the clear one.
    pub sealed_email: Option<String>,
    /// The account it is about.
    pub user: Option<UserId>,
    /// The type of account it invites to.
    pub invites: Option<UserKind>,
    /// A sign-in after registration.
    pub first: bool,
}

/// A link that is good.
#[derive(Debug, Clone)]
pub struct Confirmed {
    /// What it is for.
    pub kind: ConfirmType,
    /// Its key.
    pub key: String,
    /// The address it stands for.
    pub email: Option<String>,
    /// The account it names.
    pub user: Option<UserId>,
    /// The type of account it invites to; goes before what a registration asks for.
    pub invites: Option<UserKind>,
    /// The common link it is, when it isn't made for one address.
    pub invitation: Option<invitations::Invitation>,
}

/// What is wrong with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It isn't ours, or has served its purpose.
    Invalid = 1,
    /// It was good once.
    Expired = 2,
    /// The account exists already.
    UserExisted = 4,
    /// A common link was used as often as it may be.
    QuotaFailed = 6,
}

/// What a link is bound to.
#[derive(Debug, Clone, Default)]
pub struct Bound<'a> {
    /// The address.
    pub email: Option<&'a str>,
    /// The account.
    pub user: Option<UserId>,
    /// The type of account an invitation is for.
    pub invites: Option<UserKind>,
    /// What changes when the link has served.
    pub stamp: i64,
    /// A sign-in after registration.
    pub first: bool,
}

impl Bound<'_> {
    fn text(&self, portal: &Portal, kind: ConfirmType) -> String {
        let user = self.user.as_ref().map_or("", UserId::as_str);
        let invites = self.invites.map_or("", UserKind::name);
        let (email, name) = (self.email.unwrap_or_default().trim(), kind.name());
        format!("{name}|{email}|{user}|{invites}|{}|{}|{}", self.stamp, self.first, portal.id)
    }
}

/// The installation's secret.
fn secret(conn: &mut Conn) -> Result<Secret> {
    let text = portals::secret(conn)?;
    Secret::of_hex(&text).ok_or_else(|| Problem::internal("the installation's secret is damaged"))
}

/// The key of a link, without the address around it.
pub fn key(tx: &mut Tx<'_>, portal: &Portal, kind: ConfirmType, bound: &Bound<'_>) -> Result<String> {
    let now = tx.now();
    Ok(secret(tx)?.key(&bound.text(portal, kind), now))
}

/// A link's path and query: `/confirm/{Type}?type=…&key=…`. The caller puts an address before it.
pub fn link(tx: &mut Tx<'_>, portal: &Portal, kind: ConfirmType, bound: &Bound<'_>) -> Result<String> {
    let key = key(tx, portal, kind, bound)?;
    let mut path = format!("/confirm/{0}?type={0}&key={key}", kind.name());
    if let Some(email) = bound.email {
        let sealed = secret(tx)?.seal(email, tx.random());
        path = format!("{path}&encemail={sealed}");
    }
    if let Some(user) = bound.user {
        path = format!("{path}&uid={user}");
    }
    if let Some(invites) = bound.invites {
        path = format!("{path}&emplType={}", invites as i64);
    }
    if bound.first {
        path.push_str("&first=true");
    }
    Ok(path)
}

/// The path and query of a common invitation link, made personal by who hands it out (people.md §7.4).
pub fn common_link(
    tx: &mut Tx<'_>,
    portal: &Portal,
    invitation: &invitations::Invitation,
    by: UserId,
) -> Result<String> {
    let body = format!("{}.{by}.{}", invitation.id, invitation.kind as i64);
    let digest = secret(tx)?.digest(&format!("common|{body}|{}", portal.id));
    let number = invitation.kind as i64;
    Ok(format!("/confirm/LinkInvite?type=LinkInvite&key={body}.{digest}&uid={by}&emplType={number}"))
}

/// The path and query of an invitation link for which nothing is stored: by this account, to this type.
pub fn passing_link(tx: &mut Tx<'_>, portal: &Portal, kind: UserKind, by: UserId) -> Result<String> {
    link(tx, portal, ConfirmType::LinkInvite, &passing(kind, by))
}

fn passing(kind: UserKind, by: UserId) -> Bound<'static> {
    Bound { user: Some(by), invites: Some(kind), ..Bound::default() }
}

/// The invitation a common link's key names, if the key is ours: its id, who handed it out, and its type.
fn parse_common(secret: Secret, portal: &Portal, key: &str) -> Option<(String, UserId, UserKind)> {
    let (body, digest) = key.rsplit_once('.')?;
    let mut parts = body.split('.');
    let (id, by, kind) = (parts.next()?, parts.next()?, parts.next()?);
    let known = parts.next().is_none()
        && rules::same(digest, &secret.digest(&format!("common|{body}|{}", portal.id)));
    known.then(|| Some((id.to_owned(), by.parse().ok()?, UserKind::of(kind.parse().ok()?)?))).flatten()
}

/// A short address for a path of this portal: `/s/` and 15 characters, the same each time.
pub fn shorten(tx: &mut Tx<'_>, portal: &Portal, path: &str) -> Result<String> {
    let key = secret(tx)?.short(&format!("{path}|{}", portal.id));
    sql::put_short(tx, portal.id, &key, path)?;
    Ok(format!("/s/{key}"))
}

/// What a short address stands for.
pub fn lengthen(conn: &mut Conn, portal: &Portal, key: &str) -> Result<Option<String>> {
    sql::short(conn, portal.id, key)
}

/// The address sealed in a link; none when it isn't ours.
pub fn open_email(conn: &mut Conn, sealed: &str) -> Result<Option<String>> {
    Ok(secret(conn)?.open(sealed))
}

/// Tests a link that came back.
pub fn check(
    conn: &mut Conn,
    portal: &Portal,
    shown: &Presented,
    now: Timestamp,
) -> Result<std::result::Result<Confirmed, Flaw>> {
    let secret = secret(conn)?;
    let sealed = shown.sealed_email.as_deref().map(|sealed| secret.open(sealed));
    let email = match sealed {
        Some(None) => return Ok(Err(Flaw::Invalid)),
        Some(opened) => opened,
        None => shown.email.clone(),
    };
    if shown.kind == ConfirmType::LinkInvite
        && let Some((id, by, kind)) = parse_common(secret, portal, &shown.key)
    {
        return check_common(conn, portal, shown, email, (&id, by, kind), now);
    }
    if shown.kind == ConfirmType::LinkInvite
        && let (Some(by), Some(kind)) = (shown.user, shown.invites)
        && let Some(made_at) = secret.made_at(&shown.key, &passing(kind, by).text(portal, shown.kind))
    {
        let ends_at = shown.kind.lifetime().map(|lifetime| made_at.plus(lifetime));
        let invitation = invitations::Invitation::passing(kind, by, ends_at);
        return check_invitation(conn, portal, shown, email, (invitation, by), now);
    }
    let Some(bound) = bound_of(conn, portal, shown, email.as_deref())? else { return Ok(Err(Flaw::Invalid)) };
    let Some(made_at) = secret.made_at(&shown.key, &bound.text(portal, shown.kind)) else {
        return Ok(Err(Flaw::Invalid));
    };
    if shown.kind.lifetime().is_some_and(|lifetime| now >= made_at.plus(lifetime)) {
        return Ok(Err(Flaw::Expired));
    }
    let used_at = sql::first_use(conn, portal.id, &token_hash(&shown.key))?;
    match (shown.kind, used_at) {
        (ConfirmType::Auth, Some(_)) => return Ok(Err(Flaw::Invalid)),
        (ConfirmType::LinkInvite, Some(at)) if now >= at.plus(VISIT) => return Ok(Err(Flaw::Expired)),
        _ => {}
    }
    Ok(Ok(Confirmed {
        kind: shown.kind,
        key: shown.key.clone(),
        user: shown.user,
        invites: shown.invites,
        invitation: None,
        email,
    }))
}

fn check_common(
    conn: &mut Conn,
    portal: &Portal,
    shown: &Presented,
    email: Option<String>,
    (id, by, kind): (&str, UserId, UserKind),
    now: Timestamp,
) -> Result<std::result::Result<Confirmed, Flaw>> {
    let found = invitations::find(conn, portal.id, id)?.filter(|found| found.kind == kind);
    let Some(invitation) = found else { return Ok(Err(Flaw::Invalid)) };
    check_invitation(conn, portal, shown, email, (invitation, by), now)
}

/// Tests a common link that is ours. Who handed it out must still be one who may.
fn check_invitation(
    conn: &mut Conn,
    portal: &Portal,
    shown: &Presented,
    email: Option<String>,
    (invitation, by): (invitations::Invitation, UserId),
    now: Timestamp,
) -> Result<std::result::Result<Confirmed, Flaw>> {
    let giver = people::find(conn, portal, by)?.filter(Person::is_active);
    if !giver.is_some_and(|giver| may_link(Standing::of(&giver), invitation.kind)) {
        return Ok(Err(Flaw::Invalid));
    }
    if invitation.is_expired(now) {
        return Ok(Err(Flaw::Expired));
    }
    if invitation.max_uses.is_some_and(|max| invitation.uses >= max) {
        return Ok(Err(Flaw::QuotaFailed));
    }
    Ok(Ok(Confirmed {
        kind: shown.kind,
        key: shown.key.clone(),
        email,
        user: Some(by),
        invites: Some(invitation.kind),
        invitation: Some(invitation),
    }))
}

/// What a link of this kind must be bound to, as things stand now; none when it can't be good whatever its key.
fn bound_of<'e>(
    conn: &mut Conn,
    portal: &Portal,
    shown: &Presented,
    email: Option<&'e str>,
) -> Result<Option<Bound<'e>>> {
    use ConfirmType as T;
    let bound = Bound { email, user: shown.user, invites: shown.invites, stamp: 0, first: shown.first };
    let person = match (shown.user, email) {
        (Some(user), _) => people::find(conn, portal, user)?,
        (None, Some(email)) => people::find_by_email(conn, portal, email)?,
        (None, None) => None,
    };
    // A link about an account dies with its address; one to a new address bears that.
    let person = match shown.kind {
        T::EmailChange | T::TfaActivation | T::TfaAuth | T::Auth => person,
        _ => person.filter(|person| email.is_none_or(|email| fold(email.trim()) == fold(&person.email))),
    };
    Ok(match shown.kind {
        T::LinkInvite | T::EmpInvite => (email.is_some() && shown.invites.is_some()).then_some(bound),
        T::EmailChange => {
            person.filter(Person::is_active).map(|person| Bound { stamp: person.email_asked_at.0, ..bound })
        }
        T::PasswordChange => person
            .filter(|person| person.status != TERMINATED)
            .map(|person| Bound { stamp: password_stamp(&person), ..bound }),
        T::Activation => {
            let waits = |person: &Person| is_unconfirmed(person) && person.status != TERMINATED;
            person.filter(waits).map(|_| bound)
        }
        T::EmailActivation => person.filter(|person| person.status != TERMINATED).map(|_| bound),
        T::ProfileRemove | T::TfaActivation | T::TfaAuth => person.filter(Person::is_active).map(|_| bound),
        T::Auth => person.filter(|person| person.status != PENDING).map(|_| bound),
        T::PortalSuspend | T::PortalContinue | T::PortalRemove | T::PortalOwnerChange => {
            let owner = people::find(conn, portal, portal.owner)?;
            owner
                .filter(|owner| email.is_some_and(|email| owner.email.eq_ignore_ascii_case(email)))
                .map(|_| bound)
        }
        T::GuestShareLink => (email.is_some() && person.is_some()).then_some(bound),
        // No link of these is made.
        T::DnsChange | T::PhoneActivation | T::PhoneAuth | T::Wizard => None,
    })
}

fn is_unconfirmed(person: &Person) -> bool {
    person.activation_status != people::ACTIVATED
}

/// What makes links for a new password die: a later request, or the change itself.
pub fn password_stamp(person: &Person) -> i64 {
    person.password_asked_at.0.max(person.password_changed_at.0)
}

/// A key for something that is no mailed link: whoever holds it may have it for a while. `purpose` says what it is,
/// and for whom.
pub fn ticket(tx: &mut Tx<'_>, portal: &Portal, purpose: &str) -> Result<String> {
    let now = tx.now();
    Ok(secret(tx)?.key(&ticket_text(portal, purpose), now))
}

/// When such a key was made, if it was made for this purpose.
pub fn ticket_made_at(
    conn: &mut Conn,
    portal: &Portal,
    purpose: &str,
    ticket: &str,
) -> Result<Option<Timestamp>> {
    Ok(secret(conn)?.made_at(ticket, &ticket_text(portal, purpose)))
}

fn ticket_text(portal: &Portal, purpose: &str) -> String {
    format!("ticket|{purpose}|{}", portal.id)
}

/// Notes that a link was used or opened; false when it was before.
pub fn note_use(tx: &mut Tx<'_>, portal: &Portal, key: &str) -> Result<bool> {
    sql::note_use(tx, portal.id, &token_hash(key))
}

/// Removes at most `limit` notes of uses that no link can need any more; says how many there were.
pub fn sweep(tx: &mut Tx<'_>, limit: i64) -> Result<u64> {
    let before = Timestamp(tx.now().0 - 14 * DAY);
    sql::sweep_uses(tx, before, limit)
}
