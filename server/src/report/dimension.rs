//! Dimensions: by what a report groups and filters, and which values of it are equal.

use std::borrow::Cow;

use attribution::source::{NOT_SET, fold};
use attribution::touch::Touch;
use serde_json::Value;

use super::Fault;

/// Filters of one question.
const FILTERS: usize = 20;
/// Values of one filter.
const VALUES: usize = 100;
/// Characters of one value.
const VALUE_CHARS: usize = 500;
/// Dimensions at once.
const DIMENSIONS: usize = 4;

/// What a report may be grouped or filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the variants are the contract's own words")]
pub enum Dimension {
    Channel,
    Source,
    Medium,
    Campaign,
    Term,
    Content,
    Referrer,
    LandingPage,
    Page,
    Country,
    Device,
    Browser,
    Os,
    Provider,
    Trust,
    Currency,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Self; 16] = [
        Self::Channel,
        Self::Source,
        Self::Medium,
        Self::Campaign,
        Self::Term,
        Self::Content,
        Self::Referrer,
        Self::LandingPage,
        Self::Page,
        Self::Country,
        Self::Device,
        Self::Browser,
        Self::Os,
        Self::Provider,
        Self::Trust,
        Self::Currency,
    ];

    /// The word in questions and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Source => "source",
            Self::Medium => "medium",
            Self::Campaign => "campaign",
            Self::Term => "term",
            Self::Content => "content",
            Self::Referrer => "referrer",
            Self::LandingPage => "landing_page",
            Self::Page => "page",
            Self::Country => "country",
            Self::Device => "device",
            Self::Browser => "browser",
            Self::Os => "os",
            Self::Provider => "provider",
            Self::Trust => "trust",
            Self::Currency => "currency",
        }
    }

    /// The dimension of a word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.name() == name)
    }

    /// Whether it is the order's own, whatever brought it.
    pub fn is_of_order(self) -> bool {
        matches!(self, Self::Provider | Self::Trust | Self::Currency)
    }

    /// The value of a touch; `(not set)` where it has none, and for what is the order's own.
    pub fn of_touch(self, touch: &Touch) -> &str {
        let source = &touch.source;
        let value = match self {
            Self::Channel => source.channel.name(),
            Self::Source => &source.source,
            Self::Medium => &source.medium,
            Self::Campaign => &source.campaign,
            Self::Term => &source.term,
            Self::Content => &source.content,
            Self::Referrer => touch.referrer.as_deref().unwrap_or_default(),
            Self::LandingPage | Self::Page => &touch.landing_page,
            Self::Country => touch.country.as_deref().unwrap_or_default(),
            Self::Device => touch.device.as_deref().unwrap_or_default(),
            Self::Browser => touch.browser.as_deref().unwrap_or_default(),
            Self::Os => touch.os.as_deref().unwrap_or_default(),
            Self::Provider | Self::Trust | Self::Currency => "",
        };
        if value.is_empty() { NOT_SET } else { value }
    }

    /// The key that equal values share. Paths keep their case, for servers tell them apart.
    #[expect(clippy::wildcard_enum_match_arm, reason = "paths are the exception among all dimensions")]
    pub fn folded(self, value: &str) -> Cow<'_, str> {
        match self {
            Self::LandingPage | Self::Page => Cow::Borrowed(value),
            _ => Cow::Owned(fold(value)),
        }
    }

    /// Reads a list of dimensions, parted by commas.
    pub(super) fn parse_list(text: &str) -> Result<Vec<Self>, Fault> {
        let words: Vec<&str> = text.split(',').map(str::trim).collect();
        let listed: Option<Vec<Self>> = words.iter().map(|word| Self::parse(word)).collect();
        let known = || Self::ALL.map(Self::name).join(", ");
        let mut dimensions = listed.ok_or_else(|| {
            Fault::new(
                "dimension",
                format!("`dimension` is one or several of {}, as in `source,campaign`.", known()),
            )
        })?;
        let mut seen = std::collections::BTreeSet::new();
        dimensions.retain(|dimension| seen.insert(*dimension));
        if dimensions.len() > DIMENSIONS {
            return Err(Fault::new(
                "dimension",
                format!("At most {DIMENSIONS} dimensions at once, as in `source,campaign`."),
            ));
        }
        Ok(dimensions)
    }
}

/// How a filter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Comparison {
    Is,
    IsNot,
    Contains,
}

