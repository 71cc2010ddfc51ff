//! Members and owners of rooms (rooms.md §7).

use domain::ids::{EntryId, GroupId, NIL_GUID, UserId};
use domain::rooms::{
    self, GroupMember, Invitation, Invitations, Member, MemberFilter, Page, Rows, Subject, Who,
};
use domain::{Kind, Problem, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::app::App;
use crate::bind::{self, NumberOrName};
use crate::body::{Body, BodyDto, Checks, NoBody, TOO_MANY};
use crate::gate::Call;
use crate::params::{Entry, Param, PathId, PathPair, Query, QueryDto, param};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;
use crate::wire::employee::{EmployeeFullDto, GroupSummaryDto};
use crate::wire::folder::{FolderDto, Folders};

/// Longest e-mail address in an invitation.
const EMAIL_MAX: usize = 255;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(
            "/api/2.0/files/rooms/{id}/share",
            "rooms.members",
            Need::Guest,
            Scope::RoomsRead,
            "Who has a room",
            list,
        )
        .put(
            "/api/2.0/files/rooms/{id}/share",
            "rooms.share",
            Need::Guest,
            Scope::RoomsWrite,
            "Share a room, or change who has it",
            share,
        )
        .post(
            "/api/2.0/files/rooms/{id}/resend",
            "rooms.resend",
            Need::Guest,
            Scope::RoomsWrite,
            "Invite members again who haven't come yet",
            resend,
        )
        .sensitive()
        .tag("sharing")
        .get(
            "/api/2.0/files/folder/{folderId}/group/{groupId}/share",
            "rooms.group_members",
            Need::User,
            Scope::FilesRead,
            "The members of a group with what they may do in a room",
            group_members,
        )
        .post(
            "/api/2.0/files/owner",
            "rooms.change_owner",
            Need::Guest,
            Scope::FilesWrite,
            "Give rooms to another owner",
            change_owner,
        )
        .delete(
            "/api/2.0/files/share",
            "rooms.leave",
            Need::Guest,
            Scope::FilesWrite,
            "Take oneself off rooms",
            leave,
        )
}

/// The values of `access` (rooms.md §2).
const SHARES: &[(&str, i64)] = &[
    ("None", 0),
    ("ReadWrite", 1),
    ("Read", 2),
    ("Restrict", 3),
    ("Varies", 4),
    ("Review", 5),
    ("Comment", 6),
    ("FillForms", 7),
    ("CustomFilter", 8),
    ("RoomManager", 9),
    ("Editing", 10),
    ("ContentCreator", 11),
];

/// The values of `filterType` (rooms.md §2).
const FILTERS: &[(&str, i64)] = &[
    ("UserOrGroup", 0),
    ("InvitationLink", 1),
    ("ExternalLink", 2),
    ("AdditionalExternalLink", 4),
    ("PrimaryExternalLink", 8),
    ("Link", 15),
    ("User", 16),
    ("Group", 32),
];

/// An `access` as a number or an exact name; whatever makes no sense is 0 (rooms.md §0).
fn access_of(sent: Option<&serde_json::Value>) -> i64 {
    let named = |name: &str| SHARES.iter().find(|(known, _)| *known == name).map(|(_, number)| *number);
    match sent {
        Some(serde_json::Value::Number(number)) => number.as_i64().unwrap_or(0),
        Some(serde_json::Value::String(text)) => text.parse().ok().or_else(|| named(text)).unwrap_or(0),
        _ => 0,
    }
}

/// A row of a share list.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "FileShareDto")]
pub(crate) struct FileShareDto {
    access: i64,
    #[schemars(with = "serde_json::Value")]
    shared_to: SharedTo,
    shared_to_user: Option<EmployeeFullDto>,
    shared_to_group: Option<GroupSummaryDto>,
    is_locked: bool,
    is_owner: bool,
    can_edit_access: bool,
    can_edit_internal: bool,
    can_edit_deny_download: bool,
    can_edit_expiration_date: bool,
    can_revoke: bool,
    subject_type: i64,
}

