//! What a portal is set to, where no other noun is the setting's own (foundation.md §2.4, §4.4, §4.10): one type for
//! each, whose default is what holds until an administrator changes it.

use std::net::IpAddr;

use db::Conn;
use serde::{Deserialize, Serialize};

use crate::event::{Event, SettingsEvent};
use crate::ids::{GroupId, PortalId, UserId};
use crate::people::{Person, UserKind};
use crate::sessions::LIFETIME;
use crate::sessions::attempts::Limits;
use crate::setting::{self, Setting};
use crate::store::Tx;
use crate::time::{DAY, SECOND};
use crate::{Call, Kind, Problem, Result};

/// Changes a setting of the caller's portal, and says so. Who may is in the endpoint's line.
pub fn change<S: Setting>(tx: &mut Tx<'_>, call: &Call, value: &S, what: SettingsEvent) -> Result<()> {
    setting::set(tx, call.portal.id, None, value)?;
    tx.say(Event::SettingsChanged(what));
    Ok(())
}

/// Brings a setting of the caller's portal back to its default, and says so.
pub fn restore<S: Setting>(tx: &mut Tx<'_>, call: &Call, what: SettingsEvent) -> Result<()> {
    setting::reset::<S>(tx, call.portal.id, None)?;
    tx.say(Event::SettingsChanged(what));
    Ok(())
}

macro_rules! settings {
    ($($name:ident $text:literal;)*) => {
        $(impl Setting for $name { const NAME: &'static str = $text; })*
    };
}

settings! {
    InvitationSettings "invitations";
    LoginSettings "login";
    PasswordPolicy "password";
    CookieSettings "cookie";
    TfaSettings "tfa";
    AddressRules "addresses";
    MailDomains "mail_domains";
    AdminMessages "admin_messages";
    DevTools "dev_tools";
    Banner "banner";
    AiAccess "ai_access";
    DeepLink "deep_link";
    DefaultFolder "default_folder";
    EmailActivation "email_activation";
    Csp "csp";
}

/// Whom members may bring in (`settings/invitationsettings`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationSettings {
    /// Whether accounts may be invited to the portal.
    pub allow_inviting_members: bool,
    /// Whether guests may be invited to rooms.
    pub allow_inviting_guests: bool,
}

impl Default for InvitationSettings {
    fn default() -> Self {
        Self { allow_inviting_members: true, allow_inviting_guests: true }
    }
}

/// The limit on wrong passwords (`settings/security/loginSettings`); times in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginSettings {
    /// Wrong passwords in the window; the next attempt blocks.
    pub attempts: i64,
    /// How long one is blocked then.
    pub block: i64,
    /// The window.
    pub period: i64,
}

impl Default for LoginSettings {
    fn default() -> Self {
        Self { attempts: 5, block: 60, period: 60 }
    }
}

impl LoginSettings {
    /// What each of its numbers may be.
    pub const RANGE: std::ops::RangeInclusive<i64> = 1..=9999;

    /// The limits it stands for.
    pub fn limits(self) -> Limits {
        Limits {
            attempts: usize::try_from(self.attempts).unwrap_or(1),
            period: self.period * SECOND,
            block: self.block * SECOND,
        }
    }

    /// The limits on codes of a second factor: as many, in a minute.
    pub fn code_limits(self) -> Limits {
        Limits { period: 60 * SECOND, ..self.limits() }
    }
}

/// What plain passwords must be like (`settings/security/password`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordPolicy {
    /// Their least length, of [`PasswordPolicy::RANGE`].
    pub min_length: i64,
    /// Whether a capital letter must be in them.
    pub upper_case: bool,
    /// Whether a digit must.
    pub digits: bool,
    /// Whether a special character must.
    pub special: bool,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { min_length: *Self::RANGE.start(), upper_case: false, digits: false, special: false }
    }
}

impl PasswordPolicy {
    /// What the least length may be; its end is the greatest length there is.
    pub const RANGE: std::ops::RangeInclusive<i64> = 8..=30;
}

/// How long sessions last (`settings/cookiesettings`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CookieSettings {
    /// Minutes; 0 is for ever.
    pub minutes: i64,
    /// Whether that holds; else it is a year.
    pub enabled: bool,
}

impl Default for CookieSettings {
    fn default() -> Self {
        Self { minutes: 1440, enabled: false }
    }
}

