//! The rules of the chain, one by one: persons, sessions that belong whole, levels that hold, entries that
//! continue; and that no answer depends on the order in which things are known.

mod world;

use attribution::evidence::{CustomerKey, CustomerMatch, LevelReason};
use attribution::journey::{CHECKOUT_RETURN_MS, SESSION_GAP_MS, owners, visits};
use attribution::source::Continuation;
use proptest::prelude::*;
use world::{DAY, HOUR, Known, MINUTE, Names, check, order, site, told};

const START: i64 = 1_790_848_800_000;
const GOOGLE: &str = "https://www.google.com/";
const BING: &str = "https://www.bing.com/";
const STRIPE: &str = "https://checkout.stripe.com/";

#[test]
fn level_one_ignores_the_clocks_up_to_the_named_session() {
    let world = Known::default()
        .session("v", "s1", START, "", GOOGLE)
        .session("v", "s2", START + HOUR, "", BING)
        .session("v", "s3", START + 2 * HOUR, "", "");
    check(
        &world.trace(&order(START + MINUTE).of_session("s2")),
        "session s1:Google s2:Bing (s3:Direct after_payment)",
    );
    check(
        &world.trace(&order(START + 3 * HOUR).of_session("s2")),
        "session s1:Google s2:Bing (s3:Direct after_named_session)",
    );
}

#[test]
fn a_session_id_of_several_visitors_is_the_named_ones_else_the_earliest() {
    let world = Known::default()
        .session("b", "s", START + HOUR, "", BING)
        .session("a", "s", START, "", GOOGLE);
    let at = START + DAY;
    check(&world.trace(&order(at).of_session("s")), "session s:Google");
    check(
        &world.trace(&order(at).of_session("s").of_visitor("b")),
        "session s:Bing",
    );
    check(
        &world.trace(&order(at).of_session("s").of_visitor("stranger")),
        "session s:Google",
    );
}

#[test]
fn a_level_that_leaves_no_touch_gives_way_to_the_next_and_says_what_it_left_out() {
    let world = Known::default()
        .session("v", "old", START - 100 * DAY, "", GOOGLE)
        .session("w", "new", START - DAY, "", BING)
        .paid(CustomerKey::Id("cus".to_owned()), "w", START - DAY);
    let trace = world.trace(
        &order(START)
            .of_session("old")
            .of_visitor("v")
            .of_customer("cus"),
    );
    check(&trace, "customer (old:Google outside_window) new:Bing");
    let reasons = trace.levels.each_ref().map(|tried| tried.reason);
    assert_eq!(
        reasons,
        [
            LevelReason::NoTouchLeft,
            LevelReason::NoTouchLeft,
            LevelReason::Holds,
            LevelReason::NotNeeded
        ]
    );
    let nobody = world.trace(&order(START).of_session("old"));
    check(&nobody, "unattributed (old:Google outside_window)");
}

#[test]
fn each_level_says_why_it_holds_or_not() {
    let world = Known::default()
        .session("v", "s", START, "", GOOGLE)
        .identify("v", "u", START);
    let reason = |evidence, level: usize| world.trace(&evidence).levels[level].reason;
    assert_eq!(reason(order(START), 0), LevelReason::NothingGiven);
    assert_eq!(
        reason(order(START).of_session("x"), 0),
        LevelReason::NotKnown
    );
    assert_eq!(
        reason(order(START).of_visitor("x"), 1),
        LevelReason::NotKnown
    );
    assert_eq!(
        reason(order(START - 1).of_visitor("v"), 1),
        LevelReason::NoSessionBefore
    );
    assert_eq!(reason(order(START).of_visitor("v"), 1), LevelReason::Holds);
    assert_eq!(reason(order(START).of_user("x"), 2), LevelReason::NotKnown);
    assert_eq!(
        reason(order(START).of_visitor("v").with_url("utm_source=a"), 3),
        LevelReason::NotNeeded
    );
    assert_eq!(
        reason(
            order(START)
                .of_visitor("v")
                .with_url("utm_source=a")
                .as_purchase(),
            3
        ),
        LevelReason::Appended
    );
    assert_eq!(
        reason(
            order(START).of_visitor("v").with_url("ref=a").as_purchase(),
            3
        ),
        LevelReason::NothingGiven
    );
    assert_eq!(
        reason(
            order(START).of_visitor("x").with_url("ref=a").as_purchase(),
            3
        ),
        LevelReason::Holds
    );
    let sentence = |evidence, level: usize| world.trace(&evidence).levels[level].sentence();
    assert_eq!(
        sentence(order(START).of_session("s"), 0),
        "Session s is one of visitor v, user u at the time of the order."
    );
    assert_eq!(
        sentence(order(START).of_user("u"), 2),
        "Tied to visitor v by an unsigned identify of the user."
    );
    assert_eq!(
        sentence(order(START).of_session("x"), 0),
        "Nothing is known here under session_id x."
    );
}

