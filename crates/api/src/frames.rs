//! Sites whose pages may show the portal's page in a frame (foundation.md §4.9 `security/csp`).

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use domain::Result;
use domain::portal_settings::Csp;

use crate::app::App;
use crate::exchange::Exchange;

/// Who may show the page where nobody was named.
const ALONE: &str = "frame-ancestors 'self'";

/// The portal a page is asked of, as the request names it.
#[derive(Debug)]
pub(crate) struct Asked {
    base: String,
    origin: Option<String>,
}

impl Asked {
    /// None where the answer is no document with a policy: the page's other files are nobody's to frame.
    pub(crate) fn of(app: &App, request: &Request, page: &Response) -> Option<Self> {
        if !page.headers().contains_key(header::CONTENT_SECURITY_POLICY) {
            return None;
        }
        let origin = request.headers().get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        Some(Self {
            base: Exchange::open(app, None, request).base.clone(),
            origin: origin.map(str::to_owned),
        })
    }
}

/// Adds the sites that the portal's administrators named to a document's policy. Without a portal, or when it can't be
/// read, the policy stays as strict as it is.
pub(crate) async fn admit(app: &App, asked: Asked, mut page: Response) -> Response {
    let strict = page.headers().get(header::CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
    let Some(strict) = strict.map(str::to_owned) else { return page };
    let Ok(Some(csp)) = sites(app, &asked).await else { return page };
    let wide =
        strict.replace(ALONE, &csp.domains.iter().fold(ALONE.to_owned(), |all, site| all + " " + site));
    if let Ok(policy) = HeaderValue::try_from(wide) {
        page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        // It can name no other site.
        page.headers_mut().remove(header::X_FRAME_OPTIONS);
    }
    page
}

async fn sites(app: &App, asked: &Asked) -> Result<Option<Csp>> {
    let Some(portal) = app.portal(asked.origin.as_deref(), &asked.base).await? else { return Ok(None) };
    let rules = app.rules(portal.id).await?;
    Ok(Some(rules.csp.clone()).filter(|csp| !csp.domains.is_empty()))
}
