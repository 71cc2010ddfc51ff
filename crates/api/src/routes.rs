//! The endpoint table: one line per endpoint, and what is derived from a line.
//!
//! From a line come its route, its operation in the API description, its check in the gate, its scope for API
//! keys and its name in the log; the tests of `tests/table.rs` walk over all lines. `docs/adding-an-endpoint.md`
//! says how to add one.

use std::convert::Infallible;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use axum::Router;
use axum::body::Body as HttpBody;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter};
use domain::confirm::ConfirmType;
use domain::people::UserKind;
use domain::{Caller, Kind, Problem};
use tower::util::MapRequestLayer;
use tower::{Layer, Service};

pub(crate) use domain::keys::Scope;

use crate::app::App;
use crate::exchange::{AsSent, Exchange};
use crate::frames::{self, Asked};
use crate::gate::{self, Call};
use crate::openapi::Sketch;
use crate::path::Patterns;
use crate::reply::{Answer, refuse};

/// Who may call an endpoint. Each level includes the ones above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Everybody, credentials or not; bad ones are ignored.
    Anyone,
    /// Everybody who holds a valid link to the thing, or an account; the handler asks for one of them.
    Link,
    /// Every active account.
    Guest,
    /// Every account but guests.
    User,
    /// Accounts that may create rooms.
    RoomAdmin,
    /// Administrators of the portal.
    DocSpaceAdmin,
    /// The portal's owner.
    Owner,
    /// The holder of the one-time set-up token (header `confirm: type=Wizard&key=…`).
    SetUp,
    /// The same, or administrators of the portal.
    SetUpOrAdmin,
    /// The holder of a mailed link of one of these types (header `confirm`); an account alone won't do.
    Confirm(&'static [ConfirmType]),
    /// The holder of the installation's machine key, or an administrator of a portal, who then reaches no other.
    System,
    /// The same, or every active account.
    ConfirmOrAccount(&'static [ConfirmType]),
}

impl Need {
    /// Whether an account is asked for at all.
    pub fn wants_account(self) -> bool {
        matches!(self, Self::Guest | Self::User | Self::RoomAdmin | Self::DocSpaceAdmin | Self::Owner)
    }

    /// Whether a caller meets it; that there is an account where one is wanted was checked before.
    pub(crate) fn is_met_by(self, caller: &Caller) -> bool {
        let Caller::Person(person) = caller else { return !self.wants_account() };
        match self {
            // What links let pass was checked at the gate.
            Self::Anyone
            | Self::Link
            | Self::Guest
            | Self::SetUp
            | Self::Confirm(_)
            | Self::ConfirmOrAccount(_) => true,
            Self::User => person.kind != UserKind::Guest,
            Self::RoomAdmin => person.kind.makes_rooms(),
            Self::DocSpaceAdmin | Self::System | Self::SetUpOrAdmin => person.is_admin(),
            Self::Owner => person.is_owner,
        }
    }
}

/// One endpoint.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its tag in the API description, which is its file here.
    pub tag: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path, with `{parameters}`.
    pub path: &'static str,
    /// `noun.verb`: its name in the log.
    pub name: &'static str,
    /// Who may call it.
    pub need: Need,
    /// The refusal of those who may not.
    pub refusal: Kind,
    /// What an API key must be made for.
    pub scope: Scope,
    /// What it does, in a few words.
    pub about: &'static str,
    /// Which portals it serves.
    pub reach: Reach,
    /// Whether its replies and refusals are flat JSON, without the envelope (foundation.md §4.2).
    pub flat: bool,
    /// Whether it may be called only a few times in a while (foundation.md §6).
    pub sensitive: bool,
    /// Whether no limit on the rate of requests counts it.
    pub unlimited: bool,
}

/// Which portals a line serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those that work; a request for none, or for a suspended one, is 404.
    Active,
    /// Suspended ones too.
    Suspended,
    /// It needs none: without one the caller is nobody.
    Anywhere,
}

/// Mounts a line's handler on its route.
type Mount = Box<dyn FnOnce(MethodRouter<App>, &'static Line) -> MethodRouter<App>>;

/// The table in the making: lines with their handlers and descriptions.
#[derive(Default)]
pub struct Routes {
    tag: &'static str,
    lines: Vec<Entry>,
}

struct Entry {
    line: Line,
    mount: Mount,
    sketch: fn(&mut Sketch),
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident $method:ident;)*) => {
        $($(#[$doc])*
        pub fn $name<H: Endpoint<A>, A: 'static>(
            self, path: &'static str, name: &'static str, need: Need, scope: Scope, about: &'static str, handler: H,
        ) -> Self {
            self.line(Method::$method, path, name, need, scope, about, handler)
        })*
    };
}

impl Routes {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tag of the lines that follow.
    #[must_use]
    pub fn tag(mut self, tag: &'static str) -> Self {
        self.tag = tag;
        self
    }

