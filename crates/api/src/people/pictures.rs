//! Pictures of people: how they are made, kept, fetched and served (people.md §2.1, §5.1 `files`, §6.4).
//!
//! The bytes go to the blob store first, then a short unit names their key. What a unit didn't take after all is removed
//! at once; what it replaced, by a job.

use std::sync::OnceLock;

use blob::Blobs;
use domain::ids::UserId;
use domain::people::photo::{self, SIDES};
use domain::people::{Person, Photo, find};
use domain::{Kind, Problem, Result};
use media::{Crop, Format};
use net::Error as FetchError;
use serde::Serialize;

use crate::app::App;
use crate::body::NoBody;
use crate::gate::Call;
use crate::params::PathId;
use crate::reply::{Picture, Reply};
use crate::routes::{Need, Routes, Scope};
use crate::wire::avatar::DEFAULT;

/// The longest picture that is taken, in bytes (people.md §6.4).
pub(super) const FILE_MAX: usize = 5 << 20;
/// The longest side of a picture that waits to be cut.
const WAITING_SIDE: u32 = 1280;
/// Where pictures that wait are served.
pub(super) const WAITING: &str = "/storage/userPhotos/temp/";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(
            "/storage/userPhotos/root/{file}",
            "photos.show",
            Need::Anyone,
            Scope::None,
            "A person's picture",
            show,
        )
        .get(
            "/storage/userPhotos/temp/{file}",
            "photos.show_waiting",
            Need::Anyone,
            Scope::None,
            "A picture that was uploaded and waits to be cut",
            show_waiting,
        )
        .get(
            "/static/images/{file}",
            "photos.show_default",
            Need::Anyone,
            Scope::None,
            "What stands for people without a picture, and the logo",
            show_default,
        )
}

pub(super) fn too_long() -> Problem {
    Problem::text(Kind::BadArgument, format!("The maximum file size is exceeded ({} MB).", FILE_MAX >> 20))
}

fn unreadable(error: media::Error) -> Problem {
    Problem::text(Kind::BadArgument, error.to_string())
}

/// Makes a photo in all its sizes and keeps it under a fresh key; [`set`] then gives it to its account. What the file held
/// beside the picture (place, camera) is left out.
///
/// Fails with `BadArgument` and the reference's sentence for what is no PNG or JPEG, or too large.
pub(crate) async fn make(app: &App, call: &Call, bytes: Vec<u8>, crop: Option<Crop>) -> Result<Photo> {
    let key = photo::fresh_key(call.portal.id, app.store().chance().guid(app.store().now()));
    let blobs = app.blobs().clone();
    let work = move || {
        let picture = media::Picture::read(&bytes).map_err(unreadable)?;
        let squares = picture.squares(crop, SIDES).map_err(unreadable)?;
        let mut parts = vec![("orig".to_owned(), picture.write().map_err(unreadable)?)];
        parts.extend(SIDES.iter().map(u32::to_string).zip(squares));
        let kept = blobs.put_all(&key, &parts);
        kept.inspect_err(|_| discard(&blobs, &key)).map_err(Problem::internal)?;
        let (width, height) = (picture.width(), picture.height());
        Ok(Photo { key, format: picture.format().name().to_owned(), width, height })
    };
    app.pictures().run(work).await
}

/// Removes what nobody will ask for. Left over, it would only cost space.
fn discard(blobs: &Blobs, key: &str) {
    if let Err(error) = blobs.remove(key) {
        tracing::warn!(key, %error, "a picture that isn't needed stays");
    }
}

/// Gives the caller the photo and answers with what becomes of their account.
pub(super) async fn set<T: Serialize + Send + 'static>(
    app: &App,
    call: Call,
    who: String,
    new: Photo,
    answer: impl Fn(&Person) -> T + Send + 'static,
) -> Result<Reply<T>> {
    let (user, key) = (call.person()?.id, new.key.clone());
    let unit = move |tx: &mut domain::Tx<'_>, call: &Call| {
        Ok(Reply::one(answer(&photo::set(tx, call, &who, &new)?)))
    };
    let reply = app.write(call.clone(), unit).await;
    forget_unused(app, &call, user, key).await;
    reply
}

