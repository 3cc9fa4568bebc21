//! The providers' stories on the real store, many times each: whatever the order of arrival, the same orders,
//! amounts, refunds and attribution come out, and a webhook that is repeated or lost changes no money.

use serde_json::{Value, json};

use crate::catalogue::SiteNumber;
use crate::clock::Clock;
use crate::payments::testing::stories::{self, Line, Story};
use crate::payments::{Order, Provider};
use crate::record::{Event, Identify, Page, Record};
use crate::report::question::Question;
use crate::report::testing::Scene;
use crate::report::{Context, explanation};
use crate::store::embedded::Embedded;
use crate::store::{Outcome, Store};

/// Orders of arrival, each at a site of its own in one store; `ENGAGETRACK_ORDERS_OF_ARRIVAL` says another number.
const RUNS: SiteNumber = 100;
/// Every so many of them are explained too; the others are compared as the store has them.
const EXPLAINED: SiteNumber = 10;
/// Orders of arrival for each webhook that is lost.
const RUNS_OF_LOST: usize = 20;
/// Webhooks that are sent again in each.
const REPEATS: usize = 3;
const NOW: &str = "2026-06-01T00:00:00Z";

/// A row of numbers that looks like chance and is the same each time (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

fn at(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

/// What Ana did on the site: she came from a newsletter on her phone, and from a search on the computer she paid at.
fn visits(site: SiteNumber) -> Vec<Record> {
    let pageview = |visitor: &str, when: &str, query: &str, referrer: Option<&str>| {
        Record::Event(Box::new(Event {
            site,
            event_id: format!("e-{visitor}-{when}"),
            has_own_id: true,
            at_ms: at(when),
            received_ms: at(when),
            visitor: Some(format!("v-{visitor}")),
            session: Some(format!("s-{visitor}")),
            page: Page {
                host: "shop.example".to_owned(),
                path: "/".to_owned(),
                query: query.to_owned(),
                ..Page::default()
            },
            referrer: referrer.map(str::to_owned),
            ..Event::default()
        }))
    };
    let identify = |visitor: &str, when: &str| {
        Record::Identify(Box::new(Identify {
            site,
            event_id: format!("i-{visitor}"),
            has_own_id: true,
            at_ms: at(when),
            received_ms: at(when),
            visitor: format!("v-{visitor}"),
            user: "u-ana".to_owned(),
            ..Identify::default()
        }))
    };
    vec![
        pageview("phone", "2026-02-20T08:00:00Z", "utm_source=newsletter&utm_medium=email", None),
        pageview("ana", "2026-03-02T09:20:00Z", "", Some("https://www.google.com/")),
        identify("phone", "2026-02-20T08:05:00Z"),
        identify("ana", "2026-03-02T09:26:00Z"),
    ]
}

/// The webhooks of a story, but for the one at `lost`, as a site hears them.
fn notices(story: &Story, site: SiteNumber, lost: Option<usize>) -> Vec<Record> {
    let kept = story.told.iter().enumerate().filter(|(place, _)| Some(*place) != lost);
    kept.map(|(_, told)| {
        let mut notice = told.sent.read(at(NOW));
        notice.site = site;
        Record::Notice(Box::new(notice))
    })
    .collect()
}

/// Commits each site's records in the order given, all sites abreast; the store afterwards.
async fn live(dir: &std::path::Path, sites: Vec<Vec<Record>>) -> std::sync::Arc<Embedded> {
    let store = Embedded::open(dir, &Clock::manual(at(NOW))).unwrap();
    let longest = sites.iter().map(Vec::len).max().unwrap();
    for step in 0..longest {
        let batch: Vec<Record> = sites.iter().filter_map(|records| records.get(step).cloned()).collect();
        store.commit(batch).await.unwrap();
    }
    store
}

fn orders(store: &Embedded, site: SiteNumber) -> Vec<Order> {
    store.orders(site, true, 0..i64::MAX).unwrap()
}

/// An order as the ledger of a story writes it.
fn line(order: &Order) -> (&str, i64, i64, bool) {
    assert_eq!(order.currency, "EUR");
    (&order.id, order.minor, order.refunded_minor(), order.renewal)
}

fn lines(ledger: &[Line]) -> Vec<(&str, i64, i64, bool)> {
    ledger.iter().map(|line| (line.id, line.minor, line.given_back, line.renewal)).collect()
}

/// The explanations of a site's orders, but for what says how they came to be.
fn explained(store: &Embedded, site: SiteNumber) -> Vec<Value> {
    let mut scene = Scene::new("UTC", "EUR", NOW);
    scene.site.number = site;
    let context = Context { store, site: &scene.site, rates: &scene.rates, now_ms: scene.now_ms };
    let question = Question::parse(&[], &context).unwrap();
    let explain = |order: Order| {
        let answer = explanation::answer(&context, &question, &order.id).unwrap();
        let mut answer = serde_json::to_value(answer).unwrap();
        for webhook in answer["webhooks"].as_array_mut().unwrap() {
            // What a webhook changed is the one thing that depends on what came before it.
            webhook
                .as_object_mut()
                .unwrap()
                .retain(|name, _| !["status", "changed"].contains(&name.as_str()));
        }
        answer
    };
    orders(store, site).into_iter().map(explain).collect()
}

fn bytes(told: &[Value]) -> String {
    serde_json::to_string(told).unwrap()
}

fn check_attribution(name: &str, told: &[Value]) {
    let [first, renewals @ ..] = told else { panic!("{name} has no orders") };
    assert_eq!(first["level"], json!("session"), "{name}: {first}");
    assert_eq!(first["inherited_from"], Value::Null, "{name}");
    let sources: Vec<&Value> =
        first["touches"].as_array().unwrap().iter().map(|touch| &touch["source"]).collect();
    assert_eq!(sources, ["newsletter", "Google"], "{name}");
    for renewal in renewals {
        assert_eq!(renewal["level"], json!("session"), "{name}");
        assert_eq!(renewal["inherited_from"], first["order_id"], "{name}");
        assert_eq!(renewal["touches"], first["touches"], "{name}");
    }
}

fn runs() -> SiteNumber {
    std::env::var("ENGAGETRACK_ORDERS_OF_ARRIVAL").map_or(RUNS, |number| number.parse().unwrap())
}

async fn permute(story: &Story) {
    let runs = runs();
    let mut dice = Dice(7);
    let mut sites = Vec::new();
    for site in 1..=runs {
        let mut records = notices(story, site, None);
        for _ in 0..REPEATS {
            records.push(records[dice.below(story.told.len())].clone());
        }
        records.extend(visits(site));
        // The first site lives through it in order, the others in any.
        if site > 1 {
            dice.shuffle(&mut records);
        }
        sites.push(records);
    }
    let dir = tempfile::tempdir().unwrap();
    let lived = live(dir.path(), sites).await;
    let expected = orders(&lived, 1);
    assert_eq!(expected.iter().map(line).collect::<Vec<_>>(), lines(&story.ledger), "{}", story.name);
    let told = explained(&lived, 1);
    check_attribution(story.name, &told);
    for site in 2..=runs {
        assert_eq!(orders(&lived, site), expected, "{} at site {site}", story.name);
        if site % EXPLAINED == 0 {
            assert_eq!(bytes(&explained(&lived, site)), bytes(&told), "{} at site {site}", story.name);
        }
    }
    let again = lived.commit(notices(story, runs, None)).await.unwrap();
    assert!(again.iter().all(|outcome| *outcome == Outcome::Duplicate), "{}: {again:?}", story.name);
    assert_eq!(orders(&lived, runs), expected, "{}", story.name);
}

async fn lose(story: &Story) {
    let mut dice = Dice(11);
    let spare: Vec<usize> = (0..story.told.len()).filter(|place| story.told[*place].is_spare).collect();
    let lost: Vec<usize> = spare.iter().copied().cycle().take(spare.len() * RUNS_OF_LOST).collect();
    let sites = (1..).zip(&lost).map(|(site, lost)| {
        let mut records = notices(story, site, Some(*lost));
        dice.shuffle(&mut records);
        records
    });
    let dir = tempfile::tempdir().unwrap();
    let lived = live(dir.path(), sites.collect()).await;
    for (site, lost) in (1..).zip(lost) {
        let orders = orders(&lived, site);
        let found: Vec<_> = orders.iter().map(line).collect();
        let lost = &story.told[lost].sent;
        assert_eq!(found, lines(&story.ledger), "{} without {lost:?}", story.name);
    }
}

fn told_by(provider: Provider) -> Vec<Story> {
    let stories: Vec<Story> =
        stories::all().into_iter().filter(|story| story.told[0].sent.provider == provider).collect();
    assert!(!stories.is_empty());
    stories
}

async fn check(provider: Provider) {
    for story in told_by(provider) {
        permute(&story).await;
        lose(&story).await;
    }
}

#[tokio::test]
async fn stripe_comes_to_the_same_in_any_order_since_basil_and_before_it() {
    check(Provider::Stripe).await;
}

#[tokio::test]
async fn lemon_squeezy_comes_to_the_same_in_any_order() {
    check(Provider::LemonSqueezy).await;
}

#[tokio::test]
async fn paddle_comes_to_the_same_in_any_order() {
    check(Provider::Paddle).await;
}

#[tokio::test]
async fn polar_comes_to_the_same_in_any_order() {
    check(Provider::Polar).await;
}

#[test]
fn the_naive_store_agrees_with_the_ledgers() {
    for story in stories::all() {
        let mut scene = Scene::new("UTC", "EUR", NOW);
        for told in &story.told {
            scene.hear(told.sent.read(at(NOW)));
        }
        let found = scene.store.orders(1, true, 0..i64::MAX).unwrap();
        let mut found: Vec<_> = found.iter().map(line).collect();
        found.sort_by_key(|line| story.ledger.iter().position(|expected| expected.id == line.0));
        assert_eq!(found, lines(&story.ledger), "{}", story.name);
    }
}

#[tokio::test]
async fn an_email_that_comes_apart_is_each_orders_as_it_was_when_it_was_paid() {
    let story = told_by(Provider::Paddle).remove(0);
    let dir = tempfile::tempdir().unwrap();
    let mut records = notices(&story, 1, None);
    records.reverse();
    let lived = live(dir.path(), vec![records]).await;
    let emails: Vec<_> = orders(&lived, 1).into_iter().map(|order| order.clues.email_hash.unwrap()).collect();
    let (old, new) = ("hash of ana.pop@mail.example", "hash of ana@new.example");
    assert_eq!(emails, [old, old, new]);
    let first = orders(&lived, 1).remove(0);
    let told = lived.notices_of(1, &first).unwrap();
    assert_eq!(told.iter().filter(|row| row.notice.of_customer().is_some()).count(), 2);
}
