//! The log: the history of sign-ins, and the trail of everything else (foundation.md §4.9).

use domain::audit::{
    self, ACTIONS, ActionType, EntryType, Filter, Half, Lifetimes, Location, Product, Record,
};
use domain::event::SettingsEvent;
use domain::ids::NIL_GUID;
use domain::people::Person;
use domain::sessions::agent;
use domain::setting::{self, Stored};
use domain::{Kind, Problem, Result, people, portal_settings};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::app::App;
use crate::bind;
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::params::{Param, Query, QueryDto, param};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::modified;
use crate::wire::{Site, moment};

pub(super) fn routes(routes: Routes) -> Routes {
    const NEED: Need = Need::DocSpaceAdmin;
    const LIFETIME: &str = "/api/2.0/security/audit/settings/lifetime";
    routes
        .get(
            "/api/2.0/security/audit/login/last",
            "audit.last_logins",
            NEED,
            Scope::Read,
            "The last sign-ins",
            last_logins,
        )
        .get(
            "/api/2.0/security/audit/login/filter",
            "audit.logins",
            NEED,
            Scope::Read,
            "Sign-ins that fit a filter",
            logins,
        )
        .get(
            "/api/2.0/security/audit/events/last",
            "audit.last_events",
            NEED,
            Scope::Read,
            "The last changes",
            last_events,
        )
        .get(
            "/api/2.0/security/audit/events/filter",
            "audit.events",
            NEED,
            Scope::Read,
            "Changes that fit a filter",
            events,
        )
        .get(
            "/api/2.0/security/audit/types",
            "audit.types",
            NEED,
            Scope::Read,
            "What the log can be filtered by",
            types,
        )
        .get(
            "/api/2.0/security/audit/mappers",
            "audit.mappers",
            NEED,
            Scope::Read,
            "Actions by where they belong",
            mappers,
        )
        .get(LIFETIME, "audit.lifetime", NEED, Scope::Read, "How long the log is kept", lifetime)
        .post(
            LIFETIME,
            "audit.set_lifetime",
            NEED,
            Scope::Write,
            "Say how long the log is kept",
            set_lifetime,
        )
}

/// How many rows `last` shows.
const LAST: i64 = 20;

/// A sign-in, or one that failed.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "LoginEventDto")]
struct LoginDto {
    id: i64,
    date: String,
    user: Option<String>,
    user_id: String,
    login: Option<String>,
    action: String,
    action_id: i64,
    ip: String,
    browser: Option<String>,
    platform: Option<String>,
}

/// A change.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AuditEventDto")]
struct EventDto {
    id: i64,
    date: String,
    user: Option<String>,
    user_id: String,
    action: String,
    action_id: i64,
    ip: String,
    browser: Option<String>,
    platform: Option<String>,
    action_type: i64,
    product: i64,
    location: i64,
    target: Vec<String>,
    entries: Vec<i64>,
    context: Option<String>,
}

/// What people read of an action: its text, and what it was about.
pub(super) fn sentence(record: &Record) -> String {
    let text = record.known().map_or("Something happened", |action| action.text);
    record
        .context()
        .filter(|_| record.action > 2000)
        .map_or_else(|| text.to_owned(), |context| format!("{text}: {context}"))
}

impl LoginDto {
    fn of(record: &Record, who: Option<&Person>, site: &Site<'_>) -> Self {
        let agent = agent::parse(&record.user_agent);
        let login = record.detail["login"].as_str().map(str::to_owned);
        Self {
            id: record.id,
            date: site.date(record.at),
            // Of a sign-in that failed only what was typed is known.
            user: who.map(|person| person.named(site.names)).or_else(|| login.clone()),
            user_id: actor(record),
            login,
            action: sentence(record),
            action_id: record.action,
            ip: record.ip.clone(),
            browser: agent.browser,
            platform: agent.platform,
        }
    }
}

/// Whose doing it was; nobody's is the zero guid.
fn actor(record: &Record) -> String {
    record.actor.map_or_else(|| NIL_GUID.to_owned(), |id| id.to_string())
}

impl EventDto {
    fn of(record: &Record, who: Option<&Person>, site: &Site<'_>) -> Self {
        let (agent, known) = (agent::parse(&record.user_agent), record.known());
        let entry = known.map_or(EntryType::None, |action| action.entry);
        Self {
            id: record.id,
            date: site.date(record.at),
            user: who.map(|person| person.named(site.names)),
            user_id: actor(record),
            action: sentence(record),
            action_id: record.action,
            ip: record.ip.clone(),
            browser: agent.browser,
            platform: agent.platform,
            action_type: known.map_or(0, |action| action.kind as i64),
            product: known.map_or(0, |action| action.product as i64),
            location: known.map_or(0, |action| action.location as i64),
            target: record.target.iter().cloned().collect(),
            entries: if entry == EntryType::None { Vec::new() } else { vec![entry as i64] },
            context: record.context().map(str::to_owned),
        }
    }
}

/// A filter of the history of sign-ins.
#[derive(Debug, Clone)]
struct LoginsQuery(Filters);