/// Removes a new photo that didn't become the account's: the unit was refused, or found the answer kept under the
/// `Idempotency-Key` of an earlier one.
pub(crate) async fn forget_unused(app: &App, call: &Call, user: UserId, key: String) {
    let wanted = key.clone();
    let current =
        app.read(call.clone(), move |conn, call| photo::is_current(conn, &call.portal, user, &wanted));
    if matches!(current.await, Ok(false)) {
        let blobs = app.blobs().clone();
        // The answer doesn't wait for it.
        tokio::task::spawn_blocking(move || discard(&blobs, &key));
    }
}

/// Keeps a picture for a day, to be cut and set. Its file name, under which it is asked for.
pub(super) async fn wait(app: &App, call: &Call, bytes: Vec<u8>) -> Result<String> {
    let made = app.pictures().run(move || {
        let picture = media::Picture::read(&bytes).map_err(unreadable)?.within(WAITING_SIDE);
        Ok((picture.format(), picture.write().map_err(unreadable)?))
    });
    let (format, bytes) = made.await?;
    let guid = app.store().chance().guid(app.store().now());
    let file = format!("{guid}.{}", format.name());
    let key = photo::waiting_key(call.portal.id, &file);
    // That it goes again is certain before it comes.
    let noted = key.clone();
    app.note(call.clone(), move |tx, call| photo::wait(tx, call, &noted)).await?;
    let blobs = app.blobs().clone();
    let kept = tokio::task::spawn_blocking(move || blobs.put(&key, &bytes)).await;
    kept.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(file)
}

/// The picture that waits under an address or file name; none if there is none, or no more.
pub(super) async fn waiting(app: &App, call: &Call, file: &str) -> Result<Option<Vec<u8>>> {
    let file = file.split(['?', '#']).next().unwrap_or_default();
    let file = file.rsplit('/').next().unwrap_or_default();
    if waiting_format(file).is_none() {
        return Ok(None);
    }
    read(app, photo::waiting_key(call.portal.id, file)).await
}

/// The format of a picture that waits, by its file name: a guid and the format.
fn waiting_format(file: &str) -> Option<Format> {
    let (guid, format) = file.split_once('.')?;
    let letters = guid.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    Format::of(format).filter(|_| letters && guid.len() == 36)
}

/// An account's photo as uploaded.
pub(super) async fn original(app: &App, photo: &Photo) -> Result<Option<Vec<u8>>> {
    read(app, format!("{}/orig", photo.key)).await
}

/// An account's photo as a square of this side, one of [`SIDES`].
pub(super) async fn square(app: &App, photo: &Photo, side: u32) -> Result<Option<Vec<u8>>> {
    read(app, format!("{}/{side}", photo.key)).await
}

async fn read(app: &App, key: String) -> Result<Option<Vec<u8>>> {
    let blobs = app.blobs().clone();
    let read = tokio::task::spawn_blocking(move || blobs.get(&key)).await;
    read.map_err(Problem::internal)?.map_err(Problem::internal)
}

/// The picture at an address that the caller typed; none where it is the one that stands for no picture. It may be one
/// that waits here.
///
/// Fails with `AddressRefused` for private addresses and for plain http from a page that came by https, and with
/// `BadArgument` for what can't be fetched.
pub(crate) async fn fetch(app: &App, call: &Call, address: &str) -> Result<Option<Vec<u8>>> {
    let address = address.trim();
    let path = address.strip_prefix(call.exchange().base.as_str()).unwrap_or(address);
    if path.starts_with(DEFAULT) {
        return Ok(None);
    }
    if path.starts_with(WAITING) {
        let found = waiting(app, call, path).await?;
        return found.map(Some).ok_or_else(|| refused("it waits here no more"));
    }
    let plain = address.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"));
    if plain && call.exchange().is_secure() {
        return Err(Kind::AddressRefused.into());
    }
    let (outbound, address) = (app.outbound().clone(), address.to_owned());
    let limit = u64::try_from(FILE_MAX).unwrap_or(u64::MAX);
    let fetched = app.fetches().run(move || Ok(outbound.fetch(&address, limit))).await?;
    fetched.map(Some).map_err(|error| match error {
        FetchError::Private => Kind::AddressRefused.into(),
        FetchError::TooLong(_) => too_long(),
        other => refused(&other.to_string()),
    })
}

fn refused(why: &str) -> Problem {
    Problem::text(Kind::BadArgument, format!("The picture could not be fetched: {why}"))
}

