//! Referrer spam: hosts that send no visitors, only their own name.

use std::collections::HashSet;
use std::sync::LazyLock;

static SPAMMERS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("../../data/matomo/spammers.txt")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
});

/// Whether a referrer's host is on the published list of referrer spam, itself or a domain above it.
pub fn is_spam(host: &str) -> bool {
    let host = super::hosts::clean(host);
    let mut suffix = host.as_str();
    loop {
        if !suffix.is_empty() && SPAMMERS.contains(suffix) {
            return true;
        }
        match suffix.split_once('.') {
            Some((_, rest)) => suffix = rest,
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_hosts_and_those_under_them_are_spam() {
        let check = |host, expected| assert_eq!(is_spam(host), expected, "{host}");
        check("0-0.fr", true);
        check("WWW.0-0.fr:80", true);
        check("a.b.semalt.com", true);
        check("notsemalt.com", false);
        check("google.com", false);
        check("", false);
    }
}
