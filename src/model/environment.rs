//! Variables of the application's process.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::is_filled_in_later;
use crate::source::{Source, Span, is_secret_key};

/// The variables that the given files set, the last one first where a name is set twice.
#[derive(Debug)]
pub struct Environment {
    /// Whether any file that sets variables was read.
    pub given: bool,
    /// In the order of the files.
    pub variables: Vec<Variable>,
    last: HashMap<String, usize>,
    budget: usize,
}

/// One variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value with references to the variables before it replaced.
    pub value: String,
    /// The file.
    pub source: Arc<Source>,
    /// Where the value stands.
    pub span: Span,
    /// Whether a variable that names a secret is a part of the value.
    pub holds_secret: bool,
}

impl Environment {
    /// The variable as the process gets it: the last one set.
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.last.get(name).map(|&at| &self.variables[at])
    }

    /// Adds a variable; `${NAME}` and `$NAME` of variables set before are replaced.
    pub fn set(
        &mut self,
        name: &str,
        value: &str,
        expands: bool,
        source: &Arc<Source>,
        span: Span,
    ) {
        let (value, holds_secret) =
            if expands { self.expand(value) } else { (value.to_owned(), false) };
        let name = name.to_owned();
        self.last.insert(name.clone(), self.variables.len());
        self.variables.push(Variable {
            name,
            value,
            source: Arc::clone(source),
            span,
            holds_secret,
        });
    }

    /// The value with its references replaced, as long as the budget lasts: a few lines that refer
    /// to each other can fill a machine's memory.
    fn expand(&mut self, value: &str) -> (String, bool) {
        let mut expanded = String::with_capacity(value.len());
        let mut holds_secret = false;
        let mut rest = value;
        while let Some(at) = rest.find('$') {
            expanded.push_str(&rest[..at]);
            let (reference, name) = reference(&rest[at..]);
            let found = self.variable(name).filter(|_| !name.is_empty());
            let known = found.filter(|variable| variable.value.len() <= self.budget);
            match known {
                Some(variable) => {
                    holds_secret |= variable.holds_secret || is_secret_key(&variable.name);
                    expanded.push_str(&variable.value);
                    let spent = variable.value.len();
                    self.budget -= spent;
                }
                None => expanded.push_str(reference),
            }
            rest = &rest[at + reference.len()..];
        }
        (expanded + rest, holds_secret)
    }
}

impl Default for Environment {
    fn default() -> Self {
        Self { given: false, variables: Vec::new(), last: HashMap::new(), budget: MOST_EXPANDED }
    }
}

impl Variable {
    /// The value, unless something outside the file fills it in or a secret is a part of it.
    pub fn known(&self) -> Option<&str> {
        let is_known = !self.holds_secret && !is_filled_in_later(&self.value);
        is_known.then_some(self.value.as_str())
    }
}

/// Bytes that references may bring in.
const MOST_EXPANDED: usize = 1 << 20;
/// Bytes of the longest name in `${...}`.
const LONGEST_NAME: usize = 256;

/// The reference at the start of a text that begins with `$`, and the name inside it.
fn reference(text: &str) -> (&str, &str) {
    if let Some(inside) = text.strip_prefix("${")
        && let Some(end) = inside[..inside.floor_char_boundary(LONGEST_NAME)].find('}')
    {
        let name = &inside[..end];
        return (&text[..end + 3], name.split(":-").next().unwrap_or(name));
    }
    let end = text[1..]
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .map_or(text.len(), |n| n + 1);
    (&text[..end], &text[1..end])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Environment, Source, Span};

    #[test]
    fn references_to_earlier_variables_are_replaced_and_others_kept() {
        let source = Arc::new(Source::new(".env", String::new()));
        let mut environment = Environment::default();
        environment.set("HOST", "cvat.acme.test", true, &source, Span::default());
        environment.set("URL", "https://${HOST}:$PORT/$HOST", true, &source, Span::default());
        let url = environment.variable("URL").map(|variable| variable.value.as_str());
        assert_eq!(url, Some("https://cvat.acme.test:$PORT/cvat.acme.test"));
    }
}
