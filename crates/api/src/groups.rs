//! Groups of people (people.md §8).

use domain::groups::{self, Changes, Filter, NAME_MAX, NewGroup, Sort, View};
use domain::ids::{GroupId, NIL_GUID, UserId};
use domain::text::utf16_len;
use domain::{Problem, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::app::App;
use crate::bind;
use crate::body::{Body, BodyDto, Checks, NoBody, TOO_MANY};
use crate::gate::Call;
use crate::params::{Param, PathId, PathPair, Query, QueryDto, param};
use crate::people::{ORDERS, Paging, group_routes};
use crate::reply::{NoContent, Reply};
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;
use crate::wire::employee::GroupSummaryDto;
use crate::wire::group::GroupDto;

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = routes
        .tag("group")
        .get("/api/2.0/group", "groups.list", Need::RoomAdmin, Scope::GroupsRead, "Groups of people", list)
        .post(
            "/api/2.0/group",
            "groups.create",
            Need::DocSpaceAdmin,
            Scope::PeopleWrite,
            "Make a group",
            create,
        )
        .get("/api/2.0/group/{id}", "groups.get", Need::RoomAdmin, Scope::GroupsRead, "A group", get)
        .put(
            "/api/2.0/group/{id}",
            "groups.update",
            Need::DocSpaceAdmin,
            Scope::PeopleWrite,
            "Change a group's name, manager and members",
            update,
        )
        .delete(
            "/api/2.0/group/{id}",
            "groups.delete",
            Need::DocSpaceAdmin,
            Scope::PeopleWrite,
            "Delete a group",
            delete,
        );
    group_routes(member_routes(routes))
}

fn member_routes(routes: Routes) -> Routes {
    routes
        .get(
            "/api/2.0/group/user/{userid}",
            "groups.of_person",
            Need::RoomAdmin,
            Scope::GroupsRead,
            "The groups a person is in",
            of_person,
        )
        .put(
            "/api/2.0/group/{id}/members",
            "groups.add_members",
            Need::DocSpaceAdmin,
            Scope::PeopleWrite,
            "Add people to a group",
            add_members,
        )
        // Whether any of the people can be a member is said before whether the caller may ask (people.md §8).
        .post(
            "/api/2.0/group/{id}/members",
            "groups.replace_members",
            Need::Guest,
            Scope::PeopleWrite,
            "Make these people a group's only members",
            replace_members,
        )
        .delete(
            "/api/2.0/group/{id}/members",
            "groups.remove_members",
            Need::DocSpaceAdmin,
            Scope::PeopleWrite,
            "Remove people from a group",
            remove_members,
        )
        .put(
            "/api/2.0/group/{fromId}/members/{toId}",
            "groups.move_members",
            Need::DocSpaceAdmin,
            Scope::PeopleWrite,
            "Move a group's people to another group",
            move_members,
        )
        .put(
            "/api/2.0/group/{id}/manager",
            "groups.set_manager",
            Need::DocSpaceAdmin,
            Scope::PeopleWrite,
            "Give a group its manager",
            set_manager,
        )
}

/// A guid that can be absent, but unlike other values can't be null (people.md §8).
fn guid<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<UserId>, D::Error> {
    UserId::deserialize(deserializer).map(Some)
}

fn one(call: &Call, view: &View) -> Reply<GroupDto> {
    Reply::one(GroupDto::of(view, &Site::of(call)))
}

/// The query of the list.
#[derive(Debug, Clone)]
struct GroupsQuery {
    user: Option<String>,
    managed: bool,
    text: Option<String>,
    sort: Option<String>,
    descending: bool,
    paging: Paging,
}

impl QueryDto for GroupsQuery {
    const PARAMS: &'static [Param] = &[
        param("userId", "string", "Groups this person is in"),
        param("manager", "boolean", "Groups the person manages instead"),
        param("filterValue", "string", "The name contains this"),
        param("count", "integer", "Groups on the page: 1 to 100"),
        param("startIndex", "integer", "Groups before the page"),
        param("sortBy", "string", "Title, Manager or MembersCount"),
        param("sortOrder", "string", "ascending or descending"),
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self {
            user: query.guid("userId", "UserId"),
            managed: query.flag("manager", "Manager").unwrap_or(false),
            text: query.text("filterValue"),
            sort: query.text("sortBy"),
            descending: query.one_of("sortOrder", "SortOrder", ORDERS) == Some(1),
            paging: Paging::read(query),
        }
    }
}

