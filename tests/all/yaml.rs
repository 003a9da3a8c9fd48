//! The YAML reader against what `PyYAML` 6.0.3 made of the same texts, and against hostile ones.

use std::fmt::Write;
use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use ssoctl::source::Span;
use ssoctl::syntax::tree::{Kind, NodeRef, Origin, Scalar, Style, Tree, Value};
use ssoctl::syntax::yaml::{
    LimitKind, Mark, Options, PyEvent, YamlError, YamlErrorKind, events, read,
};

fn fixture(name: &str) -> String {
    let path = format!("{}/fixtures/yaml/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).expect("the fixture is there")
}

/// The sixteen configurations that mutations start from.
fn configurations() -> Vec<String> {
    let path = format!("{}/fixtures/yaml/configurations", env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = fs::read_dir(path)
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).expect("the file is text")).collect()
}

fn tree(text: &str) -> Tree {
    read(text, &Options::default()).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn error(text: &str) -> YamlError {
    read(text, &Options::default()).expect_err(text)
}

/// A text with the place of its error between arrows, and the error.
fn shown(text: &str) -> String {
    let error = error(text);
    let Span { start, end } = error.span;
    format!("{}→{}←{} {error}", &text[..start], &text[start..end], &text[end..])
}

/// The value under a path of keys.
fn at<'t>(tree: &'t Tree, path: &str) -> NodeRef<'t> {
    let root = tree.root().expect("a document");
    path.split('.')
        .fold(root, |node, key| node.get(key).unwrap_or_else(|| panic!("no {key} in {path}")))
}

fn described(scalar: &Scalar) -> (&'static str, Json) {
    match &scalar.kind {
        Kind::Binary | Kind::Duration(_) => ("bytes", Json::Null),
        Kind::Bool(value) => ("bool", json!(value)),
        Kind::Float(value) if value.is_nan() => ("float", json!("nan")),
        Kind::Float(value) => ("float", json!(format!("{:016x}", value.to_bits()))),
        Kind::Int(digits) => ("int", json!(digits)),
        Kind::Null => ("null", Json::Null),
        Kind::Text => ("str", json!(scalar.text)),
        Kind::Timestamp(text) => ("time", json!(text)),
    }
}

#[test]
fn scalars_have_the_types_and_values_of_pyyaml() {
    let table = fixture("scalars.tsv");
    assert!(table.lines().count() >= 150);
    for line in table.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [text, kind, value] = columns[..] else {
            panic!("{line} has not three columns");
        };
        let text: String = serde_json::from_str(text).expect("a JSON string");
        let found = read(&text, &Options::default());
        if kind == "error" {
            assert!(found.is_err(), "{text:?} is refused by PyYAML");
            continue;
        }
        let found = found.unwrap_or_else(|error| panic!("{text:?}: {error}"));
        let Some(scalar) = found.root().and_then(NodeRef::scalar) else {
            assert!(matches!(kind, "map" | "list"), "{text:?} is a scalar");
            continue;
        };
        let value = serde_json::from_str(value).unwrap_or(Json::Null);
        assert_eq!(described(scalar), (kind, value), "{text:?}");
    }
}

fn json_event(event: &PyEvent) -> Json {
    let mark = |mark: Mark| json!([mark.line, mark.column, mark.index]);
    let PyEvent { kind, value, style, tag, anchor, start, end } = event;
    json!([kind, value, style, tag, anchor, mark(*start), mark(*end)])
}

#[test]
fn mutations_have_the_events_and_marks_of_pyyaml() {
    for line in fixture("cases.jsonl").lines() {
        let case: Json = serde_json::from_str(line).expect("a JSON line");
        let text = case["text"].as_str().expect("a text");
        let found = match events(text, &Options::default()) {
            Ok(events) => events.iter().map(json_event).collect(),
            Err(_) => Json::Null,
        };
        assert_eq!(found, case["events"], "{text:?}");
        let loads = read(text, &Options::default()).is_ok();
        assert_eq!(json!(loads), case["loads"], "{text:?}");
    }
}

#[test]
fn no_truncation_panics() {
    for text in configurations() {
        for (at, _) in text.char_indices() {
            let _ = read(&text[..at], &Options::default());
            let _ = events(&text[at..], &Options::default());
        }
    }
}

