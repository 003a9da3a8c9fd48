//! Hiding what is personal, so that a result can be shown to others.

use std::path::Path;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind};

use crate::problem::Problem;
use crate::report::judgement::AccountView;
use crate::rule::Finding;
use crate::saml::judge::View;
use crate::source::{Source, Span, printable};
use crate::xml::tree::{Document, NodeId};

/// Whether and how values are hidden.
#[derive(Clone, Copy, Debug)]
pub(in crate::commands) struct Mask {
    /// Whether they are.
    pub(in crate::commands) is_on: bool,
}

impl Mask {
    /// A value as it may be shown: of an address its domain, of anything else its length. A truth
    /// value tells nobody apart.
    pub(in crate::commands) fn text(self, value: &str) -> String {
        if !self.is_on || value.is_empty() || is_truth(value) {
            return value.to_owned();
        }
        match value.split_once('@') {
            Some((_, domain)) if is_domain(domain) => format!("***@{domain}"),
            _ => match value.chars().count() {
                1 => "*** (1 character)".to_owned(),
                count => format!("*** ({count} characters)"),
            },
        }
    }
}

fn is_truth(value: &str) -> bool {
    ["true", "false"].iter().any(|word| value.trim().eq_ignore_ascii_case(word))
}

fn is_domain(text: &str) -> bool {
    text.contains('.') && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
}

/// Takes personal values out of words: as they are, as messages escape or cut them, in any case of
/// letters, and the part of an address before its `@`.
pub(in crate::commands) struct Veil {
    finder: Option<AhoCorasick>,
    patterns: Vec<Pattern>,
    /// Paths as they were given, and what is left of each.
    paths: Vec<(String, String)>,
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pattern {
    text: String,
    /// What may follow it: a value may be cut anywhere where it is named.
    rest: String,
}

impl Veil {
    /// What hides some values.
    pub(in crate::commands) fn new(values: &[String]) -> Self {
        let values = values.iter().filter(|value| !is_truth(value));
        let forms = values.flat_map(|value| forms(value));
        let mut patterns: Vec<Pattern> = forms.map(|form| Pattern::new(&form)).collect();
        patterns.retain(|pattern| pattern.text.chars().count() >= SHORTEST);
        patterns.sort_unstable();
        patterns.dedup();
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(patterns.iter().map(|pattern| &pattern.text));
        Self { finder: finder.ok().filter(|_| !patterns.is_empty()), patterns, paths: Vec::new() }
    }

    /// It, leaving of some paths only the names of the files: a folder may name a person.
    pub(super) fn without_folders<'p>(mut self, paths: impl Iterator<Item = &'p Path>) -> Self {
        for path in paths {
            let Some(file) = path.file_name() else { continue };
            let (path, file) = (path.to_string_lossy(), file.to_string_lossy());
            for (path, file) in
                [(path.as_ref(), file.as_ref()), (&*printable(&path), &*printable(&file))]
            {
                if path != file {
                    self.paths.push((path.to_owned(), file.to_owned()));
                }
            }
        }
        self
    }

    /// Words without the values.
    pub(in crate::commands) fn over(&self, words: &str) -> String {
        let words = self.filed(words);
        let Some(finder) = &self.finder else { return words };
        let words = words.as_str();
        let (mut clean, mut from) = (String::with_capacity(words.len()), 0);
        while from < words.len() {
            let input = Input::new(words).range(from..).anchored(Anchored::No);
            let Some(found) = finder.find(input) else { break };
            let text = &self.patterns[found.pattern()].text;
            let is_inside_word = text.chars().count() < SAFE && !stands_alone(words, found.range());
            let end = if is_inside_word {
                after_first(words, found.start())
            } else {
                found.end() + self.more(text, &words[found.end()..])
            };
            clean.push_str(&words[from..if is_inside_word { end } else { found.start() }]);
            if !is_inside_word {
                clean.push_str("***");
            }
            from = end;
        }
        clean.push_str(&words[from..]);
        clean
    }

    /// Words without the folders of paths.
    pub(super) fn filed(&self, words: &str) -> String {
        let cut = |words: String, (path, file): &(String, String)| words.replace(path, file);
        self.paths.iter().fold(words.to_owned(), cut)
    }

