//! Reports of the log as CSV. The reference puts them among the caller's documents; here they are made when they are
//! fetched, under an address that is good for a while.

use domain::audit::{self, Filter, Half, Record};
use domain::event::Event;
use domain::ids::UserId;
use domain::people::{self, Person};
use domain::sessions::agent;
use domain::time::SECOND;
use domain::{Kind, Result, confirm};

use super::audit::sentence;
use crate::app::App;
use crate::bind;
use crate::body::NoBody;
use crate::gate::Call;
use crate::params::{Param, PathId, Query, QueryDto};
use crate::reply::{Download, Reply};
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;

/// How long an address is good, in microseconds.
const GOOD_FOR: i64 = 15 * 60 * SECOND;
/// Rows of a report at most: the newest.
const ROWS: i64 = 10_000;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .post(
            "/api/2.0/security/audit/login/report",
            "audit.report_logins",
            Need::DocSpaceAdmin,
            Scope::Write,
            "Make a report of the sign-ins",
            report_logins,
        )
        .post(
            "/api/2.0/security/audit/events/report",
            "audit.report_events",
            Need::DocSpaceAdmin,
            Scope::Write,
            "Make a report of the changes",
            report_events,
        )
        .get(
            "/api/2.0/security/audit/reports/{half}",
            "audit.fetch_report",
            Need::Anyone,
            Scope::Read,
            "Fetch a report by the address it was given",
            fetch,
        )
}

/// What a report's address is signed for.
fn purpose(half: Half, user: UserId) -> String {
    format!("report|{}|{user}", name(half))
}

fn name(half: Half) -> &'static str {
    match half {
        Half::Logins => "logins",
        Half::Trail => "events",
    }
}

async fn report_logins(call: Call, app: App, _: NoBody) -> Result<Reply<String>> {
    report(call, app, Half::Logins).await
}

async fn report_events(call: Call, app: App, _: NoBody) -> Result<Reply<String>> {
    report(call, app, Half::Trail).await
}

async fn report(call: Call, app: App, half: Half) -> Result<Reply<String>> {
    app.write(call, move |tx, call| {
        let user = call.person()?.id;
        let key = confirm::ticket(tx, &call.portal, &purpose(half, user))?;
        tx.say(Event::ReportMade { logins: half == Half::Logins });
        let (base, name) = (&call.exchange().base, name(half));
        let url = format!("{base}/api/2.0/security/audit/reports/{name}?uid={user}&key={key}");
        Ok(Reply::one(url).secret(user))
    })
    .await
}

/// The address of a report.
#[derive(Debug, Clone)]
struct ReportQuery {
    user: Option<String>,
    key: Option<String>,
}

impl QueryDto for ReportQuery {
    const PARAMS: &'static [Param] = &[
        Param { name: "uid", kind: "string", about: "Who asked for the report" },
        Param { name: "key", kind: "string", about: "What the address was given" },
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self { user: query.text("uid"), key: query.text("key") }
    }
}

/// Sends a report to whoever holds its address; the one who asked for it must still be an administrator.
///
/// Fails with `LinkInvalid`, and with `NotFound` for another half than there is.
async fn fetch(
    call: Call,
    app: App,
    PathId(half): PathId<String>,
    Query(asked): Query<ReportQuery>,
    _: NoBody,
) -> Result<Download> {
    let half = match half.as_str() {
        "logins" => Half::Logins,
        "events" => Half::Trail,
        _ => return Err(Kind::NotFound.into()),
    };
    let user = asked.user.and_then(|id| id.parse::<UserId>().ok()).ok_or(Kind::LinkInvalid)?;
    let (key, now) = (asked.key.unwrap_or_default(), app.store().now());
    app.read(call, move |conn, call| {
        let made_at = confirm::ticket_made_at(conn, &call.portal, &purpose(half, user), &key)?;
        let good = made_at.is_some_and(|at| now < at.plus(GOOD_FOR));
        let asker = people::find(conn, &call.portal, user)?;
        if !good || !asker.is_some_and(|person| person.is_active() && person.is_admin()) {
            return Err(Kind::LinkInvalid.into());
        }
        let records = audit::list(conn, call.portal.id, half, &Filter::last(ROWS))?;
        let people = people::find_all(conn, call, records.iter().filter_map(|record| record.actor))?;
        let site = Site::of(call);
        let mut text = String::from("Date,User,Login,Action,IP,Browser,Platform,Target\r\n");
        for record in &records {
            let who = record.actor.and_then(|id| people.get(&id));
            row(&mut text, record, who, &site);
        }
        Ok(Download { name: format!("{}.csv", name(half)), content_type: "text/csv; charset=utf-8", text })
    })
    .await
}

fn row(out: &mut String, record: &Record, who: Option<&Person>, site: &Site<'_>) {
    let agent = agent::parse(&record.user_agent);
    let fields = [
        site.date(record.at),
        who.map(Person::display_name).unwrap_or_default(),
        record.detail["login"].as_str().unwrap_or_default().to_owned(),
        sentence(record),
        record.ip.clone(),
        agent.browser.unwrap_or_default(),
        agent.platform.unwrap_or_default(),
        record.target.clone().unwrap_or_default(),
    ];
    let fields: Vec<String> = fields.iter().map(|field| cell(field)).collect();
    out.push_str(&fields.join(","));
    out.push_str("\r\n");
}

/// A field of a CSV file (RFC 4180). What a spreadsheet would take for a formula is marked as text.
fn cell(field: &str) -> String {
    let marked =
        if field.starts_with(['=', '+', '-', '@', '\t']) { format!("'{field}") } else { field.into() };
    if marked.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", marked.replace('"', "\"\""))
    } else {
        marked
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_quoted_and_are_no_formulas() {
        for (field, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=1+1", "'=1+1"),
            ("@x,y", "\"'@x,y\""),
        ] {
            assert_eq!(cell(field), expected);
        }
    }
}
