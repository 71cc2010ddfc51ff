//! Replies: the envelope of foundation.md §1.1, and the two forms of refusal of §1.2 and §1.3.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError};

use axum::body::Body as HttpBody;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use domain::idempotency::Kept;
use domain::{Kind, Problem, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::app::App;
use crate::exchange::{Exchange, REQUEST_ID, header_value};
use crate::openapi::Sketch;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json; charset=utf-8");
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
const RATE_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const RATE_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RATE_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
const API_VERSIONS: HeaderName = HeaderName::from_static("api-supported-versions");

/// What a handler can return: something that becomes a response and describes itself.
pub(crate) trait Answer: Send {
    /// Makes the response.
    fn render(self, exchange: &Exchange) -> Response;
    /// Tells the API description what it is.
    fn describe(sketch: &mut Sketch);
}

/// A reply in the envelope.
#[derive(Debug)]
pub(crate) struct Reply<T> {
    content: Content<T>,
    count: i64,
    total: Option<i64>,
    secret_of: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

#[derive(Debug)]
enum Content<T> {
    Nothing,
    Value(T),
    /// JSON text: a reply that was kept under an Idempotency-Key.
    Kept(Box<RawValue>),
}

impl<T> Reply<T> {
    fn new(content: Content<T>, count: i64) -> Self {
        Self { content, count, total: None, secret_of: None, headers: Vec::new() }
    }

    /// One thing: `count` is 1.
    pub(crate) fn one(value: T) -> Self {
        Self::new(Content::Value(value), 1)
    }

    /// Nothing: no `response`, and `count` is 0.
    pub(crate) fn nothing() -> Self {
        Self::new(Content::Nothing, 0)
    }

    /// A reply that holds a secret: under an Idempotency-Key only the fact is kept, with this id.
    #[must_use]
    pub(crate) fn secret(mut self, id: impl ToString) -> Self {
        self.secret_of = Some(id.to_string());
        self
    }

    /// The reply with a header.
    #[must_use]
    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl<T> Reply<Vec<T>> {
    /// A list that is in memory: `count` is its length (foundation.md §1.1, rule 2).
    pub(crate) fn list(items: Vec<T>) -> Self {
        let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
        Self::new(Content::Value(items), count)
    }

    /// A page of a longer list, with the number of all that match: `count` is the page's length.
    pub(crate) fn page(items: Vec<T>, total: i64) -> Self {
        Self { total: Some(total), ..Self::list(items) }
    }
}

/// A reply without any content: 204.
#[derive(Debug)]
pub(crate) struct NoContent;

impl Answer for NoContent {
    fn render(self, _: &Exchange) -> Response {
        let mut response = Response::new(HttpBody::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        response
    }

    fn describe(sketch: &mut Sketch) {
        sketch.no_content();
    }
}

/// The answer of lines that only refuse: there is none.
#[derive(Debug)]
pub(crate) enum Never {}

impl Answer for Never {
    fn render(self, _: &Exchange) -> Response {
        match self {}
    }

    fn describe(sketch: &mut Sketch) {
        sketch.refuses();
    }
}

/// A reply as it is kept under an Idempotency-Key.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    #[serde(borrow)]
    response: Option<Cow<'a, RawValue>>,
    count: i64,
    total: Option<i64>,
}

impl<T: Serialize> Reply<T> {
    /// What is to be kept of it under an Idempotency-Key.
    pub(crate) fn kept(&self) -> Result<Kept> {
        if let Some(id) = &self.secret_of {
            return Ok(Kept::Secret(id.clone()));
        }
        let response = match &self.content {
            Content::Nothing => None,
            Content::Value(value) => {
                Some(Cow::Owned(serde_json::value::to_raw_value(value).map_err(Problem::internal)?))
            }
            Content::Kept(text) => Some(Cow::Borrowed(&**text)),
        };
        let stored = Stored { response, count: self.count, total: self.total };
        Ok(Kept::Reply(serde_json::to_string(&stored).map_err(Problem::internal)?))
    }

    /// The reply that was kept.
    pub(crate) fn from_kept(text: &str) -> Result<Self> {
        let stored: Stored<'_> = serde_json::from_str(text).map_err(Problem::internal)?;
        let content = stored.response.map_or(Content::Nothing, |raw| Content::Kept(raw.into_owned()));
        Ok(Self { total: stored.total, ..Self::new(content, stored.count) })
    }

    fn write(&self, exchange: &Exchange, out: &mut Vec<u8>) -> serde_json::Result<()> {
        out.push(b'{');
        match &self.content {
            Content::Nothing => {}
            Content::Value(value) => write_response(exchange, value, out)?,
            Content::Kept(text) => write_response(exchange, text, out)?,
        }
        out.extend_from_slice(b"\"count\":");
        serde_json::to_writer(&mut *out, &self.count)?;
        if let Some(total) = self.total {
            out.extend_from_slice(b",\"total\":");
            serde_json::to_writer(&mut *out, &total)?;
        }
        out.push(b',');
        write_links(exchange, out)?;
        out.extend_from_slice(b",\"status\":0,\"statusCode\":200}");
        Ok(())
    }
}

fn write_response<T: Serialize>(exchange: &Exchange, value: &T, out: &mut Vec<u8>) -> serde_json::Result<()> {
    out.extend_from_slice(b"\"response\":");
    let fields = exchange.fields();
    if fields.is_empty() {
        serde_json::to_writer(&mut *out, value)?;
    } else {
        serde_json::to_writer(&mut *out, &cut(serde_json::to_value(value)?, &fields))?;
    }
    out.push(b',');
    Ok(())
}

fn write_links(exchange: &Exchange, out: &mut Vec<u8>) -> serde_json::Result<()> {
    let href = format!("{}{}", exchange.base, exchange.path_and_query());
    out.extend_from_slice(b"\"links\":[{\"href\":");
    serde_json::to_writer(&mut *out, &href)?;
    out.extend_from_slice(b",\"action\":");
    // A HEAD is answered with the length of the GET's body.
    let action = if exchange.method == Method::HEAD { &Method::GET } else { &exchange.method };
    serde_json::to_writer(&mut *out, action.as_str())?;
    out.extend_from_slice(b"}]");
    Ok(())
}

/// Keeps the named members, of each element where it is a list; `a.b` keeps `b` of `a` (foundation.md §1.8).
fn cut(value: serde_json::Value, fields: &[String]) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Array(items) => items.into_iter().map(|item| cut(item, fields)).collect(),
        Value::Object(members) => members
            .into_iter()
            .filter_map(|(name, member)| {
                if fields.contains(&name) {
                    return Some((name, member));
                }
                let below: Vec<String> = fields
                    .iter()
                    .filter_map(|field| field.strip_prefix(&name)?.strip_prefix('.'))
                    .map(str::to_owned)
                    .collect();
                (!below.is_empty()).then(|| (name, cut(member, &below)))
            })
            .collect(),
        other => other,
    }
}

impl<T: Serialize + JsonSchema + Send> Answer for Reply<T> {
    fn render(self, exchange: &Exchange) -> Response {
        let mut body = Vec::with_capacity(4096);
        match self.write(exchange, &mut body) {
            Ok(()) => {
                let mut response = respond(StatusCode::OK, JSON, body);
                response.headers_mut().extend(self.headers);
                response
            }
            Err(error) => problem_response(exchange, &Problem::internal(error)),
        }
    }

    fn describe(sketch: &mut Sketch) {
        sketch.reply::<T>();
    }
}

/// A reply outside the envelope: `/health`, `/openapi.json`.
#[derive(Debug)]
pub(crate) struct Bare<T>(pub StatusCode, pub T);

impl<T: Serialize + JsonSchema + Send> Answer for Bare<T> {
    fn render(self, exchange: &Exchange) -> Response {
        match serde_json::to_vec(&self.1) {
            Ok(body) => respond(self.0, JSON, body),
            Err(error) => problem_response(exchange, &Problem::internal(error)),
        }
    }

    fn describe(sketch: &mut Sketch) {
        sketch.bare_reply::<T>();
    }
}

/// A picture. It may be kept for a while where its address changes with it.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) bytes: Vec<u8>,
    pub(crate) content_type: &'static str,
    pub(crate) may_be_kept: bool,
}

