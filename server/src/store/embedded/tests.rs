//! What the embedded engine promises: durable, counted once, the same when rebuilt.

mod rates;

use std::path::Path;

use futures_util::future::join_all;
use proptest::prelude::*;

use super::*;
use crate::catalogue::{Document, Site};
use crate::clock::Millis;
use crate::payments::{self, Provider};
use crate::record::{Event, Identify, Page, Purchase};
use crate::store::{Outcome, Unavailable};

const NOW_MS: Millis = 1_795_600_000_000;

fn site(id: &str) -> Record {
    let site = Site {
        id: id.to_owned(),
        number: 0,
        domain: "shop.example".to_owned(),
        aliases: Vec::new(),
        time_zone: "UTC".to_owned(),
        currency: "USD".to_owned(),
        window_days: Some(90),
        count_orders_once: false,
        excluded_paths: Vec::new(),
        excluded_addresses: Vec::new(),
        kept_parameters: Vec::new(),
        identify_secret: None,
        signed_identify_only: false,
        created_at_ms: NOW_MS,
    };
    Record::Put { document: Document::Site(site), new: true }
}

fn pageview(id: &str, at_ms: Millis, visitor: &str, session: Option<&str>) -> Event {
    Event {
        site: 1,
        event_id: id.to_owned(),
        has_own_id: true,
        at_ms,
        received_ms: NOW_MS,
        visitor: Some(visitor.to_owned()),
        session: session.map(str::to_owned),
        page: Page { host: "shop.example".to_owned(), path: "/".to_owned(), ..Page::default() },
        ..Event::default()
    }
}

fn record(event: Event) -> Record {
    Record::Event(Box::new(event))
}

fn open(dir: &Path) -> Arc<Embedded> {
    Embedded::open(dir, &Clock::manual(NOW_MS)).unwrap()
}

async fn commit(store: &Embedded, records: Vec<Record>) -> Vec<Outcome> {
    store.commit(records).await.unwrap()
}

fn all_rows(store: &Embedded) -> Vec<(Vec<u8>, Vec<u8>)> {
    let view = store.shared.state.view();
    view.range(b"A", b"a")
        .map(|row| row.map(|(key, value)| (key.to_vec(), value.to_vec())).unwrap())
        .collect()
}

#[tokio::test]
async fn an_own_id_counts_once_in_a_batch_across_batches_and_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let event = || record(pageview("e1", NOW_MS, "v", Some("s")));
    assert_eq!(commit(&store, vec![event(), event()]).await, [Outcome::Recorded, Outcome::Duplicate]);
    assert_eq!(commit(&store, vec![event()]).await, [Outcome::Duplicate]);
    drop(store);
    let store = open(dir.path());
    assert_eq!(commit(&store, vec![event()]).await, [Outcome::Duplicate]);
    assert_eq!(store.sessions_of(1, "v").unwrap()[0].pageviews, 1);
}

#[tokio::test]
async fn a_purchase_id_counts_once_for_ever_and_another_event_for_seven_days() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::manual(NOW_MS);
    let store = Embedded::open(dir.path(), &clock).unwrap();
    let arrive = |kind_is_purchase: bool, later_ms: Millis| {
        let mut event = pageview(if kind_is_purchase { "p" } else { "e" }, NOW_MS + later_ms, "v", Some("s"));
        event.received_ms = NOW_MS + later_ms;
        if kind_is_purchase {
            event.kind = protocol::EventType::Purchase;
            event.purchase =
                Some(Purchase { order_id: "O".to_owned(), minor: 1, currency: "USD".to_owned() });
        }
        clock.set_ms(NOW_MS + later_ms);
        vec![record(event)]
    };
    let week_and_day = 8 * crate::clock::DAY_MS;
    for (is_purchase, later_ms, expected) in [
        (true, 0, Outcome::Recorded),
        (false, 0, Outcome::Recorded),
        (true, 1, Outcome::Duplicate),
        (false, 7 * crate::clock::DAY_MS, Outcome::Duplicate),
        (true, week_and_day, Outcome::Duplicate),
        (false, week_and_day, Outcome::Recorded),
    ] {
        assert_eq!(
            commit(&store, arrive(is_purchase, later_ms)).await,
            [expected],
            "{is_purchase} {later_ms}"
        );
    }
    assert_eq!(store.purchases_of(1, "O").unwrap().len(), 1);
}