/// The same object again, under the obsolete name.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum SharedTo {
    User(Box<EmployeeFullDto>),
    Group(GroupSummaryDto),
}

impl FileShareDto {
    fn of(member: &Member, site: &Site<'_>) -> Self {
        let (shared_to, user, group, subject) = match &member.who {
            Who::Person(profile) => {
                let dto = EmployeeFullDto::of(profile, site);
                let subject = Subject::Person(profile.person.id);
                (SharedTo::User(Box::new(dto.clone())), Some(dto), None, subject)
            }
            Who::Group(summary) => {
                let dto = GroupSummaryDto::of(summary);
                (SharedTo::Group(dto.clone()), None, Some(dto), Subject::Group(summary.id))
            }
        };
        Self {
            access: member.access,
            shared_to,
            shared_to_user: user,
            shared_to_group: group,
            is_locked: member.own,
            is_owner: member.owner,
            can_edit_access: member.can_edit,
            // Hints for editing links, which these rows aren't about.
            can_edit_internal: false,
            can_edit_deny_download: false,
            can_edit_expiration_date: false,
            can_revoke: false,
            subject_type: subject.kind(),
        }
    }

    fn all(call: &Call, members: &[Member]) -> Vec<Self> {
        let site = Site::of(call);
        members.iter().map(|member| Self::of(member, &site)).collect()
    }
}

/// The query of a list of members.
#[derive(Debug, Clone)]
struct MembersQuery {
    rows: Option<Rows>,
    page: PageQuery,
}

impl QueryDto for MembersQuery {
    const PARAMS: &'static [Param] = &[
        param("filterType", "integer", "0 people and groups, 16 people, 32 groups"),
        param("count", "integer", "Rows on the page: 1 to 100"),
        param("startIndex", "integer", "Rows before the page"),
        param("filterValue", "string", "The name or e-mail address contains this"),
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        let rows = match query.one_of("filterType", "FilterType", FILTERS).unwrap_or(0) {
            0 => Some(Rows::Everybody),
            16 => Some(Rows::People),
            32 => Some(Rows::Groups),
            _ => None,
        };
        Self { rows, page: PageQuery::read(query) }
    }
}

/// Which page of a list, and what it is filtered by.
#[derive(Debug, Clone)]
struct PageQuery {
    count: i64,
    start: i64,
    text: Option<String>,
}

impl QueryDto for PageQuery {
    const PARAMS: &'static [Param] = &[
        param("count", "integer", "People on the page: 1 to 100"),
        param("startIndex", "integer", "People before the page"),
        param("filterValue", "string", "The name or e-mail address contains this"),
    ];

    fn read(query: &mut bind::Query<'_>) -> Self {
        Self {
            count: query.int("count", "Count", 1..=100, 100),
            start: query.int("startIndex", "StartIndex", 0..=i64::from(i32::MAX), 0),
            text: query.text("filterValue"),
        }
    }
}

impl PageQuery {
    fn filter(self, rows: Rows) -> MemberFilter {
        MemberFilter { rows, text: self.text, count: self.count, start: self.start }
    }
}

/// The members. Links are no rows of ours yet: filters for them find nothing.
async fn list(
    call: Call,
    app: App,
    PathId(Entry(id)): PathId<Entry>,
    Query(query): Query<MembersQuery>,
    _: NoBody,
) -> Result<Reply<Vec<FileShareDto>>> {
    let wanted = query.rows;
    let filter = query.page.filter(wanted.unwrap_or(Rows::Everybody));
    app.read(call, move |conn, call| {
        let Page { rows, total } = rooms::members(conn, call, id, &filter)?;
        Ok(match wanted {
            Some(_) => Reply::page(FileShareDto::all(call, &rows), total),
            None => Reply::page(Vec::new(), 0),
        })
    })
    .await
}

