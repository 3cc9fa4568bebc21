//! What the queue promises.

use std::collections::BTreeMap;

use super::entry::AGE_MS;
use super::*;

fn entry_at(kind: Kind, at_ms: f64, id: &str) -> Entry {
    Entry::new(kind, at_ms, id.into(), ["{\"id\":\"", id, "\"}"].concat().as_str().into())
}

fn status(status: i32) -> Answer {
    Answer { status, retry_after_seconds: 0.0 }
}

fn entry(kind: Kind, id: &str) -> Entry {
    entry_at(kind, 0.0, id)
}

/// A queue's answer, to a fraction of a millisecond.
fn rounded(ms: f64) -> i64 {
    format!("{ms:.0}").parse().unwrap()
}

/// Browser storage: an entry under each id.
#[derive(Default)]
struct Storage(BTreeMap<String, String>);

impl Storage {
    /// Brings it up to date with a page.
    fn save(&mut self, queue: &mut Queue) {
        queue.changes(|id, stored| {
            if stored.is_empty() {
                self.0.remove(&id.read())
            } else {
                self.0.insert(id.read(), stored.read())
            };
        });
    }

    /// A page that begins with what is stored.
    fn open(&self, held: &str, now_ms: f64) -> Queue {
        let mut queue = Queue::default();
        queue.hold(held.into(), now_ms);
        for (id, stored) in &self.0 {
            queue.restore(id.as_str().into(), stored.as_str().into(), now_ms);
        }
        queue
    }

