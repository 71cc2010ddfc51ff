//! How much is stored (foundation.md §4.4 `statistics/spaceusage`, §4.5 `portal/usedspace`).

use domain::ids::ModuleId;
use domain::{Result, modules, plan, rooms};
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::body::NoBody;
use crate::gate::Call;
use crate::params::PathId;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::{Site, whole};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(
            "/api/2.0/portal/usedspace",
            "plan.used_space",
            Need::DocSpaceAdmin,
            Scope::Read,
            "How much is stored, in gigabytes",
            used_space,
        )
        .tag("settings")
        .get(
            "/api/2.0/settings/statistics/spaceusage/{id}",
            "plan.space_usage",
            Need::DocSpaceAdmin,
            Scope::Read,
            "How much is stored in a module, by place",
            usage,
        )
        .tag("portal")
}

/// Gigabytes with two decimals.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transparent)]
struct GigabytesDto(#[serde(serialize_with = "whole")] f64);

#[expect(clippy::cast_precision_loss, reason = "two decimals are shown")]
fn rounded(bytes: i64, unit: i64) -> f64 {
    (bytes as f64 / unit as f64 * 100.0).round() / 100.0
}

async fn used_space(call: Call, app: App, _: NoBody) -> Result<Reply<GigabytesDto>> {
    app.read(call, |conn, call| {
        let used = plan::used(conn, call.portal.id)?;
        Ok(Reply::one(GigabytesDto(rounded(used.bytes, 1 << 30))))
    })
    .await
}

/// What is stored in one place.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "UsageSpaceStatItemDto")]
struct PlaceDto {
    name: &'static str,
    disabled: bool,
    size: String,
    url: String,
}

/// The places of a module; none of one that isn't here.
async fn usage(
    call: Call,
    app: App,
    PathId(module): PathId<ModuleId>,
    _: NoBody,
) -> Result<Reply<Vec<PlaceDto>>> {
    if module != modules::rooms() {
        return Ok(Reply::list(Vec::new()));
    }
    app.read(call, |conn, call| {
        let (volume, base) = (rooms::volume(conn, call.portal.id)?, Site::of(call).base);
        let place = |name, bytes, path| PlaceDto {
            name,
            disabled: false,
            size: size(bytes),
            url: format!("{base}/{path}"),
        };
        Ok(Reply::list(vec![
            place("Rooms", volume.active_bytes, "rooms"),
            place("Archive", volume.archived_bytes, "archive"),
        ]))
    })
    .await
}

/// A size for people: `1,023 bytes`, `2.5 MB` (files.md §1).
fn size(bytes: i64) -> String {
    let units = [("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)];
    let (unit, of) = units.into_iter().find(|(_, of)| bytes >= *of).unwrap_or(("bytes", 1));
    let text = rounded(bytes, of).to_string();
    let (number, fraction) = text.split_once('.').map_or((text.as_str(), None), |(n, f)| (n, Some(f)));
    let grouped: Vec<&str> = number
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|digits| std::str::from_utf8(digits).unwrap_or_default())
        .collect();
    let fraction = fraction.map(|fraction| format!(".{fraction}")).unwrap_or_default();
    format!("{}{fraction} {unit}", grouped.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_the_largest_unit_that_fits() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (1023, "1,023 bytes"),
            (1024, "1 KB"),
            (1536, "1.5 KB"),
            (25 << 20, "25 MB"),
            ((1 << 30) + (1 << 28), "1.25 GB"),
            (1234 << 40, "1,234 TB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
        assert_eq!(serde_json::to_string(&GigabytesDto(rounded(0, 1 << 30))).ok().as_deref(), Some("0"));
        assert_eq!(rounded((1 << 30) + (1 << 28), 1 << 30).to_string(), "1.25");
    }
}
