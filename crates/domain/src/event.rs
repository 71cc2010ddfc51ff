//! Everything that can happen, in one list. A verb says it; the audit log, the job queue and (later) the live
//! sockets and webhooks hear it.

use crate::ids::{EntryId, GroupId, KeyId, PortalId, SessionId, UserId};
use crate::people::UserKind;
use crate::quotas::Sort;
use crate::rooms::Subject;

/// Something that happened in a unit.
#[derive(Debug, Clone)]
pub enum Event {
    /// The portal has its owner.
    OwnerSetUp,
    /// The portal was founded.
    PortalCreated {
        /// Its alias.
        alias: String,
    },
    /// The portal was suspended, or goes on.
    PortalStatus {
        /// Whether it works now.
        active: bool,
    },
    /// The portal was deleted.
    PortalDeleted {
        /// The portal.
        portal: PortalId,
        /// Its alias until then.
        alias: String,
    },
    /// An account was made.
    UserCreated {
        /// The account.
        user: UserId,
    },
    /// An account's profile changed.
    UserUpdated {
        /// The account.
        user: UserId,
    },
    /// An account's picture was set or removed.
    PhotoChanged {
        /// The account.
        user: UserId,
        /// Whether there is none now.
        removed: bool,
    },
    /// Something else happened to an account.
    User {
        /// The account.
        user: UserId,
        /// Its type, afterwards.
        kind: UserKind,
        /// What.
        what: UserEvent,
    },
    /// A limit on what may be stored changed.
    QuotaSet {
        /// Whose.
        sort: Sort,
        /// Bytes, for each where it is for each; none when it was switched off.
        bytes: Option<i64>,
    },
    /// Somebody signed in.
    SignedIn {
        /// Who.
        user: UserId,
        /// The login name used.
        login: String,
        /// By what.
        how: SignIn,
    },
    /// Somebody failed to sign in.
    SignInFailed {
        /// Whose, where that is known.
        user: Option<UserId>,
        /// The login name used.
        login: String,
        /// Why.
        why: SignInFailure,
    },
    /// A link that signs in was used.
    AuthLinkUsed {
        /// Who.
        user: UserId,
    },
    /// Somebody signed out.
    SignedOut {
        /// Who.
        user: UserId,
        /// The session that ended.
        session: SessionId,
    },
    /// All sessions of an account, but perhaps the one in use, ended; of the whole portal when none is named. Said
    /// beside what made them end.
    SessionsEnded {
        /// The account.
        user: Option<UserId>,
    },
    /// Sessions were ended by hand.
    ConnectionsClosed {
        /// Whose.
        user: UserId,
        /// Which.
        which: Connections,
    },
    /// An authenticator app was bound to an account.
    TfaConnected {
        /// The account.
        user: UserId,
    },
    /// It was taken off again.
    TfaDisconnected {
        /// The account.
        user: UserId,
    },
    /// A setting of the portal changed.
    SettingsChanged(SettingsEvent),
    /// The portal's title, language or time zone changed.
    PortalUpdated {
        /// Which of them.
        what: SettingsEvent,
    },
    /// The owner asked for the letter that gives the portal to somebody else.
    OwnerChangeAsked {
        /// To whom.
        user: UserId,
    },
    /// The portal has another owner.
    OwnerChanged {
        /// Who.
        user: UserId,
    },
    /// A stranger wrote to the administrators.
    AdminsWrittenTo {
        /// The stranger's address.
        email: String,
    },
    /// Somebody asked to join.
    JoinInvited {
        /// The address.
        email: String,
    },
    /// A report was made of the log.
    ReportMade {
        /// Of the login history; else of the audit trail.
        logins: bool,
    },
    /// An API key was made.
    KeyCreated {
        /// The key.
        key: KeyId,
        /// Its name.
        name: String,
    },
    /// An API key was renamed, rescoped, or switched on or off.
    KeyUpdated {
        /// The key.
        key: KeyId,
        /// Its name.
        name: String,
    },
    /// An API key was deleted.
    KeyDeleted {
        /// The key.
        key: KeyId,
        /// Its name.
        name: String,
    },
    /// A group of people was made.
    GroupCreated {
        /// The group.
        group: GroupId,
        /// Its name.
        name: String,
    },
    /// A group's name, manager or members changed.
    GroupUpdated {
        /// The group.
        group: GroupId,
        /// Its name, afterwards.
        name: String,
    },
    /// Members left a group, or moved from one to another; said to nobody but the log (people.md §8).
    GroupMembersLeft {
        /// The group.
        group: GroupId,
        /// Its name.
        name: String,
    },
    /// A group was deleted.
    GroupDeleted {
        /// The group.
        group: GroupId,
        /// Its name.
        name: String,
    },
    /// Something happened to a room.
    Room {
        /// The room.
        room: EntryId,
        /// Its title, afterwards.
        title: String,
        /// What.
        what: RoomEvent,
    },
}

/// By what somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// A plain password.
    Plain,
    /// A hash made by the client.
    Hashed,
    /// A mailed link.
    Link,
    /// A second factor, after one of the others.
    Code,
}

/// Why somebody failed to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInFailure {
    /// Wrong name or password.
    Password,
    /// Too many attempts.
    Blocked,
    /// A wrong code of the second factor.
    Code,
}

/// Which sessions were ended by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connections {
    /// One.
    One,
    /// All of one's own but the one in use.
    Others,
    /// All of an account.
    All,
}

