//! Pictures of people, over the wire.
#![cfg(test)]

use std::io::{Cursor, Read as _, Write as _};
use std::net::TcpListener;

use api::Settings;
use domain::Call;
use domain::confirm::{self, Bound, ConfirmType};
use domain::people::{Person, UserKind};
use domain::time::DAY;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use testkit::{Answer, Ask, Engine, Lab, Site};

/// A picture, red on its left and blue on its right.
fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let halves =
        RgbImage::from_fn(
            width,
            height,
            |x, _| {
                if x < width / 2 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) }
            },
        );
    let mut out = Cursor::new(Vec::new());
    DynamicImage::from(halves).write_to(&mut out, format).expect("a picture");
    out.into_inner()
}

fn png() -> Vec<u8> {
    picture(300, 100, ImageFormat::Png)
}

struct House {
    site: Site,
    key: String,
    person: Person,
}

impl House {
    fn with(settings: Settings) -> Self {
        let lab = Lab::new(Engine::Sqlite);
        lab.set_up();
        let person = lab.person(UserKind::User, "ada");
        let site = Site::with(lab, settings);
        let key = site.key(&person, &[]);
        Self { site, key, person }
    }

    fn new() -> Self {
        Self::with(Settings::default())
    }

    fn path(&self, rest: &str) -> String {
        format!("/people/{}/photo{rest}", self.person.id)
    }

    fn send(&self, ask: Ask) -> Answer {
        self.site.send(ask.bearer(&self.key))
    }

    fn upload(&self, file: &[u8], autosave: &str) -> Value {
        let answer =
            self.send(Ask::post(&self.path("")).form(Some(("File", file)), &[("Autosave", autosave)]));
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.response()
    }

    /// The picture at an address, decoded.
    fn shown(&self, address: &Value) -> RgbImage {
        let answer = self.site.send(Ask::get(address.as_str().expect("an address")));
        assert_eq!(answer.status, 200, "{address}: {}", answer.text);
        image::load_from_memory(&answer.bytes).expect("a picture").to_rgb8()
    }

    fn contents(&self) -> usize {
        fn count(folder: &std::path::Path) -> usize {
            let entries =
                std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
            entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
        }
        count(self.site.lab.means.blobs.folder())
    }
}

fn is_red(picture: &RgbImage, x: u32, y: u32) -> bool {
    let pixel = picture.get_pixel(x, y).0;
    pixel[0] > 128 && pixel[2] < 128
}

#[test]
fn a_picture_is_uploaded_and_shown_in_all_sizes() {
    let house = House::new();
    let answer = house.send(Ask::post(&house.path("")).form(Some(("File", &png())), &[("Autosave", "true")]));
    insta::assert_json_snapshot!("uploaded", answer.whole());
    let data = &answer.response()["data"];
    for (size, side) in [("small", 32), ("medium", 48), ("big", 82), ("max", 200), ("retina", 360)] {
        let shown = house.shown(&data[size]);
        assert_eq!((shown.width(), shown.height()), (side, side), "{size}");
        assert!(is_red(&shown, side / 4, side / 2) && !is_red(&shown, side * 3 / 4, side / 2), "{size}");
    }
    assert_eq!(house.shown(&data["main"]).dimensions(), (300, 100));

    let own = house.send(Ask::get("/people/@self")).response();
    assert_eq!(own["hasAvatar"], true);
    assert_eq!((&own["avatar"], &own["avatarSmall"]), (&data["big"], &data["small"]));
    assert_eq!(
        (&own["avatarMedium"], &own["avatarMax"], &own["avatarOriginal"]),
        (&data["medium"], &data["max"], &data["main"])
    );
    insta::assert_json_snapshot!("thumbnails", house.send(Ask::get(&house.path(""))).whole());
}

#[test]
fn a_shown_picture_may_be_kept_while_its_address_stays() {
    let house = House::new();
    let data = house.upload(&png(), "true")["data"].take();
    let address = data["big"].as_str().expect("an address");
    let (plain, _) = address.split_once('?').expect("a hash");
    let kept = house.site.send(Ask::get(address));
    assert_eq!(kept.header("cache-control"), "private, max-age=86400");
    assert_eq!(kept.header("content-type"), "image/png");
    assert_eq!(kept.header("x-content-type-options"), "nosniff");
    assert_eq!(house.site.send(Ask::get(plain)).header("cache-control"), "no-store");

    let other = house.upload(&png(), "true")["data"].take();
    assert_ne!(other["big"], data["big"], "another picture has another address, within the same second too");
}

