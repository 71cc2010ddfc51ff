//! Request bodies: read, bound by the reference's rules, and then the line's need is checked.

use axum::body::Body as HttpBody;
use bytes::{Bytes, BytesMut};
use domain::people::looks_like_email;
use domain::text::utf16_len;
use domain::{Kind, Problem, Result};
use http_body_util::BodyExt;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::bind;
use crate::gate::Call;
use crate::openapi::Sketch;
use crate::routes::{Last, check_need};

/// People, groups or rooms named in one call: no unit may hold the writer for long.
const NAMED_MAX: i64 = 1000;
/// What is said of longer lists.
pub(crate) const TOO_MANY: &str = "There can't be more than 1000 ids in one call: send several";

/// The longest JSON body (deviations.md 16).
const LIMIT: usize = 1 << 20;
/// How much of a body that is too long is read before the connection is given up.
const DRAINED: usize = 16 << 20;

/// A body's wire form.
pub(crate) trait BodyDto: DeserializeOwned + JsonSchema + Send {
    /// The name of its type in the reference's messages.
    const NAME: &'static str;
    /// Members that must be there, if only as null.
    const REQUIRED: &'static [&'static str] = &[];
    /// Notes what is wrong with lengths and ranges; told before the line's need is checked (foundation.md §1.3).
    fn check(&self, _: &mut Checks) {}
    /// The body's own name where path and body are bound together; keys of problems begin with it.
    const MEMBER: &'static str = "";
}

/// The body of a request as a `T`; an absent or empty one is `{}` where no member is required (deviations.md 1).
/// The last part of a handler: afterwards the caller is known to meet the line's need.
#[derive(Debug)]
pub(crate) struct Body<T>(pub T);

/// The last part of a handler that reads no body: what was sent is ignored.
#[derive(Debug)]
pub(crate) struct NoBody;

impl<T: BodyDto> Last for Body<T> {
    async fn read(body: HttpBody, call: &Call) -> Result<Self> {
        let bytes = collect(body).await?;
        call.note_body(Sha256::digest(&bytes).into());
        let dto: T = bind_body(call, &bytes)?;
        let mut checks = Checks::of::<T>();
        dto.check(&mut checks);
        checks.done()?;
        check_need(call)?;
        Ok(Self(dto))
    }

    fn describe(sketch: &mut Sketch) {
        sketch.body::<T>(!T::REQUIRED.is_empty());
    }
}

impl Last for NoBody {
    async fn read(_: HttpBody, call: &Call) -> Result<Self> {
        check_need(call)?;
        Ok(Self)
    }
}

fn bind_body<T: BodyDto>(call: &Call, bytes: &[u8]) -> Result<T> {
    let mut text = bytes;
    if text.trim_ascii().is_empty() {
        if !T::REQUIRED.is_empty() || call.overwrites_settings() {
            return Err(Problem::validation([(
                T::MEMBER.to_owned(),
                "A non-empty request body is required.".to_owned(),
            )]));
        }
        text = b"{}";
    }
    bind::from_slice(text, T::REQUIRED, T::NAME)
        .map_err(|error| Problem::validation([(error.key, error.message)]))
}

/// Reads the whole body. One that is too long is read to its end all the same, within reason, and thrown away: a client
/// that is still sending would else find the connection closed instead of the refusal.
async fn collect(mut body: HttpBody) -> Result<Bytes> {
    let (mut kept, mut length) = (BytesMut::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Problem::from(Kind::BodyUnreadable))?.into_data() else { continue };
        length += data.len();
        if length <= LIMIT {
            kept.extend_from_slice(&data);
        } else if length > DRAINED {
            break;
        }
    }
    if length > LIMIT { Err(too_large()) } else { Ok(kept.freeze()) }
}

fn too_large() -> Problem {
    Problem::text(
        Kind::BodyTooLarge,
        format!("The request body is longer than the {LIMIT} bytes this address takes"),
    )
}

/// Gathers the problems of a body's fields, so that all are told at once (foundation.md §1.3).
#[derive(Debug)]
pub(crate) struct Checks {
    prefix: &'static str,
    problems: Vec<(String, String)>,
}

impl Checks {
    /// For a body of type `T`.
    fn of<T: BodyDto>() -> Self {
        Self { prefix: T::MEMBER, problems: Vec::new() }
    }

    fn note(&mut self, field: &str, sentence: String) {
        let key = if self.prefix.is_empty() { field.to_owned() } else { format!("{}.{field}", self.prefix) };
        self.problems.push((key, sentence));
    }

    /// At most `max` UTF-16 units.
    pub(crate) fn length(&mut self, field: &str, value: Option<&str>, max: usize) {
        let name = field.rsplit('.').next().unwrap_or(field);
        self.length_or(
            field,
            value,
            max,
            format!("The field {name} must be a string with a maximum length of {max}."),
        );
    }

    /// At most `max` UTF-16 units, else this sentence.
    pub(crate) fn length_or(&mut self, field: &str, value: Option<&str>, max: usize, sentence: String) {
        if value.is_some_and(|value| utf16_len(value) > max) {
            self.note(field, sentence);
        }
    }

    /// Within a range, when there is a value.
    pub(crate) fn range(&mut self, field: &str, value: Option<i64>, range: std::ops::RangeInclusive<i64>) {
        let name = field.rsplit('.').next().unwrap_or(field);
        let sentence = format!("The field {name} must be between {} and {}.", range.start(), range.end());
        self.range_or(field, value, range, sentence);
    }

    /// Within a range, when there is a value, else this sentence.
    pub(crate) fn range_or(
        &mut self,
        field: &str,
        value: Option<i64>,
        range: std::ops::RangeInclusive<i64>,
        sentence: String,
    ) {
        if value.is_some_and(|value| !range.contains(&value)) {
            self.note(field, sentence);
        }
    }

    /// A list that names no more than [`NAMED_MAX`] people, groups or rooms, when there is one; else this sentence.
    pub(crate) fn named<T>(&mut self, field: &str, list: Option<&[T]>, sentence: &str) {
        let number = list.map(|list| i64::try_from(list.len()).unwrap_or(i64::MAX));
        self.range_or(field, number, 0..=NAMED_MAX, sentence.to_owned());
    }

    /// An e-mail address by the loose test, when there is a value.
    pub(crate) fn email(&mut self, field: &str, value: Option<&str>) {
        if value.is_some_and(|value| !looks_like_email(value)) {
            let name = field.rsplit('.').next().unwrap_or(field);
            self.note(field, format!("The {name} field is not a valid e-mail address."));
        }
    }

    /// Neither absent nor null nor empty.
    pub(crate) fn required(&mut self, field: &str, value: Option<&str>) {
        if value.is_none_or(str::is_empty) {
            let name = field.rsplit('.').next().unwrap_or(field);
            self.note(field, format!("The {name} field is required."));
        }
    }

    /// Ends the checks: all problems, or none.
    fn done(self) -> Result<()> {
        if self.problems.is_empty() { Ok(()) } else { Err(Problem::validation(self.problems)) }
    }
}
