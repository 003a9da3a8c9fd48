//! Edits around a value that never repeat it: what was secret stays where it is.

use crate::carriers::go_scalar::{self, GoScalar};
use crate::carriers::substitution::{Found, Substituter};
use crate::carriers::written::{double_quoted, escaped, yaml, yaml_double};
use crate::carriers::{Carrier, Expansion, Given, Seen, Shell, Variable, environment_file};
use crate::carriers::{assignment, written};
use crate::source::{Source, Span};
use crate::syntax::dotenv::Dialect;
use crate::syntax::placed::Placed;
use crate::syntax::tree::Style;
use crate::syntax::yaml::{Options, read};

/// Pieces of a file and what stands there instead.
type Edits = Vec<(Span, String)>;

impl Variable {
    /// Edits that make the process see another value; none where the place is shared or the
    /// carrier cannot hold it.
    pub fn rewrite(&self, new_seen: &str) -> Option<Edits> {
        let is_line = self.dialect().is_some();
        if !self.written.is_own || (self.written.span.is_empty() && !is_line) {
            return None;
        }
        let text = match (self.carrier, self.written.expansion) {
            (Carrier::ComposeList, _) => {
                assignment(self.carrier, &self.name, new_seen)?.strip_prefix("- ")?.to_owned()
            }
            (Carrier::Helm | Carrier::Kubernetes, Expansion::None) => yaml(new_seen),
            _ => written(self.carrier, new_seen)?,
        };
        Some(vec![(self.written.span, text)])
    }

    /// Edits that make the process see the value with something before and behind it: insertions,
    /// and quotes that change. Text that the carrier takes for a number or a boolean becomes text.
    /// None where that cannot be done around the value alone. Every answer was read again and found
    /// to do what it promises.
    pub fn wrap(&self, source: &Source, before: &str, behind: &str) -> Option<Edits> {
        let is_block = matches!(self.written.style, Style::Folded | Style::Literal);
        let is_missing = self.written.span.is_empty() && self.dialect().is_none();
        if !self.written.is_own || is_block || is_missing || self.seen == Seen::Inherited {
            return None;
        }
        let whole = source.text().get(self.written.span.range())?;
        // Behind an anchor without a blank a quote would belong to the anchor.
        let head = &source.text()[..self.written.span.start];
        let is_free = |c: char| c.is_whitespace() || "[{,:".contains(c);
        if self.dialect().is_none() && !head.chars().next_back().is_none_or(is_free) {
            return None;
        }
        let old = self.readings(whole, false);
        if old.len() < ENOUGH_READINGS {
            return None;
        }
        let wrapped: Vec<_> = old.iter().map(|old| format!("{before}{old}{behind}")).collect();
        self.candidates(before, behind).into_iter().map(joined).find(|edits| {
            edited(whole, self.written.span.start, edits)
                .is_some_and(|new| self.readings(&new, true) == wrapped)
        })
    }