/// An upload of this file.
fn form(file: Option<&[u8]>, path: &str) -> Ask {
    Ask::post(path).form(file.map(|file| ("File", file)), &[])
}

#[test]
fn an_upload_tells_its_refusals_in_the_answer_and_in_order() {
    let house = House::new();
    let stranger = house.site.lab.person(UserKind::User, "bob");
    let (own, other) = (house.path(""), format!("/people/{}/photo", stranger.id));
    let (nobody, long) = ("/people/nobody/photo".to_owned(), vec![0; (5 << 20) + 1]);
    let broken = &png()[..100];
    let refusals: &[(Ask, &str)] = &[
        (Ask::post(&nobody), "The uploaded file could not be found"),
        (Ask::post(&own).json(&json!({})), "The uploaded file could not be found"),
        (form(None, &other), "The uploaded file could not be found"),
        (Ask::post(&own).form(Some(("Picture", &png())), &[]), "The uploaded file could not be found"),
        (form(Some(&long), &nobody), "The user could not be found"),
        (
            form(Some(&long), "/people/00000000-0000-4000-8000-000000000000/photo"),
            "The user could not be found",
        ),
        (form(Some(&long), "/people/a%00b/photo"), "The user could not be found"),
        (form(Some(&long), &other), "Security error."),
        (form(Some(&long), &own), "The maximum file size is exceeded (5 MB)."),
        (form(Some(b""), &own), "Unknown image file type"),
        (form(Some(b"GIF89a\x01\0\x01\0\0\0\0;"), &own), "Unknown image file type"),
        (form(Some(b"hello"), &own), "no decode delegate for this image format"),
        (Ask::post(&own).form(Some(("File", &png())), &[("Autosave", "maybe")]), "Autosave is true or false"),
    ];
    for (ask, sentence) in refusals {
        let answer = house.send(ask.clone());
        assert_eq!(answer.status, 200, "{ask:?}: {}", answer.text);
        assert_eq!(answer.response(), json!({ "success": false, "message": sentence }));
    }
    let answer = house.send(form(Some(broken), &own)).response();
    assert!(
        answer["message"].as_str().is_some_and(|text| text.starts_with("The image can't be read")),
        "{answer}"
    );
    let owner = house.site.key(&house.site.lab.portal_owner(), &[]);
    let answer = house.site.send(form(Some(&png()), &own).bearer(&owner));
    assert_eq!(answer.response()["message"], "Security error.", "not the owner either");
    assert_eq!(house.site.send(form(Some(&png()), &own)).status, 401);
    let torn = Ask::post(&own).header("content-type", "multipart/form-data; boundary=b").raw("--b\r\nhalf");
    assert_eq!(house.send(torn).code(), "body_unreadable");
    assert_eq!(house.contents(), 0);
}

#[test]
fn an_uploaded_picture_waits_and_is_cut() {
    let house = House::new();
    let waiting = house.upload(&picture(2000, 1000, ImageFormat::Jpeg), "false");
    assert!(waiting["data"].as_str().is_some_and(|address| address.contains(".jpeg")), "{waiting}");
    assert_eq!(house.shown(&waiting["data"]).dimensions(), (1280, 640));
    assert_eq!(house.send(Ask::get("/people/@self")).response()["hasAvatar"], false);

    let crop = json!({ "tmpFile": waiting["data"], "x": 700, "y": 0, "width": 300, "height": 300 });
    let cut = house.send(Ask::post(&house.path("/thumbnails")).json(&crop)).response();
    assert!(!is_red(&house.shown(&cut["max"]), 10, 100), "the right half is blue");
    assert_eq!(house.shown(&cut["original"]).dimensions(), (1280, 640));

    let crop = json!({ "x": 0, "y": 0, "width": 300, "height": 300 });
    let again = house.send(Ask::post(&house.path("/thumbnails")).json(&crop)).response();
    assert!(is_red(&house.shown(&again["max"]), 190, 100), "the left half is red");
    let by_name =
        json!({ "tmpFile": waiting["data"].as_str().and_then(|address| address.rsplit('/').next()) });
    let whole = house.send(Ask::post(&house.path("/thumbnails")).json(&by_name)).response();
    let shown = house.shown(&whole["max"]);
    assert!(is_red(&shown, 20, 100) && !is_red(&shown, 180, 100), "the centred square");

    house.site.lab.advance(DAY + 1);
    house.site.lab.drain_jobs().expect("the jobs");
    assert_eq!(house.site.send(Ask::get(waiting["data"].as_str().expect("an address"))).status, 404);
    let late = house.send(Ask::post(&house.path("/thumbnails")).json(&by_name));
    assert_eq!((late.status, late.message().as_str()), (404, "The uploaded file could not be found"));
    assert_eq!(house.contents(), 6, "one photo in six sizes is left");
}

