//! People (people.md §4).

mod list;
mod photos;
pub(crate) mod pictures;

use domain::Result;
use domain::call::Via;
use domain::people;

use crate::app::App;
use crate::body::NoBody;
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::wire::Site;
use crate::wire::employee::EmployeeFullDto;

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = routes.tag("people").get(
        "/api/2.0/people/@self",
        "people.self",
        Need::Guest,
        Scope::SelfRead,
        "The caller's own profile",
        own,
    );
    let routes = list::routes(routes);
    let routes = photos::routes(routes);
    pictures::routes(routes)
}

async fn own(call: Call, app: App, _: NoBody) -> Result<Reply<EmployeeFullDto>> {
    let session = match call.via {
        Via::Session { id, cookie: true } => id.0,
        _ => 0,
    };
    app.read(call, move |conn, call| {
        let profile = people::profile(conn, call, call.person()?.clone())?;
        Ok(Reply::one(EmployeeFullDto::of_self(&profile, &Site::of(call), "System", session)))
    })
    .await
}
