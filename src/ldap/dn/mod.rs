//! Distinguished names (RFC 4514).
//!
//! What is accepted is what libldap's `ldap_str2dn` accepts without flags (compared with 2.5.13):
//! beyond the RFC these are blanks around separators, `;` between names, values in quotes (RFC
//! 1779) and attribute options, which it drops. [`Dn::notes`] says where a name makes use of them.

mod error;
mod names;
mod reader;

use std::fmt;

use crate::source::{Span, Spanned};

pub use self::error::{DnError, DnErrorKind};

/// A distinguished name, from the entry itself up to the root of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dn {
    /// The relative names, the entry's own first. Empty for the root of the tree.
    pub rdns: Vec<Rdn>,
    /// Where the text departs from RFC 4514 and libldap still takes it.
    pub notes: Vec<Spanned<Note>>,
}

/// A relative distinguished name: what tells an entry from its neighbours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rdn {
    /// Attributes with their values: nearly always one, several where joined by `+`.
    pub attributes: Vec<Attribute>,
    /// From the first attribute type to the end of the last value.
    pub span: Span,
}

/// An attribute type with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The type as written, a descriptor or an OID, without options.
    pub name: Spanned<String>,
    /// The value without escapes. It may be no UTF-8.
    pub value: Spanned<Vec<u8>>,
    /// How the value was written.
    pub form: Form,
}

/// How a value was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As `#` and hexadecimal digits: an encoding, not a text (RFC 4514 section 2.4).
    Hexadecimal,
    /// In double quotes (RFC 1779).
    Quoted,
    /// As text with escapes.
    Text,
}

/// A way of writing that RFC 4514 does not know and libldap takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// Text behind a blank in a `#` value, which is not read.
    IgnoredText,
    /// An option such as `;lang-de` behind an attribute type, which is dropped.
    Option,
    /// A value in double quotes.
    Quoted,
    /// `;` where `,` is meant.
    Semicolon,
}

impl Dn {
    /// Reads a name; an empty text is the root of the tree.
    pub fn parse(text: &str) -> Result<Self, DnError> {
        reader::read(text)
    }

    /// How many entries there are from the root down to this one.
    pub fn depth(&self) -> usize {
        self.rdns.len()
    }

    /// The first common name from the left, such as a group's `cn`.
    pub fn first_cn(&self) -> Option<&str> {
        let mut attributes = self.rdns.iter().flat_map(|rdn| &rdn.attributes);
        attributes.find(|attribute| attribute.is("cn")).and_then(Attribute::text)
    }

    /// The part that names the directory: the trailing `dc` names, or where there are none the
    /// trailing `o`, `l`, `st` and `c` names. Empty for names such as `cn=config`.
    pub fn suffix(&self) -> &[Rdn] {
        let trailing = |types: &[&str]| {
            let is_part = |rdn: &&Rdn| types.iter().any(|name| rdn.is(name));
            self.rdns.len() - self.rdns.iter().rev().take_while(is_part).count()
        };
        let components = trailing(&["dc"]);
        let start = if components < self.rdns.len() {
            components
        } else {
            trailing(&["o", "l", "st", "c"])
        };
        &self.rdns[start..]
    }

    /// Whether both name the same directory, by [`Dn::suffix`].
    pub fn has_suffix_of(&self, other: &Self) -> bool {
        are_same(self.suffix(), other.suffix())
    }

    /// Whether both name the same entry, as most attributes are compared: without regard to the
    /// case of letters and the number of blanks.
    pub fn is_same(&self, other: &Self) -> bool {
        are_same(&self.rdns, &other.rdns)
    }

    /// Whether this is `base` or an entry below it.
    pub fn is_within(&self, base: &Self) -> bool {
        let above = self.rdns.len().checked_sub(base.rdns.len());
        above.is_some_and(|start| are_same(&self.rdns[start..], &base.rdns))
    }
}

/// The name as RFC 4514 writes it.
impl fmt::Display for Dn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(out, &self.rdns, ",")
    }
}

impl Rdn {
    /// Whether its only attribute is of this type.
    pub fn is(&self, name: &str) -> bool {
        matches!(self.attributes.as_slice(), [attribute] if attribute.is(name))
    }

    fn is_same(&self, other: &Self) -> bool {
        let holds = |rdn: &Self, wanted: &Attribute| {
            rdn.attributes.iter().any(|attribute| attribute.is_same(wanted))
        };
        self.attributes.len() == other.attributes.len()
            && self.attributes.iter().all(|attribute| holds(other, attribute))
            && other.attributes.iter().all(|attribute| holds(self, attribute))
    }
}

impl fmt::Display for Rdn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(out, &self.attributes, "+")
    }
}

impl Attribute {
    /// Whether the type is this one, under any of its names: `cn`, `commonName`, `2.5.4.3`.
    pub fn is(&self, name: &str) -> bool {
        names::are_same(&self.name.value, name)
    }

    /// The value as text; none for an encoded value or one that is no UTF-8.
    pub fn text(&self) -> Option<&str> {
        let is_text = self.form != Form::Hexadecimal;
        str::from_utf8(&self.value.value).ok().filter(|_| is_text)
    }

