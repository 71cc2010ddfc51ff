//! The files of a build, and the answers they make.

use std::borrow::Cow;
use std::collections::HashMap;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use data_encoding::HEXLOWER;

use crate::{NOT_BUILT, accept, place, policy};

const INDEX: &str = "index.html";
/// Files in here have a hash of their content in their names.
const HASHED: &str = "_app/immutable/";

/// One file of a build.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its path within the build.
    pub path: Cow<'static, str>,
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
    /// The SHA-256 of its content.
    pub sha256: [u8; 32],
}

/// A build of the page, ready to be served.
#[derive(Debug)]
pub struct Page {
    files: HashMap<String, File>,
}

#[derive(Debug)]
struct File {
    content_type: &'static str,
    cache: &'static str,
    /// The security policy, for documents.
    policy: Option<HeaderValue>,
    plain: Form,
    brotli: Option<Form>,
    gzip: Option<Form>,
}

/// A file's content in one coding.
#[derive(Debug)]
struct Form {
    coding: Option<&'static str>,
    bytes: Bytes,
    tag: String,
}

impl Page {
    /// A page of these files. `x.br` and `x.gz` are other forms of `x`, and no files of their own.
    pub fn new(assets: impl IntoIterator<Item = Asset>) -> Self {
        let mut all: HashMap<String, Asset> =
            assets.into_iter().map(|asset| (asset.path.to_string(), asset)).collect();
        let announcer = announcer_style(&all);
        let names: Vec<String> = all.keys().filter(|name| !is_packed(name)).cloned().collect();
        let mut files = HashMap::with_capacity(names.len());
        for name in names {
            let packed = [all.remove(&format!("{name}.br")), all.remove(&format!("{name}.gz"))];
            if let Some(asset) = all.remove(&name) {
                files.insert(name, File::new(asset, packed, announcer.as_deref()));
            }
        }
        Self { files }
    }

    /// Whether there is a page at all.
    pub fn is_built(&self) -> bool {
        self.files.contains_key(INDEX)
    }

    /// The answer to a request: a file, or for a place within the page the page itself, which finds its way from
    /// there. None where it is the API's to refuse.
    pub fn respond(&self, request: &Request) -> Option<Response> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let path = place::tidy(request.uri().path())?;
        if let Some(file) = self.files.get(&path) {
            return Some(file.answer(request));
        }
        if !place::is_in_page(&path) || !accept::html(request.headers()) {
            return None;
        }
        Some(self.files.get(INDEX).map_or_else(not_built, |index| index.answer(request)))
    }
}

fn announcer_style(assets: &HashMap<String, Asset>) -> Option<String> {
    let mut scripts =
        assets.values().filter(|asset| asset.path.starts_with(HASHED) && asset.path.ends_with(".js"));
    scripts.find_map(|script| policy::announcer_style(str::from_utf8(&script.bytes).ok()?).map(str::to_owned))
}

fn is_packed(name: &str) -> bool {
    matches!(name.rsplit_once('.'), Some((_, "br" | "gz")))
}

impl File {
    fn new(asset: Asset, [brotli, gzip]: [Option<Asset>; 2], announcer: Option<&str>) -> Self {
        let content_type = content_type(&asset.path).unwrap_or("application/octet-stream");
        let is_hashed = asset.path.starts_with(HASHED);
        let policy = content_type.starts_with("text/html").then(|| {
            let policy = policy::for_document(&String::from_utf8_lossy(&asset.bytes), announcer);
            HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
        });
        let tag = HEXLOWER.encode(&asset.sha256[..16]);
        let size = asset.bytes.len();
        let packed = |coding: &'static str, packed: Option<Asset>| {
            let packed = packed.filter(|packed| packed.bytes.len() < size)?;
            Some(Form {
                coding: Some(coding),
                bytes: owned(packed.bytes),
                tag: format!("\"{tag}-{coding}\""),
            })
        };
        Self {
            content_type,
            cache: if is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" },
            policy,
            brotli: packed("br", brotli),
            gzip: packed("gzip", gzip),
            plain: Form { coding: None, bytes: owned(asset.bytes), tag: format!("\"{tag}\"") },
        }
    }

    /// The form that the client likes best, and of those the smallest.
    fn form_for(&self, headers: &HeaderMap) -> &Form {
        let (brotli, gzip) = accept::codings(headers);
        let brotli = self.brotli.as_ref().filter(|_| brotli > 0).map(|form| (brotli, form));
        let gzip = self.gzip.as_ref().filter(|_| gzip > 0).map(|form| (gzip, form));
        match (brotli, gzip) {
            (Some((liked, form)), Some((other, _))) if liked >= other => form,
            (_, Some((_, form))) | (Some((_, form)), None) => form,
            (None, None) => &self.plain,
        }
    }

    fn answer(&self, request: &Request) -> Response {
        let form = self.form_for(request.headers());
        let is_known = accept::knows(request.headers(), &form.tag);
        let is_bodiless = is_known || *request.method() == Method::HEAD;
        let body = if is_bodiless { Body::empty() } else { Body::from(form.bytes.clone()) };
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        if !is_known {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
            headers.insert(header::CONTENT_LENGTH, form.bytes.len().into());
            if let Some(coding) = form.coding {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
            }
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache));
        if let Ok(tag) = HeaderValue::from_str(&form.tag) {
            headers.insert(header::ETAG, tag);
        }
        if self.brotli.is_some() || self.gzip.is_some() {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(policy) = &self.policy {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
            headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
            headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
            headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
        }
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        response
    }
}

fn owned(bytes: Cow<'static, [u8]>) -> Bytes {
    match bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    }
}

/// The content type of a file, by the end of its name; of those that a build of ours has.
pub(crate) fn content_type(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    Some(match extension {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "wasm" => "application/wasm",
        "br" | "gz" => "application/octet-stream",
        _ => return None,
    })
}

fn not_built() -> Response {
    let mut response = Response::new(Body::from(format!("{NOT_BUILT}\n")));
    *response.status_mut() = StatusCode::NOT_FOUND;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