/// A day: long enough to be worth it, short enough for pictures that were deleted.
const PICTURE_KEPT: HeaderValue = HeaderValue::from_static("private, max-age=86400");

impl Answer for Picture {
    fn render(self, _: &Exchange) -> Response {
        let mut response = respond(StatusCode::OK, HeaderValue::from_static(self.content_type), self.bytes);
        if self.may_be_kept {
            response.headers_mut().insert(header::CACHE_CONTROL, PICTURE_KEPT);
        }
        response
    }

    fn describe(sketch: &mut Sketch) {
        sketch.picture();
    }
}

/// A text file to be saved.
#[derive(Debug)]
pub(crate) struct Download {
    /// The file's name.
    pub(crate) name: String,
    /// Its content type.
    pub(crate) content_type: &'static str,
    /// Its text.
    pub(crate) text: String,
}

impl Answer for Download {
    fn render(self, _: &Exchange) -> Response {
        let mut response =
            respond(StatusCode::OK, HeaderValue::from_static(self.content_type), self.text.into_bytes());
        let disposition = header_value(&format!("attachment; filename=\"{}\"", self.name));
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
        response
    }

    fn describe(sketch: &mut Sketch) {
        sketch.bare_reply::<String>();
    }
}

/// Sends the client to another address of this server.
#[derive(Debug)]
pub(crate) struct Redirect(pub String);