    fn is_same(&self, other: &Self) -> bool {
        let is_same_value = match (self.text(), other.text()) {
            (Some(one), Some(two)) => folded(one).eq(folded(two)),
            _ => self.form == other.form && self.value.value == other.value.value,
        };
        self.is(&other.name.value) && is_same_value
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}=", self.name.value)?;
        if self.form == Form::Hexadecimal {
            out.write_str("#")?;
            return self.value.value.iter().try_for_each(|byte| write!(out, "{byte:02X}"));
        }
        let last = self.value.value.len();
        let mut at = 0;
        for chunk in self.value.value.utf8_chunks() {
            for c in chunk.valid().chars() {
                at += c.len_utf8();
                let is_edge = (at == 1 && matches!(c, ' ' | '#')) || (at == last && c == ' ');
                match c {
                    '\0'..='\x1f' | '\x7f' => write!(out, "\\{:02X}", u32::from(c))?,
                    _ if is_edge || SPECIAL.contains(&c) => write!(out, "\\{c}")?,
                    _ => write!(out, "{c}")?,
                }
            }
            at += chunk.invalid().len();
            chunk.invalid().iter().try_for_each(|byte| write!(out, "\\{byte:02X}"))?;
        }
        Ok(())
    }
}

fn write_joined<T: fmt::Display>(
    out: &mut fmt::Formatter<'_>,
    parts: &[T],
    separator: &str,
) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        out.write_str(if at == 0 { "" } else { separator })?;
        write!(out, "{part}")?;
    }
    Ok(())
}

fn are_same(one: &[Rdn], two: &[Rdn]) -> bool {
    one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.is_same(two))
}

/// The letters of a value in small, its words one blank apart (RFC 4518).
fn folded(value: &str) -> impl Iterator<Item = String> {
    value.split_ascii_whitespace().map(str::to_lowercase)
}

/// What a value holds only behind a backslash (RFC 4514 section 2.4).
const SPECIAL: [char; 8] = ['"', '+', ',', ';', '<', '=', '>', '\\'];

#[cfg(test)]
mod tests {
    use super::*;

    fn dn(text: &str) -> Dn {
        Dn::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn suffix(text: &str) -> String {
        let rdns = dn(text).suffix().to_vec();
        Dn { rdns, notes: Vec::new() }.to_string()
    }

    #[test]
    fn the_suffix_is_what_names_the_directory() {
        for (text, expected) in [
            ("cn=Ann,ou=People,dc=acme,dc=test", "dc=acme,dc=test"),
            ("uid=ann,ou=Users,o=5f,DC=acme,dc=test", "DC=acme,dc=test"),
            ("cn=Ann,o=Acme,c=DE", "o=Acme,c=DE"),
            ("dc=acme,dc=test", "dc=acme,dc=test"),
            ("dc=odd+ou=x,dc=test", "dc=test"),
            ("cn=admin,cn=config", ""),
            ("", ""),
        ] {
            assert_eq!(suffix(text), expected, "{text}");
        }
    }

    #[test]
    fn suffixes_and_names_are_compared_without_regard_to_case_and_blanks() {
        let one = dn("CN=Ann  Example, OU=People, DC=Acme, DC=test");
        for (other, is_same, has_suffix) in [
            ("commonName=ann example,ou=people,dc=acme,dc=TEST", true, true),
            ("2.5.4.3=ANN EXAMPLE,ou=people,dc=acme,dc=test", true, true),
            ("cn=ann,ou=people,dc=acme,dc=test", false, true),
            ("cn=ann example,ou=people,dc=zacme,dc=test", false, false),
            ("ou=people,dc=acme,dc=test", false, true),
            ("", false, false),
        ] {
            assert_eq!(one.is_same(&dn(other)), is_same, "{other}");
            assert_eq!(one.has_suffix_of(&dn(other)), has_suffix, "{other}");
        }
        assert!(one.is_within(&dn("dc=acme,dc=test")) && one.is_within(&dn("")));
        assert!(one.is_within(&one) && !dn("dc=test").is_within(&dn("dc=acme,dc=test")));
        assert!(dn("cn=a+sn=b").is_same(&dn("sn=B+cn=A")));
        assert!(!dn("cn=a+cn=a").is_same(&dn("cn=a+cn=b")));
    }

    #[test]
    fn the_first_common_name_is_read_from_the_left() {
        for (text, expected) in [
            ("cn=Admins,ou=Groups,dc=acme,dc=test", Some("Admins")),
            ("uid=ann,CN=Users,dc=acme,dc=test", Some("Users")),
            ("uid=1+commonName=A\\, B,dc=test", Some("A, B")),
            ("cn=#0402,dc=test", None),
            ("dc=test", None),
        ] {
            assert_eq!(dn(text).first_cn(), expected, "{text}");
        }
        assert_eq!(dn("cn=a,dc=b").depth(), 2);
    }

    #[test]
    fn spans_and_notes_say_where_things_stand() {
        let text = "cn;lang-de=\"a,b\" ; ou = x \\  , dc=#01 zz";
        let dn = dn(text);
        let shown = |span: Span| &text[span.range()];
        let spans: Vec<_> = dn
            .rdns
            .iter()
            .flat_map(|rdn| &rdn.attributes)
            .map(|attribute| (shown(attribute.name.span), shown(attribute.value.span)))
            .collect();
        assert_eq!(spans, [("cn", "\"a,b\""), ("ou", "x \\ "), ("dc", "#01")]);
        let notes: Vec<_> = dn.notes.iter().map(|note| (note.value, shown(note.span))).collect();
        let expected = [
            (Note::Option, ";lang-de"),
            (Note::Quoted, "\"a,b\""),
            (Note::Semicolon, ";"),
            (Note::IgnoredText, "zz"),
        ];
        assert_eq!(notes, expected);
        assert_eq!(shown(dn.rdns[1].span), "ou = x \\ ");
    }
}
