//! How a build is served, shown on a small one.

#![cfg(test)]

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::Response;
use data_encoding::BASE64;
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};
use web::{Asset, NOT_BUILT, Page};

const BOOTSTRAP: &str = "\n\t{ __sveltekit = {}; import(\"/_app/immutable/entry/start.Ab1.js\"); }\n";
const HASHED: &str = "/_app/immutable/entry/start.Ab1.js";

fn page() -> Page {
    let index = format!(
        "<!doctype html><script src=\"/theme.js\"></script><style>b {{}}</style><script>{BOOTSTRAP}</script>"
    );
    build(&[
        ("index.html", &index),
        ("index.html.br", "brotli"),
        ("index.html.gz", "gzip"),
        ("theme.js", "document.title.length"),
        ("theme.js.gz", "this form is larger than the file itself"),
        ("icon.svg", "<svg/>"),
        ("stray.br", "?"),
        ("_app/version.json", "{}"),
        ("_app/immutable/entry/start.Ab1.js", "export const start = () => {};"),
        ("_app/immutable/entry/start.Ab1.js.br", "br"),
        ("_app/immutable/chunks/Cd2.js", "a(`<div id=\"svelte-announcer\" style=\"left: 0\"></div>`);"),
    ])
}

fn build(files: &[(&str, &str)]) -> Page {
    Page::new(files.iter().map(|(path, text)| Asset {
        path: Cow::Owned((*path).to_owned()),
        bytes: Cow::Owned(text.as_bytes().to_vec()),
        sha256: Sha256::digest(text).into(),
    }))
}

fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> Option<Response> {
    let request =
        headers.iter().fold(Request::builder().method(method).uri(path), |request, (name, value)| {
            request.header(*name, *value)
        });
    page().respond(&request.body(Body::empty()).unwrap())
}

fn get(path: &str, headers: &[(&str, &str)]) -> Response {
    ask("GET", path, headers).unwrap_or_else(|| panic!("{path} is not answered"))
}

fn header<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

async fn text(response: Response) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

#[tokio::test]
async fn files_have_their_types_and_lifetimes() {
    for (path, content_type, cache) in [
        (HASHED, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/theme.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/icon.svg", "image/svg+xml", "no-cache"),
        ("/_app/version.json", "application/json; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("//icon%2Esvg/", "image/svg+xml", "no-cache"),
    ] {
        let response = get(path, &[("accept", "image/png")]);
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&response, "content-type"), Some(content_type), "{path}");
        assert_eq!(header(&response, "cache-control"), Some(cache), "{path}");
        assert_eq!(header(&response, "x-content-type-options"), Some("nosniff"), "{path}");
    }
    let response = get("/icon.svg", &[]);
    assert_eq!(header(&response, "vary"), None);
    assert_eq!(header(&response, "content-security-policy"), None);
    assert_eq!(text(response).await, "<svg/>");
}

#[test]
fn a_known_file_is_not_sent_again() {
    let first = get("/index.html", &[("accept-encoding", "br")]);
    let tag = header(&first, "etag").unwrap();
    assert!(tag.ends_with("-br\""), "{tag}");
    for known in [tag.to_owned(), format!("\"x\", W/{tag}"), "*".to_owned()] {
        let response = get("/rooms", &[("accept-encoding", "br"), ("if-none-match", &known)]);
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(header(&response, "etag"), Some(tag));
        assert_eq!(header(&response, "vary"), Some("accept-encoding"));
        assert_eq!(header(&response, "content-length"), None);
        assert!(header(&response, "content-security-policy").is_some());
    }
    // Another form of it is another thing.
    assert_eq!(get("/index.html", &[("if-none-match", tag)]).status(), StatusCode::OK);
}

#[tokio::test]
async fn the_smallest_form_a_client_takes_is_sent() {
    for (accepts, coding) in [
        ("", None),
        ("gzip, deflate, br, zstd", Some("br")),
        ("gzip", Some("gzip")),
        ("GZIP;q=0.5", Some("gzip")),
        ("br;q=0, gzip", Some("gzip")),
        ("br;q=0.2, gzip;q=0.9", Some("gzip")),
        ("*", Some("br")),
        ("*;q=0", None),
        ("identity", None),
        ("deflate, zstd", None),
    ] {
        let response = get("/", &[("accept-encoding", accepts)]);
        assert_eq!(header(&response, "content-encoding"), coding, "{accepts}");
        assert_eq!(header(&response, "vary"), Some("accept-encoding"));
        let length: usize = header(&response, "content-length").unwrap().parse().unwrap();
        let body = text(response).await;
        assert_eq!(body.len(), length);
        let form = match coding {
            Some("br") => "brotli",
            Some(_) => "gzip",
            None => "<!doctype",
        };
        assert!(body.starts_with(form), "{accepts}: {body}");
    }
    let response = get("/theme.js", &[("accept-encoding", "gzip")]);
    assert_eq!(header(&response, "content-encoding"), None, "the packed form is the larger one");
}