#[tokio::test]
async fn equal_events_without_an_id_of_their_own_all_count() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let purchase = || {
        let mut event = pageview("derived", NOW_MS, "v", None);
        event.has_own_id = false;
        event.kind = protocol::EventType::Purchase;
        event.purchase = Some(Purchase { order_id: "O".to_owned(), minor: 100, currency: "USD".to_owned() });
        record(event)
    };
    assert_eq!(commit(&store, vec![purchase(), purchase()]).await, [Outcome::Recorded, Outcome::Recorded]);
    assert_eq!(commit(&store, vec![purchase()]).await, [Outcome::Recorded]);
    assert_eq!(store.purchases_of(1, "O").unwrap().len(), 3);
    assert_eq!(store.purchases(1, NOW_MS..NOW_MS + 1).unwrap().len(), 3);
    let mut events = 0;
    store.events(1, NOW_MS..NOW_MS + 1, &mut |_| events += 1).unwrap();
    assert_eq!(events, 3);
}

#[tokio::test]
async fn a_new_document_may_not_take_anothers_place_and_sites_are_numbered() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let outcomes = commit(&store, vec![site("pk_a"), site("pk_a"), site("pk_b")]).await;
    assert_eq!(outcomes, [Outcome::Recorded, Outcome::Conflict, Outcome::Recorded]);
    assert_eq!(commit(&store, vec![site("pk_b")]).await, [Outcome::Conflict]);
    drop(store);
    let catalogue = open(dir.path()).catalogue();
    let numbers: Vec<_> = catalogue.sites().map(|site| (site.id.as_str(), site.number)).collect();
    assert_eq!(numbers, [("pk_a", 1), ("pk_b", 2)]);
}

#[tokio::test]
async fn a_directory_in_use_is_refused_with_a_word_on_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let error = Embedded::open(dir.path(), &Clock::System).err().unwrap().to_string();
    assert!(error.contains("in use") && error.contains("--url"), "{error}");
    drop(store);
    open(dir.path());
}

#[tokio::test]
async fn a_damaged_sled_is_put_aside_and_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    commit(&store, vec![site("pk_a"), record(pageview("e1", NOW_MS, "v", Some("s")))]).await;
    let before = all_rows(&store);
    drop(store);
    for entry in fs::read_dir(dir.path().join("state/sled")).unwrap().flatten() {
        if entry.path().is_file() {
            fs::write(entry.path(), b"no database").unwrap();
        }
    }
    let store = open(dir.path());
    assert_eq!(all_rows(&store), before);
    assert!(dir.path().join("state.aside").exists());
}

#[tokio::test]
async fn many_senders_are_all_answered_and_a_closed_store_refuses() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let commits =
        (0..500).map(|n| store.commit(vec![record(pageview(&format!("e{n}"), NOW_MS, "v", Some("s")))]));
    assert!(join_all(commits).await.into_iter().all(|outcomes| outcomes == Ok(vec![Outcome::Recorded])));
    assert_eq!(store.sessions_named(1, "s").unwrap()[0].pageviews, 500);
    store.close();
    assert_eq!(store.commit(Vec::new()).await, Err(Unavailable::Stopped));
}

#[tokio::test]
async fn a_full_queue_is_said_and_what_was_refused_is_not_stored() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut full = 0;
    let mut accepted = 0;
    let batch =
        |n: usize| (0..50).map(|m| record(pageview(&format!("e{n}.{m}"), NOW_MS, "v", Some("s")))).collect();
    let pending: Vec<_> = (0..2_000).map(|n| store.commit(batch(n))).collect();
    for outcome in join_all(pending).await {
        match outcome {
            Ok(outcomes) => accepted += outcomes.len(),
            Err(Unavailable::Full) => full += 1,
            Err(Unavailable::Stopped) => unreachable!("the store runs"),
        }
    }
    assert!(full > 0, "100,000 records at once are more than the queue holds");
    assert_eq!(store.sessions_named(1, "s").unwrap()[0].pageviews as usize, accepted);
}

