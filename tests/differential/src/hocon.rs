//! What ssoctl's HOCON reader makes of each line on standard input: `["value", TEXT]`,
//! `["document", TEXT]` or `["quoted", TEXT]`.

use std::io::{self, BufWriter, Write};

use serde_json::{Value as Json, json};
use ssoctl::syntax::hocon::{self, Options, quoted, reads_as_text};
use ssoctl::syntax::tree::{Kind, NodeRef, Scalar, Tree, Value};

/// Answers every line with one.
pub fn answer() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lines() {
        let (kind, text): (String, String) = serde_json::from_str(&line?)?;
        let line = match kind.as_str() {
            "quoted" => json!([quoted(&text), reads_as_text(&text)]),
            "value" => described(hocon::value_of("x", &text)),
            _ => described(hocon::read(&text, &Options::default())),
        };
        writeln!(out, "{line}")?;
    }
    out.flush()
}

fn described(read: Result<Tree, hocon::HoconError>) -> Json {
    match read {
        Ok(tree) => tree.root().map_or(Json::Null, value),
        Err(error) => json!(["error", error.to_string(), error.span.start, error.span.end]),
    }
}

fn value(node: NodeRef<'_>) -> Json {
    let tag = node.node().tag.as_ref().map(|tag| tag.name.as_str());
    if [Some(hocon::SUBSTITUTION), Some(hocon::INCLUDE)].contains(&tag) {
        return json!(["unknown", tag]);
    }
    match &node.node().value {
        Value::List(_) => {
            let items = node.items().into_iter().flatten();
            json!(["list", items.map(value).collect::<Vec<_>>()])
        }
        Value::Map(entries) => {
            let includes = entries.iter().any(|entry| {
                let key = node.tree.node(entry.key).tag.as_ref();
                key.is_some_and(|tag| tag.name == hocon::INCLUDE)
            });
            if includes {
                return json!(["unknown", hocon::INCLUDE]);
            }
            let pairs = node.pairs().into_iter().flatten();
            let pairs = pairs.map(|(key, item)| json!([key.key_text(), value(item)]));
            json!(["map", pairs.collect::<Vec<_>>()])
        }
        Value::Scalar(scalar) => single(scalar),
    }
}

fn single(scalar: &Scalar) -> Json {
    match &scalar.kind {
        Kind::Bool(value) => json!(["bool", value]),
        Kind::Duration(text) => json!(["duration", length(text)]),
        Kind::Float(value) => json!(["float", format!("{:016x}", value.to_bits())]),
        Kind::Int(digits) => json!(["int", digits]),
        Kind::Null => json!(["null"]),
        Kind::Binary | Kind::Text | Kind::Timestamp(_) => json!(["text", scalar.text]),
    }
}

/// Months, and microseconds in digits, of a duration.
fn length(text: &str) -> Json {
    let (count, unit) = text.split_once(' ').expect("a number and a unit");
    let count: i128 = count.parse().expect("a number");
    let microseconds = match unit {
        "nanoseconds" => count / 1000,
        "microseconds" => count,
        "milliseconds" => count * 1000,
        "seconds" => count * 1_000_000,
        "minutes" => count * 60_000_000,
        "hours" => count * 3_600_000_000,
        "days" => count * 86_400_000_000,
        "weeks" => count * 604_800_000_000,
        "months" => return json!([count, "0"]),
        "years" => return json!([count * 12, "0"]),
        _ => panic!("{unit} is no unit"),
    };
    json!([0, microseconds.to_string()])
}