#[test]
fn the_appended_campaign_is_last_whatever_the_clocks_say() {
    let world = Known::default()
        .session("v", "s", START + HOUR, "", GOOGLE)
        .session("v", "t", START + 2 * HOUR, "", BING);
    let purchase = order(START)
        .of_session("s")
        .with_url("utm_source=acme")
        .as_purchase();
    check(
        &world.trace(&purchase),
        "url s:Google -:acme (t:Bing after_payment)",
    );
}

#[test]
fn a_click_id_of_the_purchase_is_appended_and_one_that_is_carried_is_not() {
    let world = Known::default().session(
        "v",
        "s",
        START,
        "utm_source=google&utm_medium=cpc&gclid=abc",
        "",
    );
    let purchase = |query| {
        world.trace(
            &order(START + HOUR)
                .of_session("s")
                .with_url(query)
                .as_purchase(),
        )
    };
    check(&purchase("gclid=ABC"), "session s:Google");
    check(&purchase("gclid=other"), "url s:Google -:Google");
    check(
        &purchase("utm_source=google&utm_medium=cpc&utm_term=x"),
        "url s:Google -:Google",
    );
    check(&purchase(""), "session s:Google");
    check(
        &world.trace(&order(START + HOUR).of_session("s").with_url("gclid=other")),
        "session s:Google",
    );
}

#[test]
fn customers_by_payment_come_before_identifies_and_signed_before_unsigned() {
    let email = || CustomerKey::EmailHash("mail".to_owned());
    let sessions = [
        "paid-id",
        "paid-mail",
        "signed-user",
        "signed-mail",
        "user",
        "mail",
    ];
    let base = sessions.iter().fold(Known::default(), |world, name| {
        world.session(name, name, START, &format!("utm_source={name}"), "")
    });
    let all = |skip: usize| {
        let mut world = base.clone();
        let links: [&dyn Fn(Known) -> Known; 6] = [
            &|world| world.paid(CustomerKey::Id("cus".to_owned()), "paid-id", START),
            &|world| world.paid(email(), "paid-mail", START),
            &|world| world.identify("signed-user", "user", START).signed(),
            &|world| {
                world
                    .identify("signed-mail", "other", START)
                    .email("mail")
                    .signed()
            },
            &|world| world.identify("user", "user", START),
            &|world| world.identify("mail", "another", START).email("mail"),
        ];
        for link in links.into_iter().skip(skip) {
            world = link(world);
        }
        let trace = world.trace(
            &order(START)
                .of_customer("cus")
                .of_email("mail")
                .of_user("user"),
        );
        (
            told(&trace),
            trace.levels[2].found.first().and_then(|found| found.by),
        )
    };
    for (skip, (name, by)) in sessions.into_iter().zip(CustomerMatch::ORDER).enumerate() {
        assert_eq!(all(skip), (format!("customer {name}:{name}"), Some(by)));
    }
    assert_eq!(all(6), ("unattributed".to_owned(), None));
}

#[test]
fn joining_is_one_step_so_a_shared_laptop_makes_nobody_one() {
    let world = Known::default()
        .session("laptop", "l", START, "", GOOGLE)
        .identify("laptop", "ua", START)
        .session("phone-b", "p", START, "", BING)
        .identify("phone-b", "ub", START)
        .session("laptop", "l2", START + DAY, "", "")
        .identify("laptop", "ub", START + DAY);
    let at = START + 2 * DAY;
    check(
        &world.trace(&order(at).of_user("ua")),
        "customer l:Google (l2:Direct other_person)",
    );
    check(
        &world.trace(&order(at).of_user("ub")),
        "customer (l:Google other_person) p:Bing l2:Direct",
    );
    check(
        &world.trace(&order(at).of_visitor("laptop")),
        "visitor (l:Google other_person) p:Bing l2:Direct",
    );
    check(
        &world.trace(&order(START + HOUR).of_visitor("laptop")),
        "visitor l:Google (l2:Direct after_payment)",
    );
}

#[test]
fn an_unsigned_identify_never_replaces_what_a_signed_one_said() {
    let world = Known::default()
        .session("v", "s1", START, "", GOOGLE)
        .identify("v", "ua", START)
        .signed()
        .session("v", "s2", START + DAY, "", BING)
        .identify("v", "thief", START + DAY);
    check(
        &world.trace(&order(START + 2 * DAY).of_visitor("v")),
        "visitor s1:Google s2:Bing",
    );
    check(
        &world.trace(&order(START + 2 * DAY).of_user("thief")),
        "unattributed (s1:Google other_person) (s2:Bing other_person)",
    );
}