#[tokio::test]
async fn head_tells_what_get_would_send() {
    for path in ["/", HASHED, "/theme.js"] {
        let sent = get(path, &[("accept-encoding", "br")]);
        let told = ask("HEAD", path, &[("accept-encoding", "br")]).unwrap();
        assert_eq!(told.status(), StatusCode::OK);
        assert_eq!(told.headers(), sent.headers());
        assert!(text(told).await.is_empty());
        assert!(!text(sent).await.is_empty());
    }
}

#[test]
fn the_document_runs_only_what_it_was_built_with() {
    let response = get("/rooms/7", &[]);
    let policy = header(&response, "content-security-policy").unwrap();
    let hash = |text: &str| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(text)));
    let expected = format!(
        "default-src 'none'; script-src 'self' {}; style-src 'self' {}; \
         style-src-attr 'unsafe-hashes' {}; img-src 'self' data: blob:; \
         connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'self'",
        hash(BOOTSTRAP),
        hash("b {}"),
        hash("left: 0")
    );
    assert_eq!(policy, expected);
    assert_eq!(header(&response, "referrer-policy"), Some("same-origin"));
    assert_eq!(header(&response, "x-frame-options"), Some("SAMEORIGIN"));
    assert_eq!(header(&response, "cross-origin-opener-policy"), Some("same-origin"));
}

#[test]
fn places_within_the_page_are_the_page() {
    for path in
        ["/", "//", "/rooms", "/rooms/7/", "/Setup", "/developer-tools?tab=keys", "/apis", "/r%C3%A4ume"]
    {
        let response = get(path, &[("accept", "text/html,application/xhtml+xml,*/*;q=0.8")]);
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&response, "content-type"), Some("text/html; charset=utf-8"), "{path}");
    }
}

#[test]
fn what_is_not_the_page_is_left_to_the_api() {
    for path in [
        "/api",
        "/api/2.0/nope",
        "/API/2.0/nope",
        "//api//2.0/nope",
        "/%61pi/2.0/nope",
        "/%2Fapi/nope",
        "/\\api\\nope",
        "/rooms/../api/2.0/nope",
        "/rooms/%2e%2e/api/nope",
        "/health/x",
        "/Health",
        "/openapi.json",
        "/OpenAPI.json/x",
        "/apisystem/portal/get",
        "/socket.io/?EIO=4",
        "/storage/room_logos/root/x",
        "/_app",
        "/_app/immutable/entry/gone.js",
        "/_app/immutable/entry",
        "/_APP/x",
        "/.well-known/openid-configuration",
        "/favicon.ico",
        "/rooms/7/picture.png",
        "/filehandler.ashx",
        "/index.html.br",
        "/index.html.gz",
        "/stray.br",
        "/_app/immutable/entry/start.Ab1.js.br",
        "/a%00b",
        "/%FF",
    ] {
        assert!(ask("GET", path, &[("accept", "text/html")]).is_none(), "{path}");
        assert!(ask("HEAD", path, &[]).is_none(), "{path}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        assert!(ask(method, "/", &[]).is_none(), "{method}");
        assert!(ask(method, "/icon.svg", &[]).is_none(), "{method}");
    }
}

#[test]
fn a_program_that_wants_no_page_gets_none() {
    for (accepts, page) in [
        ("text/html", true),
        ("TEXT/HTML;level=1", true),
        ("text/*", true),
        ("*/*", true),
        ("image/png, */*;q=0.1", true),
        ("application/json, text/html;q=0.1", true),
        ("application/json", false),
        ("application/json, text/plain, */*", false),
        ("text/html;q=0, */*", false),
        ("*/*;q=0", false),
        ("image/png", false),
    ] {
        assert_eq!(ask("GET", "/rooms", &[("accept", accepts)]).is_some(), page, "{accepts}");
    }
}

#[tokio::test]
async fn a_program_without_a_page_says_so() {
    let page = build(&[]);
    assert!(!page.is_built());
    let ask = |path: &str| page.respond(&Request::builder().uri(path).body(Body::empty()).unwrap());
    let response = ask("/").unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(text(response).await, format!("{NOT_BUILT}\n"));
    assert!(ask("/setup").is_some());
    assert!(ask("/api/2.0/nope").is_none());
    assert!(ask("/favicon.ico").is_none());
}
