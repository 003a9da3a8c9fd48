//! What an export states, where, and how well it is known what that means.

use crate::idps::facts::Source;
use crate::source::{KeyPath, Span};

/// A value of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated<T> {
    /// What it says.
    pub value: T,
    /// Where it stands; where it would stand inside, if it is not written.
    pub span: Span,
    /// The way to it.
    pub path: KeyPath,
    /// How it is known what the key means.
    pub source: Source,
    /// Whether nothing is written and this is what the provider then does.
    pub is_default: bool,
}

impl<T> Stated<T> {
    /// Whether a finding of severity error may rest on this alone.
    pub fn carries_error(&self) -> bool {
        self.source.carries_error()
    }

    /// Something else that follows from the same place.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Stated<U> {
        let Self { value, span, path, source, is_default } = self;
        Stated { value: with(value), span, path, source, is_default }
    }
}

/// Whether the name of an algorithm, in any provider's spelling, means SHA-1: `rsa-sha1`,
/// `RSA_SHA1`, `SHA1`, `http://www.w3.org/2000/09/xmldsig#sha1`.
pub fn is_sha1(algorithm: &str) -> bool {
    let name: String = algorithm.chars().filter(char::is_ascii_alphanumeric).collect();
    name.to_ascii_lowercase().ends_with("sha1")
}
