//! An installation with HTTP, in process: requests go through the whole table and gate, over no socket.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;

use api::{App, Settings};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::Response;
use domain::keys::{self, NewKey};
use domain::people::Person;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::lab::Lab;

type Answered = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;
type Serve = Box<dyn Fn(Request) -> Answered + Send + Sync>;

/// A lab that answers requests.
pub struct Site {
    /// The installation.
    pub lab: Lab,
    /// The app.
    pub app: App,
    serve: Serve,
    runtime: tokio::runtime::Runtime,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body as text.
    pub text: String,
    /// Its body as it is.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Its body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// `response` of its envelope.
    pub fn response(&self) -> Value {
        self.json()["response"].take()
    }

    /// Status, content type and body, to be compared as a whole.
    pub fn whole(&self) -> Value {
        json!({ "status": self.status, "type": self.header("content-type"), "body": self.json() })
    }

    /// The values of a header, joined by `; `.
    pub fn header(&self, name: &str) -> String {
        let values = self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.collect::<Vec<_>>().join("; ")
    }

    /// The fields a validation problem names.
    pub fn fields(&self) -> Vec<String> {
        let json = self.json();
        let errors = json["response"]["errors"].as_object();
        errors.map(|errors| errors.keys().cloned().collect()).unwrap_or_default()
    }

    /// `error.code` of its envelope; of a flat refusal, `error` in the form of ours.
    pub fn code(&self) -> String {
        let json = self.json();
        let flat = json["error"].as_str().unwrap_or_default();
        let snake = flat.chars().flat_map(|c| {
            let mark = c.is_ascii_uppercase().then_some('_');
            mark.into_iter().chain([c.to_ascii_lowercase()])
        });
        json["error"]["code"].as_str().map_or_else(|| snake.collect(), str::to_owned)
    }

    /// `error.message` of its envelope.
    pub fn message(&self) -> String {
        self.json()["error"]["message"].as_str().unwrap_or_default().to_owned()
    }
}

/// A request in the making.
#[derive(Debug, Clone)]
pub struct Ask {
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Ask {
    /// A request; a path that begins with `/` and no `api` gets `/api/2.0` before it.
    pub fn new(method: Method, path: &str) -> Self {
        let lower = path.to_ascii_lowercase();
        let known = ["/api", "/health", "/openapi.json", "/s/", "/storage", "/static", "//"]
            .iter()
            .any(|root| lower.starts_with(root));
        let path = if known { path.to_owned() } else { format!("/api/2.0{path}") };
        Self { method, path, headers: Vec::new(), body: Vec::new() }
    }

    /// A GET.
    pub fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    /// A POST.
    pub fn post(path: &str) -> Self {
        Self::new(Method::POST, path)
    }

    /// A PUT.
    pub fn put(path: &str) -> Self {
        Self::new(Method::PUT, path)
    }

    /// A DELETE.
    pub fn delete(path: &str) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sent to this host instead of `portal.test`.
    #[must_use]
    pub fn host(self, name: &str) -> Self {
        self.header("host", name)
    }

    /// With an API key or token as Bearer.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With a JSON body and its content type.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").raw(body.to_string())
    }

    /// With a form that has a file and these other fields.
    #[must_use]
    pub fn form(self, file: Option<(&str, &[u8])>, fields: &[(&str, &str)]) -> Self {
        const BOUNDARY: &str = "----a-line-that-is-in-no-file";
        let mut body = Vec::new();
        for (name, text) in fields {
            let head =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        if let Some((name, bytes)) = file {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.bin\"\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.header("content-type", &format!("multipart/form-data; boundary={BOUNDARY}")).raw(body)
    }

    /// With a body as it is.
    #[must_use]
    pub fn raw(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

impl Site {
    /// The lab behind HTTP.
    pub fn new(lab: Lab) -> Self {
        Self::with(lab, Settings::default())
    }

    /// The lab behind HTTP, with these settings.
    #[expect(clippy::expect_used, reason = "a test that has no ground fails")]
    pub fn with(lab: Lab, settings: Settings) -> Self {
        let app = App::new(lab.store.clone(), lab.means.blobs.clone(), settings).expect("the app");
        let service = api::table().service(app.clone());
        let serve: Serve = Box::new(move |request| Box::pin(service.clone().oneshot(request)));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { lab, app, serve, runtime }
    }

    /// The lab with its owner behind HTTP, and a key of the owner's for everything.
    pub fn owned(lab: Lab) -> (Self, String) {
        let owner = lab.set_up();
        let site = Self::new(lab);
        let key = site.key(&owner, &[]);
        (site, key)
    }

    /// Sends a request and waits for its answer. May be called by several threads at once.
    #[expect(clippy::expect_used, reason = "a request that can't be made is a mistake of the test")]
    pub fn send(&self, ask: Ask) -> Answer {
        let mut request = Request::builder().method(ask.method).uri(ask.path);
        if !ask.headers.iter().any(|(name, _)| name == "host") {
            request = request.header("host", "portal.test");
        }
        if !ask.headers.iter().any(|(name, _)| name == "x-request-id") {
            request = request.header("x-request-id", "lab");
        }
        for (name, value) in ask.headers {
            request =
                request.header(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header's value"));
        }
        let request = request.body(Body::from(ask.body)).expect("a request");
        self.runtime.block_on(async {
            let Ok(response) = (self.serve)(request).await;
            let (parts, body) = response.into_parts();
            let bytes = body.collect().await.expect("a body").to_bytes();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Answer { status: parts.status.as_u16(), headers: parts.headers, text, bytes: bytes.into() }
        })
    }

    /// An API key of this person's, for these scopes; for everything when there are none.
    pub fn key(&self, person: &Person, scopes: &[&str]) -> String {
        self.key_of(self.lab.call(person), person, scopes)
    }

    /// The same in the portal of a call.
    #[expect(clippy::expect_used, reason = "a fresh lab makes keys")]
    pub fn key_of(&self, call: domain::Call, person: &Person, scopes: &[&str]) -> String {
        let permissions = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let new = NewKey { name: "key".to_owned(), permissions, expires_in_days: None };
        let (portal, creator) = (call.portal.id, person.id);
        let made = self.lab.write(&call, move |tx| keys::create_for(tx, portal, creator, &new));
        made.expect("a key").text
    }
}
