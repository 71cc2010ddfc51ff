//! Payments: there are none (deviations.md 23). What a portal without bills can answer is answered, what would pay is
//! refused.

use std::collections::BTreeMap;

use domain::{Kind, Result};
use schemars::JsonSchema;
use serde::Serialize;

use super::shown::CURRENCY;
use crate::body::NoBody;
use crate::gate::Call;
use crate::reply::{Never, Reply};
use crate::routes::{Need, Routes, Scope};

pub(super) fn routes(routes: Routes) -> Routes {
    const GUEST: Need = Need::Guest;
    let routes = routes
        .get(
            "/api/2.0/portal/payment/prices",
            "payment.prices",
            GUEST,
            Scope::Read,
            "What things cost, by product: nothing is sold",
            prices,
        )
        .get(
            "/api/2.0/portal/payment/currencies",
            "payment.currencies",
            GUEST,
            Scope::Read,
            "What prices are in",
            currencies,
        )
        .get(
            "/api/2.0/portal/payment/customerinfo",
            "payment.customer",
            Need::DocSpaceAdmin,
            Scope::Read,
            "Who pays: nobody",
            customer,
        )
        .get(
            "/api/2.0/portal/payment/account",
            "payment.account",
            Need::DocSpaceAdmin,
            Scope::Read,
            "The address of the account that pays: there is none",
            account,
        );
    refused(routes)
}

/// The lines that only refuse: whatever pays, or chooses how.
fn refused(routes: Routes) -> Routes {
    macro_rules! lines {
        ($routes:ident; $($method:ident $path:literal $name:literal $about:literal;)*) => {
            $routes$(.$method(
                concat!("/api/2.0/portal/payment/", $path),
                concat!("payment.", $name),
                Need::Guest,
                Scope::Write,
                concat!($about, ": refused, there is nothing to pay"),
                refuse,
            ))*
        };
    }
    lines! { routes;
        put "update" "update" "Change how much is bought";
        put "url" "url" "The address at which one buys";
        put "updatewallet" "update_wallet" "Change how much is bought from the wallet";
        put "calculatewallet" "calculate_wallet" "What that would cost";
        post "deposit" "deposit" "Put money into the wallet";
        post "creditaibalance" "credit_ai" "Put money into the wallet of AI";
        post "topupsettings" "set_top_up" "Choose when the wallet is filled up";
        post "servicestate" "set_service" "Switch a service that is paid from the wallet";
        post "request" "request" "Write to those who sell";
        post "customer/operationsreport" "make_report" "Make a report of the wallet";
        delete "customer/operationsreport" "stop_report" "Stop making it";
        put "ai-model/restrictions" "restrict_models" "Restrict AI models that are paid from the wallet";
    }
}

async fn refuse(_: Call, _: NoBody) -> Result<Never> {
    Err(Kind::NothingToPay.into())
}

/// A currency.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CurrenciesDto")]
struct CurrencyDto {
    iso_country_code: &'static str,
    iso_currency_symbol: &'static str,
    currency_native_name: &'static str,
}

async fn prices(_: Call, _: NoBody) -> Result<Reply<BTreeMap<String, f64>>> {
    Ok(Reply::one(BTreeMap::new()))
}

async fn currencies(_: Call, _: NoBody) -> Result<Reply<Vec<CurrencyDto>>> {
    Ok(Reply::list(vec![CurrencyDto {
        iso_country_code: "US",
        iso_currency_symbol: CURRENCY,
        currency_native_name: "US Dollar",
    }]))
}

/// Who pays.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CustomerInfoDto")]
struct CustomerDto {
    portal_id: String,
    /// `PaymentMethodStatus`: 0, none.
    payment_method_status: i64,
}

async fn customer(call: Call, _: NoBody) -> Result<Reply<CustomerDto>> {
    Ok(Reply::one(CustomerDto { portal_id: call.portal.id.to_string(), payment_method_status: 0 }))
}

async fn account(_: Call, _: NoBody) -> Result<Reply<String>> {
    Ok(Reply::nothing())
}
