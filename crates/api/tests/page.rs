//! What the table has no line for may be the web page's.
#![cfg(test)]

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use testkit::{Engine, Lab, Site};
use tower::ServiceExt;

#[test]
fn only_what_matches_no_line_is_the_pages() {
    let site = Site::new(Lab::new(Engine::Sqlite));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let page = |request: &Request| {
        request.uri().path().starts_with("/rooms").then(|| Response::new(Body::from("the page")))
    };
    let service = api::table().service_with(site.app.clone(), page);
    for (method, path, status, is_page) in [
        ("GET", "/rooms/7", 200, true),
        ("GET", "//rooms//", 200, true),
        ("GET", "/nope", 404, false),
        ("GET", "/health", 200, false),
        ("POST", "/health", 405, false),
    ] {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let response = runtime.block_on(service.clone().oneshot(request)).unwrap();
        assert_eq!(response.status(), status, "{method} {path}");
        assert_eq!(response.headers().contains_key("x-request-id"), !is_page, "{method} {path}");
    }
}
