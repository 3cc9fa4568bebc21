//! Visitor, session, campaign, consent: what is kept, for how long, and what is never kept.

use super::*;
use crate::campaign::listed;

#[test]
fn the_visitor_stays_and_the_session_lasts_until_thirty_minutes_of_silence() {
    let mut shop = Shop::open(SITE);
    let (visitor, session) = (shop.visitor(), shop.session());
    assert_ne!(visitor, session);
    assert_eq!(shop.stored.visitor, visitor);
    assert_eq!(shop.stored.session, session);
    shop.pass(29.0 * MINUTE_MS);
    shop.go("https://shop.example/2", SITE);
    assert_eq!(shop.visitor(), visitor);
    assert_eq!(shop.session(), session);
    shop.pass(29.0 * MINUTE_MS);
    assert_eq!(shop.session(), session);
    shop.pass(MINUTE_MS);
    let second = shop.session();
    assert_ne!(second, session);
    assert_eq!(shop.session(), second);
    shop.perform();
    assert_eq!((shop.stored.session.as_str(), shop.visitor()), (second.as_str(), visitor));
}

#[test]
fn activity_keeps_a_session_alive_on_an_open_page() {
    let mut shop = Shop::open(SITE);
    let session = shop.session();
    for input in [Input::Scrolled(10.0), Input::Active, Input::Scrolled(10.0), Input::Active] {
        shop.pass(20.0 * MINUTE_MS);
        shop.act(input);
    }
    assert_eq!(shop.session(), session);
}

#[test]
fn a_page_entered_with_another_campaign_or_click_id_begins_a_session() {
    let mut shop = Shop::open("https://shop.example/?utm_source=a");
    let mut last = shop.session();
    let mut check = |address: &str, is_new: bool| {
        shop.go(address, "");
        let now = shop.session();
        assert_eq!(now != last, is_new, "{address}");
        last = now;
    };
    check("https://shop.example/?utm_source=a", false);
    check("https://shop.example/?other=1", false);
    check("https://shop.example/?utm_source=b", true);
    check("https://shop.example/?utm_source=b&gclid=1", true);
    check("https://shop.example/?gclid=2", true);
    check("https://shop.example/", false);
}

#[test]
fn a_session_that_turns_over_on_an_open_page_keeps_its_source_and_sends_no_page_view() {
    let mut shop = Shop::open_with("https://shop.example/?utm_source=a", |_, _, _, world| {
        "https://search.example/".clone_into(&mut world.referrer.borrow_mut());
    });
    shop.accept();
    let session = shop.session();
    shop.navigate("https://shop.example/2");
    shop.accept();
    shop.pass(31.0 * MINUTE_MS);
    shop.purchase("1");
    let purchase = shop.last();
    assert_ne!(purchase["session_id"], Value::from(session));
    assert_eq!(purchase["url"], "https://shop.example/2?utm_source=a");
    assert_eq!(purchase.get("referrer"), None);
    assert_eq!(shop.messages().iter().filter(|event| event["event_type"] == "pageview").count(), 2);
    assert_eq!(shop.client.touches().0.campaign(), "utm_source=a");
}

#[test]
fn the_first_touch_stays_when_later_sessions_have_others() {
    let mut shop = Shop::open("https://shop.example/a?utm_source=first");
    shop.go("https://shop.example/b?utm_source=second", "https://x.example/");
    let (now, at, first) = shop.client.touches();
    assert_eq!(now.campaign(), "utm_source=second");
    assert_eq!(now.referrer(), "https://x.example/");
    assert_eq!(first.campaign(), "utm_source=first");
    assert_eq!(first.landing(), "/a");
    assert!((at - 1_700_000_000_000.0).abs() < 1.0);
}

#[test]
fn forbidden_storage_leaves_ids_that_live_with_the_page() {
    let mut shop = Shop::open(SITE);
    shop.stored = Stored::default();
    let visitor = shop.visitor();
    shop.act(Input::Track("a".into(), None));
    shop.accept();
    assert_eq!(shop.last()["visitor_uid"], Value::from(visitor.as_str()));
    assert_eq!(shop.visitor(), visitor);
}

#[test]
fn spoilt_ids_in_storage_are_replaced() {
    let mut shop = Shop::open_with(SITE, |_, _, stored, _| {
        stored.visitor = "<script>".into();
        stored.session = "x".into();
        stored.session_state = "y".into();
    });
    assert!(is_uuid(&shop.visitor()));
    assert!(is_uuid(&shop.session()));
}

#[test]
fn memory_keeps_nothing_and_names_no_visitor() {
    let mut shop = Shop::open_with(SITE, |config, _, stored, _| {
        config.switch(switch::MEMORY, true);
        stored.visitor = "00000000-0000-4000-8000-000000000000".into();
    });
    let before = shop.stored.visitor.clone();
    assert_ne!(shop.visitor(), before);
    shop.answer(Answer::LOST);
    shop.act(Input::Hidden);
    assert!(!shop.effects.iter().any(|effect| matches!(effect, Effect::Store(..) | Effect::StoreEntry(..))));
    let event = shop.last();
    assert_eq!((event["persistence"].as_str(), event.get("visitor_uid")), (Some("memory"), None));
    let checkout = shop.checkout("");
    let names: Vec<_> = checkout.as_object().unwrap().keys().collect();
    assert_eq!(names, ["engagetrack_session_id", "engagetrack_url"]);
    assert_eq!(shop.link("https://buy.stripe.com/1"), "");
}

