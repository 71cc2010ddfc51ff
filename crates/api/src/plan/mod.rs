//! The portal's plan, tariff and payments (foundation.md §4.5, §4.11): one plan for all portals, with nothing to pay
//! (deviations.md 23).

mod money;
mod raw;
mod shown;
mod space;
mod tariff;

use crate::bind;
use crate::params::{Param, QueryDto, param};
use crate::routes::Routes;

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = raw::routes(routes.tag("portal"));
    let routes = tariff::routes(routes);
    let routes = shown::routes(routes);
    let routes = money::routes(routes);
    space::routes(routes)
}

/// Whether what is remembered is to be read anew. Nothing is remembered of plans, so either way it is.
#[derive(Debug)]
struct RefreshQuery;

impl QueryDto for RefreshQuery {
    const PARAMS: &'static [Param] = &[param("refresh", "boolean", "Read it anew, which is always done")];

    fn read(query: &mut bind::Query<'_>) -> Self {
        query.flag("refresh", "Refresh");
        Self
    }
}
