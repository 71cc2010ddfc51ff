//! People (people.md §4).

mod audience;
mod list;
mod notifications;
mod own;
mod photos;
pub(crate) mod pictures;
mod profiles;

pub(crate) use audience::group_routes;
pub(crate) use list::{ORDERS, Paging};

use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = own::routes(routes.tag("people"));
    let routes = list::routes(routes);
    let routes = audience::routes(routes);
    let routes = profiles::routes(routes);
    let routes = notifications::routes(routes).tag("people");
    let routes = photos::routes(routes);
    pictures::routes(routes)
}
