//! Path and query parameters.

use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use domain::ids::EntryId;
use domain::{Kind, Problem, Result};

use crate::app::App;
use crate::bind;
use crate::gate::Call;
use crate::openapi::Sketch;
use crate::routes::Part;

/// The one parameter of a path; an address that doesn't hold a `T` there doesn't exist.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathId<T>(pub(crate) T);

impl<T: FromStr + Send> Part for PathId<T> {
    async fn take(parts: &mut Parts, _: &Call, app: &App) -> Result<Self> {
        let params = RawPathParams::from_request_parts(parts, app)
            .await
            .map_err(|_| Problem::from(Kind::UnknownRoute))?;
        let value = params.iter().next().and_then(|(_, value)| value.parse().ok());
        value.map(Self).ok_or_else(|| Kind::UnknownRoute.into())
    }
}

/// The two parameters of a path, in their order; an address that doesn't hold an `A` and a `B` there doesn't exist.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathPair<A, B>(pub(crate) A, pub(crate) B);

impl<A: FromStr + Send, B: FromStr + Send> Part for PathPair<A, B> {
    async fn take(parts: &mut Parts, _: &Call, app: &App) -> Result<Self> {
        let params = RawPathParams::from_request_parts(parts, app)
            .await
            .map_err(|_| Problem::from(Kind::UnknownRoute))?;
        let mut values = params.iter().map(|(_, value)| value);
        let first = values.next().and_then(|value| value.parse().ok());
        let second = values.next().and_then(|value| value.parse().ok());
        first.zip(second).map(|(a, b)| Self(a, b)).ok_or_else(|| Kind::UnknownRoute.into())
    }
}

/// What an enumeration of a path is called, and its members' names and numbers.
pub(crate) trait PathEnum: Send {
    /// The parameter's name.
    const NAME: &'static str;
    /// The members' names and numbers.
    const NAMES: &'static [(&'static str, i64)];
}

/// The first parameter of a path as a member of an enumeration, by name in any letter case or by number; another text
/// is a problem of the request (people.md §0).
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathOf<E>(pub(crate) i64, pub(crate) std::marker::PhantomData<E>);

impl<E: PathEnum> Part for PathOf<E> {
    async fn take(parts: &mut Parts, _: &Call, app: &App) -> Result<Self> {
        let params = RawPathParams::from_request_parts(parts, app)
            .await
            .map_err(|_| Problem::from(Kind::UnknownRoute))?;
        let sent = params.iter().next().map_or("", |(_, value)| value);
        let number = sent.trim().parse::<i64>().ok();
        let found = E::NAMES.iter().find(|(name, known)| {
            number.map_or_else(|| name.eq_ignore_ascii_case(sent.trim()), |number| number == *known)
        });
        let wrong = if number.is_some() { "is invalid" } else { "is not valid" };
        found.map(|(_, number)| Self(*number, std::marker::PhantomData)).ok_or_else(|| {
            Problem::validation([(E::NAME.to_owned(), format!("The value '{sent}' {wrong}."))])
        })
    }
}

/// The id of a room, folder or file in a path: a positive int32.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry(pub(crate) EntryId);

impl FromStr for Entry {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let id = text.parse::<i32>().ok().filter(|id| digits && *id > 0);
        id.map(|id| Self(EntryId(id.into()))).ok_or(())
    }
}

/// A query parameter, for the API description.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Param {
    /// Its name.
    pub name: &'static str,
    /// Its JSON type: `integer`, `string`, `boolean`, or `array` of integers.
    pub kind: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// A query parameter: name, JSON type, what it does.
pub(crate) const fn param(name: &'static str, kind: &'static str, about: &'static str) -> Param {
    Param { name, kind, about }
}

/// A query's form.
pub(crate) trait QueryDto: Sized + Send {
    /// Its parameters.
    const PARAMS: &'static [Param];
    /// Reads it; problems are noted in the reader.
    fn read(query: &mut bind::Query<'_>) -> Self;
}

/// The query of a request as a `T`.
#[derive(Debug, Clone)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: QueryDto> Part for Query<T> {
    async fn take(_: &mut Parts, call: &Call, _: &App) -> Result<Self> {
        let mut query = call.exchange().query();
        let value = T::read(&mut query);
        query.finish().map_err(|errors| {
            Problem::validation(errors.into_iter().map(|error| (error.key, error.message)))
        })?;
        Ok(Self(value))
    }

    fn describe(sketch: &mut Sketch) {
        T::PARAMS.iter().for_each(|param| sketch.query(param));
    }
}

impl Part for App {
    async fn take(_: &mut Parts, _: &Call, app: &App) -> Result<Self> {
        Ok(app.clone())
    }
}

/// The request's headers, for the few handlers that read more than the gate does.
#[derive(Debug)]
pub(crate) struct Headers(pub(crate) HeaderMap);

impl Part for Headers {
    async fn take(parts: &mut Parts, _: &Call, _: &App) -> Result<Self> {
        Ok(Self(parts.headers.clone()))
    }
}
