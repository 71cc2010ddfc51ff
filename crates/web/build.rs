//! Has the page embedded anew when its build changed; `include_bytes!` alone misses files that come and go.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Cargo takes a folder that isn't there for changed at every build, so until the first build of the page the
    // folder that it will appear in is watched.
    let watched = ["../../ui/build", "../../ui"].into_iter().find(|folder| Path::new(folder).is_dir());
    if let Some(folder) = watched {
        println!("cargo::rerun-if-changed={folder}");
    }
}
