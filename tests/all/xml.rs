//! The XML reader, its tree and the canonical forms: what they hold whatever the document.

use std::io::BufReader;

use proptest::prelude::{Strategy, any, prop};
use proptest::sample::select;
use proptest::{prop_assert_eq, prop_oneof, proptest};
use ssoctl::source::Span;
use ssoctl::xml::c14n::{self, C14nError, Canonicalization, Canonicalizer, Method};
use ssoctl::xml::tree::{Document, Kind};
use ssoctl::xml::{Event, Limits, Reader, StartTag as _};

const METHODS: [Method; 3] = [Method::Exclusive, Method::Inclusive10, Method::Inclusive11];

fn document(text: &str) -> Document {
    Document::read(text, Limits::MESSAGE).expect("XML")
}

/// The name of the rule that bytes break.
fn refusal(bytes: &[u8]) -> &'static str {
    Document::read_bytes(bytes, Limits::MESSAGE).expect_err("it is not read").rule().name
}

#[test]
fn bytes_that_are_no_utf8_and_other_encodings_are_refused() {
    for (bytes, rule) in [
        (&b"<a>\xc0\x80</a>"[..], "xml-char"),
        (b"<a>\xed\xa0\x80</a>", "xml-char"),
        (b"<a>\xf4\x90\x80\x80</a>", "xml-char"),
        (b"<a b='\xe9'/>", "xml-char"),
        (b"<a>\0</a>", "xml-char"),
        (b"<a>\xef\xbf\xbe</a>", "xml-char"),
        (b"<a>\xc3", "xml-char"),
        (b"\xff\xfe<\0a\0/\0>\0", "xml-encoding"),
        (b"\xfe\xff\0<\0a\0/\0>", "xml-encoding"),
        (b"<\0a\0/\0>\0", "xml-encoding"),
        (b"<?xml version='1.0' encoding='UTF-7'?><a/>", "xml-encoding"),
        (b"<?xml version='1.0' encoding='iso-8859-99'?><a/>", "xml-encoding"),
        (b"\xef\xbb\xbf\xef\xbb\xbf<a/>", "xml-trailing-content"),
        (b"<a/>\xef\xbb\xbf", "xml-trailing-content"),
        (b"", "xml-not-well-formed"),
    ] {
        assert_eq!(refusal(bytes), rule, "{bytes:?}");
    }
    for bytes in [&b"\xef\xbb\xbf<a/>"[..], b"<?xml version='1.0' encoding='windows-1252'?><a/>"] {
        assert!(Document::read_bytes(bytes, Limits::MESSAGE).is_ok(), "{bytes:?}");
    }
}

#[test]
fn what_a_message_may_have_ends_at_its_ceilings() {
    let many = |piece: &dyn Fn(usize) -> String, count| (0..count).map(piece).collect::<String>();
    let nested = |depth| "<a>".repeat(depth) + &"</a>".repeat(depth);
    let attributes = |count| format!("<a{}/>", many(&|n| format!(" b{n}=''"), count));
    let declarations = |count| format!("<a{}/>", many(&|n| format!(" xmlns:b{n}='urn:x'"), count));
    let nodes = |count: usize| format!("<a>{}</a>", "<!---->".repeat(count - 1));
    let size = |bytes: usize| format!("<a>{}</a>", "x".repeat(bytes - 7));
    for (sound, past, rule) in [
        (nested(100), nested(101), "xml-depth"),
        (attributes(64), attributes(65), "xml-attributes"),
        (declarations(32), declarations(33), "xml-namespaces"),
        (nodes(50_000), nodes(50_001), "xml-nodes"),
        (size(1 << 20), size((1 << 20) + 1), "xml-size"),
    ] {
        assert!(Document::read(&sound, Limits::MESSAGE).is_ok(), "{rule}");
        assert_eq!(refusal(past.as_bytes()), rule);
    }
}

#[test]
fn a_stream_without_end_reaches_a_ceiling() {
    let endless = |piece: &'static [u8]| {
        let stream = BufReader::new(Endless(piece, 0));
        let mut reader = Reader::of_stream(stream, Limits::STREAM).expect("a start");
        loop {
            match reader.event() {
                Ok(event) => assert!(event.is_some()),
                Err(error) => return error.rule().name,
            }
        }
    };
    assert_eq!(endless(b"<a>"), "xml-depth");
    assert_eq!(endless(b"<a b='c"), "xml-size");
    assert_eq!(endless(b"<!--"), "xml-size");
    assert_eq!(endless(b"<a "), "xml-size");
    assert_eq!(endless(b"<!DOCTYPE a ["), "xml-doctype");
}

