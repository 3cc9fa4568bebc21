//! Tests of questions: what is understood, and that a fault names its parameter.

use super::*;
use crate::report::testing::Scene;
use crate::report::time::iso;

fn ask(query: &str) -> Result<Question, Fault> {
    let scene = Scene::new("Europe/Bucharest", "USD", "2026-11-25T10:00:00Z");
    let parameters: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    Question::parse(&parameters, &scene.context())
}

fn span(query: &str) -> String {
    let span = ask(query).unwrap().span;
    format!("{}/{}", iso(span.start), iso(span.end))
}

#[test]
fn a_question_without_parameters_is_about_thirty_days() {
    let question = ask("").unwrap();
    assert_eq!(span(""), "2026-10-26T22:00:00Z/2026-11-25T22:00:00Z");
    assert_eq!(question.model, Model::LastTouch);
    assert_eq!((question.limit, question.live, question.former), (100, true, None));
}

#[test]
fn a_day_as_end_is_included_and_a_time_is_not() {
    assert_eq!(
        span("period=custom&from=2026-11-01&to=2026-11-02"),
        "2026-10-31T22:00:00Z/2026-11-02T22:00:00Z"
    );
    let times = "from=2026-11-01T10:00:00Z&to=1793620800000";
    assert_eq!(span(times), "2026-11-01T10:00:00Z/2026-11-02T12:00:00Z");
    assert_eq!(span("period=day&date=2026-11-01"), "2026-10-31T22:00:00Z/2026-11-01T22:00:00Z");
}

#[test]
fn a_fault_names_the_parameter_and_shows_a_right_value() {
    let check = |query: &str, field: &str, shown: &str| {
        let fault = ask(query).unwrap_err();
        assert_eq!(fault.field, field, "{query}");
        assert!(fault.message.contains(shown), "{}", fault.message);
    };
    check("period=week", "period", "7d");
    check("period=custom&to=2026-11-01", "from", "2026-11-01");
    check("period=custom&from=2026-11-01", "to", "2026-11-01");
    check("from=2026-11-02&to=2026-11-01", "to", "after");
    check("from=2001-11-02&to=2026-11-01", "from", "ten years");
    check("date=yesterday", "date", "2026-11-01");
    check("compare=last", "compare", "previous");
    check("model=magic", "model", "last_touch");
    check("limit=0", "limit", "1000");
    check("limit=1001", "limit", "1000");
    check("mode=both", "mode", "live");
    check("format=xml", "format", "csv");
    check("level=top", "level", "session");
    check("interval=hour&period=12mo", "interval", "day");
    check(&format!("dimension={}", "a".repeat(9_000)), "dimension", "longer");
}
