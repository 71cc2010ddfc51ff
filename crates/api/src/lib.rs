//! HTTP: the endpoint table, the gate, and the wire forms of DocSpace API 2.0.
//!
//! A request is matched to a line of the table ([`routes`]); the line says who may call it; the [`gate`] builds a
//! [`Call`]; the handler turns the wire's form into a plain command and runs one unit of the domain; a
//! [`Reply`](reply::Reply) goes back. One file per tag holds its lines, its handlers and its wire types.

mod app;
pub mod bind;
mod body;
mod exchange;
mod frames;
mod gate;
mod limits;
mod machine;
mod mailed;
pub mod openapi;
mod params;
mod passwords;
mod path;
mod pool;
mod reply;
mod routes;
mod server;
pub mod upload;
mod wire;

mod apisystem;
mod authentication;
mod capabilities;
mod groups;
mod invitations;
mod keys;
mod operations;
mod people;
mod plan;
mod portal;
mod rooms;
mod security;
mod settings;
mod system;

pub use app::{App, Settings};
pub use gate::Call;
pub use routes::{Line, Need, Reach, Routes};
pub use server::serve;

/// The endpoint table: every line there is, in the order of its tags.
pub fn table() -> Routes {
    let routes = Routes::new();
    let routes = authentication::routes(routes);
    let routes = people::routes(routes);
    let routes = groups::routes(routes);
    let routes = invitations::routes(routes);
    let routes = keys::routes(routes);
    let routes = rooms::routes(routes);
    let routes = operations::routes(routes);
    let routes = settings::routes(routes);
    let routes = security::routes(routes);
    let routes = capabilities::routes(routes);
    let routes = portal::routes(routes);
    let routes = plan::routes(routes);
    let routes = apisystem::routes(routes);
    system::routes(routes)
}
