//! `GET /capabilities` (foundation.md §4.7): what a sign-in page can offer.

use domain::Result;
use schemars::JsonSchema;
use serde::Serialize;

use crate::body::NoBody;
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.tag("capabilities").get(
        "/api/2.0/capabilities",
        "capabilities.get",
        Need::Anyone,
        Scope::Read,
        "What the sign-in page can offer",
        get,
    )
}

/// Ways to sign in. Single sign-on, LDAP and the identity service are off.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CapabilitiesDto")]
struct CapabilitiesDto {
    ldap_enabled: bool,
    providers: Vec<String>,
    sso_label: &'static str,
    oauth_enabled: bool,
    sso_url: &'static str,
    identity_server_enabled: bool,
}

async fn get(_: Call, _: NoBody) -> Result<Reply<CapabilitiesDto>> {
    Ok(Reply::one(CapabilitiesDto {
        ldap_enabled: false,
        providers: Vec::new(),
        sso_label: "",
        // Self-hosted servers say yes whatever providers there are.
        oauth_enabled: true,
        sso_url: "",
        identity_server_enabled: false,
    }))
}
