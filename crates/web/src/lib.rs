//! The web page: the files of `ui/build`, embedded into the program, and the rules by which they are served.
//!
//! Everything that depends on the files alone (types, tags, the security policy) is worked out once, at the start.
//! Debug builds embed the files as releases do, so that the tests see what is released. Without `ui/build` the program
//! builds and serves the API all the same, and says that the page is missing.

mod accept;
mod page;
mod place;
mod policy;

use std::sync::LazyLock;

use axum::extract::Request;
use axum::response::Response;
use rust_embed::RustEmbed;

pub use page::{Asset, Page};

/// What `npm run build` made.
#[derive(RustEmbed)]
#[folder = "../../ui/build"]
#[allow_missing = true]
struct Build;

static PAGE: LazyLock<Page> = LazyLock::new(|| {
    Page::new(Build::iter().filter_map(|path| {
        let file = Build::get(&path)?;
        Some(Asset { sha256: file.metadata.sha256_hash(), bytes: file.data, path })
    }))
});

/// What stands in for the page where it is missing.
pub const NOT_BUILT: &str = "The web page is not built into this program: `make run` builds it.";

/// Whether the page is built into this program.
pub fn is_built() -> bool {
    PAGE.is_built()
}

/// The page's answer to a request that is no endpoint's; none where the refusal is the API's to make.
pub fn respond(request: &Request) -> Option<Response> {
    PAGE.respond(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_build_has_a_type() {
        let unknown: Vec<_> = Build::iter().filter(|path| page::content_type(path).is_none()).collect();
        assert!(unknown.is_empty(), "add to content_type(): {unknown:?}");
    }
}