    fn ids(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

fn queue(ids: &[&str]) -> Queue {
    let mut queue = Queue::default();
    for id in ids {
        queue.push(entry(Kind::Event, id));
    }
    queue
}

#[test]
fn one_event_goes_as_an_object_and_several_as_an_array() {
    let body = |ids: &[&str]| queue(ids).next(5.0).unwrap().body;
    assert_eq!(body(&["a"]), r#"{"sent_at":5,"id":"a"}"#);
    assert_eq!(body(&["a", "b"]), r#"[{"sent_at":5,"id":"a"},{"sent_at":5,"id":"b"}]"#);
}

#[test]
fn a_request_has_no_more_than_the_server_takes() {
    let ids: Vec<String> = (0..60).map(|number| number.to_string()).collect();
    let mut queue = queue(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let batch = queue.next(0.0).unwrap();
    assert_eq!(batch.body.read().matches("sent_at").count(), protocol::limit::EVENTS);
    assert_eq!(rounded(queue.answer(batch.number, status(202), 0.0, 0)), 0);
    assert_eq!(queue.next(0.0).unwrap().body.read().matches("sent_at").count(), 10);
}

#[test]
fn an_identify_goes_alone() {
    let mut queue = Queue::default();
    queue.push(entry(Kind::Event, "a"));
    queue.push(entry(Kind::Identify, "i"));
    queue.push(entry(Kind::Event, "b"));
    let first = queue.next(0.0).unwrap();
    assert!(
        !first.is_identify && first.body.read().contains("\"b\"") && !first.body.read().contains("\"i\"")
    );
    queue.answer(first.number, status(202), 0.0, 0);
    let second = queue.next(0.0).unwrap();
    assert!(second.is_identify && second.body.read().contains("\"id\":\"i\""));
}

#[test]
fn what_is_refused_as_faulty_is_not_sent_again_and_what_failed_is() {
    let check = |answer: Answer, is_kept: bool| {
        let mut queue = queue(&["a"]);
        let batch = queue.next(0.0).unwrap();
        queue.answer(batch.number, answer, 0.0, 0);
        assert_eq!(!queue.is_empty(), is_kept, "{answer:?}");
        if is_kept {
            let again = queue.next(10_000_000.0).unwrap().body.read();
            assert_eq!(again.replace("10000000", "0"), batch.body.read(), "the id must stay the same");
        }
    };
    for code in [200, 202, 400, 401, 403, 404, 413] {
        check(status(code), false);
    }
    for code in [408, 429, 500, 502, 503, 504] {
        check(status(code), true);
    }
    check(Answer::LOST, true);
}

#[test]
fn one_request_is_awaited_at_a_time_and_a_late_answer_says_nothing() {
    let mut queue = queue(&["a"]);
    let first = queue.next(0.0).unwrap();
    queue.push(entry(Kind::Event, "b"));
    assert_eq!(queue.next(0.0), None);
    assert_eq!(queue.overdue(ANSWER_MS - 1.0), 0);
    assert_eq!(queue.overdue(ANSWER_MS), first.number);
    queue.answer(first.number, Answer::LOST, ANSWER_MS, 0);
    assert_eq!(rounded(queue.answer(first.number, status(202), ANSWER_MS, 0)), 0);
    assert!(!queue.is_empty());
}

#[test]
fn waiting_doubles_with_jitter_up_to_five_minutes() {
    let mut queue = queue(&["a"]);
    let mut now_ms = 0.0;
    let mut waits = |random: u8| {
        let batch = queue.next(now_ms).unwrap();
        let wait = queue.answer(batch.number, Answer::LOST, now_ms, random);
        assert_eq!(queue.next(now_ms + wait - 1.0), None);
        now_ms += wait;
        rounded(wait)
    };
    assert_eq!([waits(255), waits(255), waits(0), waits(0)], [1_000, 2_000, 2_000, 4_000]);
    for _ in 0..20 {
        waits(0);
    }
    assert_eq!(waits(255), 300_000);
}

#[test]
fn what_is_waited_is_whole_milliseconds() {
    for random in 0..=255 {
        let mut queue = queue(&["a"]);
        let batch = queue.next(0.0).unwrap();
        let answer = Answer { status: 503, retry_after_seconds: 2.0 };
        let wait = queue.answer(batch.number, answer, 0.0, random);
        assert!(wait.fract().abs() < f64::EPSILON, "{wait}");
        assert!(queue.next(wait).is_some());
    }
}

#[test]
fn the_servers_wish_to_wait_is_honoured_when_the_network_returns_and_on_the_next_page() {
    let mut queue = queue(&["a"]);
    let batch = queue.next(0.0).unwrap();
    let wait = queue.answer(batch.number, Answer { status: 503, retry_after_seconds: 120.0 }, 0.0, 0);
    assert!((120_000.0..=121_000.0).contains(&wait));
    queue.hasten();
    assert_eq!(queue.next(119_999.0), None);
    let mut storage = Storage::default();
    storage.save(&mut queue);
    let mut next_page = storage.open(&queue.held_until().read(), 1_000.0);
    assert_eq!(next_page.next(119_999.0), None);
    assert!(next_page.next(wait).is_some());
}

#[test]
fn the_returning_network_ends_the_waiting_for_it() {
    let mut queue = queue(&["a"]);
    let batch = queue.next(0.0).unwrap();
    queue.answer(batch.number, Answer::LOST, 0.0, 255);
    assert_eq!(queue.next(1.0), None);
    queue.hasten();
    assert!(queue.next(1.0).is_some());
}

#[test]
fn a_parting_page_hands_over_all_but_what_is_under_way_and_keeps_what_may_be_lost() {
    let mut queue = queue(&["a"]);
    let awaited = queue.next(0.0).unwrap();
    queue.push(entry(Kind::Purchase, "p"));
    queue.push(entry(Kind::Engagement, "t"));
    let parting = queue.next_parting(0.0).unwrap();
    assert!(
        parting.body.read().contains("\"p\"")
            && parting.body.read().contains("\"t\"")
            && !parting.body.read().contains("\"a\"")
    );
    assert_eq!(queue.next_parting(0.0), None);
    let mut storage = Storage::default();
    storage.save(&mut queue);
    assert_eq!(storage.ids(), ["a", "p"]);
    // The page lives on after all.
    queue.resume();
    queue.answer(awaited.number, status(202), 0.0, 0);
    let again = queue.next(0.0).unwrap().body;
    let again = again.read();
    assert!(again.contains("\"p\"") && !again.contains("\"a\""));
}

#[test]
fn what_tabs_store_does_not_depend_on_what_they_know_of_each_other() {
    let mut storage = Storage::default();
    let (mut one, mut other) = (queue(&["a", "b"]), queue(&["x"]));
    storage.save(&mut one);
    storage.save(&mut other);
    assert_eq!(storage.ids(), ["a", "b", "x"]);
    let mut third = storage.open("", 0.0);
    for tab in [&mut one, &mut other] {
        let batch = tab.next(0.0).unwrap();
        tab.answer(batch.number, status(202), 0.0, 0);
        tab.push(entry(Kind::Event, "late"));
    }
    storage.save(&mut one);
    assert_eq!(storage.ids(), ["late", "x"]);
    storage.save(&mut other);
    assert_eq!(storage.ids(), ["late"]);
    // What another tab has delivered meanwhile does not come back.
    storage.save(&mut third);
    assert_eq!(storage.ids(), ["late"]);
    assert!(!third.is_empty() && !third.is_behind());
}

#[test]
fn what_was_stored_goes_in_its_order_and_what_is_dropped_is_stored_no_longer() {
    let mut storage = Storage::default();
    let mut first = Queue::default();
    for (at_ms, id) in [(3.0, "a"), (1.0, "b"), (2.0, "c")] {
        first.push(entry_at(Kind::Event, at_ms, id));
    }
    storage.save(&mut first);
    let mut next = storage.open("", 0.0);
    let order: Vec<_> = next.entries.iter().map(|entry| entry.id.read()).collect();
    assert_eq!(order, ["b", "c", "a"]);
    for number in 0..ENTRIES {
        next.push(entry_at(Kind::Event, 4.0, &number.to_string()));
    }
    storage.save(&mut next);
    assert_eq!(storage.ids().len(), ENTRIES);
    assert!(!storage.ids().contains(&"a"));
}

#[test]
fn events_older_than_the_servers_memory_are_dropped_but_purchases_never() {
    let mut old = Queue::default();
    for kind in [Kind::Event, Kind::Purchase, Kind::Identify] {
        old.push(entry(kind, if kind == Kind::Purchase { "p" } else { "e" }));
    }
    let mut storage = Storage::default();
    storage.save(&mut old);
    let mut queue = storage.open("", AGE_MS + 1.0);
    assert_eq!(queue.next(AGE_MS + 1.0).unwrap().body.read().matches("\"id\"").count(), 1);
    assert!(queue.entries[0].is(Kind::Purchase));
    storage.save(&mut queue);
    assert_eq!(storage.ids(), ["p"]);
}

#[test]
fn the_queue_is_bounded_and_purchases_are_dropped_last() {
    let mut queue = Queue::default();
    queue.push(entry(Kind::Purchase, "p"));
    for number in 0..ENTRIES + 50 {
        queue.push(entry(Kind::Event, &number.to_string()));
    }
    assert_eq!(queue.entries.len(), ENTRIES);
    assert_eq!(queue.entries[0].id, "p");
    let large = "x".repeat(100 * 1024);
    for _ in 0..4 {
        queue.push(Entry::new(Kind::Event, 0.0, "l".into(), ["{", &large, "}"].concat().as_str().into()));
    }
    assert!(queue.entries.iter().map(|entry| entry.json.length()).sum::<usize>() <= UNITS);
    assert_eq!(queue.entries[0].id, "p");
}

#[test]
fn spoilt_storage_is_no_queue() {
    for stored in ["", "x", "5", "5nonsense", "5{", "{}", "5\n{}", "z{é}"] {
        let mut queue = Queue::default();
        queue.restore("id".into(), stored.into(), 0.0);
        assert!(queue.is_empty(), "{stored:?}");
        // It is removed, so that nothing stays for ever.
        let mut storage = Storage(BTreeMap::from([("id".to_owned(), stored.to_owned())]));
        storage.save(&mut queue);
        assert!(storage.ids().is_empty());
    }
    let mut queue = Queue::default();
    queue.hold("nonsense".into(), 0.0);
    assert!(queue.held(0.0) <= 0.0);
}

#[test]
fn an_order_id_may_hold_any_signs() {
    let mut queue = Queue::default();
    let id = "order:1\t2\n3";
    queue.push(entry(Kind::Purchase, id));
    let mut storage = Storage::default();
    storage.save(&mut queue);
    assert_eq!(storage.ids(), [id]);
    assert!(storage.open("", 0.0).next(0.0).is_some());
}