impl GroupsQuery {
    fn parse(self) -> Filter {
        let user = self.user.filter(|id| id != NIL_GUID);
        Filter {
            user: user.and_then(|id| id.parse().ok()),
            managed: self.managed,
            text: self.text,
            sort: self.sort.as_deref().map(Sort::of).unwrap_or_default(),
            descending: self.descending,
            count: self.paging.count,
            start: self.paging.start,
        }
    }
}

async fn list(
    call: Call,
    app: App,
    Query(query): Query<GroupsQuery>,
    _: NoBody,
) -> Result<Reply<Vec<GroupDto>>> {
    let filter = query.parse();
    app.read(call, move |conn, call| {
        let (list, site) = (groups::list(conn, call, &filter)?, Site::of(call));
        Ok(Reply::page(list.groups.iter().map(|group| GroupDto::of(group, &site)).collect(), list.total))
    })
    .await
}

/// Whether the members are wanted; they are, until told otherwise.
#[derive(Debug, Clone, Copy)]
struct GroupQuery {
    members: bool,
}

impl QueryDto for GroupQuery {
    const PARAMS: &'static [Param] =
        &[param("includeMembers", "boolean", "Show the members too: the default")];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self { members: query.flag("includeMembers", "IncludeMembers").unwrap_or(true) }
    }
}

async fn get(
    call: Call,
    app: App,
    PathId(id): PathId<GroupId>,
    Query(query): Query<GroupQuery>,
    _: NoBody,
) -> Result<Reply<GroupDto>> {
    app.read(call, move |conn, call| Ok(one(call, &groups::get(conn, call, id, query.members)?))).await
}

async fn of_person(
    call: Call,
    app: App,
    PathId(id): PathId<UserId>,
    _: NoBody,
) -> Result<Reply<Vec<GroupSummaryDto>>> {
    app.read(call, move |conn, call| {
        let groups = groups::of_person(conn, call, id)?;
        Ok(Reply::list(groups.iter().map(GroupSummaryDto::of).collect()))
    })
    .await
}

/// A group to be made.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "GroupRequestDto")]
struct NewGroupDto {
    group_name: Option<String>,
    #[serde(deserialize_with = "guid")]
    #[schemars(with = "Option<String>")]
    group_manager: Option<UserId>,
    #[schemars(with = "Option<Vec<String>>")]
    members: Option<Vec<UserId>>,
}

impl BodyDto for NewGroupDto {
    const NAME: &'static str = "GroupRequestDto";
    const REQUIRED: &'static [&'static str] = &["groupName"];

    fn check(&self, checks: &mut Checks) {
        let length =
            self.group_name.as_deref().map(|name| i64::try_from(utf16_len(name)).unwrap_or(i64::MAX));
        let most = i64::try_from(NAME_MAX).unwrap_or(i64::MAX);
        let sentence = format!(
            "The field GroupName must be a string with a minimum length of 1 and a maximum length of {NAME_MAX}."
        );
        checks.range_or("GroupName", length, 1..=most, sentence);
        checks.named("Members", self.members.as_deref(), TOO_MANY);
    }
}

async fn create(call: Call, app: App, Body(new): Body<NewGroupDto>) -> Result<Reply<GroupDto>> {
    let new = NewGroup {
        name: new.group_name.unwrap_or_default(),
        manager: new.group_manager.filter(|id| !id.is_nil()),
        members: new.members.unwrap_or_default(),
    };
    app.write(call, move |tx, call| Ok(one(call, &groups::create(tx, call, &new)?))).await
}

/// What is to change about a group.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "UpdateGroupRequest")]
struct GroupChangesDto {
    group_name: Option<String>,
    #[serde(deserialize_with = "guid")]
    #[schemars(with = "Option<String>")]
    group_manager: Option<UserId>,
    #[schemars(with = "Option<Vec<String>>")]
    members_to_add: Option<Vec<UserId>>,
    #[schemars(with = "Option<Vec<String>>")]
    members_to_remove: Option<Vec<UserId>>,
}

