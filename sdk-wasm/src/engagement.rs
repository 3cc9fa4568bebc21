//! Attention to one page: the time for which it was visible, and how far it was scrolled.

/// The attention that the current page had.
#[derive(Debug, Default)]
pub(crate) struct Engagement {
    seen_ms: f64,
    /// 0 while it is hidden.
    visible_since_ms: f64,
    depth: f64,
    reported_seconds: f64,
}

impl Engagement {
    /// A page begins, visible or not.
    pub(crate) fn begin(is_visible: bool, now_ms: f64) -> Self {
        Self { visible_since_ms: if is_visible { now_ms } else { 0.0 }, ..Self::default() }
    }

    pub(crate) fn show(&mut self, now_ms: f64) {
        self.hide(now_ms);
        self.visible_since_ms = now_ms;
    }

    #[inline(never)]
    pub(crate) fn hide(&mut self, now_ms: f64) {
        if self.visible_since_ms > 0.0 {
            // A clock that was set back takes nothing away.
            self.seen_ms += (now_ms - self.visible_since_ms).max(0.0);
            self.visible_since_ms = 0.0;
        }
    }

    /// The page was scrolled to so many percent.
    pub(crate) fn scrolled(&mut self, percent: f64) {
        self.depth = self.depth.max(percent.min(100.0));
    }

    /// Visible seconds and scroll depth since the page began, where the seconds have grown since they were last
    /// taken.
    pub(crate) fn take(&mut self, now_ms: f64) -> Option<(f64, f64)> {
        if self.visible_since_ms > 0.0 {
            self.show(now_ms);
        }
        let seconds = (self.seen_ms / 1000.0).floor();
        (seconds > self.reported_seconds).then(|| {
            self.reported_seconds = seconds;
            (seconds, self.depth)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Engagement;

    #[test]
    fn only_visible_time_counts() {
        let mut engagement = Engagement::begin(true, 1_000.0);
        engagement.hide(5_000.0);
        engagement.show(65_000.0);
        engagement.show(66_000.0);
        engagement.scrolled(40.0);
        engagement.scrolled(30.0);
        assert_eq!(engagement.take(67_500.0), Some((6.0, 40.0)));
        assert_eq!(engagement.take(67_900.0), None);
        assert_eq!(engagement.take(68_000.0), Some((7.0, 40.0)));
    }

    #[test]
    fn a_page_that_was_never_visible_has_no_time() {
        assert_eq!(Engagement::begin(false, 0.0).take(60_000.0), None);
    }
}
