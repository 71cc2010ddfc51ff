//! The audit log: one row for each event, in the transaction that made it happen.

mod actions;
mod kinds;
mod read;

pub use actions::{ACTIONS, Action, action, named};
pub use kinds::{ActionType, EntryType, Location, Product};
pub use read::{Filter, Half, Lifetimes, Record, list, sweep};

use db::{args, sql};
use serde_json::json;

use crate::event::{
    Connections, Event, RoomEvent, SentLetter, SettingsEvent, SignIn, SignInFailure, UserEvent,
};
use crate::ids::UserId;
use crate::people::UserKind;
use crate::quotas::Sort;
use crate::rooms::Subject;
use crate::store::Tx;
use crate::{Call, Result, schema};

/// The greatest number of an action that belongs to the history of sign-ins.
const LOGINS_END: i64 = 1999;

/// An event as the log has it: the reference's action number (foundation.md §4.9, rooms.md §14; the table is
/// [`ACTIONS`]), what it was about, and details as JSON text.
struct Entry {
    action: i64,
    target: Option<String>,
    detail: serde_json::Value,
}

/// Writes the rows of a unit's events.
pub(crate) fn record(tx: &mut Tx<'_>, call: &Call, events: &[Event]) -> Result<()> {
    for event in events {
        if let Some(entry) = entry(event) {
            let id = tx.next(schema::AUDIT)?;
            let actor = actor_of(event, call);
            let (at, detail, login) = (tx.now(), entry.detail.to_string(), entry.action <= LOGINS_END);
            let args = args![
                call.portal.id,
                id,
                at,
                actor,
                entry.action,
                entry.target,
                detail,
                call.client.ip,
                call.client.user_agent,
                login
            ];
            tx.exec(
                sql!(
                    "insert into audit (portal_id, id, at, actor_id, action, target, detail, ip, user_agent, login)
                     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                ),
                args,
            )?;
        }
    }
    Ok(())
}

/// Who did it: the caller, but where the event knows better. Who signs in isn't the caller yet, and who fails to is perhaps
/// nobody.
fn actor_of(event: &Event, call: &Call) -> Option<UserId> {
    match event {
        Event::SignedIn { user, .. } | Event::SignedOut { user, .. } | Event::AuthLinkUsed { user } => {
            Some(*user)
        }
        Event::SignInFailed { user, .. } => *user,
        _ => call.someone().map(|person| person.id),
    }
}

