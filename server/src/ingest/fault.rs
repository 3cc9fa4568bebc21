//! Faults: what is wrong with a message, and what its sender can do about it.

/// Characters of the sender's own text that a message repeats.
const SHOWN_CHARS: usize = 40;

/// What kind of fault it is; where there are several, the kind that stands first here is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// No site has that id.
    UnknownSite,
    /// The address is not the site's.
    WrongDomain,
    /// Something in the body is malformed, missing or out of range.
    Invalid,
    /// The site takes signed messages only, and this one is not.
    Unauthorized,
}

/// A message that is not in order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// What kind.
    pub kind: FaultKind,
    /// The word for programs.
    pub code: &'static str,
    /// The field at fault, where it is one.
    pub field: Option<String>,
    /// A sentence that says what is wrong and what to do. It repeats a bounded piece of the message at most.
    pub message: String,
}

impl Fault {
    /// The body as a whole cannot be used.
    pub(super) fn body(code: &'static str, message: String) -> Self {
        Self { kind: FaultKind::Invalid, code, field: None, message }
    }

    /// A field is missing, of the wrong type or out of range.
    pub(super) fn field(field: &str, message: String) -> Self {
        Self { kind: FaultKind::Invalid, code: "invalid", field: Some(field.to_owned()), message }
    }

    pub(super) fn unknown_site(site_id: &str) -> Self {
        Self {
            kind: FaultKind::UnknownSite,
            code: "unknown_site",
            field: Some("site_id".to_owned()),
            message: format!(
                "No site has the id {}; copy it from the site's settings, it begins with pk_live_.",
                shown(site_id)
            ),
        }
    }

    pub(super) fn wrong_domain(host: &str, domain: &str) -> Self {
        Self {
            kind: FaultKind::WrongDomain,
            code: "wrong_domain",
            field: Some("url".to_owned()),
            message: format!(
                "The host {} of `url` is neither {}, nor a subdomain of it, nor one of the site's aliases; \
                 add it to the site's aliases if it is the same site.",
                shown(host),
                shown(domain)
            ),
        }
    }

    pub(super) fn unsigned() -> Self {
        Self {
            kind: FaultKind::Unauthorized,
            code: "signature_required",
            field: Some("user_hash".to_owned()),
            message:
                "This site takes signed identifies only: send `user_hash`, the hexadecimal HMAC-SHA256 of \
                      `user_id` under the site's identify secret, made on your server."
                    .to_owned(),
        }
    }
}

/// A bounded piece of what was sent, in quotes, without characters that could spoil a log or a terminal.
pub(super) fn shown(text: &str) -> String {
    let mut piece: String = text
        .chars()
        .take(SHOWN_CHARS)
        .map(|character| if character.is_control() { '\u{fffd}' } else { character })
        .collect();
    if text.chars().nth(SHOWN_CHARS).is_some() {
        piece.push('…');
    }
    format!("\"{piece}\"")
}