#[test]
fn no_change_of_a_byte_panics_and_every_place_is_in_the_text() {
    let marks = b" \t\n\r:#-?,[]{}&*!|>'\"%@`\\~=<0\x00\x85\xE2\xC2\xEF";
    for text in configurations() {
        for at in 0..text.len() {
            for mark in marks {
                let mut bytes = text.clone().into_bytes();
                bytes[at] = *mark;
                let changed = String::from_utf8_lossy(&bytes);
                match read(&changed, &Options::default()) {
                    Ok(tree) => check_places(&changed, &tree),
                    Err(error) => assert!(changed.get(error.span.range()).is_some()),
                }
            }
        }
    }
}

/// Asserts that the spans of a tree are places of the text that hold what they should.
fn check_places(text: &str, tree: &Tree) {
    for comment in &tree.comments {
        assert!(text[comment.span.range()].starts_with('#'));
    }
    for node in &tree.nodes {
        let own = &text[node.span.range()];
        match &node.value {
            Value::Scalar(scalar) => match scalar.style {
                Style::DoubleQuoted => assert!(own.starts_with('"') && own.ends_with('"')),
                Style::SingleQuoted => assert!(own.starts_with('\'') && own.ends_with('\'')),
                Style::Plain if own.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) => {}
                Style::Plain => assert_eq!(own, scalar.text),
                Style::Literal => assert!(own.starts_with('|')),
                Style::Folded => assert!(own.starts_with('>')),
            },
            Value::List(_) if own.starts_with('[') => assert!(own.ends_with(']')),
            Value::List(_) => assert!(own.starts_with('-')),
            Value::Map(_) => assert!(!own.starts_with('{') || own.ends_with('}')),
        }
    }
}

#[test]
fn spans_are_the_text_of_the_value() {
    let text = "a: &x !!str plain text  # c\nb: \"q\"   # d\nc: |  # e\n  one\n\n\nd:\ne: [1, {f: g}]\nh:\n  - i: 1\n    j: 'k'\n";
    let tree = tree(text);
    let own = |path: &str| &text[at(&tree, path).span().range()];
    assert_eq!(own("a"), "plain text");
    assert_eq!(own("b"), "\"q\"");
    assert_eq!(own("c"), "|  # e\n  one");
    assert_eq!(at(&tree, "d").span(), Span::at(text.find("d:").expect("d") + 2));
    assert_eq!(own("e"), "[1, {f: g}]");
    assert_eq!(own("h"), "- i: 1\n    j: 'k'");
    assert_eq!(&text[tree.root().expect("a map").span().range()], text.trim_end());
    let tag = at(&tree, "a").node().tag.as_ref().expect("a tag");
    assert_eq!((&text[tag.span.range()], tag.name.as_str()), ("!!str", "tag:yaml.org,2002:str"));
}

#[test]
fn comments_are_kept_with_whether_they_stand_alone() {
    let text = "# a\nb: 1 # c\nd: [ # e\n  # f\n  1, # g\n  2]\nh: | # i\n  # text\n  # text\n # j\nk: 'x # y'\n#l";
    let tree = tree(text);
    let found: Vec<(&str, bool)> =
        tree.comments.iter().map(|comment| (&text[comment.span.range()], comment.alone)).collect();
    let expected = [
        ("# a", true),
        ("# c", false),
        ("# e", false),
        ("# f", true),
        ("# g", false),
        ("# i", false),
        ("# j", true),
        ("#l", true),
    ];
    assert_eq!(found, expected);
}

/// The entries of the root map: key, value, whether merged, whether hidden.
fn entries(text: &str) -> String {
    let tree = tree(text);
    let root = tree.root().expect("a map");
    let mut found = String::new();
    for entry in root.entries().expect("a map") {
        let text = |id| NodeRef { id, ..root }.scalar().map_or("...", |scalar| &scalar.text);
        let merged = if entry.origin == Origin::Merged { "<" } else { "" };
        let hidden = if entry.hidden { "-" } else { "" };
        write!(found, "{hidden}{merged}{}={} ", text(entry.key), text(entry.value))
            .expect("a String takes all");
    }
    found
}