    methods! {
        /// Adds a GET.
        get GET;
        /// Adds a POST.
        post POST;
        /// Adds a PUT.
        put PUT;
        /// Adds a DELETE.
        delete DELETE;
    }

    /// The refusal of the last line, where it isn't "Access denied".
    #[must_use]
    pub fn refuse(self, refusal: Kind) -> Self {
        self.change(|line| line.refusal = refusal)
    }

    fn change(mut self, change: impl FnOnce(&mut Line)) -> Self {
        if let Some(entry) = self.lines.last_mut() {
            change(&mut entry.line);
        }
        self
    }

    /// The last line works in a suspended portal too.
    #[must_use]
    pub fn while_suspended(self) -> Self {
        self.change(|line| line.reach = Reach::Suspended)
    }

    /// The last line needs no portal.
    #[must_use]
    pub fn anywhere(self) -> Self {
        self.change(|line| line.reach = Reach::Anywhere)
    }

    /// The last line needs no portal, and speaks flat JSON, in refusals too.
    #[must_use]
    pub fn flat(self) -> Self {
        self.anywhere().change(|line| line.flat = true)
    }

    /// The last line may be called only a few times in a while (foundation.md §6, policy *sensitive*).
    #[must_use]
    pub fn sensitive(self) -> Self {
        self.change(|line| line.sensitive = true)
    }

    /// The last line isn't counted by any limit on the rate of requests.
    #[must_use]
    pub fn unlimited(self) -> Self {
        self.change(|line| line.unlimited = true)
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of the table")]
    fn line<H: Endpoint<A>, A: 'static>(
        mut self,
        method: Method,
        path: &'static str,
        name: &'static str,
        need: Need,
        scope: Scope,
        about: &'static str,
        handler: H,
    ) -> Self {
        let line = Line {
            tag: self.tag,
            method,
            path,
            name,
            need,
            refusal: Kind::AccessDenied,
            scope,
            about,
            reach: Reach::Active,
            flat: false,
            sensitive: false,
            unlimited: false,
        };
        let mount: Mount = Box::new(move |router, line| {
            let filter = MethodFilter::try_from(line.method.clone()).unwrap_or(MethodFilter::GET);
            router.on(filter, Served { line, handler, args: PhantomData::<fn(A)> })
        });
        self.lines.push(Entry { line, mount, sketch: H::describe });
        self
    }

    /// The lines, as data.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().map(|entry| &entry.line)
    }

    /// The lines with what describes their handlers.
    pub(crate) fn sketches(&self) -> impl Iterator<Item = (&Line, fn(&mut Sketch))> {
        self.lines.iter().map(|entry| (&entry.line, entry.sketch))
    }

    /// The service that answers requests by this table. Made once in a process: the lines live as long as it does.
    pub fn service(
        self,
        app: App,
    ) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
    {
        self.service_with(app, |_| None)
    }

    /// The service that lets `page` answer requests that match no line; what it leaves is refused.
    pub fn service_with(
        self,
        app: App,
        page: impl Fn(&Request) -> Option<Response> + Clone + Send + Sync + 'static,
    ) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
    {
        let patterns = Patterns::new(self.lines().map(|line| line.path));
        let mut paths: Vec<(&'static str, MethodRouter<App>, Vec<&'static str>)> = Vec::new();
        for entry in self.lines {
            let line: &'static Line = Box::leak(Box::new(entry.line));
            let known = paths.iter().position(|(path, ..)| *path == line.path);
            let at = known.unwrap_or_else(|| {
                paths.push((line.path, MethodRouter::new(), Vec::new()));
                paths.len() - 1
            });
            let (_, router, methods) = &mut paths[at];
            *router = (entry.mount)(std::mem::take(router), line);
            methods.push(line.method.as_str_static());
        }
        let mut router = Router::new();
        for (path, methods, allowed) in paths {
            let allow = allow_header(&allowed);
            let fallback = move |axum::extract::State(app): axum::extract::State<App>, request: Request| {
                let allow = allow.clone();
                async move {
                    preflight(&request).unwrap_or_else(|| {
                        refuse(&app, &request, Problem::from(Kind::MethodNotAllowed).allow(allow))
                    })
                }
            };
            router = router.route(path, methods.fallback(fallback));
        }
        let unknown = async move |axum::extract::State(app): axum::extract::State<App>, request: Request| {
            if let Some(answer) = preflight(&request) {
                return answer;
            }
            let Some(answer) = page(&request) else {
                return refuse(&app, &request, Kind::UnknownRoute.into());
            };
            match Asked::of(&app, &request, &answer) {
                Some(asked) => frames::admit(&app, asked, answer).await,
                None => answer,
            }
        };
        let router = router.fallback(unknown).with_state(app);
        MapRequestLayer::new(move |request| normalise(&patterns, request)).layer(router)
    }
}

