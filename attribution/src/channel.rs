//! Channels: the group that a source belongs to, by Google's published rules with marked deviations.

use crate::source::{Kind, Meaning};

/// A channel of the default channel grouping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// No source and no medium.
    Direct,
    /// Chat assistants that answer with links.
    AiAssistants,
    /// Campaigns that run over several networks at once.
    CrossNetwork,
    /// Paid, on a shopping site or by a shopping campaign.
    PaidShopping,
    /// Paid, on a search engine.
    PaidSearch,
    /// Paid, on a social network.
    PaidSocial,
    /// Paid, on a video site.
    PaidVideo,
    /// Banners and the like.
    Display,
    /// Paid, anywhere else.
    PaidOther,
    /// Shopping sites and shopping campaigns, unpaid.
    OrganicShopping,
    /// Social networks, unpaid.
    OrganicSocial,
    /// Video sites, unpaid.
    OrganicVideo,
    /// Search engines, unpaid.
    OrganicSearch,
    /// Links on other sites.
    Referral,
    /// E-mail and newsletters.
    Email,
    /// Affiliate programmes.
    Affiliates,
    /// Podcasts and other audio.
    Audio,
    /// Text messages.
    Sms,
    /// Notifications on phones.
    MobilePush,
    /// Tagged, but by no rule.
    Unassigned,
}

impl Channel {
    /// Every channel, in the order of the rules.
    pub const ALL: [Self; 20] = [
        Self::Direct,
        Self::AiAssistants,
        Self::CrossNetwork,
        Self::PaidShopping,
        Self::PaidSearch,
        Self::PaidSocial,
        Self::PaidVideo,
        Self::Display,
        Self::PaidOther,
        Self::OrganicShopping,
        Self::OrganicSocial,
        Self::OrganicVideo,
        Self::OrganicSearch,
        Self::Referral,
        Self::Email,
        Self::Affiliates,
        Self::Audio,
        Self::Sms,
        Self::MobilePush,
        Self::Unassigned,
    ];

    /// The name shown, as in `Paid Search`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Direct => "Direct",
            Self::AiAssistants => "AI Assistants",
            Self::CrossNetwork => "Cross-network",
            Self::PaidShopping => "Paid Shopping",
            Self::PaidSearch => "Paid Search",
            Self::PaidSocial => "Paid Social",
            Self::PaidVideo => "Paid Video",
            Self::Display => "Display",
            Self::PaidOther => "Paid Other",
            Self::OrganicShopping => "Organic Shopping",
            Self::OrganicSocial => "Organic Social",
            Self::OrganicVideo => "Organic Video",
            Self::OrganicSearch => "Organic Search",
            Self::Referral => "Referral",
            Self::Email => "Email",
            Self::Affiliates => "Affiliates",
            Self::Audio => "Audio",
            Self::Sms => "SMS",
            Self::MobilePush => "Mobile Push",
            Self::Unassigned => "Unassigned",
        }
    }

    /// The channel of that name, in any case.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::ALL
            .into_iter()
            .find(|channel| channel.name().eq_ignore_ascii_case(name))
    }
}

impl std::fmt::Display for Channel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What the rules look at, all folded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signs<'a> {
    /// The source's name.
    pub(crate) source: &'a str,
    /// The source's kind.
    pub(crate) kind: Kind,
    /// The medium; empty or `(not set)` where there is none.
    pub(crate) medium: &'a str,
    /// The campaign; likewise.
    pub(crate) campaign: &'a str,
    /// What the click id that counts says.
    pub(crate) click: Option<Meaning>,
    /// Whether the referrer is a chat assistant, whatever the tags say.
    pub(crate) is_from_assistant: bool,
}

impl Signs<'_> {
    /// Whether the medium or a click id says that the visit was paid for.
    pub(crate) fn is_paid(&self) -> bool {
        is_paid_medium(self.medium) || !matches!(self.click, None | Some(Meaning::Unpaid))
    }
}

/// The first rule that holds. The order and the patterns are Google's, manual traffic
/// (<https://support.google.com/analytics/answer/9756891>, read 2026-11); chat assistants by source,
/// newsletters and affiliates by medium, and click ids are this product's.
pub(crate) fn decide(signs: &Signs<'_>) -> Channel {
    let medium = signs.medium;
    let is_shop = signs.kind == Kind::Shopping || is_shop_campaign(signs.campaign);
    if medium == "ai-assistant" || signs.kind == Kind::AiAssistant || signs.is_from_assistant {
        Channel::AiAssistants
    } else if signs.campaign.contains("cross-network") {
        Channel::CrossNetwork
    } else if signs.is_paid() {
        paid(signs, is_shop)
    } else if ["display", "banner", "expandable", "interstitial", "cpm"].contains(&medium) {
        Channel::Display
    } else if is_shop {
        Channel::OrganicShopping
    } else {
        unpaid(signs)
    }
}

