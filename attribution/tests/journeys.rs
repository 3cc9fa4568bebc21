//! Worked orders: whose journey each is, by which level, and what every model credits, to the cent.

mod world;

use attribution::evidence::{CustomerKey, Trace, Window};
use attribution::model::Model;
use attribution::money::{Money, decimal, refund_credits, split};
use world::{DAY, Dimension, HOUR, Known, MINUTE, Names, check, credits, order, reasons, told};

/// 2026-10-01T10:00:00Z.
const OCTOBER_1: i64 = 1_790_848_800_000;
const GOOGLE: &str = "https://www.google.com/";
const LINKEDIN: &str = "https://www.linkedin.com/";
const BING: &str = "https://www.bing.com/";

/// The credits of the seven models that an order has by itself, in their order.
fn check_credits(trace: &Trace, amount: &str, code: &str, expected: [&[&str]; 7]) {
    for (model, expected) in Model::ALL.into_iter().zip(expected) {
        assert_eq!(
            credits(trace, model, amount, code, Dimension::Source),
            expected,
            "{}",
            model.name()
        );
    }
}

#[test]
fn a_payment_that_names_a_session_stops_at_it_although_a_later_one_began_before_it() {
    let world = Known::default()
        .session(
            "bo-1",
            "sA",
            OCTOBER_1,
            "utm_source=fb&utm_medium=cpc&utm_campaign=launch",
            "",
        )
        .session("bo-1", "sB", OCTOBER_1 + 2 * DAY, "", GOOGLE);
    let payment = order(1_791_100_800_999).of_visitor("bo-1").of_session("sA");
    let trace = world.trace(&payment);
    check(
        &trace,
        "session sA:Facebook (sB:Google after_named_session)",
    );
    check_credits(&trace, "49.00", "USD", [&["49.00"]; 7]);
}

#[test]
fn a_payment_that_names_a_visitor_takes_all_touches_up_to_it_direct_ones_too() {
    let began = 1_788_256_800_000;
    let world = Known::default()
        .session(
            "cy-1",
            "s1",
            began,
            "utm_source=google&utm_medium=cpc&utm_campaign=brand&gclid=abc",
            "",
        )
        .session(
            "cy-1",
            "s2",
            1_789_034_400_000,
            "utm_source=newsletter&utm_medium=email&utm_campaign=sep",
            "",
        )
        .session("cy-1", "s3", 1_789_207_200_000, "", "")
        .session("cy-1", "s4", 1_789_218_000_000, "", BING);
    let trace = world.trace(&order(1_789_208_400_999).of_visitor("cy-1"));
    check(
        &trace,
        "visitor s1:Google s2:newsletter s3:Direct (s4:Bing after_payment)",
    );
    check_credits(
        &trace,
        "120.00",
        "USD",
        [
            &["0.00", "0.00", "120.00"],
            &["120.00", "0.00", "0.00"],
            &["0.00", "120.00", "0.00"],
            &["40.00", "40.00", "40.00"],
            &["18.72", "45.64", "55.64"],
            &["48.00", "24.00", "48.00"],
            &["40.00", "40.00", "40.00"],
        ],
    );
}

#[test]
fn a_backend_purchase_with_the_sessions_own_campaign_appends_nothing() {
    let world = Known::default()
        .session("ana-1", "s1", 1_793_610_000_000, "", GOOGLE)
        .session(
            "ana-1",
            "s2",
            1_793_903_400_000,
            "utm_source=facebook&utm_campaign=spring",
            "https://l.facebook.com/",
        );
    let purchase = order(1_793_904_730_000)
        .of_visitor("ana-1")
        .of_session("s2");
    let trace = world.trace(
        &purchase
            .with_url("utm_source=facebook&utm_campaign=spring")
            .as_purchase(),
    );
    check(&trace, "session s1:Google s2:Facebook");
    check_credits(
        &trace,
        "249.99",
        "RON",
        [
            &["0.00", "249.99"],
            &["249.99", "0.00"],
            &["0.00", "249.99"],
            &["125.00", "124.99"],
            &["104.18", "145.81"],
            &["125.00", "124.99"],
            &["125.00", "124.99"],
        ],
    );
}

