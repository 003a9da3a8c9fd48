//! The document: structure, durations, names.

use crate::model::nearest;
use crate::rule::{Findings, Severity};
use crate::rules::metadata::MetadataSubject;
use crate::saml::cards::meta;

pub(super) fn judge(cx: &MetadataSubject<'_>, out: &mut Findings) {
    structure(cx, out);
    durations(cx, out);
    duplicates(cx, out);
    wanted(cx, out);
}

fn structure(cx: &MetadataSubject<'_>, out: &mut Findings) {
    let metadata = cx.metadata;
    for (number, fault) in metadata.faults.iter().take(MOST_TOLD).enumerate() {
        let mut problem = cx
            .problem(fault.kind.to_string(), fault.span)
            .why("libraries that check the schema refuse the file; others pass over it, or read it otherwise than it was meant");
        let rest = metadata.fault_count - metadata.faults.len().min(MOST_TOLD);
        if number + 1 == MOST_TOLD && rest > 0 {
            problem = problem.note(format!("{rest} more places depart from the schema"));
        }
        out.report(&meta::STRUCTURE, problem);
    }
}

fn durations(cx: &MetadataSubject<'_>, out: &mut Findings) {
    let of_entity = cx.entity().and_then(|entity| entity.cache_duration.as_ref());
    for written in cx.metadata.cache_durations.iter().chain(of_entity) {
        let text = written.value.trim();
        let span = text.parse::<jiff::Span>().ok().filter(|_| text.contains('P'));
        let message = match span {
            Some(span) if span.is_positive() => continue,
            Some(_) => format!("the cacheDuration `{text}` is not longer than nothing"),
            None => format!("the cacheDuration `{text}` is no duration"),
        };
        let problem = cx
            .problem(message, written.span)
            .why("a reader keeps the metadata for ever, fetches it before every login, or stops")
            .remedy("a duration such as PT6H or P7D");
        out.report(&meta::DURATION, problem);
    }
    let ends = cx.entity().into_iter().flat_map(|entity| &entity.ends);
    for end in ends.filter(|end| end.instant.is_none()) {
        let problem = cx
            .problem(format!("the validUntil `{}` is no instant", end.text), end.span)
            .why("a reader cannot know how long the metadata holds, and stops or believes it for ever")
            .remedy("an instant such as 2027-01-31T12:00:00Z");
        out.report(&meta::DURATION, problem);
    }
}

fn duplicates(cx: &MetadataSubject<'_>, out: &mut Findings) {
    for name in &cx.metadata.duplicates {
        let concerns = cx.wanted.is_none_or(|wanted| wanted == name.value);
        let problem = cx
            .problem(format!("the entity `{}` stands here twice", name.value), name.span)
            .why("which of the two counts, and so which keys, depends on the program that reads")
            .remedy("one entity of this name")
            .severity(if concerns { Severity::Error } else { Severity::Warning });
        out.report(&meta::ENTITY_DUPLICATE, problem);
    }
}

fn wanted(cx: &MetadataSubject<'_>, out: &mut Findings) {
    let Some(wanted) = cx.wanted.filter(|wanted| cx.metadata.by_id(wanted).is_none()) else {
        return;
    };
    let names = cx.metadata.listed.iter().map(|one| one.entity_id.as_str());
    let mut problem = cx
        .problem(format!("the metadata has no entity `{wanted}`"), cx.metadata.root)
        .why("its keys and addresses are looked for by this name, byte for byte");
    if let Some((near, _)) = nearest(wanted, names) {
        problem = problem.note(format!("the nearest name is {near}"));
    } else if let [only] = cx.metadata.listed.as_slice() {
        problem = problem.note(format!("it has {}", only.entity_id));
    }
    out.report(&meta::ENTITY_NOT_FOUND, problem);
}

/// Departures from the schema that are told; the rest is counted.
const MOST_TOLD: usize = 10;