/// A filter of the trail.
#[derive(Debug, Clone)]
struct EventsQuery(Filters);

/// What both can have.
#[derive(Debug, Clone, Default)]
struct Filters {
    filter: Filter,
    action: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

impl Filters {
    fn read(query: &mut bind::Query<'_>) -> Self {
        Self {
            filter: Filter {
                user: query.guid("userId", "UserId").and_then(|id| id.parse().ok()),
                count: query.int("count", "Count", 1..=100, 100),
                start: query.int("startIndex", "StartIndex", 0..=i64::from(i32::MAX), 0),
                ..Filter::default()
            },
            action: query.text("action"),
            from: query.text("from"),
            to: query.text("to"),
        }
    }

    /// The filter. Names, numbers and dates that are none are told by their parameter.
    fn parse(self, call: &Call) -> Result<Filter> {
        let mut problems = Vec::new();
        let mut date = |name: &str, title: &str, text: Option<String>| {
            let text = text?;
            let read = moment::parse(&text, &call.portal.zone);
            if read.is_none() {
                problems.push((name.to_owned(), format!("The value '{text}' is not valid for {title}.")));
            }
            read
        };
        let (from, to) = (date("from", "From", self.from), date("to", "To", self.to));
        let action = self.action.as_deref().map(|text| (text, audit::named(text)));
        if let Some((text, None)) = action {
            problems.push(("action".to_owned(), format!("The value '{text}' is not valid for Action.")));
        }
        let action = action.and_then(|(_, action)| action.map(|action| action.id));
        if !problems.is_empty() {
            return Err(Problem::validation(problems));
        }
        // The reference's "no action" stands for any.
        let action = action.filter(|id| *id > 0);
        Ok(Filter { from, to, action, ..self.filter })
    }
}

impl QueryDto for LoginsQuery {
    const PARAMS: &'static [Param] = &[
        param("userId", "string", "Only this account's"),
        param("action", "string", "Only this action, by name or number"),
        param("from", "string", "Not before this date"),
        param("to", "string", "Not after this date"),
        param("count", "integer", "Rows on the page: 1 to 100"),
        param("startIndex", "integer", "Rows before the page"),
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self(Filters::read(query))
    }
}

/// Reads a member of an enumeration; 0 stands for any.
macro_rules! member {
    ($query:expr, $name:literal, $title:literal, $kind:ident) => {{
        let table: Vec<(&str, i64)> =
            $kind::ALL.iter().map(|member| (member.name(), *member as i64)).collect();
        let number = $query.one_of($name, $title, &table).filter(|number| *number != 0);
        number.and_then(|number| $kind::ALL.iter().copied().find(|member| *member as i64 == number))
    }};
}

impl QueryDto for EventsQuery {
    const PARAMS: &'static [Param] = &[
        param("userId", "string", "Only this account's"),
        param("moduleType", "string", "Only in this part of the product"),
        param("actionType", "string", "Only changes of this kind"),
        param("action", "string", "Only this action, by name or number"),
        param("entryType", "string", "Only changes of this kind of thing"),
        param("target", "string", "Only changes of the thing of this id"),
        param("from", "string", "Not before this date"),
        param("to", "string", "Not after this date"),
        param("count", "integer", "Rows on the page: 1 to 100"),
        param("startIndex", "integer", "Rows before the page"),
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        let mut filters = Filters::read(query);
        filters.filter.location = member!(query, "moduleType", "ModuleType", Location);
        filters.filter.kind = member!(query, "actionType", "ActionType", ActionType);
        filters.filter.entry = member!(query, "entryType", "EntryType", EntryType);
        filters.filter.target = query.text("target");
        Self(filters)
    }
}

async fn shown<T: Send + 'static>(
    call: Call,
    app: App,
    half: Half,
    filter: Filter,
    dto: fn(&Record, Option<&Person>, &Site<'_>) -> T,
) -> Result<Reply<Vec<T>>> {
    app.read(call, move |conn, call| {
        let records = audit::list(conn, call.portal.id, half, &filter)?;
        let people = people::find_all(conn, call, records.iter().filter_map(|record| record.actor))?;
        let site = Site::of(call);
        let who = |record: &Record| record.actor.and_then(|id| people.get(&id));
        Ok(Reply::list(records.iter().map(|record| dto(record, who(record), &site)).collect()))
    })
    .await
}

async fn last_logins(call: Call, app: App, _: NoBody) -> Result<Reply<Vec<LoginDto>>> {
    shown(call, app, Half::Logins, Filter::last(LAST), LoginDto::of).await
}

async fn logins(
    call: Call,
    app: App,
    Query(LoginsQuery(filters)): Query<LoginsQuery>,
    _: NoBody,
) -> Result<Reply<Vec<LoginDto>>> {
    let filter = filters.parse(&call)?;
    shown(call, app, Half::Logins, filter, LoginDto::of).await
}

async fn last_events(call: Call, app: App, _: NoBody) -> Result<Reply<Vec<EventDto>>> {
    shown(call, app, Half::Trail, Filter::last(LAST), EventDto::of).await
}

