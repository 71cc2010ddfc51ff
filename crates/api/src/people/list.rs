//! Lists of people and single profiles (people.md §4).

use crate::routes::Routes;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
}
