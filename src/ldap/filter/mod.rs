//! Search filters (RFC 4515).
//!
//! What is accepted is what libldap's `ldap_search` accepts (compared with 2.5.13), which checks a
//! filter before it asks any server. Beyond the RFC these are a single test without parentheses,
//! blanks before parentheses and `\(`, `\)`, `\*`, `\\` as escapes (RFC 1960); `(!(a=b) )` with a
//! blank is refused. An empty text stands for `(objectClass=*)`. Placeholders of templates such as
//! `%(user)s` and `{0}` are plain text inside values.

mod error;
mod item;
mod reader;

use std::fmt;

use crate::source::{Span, Spanned};

pub use self::error::{FilterError, FilterErrorKind};

/// A search filter: tests, and what joins them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The parts, each after the parts inside it; the last one is the whole.
    pub nodes: Vec<Node>,
    /// Whether the text begins with a parenthesis; without one it can be a single test only, and
    /// some libraries refuse it.
    pub is_parenthesised: bool,
}

/// One part of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// From its opening to behind its closing parenthesis.
    pub span: Span,
}

/// What a part of a filter is. Numbers are places in [`Filter::nodes`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// All of these; true where there are none (RFC 4526).
    And(Vec<usize>),
    /// A single test.
    Item(Item),
    /// The reverse of this one.
    Not(usize),
    /// Any of these; false where there are none (RFC 4526).
    Or(Vec<usize>),
}

/// A single test of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The attribute with its options, as written; an extensible test may lack it.
    pub attribute: Option<Spanned<String>>,
    /// What is asked of the attribute.
    pub test: Test,
    /// Where the value stands.
    pub value_span: Span,
}

/// What is asked of an attribute. Values are without escapes and may be no UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// `~=`.
    Approximate(Vec<u8>),
    /// `=`.
    Equality(Vec<u8>),
    /// `:=`, by a matching rule.
    Extensible {
        /// The name or OID of the rule.
        rule: Option<String>,
        /// Whether the entry's own name is looked at as well (`:dn`).
        with_dn: bool,
        /// The value.
        value: Vec<u8>,
    },
    /// `>=`.
    GreaterOrEqual(Vec<u8>),
    /// `<=`.
    LessOrEqual(Vec<u8>),
    /// `=*`.
    Presence,
    /// `=` with `*` inside: what stands before, between and behind the stars. The first and the
    /// last may be empty.
    Substrings(Vec<Vec<u8>>),
}

impl Filter {
    /// Reads a filter.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        reader::read(text)
    }

    /// The single tests in the order of the text.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.nodes.iter().filter_map(|node| match &node.kind {
            NodeKind::Item(item) => Some(item),
            _ => None,
        })
    }
}

impl Item {
    /// Whether the attribute is this one, in any case of letters and with any options.
    pub fn is_about(&self, name: &str) -> bool {
        let attribute = self.attribute.as_ref().and_then(|name| name.value.split(';').next());
        attribute.is_some_and(|attribute| attribute.eq_ignore_ascii_case(name))
    }
}

/// The filter as RFC 4515 writes it.
impl fmt::Display for Filter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut steps = vec![Step::Open(self.nodes.len() - 1)];
        while let Some(step) = steps.pop() {
            let Step::Open(at) = step else {
                out.write_str(")")?;
                continue;
            };
            let (mark, parts) = match &self.nodes[at].kind {
                NodeKind::And(parts) => ("(&", parts.as_slice()),
                NodeKind::Item(item) => {
                    write!(out, "({item})")?;
                    continue;
                }
                NodeKind::Not(part) => ("(!", std::slice::from_ref(part)),
                NodeKind::Or(parts) => ("(|", parts.as_slice()),
            };
            out.write_str(mark)?;
            steps.push(Step::Close);
            steps.extend(parts.iter().rev().map(|&part| Step::Open(part)));
        }
        Ok(())
    }
}

