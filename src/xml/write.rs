//! Writing XML: a tree of elements, laid out for people, that reads back as what went in.

use std::fmt::{self, Write as _};

/// An element to write. Names are the writer's own, values may be anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    content: Content,
}

/// What an element holds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Tags(Vec<Tag>),
    Text(String),
}

/// A value with a character that XML cannot hold (XML 1.0 section 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unwritable(pub char);

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "XML cannot hold the character U+{:04X}", u32::from(self.0))
    }
}

impl std::error::Error for Unwritable {}

impl Tag {
    /// An element with nothing in it.
    pub fn new(name: &'static str) -> Self {
        Self { name, attributes: Vec::new(), content: Content::Tags(Vec::new()) }
    }

    /// An element that holds text.
    pub fn text(name: &'static str, text: impl Into<String>) -> Self {
        Self { name, attributes: Vec::new(), content: Content::Text(text.into()) }
    }

    /// With one more attribute.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// With an attribute, where there is a value for it.
    #[must_use]
    pub fn with_some(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With more elements in it, behind those that are there; text gives way.
    #[must_use]
    pub fn holding(mut self, tags: impl IntoIterator<Item = Self>) -> Self {
        match &mut self.content {
            Content::Tags(own) => own.extend(tags),
            Content::Text(_) => self.content = Content::Tags(tags.into_iter().collect()),
        }
        self
    }

    /// The document.
    pub fn document(&self) -> Result<String, Unwritable> {
        let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
        self.write(0, &mut out)?;
        Ok(out)
    }

    fn write(&self, depth: usize, out: &mut String) -> Result<(), Unwritable> {
        let indent = "  ".repeat(depth);
        out.extend([&indent, "<", self.name]);
        for (name, value) in &self.attributes {
            out.extend([" ", name, "=\"", &escaped(value, true)?, "\""]);
        }
        match &self.content {
            Content::Text(text) => out.extend([">", &escaped(text, false)?]),
            Content::Tags(tags) if tags.is_empty() => {
                out.push_str("/>\n");
                return Ok(());
            }
            Content::Tags(tags) => {
                out.push_str(">\n");
                for tag in tags {
                    tag.write(depth + 1, out)?;
                }
                out.push_str(&indent);
            }
        }
        out.extend(["</", self.name, ">\n"]);
        Ok(())
    }
}

/// What a reader would change (line ends, white space in attributes) goes as a reference.
fn escaped(text: &str, in_attribute: bool) -> Result<String, Unwritable> {
    let mut out = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\r' => out.push_str("&#xD;"),
            '\n' | '\t' if in_attribute => {
                write!(out, "&#x{:X};", u32::from(one)).expect("a string takes everything");
            }
            '\n' | '\t' => out.push(one),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => return Err(Unwritable(one)),
            _ => out.push(one),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::{Tag, Unwritable};
    use crate::xml::Limits;
    use crate::xml::tree::Document;

    #[test]
    fn every_value_reads_back_as_it_was_given() {
        let value = " a\tb\r\nc\rd\n\"e\" 'f' <g> & ]]> \u{85} \u{1F600} ";
        let xml = Tag::new("a").with("b", value).holding([Tag::text("c", value)]);
        let document = xml.document().expect("it can be written");
        let read = Document::read(&document, Limits::default()).expect("it can be read");
        let root = read.element(read.root()).expect("an element");
        assert_eq!(root.attribute("b").expect("b").value.value, value);
        assert_eq!(read.text(read.elements(read.root()).next().expect("c")), value);
    }

    #[test]
    fn characters_that_xml_cannot_hold_are_refused() {
        for bad in ['\0', '\u{1}', '\u{B}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
            assert_eq!(Tag::text("a", bad).document(), Err(Unwritable(bad)));
            assert_eq!(Tag::new("a").with("b", bad).document(), Err(Unwritable(bad)));
        }
        assert!(Tag::text("a", '\u{FFFD}').document().is_ok());
    }
}