#[test]
fn a_purchases_own_campaign_is_appended_unless_the_last_touch_carries_it() {
    let at = |minutes: i64| 1_791_626_400_000 + minutes * MINUTE;
    let world = Known::default()
        .session("gil-1", "s1", at(0), "", GOOGLE)
        .session(
            "hal-1",
            "f1",
            at(60),
            "utm_source=facebook&utm_medium=cpc&utm_campaign=spring",
            "",
        )
        .session("hal-1", "f2", 1_791_802_800_000, "", "")
        .session(
            "ida-1",
            "h1",
            1_791_885_600_000,
            "utm_source=google&utm_medium=cpc&utm_campaign=brand&gclid=abc",
            "",
        );
    let purchase = |at_ms, visitor, session, query| {
        order(at_ms)
            .of_visitor(visitor)
            .of_session(session)
            .with_url(query)
            .as_purchase()
    };

    let another = world.trace(&purchase(
        1_791_799_200_000,
        "gil-1",
        "s1",
        "utm_source=tiktok&utm_medium=paid_social&utm_campaign=oct",
    ));
    check(&another, "url s1:Google -:TikTok");
    assert_eq!(
        credits(
            &another,
            Model::TimeDecay,
            "100.00",
            "USD",
            Dimension::Source
        ),
        ["45.07", "54.93"]
    );

    let the_same = world.trace(&purchase(
        at(80),
        "hal-1",
        "f1",
        "utm_campaign=Spring&utm_source=Facebook%20&utm_medium=cpc",
    ));
    check(&the_same, "session f1:Facebook (f2:Direct after_payment)");

    let not_the_last = world.trace(&purchase(
        1_791_804_600_000,
        "hal-1",
        "f2",
        "utm_source=facebook&utm_medium=cpc&utm_campaign=spring",
    ));
    check(&not_the_last, "url f1:Facebook f2:Direct -:Facebook");
    check_credits(
        &not_the_last,
        "70.00",
        "USD",
        [
            &["0.00", "0.00", "70.00"],
            &["70.00", "0.00", "0.00"],
            &["0.00", "0.00", "70.00"],
            &["23.34", "23.33", "23.33"],
            &["20.35", "24.80", "24.85"],
            &["28.00", "14.00", "28.00"],
            &["17.50", "35.00", "17.50"],
        ],
    );

    let without_the_click_id = world.trace(&purchase(
        1_791_886_200_000,
        "ida-1",
        "h1",
        "utm_source=google&utm_medium=cpc&utm_campaign=brand",
    ));
    check(&without_the_click_id, "session h1:Google");
}

#[test]
fn an_identify_before_the_payment_ties_an_email_and_one_after_it_does_not() {
    let world = Known::default()
        .session("ed-1", "s1", 1_791_190_800_000, "", "https://chatgpt.com/")
        .identify("ed-1", "u-jane", 1_791_191_040_000)
        .email("hash-jane")
        .session("ed-2", "s9", 1_791_104_400_000, "", BING)
        .identify("ed-2", "u-other", 1_791_536_400_000)
        .email("hash-jane");
    let trace = world.trace(&order(1_791_374_400_999).of_email("hash-jane"));
    check(&trace, "customer s1:ChatGPT");
    check_credits(&trace, "23.99", "USD", [&["23.99"]; 7]);
}

#[test]
fn two_devices_of_one_user_are_one_journey_by_user_id_and_by_session() {
    let world = Known::default()
        .session("phone-1", "p1", 1_790_841_600_000, "", GOOGLE)
        .identify("phone-1", "u7", 1_790_842_200_000)
        .session("laptop-1", "l1", 1_791_057_600_000, "", LINKEDIN)
        .identify("laptop-1", "u7", 1_791_057_900_000);
    let by_user = world.trace(&order(1_791_115_200_000).of_customer("u7").of_user("u7"));
    check(&by_user, "customer p1:Google l1:LinkedIn");
    check_credits(
        &by_user,
        "80.00",
        "USD",
        [
            &["0.00", "80.00"],
            &["80.00", "0.00"],
            &["0.00", "80.00"],
            &["40.00", "40.00"],
            &["35.07", "44.93"],
            &["40.00", "40.00"],
            &["40.00", "40.00"],
        ],
    );
    let by_session = world.trace(
        &order(1_791_058_500_000)
            .of_visitor("laptop-1")
            .of_session("l1")
            .as_purchase(),
    );
    check(&by_session, "session p1:Google l1:LinkedIn");
    assert_eq!(
        credits(
            &by_session,
            Model::TimeDecay,
            "30.00",
            "USD",
            Dimension::Source
        ),
        ["13.15", "16.85"]
    );
}

