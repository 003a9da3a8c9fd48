//! Variables of the application's process.

use std::sync::Arc;

use crate::model::is_filled_in_later;
use crate::source::{Source, Span};

/// The variables that the given files set, the last one first where a name is set twice.
#[derive(Debug, Default)]
pub struct Environment {
    /// Whether any file that sets variables was read.
    pub given: bool,
    /// In the order of the files.
    pub variables: Vec<Variable>,
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
}

impl Environment {
    /// The variable as the process gets it: the last one set.
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().rev().find(|variable| variable.name == name)
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
        let value = if expands { self.expand(value) } else { value.to_owned() };
        let name = name.to_owned();
        self.variables.push(Variable { name, value, source: Arc::clone(source), span });
    }

    fn expand(&self, value: &str) -> String {
        let mut expanded = String::with_capacity(value.len());
        let mut rest = value;
        while let Some(at) = rest.find('$') {
            expanded.push_str(&rest[..at]);
            let (reference, name) = reference(&rest[at..]);
            match self.variable(name) {
                Some(variable) if !name.is_empty() => expanded.push_str(&variable.value),
                _ => expanded.push_str(reference),
            }
            rest = &rest[at + reference.len()..];
        }
        expanded + rest
    }
}

impl Variable {
    /// The value, unless something outside the file fills it in.
    pub fn known(&self) -> Option<&str> {
        (!is_filled_in_later(&self.value)).then_some(self.value.as_str())
    }
}

/// The reference at the start of a text that begins with `$`, and the name inside it.
fn reference(text: &str) -> (&str, &str) {
    if let Some(inside) = text.strip_prefix("${")
        && let Some(end) = inside.find('}')
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
