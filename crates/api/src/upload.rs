//! Forms with a file in them (`multipart/form-data`).

use std::fmt::Debug;

use axum::body::Body as HttpBody;
use bytes::BytesMut;
use domain::{Kind, Problem, Result};
use multer::{Field, Multipart};
use sha2::{Digest, Sha256};

use crate::gate::Call;
use crate::openapi::Sketch;
use crate::routes::{Last, check_need};

/// Parts of a form at most.
const PARTS_MAX: usize = 100;
/// The longest field that is no file, in bytes.
const FIELD_MAX: usize = 64 << 10;
/// How much of a file that is too long is read before the connection is given up: a client that is still sending would
/// else find it closed instead of the refusal.
const DRAINED: usize = 16 << 20;

/// A file of a form. What it is called there, and what type it is said to be, is anybody's word and not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File {
    /// All of it.
    Whole(Vec<u8>),
    /// Longer than was asked for.
    TooLong,
}

/// A form that was read.
#[derive(Debug, Default)]
pub struct Form {
    /// The file, if one is there.
    pub file: Option<File>,
    fields: Vec<(String, String)>,
}

impl Form {
    /// The first field of this name, in any letter case.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, text)| text.as_str())
    }

    /// SHA-256 of what is in it, whatever the boundary between its parts.
    fn digest(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        let mut add = |bytes: &[u8]| {
            digest.update(bytes.len().to_le_bytes());
            digest.update(bytes);
        };
        for (name, text) in &self.fields {
            add(name.as_bytes());
            add(text.as_bytes());
        }
        if let Some(File::Whole(bytes)) = &self.file {
            add(bytes);
        }
        digest.finalize().into()
    }
}

/// Reads a form: the file of this name, of at most `limit` bytes, and the fields that are no files. Another type of
/// body is a form without anything in it; files of other names are passed over.
///
/// Fails with `BodyUnreadable` for a form that is broken, and with `BodyTooLarge` for one with too much beside its file.
pub async fn read(content_type: Option<&str>, body: HttpBody, name: &str, limit: usize) -> Result<Form> {
    let Some(boundary) = content_type.and_then(|text| multer::parse_boundary(text).ok()) else {
        return Ok(Form::default());
    };
    let mut parts = Multipart::new(body.into_data_stream(), boundary);
    let mut form = Form::default();
    for _ in 0..PARTS_MAX {
        let Some(mut part) = parts.next_field().await.map_err(broken)? else { return Ok(form) };
        let part_name = part.name().unwrap_or_default().to_owned();
        if part.file_name().is_none() {
            let text = collect(&mut part, FIELD_MAX).await?.ok_or(Kind::BodyTooLarge)?;
            form.fields.push((part_name, String::from_utf8_lossy(&text).into_owned()));
        } else if form.file.is_none() && part_name.eq_ignore_ascii_case(name) {
            form.file = Some(collect(&mut part, limit).await?.map_or(File::TooLong, File::Whole));
            if form.file == Some(File::TooLong) {
                // What follows a file that won't be taken is of no more interest.
                return Ok(form);
            }
        } else if collect(&mut part, limit).await?.is_none() {
            return Err(Kind::BodyTooLarge.into());
        }
    }
    Err(Kind::BodyTooLarge.into())
}

/// The content of a part; none if it is too long.
async fn collect(part: &mut Field<'_>, limit: usize) -> Result<Option<Vec<u8>>> {
    let (mut kept, mut length) = (BytesMut::new(), 0);
    while let Some(chunk) = part.chunk().await.map_err(broken)? {
        length += chunk.len();
        if length <= limit {
            kept.extend_from_slice(&chunk);
        } else if length > DRAINED {
            break;
        }
    }
    Ok((length <= limit).then(|| kept.into()))
}

fn broken(_: multer::Error) -> Problem {
    Problem::text(Kind::BodyUnreadable, "The request body is no form that could be read to its end")
}