impl BodyDto for GroupChangesDto {
    const NAME: &'static str = "UpdateGroupRequest";
    const MEMBER: &'static str = "Update";

    fn check(&self, checks: &mut Checks) {
        checks.length("GroupName", self.group_name.as_deref(), NAME_MAX);
        checks.named("MembersToAdd", self.members_to_add.as_deref(), TOO_MANY);
        checks.named("MembersToRemove", self.members_to_remove.as_deref(), TOO_MANY);
    }
}

async fn update(
    call: Call,
    app: App,
    PathId(id): PathId<GroupId>,
    Body(changes): Body<GroupChangesDto>,
) -> Result<Reply<GroupDto>> {
    let changes = Changes {
        name: changes.group_name,
        manager: changes.group_manager.filter(|id| !id.is_nil()),
        add: changes.members_to_add.unwrap_or_default(),
        remove: changes.members_to_remove.unwrap_or_default(),
    };
    app.write(call, move |tx, call| Ok(one(call, &groups::update(tx, call, id, &changes)?))).await
}

async fn delete(call: Call, app: App, PathId(id): PathId<GroupId>, _: NoBody) -> Result<NoContent> {
    app.write(call, move |tx, call| {
        groups::delete(tx, call, id)?;
        Ok(Reply::<()>::nothing())
    })
    .await?;
    Ok(NoContent)
}

/// People of a group.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "MembersRequest")]
struct MembersDto {
    #[schemars(with = "Option<Vec<String>>")]
    members: Option<Vec<UserId>>,
}

impl BodyDto for MembersDto {
    const NAME: &'static str = "MembersRequest";

    fn check(&self, checks: &mut Checks) {
        checks.named("Members", self.members.as_deref(), TOO_MANY);
    }
}

async fn add_members(
    call: Call,
    app: App,
    PathId(id): PathId<GroupId>,
    Body(body): Body<MembersDto>,
) -> Result<Reply<GroupDto>> {
    let members = body.members.unwrap_or_default();
    app.write(call, move |tx, call| Ok(one(call, &groups::add_members(tx, call, id, &members)?))).await
}

async fn replace_members(
    call: Call,
    app: App,
    PathId(id): PathId<GroupId>,
    Body(body): Body<MembersDto>,
) -> Result<Reply<GroupDto>> {
    let members = body.members.unwrap_or_default();
    app.write(call, move |tx, call| Ok(one(call, &groups::replace_members(tx, call, id, &members)?))).await
}

async fn remove_members(
    call: Call,
    app: App,
    PathId(id): PathId<GroupId>,
    Body(body): Body<MembersDto>,
) -> Result<Reply<GroupDto>> {
    let members = body.members.unwrap_or_default();
    app.write(call, move |tx, call| Ok(one(call, &groups::remove_members(tx, call, id, &members)?))).await
}

async fn move_members(
    call: Call,
    app: App,
    PathPair(from, to): PathPair<GroupId, GroupId>,
    _: NoBody,
) -> Result<Reply<GroupDto>> {
    app.write(call, move |tx, call| Ok(one(call, &groups::move_members(tx, call, from, to)?))).await
}

/// Who is to manage a group.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "SetManagerRequest")]
struct ManagerDto {
    #[serde(deserialize_with = "guid")]
    #[schemars(with = "Option<String>")]
    user_id: Option<UserId>,
}

impl BodyDto for ManagerDto {
    const NAME: &'static str = "SetManagerRequest";
}

async fn set_manager(
    call: Call,
    app: App,
    PathId(id): PathId<GroupId>,
    Body(body): Body<ManagerDto>,
) -> Result<Reply<GroupDto>> {
    // The zero guid of an absent member names nobody, as an unknown one does; the group goes first.
    let nobody = || NIL_GUID.parse().map_err(Problem::internal);
    let user = body.user_id.map_or_else(nobody, Ok)?;
    app.write(call, move |tx, call| Ok(one(call, &groups::set_manager(tx, call, id, user)?))).await
}