#[test]
fn nothing_to_cut_leaves_things_as_they_are() {
    let house = House::new();
    let before = house.send(Ask::get(&house.path(""))).response();
    assert_eq!(house.send(Ask::post(&house.path("/thumbnails")).json(&json!({}))).response(), before);
    let default = house.shown(&before["retina"]);
    assert_eq!(default.dimensions(), (360, 360));
    assert_eq!(house.shown(&before["original"]).dimensions(), (200, 200));
    for name in ["../x", "x.png", "019ca8bb-b5c0-722c-8779-c9ee1c106f66.png"] {
        let crop = json!({ "tmpFile": name });
        assert_eq!(house.send(Ask::post(&house.path("/thumbnails")).json(&crop)).status, 404, "{name}");
    }
}

#[test]
fn a_removed_picture_is_gone_at_once_and_its_bytes_soon() {
    let house = House::new();
    let address = house.upload(&png(), "true")["data"]["big"].clone();
    let after = house.send(Ask::delete(&house.path("")));
    insta::assert_json_snapshot!("removed", after.whole());
    assert_eq!(house.site.send(Ask::get(address.as_str().expect("an address"))).status, 404);
    assert_eq!(house.send(Ask::delete(&house.path(""))).status, 200, "twice is no mistake");
    house.site.lab.advance(DAY);
    house.site.lab.drain_jobs().expect("the jobs");
    assert_eq!(house.contents(), 0);
}

#[test]
fn a_login_name_will_do_and_nobody_changes_the_picture_of_another() {
    let house = House::new();
    let owner = house.site.key(&house.site.lab.portal_owner(), &[]);
    assert_eq!(house.send(Ask::get("/people/ada/photo")).status, 200);
    let own = house.path("");
    let body = json!({ "files": "http://127.0.0.1/x.png" });
    let asks = |path: &str| {
        [
            Ask::put(path).json(&body),
            Ask::put(path).json(&json!({})),
            Ask::delete(path),
            Ask::post(&format!("{path}/thumbnails")).json(&json!({})),
        ]
    };
    for ask in asks(&own) {
        assert_eq!(house.site.send(ask.bearer(&owner)).code(), "access_denied");
    }
    for ask in asks("/people/nobody/photo").into_iter().chain([Ask::get("/people/nobody/photo")]) {
        let answer = house.send(ask);
        assert_eq!((answer.status, answer.message().as_str()), (404, "The user could not be found"));
    }
    let stranger = house.site.lab.person(UserKind::User, "bob");
    let answer = house.send(Ask::get(&format!("/people/{}/photo", stranger.id)));
    assert_eq!(answer.code(), "access_denied", "a user sees nobody else");
    assert_eq!(house.site.send(Ask::get(&own).bearer(&owner)).status, 200);
}

/// A server of one picture; its address.
fn server(picture: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/a.png", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        let (mut peer, _) = listener.accept().expect("a caller");
        let _ = peer.read(&mut [0; 4096]);
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", picture.len());
        let _ = peer.write_all(&[head.as_bytes(), &picture].concat());
    });
    address
}