#[test]
fn a_session_belongs_whole_to_the_last_user_within_else_before_else_after_it() {
    let check = |identifies: &[(&str, i64)], expected: Option<&str>| {
        let mut world = Known::default()
            .session("v", "s", START, "", "")
            .with(|session| session.last_at_ms = START + 10 * MINUTE);
        world = world.session("v", "later", START + DAY, "", "");
        for (user, after) in identifies {
            world = world.identify("v", user, START + after);
        }
        let found = owners(&world.sessions, &world.identifies, START + 9 * DAY);
        assert_eq!(found[0].as_deref(), expected, "{identifies:?}");
    };
    check(&[], None);
    check(&[("within", 5 * MINUTE)], Some("within"));
    check(&[("first", 1), ("last", 5 * MINUTE)], Some("last"));
    check(&[("before", -DAY), ("within", 0)], Some("within"));
    check(
        &[("before", -DAY), ("nearer", -HOUR), ("after", DAY)],
        Some("nearer"),
    );
    check(&[("after", HOUR), ("later", DAY)], Some("after"));
    check(
        &[("before", -DAY), ("gap", 10 * MINUTE + SESSION_GAP_MS - 1)],
        Some("gap"),
    );
    check(
        &[("before", -DAY), ("gone", 10 * MINUTE + SESSION_GAP_MS)],
        Some("before"),
    );
    check(&[("too late", 10 * DAY)], None);
}

#[test]
fn an_identify_after_the_visitor_entered_anew_is_not_within_the_session_before() {
    let world = Known::default()
        .session("v", "s1", START, "", GOOGLE)
        .session("v", "s2", START + 5 * MINUTE, "utm_source=acme", "")
        .identify("v", "before", START - HOUR)
        .identify("v", "ua", START + 7 * MINUTE);
    let found = owners(&world.sessions, &world.identifies, START + DAY);
    assert_eq!(found, [Some("before".to_owned()), Some("ua".to_owned())]);
}

/// The sources that a visitor's sessions count for; a continuing one in brackets with its reason.
fn check_visits(world: &Known, expected: &[(&str, Option<Continuation>)]) {
    let found = visits(&world.sessions, &site());
    let facts: Vec<_> = found
        .iter()
        .map(|visit| (visit.touch.source.source.as_str(), visit.continues))
        .collect();
    assert_eq!(facts, expected);
}

#[test]
fn entries_that_continue_count_for_the_touch_before_and_make_none() {
    use Continuation::{CheckoutParameter, CheckoutStarted, OwnSite, ReturnHost, TurnedOver};
    let base = || Known::default().session("v", "s1", START, "", GOOGLE);
    let at = START + HOUR;
    check_visits(
        &base().session("v", "s2", at, "", "https://blog.shop.example/"),
        &[("Google", None), ("Google", Some(OwnSite))],
    );
    check_visits(
        &base().session("v", "s2", at, "", STRIPE),
        &[("Google", None), ("Google", Some(ReturnHost))],
    );
    check_visits(
        &base().session("v", "s2", at, "session_id=cs_live_1", ""),
        &[("Google", None), ("Google", Some(CheckoutParameter))],
    );
    check_visits(
        &base().session("v", "s2", at, "utm_source=acme", STRIPE),
        &[("Google", None), ("acme", None)],
    );
    check_visits(
        &base().session("v", "s2", at, "", ""),
        &[("Google", None), ("Direct", None)],
    );
    let turned = |query, referrer| {
        base()
            .session("v", "s2", at, query, referrer)
            .with(|session| session.entry.is_pageview = false)
    };
    check_visits(
        &turned("", BING),
        &[("Google", None), ("Google", Some(TurnedOver))],
    );
    check_visits(
        &turned("utm_source=acme", ""),
        &[("Google", None), ("Google", Some(TurnedOver))],
    );
    let started = |after: i64, referrer| {
        Known::default()
            .session("v", "s1", START, "", GOOGLE)
            .with(|session| session.checkout_started_ms = vec![START])
            .session("v", "s2", START + after, "", referrer)
    };
    check_visits(
        &started(CHECKOUT_RETURN_MS - 1, "https://bank.example/"),
        &[("Google", None), ("Google", Some(CheckoutStarted))],
    );
    check_visits(
        &started(MINUTE, ""),
        &[("Google", None), ("Google", Some(CheckoutStarted))],
    );
    check_visits(
        &started(CHECKOUT_RETURN_MS, "https://bank.example/"),
        &[("Google", None), ("bank.example", None)],
    );
    check_visits(&started(MINUTE, BING), &[("Google", None), ("Bing", None)]);
    check_visits(
        &started(-MINUTE, "https://bank.example/"),
        &[("bank.example", None), ("Google", None)],
    );
}

