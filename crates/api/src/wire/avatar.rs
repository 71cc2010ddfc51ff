//! The addresses of a person's pictures (people.md §2.1).

use domain::people::{Person, Photo};
use schemars::JsonSchema;
use serde::Serialize;

/// Where people's own pictures are served.
pub(crate) const OWN: &str = "/storage/userPhotos/root/";
/// What stands for them; the size and `.png` follow.
pub(crate) const DEFAULT: &str = "/static/images/default_user_photo_size_";

/// The addresses of a person's pictures in all sizes.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ThumbnailsDataDto")]
pub(crate) struct Pictures {
    /// As uploaded.
    pub(crate) original: String,
    /// 360 × 360.
    pub(crate) retina: String,
    /// 200 × 200.
    pub(crate) max: String,
    /// 82 × 82.
    pub(crate) big: String,
    /// 48 × 48.
    pub(crate) medium: String,
    /// 32 × 32.
    pub(crate) small: String,
}

impl Pictures {
    pub(crate) fn of(person: &Person) -> Self {
        let hash = hash(person);
        let size = |side: u32| match &person.photo {
            Some(Photo { format, .. }) => {
                format!("{OWN}{}_size_{side}-{side}.{format}?hash={hash}", person.id)
            }
            None => format!("{DEFAULT}{side}-{side}.png?hash={hash}"),
        };
        let original = match &person.photo {
            Some(Photo { format, width, height, .. }) => {
                format!("{OWN}{}_orig_{width}-{height}.{format}?hash={hash}", person.id)
            }
            None => size(200),
        };
        Self { original, retina: size(360), max: size(200), big: size(82), medium: size(48), small: size(32) }
    }
}

/// Tells browsers one picture from the next: any stable, non-negative int (people.md §2.1).
fn hash(person: &Person) -> i64 {
    let seconds = person.modified_at.seconds();
    // Two pictures of one second differ by their keys.
    let key = person.photo.iter().flat_map(|photo| photo.key.bytes());
    key.fold(seconds, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())) & 0x7fff_ffff
}
