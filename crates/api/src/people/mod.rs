//! People (people.md §4).

mod address;
mod audience;
mod body;
mod create;
mod guests;
mod invite;
mod list;
mod notifications;
mod own;
mod password;
mod photos;
pub(crate) mod pictures;
mod profiles;
mod quota;
mod removal;
mod status;
mod types;
mod update;

pub(crate) use audience::group_routes;
pub(crate) use body::{EmployeeTypes, Guid, kind_in_path, kind_of};
pub(crate) use list::{ORDERS, Paging};

use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = own::routes(routes.tag("people"));
    let routes = list::routes(routes);
    let routes = audience::routes(routes);
    let routes = profiles::routes(routes);
    let routes = notifications::routes(routes).tag("people");
    let routes = create::routes(routes);
    let routes = invite::routes(routes);
    let routes = update::routes(routes);
    let routes = address::routes(routes);
    let routes = password::routes(routes);
    let routes = status::routes(routes);
    let routes = types::routes(routes);
    let routes = removal::routes(routes);
    let routes = guests::routes(routes);
    let routes = quota::routes(routes);
    let routes = photos::routes(routes);
    pictures::routes(routes)
}
