//! Sites whose pages may show the portal (foundation.md §4.9).

use domain::Result;
use domain::event::SettingsEvent;
use domain::portal_settings::{self, Csp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};

pub(super) fn routes(routes: Routes) -> Routes {
    const PATH: &str = "/api/2.0/security/csp";
    routes.get(PATH, "csp.get", Need::Anyone, Scope::Read, "Sites that may show the portal", get).post(
        PATH,
        "csp.set",
        Need::DocSpaceAdmin,
        Scope::Write,
        "Choose the sites that may",
        set,
    )
}

/// Sites, and the header they make.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CspDto")]
struct CspDto {
    domains: Vec<String>,
    header: String,
}

impl CspDto {
    fn of(csp: &Csp) -> Self {
        Self { domains: csp.domains.clone(), header: csp.header() }
    }
}

/// Sites that may show the portal.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "CspRequestsDto")]
struct NewCspDto {
    domains: Option<Vec<String>>,
}

impl BodyDto for NewCspDto {
    const NAME: &'static str = "CspRequestsDto";
}

async fn get(call: Call, app: App, _: NoBody) -> Result<Reply<CspDto>> {
    let rules = app.rules(call.portal.id).await?;
    Ok(Reply::one(CspDto::of(&rules.csp)))
}

async fn set(call: Call, app: App, Body(new): Body<NewCspDto>) -> Result<Reply<CspDto>> {
    let domains = new.domains.unwrap_or_default().iter().map(|site| site.trim().to_owned()).collect();
    let csp = Csp { domains };
    csp.check()?;
    app.write(call, move |tx, call| {
        portal_settings::change(tx, call, &csp, SettingsEvent::Access)?;
        Ok(Reply::one(CspDto::of(&csp)))
    })
    .await
}