async fn events(
    call: Call,
    app: App,
    Query(EventsQuery(filters)): Query<EventsQuery>,
    _: NoBody,
) -> Result<Reply<Vec<EventDto>>> {
    let filter = filters.parse(&call)?;
    shown(call, app, Half::Trail, filter, EventDto::of).await
}

/// Names of what the log can be filtered by.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AuditTrailTypesDto")]
struct TypesDto {
    actions: Vec<&'static str>,
    action_types: Vec<&'static str>,
    product_types: Vec<&'static str>,
    module_types: Vec<&'static str>,
    entry_types: Vec<&'static str>,
}

async fn types(_: Call, _: NoBody) -> Result<Reply<TypesDto>> {
    Ok(Reply::one(TypesDto {
        actions: ACTIONS.iter().map(|action| action.name).collect(),
        action_types: ActionType::ALL.iter().map(|kind| kind.name()).collect(),
        product_types: Product::ALL.iter().map(|product| product.name()).collect(),
        module_types: Location::ALL.iter().map(|location| location.name()).collect(),
        entry_types: EntryType::ALL.iter().map(|entry| entry.name()).collect(),
    }))
}

/// Which actions are wanted.
#[derive(Debug, Clone, Copy)]
struct MappersQuery {
    product: Option<Product>,
    location: Option<Location>,
}

impl QueryDto for MappersQuery {
    const PARAMS: &'static [Param] = &[
        param("productType", "string", "Only of this product"),
        param("moduleType", "string", "Only in this part of it"),
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self {
            product: member!(query, "productType", "ProductType", Product),
            location: member!(query, "moduleType", "ModuleType", Location),
        }
    }
}

/// A product's actions.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AuditProductDto")]
struct ProductDto {
    product_type: &'static str,
    modules: Vec<ModuleDto>,
}

/// Actions in one part of a product.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AuditModuleDto")]
struct ModuleDto {
    module_type: &'static str,
    actions: Vec<MappedDto>,
}

/// An action, by name.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AuditActionDto")]
struct MappedDto {
    message_action: &'static str,
    action_type: &'static str,
    entity: &'static str,
}

async fn mappers(_: Call, Query(wanted): Query<MappersQuery>, _: NoBody) -> Result<Reply<Vec<ProductDto>>> {
    let products = Product::ALL.iter().filter(|product| wanted.product.is_none_or(|only| only == **product));
    let mapped = products.filter_map(|product| {
        let locations =
            Location::ALL.iter().filter(|location| wanted.location.is_none_or(|only| only == **location));
        let modules: Vec<_> = locations.filter_map(|location| module(*product, *location)).collect();
        (!modules.is_empty()).then(|| ProductDto { product_type: product.name(), modules })
    });
    Ok(Reply::list(mapped.collect()))
}

fn module(product: Product, location: Location) -> Option<ModuleDto> {
    let here = ACTIONS.iter().filter(|action| action.product == product && action.location == location);
    let actions: Vec<_> = here
        .map(|action| MappedDto {
            message_action: action.name,
            action_type: action.kind.name(),
            entity: action.entry.name(),
        })
        .collect();
    (!actions.is_empty()).then(|| ModuleDto { module_type: location.name(), actions })
}

/// How long the log is kept, in days.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantAuditSettings")]
struct LifetimesDto {
    login_history_life_time: i64,
    audit_trail_life_time: i64,
    last_modified: String,
}

impl LifetimesDto {
    fn of(stored: &Stored<Lifetimes>) -> Self {
        Self {
            login_history_life_time: stored.value.logins,
            audit_trail_life_time: stored.value.trail,
            last_modified: modified(stored),
        }
    }
}

/// New lifetimes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "TenantAuditSettingsWrapper")]
struct NewLifetimesDto {
    settings: NewDaysDto,
}

/// Days.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "NewTenantAuditSettings")]
struct NewDaysDto {
    login_history_life_time: i32,
    audit_trail_life_time: i32,
}

impl BodyDto for NewLifetimesDto {
    const NAME: &'static str = "TenantAuditSettingsWrapper";
}

async fn lifetime(call: Call, app: App, _: NoBody) -> Result<Reply<LifetimesDto>> {
    app.read(call, |conn, call| {
        Ok(Reply::one(LifetimesDto::of(&setting::stored(conn, call.portal.id, None)?)))
    })
    .await
}

async fn set_lifetime(call: Call, app: App, Body(new): Body<NewLifetimesDto>) -> Result<Reply<LifetimesDto>> {
    let (logins, trail) =
        (new.settings.login_history_life_time.into(), new.settings.audit_trail_life_time.into());
    for (days, field) in [(logins, "LoginHistoryLifeTime"), (trail, "AuditTrailLifeTime")] {
        if !Lifetimes::RANGE.contains(&days) {
            return Err(Problem::text(Kind::BadArgument, field));
        }
    }
    app.write(call, move |tx, call| {
        portal_settings::change(tx, call, &Lifetimes { logins, trail }, SettingsEvent::Audit)?;
        Ok(Reply::one(LifetimesDto::of(&setting::stored(tx, call.portal.id, None)?)))
    })
    .await
}
