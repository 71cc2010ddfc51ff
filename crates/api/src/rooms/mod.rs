//! Rooms (rooms.md §4–6).

mod body;
mod list;
mod members;

use axum::http::Method;
use domain::rooms::{self, Section};
use domain::{Kind, Result, people};

use crate::app::App;
use crate::body::{Body, NoBody};
use crate::gate::Call;
use crate::params::{Entry, PathId, Query};
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::folder::{FolderDto, Folders};
use crate::wire::operation::FileOperationDto;

use body::{ArchiveRoomDto, DeleteRoomDto, NewRoomDto, RoomChangesDto};
use list::{FolderContentDto, RoomsQuery};

pub(crate) fn routes(routes: Routes) -> Routes {
    members::routes(rooms_themselves(routes))
}

fn rooms_themselves(routes: Routes) -> Routes {
    routes
        .tag("rooms")
        .get(
            "/api/2.0/files/rooms",
            "rooms.list",
            Need::Guest,
            Scope::RoomsRead,
            "Rooms the caller can see",
            list,
        )
        .post(
            "/api/2.0/files/rooms",
            "rooms.create",
            Need::RoomAdmin,
            Scope::RoomsWrite,
            "Create a room",
            create,
        )
        .refuse(Kind::RoomCreateDenied)
        .get("/api/2.0/files/rooms/{id}", "rooms.get", Need::Link, Scope::RoomsRead, "A room", get)
        .put(
            "/api/2.0/files/rooms/{id}",
            "rooms.update",
            Need::Guest,
            Scope::RoomsWrite,
            "Change a room's title and settings",
            update,
        )
        .delete(
            "/api/2.0/files/rooms/{id}",
            "rooms.delete",
            Need::Guest,
            Scope::RoomsWrite,
            "Delete a room for good",
            delete,
        )
        .put(
            "/api/2.0/files/rooms/{id}/archive",
            "rooms.archive",
            Need::Guest,
            Scope::RoomsWrite,
            "Move a room to the archive",
            archive,
        )
        .put(
            "/api/2.0/files/rooms/{id}/unarchive",
            "rooms.unarchive",
            Need::Guest,
            Scope::RoomsWrite,
            "Bring a room back from the archive",
            unarchive,
        )
}

async fn list(
    call: Call,
    app: App,
    Query(query): Query<RoomsQuery>,
    _: NoBody,
) -> Result<Reply<FolderContentDto>> {
    let filter = query.parse()?;
    let asked = filter.sort.is_some() && call.exchange().method == Method::GET;
    let (again, caller) = (app.clone(), call.clone());
    let (changed, reply) = app
        .read(call, move |conn, call| {
            let found = rooms::list(conn, call, &filter)?;
            let changed =
                asked && people::room_order(conn, call.portal.id, call.person()?.id)? != found.order;
            Ok((changed.then_some(found.order), Reply::one(FolderContentDto::of(call, &filter, &found))))
        })
        .await?;
    if let Some(order) = changed {
        // A sort that is asked for becomes the caller's default (rooms.md §5).
        again.note(caller, move |tx, call| people::save_room_order(tx, call, order)).await?;
    }
    Ok(reply)
}

async fn create(call: Call, app: App, Body(new): Body<NewRoomDto>) -> Result<Reply<FolderDto>> {
    let new = new.parse()?;
    app.write(call, move |tx, call| {
        let view = rooms::create(tx, call, &new)?;
        Ok(Reply::one(Folders::new(call).room(&view)))
    })
    .await
}

/// A room; or, as in the reference, the root folder of a section.
async fn get(call: Call, app: App, PathId(Entry(id)): PathId<Entry>, _: NoBody) -> Result<Reply<FolderDto>> {
    if rooms::is_root(&call, id) {
        call.person()?;
        return Ok(Reply::one(Folders::new(&call).root(id)));
    }
    app.read(call, move |conn, call| {
        let view = rooms::get(conn, call, id)?;
        Ok(Reply::one(Folders::new(call).room(&view)))
    })
    .await
}

async fn update(
    call: Call,
    app: App,
    PathId(Entry(id)): PathId<Entry>,
    Body(changes): Body<RoomChangesDto>,
) -> Result<Reply<FolderDto>> {
    let changes = changes.parse()?;
    app.write(call, move |tx, call| {
        let view = rooms::update(tx, call, id, &changes)?;
        Ok(Reply::one(Folders::new(call).room(&view)))
    })
    .await
}

async fn delete(
    call: Call,
    app: App,
    PathId(Entry(id)): PathId<Entry>,
    Body(options): Body<DeleteRoomDto>,
) -> Result<Reply<FileOperationDto>> {
    app.write(call, move |tx, call| {
        let done = rooms::delete(tx, call, id, options.keeps_result())?;
        Ok(Reply::one(FileOperationDto::of(call, &done.operation, None)))
    })
    .await
}

async fn archive(
    call: Call,
    app: App,
    PathId(Entry(id)): PathId<Entry>,
    Body(options): Body<ArchiveRoomDto>,
) -> Result<Reply<FileOperationDto>> {
    relocate(call, app, Entry(id), Section::Archive, options).await
}

async fn unarchive(
    call: Call,
    app: App,
    PathId(Entry(id)): PathId<Entry>,
    Body(options): Body<ArchiveRoomDto>,
) -> Result<Reply<FileOperationDto>> {
    relocate(call, app, Entry(id), Section::Rooms, options).await
}

async fn relocate(
    call: Call,
    app: App,
    Entry(id): Entry,
    to: Section,
    options: ArchiveRoomDto,
) -> Result<Reply<FileOperationDto>> {
    app.write(call, move |tx, call| {
        let done = rooms::relocate(tx, call, id, to, options.keeps_result())?;
        Ok(Reply::one(FileOperationDto::of(call, &done.operation, done.room.as_ref())))
    })
    .await
}
