//! What the table has no line for may be the web page's.
#![cfg(test)]

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use testkit::{Ask, Engine, Lab, Site};
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

/// Who may show the page in a frame, as its headers say.
fn framed(site: &Site) -> (String, bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let page = |_: &Request| {
        let page = Response::builder()
            .header("content-security-policy", "default-src 'none'; frame-ancestors 'self'")
            .header("x-frame-options", "SAMEORIGIN");
        page.body(Body::from("the page")).ok()
    };
    let service = api::table().service_with(site.app.clone(), page);
    let request = Request::builder().uri("/rooms").header("host", "localhost").body(Body::empty()).unwrap();
    let response = runtime.block_on(service.oneshot(request)).unwrap();
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    (policy, response.headers().contains_key("x-frame-options"))
}

#[test]
fn sites_that_an_administrator_names_may_show_the_page() {
    let (site, key) = Site::owned(Lab::new(Engine::Sqlite));
    let name = |domains: serde_json::Value| {
        let body = serde_json::json!({ "domains": domains });
        assert_eq!(site.send(Ask::post("/security/csp").bearer(&key).json(&body)).status, 200);
    };
    assert_eq!(framed(&site), ("default-src 'none'; frame-ancestors 'self'".into(), true));
    name(serde_json::json!(["https://a.example", "*.b.example"]));
    let named = "default-src 'none'; frame-ancestors 'self' https://a.example *.b.example";
    assert_eq!(framed(&site), (named.into(), false));
    let many: Vec<String> = (0..200).map(|number| format!("https://{number}.a-long-name.example")).collect();
    let refused =
        site.send(Ask::post("/security/csp").bearer(&key).json(&serde_json::json!({ "domains": many })));
    assert_eq!(refused.status, 400, "they would make a header that nothing takes");
    name(serde_json::json!([]));
    assert_eq!(framed(&site), ("default-src 'none'; frame-ancestors 'self'".into(), true));
}
