//! Every error, in one table: name, status, the reference's exception family, our stable code, the sentence.
//!
//! Statuses and sentences follow the contract (foundation.md §1.2 and §2.3, rooms.md §0 and §4–6); where the reference
//! sends nothing, deviations.md 5 asks for a sentence that says what to do. Causes are logged, never sent.

use std::borrow::Cow;

/// The reference's exception families, whose names go into `error.type` (deviations.md 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Refusals of rights: the message is always "Access denied".
    Security,
    /// Refusals with a sentence of their own.
    Operation,
    /// A bad argument.
    Argument,
    /// A record, folder or room that isn't there.
    Missing,
    /// Not signed in, or not so.
    Authentication,
    /// A limit of the portal.
    Quota,
    /// Anything else.
    Other,
}

impl Family {
    /// The name sent as `error.type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Security => "System.Security.SecurityException",
            Self::Operation => "System.InvalidOperationException",
            Self::Argument => "System.ArgumentException",
            Self::Missing => "System.IO.FileNotFoundException",
            Self::Authentication => "System.Security.Authentication.AuthenticationException",
            Self::Quota => "ASC.Core.Tenants.TenantQuotaException",
            Self::Other => "System.Exception",
        }
    }
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// HTTP status.
    pub status: u16,
    /// Our stable code, sent as `error.code`.
    pub code: &'static str,
    /// The exception family.
    pub family: Family,
    /// The sentence, unless the problem brings its own.
    pub text: &'static str,
}

