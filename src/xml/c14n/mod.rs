//! The canonical form of XML: Canonical XML 1.0 and 1.1, Exclusive XML Canonicalization 1.0.
//!
//! One writer takes events, from a tree or from a stream. It writes what it is given and knows of
//! no subsets: the apex element with all below it, but for one subtree that is not handed to it.

mod base;
mod enveloped;
mod inherited;
mod writer;

use std::fmt;

use crate::source::Span;
use crate::xml::tree::{Document, Kind, NodeId};

pub use self::enveloped::Enveloped;
pub use self::writer::{Canonicalizer, Each, Sink};

/// How a canonical form is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonicalization {
    /// Which namespaces and attributes of elements around go in.
    pub method: Method,
    /// Whether comments go in.
    pub with_comments: bool,
    /// Prefixes that exclusive canonicalisation treats as the inclusive one does
    /// (`InclusiveNamespaces/@PrefixList`); the empty one is `#default`.
    pub prefixes: Vec<String>,
}

/// Which canonicalisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Exclusive XML Canonicalization 1.0.
    Exclusive,
    /// Canonical XML 1.0.
    Inclusive10,
    /// Canonical XML 1.1.
    Inclusive11,
}

impl Canonicalization {
    /// The canonicalisation that an algorithm identifier names.
    pub fn from_uri(uri: &str) -> Option<Self> {
        let (plain, with_comments) = match uri.strip_suffix(WITH_COMMENTS) {
            Some(plain) => (plain, true),
            None => (uri, false),
        };
        // Exclusive canonicalisation ends with `#` where the others have it before their suffix.
        let plain = plain.strip_suffix('#').unwrap_or(plain);
        let (_, method) = METHODS.into_iter().find(|(known, _)| *known == plain)?;
        let found = Self { method, with_comments, prefixes: Vec::new() };
        (found.uri() == uri).then_some(found)
    }

    /// Its algorithm identifier.
    pub fn uri(&self) -> String {
        let (known, _) = METHODS
            .into_iter()
            .find(|(_, method)| *method == self.method)
            .expect("every method has its identifier");
        match (self.method, self.with_comments) {
            (_, true) => format!("{known}#{WITH_COMMENTS}"),
            (Method::Exclusive, false) => format!("{known}#"),
            (_, false) => known.to_owned(),
        }
    }

    /// Takes in a `PrefixList`: prefixes apart by white space, `#default` for the default.
    #[must_use]
    pub fn with_prefix_list(mut self, list: &str) -> Self {
        let prefixes = list.split_ascii_whitespace();
        self.prefixes
            .extend(prefixes.map(|one| if one == "#default" { "" } else { one }.to_owned()));
        self
    }
}

/// Why there is no canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum C14nError {
    /// The apex is no element.
    NoElement,
    /// A namespace is no absolute URI, which canonicalisation does not allow; where, if known.
    RelativeNamespace(String, Option<Span>),
    /// Events ended inside an element, or before the first.
    Unfinished,
}

impl fmt::Display for C14nError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoElement => f.write_str("only an element has a canonical form"),
            Self::RelativeNamespace(uri, _) => {
                let uri = crate::source::printable(uri);
                write!(f, "the namespace `{uri}` is no absolute URI, so there is no canonical form")
            }
            Self::Unfinished => f.write_str("the document ends before its canonical form does"),
        }
    }
}

impl std::error::Error for C14nError {}

/// The canonical form of an element and all below it, but for exactly one subtree.
pub fn canonical(
    document: &Document,
    apex: NodeId,
    omit: Option<NodeId>,
    how: &Canonicalization,
) -> Result<Vec<u8>, C14nError> {
    if document.element(apex).is_none() || omit == Some(apex) {
        return Err(C14nError::NoElement);
    }
    let mut writer = Canonicalizer::new(how.clone(), Vec::new());
    let mut around: Vec<NodeId> = document.ancestors(apex).collect();
    around.reverse();
    for element in around.into_iter().filter_map(|id| document.element(id)) {
        writer.around(element);
    }
    write(document, apex, omit, &mut writer)?;
    writer.finish()
}

