//! A saved web page whose form posts a message by itself.

use std::borrow::Cow;

use crate::saml::binding::parameters::Parameters;

/// The fields of the first form of a page that carries a message.
pub(super) fn fields(html: &str) -> Option<Parameters> {
    if !MARKS.iter().any(|mark| html.contains(mark)) {
        return None;
    }
    let mut fields: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let Some((name, attributes)) = tag(rest) else { continue };
        if name.eq_ignore_ascii_case("form") {
            if has_message(&fields) {
                break;
            }
            fields.clear();
        } else if name.eq_ignore_ascii_case("input") {
            let of = |wanted: &str| {
                let mut all = attributes.iter();
                all.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| *value)
            };
            if let (Some(name), Some(value)) = (of("name"), of("value")) {
                fields.push((unescaped(name), unescaped(value)));
            }
        }
    }
    let pairs = fields.iter().map(|(name, value)| (name.as_ref(), value.as_ref()));
    has_message(&fields).then(|| Parameters::decoded(pairs))
}

fn has_message(fields: &[(Cow<'_, str>, Cow<'_, str>)]) -> bool {
    fields.iter().any(|(name, _)| MARKS.contains(&name.as_ref()))
}

/// Name and attributes of the tag that begins a text, without its angle bracket.
fn tag(text: &str) -> Option<(&str, Vec<(&str, &str)>)> {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
    let (name, mut rest) = text.split_at(end);
    let is_wanted = WANTED.iter().any(|wanted| name.eq_ignore_ascii_case(wanted));
    let mut attributes = Vec::new();
    while !rest.is_empty() {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if !is_wanted
            || rest.is_empty()
            || rest.starts_with('>')
            || attributes.len() >= MOST_ATTRIBUTES
        {
            break;
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'));
        let (attribute, behind) = rest.split_at(end.unwrap_or(rest.len()).max(1).min(rest.len()));
        let Some(value) = behind.trim_start().strip_prefix('=') else {
            attributes.push((attribute, ""));
            rest = behind;
            continue;
        };
        let value = value.trim_start();
        let (value, behind) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(
                value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len()),
            ),
        };
        attributes.push((attribute, value));
        rest = behind;
    }
    Some((name, attributes))
}

/// A text with its character references resolved; unknown ones stay.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.as_bytes().iter().take(LONGEST_REFERENCE).position(|byte| *byte == b';');
        match end.and_then(|end| Some((reference(&rest[..end])?, end))) {
            Some((c, end)) => {
                plain.push(c);
                rest = &rest[end + 1..];
            }
            None => plain.push('&'),
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let digits = number.strip_prefix(['x', 'X']);
        let code = digits.map_or_else(|| number.parse(), |digits| u32::from_str_radix(digits, 16));
        return char::from_u32(code.ok()?);
    }
    REFERENCES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

const MARKS: [&str; 2] = ["SAMLResponse", "SAMLRequest"];
const WANTED: [&str; 2] = ["form", "input"];
const MOST_ATTRIBUTES: usize = 64;
const LONGEST_REFERENCE: usize = 12;
/// The references that pages write into values (HTML, section 13.5).
const REFERENCES: [(&str, char); 11] = [
    ("NewLine", '\n'),
    ("Tab", '\t'),
    ("amp", '&'),
    ("apos", '\''),
    ("colon", ':'),
    ("equals", '='),
    ("gt", '>'),
    ("lt", '<'),
    ("plus", '+'),
    ("quot", '"'),
    ("sol", '/'),
];