#[test]
fn without_consent_events_are_held_and_nothing_is_stored() {
    let mut shop = Shop::open_with(SITE, |config, _, _, _| config.switch(switch::CONSENT, true));
    let visitor = shop.visitor();
    shop.act(Input::Track("a".into(), None));
    shop.act(Input::Hidden);
    assert!(shop.effects.is_empty());
    shop.act(Input::Consent(true));
    let held: Vec<_> = shop.messages().iter().map(|event| event["visitor_uid"].clone()).collect();
    assert_eq!(held, [Value::from(visitor.as_str()), Value::from(visitor.as_str())]);
    assert_eq!((shop.stored.visitor.as_str(), shop.stored.choice.as_str()), (visitor.as_str(), "granted"));
    shop.accept();
    shop.go("https://shop.example/2", "");
    assert_eq!(shop.last()["url"], "https://shop.example/2");
    shop.act(Input::Consent(false));
    assert_eq!((shop.stored.visitor.as_str(), shop.stored.choice.as_str()), ("", ""));
    let sent = shop.sent.len();
    shop.act(Input::Track("b".into(), None));
    assert_eq!(shop.sent.len(), sent);
}

#[test]
fn opting_out_stops_and_forgets_on_later_pages_too_and_opting_in_starts_as_somebody_new() {
    let mut shop = Shop::open(SITE);
    let visitor = shop.visitor();
    shop.answer(Answer::LOST);
    shop.act(Input::OptOut);
    let all = [&shop.stored.visitor, &shop.stored.session, &shop.stored.first, &shop.stored.queue];
    assert!(all.iter().all(|text| text.is_empty()));
    assert_eq!(shop.stored.choice, "refused");
    let sent = shop.sent.len();
    shop.go("https://shop.example/2", "");
    shop.act(Input::Track("a".into(), None));
    assert_eq!((shop.sent.len(), shop.visitor()), (sent, String::new()));
    assert_eq!(shop.session(), "");
    assert_eq!(shop.checkout("7"), serde_json::json!({ "engagetrack_order_id": "7" }));
    shop.act(Input::OptIn);
    assert!(is_uuid(&shop.visitor()) && shop.visitor() != visitor);
    assert_eq!(shop.last()["event_type"], "pageview");
    assert_eq!(shop.stored.choice, "");
    assert_eq!(shop.stored.visitor, shop.visitor());
}

#[test]
fn another_tabs_refusal_stops_this_one_and_is_not_forgotten() {
    let mut shop = Shop::open(SITE);
    shop.stored.choice = "refused".to_owned();
    shop.act(Input::Chosen(Text::of(REFUSED)));
    shop.act(Input::Track("a".into(), None));
    assert_eq!(
        (shop.messages().len(), shop.visitor(), shop.stored.choice.as_str()),
        (1, String::new(), "refused")
    );
}

#[test]
fn signals_are_honoured_where_the_site_asks_for_it() {
    let mut shop = Shop::open_with(SITE, |config, surroundings, _, _| {
        config.switch(switch::GPC, true);
        surroundings.gpc = true;
    });
    assert!(shop.effects.is_empty());
    assert_eq!(shop.session(), "");
}

#[test]
fn the_developers_own_machine_has_ids_and_is_silent() {
    let mut shop = Shop::open_with("http://localhost:3000/", |_, surroundings, _, _| {
        surroundings.host = "localhost".into();
    });
    shop.purchase("1");
    assert!(shop.sent.is_empty());
    assert!(is_uuid(&shop.visitor()) && is_uuid(&shop.stored.visitor) && is_uuid(&shop.session()));
}

#[test]
fn a_carried_visitor_is_taken_over_and_taken_off_the_address() {
    const CARRIED: &str = "00000000-0000-4000-8000-00000000000a";
    let address = "https://shop.example/?_engagetrack=00000000-0000-4000-8000-00000000000a.1699999990000&b=1";
    let arrive = |referrer: &str, stored_visitor: &str| {
        Shop::open_with(address, |config, _, stored, world| {
            config.hostnames = listed("blog.example".into());
            referrer.clone_into(&mut world.referrer.borrow_mut());
            stored.visitor = stored_visitor.to_owned();
        })
    };
    let shop = arrive("https://blog.example/", "");
    assert_eq!(shop.visitor(), CARRIED);
    assert_eq!(shop.addresses, ["https://shop.example/?b=1"]);
    assert_eq!(shop.last()["url"], "https://shop.example/?b=1");
    assert_ne!(arrive("https://stranger.example/", "").client.visitor(), CARRIED);
    let own = "00000000-0000-4000-8000-00000000000b";
    assert_eq!(arrive("https://blog.example/", own).client.visitor(), own);
}

#[test]
fn consent_that_is_withdrawn_on_another_page_stops_this_one_and_other_changes_of_storage_do_not() {
    let mut shop = Shop::open_with(SITE, |config, _, _, _| config.switch(switch::CONSENT, true));
    shop.act(Input::Chosen(Text::default()));
    assert!(is_uuid(&shop.visitor()));
    shop.act(Input::Consent(true));
    shop.act(Input::Chosen(Text::of(GRANTED)));
    assert!(is_uuid(&shop.visitor()));
    shop.act(Input::Chosen(Text::default()));
    assert_eq!(shop.visitor(), "");

    let mut shop = Shop::open_with(SITE, |config, _, _, _| {
        config.switch(switch::CONSENT, true);
        config.switch(switch::MEMORY, true);
    });
    shop.act(Input::Consent(true));
    shop.act(Input::Chosen(Text::default()));
    assert!(!shop.session().is_empty());
}