#[test]
fn with_no_touch_before_an_entry_that_would_continue_is_direct() {
    check_visits(
        &Known::default().session("v", "s", START, "", STRIPE),
        &[("Direct", None)],
    );
    check_visits(
        &Known::default().session("v", "s", START, "", "https://alias.example/"),
        &[("Direct", None)],
    );
    let turned = Known::default()
        .session("v", "s", START, "", GOOGLE)
        .with(|session| session.entry.is_pageview = false);
    check_visits(&turned, &[("Google", None)]);
}

#[test]
fn a_session_that_continues_ends_a_journey_without_a_touch_of_its_own() {
    let world = Known::default()
        .session("v", "s1", START, "", GOOGLE)
        .session("v", "s2", START + HOUR, "", STRIPE)
        .session("v", "s3", START + 2 * HOUR, "", BING);
    check(
        &world.trace(&order(START + 3 * HOUR).of_session("s2")),
        "session s1:Google (s3:Bing after_named_session)",
    );
}

fn worlds() -> impl Strategy<Value = Known> {
    let referrer = prop_oneof![
        Just(""),
        Just(GOOGLE),
        Just(BING),
        Just(STRIPE),
        Just("https://shop.example/")
    ];
    let query = prop_oneof![Just(""), Just("utm_source=acme"), Just("gclid=1")];
    let session = (
        0..3_u8,
        0..6_u8,
        0..2000_i64,
        query,
        referrer,
        any::<bool>(),
    );
    let identify = (0..3_u8, 0..3_u8, 0..2000_i64, any::<bool>());
    let payment = (0..3_u8, 0..2000_i64);
    let lists = (
        proptest::collection::vec(session, 0..8),
        proptest::collection::vec(identify, 0..5),
        proptest::collection::vec(payment, 0..3),
    );
    lists.prop_map(|(sessions, identifies, payments)| {
        let hours = |hours: i64| START + hours * HOUR;
        let mut world = Known::default();
        for (number, (visitor, id, at, query, referrer, is_pageview)) in
            sessions.into_iter().enumerate()
        {
            world = world.session(
                &format!("v{visitor}"),
                &format!("s{id}-{number}"),
                hours(at),
                query,
                referrer,
            );
            world = world.with(|session| session.entry.is_pageview = is_pageview);
        }
        for (visitor, user, at, is_signed) in identifies {
            world = world
                .identify(&format!("v{visitor}"), &format!("u{user}"), hours(at))
                .email("mail");
            world.identifies.last_mut().unwrap().signed = is_signed;
        }
        for (visitor, at) in payments {
            world = world.paid(
                CustomerKey::Id("cus".to_owned()),
                &format!("v{visitor}"),
                hours(at),
            );
        }
        world
    })
}

proptest! {
    #[test]
    fn no_answer_depends_on_the_order_in_which_things_are_known(world in worlds(), at in 0..2500_i64, named in 0..3_u8, seed in any::<u64>()) {
        let evidence = order(START + at * HOUR).of_customer("cus").of_user("u1").of_email("mail");
        let mut evidences = vec![evidence.clone(), evidence.clone().of_visitor(&format!("v{named}"))];
        evidences.extend(world.sessions.first().map(|session| evidence.of_session(session.id.as_deref().unwrap())));
        let mut shuffled = world.clone();
        shuffled.sessions.sort_by_key(|session| seed.wrapping_mul(session.entry.event_id.len() as u64 + session.entry.at_ms as u64));
        shuffled.identifies.sort_by_key(|link| seed.wrapping_mul(link.at_ms as u64));
        shuffled.payments.reverse();
        for evidence in evidences {
            prop_assert_eq!(world.trace(&evidence), shuffled.trace(&evidence));
        }
    }

    #[test]
    fn a_journey_is_in_order_and_inside_its_window(world in worlds(), at in 0..2500_i64) {
        let trace = world.trace(&order(START + at * HOUR).of_user("u1").of_email("mail"));
        let times: Vec<i64> = trace.journey().map(|touch| touch.at_ms).collect();
        prop_assert!(times.is_sorted());
        prop_assert!(times.iter().all(|time| (0..=90 * DAY).contains(&(START + at * HOUR - time))));
        prop_assert_eq!(times.is_empty(), trace.level.name() == "unattributed");
    }
}
