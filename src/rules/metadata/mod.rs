//! SAML metadata by itself, without a configuration: what is wrong with it under META and CERT.

mod certificates;
mod document;
mod entity;

use std::sync::Arc;

use jiff::Timestamp;

use crate::problem::{Place, Problem};
use crate::rule::{Finding, Findings};
use crate::saml::metadata::{Entity, Key, Metadata};
use crate::source::{KeyPath, Source, Span};

/// Metadata under judgement.
#[derive(Clone, Copy, Debug)]
pub struct MetadataSubject<'m> {
    /// Where it came from. Spans of the metadata are places in it, from `base` on.
    pub source: &'m Arc<Source>,
    /// The first byte of the document that the source holds: 0 but for a part of a stream.
    pub base: usize,
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
        let most = self.source.text().len();
        let part = |at: usize| at.checked_sub(self.base).filter(|&at| at <= most).unwrap_or(0);
        let start = part(span.start);
        let end = part(span.end).max(start);
        let text = &self.source.text()[start..end];
        let end = start + text.find(['\n', '\r']).unwrap_or(text.len());
        let source = Arc::clone(self.source);
        let span = Span::new(start, end);
        Problem::new(message, Place { source, span, path: KeyPath::default() })
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
