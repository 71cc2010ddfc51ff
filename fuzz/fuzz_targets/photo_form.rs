//! A form with a picture in it, as `POST /people/{userid}/photo` reads it: the form, then the picture.
#![no_main]

use std::sync::LazyLock;

use api::upload::{self, File};
use axum::body::Body;
use libfuzzer_sys::fuzz_target;
use media::{Crop, Picture};
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().build().expect("a runtime"));
const LIMIT: usize = 64 << 10;

fuzz_target!(|body: Vec<u8>| {
    let read = upload::read(Some("multipart/form-data; boundary=b"), Body::from(body.clone()), "File", LIMIT);
    let form = RUNTIME.block_on(read);
    // What is no form may still be a picture.
    let picture = match form.map(|form| form.file) {
        Ok(Some(File::Whole(bytes))) => bytes,
        Ok(_) => return,
        Err(_) => body,
    };
    let Ok(picture) = Picture::read(&picture) else { return };
    // Larger ones only take longer.
    if picture.width().saturating_mul(picture.height()) < 1 << 16 {
        let crop = Crop { x: 3, y: 5, width: 7, height: 0 };
        assert!(picture.squares(Some(crop), &[32]).is_ok_and(|squares| squares.len() == 1));
        assert!(picture.write().is_ok());
    }
});
