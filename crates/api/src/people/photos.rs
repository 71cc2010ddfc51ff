//! Pictures of people: the calls (people.md §6.4).

use domain::people::{Person, photo};
use domain::{Kind, Problem, Result};
use media::Crop;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::pictures::{self, FILE_MAX, WAITING};
use crate::app::App;
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::params::PathId;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::upload::{File, Form, FormDto, Upload};
use crate::wire::avatar::Pictures;

/// What the reference says where a picture is missing, in the request or on the server.
const NO_FILE: &str = "The uploaded file could not be found";
const PHOTO: &str = "/api/2.0/people/{userid}/photo";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(PHOTO, "photos.get", Need::Guest, Scope::PeopleRead, "The addresses of a person's pictures", get)
        .post(
            PHOTO,
            "photos.upload",
            Need::Guest,
            Scope::PeopleWrite,
            "Upload a picture of oneself, to be cut later or set at once",
            upload,
        )
        .put(
            PHOTO,
            "photos.fetch",
            Need::Guest,
            Scope::PeopleWrite,
            "Set one's picture by its address",
            fetch,
        )
        .delete(PHOTO, "photos.delete", Need::Guest, Scope::PeopleWrite, "Remove one's picture", delete)
        .post(
            "/api/2.0/people/{userid}/photo/thumbnails",
            "photos.crop",
            Need::Guest,
            Scope::PeopleWrite,
            "Cut one's picture anew, or set the one that was uploaded",
            crop,
        )
}

async fn get(call: Call, app: App, PathId(who): PathId<String>, _: NoBody) -> Result<Reply<Pictures>> {
    app.read(call, move |conn, call| Ok(Reply::one(Pictures::of(&photo::seen(conn, call, &who)?)))).await
}

/// A form with a picture.
#[derive(Debug)]
struct PhotoForm {
    file: Option<File>,
    autosave: Option<String>,
}

impl FormDto for PhotoForm {
    const FILE: &'static str = "File";
    const FILE_MAX: usize = FILE_MAX;
    const FIELDS: &'static [&'static str] = &["Autosave"];

    fn of(form: Form) -> Self {
        let autosave = form.field("Autosave").map(|text| text.trim().to_owned());
        Self { autosave: autosave.filter(|text| !text.is_empty()), file: form.file }
    }
}

/// What became of an upload.
#[skip_serializing_none]
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FileUploadResultDto")]
struct UploadDto {
    success: bool,
    #[schemars(with = "Option<serde_json::Value>")]
    data: Option<UploadData>,
    message: Option<String>,
}

/// The address of a picture that waits, or those of the one that was set.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum UploadData {
    Waiting(String),
    Set(SetDto),
}

#[derive(Debug, Serialize)]
struct SetDto {
    main: String,
    retina: String,
    max: String,
    big: String,
    medium: String,
    small: String,
}

impl SetDto {
    fn of(person: &Person) -> Self {
        let Pictures { original: main, retina, max, big, medium, small } = Pictures::of(person);
        Self { main, retina, max, big, medium, small }
    }
}

impl UploadDto {
    fn done(data: UploadData) -> Self {
        Self { success: true, data: Some(data), message: None }
    }
}

/// Refusals are told inside an answer of 200; only those of the gate, of idempotency and of ourselves are not.
async fn upload(
    call: Call,
    app: App,
    PathId(who): PathId<String>,
    Upload(form): Upload<PhotoForm>,
) -> Result<Reply<UploadDto>> {
    let problem = match receive(call, &app, who, form).await {
        Ok(reply) => return Ok(reply),
        Err(problem) => problem,
    };
    let message = match problem.kind() {
        Kind::AccessDenied => "Security error.",
        Kind::NotFound | Kind::BadArgument => problem.message(),
        _ => return Err(problem),
    };
    Ok(Reply::one(UploadDto { success: false, data: None, message: Some(message.to_owned()) }))
}