    /// How much more of a value follows the part of it that was found.
    fn more(&self, text: &str, behind: &str) -> usize {
        let same = self.patterns.iter().filter(|one| one.text.eq_ignore_ascii_case(text));
        same.map(|one| shared(behind, &one.rest)).max().unwrap_or(0)
    }

    /// Takes the values out of some texts.
    pub(in crate::commands) fn over_all(&self, texts: &mut [String]) {
        for text in texts {
            *text = self.over(text);
        }
    }

    /// Findings whose words name no value, with nothing to see at their places.
    pub(in crate::commands) fn over_findings(&self, findings: &mut [Finding]) {
        let mut hidden: Vec<(Arc<Source>, Arc<Source>)> = Vec::new();
        let mut veiled = |source: &Arc<Source>| {
            if let Some((_, known)) = hidden.iter().find(|(from, _)| Arc::ptr_eq(from, source)) {
                return Arc::clone(known);
            }
            let text = source.shared_text();
            let all = vec![Span::new(0, text.len())];
            let new = Source::understood(self.filed(source.name()), text, all, &[], Vec::new());
            let new = Arc::new(new.decoded(source.is_decoded()));
            hidden.push((Arc::clone(source), Arc::clone(&new)));
            new
        };
        for Finding { problem, .. } in findings {
            self.over_problem(problem);
            problem.place.source = veiled(&problem.place.source);
            for related in &mut problem.related {
                related.message = self.over(&related.message);
                related.place.source = veiled(&related.place.source);
            }
        }
    }

    fn over_problem(&self, problem: &mut Problem) {
        problem.message = self.over(&problem.message);
        let optional = [&mut problem.label, &mut problem.why, &mut problem.remedy];
        for text in optional.into_iter().flatten().chain(&mut problem.notes) {
            *text = self.over(text);
        }
        if let Some(comparison) = &mut problem.comparison {
            comparison.expected = self.over(&comparison.expected);
            comparison.got = self.over(&comparison.got);
            comparison.difference = comparison.difference.as_deref().map(|text| self.over(text));
        }
    }

    /// What is said about an account, beside its members.
    pub(in crate::commands) fn over_account(&self, account: &mut AccountView) {
        let fallbacks = account.fallbacks.iter_mut().map(|fallback| &mut fallback.from);
        for text in account.remarks.iter_mut().chain(fallbacks) {
            *text = self.over(text);
        }
    }
}

/// The ways in which words may name a value.
fn forms(value: &str) -> Vec<String> {
    let value = value.trim();
    let shown = printable(value).into_owned();
    let mut forms = vec![value.to_owned(), shown];
    forms.extend(value.split_once('@').map(|(local, _)| local.to_owned()));
    forms.extend(value.lines().map(|line| line.trim().to_owned()));
    forms
}

impl Pattern {
    fn new(form: &str) -> Self {
        let at = form.char_indices().nth(PIECE).map_or(form.len(), |(at, _)| at);
        Self { rest: form[at..].to_owned(), text: form[..at].to_owned() }
    }
}

/// The bytes that two texts have in common at their beginnings, whatever the case of letters.
fn shared(one: &str, other: &str) -> usize {
    let pairs = one.char_indices().zip(other.chars());
    let same = pairs.take_while(|((_, a), b)| a.eq_ignore_ascii_case(b));
    same.last().map_or(0, |((at, c), _)| at + c.len_utf8())
}