#[tokio::test]
async fn the_earliest_spelling_of_a_value_wins_whatever_arrived_first() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for (id, at_ms, query) in
        [("b", 20, "utm_source=NEWS"), ("a", 10, "utm_source=News%20"), ("c", 30, "utm_source=news")]
    {
        let mut event = pageview(id, at_ms, "v", Some("s"));
        event.page.query = query.to_owned();
        commit(&store, vec![record(event)]).await;
    }
    assert_eq!(store.spelling(1, "source", "news").unwrap().as_deref(), Some("News"));
}

fn identify(id: u8, at_ms: Millis) -> Record {
    Record::Identify(Box::new(Identify {
        site: 1,
        event_id: format!("i{id}"),
        has_own_id: true,
        at_ms,
        received_ms: NOW_MS,
        visitor: "v0".to_owned(),
        user: format!("u{}", id % 2),
        email_hash: Some("hash".to_owned()),
        ..Identify::default()
    }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn rebuilding_gives_what_living_through_it_gave(steps in prop::collection::vec((0_u8..30, 0_u8..3, 0_u8..4, 0_i64..200), 1..60)) {
        let dir = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut store = open(dir.path());
        for (id, visitor, session, minute) in steps {
            let at_ms = NOW_MS - minute * 60_000;
            let session_name = format!("s{session}");
            let mut event = pageview(&format!("e{id}"), at_ms, &format!("v{visitor}"), (session > 0).then_some(&session_name));
            event.page.query = format!("utm_campaign=C{}", id % 3);
            let record = if session == 3 && visitor == 0 { identify(id, at_ms) } else { record(event) };
            runtime.block_on(store.commit(vec![record])).unwrap();
            if id == 0 {
                drop(store);
                store = open(dir.path());
            }
        }
        let lived = all_rows(&store);
        drop(store);
        rebuild(dir.path(), &Clock::manual(NOW_MS)).unwrap();
        let rebuilt = all_rows(&open(dir.path()));
        prop_assert_eq!(lived, rebuilt);
    }
}

fn stripe(id: &str, kind: &str, created: i64, object: &str) -> Record {
    let object: serde_json::Value = serde_json::from_str(object).unwrap();
    let body = serde_json::json!({"id": id, "object": "event", "type": kind, "livemode": true, "created": created,
        "data": {"object": object}});
    let sent = payments::testing::Sent { provider: Provider::Stripe, id: String::new(), body };
    Record::Notice(Box::new(sent.read(NOW_MS)))
}

/// A subscription's first payment as Stripe tells it, four times; a refund that succeeds and then fails.
fn first_payment() -> Vec<Record> {
    vec![
        stripe(
            "evt_1",
            "checkout.session.completed",
            1_790_000_000,
            r#"{"id":"cs_1","object":"checkout.session","mode":"subscription","payment_status":"paid","amount_total":2900,"currency":"eur","invoice":"in_1","subscription":"sub_1","customer":"cus_1","metadata":{"engagetrack_visitor_id":"v","engagetrack_session_id":"s"}}"#,
        ),
        stripe(
            "evt_2",
            "invoice.paid",
            1_790_000_001,
            r#"{"id":"in_1","object":"invoice","status":"paid","amount_paid":2900,"currency":"eur","customer":"cus_1","billing_reason":"subscription_create","customer_email":"a@b.example","metadata":{},"parent":{"type":"subscription_details","subscription_details":{"subscription":"sub_1","metadata":{}}},"status_transitions":{"paid_at":1790000000}}"#,
        ),
        stripe(
            "evt_3",
            "invoice_payment.paid",
            1_790_000_001,
            r#"{"id":"inpay_1","object":"invoice_payment","status":"paid","amount_paid":2900,"currency":"eur","invoice":"in_1","payment":{"type":"payment_intent","payment_intent":"pi_1"},"status_transitions":{"paid_at":1790000000}}"#,
        ),
        stripe(
            "evt_4",
            "payment_intent.succeeded",
            1_790_000_000,
            r#"{"id":"pi_1","object":"payment_intent","amount":2900,"amount_received":2900,"currency":"eur","customer":"cus_1","status":"succeeded","metadata":{}}"#,
        ),
        stripe(
            "evt_5",
            "refund.created",
            1_790_100_000,
            r#"{"id":"re_1","object":"refund","amount":900,"currency":"eur","payment_intent":"pi_1","status":"succeeded","created":1790100000}"#,
        ),
        stripe(
            "evt_6",
            "refund.failed",
            1_790_200_000,
            r#"{"id":"re_1","object":"refund","amount":900,"currency":"eur","payment_intent":"pi_1","status":"failed","created":1790100000}"#,
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn one_payment_is_one_order_whatever_its_webhooks_order(order in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle(), repeated in 0..6_usize) {
        let dir = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let store = open(dir.path());
        let notices = first_payment();
        for index in order.iter().chain([&repeated]) {
            runtime.block_on(store.commit(vec![notices[*index].clone()])).unwrap();
        }
        let again = runtime.block_on(store.commit(notices)).unwrap();
        prop_assert!(again.iter().all(|outcome| *outcome == Outcome::Duplicate));
        let found = store.orders(1, true, 0..i64::MAX).unwrap();
        prop_assert_eq!(found.len(), 1);
        let order = &found[0];
        prop_assert_eq!((order.id.as_str(), order.minor, order.refunded_minor()), ("pi_1", 2_900, 0));
        prop_assert_eq!(order.clues.visitor.as_deref(), Some("v"));
        prop_assert_eq!(store.orders_of_subscription(1, true, "sub_1").unwrap().len(), 1);
        prop_assert_eq!(store.orders_of_customer(1, true, &CustomerKey::Id("cus_1".to_owned())).unwrap().len(), 1);
        prop_assert_eq!(store.notices_of(1, order).unwrap().len(), 6);
        prop_assert_eq!(store.activity(1).unwrap().verified_orders, 1);
        let expected: Vec<_> = all_orders_rows(&store);
        prop_assert_eq!(expected.len(), 1);
    }
}

fn all_orders_rows(store: &Embedded) -> Vec<(Vec<u8>, Vec<u8>)> {
    all_rows(store).into_iter().filter(|(key, _)| key[0] == Kind::Order as u8).collect()
}

#[tokio::test]
async fn what_a_webhook_changed_is_answered_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut outcomes = Vec::new();
    for notice in first_payment() {
        outcomes.extend(commit(&store, vec![notice]).await);
    }
    assert_eq!(
        outcomes,
        [
            Outcome::Enriched,
            Outcome::Recorded,
            Outcome::Enriched,
            Outcome::Duplicate,
            Outcome::Recorded,
            Outcome::Enriched
        ]
    );
}

#[tokio::test]
async fn a_withdrawn_order_is_gone_and_later_notices_of_it_are_ignored() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let intent = first_payment().remove(3);
    commit(&store, vec![intent]).await;
    let withdrawal = crate::record::Withdrawal { site: 1, order_id: "pi_1".to_owned(), at_ms: NOW_MS };
    assert_eq!(commit(&store, vec![Record::Withdrawal(withdrawal)]).await, [Outcome::Recorded]);
    assert_eq!(store.order(1, true, "pi_1").unwrap(), None);
    let refund = first_payment().remove(4);
    assert_eq!(commit(&store, vec![refund]).await, [Outcome::Ignored]);
    assert!(store.orders(1, true, 0..i64::MAX).unwrap().is_empty());
    assert!(store.is_withdrawn(1, "pi_1").unwrap());
}

#[tokio::test]
async fn rebuilding_reads_kept_webhooks_with_the_reader_of_today() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let right = first_payment();
    // As a reader would have told them that took every amount for hundredths.
    let wrong = right.iter().cloned().map(|record| {
        let Record::Notice(mut notice) = record else { unreachable!("a payment is told by notices") };
        for paid in notice.facts.iter_mut().filter_map(|fact| fact.paid.as_mut()) {
            paid.minor *= 100;
        }
        Record::Notice(notice)
    });
    store.commit(wrong.collect()).await.unwrap();
    let orders = |store: &Embedded| store.orders(1, true, 0..Millis::MAX).unwrap();
    let lived = orders(&store);
    assert_eq!(lived[0].minor, 290_000);
    store.close();
    drop(store);
    rebuild(dir.path(), &Clock::manual(NOW_MS)).unwrap();
    let rebuilt = orders(&open(dir.path()));
    assert_eq!((rebuilt.len(), rebuilt[0].minor), (1, 2_900));
    assert_eq!(rebuilt[0].clues, lived[0].clues, "who paid is still known");
    assert!(rebuilt[0].clues.email_hash.is_some());
}
