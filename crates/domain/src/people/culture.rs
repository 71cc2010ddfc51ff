//! Languages, and how a language orders names.

use super::Person;
use crate::Call;

/// The languages that may be chosen, in the reference's order (foundation.md §4.4 `settings/cultures`).
pub const CULTURES: &[&str] = &[
    "az",
    "cs",
    "de",
    "en-GB",
    "en-US",
    "es",
    "fr",
    "it",
    "lv",
    "nl",
    "pl",
    "pt-BR",
    "pt",
    "ro",
    "sk",
    "sl",
    "sq-AL",
    "fi",
    "vi",
    "tr",
    "el-GR",
    "bg",
    "ru",
    "sr-Cyrl-RS",
    "sr-Latn-RS",
    "uk-UA",
    "hy-AM",
    "ar-SA",
    "si",
    "lo-LA",
    "zh-CN",
    "ja-JP",
    "ko-KR",
];

/// Whether a text has the form of a culture's name, such as `en-US`.
pub fn is_culture(name: &str) -> bool {
    (2..=20).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// A language of [`CULTURES`] by its name in any letter case.
pub fn known_culture(name: &str) -> Option<&'static str> {
    CULTURES.iter().copied().find(|known| known.eq_ignore_ascii_case(name.trim()))
}

/// How the parts of a name stand in a reader's language (people.md §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NameOrder {
    /// `Ada Byron`.
    #[default]
    FirstLast,
    /// `Byron Ada`.
    LastFirst,
}

impl NameOrder {
    /// The order for whoever asks: in the language of the account, else in the portal's.
    pub fn of(call: &Call) -> Self {
        let own = call.someone().and_then(|person| person.culture.as_deref());
        let language = own.unwrap_or(&call.portal.culture).get(..2);
        let last_first = language.is_some_and(|language| language.eq_ignore_ascii_case("ru"));
        if last_first { Self::LastFirst } else { Self::FirstLast }
    }
}

impl Person {
    /// First and last name; the address when both are blank (people.md §2.1). Not yet HTML-encoded.
    pub fn display_name(&self) -> String {
        self.named(NameOrder::FirstLast)
    }

    /// The same for readers of a language. A name with CJK ideographs has one order everywhere, and no space.
    pub fn named(&self, order: NameOrder) -> String {
        if self.removed_at.is_some() {
            return REMOVED_NAME.to_owned();
        }
        let (first, last) = (self.first_name.trim(), self.last_name.trim());
        let name = match order {
            _ if first.chars().chain(last.chars()).any(is_ideograph) => format!("{last}{first}"),
            NameOrder::FirstLast => format!("{first} {last}"),
            NameOrder::LastFirst => format!("{last} {first}"),
        };
        let name = name.trim();
        if name.is_empty() { self.email.clone() } else { name.to_owned() }
    }
}

/// What stands for the name of a deleted account (people.md §2.1).
const REMOVED_NAME: &str = "profile removed";

/// Whether it is one of the unified ideographs of Chinese, Japanese and Korean.
fn is_ideograph(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}
