//! Answers as comma-separated values: one line a row, money in major units beside its currency.

use serde::Serialize;
use serde_json::Value;

/// The rows of an answer as a table; a member of a row is a column, named by its path.
///
/// Spreadsheets take a text that begins with `=`, `+`, `-` or `@` for a formula: such a text gets an apostrophe.
pub fn table<T: Serialize>(rows: &[T]) -> String {
    let lines: Vec<Vec<(String, String)>> = rows.iter().map(|row| line(row)).collect();
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in lines.iter().flatten() {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    let mut text = columns.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(",");
    text.push_str("\r\n");
    for line in &lines {
        let cell = |column: &&str| {
            let found = line.iter().find(|(name, _)| name == column);
            found.map(|(_, value)| quoted(value)).unwrap_or_default()
        };
        text.push_str(&columns.iter().map(cell).collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    }
    text
}

fn line<T: Serialize>(row: &T) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    // What answers are made of has text for keys, so it is always a value.
    add("", &serde_json::to_value(row).unwrap_or_default(), &mut cells);
    cells
}

fn add(path: &str, value: &Value, cells: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) if members.contains_key("minor") && members.contains_key("decimal") => {
            let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            cells.push((path.to_owned(), text("decimal")));
            cells.push((format!("{path}_currency"), text("currency")));
        }
        Value::Object(members) => {
            for (name, member) in members {
                // The groups that every row has say nothing in a column's name; what was before must be told apart.
                let is_group = path.is_empty() && (name == "key" || name == "metrics");
                let path = match (is_group, path) {
                    (true, _) => String::new(),
                    (false, "") => name.clone(),
                    (false, path) => format!("{path}_{name}"),
                };
                add(&path, member, cells);
            }
        }
        Value::Array(_) => {}
        Value::String(text) => cells.push((path.to_owned(), harmless(text))),
        Value::Null => cells.push((path.to_owned(), String::new())),
        Value::Bool(_) | Value::Number(_) => cells.push((path.to_owned(), value.to_string())),
    }
}

fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_become_lines_with_money_in_major_units() {
        let rows = [
            json!({"key": {"source": "a,\"b\""}, "metrics": {"orders": 3, "revenue": {"minor": 1999, "currency": "USD", "decimal": "19.99"}}}),
            json!({"key": {"source": "=1+1"}, "metrics": {"orders": 0, "revenue": {"minor": -5, "currency": null, "decimal": "-0.05"}}}),
        ];
        assert_eq!(
            table(&rows),
            "source,orders,revenue,revenue_currency\r\n\"a,\"\"b\"\"\",3,19.99,USD\r\n'=1+1,0,-0.05,\r\n"
        );
    }
}
