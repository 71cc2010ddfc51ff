//! Giving the portal to somebody else (foundation.md §4.4).

use domain::confirm::ConfirmType;
use domain::ids::UserId;
use domain::{Kind, Problem, Result, portals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::body::{Body, BodyDto};
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};

pub(super) fn routes(routes: Routes) -> Routes {
    const PATH: &str = "/api/2.0/settings/owner";
    routes
        .post(
            PATH,
            "owner.ask",
            Need::DocSpaceAdmin,
            Scope::Write,
            "Mail the owner a link that gives the portal to somebody else",
            ask,
        )
        .put(
            PATH,
            "owner.change",
            Need::Confirm(&[ConfirmType::PortalOwnerChange]),
            Scope::Write,
            "Give the portal to somebody else",
            change,
        )
}

/// Who is to own the portal.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "OwnerIdSettingsRequestDto")]
struct OwnerDto {
    #[schemars(with = "Option<String>")]
    owner_id: Option<UserId>,
}

impl BodyDto for OwnerDto {
    const NAME: &'static str = "OwnerIdSettingsRequestDto";
    const REQUIRED: &'static [&'static str] = &["ownerId"];
}

impl OwnerDto {
    fn parse(self) -> Result<UserId> {
        self.owner_id.ok_or_else(|| Problem::text(Kind::BadArgument, "OwnerId"))
    }
}

/// Whether the letter was sent.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OwnerChangeInstructionsDto")]
struct AskedDto {
    status: i64,
    message: String,
}

async fn ask(call: Call, app: App, Body(sent): Body<OwnerDto>) -> Result<Reply<AskedDto>> {
    let user = sent.parse()?;
    app.write(call, move |tx, call| {
        let asked = portals::ask_for_new_owner(tx, call, user)?;
        Ok(Reply::one(match asked {
            Some(owner) => AskedDto {
                status: 1,
                message: format!(
                    "The owner change instruction has been sent to {} email address.",
                    owner.email
                ),
            },
            None => AskedDto { status: 0, message: "No permissions to perform this action".to_owned() },
        }))
    })
    .await
}

async fn change(call: Call, app: App, Body(sent): Body<OwnerDto>) -> Result<Reply<()>> {
    let user = sent.parse()?;
    app.write(call, move |tx, call| {
        let link = call.confirmed.clone().ok_or(Kind::LinkInvalid)?;
        portals::change_owner(tx, call, &link, user)?;
        Ok(Reply::nothing())
    })
    .await
}
