//! Answers kept: the same question on the same version of the store has the same answer.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use super::ReportError;

/// Answers kept at most.
const ANSWERS: usize = 256;
/// Bytes of all answers kept.
const BYTES: usize = 32 * 1024 * 1024;

/// The answers that are kept, as the bytes that go out.
#[derive(Default)]
pub struct Answers {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    version: u64,
    answers: HashMap<String, Arc<str>>,
    order: VecDeque<String>,
    bytes: usize,
}

impl Answers {
    /// The answer to a question (all that it depends on, in one text) on a version of the store, made by `answer`
    /// where it is not kept.
    pub fn get(
        &self,
        question: &str,
        version: u64,
        answer: impl FnOnce() -> Result<String, ReportError>,
    ) -> Result<Arc<str>, ReportError> {
        if let Some(kept) = self.kept(question, version) {
            return Ok(kept);
        }
        let made: Arc<str> = answer()?.into();
        self.keep(question, version, made.clone());
        Ok(made)
    }

    fn kept(&self, question: &str, version: u64) -> Option<Arc<str>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.answers.get(question).filter(|_| kept.version == version).cloned()
    }

    fn keep(&self, question: &str, version: u64, answer: Arc<str>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if version < kept.version || answer.len() > BYTES / 4 {
            return;
        }
        if version > kept.version {
            // Nothing of a former version will be asked for again.
            *kept = Kept { version, ..Kept::default() };
        }
        if kept.answers.contains_key(question) {
            return;
        }
        kept.bytes += answer.len();
        kept.answers.insert(question.to_owned(), answer);
        kept.order.push_back(question.to_owned());
        while kept.answers.len() > ANSWERS || kept.bytes > BYTES {
            let Some(oldest) = kept.order.pop_front() else { break };
            let freed = kept.answers.remove(&oldest).map_or(0, |answer| answer.len());
            kept.bytes = kept.bytes.saturating_sub(freed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(answers: &Answers, question: &str, version: u64, made: &str) -> String {
        answers.get(question, version, || Ok(made.to_owned())).unwrap().to_string()
    }

    #[test]
    fn an_answer_is_kept_until_the_store_changes() {
        let answers = Answers::default();
        assert_eq!(get(&answers, "a", 1, "one"), "one");
        assert_eq!(get(&answers, "a", 1, "two"), "one");
        assert_eq!(get(&answers, "b", 1, "three"), "three");
        assert_eq!(get(&answers, "a", 2, "four"), "four");
        // A slow answer of the former version does not come back.
        assert_eq!(get(&answers, "a", 1, "five"), "five");
        assert_eq!(get(&answers, "a", 2, "six"), "four");
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let answers = Answers::default();
        for number in 0..1_000 {
            get(&answers, &number.to_string(), 1, &"x".repeat(200_000));
        }
        let kept = answers.kept.lock().unwrap();
        assert!(kept.answers.len() <= ANSWERS && kept.bytes <= BYTES);
        assert_eq!(kept.answers.len(), kept.order.len());
    }
}
