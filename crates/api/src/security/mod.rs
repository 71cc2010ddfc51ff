//! Sessions as their account sees them, the log, and sites that may show the portal (foundation.md §2.5, §4.9).

mod audit;
mod connections;
mod csp;
mod report;

pub(crate) use connections::stay;

use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = connections::routes(routes.tag("security"));
    let routes = audit::routes(routes);
    let routes = report::routes(routes);
    csp::routes(routes)
}
