//! What the queue promises.

use std::collections::BTreeMap;

use super::*;

fn entry(kind: Kind, id: &str) -> Entry {
    Entry {
        kind,
        at_ms: 0,
        id: id.to_owned(),
        json: ["{\"id\":\"", id, "\"}"].concat(),
        batch: 0,
        is_stored: false,
    }
}

/// Browser storage: an entry under each id.
#[derive(Default)]
struct Storage(BTreeMap<String, String>);

impl Storage {
    /// Brings it up to date with a page.
    fn save(&mut self, queue: &mut Queue) {
        for (id, line) in queue.changes() {
            if line.is_empty() {
                self.0.remove(&id)
            } else {
                self.0.insert(id, line)
            };
        }
    }

    /// A page that begins with what is stored.
    fn open(&self, held: &str, now_ms: u64) -> Queue {
        let mut queue = Queue::default();
        let lines: Vec<&str> = self.0.values().map(String::as_str).collect();
        queue.restore(&[held, "\n", &lines.join("\n")].concat(), now_ms);
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
    let body = |ids: &[&str]| queue(ids).next(5).unwrap().body;
    assert_eq!(body(&["a"]), r#"{"id":"a","sent_at":5}"#);
    assert_eq!(body(&["a", "b"]), r#"[{"id":"a","sent_at":5},{"id":"b","sent_at":5}]"#);
}

#[test]
fn a_request_has_no_more_than_the_server_takes() {
    let ids: Vec<String> = (0..60).map(|number| number.to_string()).collect();
    let mut queue = queue(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let batch = queue.next(0).unwrap();
    assert_eq!(batch.body.matches("sent_at").count(), protocol::limit::EVENTS);
    assert_eq!(queue.answer(batch.number, Answer::Status(202, 0), 0, 0), None);
    assert_eq!(queue.next(0).unwrap().body.matches("sent_at").count(), 10);
}

#[test]
fn an_identify_goes_alone() {
    let mut queue = Queue::default();
    queue.push(entry(Kind::Event, "a"));
    queue.push(entry(Kind::Identify, "i"));
    queue.push(entry(Kind::Event, "b"));
    let first = queue.next(0).unwrap();
    assert!(!first.is_identify && first.body.contains("\"b\"") && !first.body.contains("\"i\""));
    queue.answer(first.number, Answer::Status(202, 0), 0, 0);
    let second = queue.next(0).unwrap();
    assert!(second.is_identify && second.body.starts_with("{\"id\":\"i\""));
}

#[test]
fn what_is_refused_as_faulty_is_not_sent_again_and_what_failed_is() {
    let check = |answer: Answer, is_kept: bool| {
        let mut queue = queue(&["a"]);
        let batch = queue.next(0).unwrap();
        queue.answer(batch.number, answer, 0, 0);
        assert_eq!(!queue.is_empty(), is_kept, "{answer:?}");
        if is_kept {
            let again = queue.next(10_000_000).unwrap().body;
            assert_eq!(again.replace("10000000", "0"), batch.body, "the id must stay the same");
        }
    };
    for status in [200, 202, 400, 401, 403, 404, 413] {
        check(Answer::Status(status, 0), false);
    }
    for status in [408, 429, 500, 502, 503, 504] {
        check(Answer::Status(status, 0), true);
    }
    check(Answer::Lost, true);
}

#[test]
fn one_request_is_awaited_at_a_time_and_a_late_answer_says_nothing() {
    let mut queue = queue(&["a"]);
    let first = queue.next(0).unwrap();
    queue.push(entry(Kind::Event, "b"));
    assert_eq!(queue.next(0), None);
    assert_eq!(queue.overdue(ANSWER_MS - 1), None);
    assert_eq!(queue.overdue(ANSWER_MS), Some(first.number));
    queue.answer(first.number, Answer::Lost, ANSWER_MS, 0);
    assert_eq!(queue.answer(first.number, Answer::Status(202, 0), ANSWER_MS, 0), None);
    assert!(!queue.is_empty());
}

#[test]
fn waiting_doubles_with_jitter_up_to_five_minutes() {
    let mut queue = queue(&["a"]);
    let mut now_ms = 0;
    let mut waits = |random: u8| {
        let batch = queue.next(now_ms).unwrap();
        let wait = queue.answer(batch.number, Answer::Lost, now_ms, random).unwrap();
        assert_eq!(queue.next(now_ms + wait - 1), None);
        now_ms += wait;
        wait
    };
    assert_eq!([waits(255), waits(255), waits(0), waits(0)], [1_000, 2_000, 2_000, 4_000]);
    for _ in 0..20 {
        waits(0);
    }
    assert_eq!(waits(255), 300_000);
}

#[test]
fn the_servers_wish_to_wait_is_honoured_when_the_network_returns_and_on_the_next_page() {
    let mut queue = queue(&["a"]);
    let batch = queue.next(0).unwrap();
    let wait = queue.answer(batch.number, Answer::Status(503, 120), 0, 0).unwrap();
    assert!((120_000..=121_000).contains(&wait));
    queue.hasten();
    assert_eq!(queue.next(119_999), None);
    let mut storage = Storage::default();
    storage.save(&mut queue);
    let mut next_page = storage.open(&queue.held_until(), 1_000);
    assert_eq!(next_page.next(119_999), None);
    assert!(next_page.next(wait).is_some());
}

#[test]
fn the_returning_network_ends_the_waiting_for_it() {
    let mut queue = queue(&["a"]);
    let batch = queue.next(0).unwrap();
    queue.answer(batch.number, Answer::Lost, 0, 255);
    assert_eq!(queue.next(1), None);
    queue.hasten();
    assert!(queue.next(1).is_some());
}

#[test]
fn a_parting_page_hands_over_all_but_what_is_under_way_and_keeps_what_may_be_lost() {
    let mut queue = queue(&["a"]);
    let awaited = queue.next(0).unwrap();
    queue.push(entry(Kind::Purchase, "p"));
    queue.push(entry(Kind::Engagement, "t"));
    let parting = queue.next_parting(0).unwrap();
    assert!(
        parting.body.contains("\"p\"") && parting.body.contains("\"t\"") && !parting.body.contains("\"a\"")
    );
    assert_eq!(queue.next_parting(0), None);
    let mut storage = Storage::default();
    storage.save(&mut queue);
    assert_eq!(storage.ids(), ["a", "p"]);
    // The page lives on after all.
    queue.resume();
    queue.answer(awaited.number, Answer::Status(202, 0), 0, 0);
    let again = queue.next(0).unwrap().body;
    assert!(again.contains("\"p\"") && !again.contains("\"a\""));
}

#[test]
fn what_tabs_store_does_not_depend_on_what_they_know_of_each_other() {
    let mut storage = Storage::default();
    let (mut one, mut other) = (queue(&["a", "b"]), queue(&["x"]));
    storage.save(&mut one);
    storage.save(&mut other);
    assert_eq!(storage.ids(), ["a", "b", "x"]);
    let mut third = storage.open("", 0);
    for tab in [&mut one, &mut other] {
        let batch = tab.next(0).unwrap();
        tab.answer(batch.number, Answer::Status(202, 0), 0, 0);
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
    for (at_ms, id) in [(3, "a"), (1, "b"), (2, "c")] {
        first.push(Entry { at_ms, ..entry(Kind::Event, id) });
    }
    storage.save(&mut first);
    let mut next = storage.open("", 0);
    let order: Vec<_> = next.entries.iter().map(|entry| entry.id.clone()).collect();
    assert_eq!(order, ["b", "c", "a"]);
    for number in 0..ENTRIES {
        next.push(Entry { at_ms: 4, ..entry(Kind::Event, &number.to_string()) });
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
    let mut queue = storage.open("", AGE_MS + 1);
    assert_eq!(queue.next(AGE_MS + 1).unwrap().body.matches("\"id\"").count(), 1);
    assert_eq!(queue.entries[0].kind, Kind::Purchase);
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
        queue.push(Entry { json: ["{", &large, "}"].concat(), ..entry(Kind::Event, "l") });
    }
    assert!(queue.entries.iter().map(|entry| entry.json.len()).sum::<usize>() <= BYTES);
    assert_eq!(queue.entries[0].id, "p");
}

#[test]
fn spoilt_storage_is_no_queue() {
    for stored in ["", "x", "5\nnonsense", "5\ne1\tid", "5\ne1\tid\tnot json", "\n\n\n", "9\nzé\té\té"] {
        let mut queue = Queue::default();
        queue.restore(stored, 0);
        assert!(queue.is_empty(), "{stored:?}");
    }
}
