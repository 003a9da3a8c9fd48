//! What a text is, at a glance, whatever it was said to be.

/// What kind of document a text begins like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Nothing but white space.
    Empty,
    /// A web page, such as the login page that an address gave instead of a document.
    Html,
    /// A JSON object or list.
    Json,
    /// Anything else.
    Other,
    /// A PEM block: a certificate or a key.
    Pem,
    /// An address, where the document behind it was meant.
    Url,
    /// XML that is no web page.
    Xml,
}

impl Nature {
    /// The nature of a text. Only its beginning is looked at.
    pub fn of(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Self::Empty;
        }
        if text.starts_with('<') {
            return if is_html(text) { Self::Html } else { Self::Xml };
        }
        if text.starts_with(['{', '[']) || text.starts_with("//") || text.starts_with("/*") {
            return Self::Json;
        }
        if text.starts_with("-----BEGIN ") {
            return Self::Pem;
        }
        let is_address = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
        if is_address && !text.contains(char::is_whitespace) { Self::Url } else { Self::Other }
    }

    /// What it is, for a sentence: "this is a web page".
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "an empty file",
            Self::Html => "a web page (HTML)",
            Self::Json => "JSON",
            Self::Other => "text of another kind",
            Self::Pem => "a PEM block",
            Self::Url => "an address",
            Self::Xml => "XML",
        }
    }
}

/// Whether the first thing that is no comment or instruction belongs to a web page.
fn is_html(text: &str) -> bool {
    let mut rest = text;
    for (open, close) in
        std::iter::repeat_n([("<!--", "-->"), ("<?", "?>")], MOST_PREAMBLES).flatten()
    {
        let inside = rest.strip_prefix(open).and_then(|inside| inside.split_once(close));
        rest = inside.map_or(rest, |(_, behind)| behind.trim_start());
    }
    let mut words = rest
        .get(1..)
        .unwrap_or_default()
        .split(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
    let first = words.next().unwrap_or_default().to_ascii_lowercase();
    match first.as_str() {
        "!doctype" => words
            .find(|word| !word.is_empty())
            .is_some_and(|word| word.eq_ignore_ascii_case("html")),
        first => PAGE_STARTS.contains(&first),
    }
}

/// How many comments and instructions are skipped before a document.
const MOST_PREAMBLES: usize = 16;

/// Elements that a web page may begin with.
const PAGE_STARTS: [&str; 7] = ["body", "div", "head", "html", "meta", "script", "title"];

#[cfg(test)]
mod tests {
    use super::Nature;

    #[test]
    fn documents_are_told_apart_by_their_beginning() {
        for (text, nature) in [
            ("", Nature::Empty),
            (" \n", Nature::Empty),
            ("<!DOCTYPE html><html>", Nature::Html),
            ("<!doctype HTML PUBLIC \"x\">", Nature::Html),
            ("<?xml version=\"1.0\"?>\n<!-- a -->\n<!-- b --><html xmlns=\"x\">", Nature::Html),
            ("<HEAD>", Nature::Html),
            ("<!DOCTYPE html5x>", Nature::Xml),
            ("<?xml version=\"1.0\"?><EntityDescriptor>", Nature::Xml),
            ("<html:x>", Nature::Xml),
            ("<!DOCTYPE x [", Nature::Xml),
            ("<", Nature::Xml),
            ("<é", Nature::Xml),
            ("\u{feff}{\"a\": 1}", Nature::Json),
            ("-----BEGIN CERTIFICATE-----", Nature::Pem),
            ("https://acme.test/metadata", Nature::Url),
            ("https://acme.test/ is it", Nature::Other),
            ("MIIC", Nature::Other),
        ] {
            assert_eq!(Nature::of(text), nature, "{text}");
        }
    }
}
