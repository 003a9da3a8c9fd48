//! A picture of the message: its elements below each other, and beside them a bar for each
//! signature that held, as far down as it covers.

use crate::render::message::page::shown;
use crate::render::message::signed;
use crate::report::Report;
use crate::report::message::{MessageView, PartView};

/// The elements with their bars.
pub(super) struct Picture {
    /// The elements, in document order.
    pub(super) rows: Vec<Element>,
    /// The signatures that have a bar, by number.
    pub(super) bars: Vec<usize>,
    /// Whether something was encrypted.
    pub(super) has_encrypted: bool,
}

/// One element.
#[derive(Clone)]
pub(super) struct Element {
    /// Its name.
    pub(super) name: String,
    /// What tells it from others.
    pub(super) label: String,
    /// How far it is indented; never far.
    pub(super) indent: usize,
    /// For each bar of the picture, whether it covers the element.
    pub(super) covered: Vec<bool>,
    /// The numbers of the signatures that cover it, in words.
    pub(super) by: String,
    /// What is said of it besides, and whether that is bad news.
    pub(super) tag: Option<Tag>,
    /// Whether it was encrypted.
    pub(super) is_encrypted: bool,
}

/// A remark beside an element.
#[derive(Clone)]
pub(super) struct Tag {
    /// The words.
    pub(super) words: String,
    /// Its class in the style sheet.
    pub(super) class: &'static str,
}

impl Picture {
    /// The picture of a message; none where its elements are not known.
    pub(super) fn new(message: &MessageView, report: &Report) -> Option<Self> {
        let parts = &message.parts;
        if parts.is_empty() {
            return None;
        }
        let elements = Elements { message, report, owners: owners(message) };
        let bars: Vec<usize> = elements.bars();
        let extents: Vec<(usize, usize)> =
            bars.iter().map(|number| elements.extent(*number)).collect();
        let has_encrypted = parts.iter().any(|part| part.is_encrypted || is_closed(part));
        let row = |(position, part): (usize, &PartView)| {
            let covered = extents.iter().map(|(from, to)| {
                let own = elements.is_own(position, *from);
                part.is_signed && (*from..*to).contains(&position) && !own
            });
            let covered: Vec<bool> = covered.collect();
            let by = bars.iter().zip(&covered).filter(|(_, covered)| **covered);
            let by: Vec<String> = by.map(|(number, _)| number.to_string()).collect();
            Element {
                name: shown(&part.name),
                label: shown(&part.label),
                indent: part.depth.min(DEEPEST),
                covered,
                by: by.join(", "),
                tag: elements.tag(position),
                is_encrypted: part.is_encrypted,
            }
        };
        let rows = folded(parts.iter().enumerate().map(row).collect());
        Some(Self { rows, bars, has_encrypted })
    }
}

/// The elements, and which signature stands at which.
struct Elements<'m> {
    message: &'m MessageView,
    report: &'m Report,
    /// For each signature the position of its `Signature` element.
    owners: Vec<Option<usize>>,
}

impl Elements<'_> {
    /// The signatures that held and have a place, by number.
    fn bars(&self) -> Vec<usize> {
        let held = self.message.signatures.iter().zip(&self.owners).enumerate();
        let held = held.filter(|(_, (view, owner))| {
            view.holds == Some(true) && (owner.is_some() || view.over == BESIDE)
        });
        held.map(|(position, _)| position + 1).take(MOST_BARS).collect()
    }

    /// The elements that a signature is about: the one that it stands in, and all below.
    fn extent(&self, number: usize) -> (usize, usize) {
        let parts = &self.message.parts;
        let Some(parent) = self.owners[number - 1].and_then(|at| parent(parts, at)) else {
            return (0, parts.len());
        };
        let depth = parts[parent].depth;
        let below = parts[parent + 1..].iter().take_while(|part| part.depth > depth).count();
        (parent, parent + 1 + below)
    }

    /// Whether an element is the signature itself of the one at a position: it does not cover
    /// itself.
    fn is_own(&self, position: usize, signed: usize) -> bool {
        let parts = &self.message.parts;
        parts[position].name == SIGNATURE && parent(parts, position) == Some(signed)
    }

    fn tag(&self, position: usize) -> Option<Tag> {
        let part = &self.message.parts[position];
        let number = self.owners.iter().position(|owner| *owner == Some(position));
        if part.name == SIGNATURE {
            return Some(self.signature(number));
        }
        is_closed(part).then(|| self.encrypted(position))
    }

    fn signature(&self, number: Option<usize>) -> Tag {
        let Some(number) = number else {
            return Tag { words: "not verified".to_owned(), class: "open" };
        };
        let view = &self.message.signatures[number];
        let word = signed::state(view, self.report);
        let class = match view.holds {
            Some(true) => "good",
            Some(false) => "bad",
            None => "open",
        };
        let key = view.key.as_ref().map_or_else(String::new, |key| {
            format!(", key {}…", key.chars().take(8).collect::<String>())
        });
        Tag { words: shown(&format!("signature {}: {word}{key}", number + 1)), class }
    }

    fn encrypted(&self, position: usize) -> Tag {
        let parts = &self.message.parts;
        let name = &parts[position].name;
        let before = parts[..position].iter().filter(|part| part.name == *name).count();
        let wanted = name.replacen("Encrypted", "", 1).to_lowercase();
        let mut all = self.message.encryption.iter().filter(|view| view.part == wanted);
        match all.nth(before) {
            Some(view) if view.decrypted => {
                Tag { words: "encrypted, decrypted below".to_owned(), class: "good" }
            }
            _ => Tag { words: "encrypted".to_owned(), class: "open" },
        }
    }
}

