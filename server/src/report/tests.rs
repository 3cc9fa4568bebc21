//! Whole scenes: what arrives at a site, and every figure that the reports must then give, by either store.

use serde_json::{Value, json};

use super::testing::{Scene, moment};
use super::{Context, explanation, orders, revenue};
use crate::clock::Clock;
use crate::store::Store;
use crate::store::embedded::Embedded;

mod stories;

const SCENES: [(&str, &str); 17] = [
    ("address_alone", include_str!("testdata/address_alone.json")),
    ("backend_purchase", include_str!("testdata/backend_purchase.json")),
    ("email_alone", include_str!("testdata/email_alone.json")),
    ("exponents", include_str!("testdata/exponents.json")),
    ("failed_refund", include_str!("testdata/failed_refund.json")),
    ("late_session", include_str!("testdata/late_session.json")),
    ("named_session", include_str!("testdata/named_session.json")),
    ("own_campaign", include_str!("testdata/own_campaign.json")),
    ("reference_field", include_str!("testdata/reference_field.json")),
    ("renewal", include_str!("testdata/renewal.json")),
    ("repeated_values", include_str!("testdata/repeated_values.json")),
    ("shared_laptop", include_str!("testdata/shared_laptop.json")),
    ("splits", include_str!("testdata/splits.json")),
    ("superseded", include_str!("testdata/superseded.json")),
    ("taken_back", include_str!("testdata/taken_back.json")),
    ("two_devices", include_str!("testdata/two_devices.json")),
    ("weekend_rates", include_str!("testdata/weekend_rates.json")),
];

/// The whole year of the scenes.
const YEAR: &str = "period=custom&from=2026-01-01&to=2026-12-31&limit=1000";

/// A scene after everything has arrived.
fn played(scene: &Value) -> Scene {
    let mut played = Scene::new("UTC", scene["currency"].as_str().unwrap(), "2026-12-01T00:00:00Z");
    played.site.domain = scene["domain"].as_str().unwrap().to_owned();
    if scene["integrated"] == json!(true) {
        played.integrate();
    }
    for rate in scene["rates"].as_array().unwrap() {
        let text = |place: usize| rate[place].as_str().unwrap();
        played.rate(text(0), text(1), text(2));
    }
    for arrival in scene["arrivals"].as_array().unwrap() {
        let said = |name: &str| Some(&arrival[name]).filter(|said| !said.is_null());
        let outcome = if let Some(event) = said("event") {
            played.event(event);
            None
        } else if let Some(identify) = said("identify") {
            let text = |name: &str| identify[name].as_str();
            played.identify(&identify["at"], text("visitor").unwrap(), text("user").unwrap(), text("email"));
            None
        } else if let Some(order) = said("post") {
            Some(played.post(moment(&arrival["at"]), order))
        } else if let Some(order_id) = said("delete") {
            let now_ms = played.now_ms;
            played.take_back(order_id.as_str().unwrap(), now_ms);
            None
        } else {
            Some(played.stripe(&arrival["stripe"]))
        };
        if let (Some(outcome), Some(expected)) = (outcome, said("outcome")) {
            assert_eq!(&json!(outcome), expected, "{arrival}");
        }
    }
    played
}

/// `149.99 USD`, as scenes write money.
fn money(value: &Value) -> Value {
    match (value["decimal"].as_str(), value["currency"].as_str()) {
        (Some(decimal), Some(code)) => json!(format!("{decimal} {code}")),
        _ => Value::Null,
    }
}

fn check_order(name: &str, scene: &Scene, context: &Context<'_>, expected: &Value) {
    let id = expected["order_id"].as_str().unwrap();
    let question = scene.ask(YEAR).unwrap();
    let told = serde_json::to_value(explanation::answer(context, &question, id).unwrap()).unwrap();
    for member in ["order_id", "at", "trust", "kind", "level"] {
        assert_eq!(told[member], expected[member], "{name} {id} {member}");
    }
    for member in ["amount", "refunded", "net", "converted"] {
        assert_eq!(money(&told[member]), expected[member], "{name} {id} {member}");
    }
    for member in ["provisional", "stale"] {
        if !expected[member].is_null() {
            assert_eq!(told[member], expected[member], "{name} {id} {member}");
        }
    }
    if !expected["inherited_from"].is_null() {
        assert_eq!(told["inherited_from"], expected["inherited_from"], "{name} {id}");
    }
    if !expected["rate_date"].is_null() {
        assert_eq!(told["entries"][0]["rate_date"], expected["rate_date"], "{name} {id}");
    }
    if let Some(entries) = expected["entries"].as_array() {
        let told: Vec<_> = told["entries"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["counts"] == json!(true))
            .collect();
        let told: Vec<_> = told
            .iter()
            .map(|entry| json!({"at": entry["at"], "kind": entry["kind"], "reporting": money(&entry["reporting"])}))
            .collect();
        if told.iter().all(|entry| !entry["reporting"].is_null()) {
            assert_eq!(&told, entries, "{name} {id} entries");
        }
    }
    let touches: Vec<_> = told["touches"].as_array().unwrap().iter().map(|touch| {
        json!({
            "at": touch["at"], "source": touch["source"], "medium": touch["medium"], "campaign": touch["campaign"],
            "channel": touch["channel"], "session": touch["session_id"], "left_out": touch["reason"],
        })
    }).collect();
    assert_eq!(json!(touches), expected["touches"], "{name} {id} touches");
    for (model, credits) in expected["credits"].as_object().into_iter().flatten() {
        let told: serde_json::Map<_, _> = told["credits"][model]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, credit)| credit["money"]["minor"] != json!(0))
            .map(|(touch, credit)| (touch.clone(), credit["money"]["decimal"].clone()))
            .collect();
        assert_eq!(&Value::Object(told), credits, "{name} {id} {model}");
    }
}

