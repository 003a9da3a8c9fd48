//! Writing an answers file. The HTML page of a sheet writes the same text by itself; a test in a
//! browser compares the two.

use std::fmt::Write as _;

use crate::sheet::{Wanted, WantedKind};
use crate::source::{is_unprintable, printable};

/// An answers file in YAML with these names and values, in this order.
pub fn write<'a>(answers: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in answers {
        let name = if is_plain(name) { name.to_owned() } else { quoted(name) };
        let value = if is_block(value) { block(value) } else { quoted(value) };
        writeln!(text, "{name}: {value}").expect("a String takes every write");
    }
    text
}

/// An answers file to fill in by hand: what is asked for, with room for the values.
pub fn template(wanted: &[Wanted]) -> String {
    let mut text = String::new();
    for wanted in wanted {
        let mut remarks = vec![printable(&wanted.label).into_owned()];
        remarks.extend(wanted.optional.then(|| "may stay empty".to_owned()));
        remarks.extend(
            wanted.secret.then(|| "secret: better sent by a safe way, not in this file".to_owned()),
        );
        remarks
            .extend((wanted.kind != WantedKind::Text).then(|| wanted.kind.expected().to_owned()));
        let name = if is_plain(&wanted.name) { wanted.name.clone() } else { quoted(&wanted.name) };
        let room = match wanted.kind {
            WantedKind::Certificate | WantedKind::Xml => "|-\n  ",
            WantedKind::Date | WantedKind::Text | WantedKind::Url => "\"\"",
        };
        writeln!(text, "# {}\n{name}: {room}", remarks.join("; ")).expect("a String takes it");
    }
    text
}

/// Whether a name needs no quotes: no other reading, no mark.
fn is_plain(name: &str) -> bool {
    !OTHER_READING.contains(&name)
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Whether a value can stand as a literal block, line for line.
fn is_block(value: &str) -> bool {
    let body = value.strip_suffix('\n').unwrap_or(value);
    let is_line = |line: &str| {
        (line.is_empty() || !line.trim().is_empty())
            && line.chars().all(|c| c == '\t' || !needs_escape(c))
    };
    body.contains('\n')
        && !body.ends_with('\n')
        && !body.starts_with(['\n', ' ', '\t'])
        && body.split('\n').all(is_line)
}

fn block(value: &str) -> String {
    let (mark, body) = match value.strip_suffix('\n') {
        Some(body) => ("|", body),
        None => ("|-", value),
    };
    let indented = |line: &str| if line.is_empty() { String::new() } else { format!("  {line}") };
    let lines: Vec<String> = body.split('\n').map(indented).collect();
    format!("{mark}\n{}", lines.join("\n"))
}

/// A double-quoted scalar: the one style that can hold every text.
fn quoted(value: &str) -> String {
    let mut text = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if needs_escape(c) => text.push_str(&escape(u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

fn escape(code: u32) -> String {
    match code {
        0..=0xff => format!("\\x{code:02x}"),
        0x100..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

/// Whether YAML refuses a character, takes it for a line break, or nobody sees it.
fn needs_escape(c: char) -> bool {
    is_unprintable(c) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Names that YAML 1.1 takes for something else than text.
const OTHER_READING: [&str; 9] = ["false", "n", "no", "null", "off", "on", "true", "y", "yes"];

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::write;
    use crate::syntax::yaml;

    fn read_back(name: &str, text: &str) -> Option<String> {
        let tree = yaml::read(text, &yaml::Options::default()).expect("YAML");
        let root = tree.root()?;
        root.get(name)?.scalar().map(|scalar| scalar.text.clone())
    }

    #[test]
    fn nasty_values_come_back_as_they_were() {
        for value in [
            "",
            " ",
            "a: b # c",
            "'\"\\",
            "\u{2028}\u{85}\u{feff}\u{202e}",
            "- x\n- y",
            " a\nb",
            "a\n\n",
            "a\n \nb",
            "\ta\nb\t",
            "a\r\nb",
            "é😀\u{e0001}",
            "yes\nno\n",
            "# x\n---\n...\n%a",
        ] {
            let text = write([("the_name", value)]);
            assert_eq!(read_back("the_name", &text).as_deref(), Some(value), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(value in any::<String>(), lines in "[ -#:a\\t\\n|>'\"\\\\é]{0,40}") {
            for value in [value, lines] {
                let text = write([("the_name", value.as_str()), ("y", "z")]);
                prop_assert_eq!(read_back("the_name", &text), Some(value));
            }
        }
    }
}
