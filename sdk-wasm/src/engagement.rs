//! Attention to one page: the time for which it was visible, and how far it was scrolled.

/// The attention that the current page had.
#[derive(Debug, Default)]
pub(crate) struct Engagement {
    seen_ms: u64,
    visible_since_ms: Option<u64>,
    depth: u8,
    reported: (u64, u8),
}

impl Engagement {
    /// A page begins, visible or not.
    pub(crate) fn begin(is_visible: bool, now_ms: u64) -> Self {
        Self { visible_since_ms: is_visible.then_some(now_ms), ..Self::default() }
    }

    pub(crate) fn show(&mut self, now_ms: u64) {
        self.visible_since_ms.get_or_insert(now_ms);
    }

    pub(crate) fn hide(&mut self, now_ms: u64) {
        if let Some(since) = self.visible_since_ms.take() {
            self.seen_ms += now_ms.saturating_sub(since);
        }
    }

    pub(crate) fn scrolled(&mut self, percent: u8) {
        self.depth = self.depth.max(percent.min(100));
    }

    /// Visible seconds and scroll depth since the page began, where they have grown since they were last taken.
    pub(crate) fn take(&mut self, now_ms: u64) -> Option<(u64, u8)> {
        let running = self.visible_since_ms.map_or(0, |since| now_ms.saturating_sub(since));
        let now = ((self.seen_ms + running) / 1000, self.depth);
        let has_grown = now.0 > self.reported.0;
        has_grown.then(|| {
            self.reported = now;
            now
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Engagement;

    #[test]
    fn only_visible_time_counts() {
        let mut engagement = Engagement::begin(true, 1_000);
        engagement.hide(5_000);
        engagement.show(65_000);
        engagement.show(66_000);
        engagement.scrolled(40);
        engagement.scrolled(30);
        assert_eq!(engagement.take(67_500), Some((6, 40)));
        assert_eq!(engagement.take(67_900), None);
        assert_eq!(engagement.take(68_000), Some((7, 40)));
    }

    #[test]
    fn a_page_that_was_never_visible_has_no_time() {
        assert_eq!(Engagement::begin(false, 0).take(60_000), None);
    }
}