/// Which of the portal's settings changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsEvent {
    /// The language.
    Language,
    /// The time zone.
    TimeZone,
    /// Who may join.
    MailDomains,
    /// What passwords must be like.
    Password,
    /// The second factor: off.
    TfaOff,
    /// The second factor: an authenticator app.
    TfaApp,
    /// Whether strangers may write to the administrators.
    AdminMessages,
    /// The title.
    Greeting,
    /// The colours.
    ColorTheme,
    /// Sites whose pages may use this one.
    Access,
    /// How long sessions last.
    Cookie,
    /// How long the log is kept.
    Audit,
    /// Who may use API keys.
    DevTools,
    /// Whether banners are shown.
    Banner,
    /// Who may invite.
    Invitations,
    /// Where the portal may be used from.
    Addresses,
    /// The limit on wrong passwords.
    Login,
    /// AI: on.
    AiOn,
    /// AI: off.
    AiOff,
    /// Where links open.
    DeepLink,
    /// The name in addresses.
    Alias,
}

/// What can happen to an account, beside its making and changes to its profile (people.md §12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserEvent {
    /// It was invited; it is there, but nobody uses it yet.
    Invited,
    /// It was made by whoever held a common invitation link.
    Registered,
    /// Whoever was invited came.
    Joined,
    /// It was brought in without a letter.
    Imported,
    /// Its address was confirmed.
    Activated,
    /// Its language changed.
    Language,
    /// It has another type.
    Type {
        /// The type before.
        old: UserKind,
    },
    /// It was switched on or off, or waits for its first sign-in again.
    Status(i64),
    /// It has another address.
    Email,
    /// It has another password.
    Password,
    /// It was deleted.
    Deleted,
    /// A guest was made known to the caller.
    Met,
    /// A guest is no longer known to the caller.
    Forgotten,
    /// A letter with a link was sent to it.
    Sent(SentLetter),
    /// What it owned went to another.
    Reassigned {
        /// The new owner.
        to: UserId,
    },
    /// What was its own was removed.
    DataRemoved,
    /// Its limit changed: bytes, -1 none; nothing: the portal's default again.
    Quota(Option<i64>),
}

/// What a letter to an account was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SentLetter {
    /// Joining the portal.
    Invitation,
    /// Confirming the address.
    Activation,
    /// Changing the address.
    EmailChange,
    /// Setting another password.
    PasswordChange,
    /// Switching off one's own account.
    Removal,
}

/// What can happen to a room (rooms.md §14).
#[derive(Debug, Clone)]
pub enum RoomEvent {
    /// It was created.
    Created,
    /// It got another title.
    Renamed {
        /// The title before.
        old: String,
    },
    /// Its description changed.
    Described,
    /// It went to the archive.
    Archived,
    /// It came back from the archive.
    Unarchived,
    /// It was deleted for good.
    Deleted,
    /// Colour or cover changed.
    CoverChanged,
    /// Indexing was switched.
    Indexing(bool),
    /// The ban on downloads was switched.
    DenyDownload(bool),
    /// The lifetime of its files was set or removed.
    Lifetime(bool),
    /// The watermark was set or removed.
    Watermark(bool),
    /// Its quota changed: bytes, -1 none, -2 the portal's.
    Quota(i64),
    /// Tags were added.
    TagsAdded(Vec<String>),
    /// Tags were removed.
    TagsRemoved(Vec<String>),
    /// A tag of this name is new in the portal.
    TagCreated(String),
    /// Somebody or a group became a member.
    MemberAdded {
        /// Who.
        member: Subject,
        /// The role.
        access: i64,
    },
    /// A member got another role.
    MemberChanged {
        /// Who.
        member: Subject,
        /// The role.
        access: i64,
        /// The role before.
        old: i64,
    },
    /// A member is one no longer.
    MemberRemoved {
        /// Who.
        member: Subject,
        /// The role before.
        old: i64,
    },
    /// It has another owner.
    OwnerChanged {
        /// The owner.
        owner: UserId,
        /// The owner before.
        old: UserId,
    },
    /// A member who hasn't come yet was invited again.
    InvitationResent {
        /// Who.
        user: UserId,
    },
    /// An external link was made.
    ExternalLinkCreated {
        /// The link's title.
        link: String,
    },
}

impl Event {
    /// Whether portals, people, groups, sessions or keys changed, so that remembered credentials are stale.
    pub fn touches_access(&self) -> bool {
        match self {
            Self::OwnerSetUp
            | Self::PortalCreated { .. }
            | Self::PortalStatus { .. }
            | Self::PortalDeleted { .. }
            | Self::UserCreated { .. }
            | Self::UserUpdated { .. }
            | Self::PhotoChanged { .. }
            | Self::User { .. }
            | Self::SignedOut { .. }
            | Self::SessionsEnded { .. }
            | Self::TfaConnected { .. }
            | Self::TfaDisconnected { .. }
            | Self::SettingsChanged(_)
            | Self::PortalUpdated { .. }
            // Limits on rooms are remembered with the portal.
            | Self::QuotaSet { .. }
            | Self::OwnerChanged { .. }
            | Self::KeyUpdated { .. }
            | Self::GroupCreated { .. }
            | Self::GroupUpdated { .. }
            | Self::GroupMembersLeft { .. }
            | Self::GroupDeleted { .. }
            | Self::KeyDeleted { .. } => true,
            // A new key or session is remembered by nobody yet.
            Self::SignedIn { .. }
            | Self::SignInFailed { .. }
            | Self::AuthLinkUsed { .. }
            | Self::ConnectionsClosed { .. }
            | Self::OwnerChangeAsked { .. }
            | Self::AdminsWrittenTo { .. }
            | Self::JoinInvited { .. }
            | Self::ReportMade { .. }
            | Self::KeyCreated { .. }
            | Self::Room { .. } => false,
        }
    }
}
