//! Signing in without knowing one's portal (foundation.md §4.2, deviations.md 6, 27).

use std::sync::Arc;

use domain::portals::{self, Portal};
use domain::{Kind, Result, people};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ok;
use crate::app::App;
use crate::body::{Body, BodyDto, Checks};
use crate::gate::Call;
use crate::passwords::Secret;
use crate::reply::Bare;
use crate::routes::{Need, Routes, Scope};

/// Portals that are looked at: each costs a hash.
const LOOKED_AT: i64 = 32;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post(
            "/apisystem/portal/signin",
            "apisystem.sign_in",
            Need::Anyone,
            Scope::Write,
            "The portals a name and password fit, each with an address that signs in",
            sign_in,
        )
        .flat()
}

/// An address and the client's hash of its password.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "TenantModelSignIn")]
struct SignInDto {
    email: Option<String>,
    password_hash: Option<String>,
}

impl BodyDto for SignInDto {
    const NAME: &'static str = "TenantModel";

    fn check(&self, checks: &mut Checks) {
        checks.email("Email", self.email.as_deref());
        checks.length("Email", self.email.as_deref(), 255);
        checks.length("PasswordHash", self.password_hash.as_deref(), 512);
    }
}

/// The portals that fit.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SignedInTenants")]
struct FittingDto {
    tenants: Vec<FitDto>,
}

/// A portal's address, and the one that signs in there.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "SignedInTenant")]
struct FitDto {
    portal_name: String,
    portal_link: String,
}

async fn sign_in(call: Call, app: App, Body(offer): Body<SignInDto>) -> Result<Bare<FittingDto>> {
    let email = offer.email.unwrap_or_default().trim().to_owned();
    let secret = Secret::Hashed(offer.password_hash.unwrap_or_default().trim().to_owned());
    let ip = &call.exchange().client.ip;
    let exempt = app.settings().is_test_email(&email);
    if !exempt && !app.limits().may_sign_in(ip, &email, app.store().now()) {
        return Err(Kind::TooMuchAttempts.into());
    }
    let fitting = fitting(&app, email.clone(), secret).await?;
    let Some(first) = fitting.first().cloned() else { return Err(Kind::NowhereKnown.into()) };
    let unit = move |tx: &mut domain::Tx<'_>| {
        let mut tenants = Vec::with_capacity(fitting.len());
        for portal in &fitting {
            if let Some(person) = people::find_by_email(tx, portal, &email)? {
                let portal_link = portals::sign_in_link(tx, portal, &person)?;
                tenants.push(FitDto { portal_name: tx.address(portal), portal_link });
            }
        }
        Ok(tenants)
    };
    let tenants = app.store().write(call.into_portal(first), unit).await?;
    Ok(ok(FittingDto { tenants }))
}

/// The portals in which an active account has this address and this password. An address that is nowhere known takes
/// as long as one that is.
async fn fitting(app: &App, email: String, secret: Secret) -> Result<Vec<Arc<Portal>>> {
    let known = app
        .store()
        .read(move |conn| {
            let mut known = Vec::new();
            for portal in portals::with_account(conn, &email, LOOKED_AT)? {
                let login = people::find_login(conn, &portal, &email)?;
                let login =
                    login.filter(|(person, _)| person.is_active() && portal.status == portals::ACTIVE);
                known.extend(login.map(|(_, stored)| (portal, stored)));
            }
            Ok(known)
        })
        .await?;
    if known.is_empty() {
        app.passwords().verify(secret, None).await?;
        return Ok(Vec::new());
    }
    let mut fitting = Vec::new();
    for (portal, stored) in known {
        if app.passwords().verify(secret.clone(), stored).await? {
            fitting.push(portal);
        }
    }
    Ok(fitting)
}
