//! People and groups beside a room (people.md §4.3, §8). A room is a folder, so the addresses of folders serve it too.

use domain::Result;
use domain::groups::{self, Beside};
use domain::people::{self, Area, Audience};
use schemars::JsonSchema;
use serde::Serialize;

use super::list::{ACTIVATIONS, Paging, STATUSES, TYPES, full, inviter, words};
use crate::app::App;
use crate::bind;
use crate::body::NoBody;
use crate::gate::Call;
use crate::params::{Entry, Param, PathId, Query, QueryDto, param};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;
use crate::wire::employee::EmployeeFullDto;
use crate::wire::group::GroupDto;

pub(super) fn routes(routes: Routes) -> Routes {
    let about = "People beside a room, each with whether it is shared with them";
    let found = "Groups and people beside a room, by text";
    routes
        .get("/api/2.0/people/room/{id}", "people.of_room", Need::User, Scope::PeopleRead, about, of_room)
        .get("/api/2.0/people/folder/{id}", "people.of_folder", Need::User, Scope::PeopleRead, about, of_room)
        .get(
            "/api/2.0/accounts/room/{id}/search",
            "accounts.of_room",
            Need::Guest,
            Scope::Read,
            found,
            accounts,
        )
        .get(
            "/api/2.0/accounts/folder/{id}/search",
            "accounts.of_folder",
            Need::Guest,
            Scope::Read,
            found,
            accounts,
        )
}

/// The lines of groups beside a room, for the tag of groups.
pub(crate) fn group_routes(routes: Routes) -> Routes {
    let about = "Groups beside a room, each with whether it is shared with them";
    routes
        .get(
            "/api/2.0/group/room/{id}",
            "groups.of_room",
            Need::Guest,
            Scope::GroupsRead,
            about,
            groups_of_room,
        )
        .get(
            "/api/2.0/group/folder/{id}",
            "groups.of_folder",
            Need::Guest,
            Scope::GroupsRead,
            about,
            groups_of_room,
        )
}

/// The query of people beside a room.
#[derive(Debug, Clone)]
struct AudienceQuery {
    status: Option<i64>,
    activation: Option<i64>,
    exclude_shared: bool,
    include_shared: bool,
    invited_by_me: bool,
    inviter: Option<String>,
    area: i64,
    kinds: Vec<i64>,
    text: Option<String>,
    separator: Option<String>,
    paging: Paging,
}

impl QueryDto for AudienceQuery {
    const PARAMS: &'static [Param] = &[
        param("employeeStatus", "integer", "Of exactly this status: 1 active, 2 terminated, 4 pending"),
        param("activationStatus", "integer", "0 not activated, 1 activated, 2 pending"),
        param("excludeShared", "boolean", "Those who don't have the room"),
        param("includeShared", "boolean", "Those who have it"),
        param("invitedByMe", "boolean", "Invited by the caller"),
        param("inviterId", "string", "Invited by this person"),
        param("area", "integer", "1 no guests, 2 guests alone"),
        param("employeeTypes", "array", "One of these types, when room administrators are among them"),
        param("count", "integer", "Items on the page: 1 to 100"),
        param("startIndex", "integer", "Items before the page"),
        param("filterSeparator", "string", "Between texts of which one must be there"),
        param("filterValue", "string", "In names or address: every word of it"),
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self {
            status: query.one_of("employeeStatus", "EmployeeStatus", STATUSES),
            activation: query.one_of("activationStatus", "ActivationStatus", ACTIVATIONS),
            exclude_shared: query.flag("excludeShared", "ExcludeShared").unwrap_or(false),
            include_shared: query.flag("includeShared", "IncludeShared").unwrap_or(false),
            invited_by_me: query.flag("invitedByMe", "InvitedByMe").unwrap_or(false),
            inviter: query.guid("inviterId", "InviterId"),
            area: query.one_of("area", "Area", Area::NAMES).unwrap_or(0),
            kinds: query.many_of("employeeTypes", "EmployeeTypes", TYPES),
            text: query.text("filterValue"),
            separator: query.text("filterSeparator"),
            paging: Paging::read(query),
        }
    }
}

impl AudienceQuery {
    fn parse(&self, call: &Call) -> Result<Audience> {
        Ok(Audience {
            status: self.status,
            activation_status: self.activation,
            shared: match (self.exclude_shared, self.include_shared) {
                (true, _) => Some(false),
                (false, true) => Some(true),
                (false, false) => None,
            },
            inviter: inviter(call, self.invited_by_me, self.inviter.as_deref())?,
            area: Area::of(self.area),
            kinds: self.kinds.clone(),
            words: words(self.text.as_deref(), self.separator.as_deref()),
            count: self.paging.count,
            start: self.paging.start,
        })
    }
}

async fn of_room(
    call: Call,
    app: App,
    PathId(Entry(id)): PathId<Entry>,
    Query(query): Query<AudienceQuery>,
    _: NoBody,
) -> Result<Reply<Vec<EmployeeFullDto>>> {
    let audience = query.parse(&call)?;
    app.read(call, move |conn, call| Ok(full(call, &people::of_room(conn, call, id, &audience)?))).await
}

/// A group or a person.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "AccountEntryDto")]
enum AccountDto {
    Group(Box<GroupDto>),
    Person(Box<EmployeeFullDto>),
}

async fn accounts(
    call: Call,
    app: App,
    PathId(Entry(id)): PathId<Entry>,
    Query(query): Query<AudienceQuery>,
    _: NoBody,
) -> Result<Reply<Vec<AccountDto>>> {
    let audience = query.parse(&call)?;
    let text = query.text.unwrap_or_default();
    app.read(call, move |conn, call| {
        let (found, site) = (people::accounts(conn, call, id, &text, &audience)?, Site::of(call));
        let groups = found.groups.iter().map(|group| AccountDto::Group(Box::new(GroupDto::of(group, &site))));
        let people = found
            .people
            .iter()
            .map(|person| AccountDto::Person(Box::new(EmployeeFullDto::of(person, &site))));
        Ok(Reply::page(groups.chain(people).collect(), found.total))
    })
    .await
}

/// The query of groups beside a room.
#[derive(Debug, Clone)]
struct BesideQuery {
    exclude_shared: bool,
    text: Option<String>,
    paging: Paging,
}

impl QueryDto for BesideQuery {
    const PARAMS: &'static [Param] = &[
        param("excludeShared", "boolean", "Those that don't have the room"),
        param("count", "integer", "Groups on the page: 1 to 100"),
        param("startIndex", "integer", "Groups before the page"),
        param("filterValue", "string", "The name contains this"),
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self {
            exclude_shared: query.flag("excludeShared", "ExcludeShared").unwrap_or(false),
            text: query.text("filterValue"),
            paging: Paging::read(query),
        }
    }
}

async fn groups_of_room(
    call: Call,
    app: App,
    PathId(Entry(id)): PathId<Entry>,
    Query(query): Query<BesideQuery>,
    _: NoBody,
) -> Result<Reply<Vec<GroupDto>>> {
    let beside = Beside {
        shared: query.exclude_shared.then_some(false),
        text: query.text,
        count: query.paging.count,
        start: query.paging.start,
    };
    app.read(call, move |conn, call| {
        let (list, site) = (groups::beside_room(conn, call, id, &beside)?, Site::of(call));
        Ok(Reply::page(list.groups.iter().map(|group| GroupDto::of(group, &site)).collect(), list.total))
    })
    .await
}
