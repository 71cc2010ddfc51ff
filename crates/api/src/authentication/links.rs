//! Whether a mailed link is good: what a client asks first when one is opened (foundation.md §2.6).

use domain::confirm::{self, ConfirmType, Confirmed, Flaw, Presented};
use domain::people::{self, PENDING};
use domain::{Result, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::app::App;
use crate::bind::NumberOrName;
use crate::body::{Body, BodyDto};
use crate::gate::Call;
use crate::mailed::user_kind;
use crate::reply::Reply;

/// A link, member by member.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "EmailValidationKeyModel")]
pub(super) struct LinkDto {
    key: Option<String>,
    #[schemars(with = "Option<String>")]
    empl_type: Option<NumberOrName>,
    email: Option<String>,
    enc_email: Option<String>,
    #[serde(rename = "uiD")]
    user: Option<String>,
    #[serde(rename = "type")]
    #[schemars(with = "Option<String>")]
    kind: Option<NumberOrName>,
    first: Option<String>,
}

impl BodyDto for LinkDto {
    const NAME: &'static str = "EmailValidationKeyModel";
}

fn text_of(sent: &NumberOrName) -> String {
    match sent {
        NumberOrName::Number(number) => number.to_string(),
        NumberOrName::Name(name) => name.clone(),
    }
}

impl LinkDto {
    /// The link; none when it lacks what every link has.
    fn parse(self) -> Option<Presented> {
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Some(Presented {
            kind: ConfirmType::of(&text_of(self.kind.as_ref()?))?,
            key: given(self.key)?,
            email: given(self.email),
            sealed_email: given(self.enc_email),
            user: self.user.and_then(|id| id.trim().parse().ok()),
            invites: self.empl_type.and_then(|kind| user_kind(&text_of(&kind))),
            first: self.first.is_some_and(|first| first.eq_ignore_ascii_case("true")),
        })
    }
}

/// Whether a link is good, and for what.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ConfirmDto")]
pub(super) struct CheckedDto {
    result: i64,
    room_id: Option<String>,
    title: Option<String>,
    email: Option<String>,
    is_agent: bool,
}

impl CheckedDto {
    fn of(result: i64, email: Option<String>) -> Self {
        let email = email.filter(|_| result == GOOD);
        Self { result, room_id: None, title: None, email, is_agent: false }
    }
}

/// `result` of a link that is good.
const GOOD: i64 = 0;

pub(super) async fn check(call: Call, app: App, Body(link): Body<LinkDto>) -> Result<Reply<CheckedDto>> {
    let Some(shown) = link.parse() else { return Ok(Reply::one(CheckedDto::of(Flaw::Invalid as i64, None))) };
    app.write(call, move |tx, call| {
        let now = tx.now();
        let (result, email) = match confirm::check(tx, &call.portal, &shown, now)? {
            Err(flaw) => (flaw as i64, None),
            Ok(good) => (settle(tx, call, &good)?, good.email),
        };
        Ok(Reply::one(CheckedDto::of(result, email)))
    })
    .await
}

/// What follows when a good link is opened; says how the link is to be answered.
fn settle(tx: &mut Tx<'_>, call: &Call, good: &Confirmed) -> Result<i64> {
    match good.kind {
        // Somebody who is signed in has no second factor to give.
        ConfirmType::TfaAuth if call.someone().is_some() => return Ok(Flaw::Invalid as i64),
        ConfirmType::LinkInvite if good.invitation.is_none() => {
            let known = good.email.as_deref().map(|email| people::find_by_email(tx, &call.portal, email));
            if known.transpose()?.flatten().is_some_and(|person| person.status != PENDING) {
                return Ok(Flaw::UserExisted as i64);
            }
            // From now on it is good for a few minutes.
            confirm::note_use(tx, &call.portal, &good.key)?;
        }
        ConfirmType::PasswordChange => {
            // Who opens the letter owns the address.
            let person = match (good.user, good.email.as_deref()) {
                (Some(user), _) => people::find(tx, &call.portal, user)?,
                (None, Some(email)) => people::find_by_email(tx, &call.portal, email)?,
                (None, None) => None,
            };
            if let Some(person) = person.filter(|person| person.activation_status != people::ACTIVATED) {
                people::confirm_address(tx, call.portal.id, person.id)?;
            }
        }
        _ => {}
    }
    Ok(GOOD)
}
