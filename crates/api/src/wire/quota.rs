//! Limits on what may be stored, as settings, plans and people show and send them (foundation.md §4.5).

use domain::quotas::{Limit, PortalQuota, Sort};
use domain::setting::Stored;
use domain::{Kind, Problem, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use serde_with::skip_serializing_none;

use super::{Site, modified};

/// A whole number of bytes that was sent; other things are refused as the reference does.
pub(crate) fn bytes(sent: Option<&Value>, sort: Sort) -> Result<i64> {
    let has = match sent {
        Some(Value::Number(number)) => return number.as_i64().ok_or_else(|| sort.too_large()),
        Some(Value::String(_)) => "String",
        Some(Value::Bool(true)) => "True",
        Some(Value::Bool(false)) => "False",
        Some(Value::Array(_)) => "Array",
        Some(Value::Object(_)) => "Object",
        Some(Value::Null) => "Null",
        None => "Undefined",
    };
    Err(Problem::text(
        Kind::NumberExpected,
        format!(
            "The requested operation requires an element of type 'Number', but the target element has type '{has}'."
        ),
    ))
}

/// A limit on each thing of a sort.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantEntityQuotaSettings")]
pub(crate) struct LimitDto {
    enable_quota: bool,
    default_quota: i64,
    last_recalculate_date: Option<String>,
}

impl LimitDto {
    pub(crate) fn of(limit: Limit, site: &Site<'_>) -> Self {
        Self {
            enable_quota: limit.enabled,
            default_quota: limit.default_bytes,
            last_recalculate_date: limit.recounted().map(|at| site.date(at)),
        }
    }
}

/// The limit on all that the portal stores; -1 when there is none.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantQuotaSettings")]
pub(crate) struct PortalQuotaDto {
    enable_quota: bool,
    quota: i64,
    last_recalculate_date: Option<String>,
    last_modified: String,
}

impl PortalQuotaDto {
    pub(crate) fn of(stored: &Stored<PortalQuota>, site: &Site<'_>) -> Self {
        Self {
            enable_quota: stored.value.bytes.is_some(),
            quota: stored.value.bytes.unwrap_or(-1),
            last_recalculate_date: stored.value.recounted().map(|at| site.date(at)),
            last_modified: modified(stored),
        }
    }
}