/// Somebody a room is to be shared with.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "RoomInvitation")]
struct InvitationDto {
    #[schemars(with = "Option<String>")]
    id: Option<UserId>,
    email: Option<String>,
    #[schemars(with = "Option<i64>")]
    access: Option<serde_json::Value>,
}

/// Whom a room is to be shared with.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "RoomInvitationRequest")]
struct InvitationsDto {
    invitations: Option<Vec<InvitationDto>>,
    notify: Option<bool>,
    /// Used only outside rooms.
    message: Option<String>,
    culture: Option<String>,
    /// Whether members with a part in a form may be removed, of which there are none yet.
    force: Option<bool>,
}

impl BodyDto for InvitationsDto {
    const NAME: &'static str = "RoomInvitationRequest";
    const MEMBER: &'static str = "RoomInvitation";

    fn check(&self, checks: &mut Checks) {
        let sentence = "Invitation limit is exceeded";
        checks.named("Invitations", self.invitations.as_deref(), sentence);
        for (index, item) in self.invitations.iter().flatten().enumerate() {
            let field = format!("Invitations[{index}].Email");
            let email = item.email.as_deref().filter(|email| !email.is_empty());
            checks.email(&field, email);
            checks.length_or(
                &field,
                email,
                EMAIL_MAX,
                format!(
                    "The field Email must be a string or array type with a maximum length of '{EMAIL_MAX}'."
                ),
            );
        }
    }
}

impl InvitationsDto {
    /// The command.
    fn parse(self) -> Invitations {
        let items = self.invitations.unwrap_or_default().into_iter().map(|item| Invitation {
            id: item.id.filter(|id| id.as_str() != NIL_GUID),
            email: item.email,
            access: access_of(item.access.as_ref()),
        });
        Invitations { items: items.collect(), notify: self.notify.unwrap_or(false), culture: self.culture }
    }
}

/// What came of it.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "RoomSecurityDto")]
struct RoomSecurityDto {
    members: Option<Vec<FileShareDto>>,
    /// 0: nothing was in the way.
    error: i64,
}

async fn share(
    call: Call,
    app: App,
    PathId(Entry(id)): PathId<Entry>,
    Body(wanted): Body<InvitationsDto>,
) -> Result<Reply<RoomSecurityDto>> {
    let wanted = wanted.parse();
    if app.limits().count_invitations(&call)
        && app.read(call.clone(), move |conn, call| rooms::may_invite(conn, call, id)).await?
    {
        app.limits().invite(&call, wanted.letters(), app.store().now())?;
    }
    app.write(call, move |tx, call| {
        let members = rooms::share(tx, call, id, &wanted)?;
        let members = members.map(|members| FileShareDto::all(call, &members));
        Ok(Reply::one(RoomSecurityDto { members, error: 0 }))
    })
    .await
}

/// Whom to invite again.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "UserInvitation")]
struct ResendDto {
    #[schemars(with = "Option<Vec<String>>")]
    users_ids: Option<Vec<UserId>>,
    resend_all: Option<bool>,
}

impl BodyDto for ResendDto {
    const NAME: &'static str = "UserInvitation";
    const MEMBER: &'static str = "UserInvitation";

    fn check(&self, checks: &mut Checks) {
        checks.named("UsersIds", self.users_ids.as_deref(), TOO_MANY);
    }
}

async fn resend(
    call: Call,
    app: App,
    PathId(Entry(id)): PathId<Entry>,
    Body(wanted): Body<ResendDto>,
) -> Result<Reply<()>> {
    app.write(call, move |tx, call| {
        let users = wanted.users_ids.as_deref().unwrap_or_default();
        rooms::resend(tx, call, id, users, wanted.resend_all.unwrap_or(false))?;
        Ok(Reply::nothing())
    })
    .await
}

/// A member of a group with what he may do in a room.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "GroupMemberSecurityRequestDto")]
struct GroupMemberDto {
    user: EmployeeFullDto,
    group_access: i64,
    user_access: Option<i64>,
    overridden: bool,
    can_edit_access: bool,
    owner: bool,
}

