//! The table of routes, walked: strangers are refused, every answer is an answer.

mod rates;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use serde_json::Value;
use warp::http::{HeaderMap, Request as HttpRequest, StatusCode};

use super::*;
use crate::catalogue::{Document, Key};
use crate::clock::Clock;
use crate::http::front::Front;
use crate::ingest::Ingest;
use crate::record::Record;
use crate::secrets::{Vault, token_hash};
use crate::store::embedded::Embedded;

const NOW_MS: i64 = 1_795_600_000_000;
const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";

/// A server in the process, with two sites.
struct TestServer {
    app: Arc<App>,
    front: Front,
    sites: Vec<String>,
    _dir: tempfile::TempDir,
}

/// An answer, read whole.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl TestServer {
    async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::manual(NOW_MS);
        let config = Config::new("127.0.0.1:8080".parse().unwrap(), dir.path().to_owned());
        let store = Embedded::open(dir.path(), &clock).unwrap();
        let vault = Vault::of_keys([1; 32], [2; 32]);
        let app = App::new(config, clock, store, vault, Ingest::open(None, None).unwrap());
        let front = Front::new(app.clone());
        let mut server = Self { app, front, sites: Vec::new(), _dir: dir };
        for domain in ["shop.example", "other.example"] {
            let body = format!(r#"{{"domain":"{domain}"}}"#);
            let answer =
                read(server.front.answer_operator(request("POST", "/api/v1/sites", &[], &body)).await).await;
            server.sites.push(answer.json()["data"]["site_id"].as_str().unwrap().to_owned());
        }
        server
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let peer = "203.0.113.9".parse().unwrap();
        read(self.front.answer(peer, request(method, path, headers, body)).await).await
    }

    async fn send(&self, body: &str) -> Answer {
        self.ask("POST", EVENT_PATH, &[("user-agent", BROWSER)], body).await
    }

    /// A key with scopes, of a site or of all.
    async fn key(&self, scopes: &[&str], site: Option<&str>) -> String {
        let token = format!("et_live_{:032x}", scopes.join(",").len() + site.map_or(0, str::len) * 1_000);
        let key = Key {
            id: format!("key_{}_{}", scopes.join("_"), site.unwrap_or_default()),
            hash: token_hash(&token),
            site_id: site.map(str::to_owned),
            name: String::new(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            created_at_ms: NOW_MS,
            expires_at_ms: None,
        };
        self.app.store.commit(vec![Record::Put { document: Document::Key(key), new: false }]).await.unwrap();
        token
    }
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> HttpRequest<Full<Bytes>> {
    let mut request =
        HttpRequest::builder().method(method).uri(path).header("content-type", "application/json");
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", "127.0.0.1:8080");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Full::new(Bytes::from(body.to_owned()))).unwrap()
}

async fn read(response: Response) -> Answer {
    let (parts, body) = response.into_parts();
    let text = String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned();
    Answer { status: parts.status, headers: parts.headers, text }
}

/// A route's path with its parameters filled.
fn filled(pattern: &str, site: &str) -> String {
    pattern
        .replace("{site}", site)
        .replace("{provider}", "stripe")
        .replace("{report}", "overview")
        .replace("{id}", "some-id")
}

#[tokio::test]
async fn every_route_that_is_not_public_refuses_strangers_wrong_keys_and_keys_of_other_sites() {
    let server = TestServer::start().await;
    let everything = "analytics:read,sites:read,sites:write,integrations:write,import:write";
    let scopes: Vec<&str> = everything.split(',').collect();
    let of_other = server.key(&scopes, Some(&server.sites[1])).await;
    let powerless = server.key(&["goals:read"], None).await;
    let mut walked = 0;
    for route in routes(&server.app.config) {
        let path = filled(route.pattern, &server.sites[0]);
        if route.access == Public {
            continue;
        }
        walked += 1;
        let ask = |headers: Vec<(&'static str, String)>| {
            let (server, path, method) = (&server, path.clone(), route.method.clone());
            async move {
                let headers: Vec<(&str, &str)> =
                    headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
                server.ask(method.as_str(), &path, &headers, "{}").await
            }
        };
        let bearer = |key: &str| vec![("authorization", format!("Bearer {key}"))];
        let stranger = ask(Vec::new()).await;
        assert_eq!(stranger.status, 401, "{} {path}: {}", route.method, stranger.text);
        let wrong = ask(bearer("et_live_00000000000000000000000000000000")).await;
        assert_eq!(wrong.status, 401, "{} {path}", route.method);
        let forged = ask(vec![("cookie", "engagetrack_session=guessed".to_owned())]).await;
        assert_eq!(forged.status, 401, "{} {path}", route.method);
        if let Needs(scope) = route.access {
            let other = ask(bearer(&of_other)).await;
            if route.pattern.contains("{site}") {
                assert!(
                    matches!(other.status.as_u16(), 403 | 404),
                    "{} {path}: {}",
                    route.method,
                    other.text
                );
            }
            let lacking = ask(bearer(&powerless)).await;
            assert_eq!(
                lacking.status,
                403,
                "{} {path} without {}: {}",
                route.method,
                scope.name(),
                lacking.text
            );
        }
    }
    assert!(walked > 20, "{walked} routes were walked");
}

#[tokio::test]
async fn every_answer_of_the_public_endpoints_is_open_to_all_origins() {
    let server = TestServer::start().await;
    for path in [EVENT_PATH, IDENTIFY_PATH] {
        for (method, body) in
            [("POST", ""), ("POST", "[]"), ("POST", "{}"), ("GET", ""), ("DELETE", ""), ("OPTIONS", "")]
        {
            let answer = server.ask(method, path, &[("origin", "https://shop.example")], body).await;
            let header =
                |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_lowercase());
            assert_eq!(header("access-control-allow-origin").as_deref(), Some("*"), "{method} {path}");
            let exposed = header("access-control-expose-headers").unwrap_or_default();
            for name in [
                "retry-after",
                "x-ratelimit-limit",
                "x-ratelimit-remaining",
                "x-ratelimit-reset",
                "x-engagetrack-dropped",
            ] {
                assert!(exposed.contains(name), "{method} {path}: {exposed}");
            }
            if matches!(method, "GET" | "DELETE") {
                assert_eq!(answer.status, 405, "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn an_unknown_path_is_404_a_known_one_by_another_method_405_and_both_say_so() {
    let server = TestServer::start().await;
    for (method, path, status) in [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/login", 405),
        ("PUT", "/healthz", 405),
        ("GET", "/healthz", 200),
    ] {
        let answer = server.ask(method, path, &[], "").await;
        assert_eq!(answer.status, status, "{method} {path}");
        if status != 200 {
            let told = answer.json();
            assert!(
                told["error"].is_string() && told["code"].is_string() && told["request_id"].is_string(),
                "{}",
                answer.text
            );
        }
    }
}

#[tokio::test]
async fn an_event_is_202_when_durable_and_an_array_answers_each_by_itself() {
    let server = TestServer::start().await;
    let site = &server.sites[0];
    let event = |more: &str| format!(r#"{{"site_id":"{site}","url":"https://shop.example/"{more}}}"#);
    let check = async |body: String, status: u16, code: &str| {
        let answer = server.send(&body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (status, code),
            "{body}: {}",
            answer.text
        );
        answer
    };
    assert_eq!(check(event(""), 202, "").await.text, "ok");
    check(event("").replace(site, "pk_live_nobody"), 404, "unknown_site").await;
    check(event("").replace("shop.example", "elsewhere.example"), 403, "wrong_domain").await;
    check("{".to_owned(), 400, "malformed_json").await;
    check("[]".to_owned(), 400, "empty").await;
    check(format!("[{}]", vec![event(""); 51].join(",")), 400, "too_many_events").await;
    check(format!("\"{}\"", "x".repeat(300_000)), 413, "too_large").await;
    let mixed =
        check(format!("[{},{}]", event(""), event(r#","event_type":"nothing""#)), 202, "").await.json();
    assert_eq!(
        (mixed["accepted"].as_u64(), mixed["errors"][0]["index"].as_u64()),
        (Some(1), Some(1)),
        "{mixed}"
    );
    assert_eq!(mixed["errors"][0]["field"], "event_type");
    let all_bad = check(format!("[{}]", event(r#","scroll_depth":101"#)), 400, "all_invalid").await.json();
    assert_eq!(all_bad["errors"][0]["field"], "scroll_depth", "{all_bad}");
    let mut stored = 0;
    server.app.store.events(1, 0..i64::MAX, &mut |_| stored += 1).unwrap();
    assert_eq!(stored, 2, "what was refused is not stored");
}

#[tokio::test]
async fn a_bot_is_202_with_the_reason_and_a_purchase_is_never_taken_for_one() {
    let server = TestServer::start().await;
    let site = &server.sites[0];
    let body = format!(r#"{{"site_id":"{site}","url":"https://shop.example/"}}"#);
    let curl = [("user-agent", "curl/8.5.0")];
    let answer = server.ask("POST", EVENT_PATH, &curl, &body).await;
    assert_eq!((answer.status.as_u16(), answer.headers.get("x-engagetrack-dropped").is_some()), (202, true));
    let purchase = body.replace(
        r#""url""#,
        r#""event_type":"purchase","revenue":249.99,"currency":"RON","order_id":"ORD-12345","url""#,
    );
    let answer = server.ask("POST", EVENT_PATH, &curl, &purchase).await;
    assert_eq!((answer.status.as_u16(), answer.headers.get("x-engagetrack-dropped").is_some()), (202, false));
    assert_eq!(server.app.store.purchases_of(1, "ORD-12345").unwrap().len(), 1);
}

#[tokio::test]
async fn the_dashboard_answers_on_its_own_host_alone_and_ingest_on_any() {
    let server = TestServer::start().await;
    let elsewhere = [("host", "shop.example")];
    assert_eq!(server.ask("GET", "/api/v1/setup", &elsewhere, "").await.status, 404);
    assert_eq!(server.ask("GET", "/api/v1/setup", &[], "").await.status, 200);
    let event = format!(r#"{{"site_id":"{}","url":"https://shop.example/"}}"#, server.sites[0]);
    let headers = [("host", "shop.example"), ("user-agent", BROWSER)];
    assert_eq!(server.ask("POST", EVENT_PATH, &headers, &event).await.status, 202);
}

#[tokio::test]
async fn the_first_account_is_made_by_the_link_once_and_then_signs_in() {
    let server = TestServer::start().await;
    let token = server.app.setup.open(NOW_MS).unwrap();
    let origin = [("origin", "http://127.0.0.1:8080")];
    let account =
        |token: &str| format!(r#"{{"token":"{token}","email":"Me@Example.com","password":"correct horse"}}"#);
    assert_eq!(
        server.ask("POST", "/api/v1/setup", &origin, &account("guess")).await.code(),
        "setup_link_invalid"
    );
    let foreign = [("origin", "https://evil.example")];
    assert_eq!(server.ask("POST", "/api/v1/setup", &foreign, &account(&token)).await.status, 403);
    let made = server.ask("POST", "/api/v1/setup", &origin, &account(&token)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let cookie = made.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert_eq!(server.ask("POST", "/api/v1/setup", &origin, &account(&token)).await.code(), "account_exists");
    let login = |password: &str| format!(r#"{{"email":"me@example.com","password":"{password}"}}"#);
    assert_eq!(
        server.ask("POST", "/api/v1/login", &origin, &login("wrong horse")).await.code(),
        "login_failed"
    );
    let signed_in = server.ask("POST", "/api/v1/login", &origin, &login("correct horse")).await;
    let cookie = signed_in.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let me = server.ask("GET", "/api/v1/me", &[("cookie", &cookie)], "").await;
    assert_eq!(me.json()["data"]["email"], "me@example.com");
    let add = |headers: Vec<(&'static str, String)>| {
        let server = &server;
        async move {
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            server
                .ask("POST", "/api/v1/sites", &headers, r#"{"domain":"third.example"}"#)
                .await
                .status
                .as_u16()
        }
    };
    let of = |origin: &str| vec![("cookie", cookie.clone()), ("origin", origin.to_owned())];
    assert_eq!(add(of("https://evil.example")).await, 403, "a change from another origin");
    assert_eq!(add(of("http://127.0.0.1:8080")).await, 201);
}

#[tokio::test]
async fn a_sender_of_a_body_that_is_too_long_reads_the_answer_all_the_same() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let server = TestServer::start().await;
    let listener = serve::listen("127.0.0.1:0".parse().unwrap(), "--listen").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve::serve(listener, server.front.clone(), 8, std::future::pending()));
    let body = vec![b' '; 1_000_000];
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {EVENT_PATH} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server refuses by the head alone, while the body is still to come.
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    stream.write_all(&body).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}
