//! The people of the tests, and short ways to do what they do.

use db::{Value, args, sql};
use domain::ids::{EntryId, GroupId, UserId};
use domain::people::{Person, UserKind};
use domain::rooms::{
    self, Changes, Done, Filter, List, NewRoom, QUOTA_DEFAULT, RoomKind, Section, Title, View,
};
use domain::{Kind, Result};
use testkit::Lab;

/// One of each kind; nobody is a member of anything.
pub(crate) struct Cast {
    pub(crate) admin: Person,
    /// A room administrator, who creates the rooms.
    pub(crate) creator: Person,
    /// Another room administrator.
    pub(crate) stranger: Person,
    pub(crate) user: Person,
    pub(crate) guest: Person,
}

impl Cast {
    pub(crate) fn of(lab: &Lab) -> Self {
        Self {
            admin: lab.person(UserKind::DocSpaceAdmin, "ada"),
            creator: lab.person(UserKind::RoomAdmin, "carl"),
            stranger: lab.person(UserKind::RoomAdmin, "stan"),
            user: lab.person(UserKind::User, "ursula"),
            guest: lab.person(UserKind::Guest, "gus"),
        }
    }

    pub(crate) fn outsiders(&self) -> [&Person; 3] {
        [&self.stranger, &self.user, &self.guest]
    }

    pub(crate) fn everybody(&self) -> [&Person; 5] {
        [&self.admin, &self.creator, &self.stranger, &self.user, &self.guest]
    }
}

pub(crate) fn title(text: &str) -> Title {
    Title::parse(text).unwrap()
}

pub(crate) fn new_room(name: &str) -> NewRoom {
    NewRoom {
        title: title(name),
        kind: RoomKind::Custom,
        description: String::new(),
        color: None,
        cover: None,
        indexing: false,
        deny_download: false,
        quota: QUOTA_DEFAULT,
        lifetime: None,
        watermark: None,
        chat: None,
        tags: Vec::new(),
        save_form_as_xlsx: true,
        send_form_to_external_db: false,
    }
}

pub(crate) fn create(lab: &Lab, person: &Person, new: NewRoom) -> Result<View> {
    let call = lab.call(person);
    lab.write(&call.clone(), move |tx| rooms::create(tx, &call, &new))
}

/// A custom room of this title.
pub(crate) fn room(lab: &Lab, person: &Person, name: &str) -> EntryId {
    create(lab, person, new_room(name)).unwrap().seen.room.id
}

pub(crate) fn get(lab: &Lab, person: &Person, id: EntryId) -> Result<View> {
    let call = lab.call(person);
    lab.read(move |conn| rooms::get(conn, &call, id))
}

pub(crate) fn update(lab: &Lab, person: &Person, id: EntryId, changes: Changes) -> Result<View> {
    let call = lab.call(person);
    lab.write(&call.clone(), move |tx| rooms::update(tx, &call, id, &changes))
}

pub(crate) fn rename(lab: &Lab, person: &Person, id: EntryId, name: &str) -> Result<View> {
    update(lab, person, id, Changes { title: Some(title(name)), ..Changes::default() })
}

pub(crate) fn relocate(lab: &Lab, person: &Person, id: EntryId, to: Section) -> Result<Done> {
    let call = lab.call(person);
    lab.write(&call.clone(), move |tx| rooms::relocate(tx, &call, id, to, true))
}

pub(crate) fn archive(lab: &Lab, person: &Person, id: EntryId) -> Result<Done> {
    relocate(lab, person, id, Section::Archive)
}

pub(crate) fn unarchive(lab: &Lab, person: &Person, id: EntryId) -> Result<Done> {
    relocate(lab, person, id, Section::Rooms)
}

pub(crate) fn delete(lab: &Lab, person: &Person, id: EntryId) -> Result<Done> {
    let call = lab.call(person);
    lab.write(&call.clone(), move |tx| rooms::delete(tx, &call, id, true))
}

/// The first hundred rooms of the active section.
pub(crate) fn all() -> Filter {
    Filter { count: 100, ..Filter::default() }
}

pub(crate) fn list(lab: &Lab, person: &Person, filter: Filter) -> List {
    let call = lab.call(person);
    lab.read(move |conn| rooms::list(conn, &call, &filter)).unwrap()
}

pub(crate) fn titles(list: &List) -> Vec<&str> {
    list.rooms.iter().map(|view| view.seen.room.title.as_str()).collect()
}

/// Makes a group of these people.
pub(crate) fn group(lab: &Lab, name: &str, people: &[&Person]) -> GroupId {
    let (portal, id) = (lab.portal().id, GroupId::new(lab.store.chance().guid(lab.now())));
    let (name, people): (String, Vec<UserId>) =
        (name.to_owned(), people.iter().map(|person| person.id).collect());
    lab.store
        .upkeep_blocking(move |tx| {
            let (fold, now) = (domain::text::fold(&name), tx.now());
            tx.exec(
                sql!(
                    "insert into people_group (portal_id, id, name, name_fold, created_at, modified_at) values ($1, $2, $3, $4, $5, $5)"
                ),
                args![portal, id, name, fold, now],
            )?;
            for person in &people {
                tx.exec(
                    sql!("insert into group_member (portal_id, group_id, user_id) values ($1, $2, $3)"),
                    args![portal, id, *person],
                )?;
            }
            Ok(())
        })
        .unwrap();
    id
}

/// Puts a room on somebody's shelf with any role, also one that sharing wouldn't give.
pub(crate) fn share(lab: &Lab, id: EntryId, person: &Person, access: i64) {
    let (portal, person) = (lab.portal().id, person.id);
    lab.store
        .upkeep_blocking(move |tx| {
            tx.exec(
                sql!(
                    "insert into shelf (portal_id, subject_id, room_id, section, access, title_fold, modified_at)
                     select portal_id, $3, id, section, $4, title_fold, modified_at from room where portal_id = $1 and id = $2"
                ),
                args![portal, id, person, access],
            )?;
            tx.exec(
                sql!(
                    "insert into shelf_count (portal_id, subject_id, section, lane, rooms)
                     select portal_id, $3, section, 0, 1 from room where portal_id = $1 and id = $2
                     on conflict (portal_id, subject_id, section, lane) do update set rooms = shelf_count.rooms + 1"
                ),
                args![portal, id, person],
            )?;
            tx.exec(
                sql!("update room set members_count = members_count + 1 where portal_id = $1 and id = $2"),
                args![portal, id],
            )?;
            Ok(())
        })
        .unwrap();
}

/// One number from the database, whatever the verbs say.
pub(crate) fn number(lab: &Lab, sql: db::Sql, args: &[Value<'static>]) -> i64 {
    let args = args.to_vec();
    lab.read(move |conn| Ok(conn.one(sql, &args, |row| row.get(0))?)).unwrap()
}

/// The actions in the audit log, in order.
pub(crate) fn audited(lab: &Lab) -> Vec<i64> {
    lab.read(|conn| Ok(conn.all(sql!("select action from audit order by id"), args![], |row| row.get(0))?))
        .unwrap()
}

/// The actions that a deed leaves in the audit log.
pub(crate) fn audited_by(lab: &Lab, deed: impl FnOnce()) -> Vec<i64> {
    let before = audited(lab).len();
    deed();
    audited(lab).split_off(before)
}

/// What a call came to: nothing wrong, or a kind of problem.
pub(crate) fn outcome<T>(result: Result<T>) -> Option<Kind> {
    result.err().map(|problem| problem.kind())
}
