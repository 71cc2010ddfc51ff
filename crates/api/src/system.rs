//! The server itself: is it well, and what does it speak.

use axum::http::StatusCode;
use domain::{Result, portals};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::app::App;
use crate::body::NoBody;
use crate::gate::Call;
use crate::openapi;
use crate::reply::Bare;
use crate::routes::{Need, Routes, Scope};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .tag("system")
        .get(
            "/health",
            "system.health",
            Need::Anyone,
            Scope::None,
            "Whether the server and its database work",
            health,
        )
        .anywhere()
        .get(
            "/openapi.json",
            "system.openapi",
            Need::Anyone,
            Scope::None,
            "This API's description",
            description,
        )
        .anywhere()
}

/// The server's health.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct HealthDto {
    status: &'static str,
    version: &'static str,
}

async fn health(_: Call, app: App, _: NoBody) -> Result<Bare<HealthDto>> {
    let well = app.store().read(portals::installation).await.is_ok();
    let (code, status) =
        if well { (StatusCode::OK, "Healthy") } else { (StatusCode::SERVICE_UNAVAILABLE, "Unhealthy") };
    Ok(Bare(code, HealthDto { status, version: env!("CARGO_PKG_VERSION") }))
}

async fn description(_: Call, _: NoBody) -> Result<Bare<Value>> {
    Ok(Bare(StatusCode::OK, openapi::document(&crate::table())))
}