fn stands_alone(words: &str, range: std::ops::Range<usize>) -> bool {
    let before = words[..range.start].chars().next_back();
    let behind = words[range.end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !behind.is_some_and(char::is_alphanumeric)
}

fn after_first(words: &str, at: usize) -> usize {
    at + words[at..].chars().next().map_or(1, char::len_utf8)
}

/// The personal values of a message: every text in it that is not known to be none.
pub(super) fn personal(view: &View) -> Vec<String> {
    let decrypted = view.assertion.as_ref().and_then(|assertion| assertion.decrypted.as_ref());
    let documents = std::iter::once(&view.document).chain(decrypted);
    let mut values: Vec<String> = documents.flat_map(texts).collect();
    if let Some(assertion) = &view.assertion {
        let attributes = assertion.attributes.iter().flat_map(|attribute| &attribute.values);
        values.extend(attributes.filter_map(|value| value.plain().map(str::to_owned)));
        values.extend(assertion.name.as_ref().map(|name| name.text.value.clone()));
    }
    values
}

/// The texts of elements that may be about a person.
fn texts(document: &Document) -> Vec<String> {
    let is_leaf = |node: &NodeId| {
        document.element(*node).is_some_and(|element| is_personal(&element.name.local))
            && document.elements(*node).next().is_none()
    };
    document.descendants(document.root()).filter(is_leaf).map(|node| document.text(node)).collect()
}

/// Whether the text of an element of that name may be about a person.
pub(super) fn is_personal(name: &str) -> bool {
    !IMPERSONAL.contains(&name)
}

/// A value of fewer characters is not looked for.
const SHORTEST: usize = 2;
/// A value of fewer characters is a value only where it stands alone.
const SAFE: usize = 6;
/// This much of a value is looked for; the rest is hidden as far as it follows, for a long value is
/// cut where it is named.
const PIECE: usize = 16;
/// Elements whose text is about providers, keys and algorithms.
const IMPERSONAL: [&str; 18] = [
    "Audience",
    "AuthenticatingAuthority",
    "AuthnContextClassRef",
    "AuthnContextDeclRef",
    "CipherValue",
    "DigestValue",
    "Exponent",
    "InclusiveNamespaces",
    "Issuer",
    "KeyName",
    "Modulus",
    "SignatureValue",
    "StatusCode",
    "Transform",
    "X509Certificate",
    "X509IssuerName",
    "X509SerialNumber",
    "X509SubjectName",
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Mask, Veil};
    use crate::source::printable;

    fn veiled(values: &[&str], words: &str) -> String {
        Veil::new(&values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>()).over(words)
    }

    #[test]
    fn a_value_is_hidden_in_every_form_that_words_give_it() {
        assert_eq!(
            veiled(&["Ada Lovelace"], "`ada lovelace` is no user name"),
            "`***` is no user name"
        );
        let escaped = format!("it is `{}`", printable("a\u{202e}b@corp.test"));
        assert_eq!(veiled(&["a\u{202e}b@corp.test"], &escaped), "it is `***`");
        assert_eq!(
            veiled(&["ada@corp.test"], "the user name would be ada"),
            "the user name would be ***"
        );
        let long = (0..100).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
        let (other, cut) = (format!("{long}!"), format!("`{}...` is long", &long[..200]));
        assert_eq!(veiled(&[&long, &other], &cut), "`***...` is long");
        assert_eq!(veiled(&[&long, &other], &format!("<{other}>")), "<***>");
    }

    #[test]
    fn short_values_are_hidden_where_they_stand_alone() {
        assert_eq!(veiled(&["no", "Bob"], "nobody is Bob, no"), "nobody is ***, ***");
        assert_eq!(veiled(&["é"], "é"), "é", "one letter is nobody");
        assert_eq!(veiled(&[""], "nothing"), "nothing");
    }

    #[test]
    fn a_masked_value_keeps_its_domain_or_its_length() {
        let mask = Mask { is_on: true };
        assert_eq!(mask.text("ada@corp.test"), "***@corp.test");
        assert_eq!(mask.text("a@b c"), "*** (5 characters)");
        assert_eq!(mask.text("x"), "*** (1 character)");
        assert_eq!(mask.text("True"), "True", "nobody is told apart by it");
        assert_eq!(veiled(&["true", "Bob"], "`true` and `Bob`"), "`true` and `***`");
    }

    #[test]
    fn of_a_path_the_name_of_the_file_is_left() {
        let paths = ["/home/ada/idp.crt", "idp.xml", "/"].map(Path::new);
        let veil = Veil::new(&[]).without_folders(paths.into_iter());
        assert_eq!(veil.over("check /home/ada/idp.crt, idp.xml"), "check idp.crt, idp.xml");
    }
}