    /// What the process would see of this writing, in several surroundings.
    fn readings(&self, whole: &str, must_be_text: bool) -> Vec<String> {
        let odd = |_: &str| Given::Set("'x\"\\".to_owned());
        let other = |_: &str| Given::Set("y".to_owned());
        let unset = |_: &str| Given::Unset;
        let shells: [Shell<'_>; 3] = [&odd, &other, &unset];
        shells.into_iter().filter_map(|shell| self.reading(whole, must_be_text, shell)).collect()
    }

    fn reading(&self, whole: &str, must_be_text: bool, shell: Shell<'_>) -> Option<String> {
        if let Some(dialect) = self.dialect() {
            let carried = environment_file(&format!("X={whole}\n"), dialect, shell);
            let [variable] = carried.variables.as_slice() else { return None };
            return if carried.odd.is_empty() { variable.known().map(str::to_owned) } else { None };
        }
        let tree = read(&format!("- {whole}\n"), &Options::default()).ok()?;
        let item = tree.root()?.items()?.next()?;
        let scalar = item.scalar()?;
        let text = match go_scalar::resolve(item.node(), scalar) {
            GoScalar::Text(text, go_scalar::Kind::Text) => text,
            _ if must_be_text => return None,
            GoScalar::Null => String::new(),
            // Compose prints a number anew; the others refuse it as it stands.
            GoScalar::Text(text, _) if self.carrier == Carrier::ComposeMap => text,
            GoScalar::Date | GoScalar::Text(..) => scalar.text.clone(),
        };
        let text = match self.carrier {
            Carrier::ComposeList => text.strip_prefix(&self.name)?.strip_prefix('=')?.to_owned(),
            _ => text,
        };
        let (placed, lookup) =
            (Placed::linear(&text, 0), |name: &str| Found::in_shell(shell, name));
        let substituter = Substituter::default();
        let made = match self.written.expansion {
            Expansion::Compose => substituter.compose(&placed, &lookup).ok()?,
            Expansion::Kubernetes => substituter.kubernetes(&placed, &lookup).ok()?,
            Expansion::None | Expansion::Shell => return Some(text),
        };
        Some(made.placed.text)
    }

    fn dialect(&self) -> Option<Dialect> {
        match self.carrier {
            Carrier::DockerRun => Some(Dialect::Docker),
            Carrier::EnvironmentFile => Some(Dialect::Compose),
            Carrier::Shell => Some(Dialect::Shell),
            Carrier::ComposeList | Carrier::ComposeMap | Carrier::Helm | Carrier::Kubernetes => {
                None
            }
        }
    }

    /// Ways to do it, the most readable first; some of them may not do.
    fn candidates(&self, before: &str, behind: &str) -> Vec<Edits> {
        match self.carrier {
            Carrier::ComposeList => self.in_item(before, behind),
            Carrier::ComposeMap | Carrier::Helm | Carrier::Kubernetes => {
                self.in_scalar(before, behind)
            }
            Carrier::DockerRun => vec![self.around(before, behind)],
            Carrier::EnvironmentFile => self.in_line(before, behind),
            Carrier::Shell => self.in_word(before, behind),
        }
    }

    fn in_item(&self, before: &str, behind: &str) -> Vec<Edits> {
        let expansion = self.written.expansion;
        let (before, behind) = (escaped(before, expansion), escaped(behind, expansion));
        let (open, close) = (Span::at(self.written.span.start), Span::at(self.written.span.end));
        let (start, end) = (Span::at(self.value_span.start), Span::at(self.value_span.end));
        let quoted = |quote: &str, escape: fn(&str) -> String| {
            vec![
                (open, quote.to_owned()),
                (start, escape(&before)),
                (end, escape(&behind)),
                (close, quote.to_owned()),
            ]
        };
        let inside =
            |escape: fn(&str) -> String| vec![(start, escape(&before)), (end, escape(&behind))];
        match self.written.style {
            Style::DoubleQuoted => vec![inside(yaml_double)],
            Style::SingleQuoted => vec![inside(yaml_single)],
            _ => {
                // In a list in brackets these would end the item.
                let is_flow = |text: &str| text.contains([',', '[', ']', '{', '}']);
                let is_plain = !is_flow(&before) && !is_flow(&behind);
                let plain = is_plain.then(|| vec![(start, before.clone()), (end, behind.clone())]);
                let quoted = [quoted("'", yaml_single), quoted("\"", yaml_double)];
                plain.into_iter().chain(quoted).collect()
            }
        }
    }

    fn in_scalar(&self, before: &str, behind: &str) -> Vec<Edits> {
        let expansion = self.written.expansion;
        let (before, behind) = (escaped(before, expansion), escaped(behind, expansion));
        let single = (yaml_single(&before), yaml_single(&behind));
        let double = (yaml_double(&before), yaml_double(&behind));
        self.in_quotes(&single, &double)
    }

    fn in_line(&self, before: &str, behind: &str) -> Vec<Edits> {
        let single = |text: &str| text.replace('\'', "\\'");
        let single = (single(before), single(behind));
        let double = (double_quoted(before), double_quoted(behind));
        self.in_quotes(&single, &double)
    }

    /// The ways to put both ends into the quotes that are there, or into new ones; each pair is
    /// escaped for its kind of quotes.
    fn in_quotes(&self, single: &(String, String), double: &(String, String)) -> Vec<Edits> {
        match self.written.style {
            Style::DoubleQuoted => {
                vec![self.requoted(&single.0, &single.1), self.inside(&double.0, &double.1)]
            }
            Style::SingleQuoted => vec![self.inside(&single.0, &single.1)],
            _ => vec![
                self.around(&format!("'{}", single.0), &format!("{}'", single.1)),
                self.around(&format!("\"{}", double.0), &format!("{}\"", double.1)),
            ],
        }
    }

    fn in_word(&self, before: &str, behind: &str) -> Vec<Edits> {
        let single = |text: &str| text.replace('\'', "'\\''");
        let (before, behind) = (single(before), single(behind));
        let beside = self.around(&format!("'{before}'"), &format!("'{behind}'"));
        let first = match self.written.style {
            Style::DoubleQuoted => self.requoted(&before, &behind),
            Style::SingleQuoted => self.inside(&before, &behind),
            _ => self.around(&format!("'{before}"), &format!("{behind}'")),
        };
        vec![first, beside]
    }

    /// Insertions before and behind the writing.
    fn around(&self, before: &str, behind: &str) -> Edits {
        let Span { start, end } = self.written.span;
        vec![(Span::at(start), before.to_owned()), (Span::at(end), behind.to_owned())]
    }

    /// Insertions inside the quotes.
    fn inside(&self, before: &str, behind: &str) -> Edits {
        let Span { start, end } = self.written.span;
        vec![(Span::at(start + 1), before.to_owned()), (Span::at(end - 1), behind.to_owned())]
    }

    /// Single quotes in the place of double ones.
    fn requoted(&self, before: &str, behind: &str) -> Edits {
        let Span { start, end } = self.written.span;
        vec![
            (Span::new(start, start + 1), format!("'{before}")),
            (Span::new(end - 1, end), format!("{behind}'")),
        ]
    }
}

fn yaml_single(text: &str) -> String {
    text.replace('\'', "''")
}

/// Insertions at one place made one.
fn joined(edits: Edits) -> Edits {
    let mut joined: Edits = Vec::new();
    for (span, text) in edits {
        match joined.last_mut() {
            Some((last, before)) if span.is_empty() && *last == span => before.push_str(&text),
            _ => joined.push((span, text)),
        }
    }
    joined.retain(|(span, text)| !span.is_empty() || !text.is_empty());
    joined
}

/// A piece of a file that begins at a place, after edits in the order of the text.
fn edited(whole: &str, base: usize, edits: &Edits) -> Option<String> {
    let mut made = String::with_capacity(whole.len() + 8);
    let mut at = 0;
    for (span, text) in edits {
        made.push_str(whole.get(at..span.start.checked_sub(base)?)?);
        made.push_str(text);
        at = span.end - base;
    }
    made.push_str(whole.get(at..)?);
    Some(made)
}

/// Of the surroundings that are tried, so many must give a value.
const ENOUGH_READINGS: usize = 2;