fn check_revenue(name: &str, scene: &Scene, context: &Context<'_>, expected: &Value) {
    for (model, dimensions) in expected["revenue"].as_object().unwrap() {
        for (dimension, rows) in dimensions.as_object().unwrap() {
            let question = scene.ask(&format!("{YEAR}&model={model}&dimension={dimension}")).unwrap();
            let told = serde_json::to_value(revenue::answer(context, &question).unwrap()).unwrap();
            let sum = |value: &Value| value["revenue"]["minor"].as_i64().unwrap();
            let total: i64 = told["rows"].as_array().unwrap().iter().map(|row| sum(&row["metrics"])).sum();
            assert_eq!(
                total + sum(&told["unattributed"]),
                sum(&told["totals"]),
                "{name} {model} {dimension}"
            );
            assert_eq!(
                told["unattributed"]["revenue"]["decimal"], expected["unattributed"],
                "{name} {model}"
            );
            let earned: serde_json::Map<_, _> = told["rows"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|row| sum(&row["metrics"]) != 0)
                .map(|row| {
                    (
                        row["key"][dimension].as_str().unwrap().to_owned(),
                        row["metrics"]["revenue"]["decimal"].clone(),
                    )
                })
                .collect();
            let wanted: serde_json::Map<_, _> = rows
                .as_object()
                .unwrap()
                .iter()
                .filter(|(_, money)| !money.as_str().unwrap().chars().all(|digit| "0.".contains(digit)))
                .map(|(key, money)| (key.clone(), money.clone()))
                .collect();
            assert_eq!(earned, wanted, "{name} {model} {dimension}");
        }
    }
    for (month, money) in expected["revenue_by_month"].as_object().into_iter().flatten() {
        let last = if month.ends_with("10") { 31 } else { 30 };
        let query = format!("period=custom&from={month}-01&to={month}-{last}&dimension=source");
        let told = revenue::answer(context, &scene.ask(&query).unwrap()).unwrap();
        assert_eq!(json!(told.totals.revenue)["decimal"], *money, "{name} {month}");
    }
}

fn check_whole(name: &str, scene: &Scene, store: &dyn Store, expected: &Value) {
    let context = Context { store, ..scene.context() };
    let wanted = expected["orders"].as_array().unwrap();
    for order in wanted {
        check_order(name, scene, &context, order);
    }
    let told = serde_json::to_value(orders::answer(&context, &scene.ask(YEAR).unwrap()).unwrap()).unwrap();
    let ids = |rows: &Value| {
        let mut ids: Vec<_> =
            rows.as_array().unwrap().iter().map(|row| row["order_id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&told["rows"]), ids(&expected["orders"]), "{name}: the orders that count");
    let pairs: Vec<_> = told["possible_duplicates"].as_array().unwrap().iter().map(ids_of_pair).collect();
    assert_eq!(json!(pairs), expected["possible_duplicates"], "{name}");
    check_revenue(name, scene, &context, expected);
}

fn ids_of_pair(pair: &Value) -> Value {
    json!([pair[0]["order_id"], pair[1]["order_id"]])
}

#[test]
fn every_scene_gives_its_figures() {
    for (name, text) in SCENES {
        let scene: Value = serde_json::from_str(text).unwrap();
        let played = played(&scene);
        check_whole(name, &played, &played.store, &scene["expect"]);
    }
}

#[tokio::test]
async fn every_scene_gives_its_figures_from_the_embedded_store_in_any_order_of_arrival() {
    for (name, text) in SCENES {
        let scene: Value = serde_json::from_str(text).unwrap();
        let played = played(&scene);
        for reversed in [false, true] {
            // A tombstone speaks of what arrived before it and of what arrives after it.
            let mut records = played.arrived.clone();
            if reversed {
                records.reverse();
            }
            let dir = tempfile::tempdir().unwrap();
            let store = Embedded::open(dir.path(), &Clock::manual(played.now_ms)).unwrap();
            for record in records {
                store.commit(vec![record]).await.unwrap();
            }
            check_whole(&format!("{name}, reversed {reversed}"), &played, &*store, &scene["expect"]);
        }
    }
}
