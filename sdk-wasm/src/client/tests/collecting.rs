//! Page views, events, purchases, links, delivery.

use super::*;
use crate::campaign::{host, listed};

#[test]
fn a_loaded_page_is_viewed_first_with_its_referrer() {
    let shop = Shop::open_with("https://shop.example/a?x=1#secret", |_, _, _, world| {
        "https://search.example/".clone_into(&mut world.referrer.borrow_mut());
    });
    let view = shop.last();
    let text = |name: &str| view[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(text("event_type"), "pageview");
    assert_eq!(text("url"), "https://shop.example/a?x=1");
    assert_eq!(text("referrer"), "https://search.example/");
    assert_eq!(text("title"), "A page");
    assert_eq!(text("site_id"), "pk_live_1");
    assert_eq!((view["screen_w"].as_f64(), view["at"].as_f64()), (Some(1920.0), Some(1_700_000_000_000.0)));
    assert_eq!(view["sent_at"].as_u64(), Some(1_700_000_000_000));
    assert!(is_uuid(&text("event_id")) && is_uuid(&text("visitor_uid")) && is_uuid(&text("session_id")));
}

#[test]
fn navigation_within_the_document_is_a_view_that_comes_from_the_address_before() {
    let mut shop = Shop::open(SITE);
    shop.accept();
    shop.navigate("https://shop.example/2");
    shop.accept();
    assert_eq!(
        (shop.last()["url"].as_str(), shop.last()["referrer"].as_str()),
        (Some("https://shop.example/2"), Some(SITE))
    );
    let sent = shop.sent.len();
    shop.navigate("https://shop.example/2#part");
    shop.navigate("https://shop.example/2");
    assert_eq!(shop.sent.len(), sent);
}

#[test]
fn the_fragment_is_a_route_where_the_site_says_so() {
    let mut shop = Shop::open_with("https://shop.example/#/1", |config, _, _, _| {
        config.switch(switch::HASH_ROUTES, true);
    });
    shop.accept();
    shop.navigate("https://shop.example/#/2");
    assert_eq!(shop.last()["url"], "https://shop.example/#/2");
}

#[test]
fn a_document_that_comes_back_is_viewed_again_but_brings_no_new_source() {
    let mut shop = Shop::open_with("https://shop.example/?utm_source=a", |_, _, _, world| {
        "https://search.example/".clone_into(&mut world.referrer.borrow_mut());
    });
    shop.accept();
    shop.act(Input::Hidden);
    let before = shop.messages().len();
    shop.act(Input::Moved(Cause::Restore));
    assert_eq!(shop.messages().len(), before + 1);
    assert_eq!(shop.last()["referrer"], shop.last()["url"]);
}

#[test]
fn nothing_is_sent_while_a_page_is_only_prepared() {
    let mut shop = Shop::open_with(SITE, |_, surroundings, _, _| surroundings.is_prerendering = true);
    shop.act(Input::Track("early".into(), None));
    shop.navigate(SITE);
    assert!(shop.sent.is_empty());
    assert!(is_uuid(&shop.visitor()));
    shop.act(Input::Begin);
    let kinds: Vec<_> = shop.messages().iter().map(|event| event["event_type"].clone()).collect();
    assert_eq!(kinds, ["custom", "pageview"]);
}

#[test]
fn the_view_of_a_page_comes_ahead_of_all_else_and_names_the_address_under_which_it_began() {
    let mut shop = Shop::open_with("https://shop.example/?utm_source=a", |_, surroundings, _, _| {
        surroundings.is_prerendering = true;
    });
    shop.client.begin_with_next();
    shop.sweep();
    "https://shop.example/".clone_into(&mut shop.world.address.borrow_mut());
    shop.act(Input::Track("early".into(), None));
    shop.accept();
    let events = shop.messages();
    assert_eq!(
        (&events[0]["event_type"], &events[0]["url"]),
        (&"pageview".into(), &"https://shop.example/?utm_source=a".into())
    );
    assert_eq!(events[1]["event_name"], "early");
    // What was changed meanwhile is noticed as a navigation, once.
    shop.navigate(SITE);
    shop.navigate(SITE);
    assert_eq!((shop.messages().len(), &shop.last()["url"]), (3, &SITE.into()));
}

#[test]
fn page_views_can_be_left_to_the_site() {
    let mut shop = Shop::open_with(SITE, |config, _, _, world| {
        config.switch(switch::PAGEVIEWS, false);
        "https://search.example/".clone_into(&mut world.referrer.borrow_mut());
    });
    assert!(shop.sent.is_empty());
    shop.act(Input::Track("a".into(), None));
    shop.accept();
    assert_eq!(shop.last()["referrer"], "https://search.example/");
    shop.act(Input::Pageview("https://shop.example/virtual".into()));
    assert_eq!(shop.last()["url"], "https://shop.example/virtual");
}

#[test]
fn a_purchase_carries_the_sessions_campaign_and_counts_once_however_often_its_page_is_loaded() {
    let mut shop = Shop::open("https://shop.example/?utm_source=news&gclid=1");
    shop.accept();
    shop.go("https://shop.example/thanks?order=7", "https://pay.example/");
    shop.accept();
    shop.purchase("ORD-7");
    let first = shop.last();
    assert_eq!(first["url"], "https://shop.example/thanks?order=7&utm_source=news&gclid=1");
    assert_eq!((first["order_id"].as_str(), first["currency"].as_str()), (Some("ORD-7"), Some("USD")));
    assert_eq!(first["revenue"].as_f64(), Some(149.99));
    shop.accept();
    shop.pass(31.0 * MINUTE_MS);
    shop.go("https://shop.example/thanks?order=7", "https://pay.example/");
    shop.accept();
    shop.purchase("ORD-7");
    assert_eq!(shop.last()["event_id"], first["event_id"]);
    shop.accept();
    shop.purchase("ORD-8");
    assert_ne!(shop.last()["event_id"], first["event_id"]);
}

#[test]
fn a_purchase_without_an_order_id_is_not_sent_and_says_so() {
    let mut shop = Shop::open(SITE);
    shop.purchase("");
    assert_eq!((shop.messages().len(), shop.warnings()), (1, 1));
}

#[test]
fn an_order_ids_event_id_fits_the_wire() {
    for length in [1, 190, 194, 195, 200] {
        let mut shop = Shop::open(SITE);
        shop.accept();
        shop.purchase(&"é".repeat(length));
        assert!(shop.last()["event_id"].as_str().unwrap().chars().count() <= 200);
    }
}

#[test]
fn checkout_metadata_names_visitor_session_address_and_order() {
    let mut shop = Shop::open("https://shop.example/?utm_source=news&fbclid=2");
    shop.navigate("https://shop.example/checkout?cart=secret");
    let members = shop.checkout("ORD-7");
    let session = shop.session();
    assert_eq!(
        members,
        serde_json::json!({
            "engagetrack_visitor_id": shop.visitor(),
            "engagetrack_session_id": session,
            "engagetrack_url": "https://shop.example/checkout?utm_source=news&fbclid=2",
            "engagetrack_order_id": "ORD-7",
        })
    );
    let long = ["https://shop.example/?utm_source=a&utm_medium=", &"m".repeat(600)].concat();
    let mut shop = Shop::open(&long);
    assert_eq!(shop.checkout("")["engagetrack_url"], "https://shop.example/?utm_source=a");
}

#[test]
fn identify_names_the_visitor_and_goes_to_its_own_endpoint() {
    let mut shop = Shop::open(SITE);
    shop.accept();
    let person = Object::object();
    for (name, value) in [(c"user_id", "u1"), (c"name", "Ada"), (c"email", ""), (c"user_hash", "ab")] {
        person.text(name, value.into());
    }
    person.value(c"custom", Object::of(serde_json::json!({"plan": "pro"})));
    shop.act(Input::Identified(person));
    let sent = shop.last();
    assert_eq!((sent["user_id"].as_str(), sent["name"].as_str()), (Some("u1"), Some("Ada")));
    assert_eq!(sent["visitor_uid"], Value::from(shop.visitor()));
    assert_eq!(sent["custom"]["plan"], "pro");
    let is_identify =
        shop.effects.iter().any(|effect| matches!(effect, Effect::Send(_, _, batch) if batch.is_identify));
    assert!(is_identify);
    assert_eq!(shop.config.url(true), "/api/v1/identify");
}

#[test]
fn followed_links_downloads_and_forms_are_events_that_can_be_switched_off() {
    let happen = |shop: &mut Shop| {
        shop.accept();
        shop.act(Input::Followed("https://other.example/x".into(), false));
        shop.act(Input::Followed("https://shop.example/list.pdf".into(), false));
        shop.act(Input::Followed("https://shop.example/page".into(), false));
        shop.act(Input::Submitted("newsletter".into(), "https://shop.example/join?mail=secret".into()));
        shop.accept();
        let kinds: Vec<_> = shop.messages().iter().skip(1).map(|event| event["event_type"].clone()).collect();
        kinds
    };
    let mut shop = Shop::open(SITE);
    assert_eq!(happen(&mut shop), ["outbound", "download", "form_submit"]);
    assert_eq!(shop.messages()[1]["properties"]["href"], "https://other.example/x");
    assert_eq!(shop.last()["properties"]["action"], "https://shop.example/join");
    let mut shop = Shop::open_with(SITE, |config, _, _, _| {
        config.switch(switch::OUTBOUND, false);
        config.switch(switch::DOWNLOADS, false);
        config.switch(switch::FORMS, false);
    });
    assert!(happen(&mut shop).is_empty());
}

#[test]
fn links_to_payments_and_to_own_domains_carry_the_visitor() {
    let shop = Shop::open_with(SITE, |config, _, _, _| config.hostnames = listed("blog.example".into()));
    let payment = shop.link("https://buy.stripe.com/1");
    assert_eq!(payment, ["https://buy.stripe.com/1?client_reference_id=", &shop.visitor()].concat());
    let own = shop.link("https://blog.example/");
    assert_eq!(host(own.as_str().into()), "blog.example");
    assert!(own.contains(&shop.visitor()));
    assert_eq!(shop.link("https://other.example/"), "");
}

#[test]
fn attention_is_reported_when_the_page_is_hidden_or_left_and_belongs_to_its_view() {
    let mut shop = Shop::open(SITE);
    shop.accept();
    let view = shop.last();
    shop.pass(12_000.0);
    shop.act(Input::Scrolled(60.0));
    shop.act(Input::Hidden);
    let (target, _, messages) = shop.sent.last().cloned().unwrap();
    assert_eq!(target, Target::Beacon);
    assert_eq!(
        (messages[0]["time_on_page"].as_f64(), messages[0]["scroll_depth"].as_f64()),
        (Some(12.0), Some(60.0))
    );
    assert_eq!(messages[0]["event_name"], "engagement");
    assert_eq!(messages[0]["session_id"], view["session_id"]);
    assert_eq!(messages[0]["at"].as_f64(), view["at"].as_f64().map(|at| at + 1.0));
    shop.pass(60_000.0);
    shop.act(Input::Shown);
    shop.pass(3_000.0);
    shop.navigate("https://shop.example/2");
    let messages = &shop.sent.last().unwrap().2;
    assert_eq!(messages[0]["time_on_page"].as_f64(), Some(15.0));
    assert_eq!(
        (messages[0]["url"].as_str(), messages[1]["event_type"].as_str()),
        (Some(SITE), Some("pageview"))
    );
}

#[test]
fn what_fails_is_stored_and_delivered_by_the_next_page_under_the_same_id() {
    let mut shop = Shop::open(SITE);
    let lost = shop.last();
    shop.answer(Answer::LOST);
    assert!(shop.entries.contains_key(lost["event_id"].as_str().unwrap()));
    shop.pass(MINUTE_MS);
    shop.world.is_online.set(false);
    shop.go("https://shop.example/2", "");
    let events = shop.sent.last().unwrap().2.clone();
    assert_eq!(events[0]["event_id"], lost["event_id"]);
    assert_eq!(events[0]["at"], lost["at"]);
    assert_eq!(events[0]["sent_at"].as_u64(), Some(1_700_000_060_000));
    shop.accept();
    assert!(shop.entries.is_empty());
}

#[test]
fn a_page_that_is_left_before_the_answer_delivers_later_what_it_sent() {
    let mut shop = Shop::open(SITE);
    let view = shop.last();
    shop.act(Input::Hidden);
    assert!(shop.entries.contains_key(view["event_id"].as_str().unwrap()));
    shop.go("https://shop.example/2", "");
    assert_eq!(shop.sent.last().unwrap().2.len(), 2);
    shop.accept();
    assert!(shop.entries.is_empty());
}

#[test]
fn what_the_server_refuses_is_said_once_and_not_sent_again() {
    let mut shop = Shop::open(SITE);
    shop.answer(status(404));
    shop.pass(60.0 * MINUTE_MS);
    shop.act(Input::Woken);
    shop.act(Input::Online);
    assert_eq!((shop.sent.len(), shop.warnings(), shop.entries.len()), (1, 1, 0));
}

#[test]
fn an_answer_that_never_comes_is_a_failure_that_is_tried_again() {
    let mut shop = Shop::open(SITE);
    assert!(shop.effects.contains(&Effect::Wake(crate::queue::ANSWER_MS)));
    shop.pass(crate::queue::ANSWER_MS);
    shop.act(Input::Woken);
    assert_eq!(shop.sent.len(), 1);
    shop.pass(1_000.0);
    shop.act(Input::Woken);
    assert_eq!(
        (shop.sent.len(), shop.messages()[0]["event_id"] == shop.messages()[1]["event_id"]),
        (2, true)
    );
}

#[test]
fn a_timer_that_ends_early_is_asked_for_the_rest() {
    let mut shop = Shop::open(SITE);
    shop.answer(Answer::LOST);
    let Some(Effect::Wake(wait_ms)) = shop.effects.pop() else { panic!("nobody will look again") };
    shop.pass(wait_ms - 1.0);
    shop.act(Input::Woken);
    assert_eq!((shop.sent.len(), shop.effects.pop()), (1, Some(Effect::Wake(1.0))));
    shop.pass(1.0);
    shop.act(Input::Woken);
    assert_eq!(shop.sent.len(), 2);
}

#[test]
fn a_page_wakes_when_the_server_may_be_asked_again_though_an_earlier_page_was_told_to_wait() {
    let mut shop = Shop::open(SITE);
    shop.answer(Answer { status: 503, retry_after_seconds: 60.0 });
    shop.effects.clear();
    shop.go("https://shop.example/2", SITE);
    let wait = shop.effects.iter().find_map(|effect| {
        let Effect::Wake(after_ms) = effect else { return None };
        Some(*after_ms)
    });
    assert!(wait.is_some_and(|after_ms| (60_000.0..=61_000.0).contains(&after_ms)), "{wait:?}");
    let before = shop.sent.len();
    shop.pass(wait.unwrap());
    shop.act(Input::Woken);
    assert_eq!(shop.sent[before..].iter().map(|(_, _, messages)| messages.len()).sum::<usize>(), 2);
}