/// A piece again and again: a position in it.
struct Endless(&'static [u8], usize);

impl std::io::Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        for byte in &mut *buffer {
            *byte = self.0[self.1 % self.0.len()];
            self.1 += 1;
        }
        Ok(buffer.len())
    }
}

#[test]
fn a_tree_keeps_what_was_read_and_where() {
    let text = "<a x='1'>b&amp;<![CDATA[c]]><!--d--><e:f xmlns:e='urn:e' e:g='2'/><?h i?></a>";
    let tree = document(text);
    let root = tree.root();
    let kinds: Vec<String> = tree
        .children(root)
        .map(|id| match tree.kind(id) {
            Kind::Comment(text) => format!("comment {text}"),
            Kind::Element(element) => format!("element {}", element.name.local),
            Kind::Instruction { target, data } => format!("instruction {target} {data}"),
            Kind::Text(text) => format!("text {text}"),
        })
        .collect();
    assert_eq!(kinds, ["text b&c", "comment d", "element f", "instruction h i"]);
    let inner = tree.elements(root).next().expect("an element");
    assert_eq!(&text[tree.span(inner).range()], "<e:f xmlns:e='urn:e' e:g='2'/>");
    assert_eq!(tree.span(root), Span::new(0, text.len()));
    assert_eq!((tree.parent(inner), tree.parent(root)), (Some(root), None));
    assert_eq!(tree.text(root), "b&c");
    assert!(!tree.is_plain_text(root) && tree.is_plain_text(inner));
    let element = tree.element(inner).expect("an element");
    assert!(element.is("urn:e", "f") && element.attribute("g").is_none());
    assert_eq!(tree.namespaces_in_scope(inner), [("e".to_owned(), "urn:e".to_owned())]);
    assert_eq!(tree.descendants(root).count(), 5);
}

#[test]
fn events_say_where_they_stand() {
    let text = "\u{feff}<é a='&#65;'>t</é>";
    let mut reader = Reader::new(text, Limits::MESSAGE).expect("a start");
    let mut seen = Vec::new();
    while let Some(event) = reader.event().expect("XML") {
        seen.push(match event {
            Event::Start(start) => {
                let attribute = start.attribute("a").expect("an attribute");
                assert_eq!(&text[attribute.value.span.range()], "&#65;");
                format!(
                    "{} {} {}",
                    start.name().local,
                    attribute.value.value,
                    &text[start.span.range()]
                )
            }
            Event::Text(text) => text.value.to_owned(),
            Event::End(span) => text[span.range()].to_owned(),
            Event::Comment(_) | Event::Instruction { .. } => String::new(),
        });
    }
    assert_eq!(seen, ["é A <é a='&#65;'>", "t", "</é>"]);
}

#[test]
fn many_namespaces_and_prefixes_cost_no_more_than_their_number() {
    let list = (0..100_000).map(|n| format!("q{n}")).collect::<Vec<_>>().join(" ");
    let declared = (0..30).map(|n| format!(" xmlns:p{n}='urn:{n}'")).collect::<Vec<_>>().concat();
    let text = format!("<a{declared}>{}</a>", "<b xmlns:p0='urn:x' p1:c=''/>".repeat(20_000));
    let document = document(&text);
    let how = how(Method::Exclusive, false).with_prefix_list(&list);
    let form = c14n::canonical(&document, document.root(), None, &how).expect("a form");
    assert!(form.starts_with(b"<a><b xmlns:p1=\"urn:1\" p1:c=\"\"></b><b "));
}

fn how(method: Method, with_comments: bool) -> Canonicalization {
    Canonicalization { method, with_comments, prefixes: Vec::new() }
}