fn entry(event: &Event) -> Option<Entry> {
    let about = |action, target: String, detail| Some(Entry { action, target: Some(target), detail });
    match event {
        // The owner's account and what ends sessions have lines of their own. A portal's log begins with its owner, and
        // goes with it.
        Event::OwnerSetUp
        | Event::PortalCreated { .. }
        | Event::PortalDeleted { .. }
        | Event::SessionsEnded { .. } => None,
        // The reference has no number for waking up again: of its actions this is the nearest.
        Event::PortalStatus { active } => {
            Some(Entry { action: if *active { 6031 } else { 6025 }, target: None, detail: json!({}) })
        }
        Event::UserCreated { user } => about(4000, user.to_string(), json!({})),
        Event::PhotoChanged { user, removed } => {
            about(if *removed { 4009 } else { 4008 }, user.to_string(), json!({}))
        }
        Event::GroupCreated { group, name } => about(4026, group.to_string(), json!({ "name": name })),
        Event::GroupUpdated { group, name } | Event::GroupMembersLeft { group, name } => {
            about(4027, group.to_string(), json!({ "name": name }))
        }
        Event::GroupDeleted { group, name } => about(4028, group.to_string(), json!({ "name": name })),
        Event::UserUpdated { user } => about(4006, user.to_string(), json!({})),
        Event::User { user, kind, what } => {
            let (action, detail) = user_entry(what, *kind == UserKind::Guest);
            about(action, user.to_string(), detail)
        }
        Event::QuotaSet { sort, bytes } => {
            let (changed, disabled) = match sort {
                Sort::Room => (6040, 6041),
                Sort::User => (6042, 6043),
                Sort::Portal => (6044, 6045),
                Sort::Agent => (6068, 6069),
            };
            let action = if bytes.is_some() { changed } else { disabled };
            Some(Entry { action, target: None, detail: json!({ "quota": bytes }) })
        }
        Event::SignedIn { user, login, how } => {
            let action = match how {
                SignIn::Plain => 1010,
                SignIn::Hashed => 1029,
                SignIn::Link => 1000,
                SignIn::Code => 1024,
            };
            about(action, user.to_string(), json!({ "login": login }))
        }
        Event::SignInFailed { login, why, .. } => {
            let action = match why {
                SignInFailure::Password => 1013,
                SignInFailure::Blocked => 1023,
                SignInFailure::Code => 1025,
            };
            Some(Entry { action, target: None, detail: json!({ "login": login }) })
        }
        Event::AuthLinkUsed { user } => about(1027, user.to_string(), json!({})),
        Event::SignedOut { session, .. } => about(1006, session.to_string(), json!({})),
        Event::ConnectionsClosed { user, which } => {
            let action = match which {
                Connections::Others => 4034,
                Connections::One => 4035,
                Connections::All => 4036,
            };
            about(action, user.to_string(), json!({}))
        }
        Event::TfaConnected { user } => about(4032, user.to_string(), json!({})),
        Event::TfaDisconnected { user } => about(4033, user.to_string(), json!({})),
        Event::SettingsChanged(what) | Event::PortalUpdated { what } => {
            settings_entry(*what).map(|action| Entry { action, target: None, detail: json!({}) })
        }
        Event::OwnerChangeAsked { user } => about(6021, user.to_string(), json!({})),
        Event::OwnerChanged { user } => about(6022, user.to_string(), json!({})),
        Event::AdminsWrittenTo { email } => {
            Some(Entry { action: 7000, target: None, detail: json!({ "email": email }) })
        }
        Event::JoinInvited { email } => {
            Some(Entry { action: 4037, target: None, detail: json!({ "email": email }) })
        }
        Event::ReportMade { logins } => {
            Some(Entry { action: if *logins { 6027 } else { 6028 }, target: None, detail: json!({}) })
        }
        Event::KeyCreated { key, name } => about(6058, key.to_string(), json!({ "name": name })),
        Event::KeyUpdated { key, name } => about(6059, key.to_string(), json!({ "name": name })),
        Event::KeyDeleted { key, name } => about(6060, key.to_string(), json!({ "name": name })),
        Event::Room { room, title, what } => {
            let (action, mut detail) = room_entry(what);
            detail["title"] = json!(title);
            about(action, room.to_string(), detail)
        }
    }
}

/// The action's number; none where the reference logs nothing.
fn settings_entry(what: SettingsEvent) -> Option<i64> {
    Some(match what {
        SettingsEvent::Language => 6000,
        SettingsEvent::TimeZone => 6001,
        SettingsEvent::MailDomains => 6003,
        SettingsEvent::Password => 6004,
        SettingsEvent::TfaOff => 6036,
        SettingsEvent::TfaApp => 6038,
        SettingsEvent::AdminMessages => 6006,
        SettingsEvent::Greeting => 6018,
        SettingsEvent::ColorTheme => 6020,
        SettingsEvent::Access => 6031,
        SettingsEvent::Cookie => 6032,
        SettingsEvent::Audit => 6035,
        SettingsEvent::DevTools => 6054,
        SettingsEvent::Banner => 6066,
        SettingsEvent::Invitations => 6093,
        SettingsEvent::Addresses => 6094,
        SettingsEvent::Login => 6095,
        SettingsEvent::AiOn => 6097,
        SettingsEvent::AiOff => 6098,
        SettingsEvent::Alias => 6039,
        SettingsEvent::DeepLink => return None,
    })
}

