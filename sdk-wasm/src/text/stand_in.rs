//! What the unit tests have in the place of JavaScript's strings.

use regex::Regex;

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Text(String);

impl Text {
    pub(crate) fn of(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn with(&self, sign: &str, part: &Self) -> Self {
        Self([&self.0, sign, &part.0].concat())
    }

    pub(crate) fn with_number(&self, sign: &str, number: f64) -> Self {
        self.with(sign, &Self(number.to_string()))
    }

    pub(crate) fn length(&self) -> usize {
        self.0.encode_utf16().count()
    }

    /// A half character at the end is left out at once, for it has no place in a `String`.
    pub(crate) fn slice(&self, from: usize, to: usize) -> Self {
        let units: Vec<u16> = self.0.encode_utf16().take(to).skip(from).collect();
        Self(String::from_utf16_lossy(&units).trim_end_matches('\u{fffd}').to_owned())
    }

    pub(crate) fn without_half_character(&self) -> Self {
        self.clone()
    }

    pub(crate) fn lower_case(&self) -> Self {
        Self(self.0.to_lowercase())
    }

    pub(crate) fn upper_case(&self) -> Self {
        Self(self.0.to_uppercase())
    }

    pub(crate) fn found_by(&self, pattern: &Self) -> Self {
        let groups = Regex::new(&pattern.0).unwrap().captures(&self.0);
        groups.and_then(|groups| Some(Self::of(groups.get(1)?.as_str()))).unwrap_or_default()
    }

    pub(crate) fn matches(&self, pattern: &str) -> bool {
        Regex::new(pattern).unwrap().is_match(&self.0)
    }

    pub(crate) fn replaced(&self, pattern: &str, by: &str) -> Self {
        Self(Regex::new(pattern).unwrap().replace_all(&self.0, by).into_owned())
    }

    pub(crate) fn number(&self) -> f64 {
        let digits: String = self.0.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or_default()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::of(text)
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}
