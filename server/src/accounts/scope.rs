//! The scopes of API keys: what a key may do, in the words of the API.

/// One thing that a key may be allowed. A write scope does not imply reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Keys, users and backups; the owner's keys alone.
    Admin,
    /// Reports.
    AnalyticsRead,
    /// Sites and their settings.
    SitesRead,
    /// Adds and changes sites.
    SitesWrite,
    /// Goals.
    GoalsRead,
    /// Adds and changes goals.
    GoalsWrite,
    /// Funnels.
    FunnelsRead,
    /// Adds and changes funnels.
    FunnelsWrite,
    /// Annotations.
    AnnotationsRead,
    /// Adds and changes annotations.
    AnnotationsWrite,
    /// Single visitors.
    VisitorsRead,
    /// Connects and disconnects providers.
    IntegrationsWrite,
    /// Orders from the merchant's own backend.
    ImportWrite,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Admin,
        Self::AnalyticsRead,
        Self::SitesRead,
        Self::SitesWrite,
        Self::GoalsRead,
        Self::GoalsWrite,
        Self::FunnelsRead,
        Self::FunnelsWrite,
        Self::AnnotationsRead,
        Self::AnnotationsWrite,
        Self::VisitorsRead,
        Self::IntegrationsWrite,
        Self::ImportWrite,
    ];

    /// The word in keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::AnalyticsRead => "analytics:read",
            Self::SitesRead => "sites:read",
            Self::SitesWrite => "sites:write",
            Self::GoalsRead => "goals:read",
            Self::GoalsWrite => "goals:write",
            Self::FunnelsRead => "funnels:read",
            Self::FunnelsWrite => "funnels:write",
            Self::AnnotationsRead => "annotations:read",
            Self::AnnotationsWrite => "annotations:write",
            Self::VisitorsRead => "visitors:read",
            Self::IntegrationsWrite => "integrations:write",
            Self::ImportWrite => "import:write",
        }
    }

    /// The scope of a word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// All words, for messages.
    pub fn list() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}