impl Answer for Redirect {
    fn render(self, _: &Exchange) -> Response {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::FOUND;
        response.headers_mut().insert(header::LOCATION, header_value(&self.0));
        response
    }

    fn describe(sketch: &mut Sketch) {
        sketch.bare_reply::<()>();
    }
}

fn respond(status: StatusCode, content_type: HeaderValue, body: Vec<u8>) -> Response {
    let mut response = Response::new(HttpBody::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
}

#[derive(Serialize)]
struct ErrorEnvelope<'a> {
    error: ErrorDto<'a>,
    status: u8,
    #[serde(rename = "statusCode")]
    status_code: u16,
}

/// The error object. `type`, `stack` and `hresult` are always there and never null (deviations.md 8).
#[derive(Serialize)]
struct ErrorDto<'a> {
    message: &'a str,
    r#type: &'a str,
    stack: &'a str,
    hresult: i32,
    code: &'a str,
}

#[derive(Serialize)]
struct ValidationDto<'a> {
    r#type: &'a str,
    title: &'a str,
    status: u16,
    errors: Errors<'a>,
    #[serde(rename = "traceId")]
    trace_id: &'a str,
}

struct Errors<'a>(&'a [(String, Vec<String>)]);

impl Serialize for Errors<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, sentences)| (key, sentences)))
    }
}

/// The refusal of a request in its form: the problem object for bad fields, else the error envelope.
fn problem_response(exchange: &Exchange, problem: &Problem) -> Response {
    log(exchange, problem);
    let entry = problem.kind().entry();
    let status = StatusCode::from_u16(entry.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let flat = exchange.line.is_some_and(|line| line.flat);
    let mut response = if problem.kind() == Kind::Validation {
        let body = if flat { flat_validation_body } else { validation_body }(exchange, problem);
        respond(status, PROBLEM_JSON, body.unwrap_or_default())
    } else if flat {
        respond(status, JSON, serde_json::to_vec(&FlatError::of(problem)).unwrap_or_default())
    } else {
        let error = ErrorDto {
            message: problem.message(),
            r#type: entry.family.name(),
            stack: "",
            hresult: 0,
            code: entry.code,
        };
        let envelope = ErrorEnvelope { error, status: 1, status_code: entry.status };
        respond(status, JSON, serde_json::to_vec(&envelope).unwrap_or_default())
    };
    let headers = response.headers_mut();
    if let Some(seconds) = problem.wait() {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if let Some(methods) = problem.methods() {
        headers.insert(header::ALLOW, header_value(methods));
    }
    response
}

/// A refusal of a flat line (foundation.md §4.2).
#[derive(Serialize)]
struct FlatError<'a> {
    error: String,
    message: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    variants: &'a [String],
}

impl<'a> FlatError<'a> {
    fn of(problem: &'a Problem) -> Self {
        let code = camel_case(problem.kind().entry().code);
        Self { error: code, message: problem.message(), variants: problem.similar() }
    }
}

/// Our code as the registration service writes it: `portal_name_empty` is `portalNameEmpty`.
fn camel_case(code: &str) -> String {
    let mut words = code.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let (head, tail) = word.split_at(word.len().min(1));
        text + &head.to_ascii_uppercase() + tail
    })
}