fn paid(signs: &Signs<'_>, is_shop: bool) -> Channel {
    match (signs.click, signs.kind) {
        _ if is_shop => Channel::PaidShopping,
        (Some(Meaning::Display), _) => Channel::Display,
        (Some(Meaning::Affiliate), _) => Channel::Affiliates,
        (Some(Meaning::Paid(Kind::Search)), _) | (_, Kind::Search) => Channel::PaidSearch,
        (Some(Meaning::Paid(Kind::Social)), _) | (_, Kind::Social) => Channel::PaidSocial,
        (_, Kind::Video) => Channel::PaidVideo,
        _ if signs.medium == "cpm" => Channel::Display,
        _ => Channel::PaidOther,
    }
}

fn unpaid(signs: &Signs<'_>) -> Channel {
    let (source, medium) = (signs.source, signs.medium);
    let is_mail = |value| ["email", "e-mail", "e_mail", "e mail", "newsletter"].contains(&value);
    let is_social_medium = [
        "social",
        "social-network",
        "social-media",
        "sm",
        "social network",
        "social media",
    ]
    .contains(&medium);
    if signs.kind == Kind::Social || is_social_medium {
        Channel::OrganicSocial
    } else if signs.kind == Kind::Video || medium.contains("video") {
        Channel::OrganicVideo
    } else if signs.kind == Kind::Search || medium == "organic" {
        Channel::OrganicSearch
    } else if ["referral", "app", "link"].contains(&medium) {
        Channel::Referral
    } else if is_mail(source) || is_mail(medium) {
        Channel::Email
    } else if ["affiliate", "affiliates"].contains(&medium) {
        Channel::Affiliates
    } else if medium == "audio" {
        Channel::Audio
    } else if source == "sms" || medium == "sms" {
        Channel::Sms
    } else if medium.ends_with("push")
        || medium.contains("mobile")
        || medium.contains("notification")
        || source == "firebase"
    {
        Channel::MobilePush
    } else {
        Channel::Unassigned
    }
}

/// The pattern `^(.*cp.*|ppc|retargeting|paid.*)$`.
fn is_paid_medium(medium: &str) -> bool {
    medium.contains("cp")
        || medium == "ppc"
        || medium == "retargeting"
        || medium.starts_with("paid")
}

/// The pattern `^(.*(([^a-df-z]|^)shop|shopping).*)$`: *shop* as a word of its own or after an *e*, so that a
/// workshop is none.
fn is_shop_campaign(campaign: &str) -> bool {
    let stands_apart = |(position, _): (usize, &str)| {
        let before = campaign
            .get(..position)
            .and_then(|before| before.chars().next_back());
        before.is_none_or(|letter| letter == 'e' || !letter.is_ascii_lowercase())
    };
    campaign.contains("shopping") || campaign.match_indices("shop").any(stands_apart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_medium_is_paid_by_googles_pattern() {
        let check = |medium, expected| assert_eq!(is_paid_medium(medium), expected, "{medium}");
        for medium in [
            "cpc",
            "cpm",
            "cpv",
            "mcp",
            "gcp",
            "ppc",
            "retargeting",
            "paid",
            "paid_social",
            "paidsearch",
        ] {
            check(medium, true);
        }
        for medium in [
            "",
            "ppc-brand",
            "unpaid",
            "prepaid",
            "re-targeting",
            "organic",
            "(not set)",
            "readme",
        ] {
            check(medium, false);
        }
    }

    #[test]
    fn a_shop_campaign_has_shop_as_a_word_of_its_own() {
        let check =
            |campaign, expected| assert_eq!(is_shop_campaign(campaign), expected, "{campaign}");
        for campaign in [
            "shop",
            "eshop",
            "coffee shop",
            "coffee-shop",
            "my_shop_2",
            "shopping",
            "windowshopping",
            "workshop eshop",
            "2shop",
        ] {
            check(campaign, true);
        }
        for campaign in [
            "",
            "workshop",
            "barbershop",
            "bishop",
            "spring",
            "photoshop",
        ] {
            check(campaign, false);
        }
    }

    #[test]
    fn every_channel_is_found_by_its_name() {
        for channel in Channel::ALL {
            assert_eq!(Channel::parse(channel.name()), Some(channel));
            assert_eq!(
                Channel::parse(&channel.name().to_uppercase()),
                Some(channel)
            );
        }
        assert_eq!(Channel::parse("Print"), None);
    }
}