/// A lifetime that nobody sees the end of.
const FOR_EVER: i64 = 100 * 365 * DAY;

impl CookieSettings {
    /// The most minutes a session may be limited to.
    pub const MINUTES_MAX: i64 = 9999;

    /// How long a new session lasts, in microseconds.
    pub fn lifetime(self) -> i64 {
        match (self.enabled, self.minutes) {
            (false, _) => LIFETIME,
            (true, ..=0) => FOR_EVER,
            (true, minutes) => minutes * 60 * SECOND,
        }
    }
}

/// Whether an authenticator app is asked for (`settings/tfaapp`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TfaSettings {
    /// Whether it is.
    pub enabled: bool,
    /// Addresses from which none is: single ones, or ranges with a length (`10.0.0.0/8`).
    pub trusted_ips: Vec<String>,
    /// Who is asked even there.
    pub mandatory_users: Vec<UserId>,
    /// Whose members are.
    pub mandatory_groups: Vec<GroupId>,
}

/// An address from which the portal may be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowedAddress {
    /// The address.
    pub ip: String,
    /// Whether it opens the portal for administrators only.
    pub for_admin: bool,
}

/// Where the portal may be used from (`settings/iprestrictions`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressRules {
    /// Whether the list holds.
    pub enabled: bool,
    /// The list.
    pub allowed: Vec<AllowedAddress>,
}

impl AddressRules {
    /// Whether this account may use the portal from this address (foundation.md §4.10). The owner may from anywhere,
    /// and everybody from the server itself.
    pub fn admit(&self, person: &Person, ip: &str) -> bool {
        if !self.enabled || self.allowed.is_empty() || person.is_owner {
            return true;
        }
        let Ok(ip) = ip.parse::<IpAddr>() else { return false };
        let same = |entry: &AllowedAddress| entry.ip.parse::<IpAddr>().is_ok_and(|allowed| allowed == ip);
        ip.to_canonical().is_loopback()
            || self.allowed.iter().any(|entry| same(entry) && (!entry.for_admin || person.is_admin()))
    }

    /// Tests a new list.
    ///
    /// Fails with `BadArgument` when it would lock everybody out, or holds what isn't a single address.
    pub fn check(&self) -> Result<()> {
        if self.enabled && self.allowed.is_empty() {
            return Err(Problem::text(Kind::BadArgument, "Add at least 1 allowed IP address."));
        }
        if self.allowed.iter().any(|entry| entry.ip.trim().parse::<IpAddr>().is_err()) {
            return Err(Problem::text(Kind::BadArgument, "IpRestrictions"));
        }
        Ok(())
    }
}

/// Who may join by themselves (`settings/maildomainsettings`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailDomains {
    /// 0 nobody, 1 whose address is in one of the domains, 2 everybody.
    pub kind: i64,
    /// The domains, lower case.
    pub domains: Vec<String>,
    /// Whether they come as guests.
    pub as_guests: bool,
}

impl MailDomains {
    /// Whether somebody may join at all.
    pub fn is_open(&self) -> bool {
        self.kind == 2 || (self.kind == 1 && !self.domains.is_empty())
    }

    /// Whether this address may.
    pub fn admit(&self, email: &str) -> bool {
        let domain = email.rsplit('@').next().unwrap_or_default().to_lowercase();
        self.kind == 2 || (self.kind == 1 && self.domains.contains(&domain))
    }

    /// The type of account they get.
    pub fn invites(&self) -> UserKind {
        if self.as_guests { UserKind::Guest } else { UserKind::User }
    }
}

/// Whether strangers may write to the administrators (`settings/messagesettings`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminMessages {
    /// Whether they may.
    pub enabled: bool,
}

/// Who may use API keys and webhooks (`settings/devtoolsaccess`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevTools {
    /// Whether administrators alone may make them.
    pub limited: bool,
}

/// Whether clients show banners (`settings/banner`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Banner {
    /// Whether they don't.
    pub hidden: bool,
}

/// Whether clients offer what needs an AI provider (`settings/ai-access`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AiAccess {
    /// Whether they do.
    pub enabled: bool,
}

impl Default for AiAccess {
    fn default() -> Self {
        Self { enabled: true }
    }
}

