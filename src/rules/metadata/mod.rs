//! SAML metadata by itself, without a configuration: what is wrong with it under META and CERT.

mod certificates;
mod document;
mod entity;

use std::sync::Arc;

use jiff::Timestamp;

use crate::problem::{Place, Problem};
use crate::rule::{Finding, Findings};
use crate::saml::metadata::{Entity, Key, Metadata, Part};
use crate::source::{KeyPath, Span};

/// Metadata under judgement.
#[derive(Clone, Copy, Debug)]
pub struct MetadataSubject<'m> {
    /// Its text: the whole as one part, or of a stream the parts that were kept.
    pub parts: &'m [Part],
    /// What it says.
    pub metadata: &'m Metadata,
    /// The instant of judgement.
    pub at: Timestamp,
    /// Days ahead on which the end of a certificate is reported.
    pub warn_days: i64,
    /// The entity that is meant, where somebody said.
    pub wanted: Option<&'m str>,
}

impl<'m> MetadataSubject<'m> {
    /// The entity that is judged: the one that is meant, or the only one.
    pub fn entity(&self) -> Option<&'m Entity> {
        match self.wanted {
            Some(wanted) => self.metadata.by_id(wanted),
            None if self.metadata.count == 1 => self.metadata.entities.first(),
            None => None,
        }
    }

    /// A problem at a place of the document. What lies outside the part that is here is told at its
    /// beginning.
    fn problem(&self, message: impl Into<String>, span: Span) -> Problem {
        let holds = |part: &&Part| {
            let end = part.start + part.source.text().len();
            part.start <= span.start && span.start < end.max(part.start + 1)
        };
        // The part that begins last before the place is the narrowest that holds it.
        let part = self.parts.iter().filter(holds).max_by_key(|part| part.start);
        let part = part.or(self.parts.first()).expect("a document has a beginning");
        let text = part.source.text();
        let at = |at: usize| text.floor_char_boundary(at.saturating_sub(part.start));
        let start = if span.start < part.start { 0 } else { at(span.start) };
        let end = at(span.end).max(start);
        let line = text[start..end].find(['\n', '\r']).map_or(end, |length| start + length);
        let place = Place {
            source: Arc::clone(&part.source),
            span: Span::new(start, line),
            path: KeyPath::default(),
        };
        Problem::new(message, place)
    }
}

/// Everything that is wrong with metadata by itself.
pub fn judge(cx: &MetadataSubject<'_>, out: &mut Findings) {
    document::judge(cx, out);
    if let Some(entity) = cx.entity() {
        entity::judge(cx, entity, out);
        certificates::judge(cx, entity, out);
    }
}

/// What is wrong with metadata that the rules about a configuration do not tell already.
pub(in crate::rules) fn judge_beside(cx: &MetadataSubject<'_>, out: &mut Findings) {
    let mut all = Findings::default();
    judge(cx, &mut all);
    let told = |finding: &Finding| TOLD_OTHERWISE.contains(&finding.rule.code);
    out.0.extend(all.0.into_iter().filter(|finding| !told(finding)));
}

/// The keys that an entity may sign with, of the role that counts.
fn signing_keys(entity: &Entity) -> Vec<&Key> {
    let keys = match (&entity.idp, &entity.sp) {
        (Some(idp), _) => &idp.keys,
        (None, Some(sp)) => &sp.keys,
        (None, None) => return Vec::new(),
    };
    keys.iter().filter(|key| key.signs()).collect()
}

/// Rules that have one about configurations for the same cause.
const TOLD_OTHERWISE: [&str; 8] =
    ["CERT001", "CERT003", "CERT006", "META001", "META002", "META004", "META012", "META016"];