fn validation<'a>(exchange: &'a Exchange, problem: &'a Problem) -> ValidationDto<'a> {
    ValidationDto {
        r#type: "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        title: problem.message(),
        status: 400,
        errors: Errors(problem.errors()),
        trace_id: &exchange.id,
    }
}

fn flat_validation_body(exchange: &Exchange, problem: &Problem) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&validation(exchange, problem))
}

fn validation_body(exchange: &Exchange, problem: &Problem) -> serde_json::Result<Vec<u8>> {
    let object = validation(exchange, problem);
    let mut body = b"{\"response\":".to_vec();
    serde_json::to_writer(&mut body, &object)?;
    body.extend_from_slice(b",\"count\":1,");
    write_links(exchange, &mut body)?;
    body.extend_from_slice(b",\"status\":1,\"statusCode\":400}");
    Ok(body)
}

/// Our own failures with their cause; that there was too much to do is said more quietly.
fn log(exchange: &Exchange, problem: &Problem) {
    let (id, path, cause) = (&exchange.id, exchange.uri.path(), problem.cause().unwrap_or_default());
    match problem.kind().entry().status {
        503 => tracing::warn!(request = id, method = %exchange.method, path, cause, "{}", problem.message()),
        500.. => {
            tracing::error!(request = id, method = %exchange.method, path, cause, "{}", problem.message());
        }
        _ => {}
    }
}

/// Ends a request: makes the response of its outcome and sets the headers every reply has.
pub(crate) fn close(exchange: &Arc<Exchange>, outcome: Result<Response>) -> Response {
    let mut response = outcome.unwrap_or_else(|problem| {
        let overlooked = exchange.overlooked.get().filter(|_| problem.kind() == Kind::Unauthenticated);
        let problem = overlooked.cloned().unwrap_or(problem);
        let mut response = problem_response(exchange, &problem);
        if problem.kind().entry().status == 401 && exchange.has_basic {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic"));
        }
        let is_dead = problem.kind().entry().status == 401 && problem.kind() != Kind::SignInFailed;
        if is_dead && exchange.has_cookie {
            // A dead session's cookie is of no more use (foundation.md §2.1); a wrong password says nothing of it.
            crate::authentication::expire_cookie(exchange, response.headers_mut());
        }
        response
    });
    let headers = response.headers_mut();
    let overlooked = exchange.overlooked.get().is_some_and(|problem| problem.kind() == Kind::SessionInvalid);
    if overlooked && exchange.has_cookie && !headers.contains_key(header::SET_COOKIE) {
        crate::authentication::expire_cookie(exchange, headers);
    }
    limit_headers(exchange, headers);
    let took = exchange.started.elapsed().as_millis();
    headers.insert(SERVER_TIMING, header_value(&format!("aspnetcore-request-time;dur={took}ms")));
    headers.insert(REQUEST_ID, header_value(&exchange.id));
    headers.insert(API_VERSIONS, HeaderValue::from_static("2.0"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    tracing::debug!(
        request = exchange.id,
        line = exchange.line.map_or("none", |line| line.name),
        method = %exchange.method,
        path = exchange.uri.path(),
        status = response.status().as_u16(),
        micros = u64::try_from(exchange.started.elapsed().as_micros()).unwrap_or(u64::MAX),
        "served"
    );
    response
}

/// How the caller stands with the limits (foundation.md §6).
fn limit_headers(exchange: &Exchange, headers: &mut HeaderMap) {
    let standing = *exchange.standing.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(standing) = standing {
        headers.insert(RATE_LIMIT, standing.limit.into());
        headers.insert(RATE_REMAINING, standing.remaining.into());
        headers.insert(RATE_RESET, standing.reset.into());
    }
}

/// Refuses a request that matched no line.
pub(crate) fn refuse(app: &App, request: &Request, problem: Problem) -> Response {
    let exchange = Exchange::open(app, None, request);
    close(&exchange, Err(problem))
}