/// What is still to be written of a filter.
enum Step {
    /// The parenthesis that ends a part.
    Close,
    /// A part, by its number.
    Open(usize),
}

impl fmt::Display for Item {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.attribute.as_ref().map_or("", |name| &name.value))?;
        match &self.test {
            Test::Approximate(value) => write_value(out, "~=", value),
            Test::Equality(value) => write_value(out, "=", value),
            Test::Extensible { rule, with_dn, value } => {
                out.write_str(if *with_dn { ":dn" } else { "" })?;
                rule.iter().try_for_each(|rule| write!(out, ":{rule}"))?;
                write_value(out, ":=", value)
            }
            Test::GreaterOrEqual(value) => write_value(out, ">=", value),
            Test::LessOrEqual(value) => write_value(out, "<=", value),
            Test::Presence => out.write_str("=*"),
            Test::Substrings(parts) => {
                let marks = ["="].into_iter().chain(std::iter::repeat("*"));
                marks.zip(parts).try_for_each(|(mark, part)| write_value(out, mark, part))
            }
        }
    }
}

fn write_value(out: &mut fmt::Formatter<'_>, mark: &str, value: &[u8]) -> fmt::Result {
    out.write_str(mark)?;
    for chunk in value.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\0'..='\x1f' | '\x7f' | '(' | ')' | '*' | '\\' => {
                    write!(out, "\\{:02x}", u32::from(c))?;
                }
                c => write!(out, "{c}")?,
            }
        }
        chunk.invalid().iter().try_for_each(|byte| write!(out, "\\{byte:02x}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(text: &str) -> Filter {
        Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn placeholders_are_plain_text_inside_values() {
        for text in [
            "(uid=%(user)s)",
            "(|(mail=%(user)s)(uid=%(user)s))",
            "(&(objectClass=person)(sAMAccountName={0}))",
            "(mail=*%(user)s*)",
            "(memberOf:1.2.840.113556.1.4.1941:=cn=%(group)s,dc=acme,dc=test)",
            "(uid=${USER})",
        ] {
            let shown = filter(text).to_string().replace("%\\28", "%(").replace("\\29s", ")s");
            assert_eq!(shown, text);
        }
        for text in ["(uid=%(user))", "(uid=%(us er)s)", "(uid=(user)s)", "(%(attr)s=x)"] {
            assert!(Filter::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn items_stand_in_the_order_of_the_text_with_their_places() {
        let text = "(&(objectClass=user)(|(mail;lang-de=a\\2a)(cn>=b))(!(uid=*)))";
        let filter = filter(text);
        let shown = |span: Span| &text[span.range()];
        let attributes = filter.items().filter_map(|item| item.attribute.as_ref());
        let attributes: Vec<_> = attributes.map(|name| shown(name.span)).collect();
        assert_eq!(attributes, ["objectClass", "mail;lang-de", "cn", "uid"]);
        let values: Vec<_> = filter.items().map(|item| shown(item.value_span)).collect();
        assert_eq!(values, ["user", "a\\2a", "b", "*"]);
        assert!(filter.items().any(|item| item.is_about("MAIL")));
        let nodes: Vec<_> = filter.nodes.iter().map(|node| shown(node.span)).collect();
        assert_eq!(nodes[3], "(|(mail;lang-de=a\\2a)(cn>=b))");
        assert_eq!(nodes[5], "(!(uid=*))");
        assert_eq!(nodes.last().copied(), Some(text));
        assert!(filter.is_parenthesised);
    }

    #[test]
    fn a_single_test_may_stand_without_parentheses() {
        let one = filter("uid=%(user)s");
        assert!(!one.is_parenthesised);
        assert!(Filter::parse("&(uid=a)(mail=b)").is_err());
        assert!(filter("").is_parenthesised);
        assert_eq!(filter("").to_string(), "(objectClass=*)");
    }
}