#[test]
fn two_people_who_share_a_laptop_have_each_their_own_sessions() {
    let world = Known::default()
        .session("lap-1", "l1", OCTOBER_1, "", GOOGLE)
        .identify("lap-1", "ua", OCTOBER_1 + 5 * MINUTE)
        .session(
            "lap-1",
            "l2",
            OCTOBER_1 + 2 * DAY,
            "utm_source=facebook&utm_medium=cpc&utm_campaign=spring",
            "",
        )
        .identify("lap-1", "ub", OCTOBER_1 + 2 * DAY + 4 * MINUTE)
        .session(
            "lap-1",
            "l3",
            OCTOBER_1 + 4 * DAY,
            "utm_source=newsletter&utm_medium=email&utm_campaign=oct",
            "",
        )
        .session("pho-1", "p1", OCTOBER_1 + 5 * DAY, "", LINKEDIN)
        .identify("pho-1", "ua", OCTOBER_1 + 5 * DAY + 2 * MINUTE);
    let of = |user: &str| world.trace(&order(OCTOBER_1 + 6 * DAY).of_customer(user).of_user(user));
    check(
        &of("ua"),
        "customer l1:Google (l2:Facebook other_person) (l3:newsletter other_person) p1:LinkedIn",
    );
    check(
        &of("ub"),
        "customer (l1:Google other_person) l2:Facebook l3:newsletter",
    );
    assert_eq!(
        credits(&of("ua"), Model::TimeDecay, "30", "USD", Dimension::Source),
        ["11.36", "18.64"]
    );
    assert_eq!(
        credits(&of("ub"), Model::TimeDecay, "50", "USD", Dimension::Source),
        ["22.53", "27.47"]
    );
}

#[test]
fn a_session_that_becomes_known_late_attributes_an_order_that_had_nobody() {
    let payment = order(1_791_792_300_999)
        .of_visitor("lea-1")
        .of_session("s1");
    check(&Known::default().trace(&payment), "unattributed");
    let world = Known::default().session(
        "lea-1",
        "s1",
        1_791_791_990_000,
        "",
        "https://www.reddit.com/",
    );
    check(&world.trace(&payment), "session s1:Reddit");
}

#[test]
fn an_unknown_payment_is_tied_by_its_own_address_or_stays_unattributed() {
    let world = Known::default();
    let campaign = order(OCTOBER_1)
        .of_visitor("nobody-9")
        .with_url("utm_source=newsletter&utm_medium=email&utm_campaign=nov");
    check(&world.trace(&campaign), "url -:newsletter");
    check(
        &world.trace(&order(OCTOBER_1).with_url("ref=partnerx")),
        "url -:partnerx",
    );
    check(
        &world.trace(&order(OCTOBER_1).with_url("plan=pro")),
        "unattributed",
    );
    check(&world.trace(&order(OCTOBER_1)), "unattributed");
}

#[test]
fn a_renewal_keeps_the_first_orders_journey_measured_from_its_time() {
    let first_at = 1_780_315_200_999;
    let world = Known::default()
        .session(
            "ivy-1",
            "s1",
            1_779_451_200_000,
            "utm_source=google&utm_medium=cpc&utm_campaign=brand",
            "",
        )
        .session("ivy-1", "s2", 1_780_314_600_000, "", "")
        .session(
            "ivy-1",
            "s3",
            1_790_251_200_000,
            "utm_source=newsletter&utm_medium=email&utm_campaign=sep",
            "",
        )
        .session("ivy-1", "s4", 1_790_999_999_999, "", BING);
    let first = world.trace(&order(first_at).of_visitor("ivy-1").of_session("s2"));
    check(
        &first,
        "session s1:Google s2:Direct (s3:newsletter after_payment) (s4:Bing after_payment)",
    );
    let credit = credits(&first, Model::TimeDecay, "30.00", "USD", Dimension::Source);
    assert_eq!(credit, ["8.13", "21.87"]);
    let renewal = first.inherited("pi_09a", 1_790_683_200_999);
    check(
        &renewal,
        "session s1:Google s2:Direct (s3:newsletter after_first_order) (s4:Bing after_payment)",
    );
    assert_eq!(renewal.inherited_from.as_deref(), Some("pi_09a"));
    assert_eq!(renewal.measured_at_ms, first_at);
    assert_eq!(
        credits(
            &renewal,
            Model::TimeDecay,
            "30.00",
            "USD",
            Dimension::Source
        ),
        credit
    );
}

