//! How Docker Compose replaces variables in a text (compose-go, package template), and Kubernetes
//! in the value of a variable.

use std::cell::Cell;

use crate::source::is_secret_key;
use crate::syntax::placed::Placed;

/// What is known of a variable of the surroundings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// It has this value.
    Set(String),
    /// Nobody can tell from the files at hand.
    Unknown,
    /// It is not set.
    Unset,
}

/// What is known of the variables of the surroundings.
pub type Shell<'a> = &'a dyn Fn(&str) -> Given;

/// Why a text is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A `${` without a name or without an end.
    Invalid,
    /// A variable that must be set (`${X:?why}`) is not.
    Required(String),
    /// References nest deeper, or bring in more, than is followed.
    TooMuch,
}

/// A text after substitution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Substituted {
    /// What it became.
    pub(super) placed: Placed,
    /// Whether a part of it is not known.
    pub(super) is_unknown: bool,
    /// Whether a variable that names a secret is a part of it.
    pub(super) holds_secret: bool,
}

impl Substituted {
    /// Puts another text behind this one.
    pub(super) fn append(&mut self, other: &Self) {
        self.placed.push_piece(&other.placed, 0..other.placed.text.len());
        self.is_unknown |= other.is_unknown;
        self.holds_secret |= other.holds_secret;
    }
}

/// Replaces references in texts until a budget of bytes is used up.
#[derive(Debug)]
pub(super) struct Substituter {
    budget: Cell<usize>,
}

/// A variable that a text refers to.
pub(super) struct Found {
    /// What is known of it.
    pub(super) given: Given,
    /// Whether it is a secret or holds one.
    pub(super) holds_secret: bool,
}

impl Found {
    /// A variable of the surroundings.
    pub(super) fn in_shell(shell: Shell<'_>, name: &str) -> Self {
        Self { given: shell(name), holds_secret: is_secret_key(name) }
    }
}

impl Default for Substituter {
    fn default() -> Self {
        Self { budget: Cell::new(MOST_EXPANDED) }
    }
}

/// A reference in a text.
struct Reference<'t> {
    name: &'t str,
    operator: &'t str,
    /// Where what stands behind the operator begins and ends.
    argument: (usize, usize),
    end: usize,
}

impl Substituter {
    /// The value of a variable alone.
    pub(super) fn value(
        &self,
        name: &str,
        lookup: &dyn Fn(&str) -> Found,
    ) -> Result<Substituted, Refusal> {
        let mut made = Substituted::default();
        self.variable(&mut made, &self.found(lookup, name)?)?;
        Ok(made)
    }

    /// A text as Compose makes it.
    pub(super) fn compose(
        &self,
        text: &Placed,
        lookup: &dyn Fn(&str) -> Found,
    ) -> Result<Substituted, Refusal> {
        let mut made = Substituted::default();
        self.put(&mut made, text, lookup, 0)?;
        Ok(made)
    }

    fn put(
        &self,
        made: &mut Substituted,
        placed: &Placed,
        lookup: &dyn Fn(&str) -> Found,
        depth: usize,
    ) -> Result<(), Refusal> {
        if depth > DEEPEST {
            return Err(Refusal::TooMuch);
        }
        let text = placed.text.as_str();
        let mut braces = LastBrace::default();
        let mut at = 0;
        while let Some(found) = text[at..].find('$') {
            made.placed.push_piece(placed, at..at + found);
            at += found;
            let rest = &text[at + 1..];
            if rest.starts_with('$') {
                made.placed.push_piece(placed, at + 1..at + 2);
                at += 2;
            } else if rest.starts_with('{') {
                let reference = braced(text, at, &mut braces).ok_or(Refusal::Invalid)?;
                self.reference(made, placed, &reference, lookup, depth)?;
                at = reference.end;
            } else if let len @ 1.. = name_len(rest) {
                self.variable(made, &self.found(lookup, &rest[..len])?)?;
                at += 1 + len;
            } else {
                made.placed.push_piece(placed, at..at + 1);
                at += 1;
            }
        }
        made.placed.push_piece(placed, at..text.len());
        Ok(())
    }

    fn reference(
        &self,
        made: &mut Substituted,
        placed: &Placed,
        reference: &Reference<'_>,
        lookup: &dyn Fn(&str) -> Found,
        depth: usize,
    ) -> Result<(), Refusal> {
        let found = self.found(lookup, reference.name)?;
        let is_set = match &found.given {
            Given::Set(value) => !(reference.operator.starts_with(':') && value.is_empty()),
            Given::Unset => false,
            Given::Unknown => {
                made.is_unknown = true;
                made.holds_secret |= found.holds_secret;
                return Ok(());
            }
        };
        let (start, end) = reference.argument;
        match (reference.operator.trim_start_matches(':'), is_set) {
            ("-", false) | ("+", true) => {
                let argument = placed.piece(start..end);
                self.put(made, &argument, lookup, depth + 1)
            }
            ("?", false) => Err(Refusal::Required(reference.name.to_owned())),
            _ => self.variable(made, &found),
        }
    }

    /// A variable, as long as the budget lasts: long values are not copied in vain.
    fn found(&self, lookup: &dyn Fn(&str) -> Found, name: &str) -> Result<Found, Refusal> {
        if self.budget.get() == 0 { Err(Refusal::TooMuch) } else { Ok(lookup(name)) }
    }

