//! Environment files: what Compose, `docker run` or a shell makes of them.

use crate::carriers::read::{Outcome, Raw, Reader, as_unset, is_template, outcome};
use crate::carriers::substitution::{Found, Given, Shell, Substituted};
use crate::carriers::{Carried, Carrier, Expansion, OddKind, Refusal, Seen, Written};
use crate::source::{KeyPath, Span};
use crate::syntax::dotenv::{self, Dialect, Part};
use crate::syntax::tree::Tree;

/// What an environment file sets. References are replaced from the shell, then from the variables
/// that stand before.
pub fn environment_file(text: &str, dialect: Dialect, shell: Shell<'_>) -> Carried {
    let nothing = Tree::default();
    let mut reader = Reader::new(&nothing, text, shell);
    let group = reader.group("", Span::at(0), KeyPath::default());
    let lines = dotenv::lines(text, dialect);
    for odd in lines.odd {
        reader.odd(odd.span, KeyPath::default(), group, OddKind::Line(odd.kind));
    }
    for assignment in lines.assignments {
        let path = KeyPath::default().key(&assignment.name);
        let outcome = match &assignment.parts {
            None => reader.inherited(&assignment.name),
            Some(parts) => match joined(&reader, parts, group, dialect) {
                Ok(outcome) => outcome,
                Err(refusal) => {
                    let kind = OddKind::Substitution(refusal);
                    reader.odd(assignment.value_span, path.clone(), group, kind);
                    Outcome::without_text(Seen::Unknown)
                }
            },
        };
        let written = Written {
            style: assignment.style,
            span: assignment.value_span,
            is_own: true,
            expansion: expansion(dialect),
        };
        let raw = Raw {
            carrier: carrier(dialect),
            name: assignment.name,
            name_span: assignment.name_span,
            path,
            value_span: assignment.value_span,
            group,
            written,
        };
        reader.push(raw, outcome);
    }
    reader.carried.odd.sort_by_key(|odd| odd.span);
    reader.carried
}

/// The value that parts make together.
fn joined(
    reader: &Reader<'_>,
    parts: &[Part],
    group: usize,
    dialect: Dialect,
) -> Result<Outcome, Refusal> {
    let known = |name: &str| look_up(reader, name, group, dialect);
    let first = join(reader, parts, &known);
    let mut second = None;
    if first.as_ref().is_ok_and(|made| made.is_unknown) && !parts.contains(&Part::Computed) {
        second = Some(join(reader, parts, &|name| as_unset(known(name))));
    }
    outcome(first, || second.unwrap_or(Err(Refusal::Invalid)))
}

fn join(
    reader: &Reader<'_>,
    parts: &[Part],
    lookup: &dyn Fn(&str) -> Found,
) -> Result<Substituted, Refusal> {
    let mut whole = Substituted::default();
    for part in parts {
        let made = match part {
            Part::Computed => Ok(Substituted { is_unknown: true, ..Substituted::default() }),
            Part::Literal(placed) | Part::Template(placed) if is_template(&placed.text) => {
                Ok(Substituted { is_unknown: true, ..Substituted::default() })
            }
            Part::Literal(placed) => {
                Ok(Substituted { placed: placed.clone(), ..Substituted::default() })
            }
            Part::Reference(name) => reader.substituter.value(name, lookup),
            Part::Template(placed) => reader.substituter.compose(placed, lookup),
        };
        whole.append(&made?);
    }
    Ok(whole)
}

/// For Compose the surroundings stand above the file, unless nothing is known of them; in a shell
/// the last assignment counts.
fn look_up(reader: &Reader<'_>, name: &str, group: usize, dialect: Dialect) -> Found {
    let outside = Found::in_shell(reader.shell, name);
    if matches!(outside.given, Given::Set(_)) && dialect == Dialect::Compose {
        return outside;
    }
    reader.earlier(group, name).unwrap_or(outside)
}

fn carrier(dialect: Dialect) -> Carrier {
    match dialect {
        Dialect::Compose => Carrier::EnvironmentFile,
        Dialect::Docker => Carrier::DockerRun,
        Dialect::Shell => Carrier::Shell,
    }
}

fn expansion(dialect: Dialect) -> Expansion {
    match dialect {
        Dialect::Compose => Expansion::Compose,
        Dialect::Docker => Expansion::None,
        Dialect::Shell => Expansion::Shell,
    }
}