/// A visitor with one tagged session a given number of days before the order, as many as there are ages.
fn tagged_days_before(ages: &[i64]) -> Trace {
    let ordered_at = 1_795_176_000_000;
    let queries = [
        "utm_source=google&utm_medium=cpc",
        "utm_source=linkedin&utm_medium=cpc",
        "utm_source=newsletter&utm_medium=email",
        "utm_source=bing&utm_medium=cpc",
        "utm_source=reddit&utm_medium=cpc",
    ];
    let world = ages.iter().zip(queries).enumerate().fold(
        Known::default(),
        |world, (number, (age, query))| {
            world.session(
                "v",
                &format!("s{number}"),
                ordered_at - age * DAY,
                query,
                "",
            )
        },
    );
    world.trace(&order(ordered_at).of_visitor("v"))
}

#[test]
fn every_split_is_exact_with_ties_to_the_earlier_touch() {
    let three = tagged_days_before(&[3, 2, 1]);
    check_credits(
        &three,
        "100.00",
        "USD",
        [
            &["0.00", "0.00", "100.00"],
            &["100.00", "0.00", "0.00"],
            &["0.00", "0.00", "100.00"],
            &["33.34", "33.33", "33.33"],
            &["30.09", "33.23", "36.68"],
            &["40.00", "20.00", "40.00"],
            &["33.34", "33.33", "33.33"],
        ],
    );
    check_credits(
        &three,
        "0.01",
        "USD",
        [
            &["0.00", "0.00", "0.01"],
            &["0.01", "0.00", "0.00"],
            &["0.00", "0.00", "0.01"],
            &["0.01", "0.00", "0.00"],
            &["0.00", "0.00", "0.01"],
            &["0.01", "0.00", "0.00"],
            &["0.01", "0.00", "0.00"],
        ],
    );
    check_credits(&three, "0.00", "USD", [&["0.00"; 3]; 7]);
    let five = tagged_days_before(&[5, 4, 3, 2, 1]);
    assert_eq!(
        credits(&five, Model::TimeDecay, "100.00", "USD", Dimension::Source),
        ["16.25", "17.94", "19.80", "21.87", "24.14"]
    );
    assert_eq!(
        credits(&five, Model::Position, "100.00", "USD", Dimension::Source),
        ["40.00", "6.67", "6.67", "6.66", "40.00"]
    );
    let two = tagged_days_before(&[2, 1]);
    assert_eq!(
        credits(&two, Model::Position, "1.01", "USD", Dimension::Source),
        ["0.51", "0.50"]
    );
    assert_eq!(
        credits(&two, Model::TimeDecay, "1.01", "USD", Dimension::Source),
        ["0.48", "0.53"]
    );
    assert_eq!(
        credits(&two, Model::Linear, "1.01", "USD", Dimension::Source),
        ["0.51", "0.50"]
    );
}

#[test]
fn time_decay_gives_the_figures_of_adobes_worked_example() {
    let trace = tagged_days_before(&[9, 6, 0, 0]);
    assert_eq!(
        credits(&trace, Model::TimeDecay, "50.00", "USD", Dimension::Source),
        ["6.92", "9.32", "16.88", "16.88"]
    );
    assert_eq!(
        credits(&trace, Model::Position, "50.00", "USD", Dimension::Source),
        ["20.00", "5.00", "5.00", "20.00"]
    );
}

#[test]
fn shapley_shares_among_values_first_and_within_a_value_equally() {
    let at = |days| OCTOBER_1 + days * DAY;
    let world = Known::default()
        .session("pia-1", "s1", at(0), "", GOOGLE)
        .session("pia-1", "s2", at(1), "", LINKEDIN)
        .session("pia-1", "s3", at(2), "", BING)
        .session("pia-1", "s4", at(3), "", "");
    let trace = world.trace(
        &order(at(3) + 30 * MINUTE)
            .of_visitor("pia-1")
            .of_session("s4"),
    );
    check(&trace, "session s1:Google s2:LinkedIn s3:Bing s4:Direct");
    let by = |dimension| credits(&trace, Model::Shapley, "100", "USD", dimension);
    assert_eq!(by(Dimension::Channel), ["16.67", "33.33", "16.67", "33.33"]);
    assert_eq!(by(Dimension::Source), ["25.00", "25.00", "25.00", "25.00"]);
    assert_eq!(
        credits(&trace, Model::TimeDecay, "100", "USD", Dimension::Source),
        ["21.42", "23.65", "26.11", "28.82"]
    );
    assert_eq!(
        credits(
            &trace,
            Model::LastNonDirect,
            "100",
            "USD",
            Dimension::Source
        ),
        ["0.00", "0.00", "100.00", "0.00"]
    );
}