/// Whose picture, and which, a file name means: `{userid}_size_82-82.png`, `{userid}_orig_640-480.jpeg`. The format is
/// not looked at: an address from before the last change leads to the picture there is now.
fn parse(file: &str) -> Option<(UserId, String)> {
    let (stem, _) = file.rsplit_once('.')?;
    let (user, what) = stem.split_once('_')?;
    let (kind, size) = what.split_once('_')?;
    let (width, height) = size.split_once('-')?;
    let (width, height): (u32, u32) = (width.parse().ok()?, height.parse().ok()?);
    let part = match kind {
        "orig" => "orig".to_owned(),
        "size" if width == height && SIDES.contains(&width) => width.to_string(),
        _ => return None,
    };
    Some((user.parse().ok()?, part))
}

fn no_picture() -> Problem {
    Problem::text(Kind::NotFound, "There is no such picture")
}

/// An address with a hash in it changes with the picture.
fn may_be_kept(call: &Call) -> bool {
    call.exchange().query().text("hash").is_some()
}

async fn show(call: Call, app: App, PathId(file): PathId<String>, _: NoBody) -> Result<Picture> {
    let (user, part) = parse(&file).ok_or_else(no_picture)?;
    let person = app.read(call.clone(), move |conn, call| find(conn, &call.portal, user)).await?;
    let photo = person.and_then(|person| person.photo).ok_or_else(no_picture)?;
    let format = Format::of(&photo.format).ok_or_else(|| Problem::internal("a photo of no format"))?;
    let bytes = read(&app, format!("{}/{part}", photo.key)).await?.ok_or_else(no_picture)?;
    Ok(Picture { bytes, content_type: format.content_type(), may_be_kept: may_be_kept(&call) })
}

async fn show_waiting(call: Call, app: App, PathId(file): PathId<String>, _: NoBody) -> Result<Picture> {
    let format = waiting_format(&file).ok_or_else(no_picture)?;
    let bytes = waiting(&app, &call, &file).await?.ok_or_else(no_picture)?;
    Ok(Picture { bytes, content_type: format.content_type(), may_be_kept: false })
}

/// The logo's file.
pub(crate) const LOGO: &str = "logo.svg";
/// The page's own icon.
const DRAWN_LOGO: &str = include_str!("../../../../ui/static/icon.svg");

async fn show_default(call: Call, PathId(file): PathId<String>, _: NoBody) -> Result<Picture> {
    static DRAWN: [OnceLock<Vec<u8>>; SIDES.len()] = [const { OnceLock::new() }; SIDES.len()];
    if file == LOGO {
        let bytes = DRAWN_LOGO.as_bytes().to_vec();
        return Ok(Picture { bytes, content_type: "image/svg+xml", may_be_kept: may_be_kept(&call) });
    }
    let names = SIDES.iter().map(|side| (side, format!("default_user_photo_size_{side}-{side}.png")));
    let found = names.zip(&DRAWN).find(|((_, name), _)| *name == file);
    let ((side, _), drawn) = found.ok_or_else(no_picture)?;
    let bytes = drawn.get_or_init(|| media::silhouette(*side)).clone();
    Ok(Picture { bytes, content_type: Format::Png.content_type(), may_be_kept: may_be_kept(&call) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_of_pictures_are_understood() {
        let id = "019ca8bb-b5c0-722c-8779-c9ee1c106f66";
        let parsed = |rest: &str| parse(&format!("{id}{rest}")).map(|(_, part)| part);
        assert_eq!(parsed("_size_82-82.png").as_deref(), Some("82"));
        assert_eq!(parsed("_orig_640-480.jpeg").as_deref(), Some("orig"));
        for rest in
            ["", ".png", "_size_82-82", "_size_82.png", "_size_81-81.png", "_size_82-48.png", "_x_82-82.png"]
        {
            assert_eq!(parsed(rest), None, "{rest}");
        }
        assert!(parse("nobody_size_82-82.png").is_none());
    }

    #[test]
    fn only_names_that_we_gave_are_looked_for_among_waiting_pictures() {
        assert!(waiting_format("019ca8bb-b5c0-722c-8779-c9ee1c106f66.png").is_some());
        for file in [
            "",
            "x.png",
            "019ca8bb-b5c0-722c-8779-c9ee1c106f66.gif",
            "019ca8bb-b5c0-722c-8779-c9ee1c106f66",
            "../019ca8bb-b5c0-722c-8779-c9ee1c106.png",
        ] {
            assert!(waiting_format(file).is_none(), "{file}");
        }
    }
}
