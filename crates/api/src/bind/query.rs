//! Reads a query string by the reference's rules (foundation.md §1.3, §1.5, §1.8).

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::json::BindError;

/// The parsed query of one request, and the problems found in it so far.
///
/// Names match in any ASCII letter case and `name[]` is `name`. A getter of one value takes the
/// first that was sent; a blank value (`count=`) is absent. Getters note problems and answer with the
/// default or nothing; [`Query::finish`] tells them all, so call it before acting on any value.
#[derive(Debug)]
pub struct Query<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    problems: Vec<BindError>,
}

impl<'a> Query<'a> {
    /// Parses what follows the `?`. Never fails: a broken escape stays as it was sent, invalid UTF-8
    /// becomes U+FFFD.
    pub fn parse(raw: &'a str) -> Self {
        let raw = raw.strip_prefix('?').unwrap_or(raw);
        Self { pairs: form_urlencoded::parse(raw.as_bytes()).collect(), problems: Vec::new() }
    }
}

impl Query<'_> {
    /// A text as it was sent; `None` if absent or blank. U+0000 is a problem (deviations.md 26).
    pub fn text(&mut self, name: &str) -> Option<String> {
        let value = self.first(name)?;
        self.clean(name, value)
    }

    /// A text that must be there; absent, it is a problem, and empty.
    pub fn required(&mut self, name: &str) -> String {
        let found = self.text(name);
        found.or_else(|| self.problem(name, format!("The {name} field is required."))).unwrap_or_default()
    }

    /// All texts under a name, blank ones left out; otherwise as [`Query::text`].
    pub fn texts(&mut self, name: &str) -> Vec<String> {
        let values = self.all(name);
        values.into_iter().filter_map(|value| self.clean(name, value)).collect()
    }

    /// A number within a range, or `default` if absent. The default is held to the range as well: for a
    /// number without one pass 0, which is what an absent number counts as (foundation.md §1.3).
    ///
    /// Numbers are int32, or int64 if the range goes further.
    pub fn int(&mut self, name: &str, title: &str, range: RangeInclusive<i64>, default: i64) -> i64 {
        match self.first(name) {
            Some(value) => self.number(name, title, &range, &value).unwrap_or(default),
            None => self.within(name, title, &range, default).unwrap_or(default),
        }
    }

    /// A number within a range, or `None` if absent; otherwise as [`Query::int`].
    pub fn int_opt(&mut self, name: &str, title: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let value = self.first(name)?;
        self.number(name, title, &range, &value)
    }

    /// `true` or `false` in any letter case (clients.md §0 rule 7); `1` and `0` are refused.
    pub fn flag(&mut self, name: &str, title: &str) -> Option<bool> {
        let value = self.first(name)?;
        match value.trim().to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => self.not_valid(name, title, &value),
        }
    }

    /// A GUID, lower-case and hyphenated, from any of .NET's forms N, D, B and P (foundation.md §1.5).
    pub fn guid(&mut self, name: &str, title: &str) -> Option<String> {
        let value = self.first(name)?;
        guid(value.trim()).or_else(|| self.not_valid(name, title, &value))
    }

    /// A member of an enumeration, by name in any letter case or by number (foundation.md §1.5).
    pub fn one_of(&mut self, name: &str, title: &str, table: &[(&str, i64)]) -> Option<i64> {
        let value = self.first(name)?;
        self.member(name, title, table, &value)
    }

    /// All members of an enumeration under a repeated name; otherwise as [`Query::one_of`].
    pub fn many_of(&mut self, name: &str, title: &str, table: &[(&str, i64)]) -> Vec<i64> {
        let values = self.all(name);
        values.iter().filter_map(|value| self.member(name, title, table, value)).collect()
    }

    /// Every problem noted, in the order of the calls.
    pub fn finish(self) -> Result<(), Vec<BindError>> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems) }
    }

    /// The values under a name that are not blank.
    fn values<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        (self.pairs.iter())
            .filter(move |(key, _)| key.strip_suffix("[]").unwrap_or(key).eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_ref())
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.values(name).filter(|value| !is_blank(value)).map(str::to_owned).collect()
    }

    /// The first value under a name, as .NET takes it: if that is blank, later ones don't count.
    fn first(&self, name: &str) -> Option<String> {
        self.values(name).next().filter(|value| !is_blank(value)).map(str::to_owned)
    }

    fn problem<T>(&mut self, name: &str, message: impl Into<String>) -> Option<T> {
        self.problems.push(BindError::new(name, message));
        None
    }

    fn not_valid<T>(&mut self, name: &str, title: &str, value: &str) -> Option<T> {
        let value = value.replace('\0', "\\u0000");
        self.problem(name, format!("The value '{value}' is not valid for {title}."))
    }

    fn clean(&mut self, name: &str, value: String) -> Option<String> {
        if value.contains('\0') {
            self.problems.push(BindError::nul(name));
            return None;
        }
        Some(value)
    }

    fn number(&mut self, name: &str, title: &str, range: &RangeInclusive<i64>, value: &str) -> Option<i64> {
        let int32 = i64::from(i32::MIN)..=i64::from(i32::MAX);
        let wide = !int32.contains(range.start()) || !int32.contains(range.end());
        match value.trim().parse() {
            Ok(number) if wide || int32.contains(&number) => self.within(name, title, range, number),
            _ => self.not_valid(name, title, value),
        }
    }

    fn within(&mut self, name: &str, title: &str, range: &RangeInclusive<i64>, number: i64) -> Option<i64> {
        if range.contains(&number) {
            return Some(number);
        }
        let (least, most) = (range.start(), range.end());
        self.problem(name, format!("The field {title} must be between {least} and {most}."))
    }

    fn member(&mut self, name: &str, title: &str, table: &[(&str, i64)], value: &str) -> Option<i64> {
        let word = value.trim();
        if let Some((_, number)) = table.iter().find(|(member, _)| member.eq_ignore_ascii_case(word)) {
            return Some(*number);
        }
        match word.parse::<i32>().map(i64::from) {
            Ok(number) if table.iter().any(|(_, known)| *known == number) => Some(number),
            Ok(_) => self.problem(name, format!("The value '{value}' is invalid.")),
            Err(_) => self.not_valid(name, title, value),
        }
    }
}

fn is_blank(value: &str) -> bool {
    value.trim().is_empty()
}

/// Normalises a GUID of the forms N (32 digits), D (hyphens), B (`{D}`) and P (`(D)`).
fn guid(text: &str) -> Option<String> {
    let between = |open: char, close: char| text.strip_prefix(open)?.strip_suffix(close);
    let wrapped = between('{', '}').or_else(|| between('(', ')'));
    let body = wrapped.unwrap_or(text);
    let hyphenated = body.len() == 36 && [8, 13, 18, 23].iter().all(|at| body.as_bytes()[*at] == b'-');
    if !hyphenated && (wrapped.is_some() || body.len() != 32) {
        return None;
    }
    let digits = if hyphenated { body.replace('-', "") } else { body.to_owned() };
    if digits.len() != 32 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let digits = digits.to_ascii_lowercase();
    let part = |from: usize, to: usize| &digits[from..to];
    Some([part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-"))
}
