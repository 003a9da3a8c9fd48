//! `yaml-differential events|values|time LIST`: what ssoctl's reader makes of each file named in
//! LIST, one JSON line a file on standard output, for `compare_yaml.py` to compare.
//! `yaml-differential hocon`: the same for each JSON line on standard input, for `record_hocon.py`.

mod lines;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::time::Instant;

use serde_json::{Value as Json, json};
use ssoctl::syntax::tree::{Kind, NodeRef, Value};
use ssoctl::syntax::yaml::{self, Mark, Options, PyEvent};

mod hocon;
mod xml;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.peek().is_some_and(|mode| mode == "hocon") {
        return hocon::answer();
    }
    let (Some(mode), Some(list)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other(
            "usage: yaml-differential events|values|time|dn|filter|pysaml2|xml LIST",
        ));
    };
    if let Some(answer) = lines::mode(&mode) {
        return lines::run(answer, &list);
    }
    let mut texts = Vec::new();
    for path in fs::read_to_string(list)?.lines() {
        texts.push(decode(&fs::read(path)?));
    }
    if mode == "time" {
        return time(&texts);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    for text in &texts {
        let line = match (text, mode.as_str()) {
            (None, _) => json!({"error": "not UTF-8", "at": [0, 0]}),
            (Some(text), "events") => events(text),
            (Some(text), _) => value(text),
        };
        writeln!(out, "{line}")?;
    }
    out.flush()
}

/// How long reading takes, the best of several rounds.
fn time(texts: &[Option<String>]) -> io::Result<()> {
    let texts: Vec<&String> = texts.iter().flatten().collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let options = Options::default();
    let best = (0..20)
        .map(|_| {
            let start = Instant::now();
            for text in &texts {
                std::hint::black_box(yaml::read(text, &options).is_ok());
            }
            start.elapsed()
        })
        .min();
    let micros = best.map_or(0, |best| best.as_micros());
    writeln!(
        io::stdout(),
        "{} files, {bytes} bytes, {micros} microseconds: {} bytes a microsecond",
        texts.len(),
        bytes as f64 / micros as f64
    )
}

/// The text of a file in UTF-8, or in UTF-16 with a byte order mark.
fn decode(bytes: &[u8]) -> Option<String> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        _ => return String::from_utf8(bytes.to_vec()).ok(),
    };
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    let units: Vec<u16> = pairs.map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16(&units).ok()
}

fn events(text: &str) -> Json {
    match yaml::events(text, &Options::default()) {
        Ok(events) => json!({"events": events.iter().map(event).collect::<Vec<_>>()}),
        Err(error) => failure(&error),
    }
}

fn event(event: &PyEvent) -> Json {
    let mark = |mark: Mark| json!([mark.line, mark.column, mark.index]);
    json!([
        event.kind,
        event.value,
        event.style,
        event.tag,
        event.anchor,
        mark(event.start),
        mark(event.end)
    ])
}

fn value(text: &str) -> Json {
    match yaml::read(text, &Options::default()) {
        Ok(tree) => json!({"value": tree.root().map(plain_value)}),
        Err(error) => failure(&error),
    }
}

/// A value with its type.
fn plain_value(node: NodeRef<'_>) -> Json {
    match &node.node().value {
        Value::List(items) => {
            let item = |&id| plain_value(NodeRef { id, ..node });
            json!(["list", items.iter().map(item).collect::<Vec<_>>()])
        }
        Value::Map(_) => {
            let pairs = node.pairs().into_iter().flatten();
            let pairs: Vec<Json> = pairs
                .map(|(key, value)| json!([plain_value(key), plain_value(value)]))
                .collect();
            let tag = node.node().tag.as_ref();
            let is_set = tag.is_some_and(|tag| tag.name == "tag:yaml.org,2002:set");
            json!([if is_set { "set" } else { "map" }, pairs])
        }
        Value::Scalar(scalar) => match &scalar.kind {
            Kind::Binary | Kind::Duration(_) => json!(["bytes"]),
            Kind::Bool(value) => json!(["bool", value]),
            Kind::Float(value) if value.is_nan() => json!(["float", "nan"]),
            Kind::Float(value) => json!(["float", format!("{:016x}", value.to_bits())]),
            Kind::Int(digits) => json!(["int", digits]),
            Kind::Null => json!(["null"]),
            Kind::Text => json!(["str", scalar.text]),
            Kind::Timestamp(text) => json!(["time", text]),
        },
    }
}

fn failure(error: &yaml::YamlError) -> Json {
    json!({"error": error.to_string(), "at": [error.span.start, error.span.end]})
}
