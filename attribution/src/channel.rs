//! Channels: the group that a source belongs to, by Google's published rules with marked deviations.

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
        Self::ALL.into_iter().find(|channel| channel.name().eq_ignore_ascii_case(name))
    }
}

impl std::fmt::Display for Channel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}
