//! The HOCON reader against what pyhocon 0.3.63 made of the same texts, and against hostile ones.

use std::fs;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use ssoctl::source::Span;
use ssoctl::syntax::hocon::{
    HoconError, HoconErrorKind, LimitKind, Options, RESOLVED, SUBSTITUTION, quoted, read,
    reads_as_text, unquoted_trouble, value,
};
use ssoctl::syntax::tree::{Kind, NodeRef, Scalar, Tree, Value};

fn rows() -> Vec<(String, String, Json)> {
    let path = format!("{}/fixtures/hocon/values.tsv", env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(path).expect("the fixture is there");
    let row = |line: &str| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [text, kind, value] = columns[..] else { panic!("{line} has not three columns") };
        let text = serde_json::from_str(text).expect("a JSON string");
        let value = if value.is_empty() { Json::Null } else { value.parse().expect("JSON") };
        (text, kind.to_owned(), value)
    };
    table.lines().map(row).collect()
}

fn tree(text: &str) -> Tree {
    read(text, &Options::default()).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn described(node: NodeRef<'_>) -> Json {
    match &node.node().value {
        Value::List(_) => {
            json!(["list", node.items().into_iter().flatten().map(described).collect::<Vec<_>>()])
        }
        Value::Map(_) => {
            let pairs = node.pairs().into_iter().flatten();
            let mut pairs: Vec<Json> =
                pairs.map(|(key, value)| json!([key.key_text(), described(value)])).collect();
            pairs.sort_by_key(Json::to_string);
            json!(["map", pairs])
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

/// A recorded value with its maps in one order.
fn settled(value: &Json) -> Json {
    let (kind, inner) = (&value[0], value[1].as_array());
    match (kind.as_str(), inner) {
        (Some("list"), Some(items)) => {
            json!(["list", items.iter().map(settled).collect::<Vec<_>>()])
        }
        (Some("map"), Some(pairs)) => {
            let pair = |pair: &Json| json!([pair[0], settled(&pair[1])]);
            let mut pairs: Vec<Json> = pairs.iter().map(pair).collect();
            pairs.sort_by_key(Json::to_string);
            json!(["map", pairs])
        }
        _ => value.clone(),
    }
}

#[test]
fn values_are_those_of_pyhocon() {
    let rows = rows();
    assert!(rows.len() >= 200);
    for (text, kind, recorded) in rows {
        let found = value(&text);
        if kind == "error" {
            let depends = found.as_ref().is_ok_and(is_unknown);
            assert!(found.is_err() || depends, "{text:?} is refused by pyhocon");
            continue;
        }
        let found = found.unwrap_or_else(|error| panic!("{text:?}: {error}"));
        if kind == "unknown" || text.contains("${") && is_unknown(&found) {
            continue;
        }
        let root = found.root().unwrap_or_else(|| panic!("{text:?} has a value"));
        let expected =
            if recorded.is_null() { json!([kind]) } else { settled(&json!([kind, recorded])) };
        if text.contains('\t') {
            assert_eq!(described(root)[0], expected[0], "{text:?}");
        } else {
            assert_eq!(described(root), expected, "{text:?}");
        }
    }
}

/// Whether a part of the tree is known only at run time.
fn is_unknown(tree: &Tree) -> bool {
    tree.nodes.iter().any(|node| node.tag.as_ref().is_some_and(|tag| tag.name != RESOLVED))
}

#[test]
fn a_text_reads_as_text_exactly_where_pyhocon_returns_it_unchanged() {
    for (text, kind, recorded) in rows() {
        let same = kind == "text" && recorded == json!(text);
        assert_eq!(reads_as_text(&text), same, "{text:?}");
    }
}

#[test]
fn unquoted_trouble_names_the_first_character_that_is_no_text() {
    let found = |text| unquoted_trouble(text).map(|(span, c)| (span.start, c));
    assert_eq!(found("https://idp.corp.test/a?b=c"), Some((23, '?')));
    assert_eq!(found("ann@corp.test"), Some((3, '@')));
    assert_eq!(found("abc#def"), Some((3, '#')));
    assert_eq!(found("a // b"), Some((2, '/')));
    assert_eq!(found("https://idp.corp.test/a b"), None);
    assert_eq!(found("Caf\u{e9} %~'();:<>|"), None);
}

/// The text with the place of its error between arrows, and the error.
fn shown(text: &str) -> String {
    let HoconError { span: Span { start, end }, kind } = value(text).expect_err(text);
    format!("{}→{}←{} {kind}", &text[..start], &text[start..end], &text[end..])
}

#[test]
fn errors_say_which_character_is_the_trouble() {
    let cases = [
        ("ann@corp.test", "ann→@←corp.test `@` needs quotes in HOCON"),
        ("a?b=c", "a→?←b=c `?` needs quotes in HOCON"),
        ("a=b", "a→=←b `=` needs quotes in HOCON"),
        ("cn=admin,dc=corp", "cn→=←admin,dc=corp `=` needs quotes in HOCON"),
        ("a, b", "a→,← b `,` needs quotes in HOCON"),
        ("`a`", "→`←a` a backtick needs quotes in HOCON"),
        ("\"a", "→\"←a this quote is never closed"),
        ("a\"b", "a→\"←b this quote is never closed"),
        ("[a, b", "→[←a, b this `[` is never closed"),
        ("a]", "a→]← this `]` closes nothing"),
        ("[a@b]", "[a→@←b] `@` needs quotes in HOCON"),
        ("a$b", "a→$←b `$` needs quotes in HOCON"),
        ("${X", "→$←{X this `${` names nothing or lacks its `}`"),
        ("a [b]", "a →[b]← text, a list and a map cannot be joined to one value"),
        ("a\\", "a→\\← nothing stands behind this `\\`"),
        ("a\u{a0}b", "a→\u{a0}←b the character U+00A0 needs quotes in HOCON"),
        ("{a: 1, a: {b: 2}}", "{a: 1, →a←: {b: 2}} the key has a value already that is no map"),
        ("include url x", "include url →x← `include` takes a name in double quotes"),
    ];
    for (text, expected) in cases {
        let expected = expected.replace("include url →x←", "include url→ ←x");
        assert_eq!(shown(text), expected);
    }
}

#[test]
fn places_are_those_of_the_text_even_behind_tabs() {
    let text = "\t\"a\tb\" # c";
    let tree = value(text).expect("a value");
    let root = tree.root().expect("a value");
    assert_eq!(&text[root.span().range()], "\"a\tb\"");
    assert_eq!(&text[tree.comments[0].span.range()], "# c");
    assert!(!tree.comments[0].alone);
}

#[test]
fn dotted_keys_and_maps_are_merged_and_the_later_value_counts() {
    let text = "a.b = 1 # one\na { c: 2, b: 3 }\n// all\n\"d.e\" = x y\n";
    let tree = tree(text);
    let root = tree.root().expect("a map");
    let a = root.get("a").expect("a map");
    assert_eq!(a.get("b").map(|b| &text[b.span().range()]), Some("3"));
    assert_eq!(a.get("c").map(|c| &text[c.span().range()]), Some("2"));
    let hidden: Vec<bool> = a.entries().expect("a map").iter().map(|entry| entry.hidden).collect();
    assert_eq!(hidden, [true, false, false]);
    let (key, value) = root.entry("d.e").expect("an entry");
    assert_eq!(&text[key.span().range()], "\"d.e\"");
    assert_eq!(value.scalar().map(|scalar| scalar.text.as_str()), Some("x y"));
    let comments: Vec<_> = tree.comments.iter().map(|c| (&text[c.span.range()], c.alone)).collect();
    assert_eq!(comments, [("# one", false), ("// all", true)]);
}

#[test]
fn a_substitution_is_known_where_the_text_answers_it() {
    let tree = tree("host: idp\na: \"https://\"${host}/x\nb: ${?HOME}\nc: [${host}]\nd: ${c}");
    let root = tree.root().expect("a map");
    let tag = |node: NodeRef<'_>| node.node().tag.as_ref().map(|tag| tag.name.clone());
    let a = root.get("a").expect("a value");
    assert_eq!(a.scalar().map(|scalar| scalar.text.as_str()), Some("https://idp/x"));
    assert_eq!(tag(a).as_deref(), Some(RESOLVED));
    for name in ["b", "d"] {
        assert_eq!(tag(root.get(name).expect("a value")).as_deref(), Some(SUBSTITUTION));
    }
    let item = root.get("c").and_then(|c| c.items()?.next()).expect("an item");
    assert_eq!(item.scalar().map(|scalar| scalar.text.as_str()), Some("idp"));
}

#[test]
fn an_include_is_kept_and_counts_for_nothing() {
    let tree = tree("include \"other.conf\"\na: 1");
    let root = tree.root().expect("a map");
    assert_eq!(root.entries().map(<[_]>::len), Some(2));
    assert_eq!(root.pairs().map(Iterator::count), Some(1));
}

#[test]
fn ceilings_hold() {
    let kind = |text: &str| read(text, &Options::default()).expect_err("a ceiling").kind;
    let limit = HoconErrorKind::Limit;
    assert_eq!(kind(&format!("a: {}", "[".repeat(65))), limit(LimitKind::Depth));
    assert_eq!(kind(&format!("{}: 1", "a.".repeat(65))), limit(LimitKind::Depth));
    assert_eq!(kind(&format!("a: [{}]", "1,".repeat(100_001))), limit(LimitKind::Nodes));
    assert_eq!(kind(&" ".repeat(1024 * 1024 + 1)), limit(LimitKind::Bytes));
    assert_eq!(kind(&"\t".repeat(1024 * 200)), limit(LimitKind::Bytes));
    assert_eq!(kind("a: 1234567890123456s"), limit(LimitKind::Digits));
}

#[test]
fn hostile_texts_are_read_in_linear_time() {
    let pieces = [
        "[",
        "{",
        "a.",
        "a:{",
        "\"",
        "\"\"",
        "\"\"\"",
        "\"a\" ",
        "${",
        "${a}",
        "1",
        "1 ",
        "\\",
        "\\\\",
        "\n",
        ",",
        ", ",
        "#",
        "//",
        "/",
        " ",
        "a ",
        "a\n",
        "a:1\n",
        "a:${a}\n",
        "true ",
        "10s ",
        "include ",
        "a.a:1\n",
        "{}",
        "[]",
        "\"\\",
        "é",
        "a{b:1}\n",
        "+=",
        "a+=[1]\n",
        "\\\n",
        "1e",
        "\t",
        "\r",
        "\"\"\"a",
        "b:${a}${a}\na:${b}\n",
    ];
    for piece in pieces {
        for lead in ["", "a: ["] {
            let text = format!("{lead}{}", piece.repeat((1024 * 1024 - 10) / piece.len()));
            let start = Instant::now();
            let _ = read(&text, &Options::default());
            let spent = start.elapsed();
            assert!(spent < Duration::from_secs(4), "{lead:?} and {piece:?}: {spent:?}");
        }
    }
}

#[test]
fn no_part_of_a_value_and_no_flipped_byte_panics() {
    for (text, _, _) in rows() {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let _ = (value(&text[..end]), value(&text[end..]), reads_as_text(&text[..end]));
            let _ = read(&text[..end], &Options::default());
        }
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let _ = String::from_utf8(bytes).map(|text| value(&text).map(drop));
            }
        }
    }
}

proptest! {
    #[test]
    fn quoted_text_reads_back_unchanged(text in "\\PC{0,20}|[\\\\\"nrtu$#{}\n\r\t ]{0,12}") {
        let tree = value(&quoted(&text)).expect("a value");
        let scalar = tree.root().and_then(NodeRef::scalar).expect("a scalar");
        prop_assert_eq!(&scalar.text, &text);
        prop_assert_eq!(&scalar.kind, &Kind::Text);
    }

    #[test]
    fn spans_lie_within_any_text(text in "[ab.\"\\\\$?{}\\[\\]:=+,#/ \n\té10s]{0,30}") {
        if let Ok(tree) = read(&text, &Options::default()) {
            for node in &tree.nodes {
                prop_assert!(text.get(node.span.range()).is_some());
            }
        }
    }
}