/// A well-formed element.
fn element() -> impl Strategy<Value = String> {
    let word = select(&[
        "", "x", " ", "\n", "\r\n", "&amp;", "&lt;", "&#13;", "&#x9;", "é", "😀", "\"", ">",
    ]);
    let text = prop::collection::vec(word, 0..4).prop_map(|words| words.concat());
    let leaf = prop_oneof![
        text.clone(),
        text.clone().prop_map(|text| format!("<![CDATA[{text}]]>")),
        select(&["<!--c\r\n-->", "<?p?>", "<?p  q ?>"]).prop_map(str::to_owned),
    ];
    let attribute = (
        select(&["x", "b", "p:x", "q:x", "xml:lang", "xml:base", "xml:id", "xml:z"]),
        text.prop_map(|text| text.replace('"', "'")),
    );
    let declaration =
        (select(&["xmlns", "xmlns:p", "xmlns:q"]), select(&["urn:1", "urn:2", "http://h/"]));
    let tag = (
        select(&["a", "p:a", "q:b"]),
        prop::collection::btree_map(declaration.0, declaration.1, 0..3),
        prop::collection::btree_map(attribute.0, attribute.1, 0..4),
    );
    leaf.prop_recursive(5, 40, 5, move |inner| {
        (tag.clone(), prop::collection::vec(inner, 0..5)).prop_map(
            |((name, declarations, attributes), inside)| {
                let attributes = attributes.iter().filter(|(name, _)| **name != "q:x");
                let all = declarations.iter().map(|(name, value)| (*name, *value));
                let all = all.chain(attributes.map(|(name, value)| (*name, value.as_str())));
                let written: Vec<String> =
                    all.map(|(name, value)| format!(" {name}=\"{value}\"")).collect();
                let written = written.concat();
                format!("<{name}{written}>{}</{name}>", inside.concat())
            },
        )
    })
}

proptest! {
    #[test]
    fn the_form_of_a_form_is_itself_and_a_stream_gives_the_same(
        inside in element(), room in 1_usize..64, with_comments in any::<bool>(),
    ) {
        let text = format!("<!--s--><r xmlns:p='urn:p' xmlns:q='urn:q' xml:space=''>{inside}</r><?e?>");
        let tree = document(&text);
        for method in METHODS {
            let how = how(method, with_comments);
            let form = c14n::canonical_document(&tree, &how).expect("a form");
            let again = Document::read_bytes(&form, Limits::MESSAGE).expect("a form is XML");
            prop_assert_eq!(c14n::canonical_document(&again, &how), Ok(form.clone()));
            prop_assert_eq!(streamed(&text, room, how.clone()), Ok(form));
            for id in tree.elements(tree.root()) {
                let part = c14n::canonical(&tree, id, None, &how).expect("a form");
                let again = Document::read_bytes(&part, Limits::MESSAGE).expect("a form is XML");
                prop_assert_eq!(c14n::canonical(&again, again.root(), None, &how), Ok(part));
            }
        }
    }

    #[test]
    fn no_bytes_panic_and_streams_and_texts_are_refused_alike(
        parts in prop::collection::vec(select(&[
            "<", ">", "/", "a", ":", "=", "'", " ", "&", ";", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "xmlns",
            "<a>", "</a>", "<!DOCTYPE", "é", "\0", "&#0;", "\r\n", "\u{feff}", "xml", "<a xmlns='urn:a'>",
        ]), 0..24),
        cut in 0_usize..4, room in 1_usize..9,
    ) {
        let text = parts.concat();
        let bytes = &text.as_bytes()[..text.len().saturating_sub(cut)];
        let whole = Document::read_bytes(bytes, Limits::MESSAGE).map(|_| ());
        let stream = BufReader::with_capacity(room, bytes);
        let streamed = Reader::of_stream(stream, Limits::MESSAGE).and_then(|mut reader| {
            while reader.event()?.is_some() {}
            Ok(())
        });
        prop_assert_eq!(whole, streamed);
    }
}

/// The form of a stream that hands out so many bytes at a time.
fn streamed(text: &str, room: usize, how: Canonicalization) -> Result<Vec<u8>, C14nError> {
    let stream = BufReader::with_capacity(room, text.as_bytes());
    let mut reader = Reader::of_stream(stream, Limits::MESSAGE).expect("a start");
    let mut writer = Canonicalizer::new(how, Vec::new());
    while let Some(event) = reader.event().expect("XML") {
        writer.event(&event)?;
    }
    writer.finish()
}