impl GroupMemberDto {
    fn of(member: &GroupMember, site: &Site<'_>) -> Self {
        Self {
            user: EmployeeFullDto::of(&member.profile, site),
            group_access: member.group_access,
            user_access: member.user_access,
            overridden: member.overridden,
            can_edit_access: member.can_edit,
            owner: member.owner,
        }
    }
}

async fn group_members(
    call: Call,
    app: App,
    PathPair(Entry(id), group): PathPair<Entry, GroupId>,
    Query(page): Query<PageQuery>,
    _: NoBody,
) -> Result<Reply<Vec<GroupMemberDto>>> {
    let filter = page.filter(Rows::People);
    app.read(call, move |conn, call| {
        let Page { rows, total } = rooms::group_members(conn, call, id, group, &filter)?;
        let site = Site::of(call);
        Ok(Reply::page(rows.iter().map(|member| GroupMemberDto::of(member, &site)).collect(), total))
    })
    .await
}

/// The ids among those sent that are rooms' at all: third-party storage has others.
fn entries(sent: Option<&[NumberOrName]>) -> Vec<EntryId> {
    let numbers = sent.unwrap_or_default().iter().filter_map(|id| match id {
        NumberOrName::Number(number) => Some(EntryId(*number)),
        NumberOrName::Name(_) => None,
    });
    let mut ids: Vec<EntryId> = Vec::new();
    for id in numbers {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// Rooms that are to change hands.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "ChangeOwnerRequestDto")]
struct ChangeOwnerDto {
    #[schemars(with = "Option<Vec<i64>>")]
    folder_ids: Option<Vec<NumberOrName>>,
    /// Files have no owner of their own in rooms.
    #[schemars(with = "Option<Vec<i64>>")]
    file_ids: Option<Vec<NumberOrName>>,
    #[serde(deserialize_with = "super::body::present")]
    #[schemars(with = "String")]
    user_id: Option<UserId>,
}

impl BodyDto for ChangeOwnerDto {
    const NAME: &'static str = "ChangeOwnerRequestDto";
    const REQUIRED: &'static [&'static str] = &["userId"];

    fn check(&self, checks: &mut Checks) {
        checks.named("FolderIds", self.folder_ids.as_deref(), TOO_MANY);
    }
}

async fn change_owner(
    call: Call,
    app: App,
    Body(wanted): Body<ChangeOwnerDto>,
) -> Result<Reply<Vec<FolderDto>>> {
    let to = wanted.user_id.ok_or_else(|| Problem::from(Kind::UserNotSelectable))?;
    let ids = entries(wanted.folder_ids.as_deref());
    app.write(call, move |tx, call| {
        let views = rooms::change_owner(tx, call, &ids, to)?;
        let mut folders = Folders::new(call);
        // Streamed in the reference, so its count is 1 (rooms.md §10).
        Ok(Reply::one(views.iter().map(|view| folders.room(view)).collect()))
    })
    .await
}

/// Rooms to be left.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "BaseBatchRequestDto")]
struct LeaveDto {
    #[schemars(with = "Option<Vec<i64>>")]
    folder_ids: Option<Vec<NumberOrName>>,
    /// Files aren't shared one by one yet.
    #[schemars(with = "Option<Vec<i64>>")]
    file_ids: Option<Vec<NumberOrName>>,
}

impl BodyDto for LeaveDto {
    const NAME: &'static str = "BaseBatchRequestDto";

    fn check(&self, checks: &mut Checks) {
        checks.named("FolderIds", self.folder_ids.as_deref(), TOO_MANY);
    }
}

async fn leave(call: Call, app: App, Body(wanted): Body<LeaveDto>) -> Result<Reply<bool>> {
    let ids = entries(wanted.folder_ids.as_deref());
    app.write(call, move |tx, call| {
        rooms::leave(tx, call, &ids)?;
        Ok(Reply::one(true))
    })
    .await
}