/// A condition on what is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filter {
    /// On which dimension.
    pub dimension: Dimension,
    comparison: Comparison,
    values: Vec<String>,
}

impl Filter {
    /// Reads `[{"dimension", "op", "values"}]`.
    pub(super) fn parse_list(text: &str) -> Result<Vec<Self>, Fault> {
        let fault = || {
            Fault::new(
                "filters",
                "`filters` is a JSON array, as in [{\"dimension\":\"source\",\"op\":\"is\",\"values\":[\"Google\"]}]; \
                 op is is, is_not or contains.",
            )
        };
        let listed: Vec<Value> = serde_json::from_str(text).map_err(|_| fault())?;
        if listed.len() > FILTERS {
            return Err(Fault::new("filters", format!("At most {FILTERS} filters.")));
        }
        listed.iter().map(|filter| Self::parse(filter).ok_or_else(fault)).collect()
    }

    fn parse(filter: &Value) -> Option<Self> {
        let dimension = Dimension::parse(filter.get("dimension")?.as_str()?)?;
        let comparison = match filter.get("op").map_or(Some("is"), Value::as_str)? {
            "is" => Comparison::Is,
            "is_not" => Comparison::IsNot,
            "contains" => Comparison::Contains,
            _ => return None,
        };
        let values =
            filter.get("values")?.as_array().filter(|values| (1..=VALUES).contains(&values.len()))?;
        let value = |value: &Value| {
            let text = value.as_str().filter(|text| text.chars().count() <= VALUE_CHARS)?;
            Some(dimension.folded(text).into_owned())
        };
        Some(Self { dimension, comparison, values: values.iter().map(value).collect::<Option<_>>()? })
    }

    /// Whether a value passes; none is a value that is not there, as of what is unattributed.
    pub fn passes(&self, value: Option<&str>) -> bool {
        let Some(value) = value else { return self.comparison == Comparison::IsNot };
        let folded = self.dimension.folded(value);
        match self.comparison {
            Comparison::Is => self.values.iter().any(|wanted| *wanted == folded),
            Comparison::IsNot => !self.values.iter().any(|wanted| *wanted == folded),
            Comparison::Contains => self.values.iter().any(|wanted| folded.contains(wanted.as_str())),
        }
    }

    /// Whether a touch passes; what is the order's own is not asked of it.
    pub fn passes_touch(&self, touch: Option<&Touch>) -> bool {
        self.dimension.is_of_order() || self.passes(touch.map(|touch| self.dimension.of_touch(touch)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_compare_trimmed_and_folded_but_paths_by_case() {
        let check = |filter: &str, value: Option<&str>, expected| {
            let filters = Filter::parse_list(&format!("[{filter}]")).unwrap();
            assert_eq!(filters[0].passes(value), expected, "{filter} {value:?}");
        };
        let google = r#"{"dimension":"source","op":"is","values":["Google "]}"#;
        check(google, Some("google"), true);
        check(google, Some("Bing"), false);
        check(google, None, false);
        let not_google = r#"{"dimension":"source","op":"is_not","values":["Google"]}"#;
        check(not_google, Some("GOOGLE"), false);
        check(not_google, None, true);
        let path = r#"{"dimension":"landing_page","op":"contains","values":["/Pricing"]}"#;
        check(path, Some("/Pricing/a"), true);
        check(path, Some("/pricing/a"), false);
    }

    #[test]
    fn what_is_no_filter_names_the_parameter() {
        for text in [
            "",
            "{}",
            "[1]",
            r#"[{"dimension":"nothing","op":"is","values":["a"]}]"#,
            r#"[{"dimension":"source","op":"like","values":["a"]}]"#,
            r#"[{"dimension":"source","op":"is","values":[]}]"#,
            r#"[{"dimension":"source","op":"is","values":[1]}]"#,
        ] {
            assert_eq!(Filter::parse_list(text).unwrap_err().field, "filters", "{text}");
        }
    }

    #[test]
    fn dimensions_are_listed_once_and_named_when_unknown() {
        assert_eq!(
            Dimension::parse_list("source, campaign,source").unwrap(),
            [Dimension::Source, Dimension::Campaign]
        );
        let fault = Dimension::parse_list("sauce").unwrap_err();
        assert!(fault.field == "dimension" && fault.message.contains("source"));
        assert!(Dimension::parse_list("source,medium,campaign,term,content").is_err());
    }
}