#[test]
fn of_equal_keys_the_last_counts() {
    assert_eq!(entries("{a: 1, b: 2, 'a': 3}"), "-a=1 b=2 a=3 ");
    assert_eq!(entries("{1: a, 1.0: b, yes: c, '1': d, 0x1: e}"), "-1=a -1.0=b -yes=c 1=d 0x1=e ");
    assert_eq!(entries("{~: a, null: b, '~': c}"), "-~=a null=b ~=c ");
    assert_eq!(
        entries("{2026-01-01 00:00:00Z: a, 2026-01-01 01:00:00+01:00: b, 2026-01-01: c}"),
        "-2026-01-01 00:00:00Z=a 2026-01-01 01:00:00+01:00=b 2026-01-01=c "
    );
    assert_eq!(
        entries("{!!binary YQ==: a, !!binary 'Y Q==': b, YQ==: c}"),
        "-YQ===a Y Q===b YQ===c "
    );
}

#[test]
fn own_keys_beat_merged_ones_and_earlier_maps_beat_later_ones() {
    assert_eq!(entries("{a: 1, <<: {a: 2, b: 3}}"), "-<a=2 <b=3 a=1 ");
    assert_eq!(entries("<<: [{a: 1}, {a: 2, b: 3}]"), "-<a=2 <b=3 <a=1 ");
    assert_eq!(entries("<<: {<<: {a: 1, b: 1}, a: 2}"), "-<a=1 <b=1 <a=2 ");
    assert_eq!(entries("'<<': {a: 1}"), "<<=... ");
    assert_eq!(entries("= : 1"), "==1 ");
    for text in ["<<: 1", "<<: [1]", "<<: [{}, [{}]]"] {
        assert_eq!(error(text).kind, YamlErrorKind::BadMerge, "{text}");
    }
}

#[test]
fn aliases_share_the_node_of_their_anchor() {
    let tree = tree("a: &x {b: c}\nd: *x\n");
    assert_eq!(at(&tree, "a").id, at(&tree, "d").id);
}

#[test]
fn tags_filled_in_later_are_kept_and_all_others_refused() {
    let text = "a: !vault |\n  3162\nb: !vault [1, 2]\nc: !ENC x\n";
    let options = Options { filled_in_later: &["!vault", "!ENC"], ..Options::default() };
    let tree = read(text, &options).expect("both tags are known");
    let vault = at(&tree, "a");
    assert_eq!(vault.scalar().map(|scalar| &scalar.kind), Some(&Kind::Text));
    assert_eq!(vault.node().tag.as_ref().map(|tag| tag.name.as_str()), Some("!vault"));
    assert_eq!(at(&tree, "b").items().map(Iterator::count), Some(2));
    assert_eq!(error(text).kind, YamlErrorKind::ObjectTag("!vault".to_owned()));
}

#[test]
fn ceilings_end_with_their_own_error() {
    let limit = |text: &str| match error(text).kind {
        YamlErrorKind::Limit(limit) => limit,
        kind => panic!("{kind}"),
    };
    assert_eq!(limit(&format!("{}{}", "[".repeat(65), "]".repeat(65))), LimitKind::Depth);
    assert_eq!(limit(&"- ".repeat(65)), LimitKind::Depth);
    assert_eq!(limit(&"[".repeat(1 << 20)), LimitKind::Depth);
    assert_eq!(limit(&"a".repeat((1 << 20) + 1)), LimitKind::Bytes);
    assert_eq!(limit(&"- a\n".repeat(100_000)), LimitKind::Nodes);
    assert_eq!(limit(&"1".repeat(5_000)), LimitKind::Digits);
    assert_eq!(limit(&format!("0x{}", "f".repeat(5_000))), LimitKind::Digits);
    let depth = format!("{}{}", "[".repeat(64), "]".repeat(64));
    assert!(read(&depth, &Options::default()).is_ok());
}

/// Lists or maps of ten aliases each, one naming the one before.
fn bomb(open: &str, close: &str) -> String {
    let mut text = "a0: &a0 {x: 1}\n".to_owned();
    for level in 1..40 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(text, "a{level}: &a{level} {open}{aliases}{close}").expect("a String takes all");
    }
    text
}