#[test]
fn a_picture_is_fetched_from_an_address() {
    let house = House::with(Settings { allow_private: true, ..Settings::default() });
    let put = |address: &str| house.send(Ask::put(&house.path("")).json(&json!({ "files": address })));
    let answer = put(&server(png()));
    assert_eq!(house.shown(&answer.response()["original"]).dimensions(), (300, 100));
    let default = "/static/images/default_user_photo_size_82-82.png?hash=1";
    assert_eq!(put(default).response(), answer.response(), "the default one changes nothing");
    let waiting = house.upload(&picture(50, 50, ImageFormat::Png), "false");
    let answer = put(waiting["data"].as_str().expect("an address"));
    assert_eq!(house.shown(&answer.response()["original"]).dimensions(), (50, 50));

    for (address, sentence) in [
        ("", "The uploaded file could not be found"),
        (" ", "The uploaded file could not be found"),
        (server(b"hello".to_vec()).as_str(), "no decode delegate for this image format"),
        (server(vec![0; (5 << 20) + 1]).as_str(), "The maximum file size is exceeded (5 MB)."),
        ("a.png", "The picture could not be fetched: it is no http or https address"),
        ("file:///etc/passwd", "The picture could not be fetched: it is no http or https address"),
    ] {
        let answer = put(address);
        assert_eq!((answer.status, answer.message().as_str()), (400, sentence), "{address}");
    }
}

#[test]
fn private_addresses_and_plain_ones_from_a_secure_page_are_refused() {
    let house = House::new();
    let answer = house.send(Ask::put(&house.path("")).json(&json!({ "files": "https://localhost/a.png" })));
    assert_eq!((answer.status, answer.code().as_str()), (403, "address_refused"));
    let proxies = vec!["0.0.0.0/0".parse().expect("a network")];
    let house =
        House::with(Settings { allow_private: true, trusted_proxies: proxies, ..Settings::default() });
    let ask = Ask::put(&house.path("")).header("x-forwarded-proto", "https");
    let answer = house.send(ask.json(&json!({ "files": "HTTP://example.org/a.png" })));
    assert_eq!((answer.status, answer.code().as_str()), (403, "address_refused"));
}

#[test]
fn an_upload_that_is_sent_twice_is_carried_out_once() {
    let house = House::new();
    let ask = || {
        Ask::post(&house.path(""))
            .header("idempotency-key", "one")
            .form(Some(("File", &png())), &[("Autosave", "true")])
    };
    let (first, second) = (house.send(ask()), house.send(ask()));
    assert_eq!(first.response(), second.response());
    let other = Ask::post(&house.path("")).header("idempotency-key", "one");
    let other = other.form(Some(("File", &picture(9, 9, ImageFormat::Png))), &[("Autosave", "true")]);
    assert_eq!(house.send(other).code(), "idempotency_conflict");
    assert_eq!(house.shown(&first.response()["data"]["main"]).dimensions(), (300, 100));
}

#[test]
fn other_names_are_no_pictures() {
    let house = House::new();
    for path in [
        "/static/images/x.png",
        "/storage/userPhotos/root/x.png",
        "/storage/userPhotos/temp/x.png",
        "/storage/userPhotos/root/..%2f..%2fx",
    ] {
        assert_eq!(house.site.send(Ask::get(path)).status, 404, "{path}");
    }
}

#[test]
fn an_invitation_shows_the_inviter_with_the_picture_in_the_reply() {
    let house = House::new();
    house.upload(&png(), "true");
    let portal = house.site.lab.portal();
    let made = house.site.lab.write(&Call::system(portal.clone()), move |tx| {
        let email = Some("new@example.org");
        let bound = Bound { email, invites: Some(UserKind::User), ..Bound::default() };
        confirm::link(tx, &portal, ConfirmType::LinkInvite, &bound)
    });
    let link = made.expect("a link");
    let (_, link) = link.split_once('?').expect("a query");
    let ask = Ask::get(&format!("/people/{}", house.person.id)).header("confirm", link);
    let shown = house.site.send(ask).response();
    assert_eq!((shown["firstName"].as_str(), shown["hasAvatar"].as_bool()), (Some("ada"), Some(true)));
    assert!(shown["avatar"].as_str().is_some_and(|avatar| avatar.starts_with("data:image/png;base64,iVBOR")));
    assert_eq!(shown.get("email"), None);
}
