//! What a signed element begins with, before its signature: kept until it is known how to digest it.

use crate::saml::dsig::algorithm;
use crate::saml::dsig::fault::FaultKind;
use crate::source::Spanned;
use crate::xml::c14n::{Canonicalization, Canonicalizer, Sink};
use crate::xml::{Attribute, AttributeRef, Event, QualifiedName, Start, StartTag};

/// The start tag of a signed element, and the text and instructions between it and its signature.
#[derive(Debug, Default)]
pub(super) struct Head {
    root: Option<OwnedTag>,
    pieces: Vec<Piece>,
    size: usize,
}

#[derive(Debug)]
enum Piece {
    Instruction(String, String),
    Text(String),
}

impl Head {
    /// Takes in an event before the signature.
    pub(super) fn take(&mut self, event: &Event<'_>) {
        let piece = match event {
            Event::Start(start) => {
                self.root = self.root.take().or_else(|| Some(OwnedTag::of(start)));
                return;
            }
            Event::Instruction { target, data, .. } => {
                Piece::Instruction((*target).to_owned(), (*data).to_owned())
            }
            Event::Text(text) => Piece::Text(text.value.to_owned()),
            Event::Comment(_) | Event::End(_) => return,
        };
        self.size += match &piece {
            Piece::Instruction(target, data) => target.len() + data.len(),
            Piece::Text(text) => text.len(),
        };
        if self.size <= MOST {
            self.pieces.push(piece);
        }
    }

    /// A writer of the signature as a document of its own, which has all namespaces around it.
    pub(super) fn signature_writer(&self) -> Canonicalizer<Bounded> {
        let how = Canonicalization::from_uri(algorithm::INCLUSIVE_WITH_COMMENTS);
        let how = how.expect("inclusive canonicalisation is known");
        let mut writer = Canonicalizer::new(how, Bounded::default());
        if let Some(root) = &self.root {
            writer.around(root);
        }
        writer
    }

    /// A writer of the content into a digest, which has taken in what came before the signature.
    pub(super) fn content_writer<S: Sink>(
        &self,
        how: &Canonicalization,
        sink: S,
    ) -> Result<Canonicalizer<S>, FaultKind> {
        let failed = |why: String| FaultKind::C14nFailed(why);
        if self.size > MOST {
            return Err(failed("too much text before the signature".to_owned()));
        }
        let mut writer = Canonicalizer::new(how.clone(), sink);
        let root = self.root.as_ref().ok_or_else(|| failed("it is empty".to_owned()))?;
        writer.start(root).map_err(|error| failed(error.to_string()))?;
        for piece in &self.pieces {
            match piece {
                Piece::Instruction(target, data) => writer.instruction(target, data),
                Piece::Text(text) => writer.text(text),
            }
        }
        Ok(writer)
    }
}

/// Bytes up to a ceiling; what is beyond is only counted.
#[derive(Debug, Default)]
pub(super) struct Bounded {
    kept: Vec<u8>,
    size: usize,
}

impl Bounded {
    /// All of the bytes; none where they were too many.
    pub(super) fn whole(self) -> Option<Vec<u8>> {
        (self.size == self.kept.len()).then_some(self.kept)
    }
}

impl Sink for Bounded {
    fn take(&mut self, bytes: &[u8]) {
        self.size = self.size.saturating_add(bytes.len());
        if self.size <= MOST {
            self.kept.extend_from_slice(bytes);
        }
    }
}

/// A start tag that outlives its event.
#[derive(Debug)]
pub(super) struct OwnedTag {
    prefix: String,
    namespace: String,
    local: String,
    declarations: Vec<(String, String)>,
    attributes: Vec<Attribute>,
}

impl OwnedTag {
    fn of(start: &Start<'_>) -> Self {
        let name = start.name();
        let declared = |(prefix, uri): (&str, &str)| (prefix.to_owned(), uri.to_owned());
        Self {
            prefix: name.prefix.to_owned(),
            namespace: name.namespace.to_owned(),
            local: name.local.to_owned(),
            declarations: start.declarations().map(declared).collect(),
            attributes: start.to_attributes(),
        }
    }
}

impl StartTag for OwnedTag {
    fn name(&self) -> QualifiedName<'_> {
        QualifiedName { prefix: &self.prefix, namespace: &self.namespace, local: &self.local }
    }

    fn declarations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.declarations.iter().map(|(prefix, uri)| (prefix.as_str(), uri.as_str()))
    }

    fn attributes(&self) -> impl Iterator<Item = AttributeRef<'_>> {
        self.attributes.iter().map(|Attribute { prefix, name, value }| AttributeRef {
            name: QualifiedName { prefix, namespace: &name.namespace, local: &name.local },
            value: Spanned { value: &value.value, span: value.span },
        })
    }
}

/// More bytes than anybody puts before or into a signature.
const MOST: usize = 1 << 20;