#[test]
fn hostile_texts_end_at_once() {
    let size = 1 << 20;
    let texts = [
        bomb("[", "]"),
        bomb("{<<: [", "]}"),
        "? ".repeat(size / 2),
        "[?".repeat(size / 2),
        "{a: ".repeat(size / 4),
        "a: 1\n".repeat(40_000),
        format!("[{}", "é,".repeat(size / 3)),
        format!("{}: x", "é".repeat(size / 3)),
        format!("a: >\n{}", "  x\n\n".repeat(size / 5)),
        format!("\"{}", "\\\n ".repeat(size / 3)),
        (0..1400).fold(String::new(), |text, depth| text + &" ".repeat(depth) + "a:\n"),
        (0..40_000).fold(String::new(), |text, name| text + &format!("- &a{name} x\n")),
    ];
    for text in texts {
        let start = Instant::now();
        let _ = read(&text, &Options::default());
        // A debug build on a busy machine; quadratic work would take minutes.
        assert!(start.elapsed() < Duration::from_secs(5), "{}", &text[..20]);
    }
}

#[test]
fn a_key_is_at_most_1024_characters_on_one_line() {
    let key = "é".repeat(1024);
    assert_eq!(at(&tree(&format!("{key}: x")), &key).key_text(), Some("x"));
    assert!(read(&format!("é{key}: x"), &Options::default()).is_err());
    assert!(read("\"a\nb\": x", &Options::default()).is_err());
}

#[test]
fn errors_point_to_the_place_to_look_at() {
    for (marked, message) in ERRORS {
        let text = marked.replace(['→', '←'], "");
        assert_eq!(shown(&text), format!("{marked} {message}"));
    }
}

/// Texts with the place of the error between arrows, and what is said of it.
const ERRORS: &[(&str, &str)] = &[
    ("a:\n→\t←b: 1\n", "a tab cannot indent"),
    ("a:→\t←b\n", "a tab cannot stand here, spaces can"),
    ("a: 1\nname→:←value\nb: 2\n", "expected a space after `:`"),
    ("name→:←value\nb: 2\n", "expected a space after `:`"),
    ("a: 1\n→novalue←\nb: 2\n", "expected `:` after this key"),
    ("a: →\"←foo\nb: 1\n", "this quote is never closed"),
    ("a: →\"←foo\nb: \"bar\"\n", "this quote closes only on a later line"),
    ("a: 'it→'←s'\n", "the value ends at this quote; within it a quote is written `''`"),
    ("name: Acme→:← SSO\n", "a second `: ` on this line; a value with `: ` needs quotes"),
    ("a: b\n  c→:← d\n", "this line goes on with the value above, so no key can stand in it"),
    ("a:\n    b: 1\n  →c←: 2\n", "the indentation fits no open block"),
    ("  a: 1\n→b←: 2\n", "this stands further left than the text above"),
    ("a: →@←x\n", "`@` cannot start a plain value; quote it"),
    ("a: →`←x\n", "a backtick cannot start a plain value; quote it"),
    ("a: →%←x\n", "`%` cannot start a plain value; quote it"),
    ("a: →*abc←\n", "there is no anchor `&abc` before this alias"),
    ("a: →*ab$←c\n", "`*` starts an alias here; text with `*` needs quotes"),
    ("a: →&x$←\n", "`&` starts an anchor here; text with `&` needs quotes"),
    ("a: →!x← y\n", "nothing reads the tag `!x`"),
    ("a: →[←b, c\n", "this `[` is never closed"),
    ("a: →[←b, c\nd: e\n", "this `[` is not closed before the next key"),
    ("a: →{{ x }}←\n", "this is a template, not YAML yet"),
    ("a: →{{ x }}←/y\n", "this is a template, not YAML yet"),
    ("→{% if x %}←\na: 1\n", "this is a template, not YAML yet"),
    ("a: \"C:→\\d←ir\"\n", "no such escape; a backslash is written `\\\\`"),
    ("a: \"x\" →y←\n", "text behind the end of the value; quote the whole value"),
    ("a: →2026-13-45←\n", "this is not a date or time that exists"),
    ("? →[a]←\n: b\n", "a list or map cannot be a key"),
    ("a: &b [→*b←]\n", "`*b` stands inside its own value"),
    ("a: &b 1\nc: →&b← 2\n", "the anchor `&b` is set twice"),
    ("a\n→---←\nb\n", "a second document starts here"),
    ("a: →-← b\n", "a list cannot start behind other text on its line"),
];