macro_rules! problems {
    ($($(#[$doc:meta])* $kind:ident: $status:literal $code:literal $family:ident $text:literal;)*) => {
        /// What can be wrong with a request.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind { $($(#[$doc])* $kind,)* }

        impl Kind {
            /// Every kind, in the table's order.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// This kind's line of the table.
            pub fn entry(self) -> Entry {
                match self { $(Self::$kind => Entry { status: $status, code: $code, family: Family::$family, text: $text },)* }
            }
        }
    };
}

problems! {
    /// A field doesn't hold what it must; [`Problem::errors`] says which (foundation.md §1.3).
    Validation: 400 "validation" Argument "One or more validation errors occurred.";
    /// A bad argument, with its own sentence.
    BadArgument: 400 "bad_argument" Argument "The value is not valid";
    /// The body is longer than the endpoint takes.
    BodyTooLarge: 413 "body_too_large" Other "The request body is too large";
    /// The request could not be read to its end.
    BodyUnreadable: 400 "body_unreadable" Other "The request body could not be read";
    /// No credentials, or bad ones.
    Unauthenticated: 401 "unauthenticated" Authentication "Authentication is required: sign in, or send a valid API key as 'Authorization: Bearer sk-…'";
    /// The API key is unknown, switched off or deleted.
    KeyInvalid: 401 "key_invalid" Authentication "The API key is not valid here: it is unknown, switched off or deleted. Make a new one, or send another";
    /// The API key has run out.
    KeyExpired: 401 "key_expired" Authentication "The API key has expired: make a new one";
    /// The session is over.
    SessionInvalid: 401 "session_invalid" Authentication "The token is unknown or its session has ended: sign in again, or send an API key (sk-…)";
    /// Wrong name or password.
    SignInFailed: 401 "sign_in_failed" Authentication "User authentication failed";
    /// The account is switched off.
    UserDisabled: 403 "user_disabled" Security "User disabled";
    /// Too many wrong passwords.
    TooManyAttempts: 403 "too_many_attempts" Security "Too many login attempts. Please try again later";
    /// The set-up token is missing, wrong or void.
    SetupTokenInvalid: 401 "setup_token_invalid" Authentication "The set-up token is not valid: use the address the server printed at its last start";
    /// A signature with the machine key isn't good.
    MachineKeyInvalid: 401 "machine_key_invalid" Authentication "The signature with the machine key is not valid or too old, or portals.machine_key is not set here";
    /// A mailed link is unknown, used or too old.
    LinkInvalid: 401 "link_invalid" Authentication "The link is not valid: it was used, has expired or is not from here. Ask for a new one";
    /// Set-up is done already.
    SetupDone: 403 "setup_done" Operation "Wizard passed.";
    /// The portal asks for no authenticator app, or there is nothing to do about the one that is bound.
    TfaUnavailable: 403 "tfa_unavailable" Operation "TFA application settings are not available";
    /// A code of a second factor is not good.
    CodeWrong: 400 "code_wrong" Argument "Incorrect code";
    /// There are no text messages here.
    SmsUnavailable: 403 "sms_unavailable" Operation "SMS settings are not available";
    /// The portal may not be used from this address.
    AddressDenied: 403 "address_denied" Security "This portal may not be used from your address: ask its administrators to allow it";
    /// What is asked for is switched off by the portal's administrators.
    SwitchedOff: 403 "switched_off" Operation "Method not available";
    /// The same was asked for too often from one address.
    AskedTooOften: 429 "asked_too_often" Other "Request limit is exceeded";
    /// The key's scopes don't include the endpoint's.
    ScopeMissing: 403 "scope_missing" Security "The API key doesn't have the scope this request needs: give it one of the scopes of the API description, or use another key";
    /// A cookie was sent from another site's page.
    CrossSite: 403 "cross_site" Security "A page of another site can't write with this session's cookie: send an API key or a token instead";
    /// It is somebody else's, and not the caller's to end or to change.
    NotYours: 403 "not_yours" Security "Access denied";
    /// The caller's account may not do this.
    AccessDenied: 403 "access_denied" Security "Access denied";
    /// An address that is to be fetched leads where this server doesn't go for others.
    AddressRefused: 403 "address_refused" Operation "This server doesn't fetch from there: the address must be public, and https where the page is";
    /// Users and guests don't create rooms.
    RoomCreateDenied: 403 "room_create_denied" Operation "You don't have enough permission to create";
    /// A private room is asked for, whose members would need encryption keys.
    KeyMissing: 403 "encryption_key_missing" Operation "The user does not have an encryption key";
    /// No such room.
    RoomNotFound: 404 "room_not_found" Missing "The required folder was not found";
    /// The room was deleted.
    RoomDeleted: 404 "room_deleted" Missing "The required folder was not found";
    /// An update names a room that isn't there: the reference answers 403 (rooms.md §4.2).
    RoomNotFoundForEdit: 403 "room_not_found" Operation "The required folder was not found";
    /// An update names a deleted room.
    RoomDeletedForEdit: 403 "room_deleted" Operation "The required folder was not found";
    /// The caller may not see the room.
    RoomNotReadable: 403 "room_not_readable" Operation "You don't have enough permission to view the folder content";
    /// The caller may not change the room.
    RoomNotEditable: 403 "room_not_editable" Operation "You don't have permission to edit the room";
    /// The room is in the archive, where nothing is changed.
    RoomArchived: 403 "room_archived" Operation "You don't have permission to edit the room";
    /// A room is to hold more than the whole portal may.
    RoomQuotaTooLarge: 403 "room_quota_too_large" Operation "Failed to set quota per room. The entered value is greater than the total DocSpace storage.";
    /// Something is asked of a room that the caller may not do.
    RoomOperationDenied: 403 "room_operation_denied" Operation "You don't have enough permission to perform the operation";
    /// A role that this kind of room doesn't have, or not for this type of account.
    RoleNotAvailable: 403 "role_not_available" Operation "The role is not available for this user type";
    /// The account can't own rooms.
    UserNotSelectable: 403 "user_not_selectable" Operation "You cannot select this user";
    /// A room whose members or links are asked for isn't there.
    ItemNotFound: 404 "room_not_found" Missing "Item not found";
    /// A room whose members or links are asked for was deleted.
    ItemDeleted: 404 "room_deleted" Missing "Item not found";
    /// No such account.
    UserNotFound: 404 "user_not_found" Missing "The user could not be found";
    /// The caller may not see this account (people.md §3, View).
    PersonNotVisible: 403 "person_not_visible" Security "Access denied";
    /// No such group.
    GroupNotFound: 404 "group_not_found" Missing "The group could not be found";
    /// A record that isn't there.
    NotFound: 404 "not_found" Missing "The record could not be found";
    /// No such API key.
    KeyNotFound: 404 "key_not_found" Missing "The API key could not be found";
    /// No such endpoint.
    UnknownRoute: 404 "unknown_route" Missing "There is no such address here: see /openapi.json for those there are";
    /// The endpoint exists, but not with this method.
    MethodNotAllowed: 405 "method_not_allowed" Other "This address doesn't take this method: see the Allow header";
    /// The Idempotency-Key stands for another request.
    IdempotencyConflict: 409 "idempotency_conflict" Operation "This Idempotency-Key was used for another request: send a new key";
    /// The request was carried out; its reply held a secret and is not kept.
    AlreadyDone: 409 "already_done" Operation "This request was carried out before; its reply held a secret and can't be shown again";
    /// An e-mail address or login name is taken.
    EmailTaken: 409 "email_taken" Operation "An account with this e-mail address exists";
    /// The address of a new account is taken.
    EmailRegistered: 400 "email_taken" Argument "User with this email is already registered";
    /// A first or last name with other characters than names have.
    NameIncorrect: 400 "name_incorrect" Argument "Incorrect firstname or lastname";
    /// An address that fails the strict test.
    EmailIncorrect: 400 "email_incorrect" Argument "Incorrect email";
    /// The account isn't switched off, which deleting it takes.
    UserNotSuspended: 403 "user_not_suspended" Operation "The user is not suspended";
    /// The same for several.
    UsersNotSuspended: 403 "user_not_suspended" Operation "Users are not suspended";
    /// What the account owns is just being given to another.
    ReassignUnderWay: 409 "reassign_under_way" Operation "Data reassign process is not complete.";
    /// Something is to be paid, or chosen for a payment (deviations.md 23).
    NothingToPay: 403 "nothing_to_pay" Operation "There is nothing to pay here: everything is switched on, and there are neither tariffs nor a wallet";
    /// No such module.
    ModuleNotFound: 404 "module_not_found" Missing "There is no such module here";
    /// A module is to be closed to some, or to have administrators of its own.
    ModuleOpen: 403 "module_open" Operation "The rooms are open to everybody in the portal and administered by its administrators: switch accounts off, change their types, or take them out of rooms";
    /// What isn't the caller's to do to this account, where it depends on more than the caller's type.
    NotForYou: 403 "not_for_you" Security "Access denied";
    /// The link for a new password can't be sent, and why.
    PasswordNotSent: 403 "password_not_sent" Operation "The instruction can't be sent";
    /// As many accounts as there may be.
    SeatsTaken: 402 "seats_taken" Quota "The number of admins should not exceed the limit";
    /// A value that must be a number isn't one.
    NumberExpected: 403 "number_expected" Operation "The requested operation requires an element of type 'Number', but the target element has another type";
    /// No portal of this name.
    PortalNotFound: 404 "portal_not_found" Missing "There is no such portal here";
    /// An installation's only portal isn't deleted.
    LastPortal: 403 "last_portal" Operation "The last full access space cannot be deleted";
    /// The portal isn't deleted without a mailed link: neither its owner is a test run's, nor are portals registered over
    /// HTTP here (deviations.md 12).
    DeleteNotAtOnce: 403 "delete_not_at_once" Security "Access denied";
    /// The key for a new portal's first letter isn't good, or was used.
    WelcomeKeyInvalid: 403 "welcome_key_invalid" Security "Access denied";
    /// Portals aren't registered over HTTP here (deviations.md 12).
    RegistrationClosed: 403 "registration_closed" Operation "Portals are not registered over HTTP here: use 'enfilade portal create', or set portals.registration to open";
    /// A portal's name is missing.
    PortalNameEmpty: 400 "portal_name_empty" Argument "PortalName is required";
    /// A portal's name names none.
    PortalNameMissing: 400 "portal_name_not_found" Argument "Portal not found";
    /// The first portal is to have another name in addresses.
    FirstPortalName: 400 "first_portal_name" Argument "The first portal keeps its name: its address is the server's own";
    /// A portal's name is busy; [`Problem::similar`] has busy ones like it.
    PortalNameTaken: 400 "portal_name_exist" Argument "Portal already exists";
    /// A portal's name is too short or too long.
    PortalNameLength: 400 "too_short_error" Argument "Portal name is too short";
    /// A portal's name has other characters than letters, digits and hyphens.
    PortalNameIncorrect: 400 "portal_name_incorrect" Argument "Unallowable symbols in portalName";
    /// No free name was found.
    PortalNameNotAvailable: 400 "portal_name_not_available" Argument "Could not generate a unique portal name";
    /// A plain password breaks the policy.
    PasswordPolicy: 400 "pass_policy_error" Argument "Password is incorrect";
    /// A registration without an e-mail address.
    EmailEmpty: 400 "email_empty" Argument "Email is required";
    /// A parameter of the registration service is missing or makes no sense.
    Params: 400 "params" Argument "Model is null";
    /// Another refusal of the registration service.
    ServiceRefused: 400 "error" Argument "name is required";
    /// Too many tries of a sign-in over all portals.
    TooMuchAttempts: 403 "too_much_attempts" Security "Too much attempts already";
    /// A name and password that fit no portal.
    NowhereKnown: 401 "sign_in_failed" Authentication "Invalid login or password.";
    /// A limit on the rate of requests was reached (foundation.md §6).
    TooManyRequests: 429 "too_many_requests" Other "Too many requests: try again after the time in the Retry-After header";
    /// There is more to do than the server can take.
    Busy: 503 "busy" Other "The server is busy: try again shortly";
    /// The database can't be reached.
    Unavailable: 503 "unavailable" Other "The server can't reach its database: try again shortly";
    /// A file operation type that has no operations.
    OperationKind: 400 "operation_kind" Argument "The operation type is not valid here";
    /// Our mistake.
    Internal: 500 "internal" Other "Something went wrong on the server: the log has it under the request id";
}

/// A refusal or failure, on its way to the caller.
#[derive(Clone)]
pub struct Problem(Box<Detail>);

#[derive(Debug, Clone)]
struct Detail {
    kind: Kind,
    text: Cow<'static, str>,
    errors: Vec<(String, Vec<String>)>,
    cause: Option<String>,
    retry_after: Option<u32>,
    allow: Option<String>,
    similar: Vec<String>,
}

/// The result of every verb.
pub type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    /// A problem of this kind with a sentence of its own.
    pub fn text(kind: Kind, text: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Detail {
            kind,
            text: text.into(),
            errors: Vec::new(),
            cause: None,
            retry_after: None,
            allow: None,
            similar: Vec::new(),
        }))
    }

    /// Bad fields: each with its key and sentence (foundation.md §1.3).
    pub fn validation(errors: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut problem = Self::from(Kind::Validation);
        for (key, sentence) in errors {
            match problem.0.errors.iter_mut().find(|(known, _)| *known == key) {
                Some((_, sentences)) => sentences.push(sentence),
                None => problem.0.errors.push((key, vec![sentence])),
            }
        }
        problem
    }

    /// A mistake of ours, with what is known of its cause; the caller is told nothing of it.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        let mut problem = Self::from(Kind::Internal);
        problem.0.cause = Some(cause.to_string());
        problem
    }

    /// The same, with the seconds after which another try makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// The same, with the methods the address takes.
    #[must_use]
    pub fn allow(mut self, methods: impl Into<String>) -> Self {
        self.0.allow = Some(methods.into());
        self
    }

    /// The same, with busy names like the one that was asked for.
    #[must_use]
    pub fn variants(mut self, names: Vec<String>) -> Self {
        self.0.similar = names;
        self
    }

    /// Busy names like the one that was asked for.
    pub fn similar(&self) -> &[String] {
        &self.0.similar
    }

    /// Which line of the table it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The sentence for the caller.
    pub fn message(&self) -> &str {
        &self.0.text
    }

    /// The bad fields of a validation problem.
    pub fn errors(&self) -> &[(String, Vec<String>)] {
        &self.0.errors
    }

    /// What is to be logged and never sent.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// Seconds for `Retry-After`.
    pub fn wait(&self) -> Option<u32> {
        self.0.retry_after
    }

    /// Methods for `Allow`.
    pub fn methods(&self) -> Option<&str> {
        self.0.allow.as_deref()
    }
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self::text(kind, kind.entry().text)
    }
}

impl From<db::Error> for Problem {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Busy | db::Error::Contended => Self::from(Kind::Busy).retry_after(1),
            error if error.is_unreachable() => {
                let mut problem = Self::from(Kind::Unavailable).retry_after(5);
                problem.0.cause = Some(error.to_string());
                problem
            }
            error => Self::internal(error),
        }
    }
}

impl std::fmt::Debug for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.text)?;
        for (key, sentences) in &self.0.errors {
            write!(f, " {key}: {}", sentences.join(" "))?;
        }
        self.0.cause.as_ref().map_or(Ok(()), |cause| write!(f, " ({cause})"))
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_codes_status_is_the_same_wherever_the_sentence_is() {
        for kind in Kind::ALL {
            let entry = kind.entry();
            assert!((400..=503).contains(&entry.status), "{kind:?}");
            assert!(
                !entry.text.is_empty() && entry.code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn sentences_about_one_field_are_gathered() {
        let problem = Problem::validation([
            ("A".into(), "x".into()),
            ("B".into(), "y".into()),
            ("A".into(), "z".into()),
        ]);
        assert_eq!(problem.errors()[0], ("A".to_owned(), vec!["x".to_owned(), "z".to_owned()]));
        assert_eq!(problem.errors().len(), 2);
    }
}
