//! How a value must be written so that the process sees exactly that.

use std::fmt::Write;

use crate::carriers::{Carrier, Expansion};

/// A value as it is written in a carrier, quotes included; none where the carrier cannot hold it.
/// In a Compose list it stands behind `NAME=` without quotes of YAML around the two: see
/// [`assignment`] for values that need them.
pub fn written(carrier: Carrier, value: &str) -> Option<String> {
    if value.contains('\0') {
        return None;
    }
    match carrier {
        Carrier::ComposeList => {
            let value = escaped(value, Expansion::Compose);
            is_plain_behind_name(&value).then_some(value)
        }
        Carrier::ComposeMap => Some(yaml(&escaped(value, Expansion::Compose))),
        Carrier::DockerRun => {
            (!value.contains('\n') && !value.ends_with('\r')).then(|| value.to_owned())
        }
        Carrier::EnvironmentFile => Some(environment_file(value)),
        Carrier::Helm | Carrier::Kubernetes => Some(yaml(&escaped(value, Expansion::Kubernetes))),
        Carrier::Shell => Some(shell(value)),
    }
}

/// The line or lines that set a variable, without indentation before the first one and without a
/// line break at the end; none where the carrier cannot hold the value.
pub fn assignment(carrier: Carrier, name: &str, value: &str) -> Option<String> {
    let plain = written(carrier, value);
    match carrier {
        Carrier::ComposeList => match plain {
            Some(value) => Some(format!("- {name}={value}")),
            None if value.contains('\0') => None,
            None => {
                let value = escaped(value, Expansion::Compose);
                Some(format!("- {}", yaml(&format!("{name}={value}"))))
            }
        },
        Carrier::ComposeMap => plain.map(|value| format!("{name}: {value}")),
        Carrier::DockerRun | Carrier::EnvironmentFile => {
            plain.map(|value| format!("{name}={value}"))
        }
        Carrier::Helm | Carrier::Kubernetes => {
            plain.map(|value| format!("- name: {name}\n  value: {value}"))
        }
        Carrier::Shell => plain.map(|value| format!("export {name}={value}")),
    }
}

/// A value in which nothing is replaced.
pub(super) fn escaped(value: &str, expansion: Expansion) -> String {
    match expansion {
        Expansion::Compose => value.replace('$', "$$"),
        Expansion::Kubernetes => escaped_for_kubernetes(value),
        Expansion::None | Expansion::Shell => value.to_owned(),
    }
}

/// Dollar signs are doubled only where they would mean something: before `(`, before another one,
/// and before a character of several bytes, of which the kubelet takes the first alone.
fn escaped_for_kubernetes(value: &str) -> String {
    let mut made = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('$') {
        made.push_str(&rest[..at]);
        let run = rest[at..].len() - rest[at..].trim_start_matches('$').len();
        let next = rest[at + run..].chars().next();
        let needs = run > 1 || next.is_some_and(|c| c == '(' || !c.is_ascii());
        made.push_str(&"$".repeat(if needs { run * 2 } else { run }));
        rest = &rest[at + run..];
    }
    made + rest
}

/// A scalar of YAML in quotes: single ones where double ones would have to be escaped.
pub(super) fn yaml(text: &str) -> String {
    let is_simple = text.chars().all(is_printable);
    if is_simple && text.contains(['"', '\\']) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    format!("\"{}\"", yaml_double(text))
}

/// A text for the inside of double quotes in YAML.
pub(super) fn yaml_double(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => made.extend(['\\', c]),
            '\n' => made.push_str("\\n"),
            '\r' => made.push_str("\\r"),
            '\t' => made.push_str("\\t"),
            c if is_printable(c) => made.push(c),
            c => write!(made, "\\u{:04x}", u32::from(c)).expect("a string takes all"),
        }
    }
    made
}

/// Whether a character may stand in a scalar as it is.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

/// Whether a value may stand in a plain scalar behind a name.
fn is_plain_behind_name(value: &str) -> bool {
    value.chars().all(is_printable)
        && !value.contains(" #")
        && !value.contains(": ")
        && !value.ends_with([' ', ':'])
}

/// Without quotes where that is safe; else in single ones, in which Compose replaces nothing; else
/// in double ones.
fn environment_file(value: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,=~".contains(c);
    if value.chars().all(is_safe) {
        return value.to_owned();
    }
    if !value.contains('\'') && !value.ends_with('\\') {
        return format!("'{value}'");
    }
    format!("\"{}\"", double_quoted(value))
}

/// A text for the inside of double quotes in an environment file.
pub(super) fn double_quoted(value: &str) -> String {
    let mut made = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '"' | '\\' | '$' => made.extend(['\\', c]),
            '\n' => made.push_str("\\n"),
            '\r' => made.push_str("\\r"),
            c => made.push(c),
        }
    }
    made
}

fn shell(value: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,=".contains(c);
    if !value.is_empty() && value.chars().all(is_safe) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', "'\\''"))
}