/// The elements with long runs of alike ones cut short: a hundred values of one attribute say no more
/// than their number. What differs in a bar, a remark or a child is no part of a run.
fn folded(rows: Vec<Element>) -> Vec<Element> {
    let mut kept: Vec<Element> = Vec::with_capacity(rows.len());
    let mut rest = rows.into_iter().peekable();
    while let Some(row) = rest.next() {
        let mut run = vec![row];
        while let Some(next) = rest.next_if(|next| run[0].is_like(next)) {
            run.push(next);
        }
        // An element that has children is the end of no run: they stand below the last one.
        let left_out = run.len().saturating_sub(MOST_ALIKE);
        if left_out > 1 {
            let last = run.pop().expect("a run has several");
            run.truncate(MOST_ALIKE - 1);
            let label = format!("{left_out} more of these");
            run.push(Element { label, ..run[0].clone() });
            run.push(last);
        }
        kept.extend(run);
    }
    kept
}

impl Element {
    /// Whether another element reads alike but for its label.
    fn is_like(&self, other: &Self) -> bool {
        self.name == other.name
            && self.indent == other.indent
            && self.covered == other.covered
            && self.is_encrypted == other.is_encrypted
            && self.tag.is_none()
            && other.tag.is_none()
    }
}

/// For each signature the position of its element: the next one that stands in an element of the
/// name that it is over.
fn owners(message: &MessageView) -> Vec<Option<usize>> {
    let parts = &message.parts;
    let mut taken = vec![false; parts.len()];
    let mut owner = |over: &str| {
        let found = (0..parts.len()).find(|at| {
            let is_free = !taken[*at] && parts[*at].name == SIGNATURE;
            is_free && parent(parts, *at).is_some_and(|up| parts[up].name.to_lowercase() == over)
        })?;
        taken[found] = true;
        Some(found)
    };
    message.signatures.iter().map(|view| owner(&view.over)).collect()
}

/// The element that an element stands in.
fn parent(parts: &[PartView], at: usize) -> Option<usize> {
    let depth = parts[at].depth;
    (0..at).rev().find(|before| parts[*before].depth < depth)
}

fn is_closed(part: &PartView) -> bool {
    matches!(part.name.as_str(), "EncryptedAssertion" | "EncryptedID" | "EncryptedAttribute")
}

const SIGNATURE: &str = "Signature";
/// What a signature is over that does not stand in the message.
const BESIDE: &str = "message";
const MOST_BARS: usize = 4;
/// Elements of a run that are shown one by one.
const MOST_ALIKE: usize = 8;
const DEEPEST: usize = 8;

#[cfg(test)]
mod tests {
    use super::{Element, folded};

    fn element(name: &str, label: &str, covered: bool) -> Element {
        Element {
            name: name.to_owned(),
            label: label.to_owned(),
            indent: 3,
            covered: vec![covered],
            by: String::new(),
            tag: None,
            is_encrypted: false,
        }
    }

    #[test]
    fn a_long_run_of_alike_elements_is_cut_short_with_its_number() {
        let values = (0..120).map(|n| element("AttributeValue", &format!("group-{n}"), true));
        let rows = folded(values.collect());
        let labels: Vec<&str> = rows.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(rows.len(), 9, "{labels:?}");
        assert_eq!(
            (labels[0], labels[7], labels[8]),
            ("group-0", "112 more of these", "group-119")
        );
    }

    #[test]
    fn an_element_that_no_signature_covers_is_never_left_out_of_a_run_of_covered_ones() {
        let mut rows: Vec<Element> =
            (0..20).map(|n| element("AttributeValue", &n.to_string(), true)).collect();
        rows[10] = element("AttributeValue", "added", false);
        let kept = folded(rows);
        assert!(kept.iter().any(|row| row.label == "added"));
        let short = folded((0..9).map(|n| element("Attribute", &n.to_string(), true)).collect());
        assert_eq!(short.len(), 9);
    }
}
