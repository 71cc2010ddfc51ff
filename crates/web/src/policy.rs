//! The security policy of the page, as a header.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

/// The Content-Security-Policy of a document: it loads what its own server has, and runs nothing inline but what
/// stands in the document as it was built (`SvelteKit` starts the page from one inline script), and has no style
/// attribute in its markup but the announcer's.
pub(crate) fn for_document(html: &str, announcer: Option<&str>) -> String {
    let scripts = hashes(inline(html, "script"));
    let styles = hashes(inline(html, "style"));
    let attributes = announcer
        .map(|style| format!(" style-src-attr 'unsafe-hashes'{};", hashes([style])))
        .unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'{scripts}; style-src 'self'{styles};{attributes} \
         img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'self'"
    )
}

fn hashes<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().fold(String::new(), |sources, text| {
        sources + " 'sha256-" + &BASE64.encode(&Sha256::digest(text)) + "'"
    })
}

/// The style of the element by which `SvelteKit` tells screen readers of a new page. It stands in a template of the
/// scripts, and is the one style attribute that a build of ours can't do without.
pub(crate) fn announcer_style(script: &str) -> Option<&str> {
    let (_, element) = script.split_once("id=\"svelte-announcer\"")?;
    let (attributes, _) = element.split_once('>')?;
    let (_, style) = attributes.split_once(" style=\"")?;
    Some(style.split_once('"')?.0)
}

/// The texts of the elements of this name that have one and load nothing.
fn inline<'h>(html: &'h str, element: &str) -> Vec<&'h str> {
    // Of the same length, so that positions hold for both.
    let lower = html.to_ascii_lowercase();
    let (opening, closing) = (format!("<{element}"), format!("</{element}"));
    let mut texts = Vec::new();
    let mut at = 0;
    while let Some(start) = lower[at..].find('<').map(|found| at + found) {
        let here = &lower[start..];
        if here.starts_with("<!--") {
            at = here.find("-->").map_or(lower.len(), |end| start + end);
            continue;
        }
        at = start + 1;
        let is_name_over = |c: char| c == '>' || c == '/' || c.is_ascii_whitespace();
        if !here.strip_prefix(&opening).is_some_and(|rest| rest.starts_with(is_name_over)) {
            continue;
        }
        let Some(from) = here.find('>').map(|end| start + end + 1) else { break };
        let Some(to) = lower[from..].find(&closing).map(|end| from + end) else { break };
        let loads = lower[start..from].split(is_name_over).any(|attribute| attribute.starts_with("src="));
        if !loads && from < to {
            texts.push(&html[from..to]);
        }
        at = to;
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_of_the_announcer_is_found() {
        let script = "a(`<div id=\"svelte-announcer\" aria-live=\"assertive\" style=\"left: 0\"></div>`)";
        assert_eq!(announcer_style(script), Some("left: 0"));
        assert_eq!(announcer_style("`<div id=\"svelte-announcer\"></div><p style=\"left: 0\">`"), None);
        assert_eq!(announcer_style(""), None);
    }

    #[test]
    fn inline_texts_are_found() {
        let html = "<!-- <script>no</script> --><SCRIPT async>\n yes </Script><script src=\"/a.js\"></script>\
                    <scripted>no</scripted><script\ntype=module>a < b && '<p>'</script><style>p {}</style>";
        assert_eq!(inline(html, "script"), ["\n yes ", "a < b && '<p>'"]);
        assert_eq!(inline(html, "style"), ["p {}"]);
        assert!(inline("<p>", "script").is_empty());
        assert!(inline("<script>never closed", "script").is_empty());
    }
}