    fn variable(&self, made: &mut Substituted, found: &Found) -> Result<(), Refusal> {
        match &found.given {
            Given::Set(value) => {
                let left = self.budget.get().checked_sub(value.len());
                self.budget.set(left.unwrap_or(0));
                left.ok_or(Refusal::TooMuch)?;
                made.holds_secret |= found.holds_secret && !value.is_empty();
                made.placed.push_foreign(value);
            }
            Given::Unknown => {
                made.is_unknown = true;
                made.holds_secret |= found.holds_secret;
            }
            Given::Unset => {}
        }
        Ok(())
    }

    /// The value of a container's variable as the kubelet makes it: `$(NAME)` of variables before
    /// it, `$$` for a dollar sign.
    pub(super) fn kubernetes(
        &self,
        text: &Placed,
        lookup: &dyn Fn(&str) -> Found,
    ) -> Result<Substituted, Refusal> {
        let mut made = Substituted::default();
        let source = text.text.as_str();
        let last = source.rfind(')').unwrap_or(0);
        let mut at = 0;
        while let Some(found) = source[at..].find('$') {
            made.placed.push_piece(text, at..at + found);
            at += found;
            let rest = &source[at + 1..];
            if rest.starts_with('$') {
                made.placed.push_piece(text, at + 1..at + 2);
                at += 2;
            } else if rest.starts_with('(') && at < last {
                let len = rest.find(')').expect("a closing one stands behind") - 1;
                let found = self.found(lookup, &rest[1..=len])?;
                if found.given == Given::Unset {
                    made.placed.push_piece(text, at..at + len + 3);
                } else {
                    self.variable(&mut made, &found)?;
                }
                at += len + 3;
            } else {
                made.placed.push_piece(text, at..at + 1);
                at += 1;
            }
        }
        made.placed.push_piece(text, at..source.len());
        Ok(made)
    }
}

/// The last closing brace of the line that a place is in, looked for once a line.
#[derive(Default)]
struct LastBrace {
    line: Option<(usize, usize, Option<usize>)>,
}

impl LastBrace {
    fn behind(&mut self, text: &str, at: usize) -> Option<usize> {
        let (_, _, last) = match self.line {
            Some(line) if line.0 <= at && at < line.1 => line,
            _ => {
                let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
                let last = text[at..end].rfind('}').map(|n| at + n);
                *self.line.insert((at, end, last))
            }
        };
        last.filter(|last| *last >= at)
    }
}

/// The reference that a `${` begins, by the rules of Compose: it reaches as far as braces balance,
/// or to the last brace of its line.
fn braced<'t>(text: &'t str, dollar: usize, braces: &mut LastBrace) -> Option<Reference<'t>> {
    let start = dollar + 2;
    let len = name_len(&text[start..]);
    let name = &text[start..start + len];
    let behind = &text[start + len..];
    if len == 0 {
        return None;
    }
    if behind.starts_with('}') {
        let end = start + len + 1;
        return Some(Reference { name, operator: "", argument: (end - 1, end - 1), end });
    }
    let operator = OPERATORS.into_iter().find(|operator| behind.starts_with(operator))?;
    let argument = start + len + operator.len();
    let last = braces.behind(text, argument)?;
    let end = balanced(&text.as_bytes()[dollar..=last]).map_or(last, |at| dollar + at);
    Some(Reference { name, operator, argument: (argument, end), end: end + 1 })
}

/// Where the first brace is closed. The character behind an opening brace is not looked at.
fn balanced(text: &[u8]) -> Option<usize> {
    let mut open = 0_usize;
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'}' if open <= 1 => return Some(at),
            b'}' => open -= 1,
            b'{' => {
                open += 1;
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// How long the name is that a text begins with.
fn name_len(text: &str) -> usize {
    // Letters are compared without regard to case, and these two fold to `s` and `k`.
    let is_letter = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '\u{17f}' | '\u{212a}');
    if !text.starts_with(is_letter) {
        return 0;
    }
    text.find(|c: char| !is_letter(c) && !c.is_ascii_digit()).unwrap_or(text.len())
}

/// Longer ones first.
const OPERATORS: [&str; 6] = [":-", ":?", ":+", "-", "?", "+"];
/// Bytes that references of one file may bring in.
const MOST_EXPANDED: usize = 1 << 20;
/// How deep defaults may nest.
const DEEPEST: usize = 32;

#[cfg(test)]
mod tests {
    use super::{Found, Given, Placed, Refusal, Substituter};

    fn compose(text: &str) -> Result<String, Refusal> {
        let lookup = |name: &str| {
            let given = match name {
                "HOST" => Given::Set("acme.test".to_owned()),
                "LONG" => Given::Set("x".repeat(1 << 19)),
                "MYSTERY" => Given::Unknown,
                _ => Given::Unset,
            };
            Found { given, holds_secret: false }
        };
        let made = Substituter::default().compose(&Placed::linear(text, 0), &lookup)?;
        Ok(if made.is_unknown { "?".to_owned() } else { made.placed.text })
    }

    #[test]
    fn what_a_reference_brings_in_is_bounded() {
        assert_eq!(compose(&"$LONG".repeat(3)), Err(Refusal::TooMuch));
        assert_eq!(compose(&"${A:-".repeat(100_000)), Err(Refusal::Invalid));
        let nested = "${A:-".repeat(1000) + &"}".repeat(1000);
        assert_eq!(compose(&nested), Err(Refusal::TooMuch));
        let many = "${A:-x}".repeat(100_000);
        assert_eq!(compose(&many).map(|made| made.len()), Ok(100_000));
    }

    #[test]
    fn an_unknown_variable_makes_the_text_unknown() {
        assert_eq!(compose("https://${MYSTERY}/"), Ok("?".to_owned()));
        assert_eq!(compose("${HOST:-$MYSTERY}"), Ok("acme.test".to_owned()));
    }
}