/// The canonical form of a whole document, with what stands around its root element.
pub fn canonical_document(
    document: &Document,
    how: &Canonicalization,
) -> Result<Vec<u8>, C14nError> {
    let mut writer = Canonicalizer::new(how.clone(), Vec::new());
    for id in document.top() {
        write(document, id, None, &mut writer)?;
    }
    writer.finish()
}

/// Writes a node and all below it, but for one subtree.
fn write(
    document: &Document,
    apex: NodeId,
    omit: Option<NodeId>,
    writer: &mut Canonicalizer<Vec<u8>>,
) -> Result<(), C14nError> {
    let mut open: Vec<NodeId> = Vec::new();
    let mut skipped = document.subtree(None);
    for id in document.descendants(apex) {
        if skipped.contains(&id) {
            continue;
        }
        while open.last().is_some_and(|&around| document.parent(id) != Some(around)) {
            open.pop();
            writer.end();
        }
        if omit == Some(id) {
            skipped = document.subtree(omit);
            continue;
        }
        match document.kind(id) {
            Kind::Comment(text) => writer.comment(text),
            Kind::Element(element) => {
                writer.start(element).map_err(|error| error.at(element.start_tag))?;
                open.push(id);
            }
            Kind::Instruction { target, data } => writer.instruction(target, data),
            Kind::Text(text) => writer.text(text),
        }
    }
    for _ in open {
        writer.end();
    }
    Ok(())
}

impl C14nError {
    /// The error with its place.
    fn at(self, span: Span) -> Self {
        match self {
            Self::RelativeNamespace(uri, None) => Self::RelativeNamespace(uri, Some(span)),
            other => other,
        }
    }
}

/// Behind the identifiers of canonicalisations that keep comments.
const WITH_COMMENTS: &str = "WithComments";
/// The identifiers, without what follows `#`.
const METHODS: [(&str, Method); 3] = [
    ("http://www.w3.org/2001/10/xml-exc-c14n", Method::Exclusive),
    ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", Method::Inclusive10),
    ("http://www.w3.org/2006/12/xml-c14n11", Method::Inclusive11),
];

#[cfg(test)]
mod tests {
    use super::{C14nError, Canonicalization, Method, canonical, canonical_document};
    use crate::xml::Limits;
    use crate::xml::tree::{Document, NodeId};

    fn how(method: Method) -> Canonicalization {
        Canonicalization { method, with_comments: false, prefixes: Vec::new() }
    }

    fn document(text: &str) -> Document {
        Document::read(text, Limits::MESSAGE).expect("XML")
    }

    fn named(document: &Document, local: &str) -> NodeId {
        let is_it = |&id: &NodeId| document.element(id).is_some_and(|one| one.name.local == local);
        document.descendants(document.root()).find(is_it).expect("such an element")
    }

    fn of(text: &str, local: &str, how: &Canonicalization) -> String {
        let document = document(text);
        let bytes = canonical(&document, named(&document, local), None, how).expect("a form");
        String::from_utf8(bytes).expect("UTF-8")
    }

    #[test]
    fn attributes_are_sorted_and_characters_stand_as_references() {
        let text = "<a:r  xmlns:b='urn:z' xmlns:a='urn:y' b:x='1' a:y='2' z='<&#9;\"&#13;>'\
                    >&lt;&gt;&amp;&#13;\"<![CDATA[<x>]]><e/></a:r>"
            .replace("'<&", "'&lt;&");
        assert_eq!(
            of(&text, "r", &how(Method::Inclusive10)),
            "<a:r xmlns:a=\"urn:y\" xmlns:b=\"urn:z\" z=\"&lt;&#x9;&quot;&#xD;>\" a:y=\"2\" b:x=\"1\"\
             >&lt;&gt;&amp;&#xD;\"&lt;x&gt;<e></e></a:r>"
        );
    }