/// What a handler makes of a form.
pub(crate) trait FormDto: Sized + Send + Debug {
    /// The name of its file.
    const FILE: &'static str;
    /// The longest file it takes, in bytes.
    const FILE_MAX: usize;
    /// Its other fields, for the API description.
    const FIELDS: &'static [&'static str] = &[];
    /// Takes what it needs.
    fn of(form: Form) -> Self;
}

/// The form of a request as a `T`. The last part of a handler: afterwards the caller is known to meet the line's need.
#[derive(Debug)]
pub(crate) struct Upload<T>(pub(crate) T);

impl<T: FormDto> Last for Upload<T> {
    async fn read(body: HttpBody, call: &Call) -> Result<Self> {
        // A form is larger than most bodies: it is not read for one who may not send it.
        check_need(call)?;
        let form = read(call.exchange().content_type.as_deref(), body, T::FILE, T::FILE_MAX).await?;
        call.note_body(form.digest());
        Ok(Self(T::of(form)))
    }

    fn describe(sketch: &mut Sketch) {
        sketch.form(T::FILE, T::FIELDS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(head: &str, content: &str) -> String {
        format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
    }

    fn read_all(body: &str, limit: usize) -> Result<Form> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let body = HttpBody::from(body.to_owned());
        runtime.block_on(read(Some("multipart/form-data; boundary=b"), body, "File", limit))
    }

    #[test]
    fn file_and_fields_are_found_in_any_case_and_order() {
        let body = part("name=\"other\"; filename=\"o\"", "not this")
            + &part("name=\"AUTOSAVE\"", "true")
            + &part("name=\"file\"; filename=\"../../x.exe\"", "this")
            + &part("name=\"File\"; filename=\"x\"", "nor this")
            + "--b--\r\n";
        let form = read_all(&body, 10).expect("a form");
        assert_eq!(form.file, Some(File::Whole(b"this".to_vec())));
        assert_eq!(form.field("Autosave"), Some("true"));
        assert_eq!(form.field("x"), None);
    }

    #[test]
    fn a_text_of_the_files_name_is_no_file() {
        let form = read_all(&(part("name=\"File\"", "text") + "--b--\r\n"), 10).expect("a form");
        assert_eq!(form.file, None);
    }

    #[test]
    fn limits_hold() {
        let file = |length: usize| part("name=\"File\"; filename=\"x\"", &"x".repeat(length)) + "--b--\r\n";
        assert_eq!(read_all(&file(10), 10).expect("a form").file, Some(File::Whole(vec![b'x'; 10])));
        assert_eq!(read_all(&file(11), 10).expect("a form").file, Some(File::TooLong));
        assert_eq!(read_all(&file(DRAINED + 99), 10).expect("a form").file, Some(File::TooLong));
        let kind = |body: String| read_all(&body, 10).err().map(|problem| problem.kind());
        assert_eq!(
            kind(part("name=\"a\"", &"x".repeat(FIELD_MAX + 1)) + "--b--\r\n"),
            Some(Kind::BodyTooLarge)
        );
        assert_eq!(kind(part("name=\"a\"", "x").repeat(PARTS_MAX) + "--b--\r\n"), Some(Kind::BodyTooLarge));
    }

    #[test]
    fn a_broken_form_is_refused() {
        for body in [
            "",
            "--b",
            "--b\r\n",
            "--c\r\n\r\n--c--",
            "--b\r\nContent-Disposition: form-data; name=\"File\"; filename=\"x\"\r\n\r\nhalf",
        ] {
            let problem = read_all(body, 10).err().map(|problem| problem.kind());
            assert_eq!(problem, Some(Kind::BodyUnreadable), "{body:?}");
        }
    }

    #[test]
    fn the_same_form_is_known_again_by_another_boundary() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let digest = |boundary: &str| {
            let body = (part("name=\"File\"; filename=\"x\"", "y") + "--b--\r\n")
                .replace("--b", &format!("--{boundary}"));
            let content_type = format!("multipart/form-data; boundary={boundary}");
            runtime.block_on(read(Some(&content_type), body.into(), "File", 9)).expect("a form").digest()
        };
        assert_eq!(digest("one"), digest("another"));
    }
}
