//! The way from the root of a document to a value.

use std::fmt;

use super::bare_name;

/// One step from a map or list to what lies inside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The value under a key of a map.
    Key(String),
    /// An item of a list, from 0.
    Index(usize),
}

/// The way from the root of a document to a value: `sso.identity_providers[0].server_url`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyPath(pub Vec<Step>);

impl KeyPath {
    /// This path, one key deeper.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.then(Step::Key(key.to_owned()))
    }

    /// This path, one list item deeper.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => key_step(f, bare_name(key), n == 0)?,
            }
        }
        Ok(())
    }
}

fn key_step(f: &mut fmt::Formatter<'_>, key: &str, is_first: bool) -> fmt::Result {
    match key {
        key if is_plain_key(key) && is_first => f.write_str(key),
        key if is_plain_key(key) => write!(f, ".{key}"),
        key => write!(f, "[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

fn is_plain_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}