/// Whether links open in the mobile application (`settings/deeplink`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeepLink {
    /// 0 the user chooses, 1 in the browser, 2 in the application.
    pub mode: i64,
}

/// Where a person begins (`settings/defaultfolder`); the setting is the person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultFolder {
    /// A folder type's number.
    pub kind: i64,
}

impl Default for DefaultFolder {
    fn default() -> Self {
        Self { kind: Self::ROOMS }
    }
}

impl DefaultFolder {
    /// The rooms.
    pub const ROOMS: i64 = 14;
    /// A person's own documents, which guests don't have.
    pub const MINE: i64 = 5;
    /// What may be chosen: AI agents, my documents, rooms, shared, favourites, recent.
    pub const KINDS: [i64; 6] = [34, Self::MINE, Self::ROOMS, 6, 10, 11];
}

/// Whether a person is reminded to confirm the address (`settings/emailactivation`); the setting is the person's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailActivation {
    /// Whether the reminder is shown.
    pub show: bool,
}

/// Pages of which sites may use this one (`security/csp`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Csp {
    /// The sites, as sources of a Content-Security-Policy.
    pub domains: Vec<String>,
}

impl Csp {
    /// Bytes of all sites together.
    const LENGTH_MAX: usize = 4096;

    /// Tests new sites: what a Content-Security-Policy takes for a source, in ASCII.
    ///
    /// Fails with `BadArgument`.
    pub fn check(&self) -> Result<()> {
        let sound = |site: &String| {
            let rest = site.split_once("://").map_or(site.as_str(), |(_, rest)| rest);
            !rest.is_empty()
                && site.len() <= 255
                && site.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:/*[]".contains(&b))
        };
        if !self.domains.iter().all(sound) {
            let sentence = "A domain is not valid: send names such as https://example.org";
            return Err(Problem::text(Kind::BadArgument, sentence));
        }
        // They go into a header of every document, which proxies and browsers take up to a length.
        if self.domains.iter().map(String::len).sum::<usize>() > Self::LENGTH_MAX {
            return Err(Problem::text(Kind::BadArgument, "There are too many domains"));
        }
        Ok(())
    }

    /// What the policy of the portal's page says of these sites: they may show it in a frame, as the portal itself may.
    pub fn header(&self) -> String {
        self.domains.iter().fold("frame-ancestors 'self'".to_owned(), |sites, site| sites + " " + site)
    }
}

/// What every request is held against, read together.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The limit on wrong passwords.
    pub login: LoginSettings,
    /// Where the portal may be used from.
    pub addresses: AddressRules,
    /// Sites whose pages may use this one.
    pub csp: Csp,
    /// What plain passwords must be like.
    pub password: PasswordPolicy,
}

/// The rules of a portal.
pub fn rules(conn: &mut Conn, portal: PortalId) -> Result<Rules> {
    Ok(Rules {
        login: setting::of_portal(conn, portal)?,
        addresses: setting::of_portal(conn, portal)?,
        csp: setting::of_portal(conn, portal)?,
        password: setting::of_portal(conn, portal)?,
    })
}

/// Whether the caller may make API keys and webhooks. Fails with `AccessDenied`.
pub fn check_dev_tools(conn: &mut Conn, call: &Call) -> Result<()> {
    let limits: DevTools = setting::of_portal(conn, call.portal.id)?;
    let allowed = !limits.limited || call.person()?.is_admin();
    if allowed { Ok(()) } else { Err(Kind::AccessDenied.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_last_a_year_unless_they_are_limited() {
        for (enabled, minutes, expected) in [
            (false, 1440, LIFETIME),
            (false, 5, LIFETIME),
            (true, 5, 300 * SECOND),
            (true, 1440, DAY),
            (true, 0, FOR_EVER),
        ] {
            assert_eq!(CookieSettings { minutes, enabled }.lifetime(), expected, "{enabled} {minutes}");
        }
    }

    #[test]
    fn addresses_join_by_their_domain() {
        let some = MailDomains { kind: 1, domains: vec!["ex.org".into()], as_guests: false };
        assert!(some.is_open() && some.admit("ada@EX.org") && !some.admit("ada@sub.ex.org"));
        assert!(!MailDomains { kind: 0, ..some.clone() }.admit("ada@ex.org"));
        assert!(MailDomains { kind: 2, ..some }.admit("ada@elsewhere.org"));
    }
}