fn user_entry(what: &UserEvent, guest: bool) -> (i64, serde_json::Value) {
    let either = |user, of_guest| if guest { of_guest } else { user };
    match what {
        UserEvent::Invited => (4023, json!({})),
        UserEvent::Registered => (either(4002, 4003), json!({})),
        UserEvent::Joined | UserEvent::Activated => (either(4004, 4005), json!({})),
        UserEvent::Imported => (either(4024, 4025), json!({})),
        UserEvent::Language => (4007, json!({})),
        UserEvent::Type { old } => (4019, json!({ "old": old })),
        UserEvent::Status(status) => (4020, json!({ "status": status })),
        UserEvent::Email => (5047, json!({})),
        UserEvent::Password => (4017, json!({})),
        UserEvent::Deleted => (4018, json!({})),
        UserEvent::Sent(letter) => (
            match letter {
                SentLetter::Invitation => 4023,
                SentLetter::Activation => 4013,
                SentLetter::EmailChange => 4014,
                SentLetter::PasswordChange => 4015,
                SentLetter::Removal => 4016,
            },
            json!({}),
        ),
        UserEvent::Reassigned { to } => (4030, json!({ "to": to })),
        // The reference has no number for who knows a guest.
        UserEvent::Met => (4006, json!({ "known": true })),
        UserEvent::Forgotten => (4006, json!({ "known": false })),
        UserEvent::DataRemoved => (4031, json!({})),
        UserEvent::Quota(Some(-1)) => (6053, json!({})),
        UserEvent::Quota(Some(bytes)) => (6052, json!({ "quota": bytes })),
        UserEvent::Quota(None) => (6051, json!({})),
    }
}

fn room_entry(what: &RoomEvent) -> (i64, serde_json::Value) {
    match what {
        RoomEvent::Created => (5070, json!({})),
        RoomEvent::Renamed { old } => (5071, json!({ "oldTitle": old })),
        // The reference has no description (deviations.md 3): of its actions this is the nearest.
        RoomEvent::Described => (5071, json!({ "description": true })),
        RoomEvent::Archived => (5072, json!({})),
        RoomEvent::Unarchived => (5073, json!({})),
        RoomEvent::Deleted => (5074, json!({})),
        RoomEvent::TagCreated(tag) => (5076, json!({ "tags": [tag] })),
        RoomEvent::TagsAdded(tags) => (5078, json!({ "tags": tags })),
        RoomEvent::TagsRemoved(tags) => (5079, json!({ "tags": tags })),
        RoomEvent::ExternalLinkCreated { link } => (5088, json!({ "link": link })),
        RoomEvent::CoverChanged => (5103, json!({})),
        RoomEvent::DenyDownload(on) => (if *on { 5109 } else { 5110 }, json!({})),
        RoomEvent::Watermark(on) => (if *on { 5112 } else { 5113 }, json!({})),
        RoomEvent::Indexing(on) => (if *on { 5114 } else { 5115 }, json!({})),
        RoomEvent::Lifetime(on) => (if *on { 5116 } else { 5117 }, json!({})),
        RoomEvent::Quota(-2) => (6048, json!({})),
        RoomEvent::Quota(-1) => (6050, json!({})),
        RoomEvent::Quota(bytes) => (6049, json!({ "quota": bytes })),
        RoomEvent::MemberAdded { member, access } => match member {
            Subject::Person(user) => (5085, json!({ "user": user, "access": access })),
            Subject::Group(group) => (5094, json!({ "group": group, "access": access })),
        },
        RoomEvent::MemberChanged { member, access, old } => match member {
            Subject::Person(user) => (5075, json!({ "user": user, "access": access, "oldAccess": old })),
            Subject::Group(group) => (5095, json!({ "group": group, "access": access, "oldAccess": old })),
        },
        RoomEvent::MemberRemoved { member, old } => match member {
            Subject::Person(user) => (5084, json!({ "user": user, "oldAccess": old })),
            Subject::Group(group) => (5096, json!({ "group": group, "oldAccess": old })),
        },
        RoomEvent::OwnerChanged { owner, old } => (5159, json!({ "owner": owner, "oldOwner": old })),
        RoomEvent::InvitationResent { user } => (5118, json!({ "user": user })),
    }
}
