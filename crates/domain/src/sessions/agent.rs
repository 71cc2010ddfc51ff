//! What a `User-Agent` tells: browser, platform, and whether it is a telephone's. A few words that programs have put
//! there for years are enough: the log is for people, who want to know their own devices again.

/// What a program is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agent {
    /// Browser and version, such as `Firefox 145.0`; none for other programs.
    pub browser: Option<String>,
    /// The system, such as `Windows 10`; none when it isn't told.
    pub platform: Option<String>,
    /// Whether it is a telephone or tablet.
    pub mobile: bool,
}

/// Browsers by the word before their version. The first that is there counts: most pretend to be others, too.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser/", "Yandex"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("AscDesktopEditor/", "Desktop Editors"),
    ("Version/", "Safari"),
    ("curl/", "curl"),
    ("python-requests/", "Python Requests"),
    ("okhttp/", "OkHttp"),
    ("node/", "Node.js"),
];

/// Systems by a word that is there, with the mark before their version.
const PLATFORMS: &[(&str, &str, &str)] = &[
    ("Windows NT", "Windows", "Windows NT "),
    ("iPhone", "iOS", "OS "),
    ("iPad", "iOS", "OS "),
    ("Android", "Android", "Android "),
    ("Mac OS X", "macOS", "Mac OS X "),
    ("CrOS", "Chrome OS", ""),
    ("Linux", "Linux", ""),
];

/// Reads a `User-Agent`.
pub fn parse(user_agent: &str) -> Agent {
    let browser = BROWSERS.iter().find(|(word, _)| user_agent.contains(word)).map(|(word, name)| {
        let version: Vec<&str> = version_after(user_agent, word).split('.').take(2).collect();
        format!("{name} {}", version.join(".")).trim_end().to_owned()
    });
    let platform = PLATFORMS.iter().find(|(word, ..)| user_agent.contains(word)).map(|(_, name, mark)| {
        let version = if mark.is_empty() { "" } else { version_after(user_agent, mark) };
        format!("{name} {}", version.replace('_', ".").trim_end_matches(".0")).trim_end().to_owned()
    });
    let mobile = ["Mobile", "Android", "iPhone", "iPad"].iter().any(|word| user_agent.contains(word));
    Agent { browser, platform, mobile }
}

fn version_after<'a>(text: &'a str, word: &str) -> &'a str {
    let rest = text.split_once(word).map_or("", |(_, rest)| rest);
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_')).unwrap_or(rest.len());
    &rest[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_programs_are_known() {
        for (text, browser, platform, mobile) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36",
                Some("Chrome 145.0"),
                Some("Windows 10"),
                false,
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
                Some("Firefox 145.0"),
                Some("Linux"),
                false,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                Some("Safari 18.1"),
                Some("iOS 18.1"),
                true,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36 Edg/145.0.0.0",
                Some("Edge 145.0"),
                Some("macOS 10.15.7"),
                false,
            ),
            ("curl/8.5.0", Some("curl 8.5"), None, false),
            ("", None, None, false),
            ("Firefox/", Some("Firefox"), None, false),
        ] {
            let agent = parse(text);
            assert_eq!(agent.browser.as_deref(), browser, "{text}");
            assert_eq!((agent.platform.as_deref(), agent.mobile), (platform, mobile), "{text}");
        }
    }
}