/// Names of methods that outlive the table.
trait StaticMethod {
    fn as_str_static(&self) -> &'static str;
}

impl StaticMethod for Method {
    fn as_str_static(&self) -> &'static str {
        match *self {
            Self::POST => "POST",
            Self::PUT => "PUT",
            Self::DELETE => "DELETE",
            _ => "GET, HEAD",
        }
    }
}

fn allow_header(methods: &[&'static str]) -> String {
    methods.join(", ")
}

/// The answer to a browser that asks whether another site's page may call (foundation.md §1.9): any may, but
/// without cookies.
fn preflight(request: &Request) -> Option<Response> {
    let asks = *request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    asks.then(|| {
        let wanted = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
        let mut response = Response::default();
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE"),
        );
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.unwrap_or(HeaderValue::from_static("*")));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        response
    })
}

/// Rewrites the path to the table's form, keeping the one that was sent for `links`.
fn normalise(patterns: &Patterns, mut request: Request) -> Request {
    if let Some(path) = patterns.canonical(request.uri().path()) {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        if let Ok(uri) = Uri::try_from(format!("{path}{query}")) {
            let sent = std::mem::replace(request.uri_mut(), uri);
            request.extensions_mut().insert(AsSent(sent));
        }
    }
    request
}

/// A handler: an async function of the [`Call`] and of parts of the request, the last of which reads the body and
/// checks the line's [`Need`]; it returns `Result<impl Answer, Problem>`.
pub trait Endpoint<Args>: Clone + Send + Sync + 'static {
    /// Takes the parts out of the request, in order, and runs the function.
    fn serve(self, request: Request, app: App) -> impl Future<Output = Result<Response, Problem>> + Send;
    /// Tells the API description of parameters, body and reply.
    fn describe(sketch: &mut Sketch);
}

macro_rules! endpoint {
    ($($part:ident),* ; $last:ident) => {
        impl<F, Fut, R, $($part,)* $last> Endpoint<($($part,)* $last,)> for F
        where
            F: Fn(Call, $($part,)* $last) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = Result<R, Problem>> + Send,
            R: Answer,
            $($part: Part,)*
            $last: Last,
        {
            #[expect(non_snake_case, reason = "the macro's type names serve as variables")]
            async fn serve(self, request: Request, app: App) -> Result<Response, Problem> {
                let (mut parts, body) = request.into_parts();
                let call = gate::enter(&mut parts, &app).await?;
                $(let $part = $part::take(&mut parts, &call, &app).await?;)*
                let $last = $last::read(body, &call).await?;
                let answer = self(call.clone(), $($part,)* $last).await?;
                Ok(answer.render(call.exchange()))
            }

            fn describe(sketch: &mut Sketch) {
                $($part::describe(sketch);)*
                $last::describe(sketch);
                R::describe(sketch);
            }
        }
    };
}
endpoint!(; L);
endpoint!(A; L);
endpoint!(A, B; L);
endpoint!(A, B, C; L);
endpoint!(A, B, C, D; L);

/// A part of the request that a handler takes, before the body is read.
pub trait Part: Sized + Send {
    /// Takes it.
    fn take(parts: &mut Parts, call: &Call, app: &App) -> impl Future<Output = Result<Self, Problem>> + Send;
    /// Tells the API description of it.
    fn describe(_: &mut Sketch) {}
}

/// The last part of every handler: [`Body`](crate::body::Body) or [`NoBody`](crate::body::NoBody). Reads the body
/// and then checks the line's [`Need`].
pub trait Last: Sized + Send {
    /// Reads it.
    fn read(body: HttpBody, call: &Call) -> impl Future<Output = Result<Self, Problem>> + Send;
    /// Tells the API description of it.
    fn describe(_: &mut Sketch) {}
}

/// A handler on its line.
struct Served<H, A> {
    line: &'static Line,
    handler: H,
    args: PhantomData<fn(A)>,
}

impl<H: Clone, A> Clone for Served<H, A> {
    fn clone(&self) -> Self {
        Self { line: self.line, handler: self.handler.clone(), args: PhantomData }
    }
}

impl<H: Endpoint<A>, A: 'static> Handler<A, App> for Served<H, A> {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, mut request: Request<HttpBody>, app: App) -> Self::Future {
        Box::pin(async move {
            let exchange = Exchange::open(&app, Some(self.line), &request);
            request.extensions_mut().insert(exchange.clone());
            let outcome = self.handler.serve(request, app).await;
            crate::reply::close(&exchange, outcome)
        })
    }
}

/// Checks the line's [`Need`]; called by the last part, when the body is known to be well-formed.
pub(crate) fn check_need(call: &Call) -> Result<(), Problem> {
    let Some(line) = call.line() else { return Ok(()) };
    if line.need.is_met_by(&call.caller) { Ok(()) } else { Err(line.refusal.into()) }
}
