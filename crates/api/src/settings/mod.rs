//! The portal's settings: one file for each topic (foundation.md §2.4, §2.7, §4.3, §4.4, §4.10).

mod addresses;
mod facts;
mod first;
mod joining;
mod modules;
mod own;
mod owner;
mod place;
mod quotas;
mod shape;
mod sign_in;
mod simple;
mod tfa;
mod themes;
mod wizard;

use crate::routes::Routes;

/// What people can be called.
pub(crate) const USER_NAME: &str = r"^[\p{L}\p{M}' \-.]+$";
/// Longest e-mail address.
const EMAIL_MAX: usize = 255;
/// What a setting is answered with that shows nothing else.
const SAVED: &str = "Settings have been successfully updated";

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = first::routes(routes.tag("settings"));
    let routes = wizard::routes(routes);
    let routes = place::routes(routes);
    let routes = simple::routes(routes);
    let routes = own::routes(routes);
    let routes = sign_in::routes(routes);
    let routes = tfa::routes(routes);
    let routes = addresses::routes(routes);
    let routes = joining::routes(routes);
    let routes = themes::routes(routes);
    let routes = quotas::routes(routes);
    let routes = facts::routes(routes);
    let routes = modules::routes(routes);
    owner::routes(routes)
}