#[test]
fn a_partial_refund_takes_back_from_every_credit_and_a_failed_one_gives_all_back() {
    let at = |days| OCTOBER_1 + days * DAY;
    let world = Known::default()
        .session("nia-1", "s1", at(0), "", GOOGLE)
        .session("nia-1", "s2", at(1), "", LINKEDIN)
        .session("nia-1", "s3", at(2), "", "");
    let trace = world.trace(
        &order(at(2) + 10 * MINUTE)
            .of_visitor("nia-1")
            .of_session("s3"),
    );
    check(&trace, "session s1:Google s2:LinkedIn s3:Direct");
    let paid: Vec<i128> = split(10_000, &[333_333_333_334, 333_333_333_333, 333_333_333_333]);
    assert_eq!(paid, [3_334, 3_333, 3_333]);
    let left = |cumulative| {
        let back = refund_credits(&paid, 10_000, cumulative);
        paid.iter()
            .zip(back)
            .map(|(paid, back)| decimal(paid - back, 2))
            .collect::<Vec<_>>()
    };
    assert_eq!(left(3_000), ["23.34", "23.33", "23.33"]);
    assert_eq!(left(10_000), ["0.00", "0.00", "0.00"]);
    assert_eq!(left(0), ["33.34", "33.33", "33.33"]);
}

#[test]
fn stripes_figures_are_read_by_its_own_exponents() {
    let read = |minor, code: &str| {
        Money::from_stripe(minor, code.parse_currency())
            .unwrap()
            .to_string()
    };
    assert_eq!(read(1_500, "jpy"), "1500 JPY");
    assert_eq!(read(150_000, "isk"), "1500 ISK");
    assert_eq!(read(12_340, "kwd"), "12.340 KWD");
}

trait ParseCurrency {
    fn parse_currency(&self) -> attribution::money::Currency;
}

impl ParseCurrency for str {
    fn parse_currency(&self) -> attribution::money::Currency {
        attribution::money::Currency::parse(self).unwrap()
    }
}

#[test]
fn the_window_is_so_many_days_of_24_hours_and_its_first_millisecond_counts() {
    let ordered_at = OCTOBER_1;
    let world = Known::default()
        .session("v", "s0", ordered_at - 90 * DAY - 1, "", GOOGLE)
        .session("v", "s1", ordered_at - 90 * DAY, "", BING)
        .session("v", "s2", ordered_at, "", LINKEDIN)
        .session("v", "s3", ordered_at + 1, "", "");
    let evidence = order(ordered_at).of_visitor("v");
    check(
        &world.trace(&evidence),
        "visitor (s0:Google outside_window) s1:Bing s2:LinkedIn (s3:Direct after_payment)",
    );
    check(
        &world.trace_within(&evidence, Window::Unlimited),
        "visitor s0:Google s1:Bing s2:LinkedIn (s3:Direct after_payment)",
    );
    check(
        &world.trace_within(&evidence, Window::Days(30)),
        "visitor (s0:Google outside_window) (s1:Bing outside_window) s2:LinkedIn (s3:Direct after_payment)",
    );
}

#[test]
fn a_customer_is_known_by_an_earlier_payment_that_named_a_visitor() {
    let customer = || CustomerKey::Id("cus_1".to_owned());
    let world = Known::default()
        .session("v", "s1", OCTOBER_1, "", GOOGLE)
        .paid(customer(), "v", OCTOBER_1 + HOUR)
        .session("w", "s2", OCTOBER_1 + DAY, "", BING)
        .paid(customer(), "w", OCTOBER_1 + 9 * DAY);
    let at = |days| world.trace(&order(OCTOBER_1 + days * DAY).of_customer("cus_1"));
    check(&at(2), "customer s1:Google");
    check(&at(10), "customer s1:Google s2:Bing");
    assert_eq!(
        told(&world.trace(&order(OCTOBER_1).of_customer("cus_1"))),
        "unattributed"
    );
    assert!(reasons(&at(10)).is_empty());
}