/// In the contract's order: the file, the account, its owner, the length, the format.
async fn receive(call: Call, app: &App, who: String, form: PhotoForm) -> Result<Reply<UploadDto>> {
    let file = form.file.ok_or_else(|| Problem::text(Kind::BadArgument, NO_FILE))?;
    own(&call, app, &who).await?;
    let File::Whole(bytes) = file else { return Err(pictures::too_long()) };
    if saves(form.autosave.as_deref())? {
        let new = pictures::make(app, &call, bytes, None).await?;
        let done = |person: &Person| UploadDto::done(UploadData::Set(SetDto::of(person)));
        return pictures::set(app, call, who, new, done).await;
    }
    let file = pictures::wait(app, &call, bytes).await?;
    let address = format!("{WAITING}{file}");
    // The unit is empty, but keeps the answer under an Idempotency-Key.
    app.write(call, move |_, _| Ok(Reply::one(UploadDto::done(UploadData::Waiting(address.clone()))))).await
}

fn saves(autosave: Option<&str>) -> Result<bool> {
    match autosave.map(str::to_ascii_lowercase).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::text(Kind::BadArgument, "Autosave is true or false")),
    }
}

/// Refuses whoever isn't the account in the path, before anything is done for them.
async fn own(call: &Call, app: &App, who: &str) -> Result<Person> {
    let who = who.to_owned();
    app.read(call.clone(), move |conn, call| photo::own(conn, call, &who)).await
}

/// A picture by its address.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "UpdatePhotoMemberRequest")]
struct FetchDto {
    files: Option<String>,
}

impl BodyDto for FetchDto {
    const NAME: &'static str = "UpdatePhotoMemberRequest";
}

async fn fetch(
    call: Call,
    app: App,
    PathId(who): PathId<String>,
    Body(dto): Body<FetchDto>,
) -> Result<Reply<Pictures>> {
    let person = own(&call, &app, &who).await?;
    let files = dto.files.filter(|files| !files.trim().is_empty());
    let address = files.ok_or_else(|| Problem::text(Kind::BadArgument, NO_FILE))?;
    let Some(bytes) = pictures::fetch(&app, &call, &address).await? else {
        return Ok(Reply::one(Pictures::of(&person)));
    };
    let new = pictures::make(&app, &call, bytes, None).await?;
    pictures::set(&app, call, who, new, Pictures::of).await
}

async fn delete(call: Call, app: App, PathId(who): PathId<String>, _: NoBody) -> Result<Reply<Pictures>> {
    app.write(call, move |tx, call| Ok(Reply::one(Pictures::of(&photo::unset(tx, call, &who)?)))).await
}

/// A part of a picture, in pixels.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "ThumbnailsRequest")]
struct CropDto {
    tmp_file: Option<String>,
    x: Option<i64>,
    y: Option<i64>,
    width: Option<i64>,
    height: Option<i64>,
}

impl BodyDto for CropDto {
    const NAME: &'static str = "ThumbnailsRequest";
}

impl CropDto {
    /// What lies outside the picture is cut off; less than 0 counts as 0.
    fn crop(&self) -> Crop {
        let pixels = |value: Option<i64>| u32::try_from(value.unwrap_or(0).max(0)).unwrap_or(u32::MAX);
        Crop { x: pixels(self.x), y: pixels(self.y), width: pixels(self.width), height: pixels(self.height) }
    }
}

async fn crop(
    call: Call,
    app: App,
    PathId(who): PathId<String>,
    Body(dto): Body<CropDto>,
) -> Result<Reply<Pictures>> {
    let person = own(&call, &app, &who).await?;
    let waiting = dto.tmp_file.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let bytes = match (waiting, &person.photo) {
        (Some(file), _) => pictures::waiting(&app, &call, file).await?,
        (None, Some(photo)) => pictures::original(&app, photo).await?,
        // There is nothing to cut.
        (None, None) => return Ok(Reply::one(Pictures::of(&person))),
    };
    let bytes = bytes.ok_or_else(|| Problem::text(Kind::NotFound, NO_FILE))?;
    let new = pictures::make(&app, &call, bytes, Some(dto.crop())).await?;
    pictures::set(&app, call, who, new, Pictures::of).await
}