    #[test]
    fn exclusive_form_takes_only_namespaces_that_are_used() {
        let text =
            "<p:r xmlns='urn:d' xmlns:p='urn:p' xmlns:u='urn:u'><p:s><t xmlns=''/></p:s></p:r>";
        let exclusive = how(Method::Exclusive);
        assert_eq!(of(text, "s", &exclusive), "<p:s xmlns:p=\"urn:p\"><t></t></p:s>");
        assert_eq!(
            of(text, "s", &how(Method::Inclusive10)),
            "<p:s xmlns=\"urn:d\" xmlns:p=\"urn:p\" xmlns:u=\"urn:u\"><t xmlns=\"\"></t></p:s>"
        );
        assert_eq!(
            of(text, "s", &exclusive.with_prefix_list(" u  #default none")),
            "<p:s xmlns=\"urn:d\" xmlns:p=\"urn:p\" xmlns:u=\"urn:u\"><t xmlns=\"\"></t></p:s>"
        );
    }

    #[test]
    fn attributes_of_the_prefix_xml_are_taken_over_as_each_version_has_it() {
        let text = "<a xml:lang='de' xml:id='i' xml:base='http://h/x/y'><b xml:base='../z' xml:space='preserve'>\
                    <c xml:lang='en'/></b></a>";
        assert_eq!(
            of(text, "c", &how(Method::Inclusive10)),
            "<c xml:base=\"../z\" xml:id=\"i\" xml:lang=\"en\" xml:space=\"preserve\"></c>"
        );
        assert_eq!(
            of(text, "c", &how(Method::Inclusive11)),
            "<c xml:base=\"http://h/z\" xml:lang=\"en\" xml:space=\"preserve\"></c>"
        );
        assert_eq!(of(text, "c", &how(Method::Exclusive)), "<c xml:lang=\"en\"></c>");
    }

    #[test]
    fn exactly_one_subtree_is_left_out() {
        let document = document("<a>1<b>2<c/></b>3<b/></a>");
        let omit = Some(named(&document, "b"));
        let bytes = canonical(&document, document.root(), omit, &how(Method::Exclusive));
        assert_eq!(bytes.expect("a form"), b"<a>13<b></b></a>");
    }

    #[test]
    fn relative_namespaces_have_no_canonical_form() {
        let document = document("<a xmlns:x='urn:x'><b xmlns:n='rel/ative'/></a>");
        for method in [Method::Exclusive, Method::Inclusive10, Method::Inclusive11] {
            let result = canonical(&document, document.root(), None, &how(method));
            assert!(
                matches!(result, Err(C14nError::RelativeNamespace(uri, Some(_))) if uri == "rel/ative")
            );
        }
    }

    #[test]
    fn what_stands_around_the_root_has_lines_of_its_own() {
        let document =
            document("<?xml version='1.0'?><!--c--><?p  d ?>\n<r><!--i--></r>\n<!--e--><?q?>");
        let plain = canonical_document(&document, &how(Method::Inclusive10)).expect("a form");
        assert_eq!(plain, b"<?p d ?>\n<r></r>\n<?q?>");
        let with = Canonicalization { with_comments: true, ..how(Method::Inclusive10) };
        let with = canonical_document(&document, &with).expect("a form");
        assert_eq!(with, b"<!--c-->\n<?p d ?>\n<r><!--i--></r>\n<!--e-->\n<?q?>");
    }

    #[test]
    fn identifiers_name_their_canonicalisations() {
        for uri in [
            "http://www.w3.org/2001/10/xml-exc-c14n#",
            "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
            "http://www.w3.org/2006/12/xml-c14n11",
            "http://www.w3.org/2006/12/xml-c14n11#WithComments",
        ] {
            assert_eq!(Canonicalization::from_uri(uri).expect("a canonicalisation").uri(), uri);
        }
        for uri in [
            "http://www.w3.org/2001/10/xml-exc-c14n",
            "http://www.w3.org/2001/10/xml-exc-c14nWithComments",
            "http://www.w3.org/2006/12/xml-c14n11#",
            "",
        ] {
            assert_eq!(Canonicalization::from_uri(uri), None);
        }
    }
}
