//! Money of several currencies through HTTP: as it is, converted, provisional, stale, and without a rate.

use serde_json::json;
use warp::http::HeaderValue;

use super::*;
use crate::http::rates::FILE_TYPE;
use crate::payments::{Fact, Notice, Paid, Provider};

const REPORT: &str = "period=custom&from=2026-10-01&to=2026-11-30";

/// A server with a key that may do everything here, and the site it asks about.
struct Shop {
    server: TestServer,
    bearer: String,
}

impl Shop {
    async fn open() -> Self {
        let server = TestServer::start().await;
        let scopes = ["analytics:read", "integrations:write", "import:write"];
        let bearer = format!("Bearer {}", server.key(&scopes, None).await);
        Self { server, bearer }
    }

    async fn ask(&self, method: &str, path: &str, body: &str) -> Value {
        let path = format!("/api/v1/sites/{}/{path}", self.server.sites[0]);
        let answer = self.server.ask(method, &path, &[("authorization", &self.bearer)], body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
        answer.json()["data"].clone()
    }

    async fn post(&self, id: &str, amount: &str, currency: &str, at: &str) {
        let order = json!({ "order_id": id, "amount": amount, "currency": currency, "at": at });
        self.ask("POST", "orders", &order.to_string()).await;
    }

    async fn refund(&self, id: &str, of: &str, amount: &str, currency: &str, at: &str) {
        let order =
            json!({ "order_id": id, "refund_of": of, "amount": amount, "currency": currency, "at": at });
        self.ask("POST", "orders", &order.to_string()).await;
    }

    async fn connect(&self) {
        self.ask("POST", "integrations", r#"{"provider":"stripe","webhook_secret":"whsec_test_secret"}"#)
            .await;
    }

    async fn orders(&self) -> Value {
        self.ask("GET", &format!("stats/orders?{REPORT}"), "").await
    }

    async fn order(&self, id: &str) -> Value {
        self.ask("GET", &format!("stats/orders/{id}?{REPORT}"), "").await
    }

    async fn import(&self, file: &str) -> Value {
        let answer = send_file(&self.server, &self.bearer, FILE_TYPE, file).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["data"].clone()
    }
}

async fn send_file(server: &TestServer, bearer: &str, content_type: &'static str, file: &str) -> Answer {
    let mut request = request("POST", "/api/v1/rates", &[("authorization", bearer)], file);
    request.headers_mut().insert("content-type", HeaderValue::from_static(content_type));
    read(server.front.answer("203.0.113.9".parse().unwrap(), request).await).await
}

/// `12.34 USD`, `12.340 (mixed)`, or a dash.
fn money(value: &Value) -> String {
    match (value["decimal"].as_str(), value["currency"].as_str()) {
        (Some(decimal), Some(code)) => format!("{decimal} {code}"),
        (Some(decimal), None) => format!("{decimal} (mixed)"),
        (None, _) => "–".to_owned(),
    }
}

fn all(values: &Value) -> Vec<String> {
    values.as_array().unwrap().iter().map(money).collect()
}

async fn four_currencies(shop: &Shop) {
    shop.post("E", "100.00", "EUR", "2026-10-30T12:00:00Z").await;
    // A Saturday: Friday's rate.
    shop.post("R", "249.99", "RON", "2026-10-24T10:00:00Z").await;
    shop.post("J", "15000", "JPY", "2026-10-30T12:00:00Z").await;
    shop.post("K", "1.250", "KWD", "2026-10-30T12:00:00Z").await;
}

#[tokio::test]
async fn amounts_are_converted_while_a_provider_is_connected_and_summed_as_they_are_otherwise() {
    let shop = Shop::open().await;
    four_currencies(&shop).await;
    let as_they_are = |told: Value| {
        assert_eq!(told["mixed_currencies"], true);
        // 100 + 249.99 + 15000 + 1.25, at the dinar's three decimals.
        assert_eq!(money(&told["totals"]["net"]), "15351.240 (mixed)");
        assert_eq!(all(&told["by_currency"]), ["100.00 EUR", "15000 JPY", "1.250 KWD", "249.99 RON"]);
        assert_eq!(told["unconverted"], json!([]));
        assert!(told["rows"].as_array().unwrap().iter().all(|row| row["converted"].is_null()));
    };
    as_they_are(shop.orders().await);
    shop.connect().await;
    let told = shop.orders().await;
    assert_eq!(told["mixed_currencies"], false);
    let converted = |id: &str| {
        let rows = told["rows"].as_array().unwrap().iter();
        money(&rows.clone().find(|row| row["order_id"] == id).unwrap()["converted"])
    };
    assert_eq!(
        [converted("E"), converted("R"), converted("J"), converted("K")],
        ["111.72 USD", "52.31 USD", "95.39 USD", "–"]
    );
    assert_eq!(money(&told["totals"]["net"]), "259.42 USD");
    assert_eq!(all(&told["unconverted"]), ["1.250 KWD"]);
    for report in ["overview", "revenue", "timeseries"] {
        let told = shop.ask("GET", &format!("stats/{report}?{REPORT}"), "").await;
        let revenue = [&told["metrics"]["revenue"]["value"], &told["totals"]["revenue"]];
        assert!(revenue.iter().any(|revenue| money(revenue) == "259.42 USD"), "{report}: {told}");
        assert_eq!(all(&told["unconverted"]), ["1.250 KWD"], "{report}");
    }
    shop.ask("DELETE", "integrations/stripe", "").await;
    as_they_are(shop.orders().await);
}

#[tokio::test]
async fn an_order_tells_its_rate_and_gives_back_what_it_brought() {
    let shop = Shop::open().await;
    shop.connect().await;
    four_currencies(&shop).await;
    shop.refund("R-1", "R", "33.33", "RON", "2026-10-27T10:00:00Z").await;
    shop.refund("R-2", "R", "216.66", "RON", "2026-10-30T10:00:00Z").await;
    let told = shop.order("R").await;
    let entries = told["entries"].as_array().unwrap();
    let reporting: Vec<_> = entries.iter().map(|entry| money(&entry["reporting"])).collect();
    // 33.33 lei are 6.97; the rest is what is left of 52.31, not 216.66 converted by itself.
    assert_eq!(reporting, ["52.31 USD", "-6.97 USD", "-45.34 USD"]);
    for entry in entries {
        let rate = [&entry["rate"], &entry["rate_date"], &entry["rate_source"]];
        assert_eq!(json!(rate), json!(["1.1193/5.3492", "2026-10-23", "ecb"]));
    }
    assert_eq!(money(&told["converted"]), "0.00 USD");
    assert_eq!(shop.order("K").await["entries"][0]["rate"], Value::Null);
}

#[tokio::test]
async fn a_rate_that_is_still_to_come_is_provisional_an_old_one_stale_until_the_file_is_imported() {
    let shop = Shop::open().await;
    shop.connect().await;
    shop.post("late", "100.00", "RON", "2026-11-24T12:00:00Z").await;
    let state = |told: &Value| json!([money(&told["converted"]), told["provisional"], told["stale"]]);
    assert_eq!(state(&shop.order("late").await), json!(["20.90 USD", true, true]));
    let told = shop.ask("GET", &format!("stats/overview?{REPORT}"), "").await;
    assert_eq!(json!([told["provisional"], told["stale"]]), json!([true, true]));
    let file = "Date,USD,RON,CYP\n2026-11-24,1.2,5.0,N/A\n2026-11-23,1.1,5.0,0.5\nnonsense,1,2,3\n";
    let told = shop.import(file).await;
    assert_eq!(json!([told["days"], told["recorded"], told["duplicate"]]), json!([2, 2, 0]));
    assert_eq!(told["faults"], json!([{ "line": 4, "error": "\"nonsense\" is no day" }]));
    assert_eq!(told["left_out"], json!(["CYP"]));
    assert_eq!(state(&shop.order("late").await), json!(["24.00 USD", false, false]));
    let told = shop.ask("GET", &format!("stats/overview?{REPORT}"), "").await;
    assert_eq!(json!([told["provisional"], told["stale"]]), json!([false, false]));
    let version = shop.server.app.store.version();
    let told = shop.import(file).await;
    assert_eq!(json!([told["recorded"], told["enriched"], told["duplicate"]]), json!([0, 0, 2]));
    assert_eq!(shop.server.app.store.version(), version, "doing it twice changes nothing");
    let corrected = shop.import("Date,USD,RON\n2026-11-24,1.2,4.0\n").await;
    assert_eq!(corrected["enriched"], 1);
    assert_eq!(state(&shop.order("late").await), json!(["30.00 USD", false, false]));
}

#[tokio::test]
async fn a_providers_own_rate_serves_where_the_bank_has_none() {
    let shop = Shop::open().await;
    shop.connect().await;
    let at_ms = 1_793_361_600_000;
    let paid = Paid { rank: 0, minor: 3_075, currency: "KWD".to_owned(), at_ms };
    let fact = Fact {
        references: vec!["order:77".to_owned()],
        at_ms,
        event_id: "e".to_owned(),
        paid: Some(paid),
        usd_minor: Some(1_000),
        ..Fact::default()
    };
    let notice = Notice {
        site: 1,
        provider: Provider::LemonSqueezy,
        event_id: "e".to_owned(),
        event_type: "order_created".to_owned(),
        at_ms,
        received_ms: at_ms,
        live: true,
        facts: vec![fact],
        payload: None,
    };
    shop.server.app.store.commit(vec![Record::Notice(Box::new(notice))]).await.unwrap();
    let told = shop.order("77").await;
    assert_eq!(money(&told["converted"]), "10.00 USD");
    let entry = &told["entries"][0];
    assert_eq!(json!([entry["rate"], entry["rate_source"]]), json!(["10.00/3.075", "lemonsqueezy"]));
}

#[tokio::test]
async fn rates_are_everybodys_so_a_key_of_one_site_changes_none() {
    let server = TestServer::start().await;
    let of_site = format!("Bearer {}", server.key(&["import:write"], Some(&server.sites[0])).await);
    let of_all = format!("Bearer {}", server.key(&["import:write", "analytics:read"], None).await);
    let file = "Date,USD\n2026-11-24,1.2\n";
    let check = async |bearer: &str, content_type: &'static str, status: u16, code: &str| {
        let answer = send_file(&server, bearer, content_type, file).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{}", answer.text);
    };
    check(&of_site, FILE_TYPE, 403, "missing_scope").await;
    check(&of_all, "text/plain", 400, "not_a_file").await;
    check(&of_all, FILE_TYPE, 200, "").await;
    let told = server.ask("GET", "/api/v1/rates", &[("authorization", &of_all)], "").await.json();
    assert_eq!(told["data"]["last"], "2026-11-24");
    assert_eq!(told["data"]["source"], "European Central Bank");
    let metrics = server.ask("GET", "/metrics", &[], "").await.text;
    assert!(metrics.contains("engagetrack_rates_latest_day_timestamp_seconds 1795478400\n"), "{metrics}");
}
