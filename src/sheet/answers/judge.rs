//! What is wrong with an answers file.

use std::sync::Arc;

use crate::model::nearest;
use crate::problem::{Place, Problem};
use crate::rule::Severity;
use crate::sheet::Wanted;
use crate::sheet::answers::entries::{Document, Entry, Found};
use crate::sheet::answers::{Answer, Answers, Reading};
use crate::source::{KeyPath, Source, Span, is_secret_key, printable};
use crate::syntax::yaml::{YamlError, YamlErrorKind};

/// A file that could be read, against what is asked for.
pub(super) fn judged(
    file_name: &str,
    text: Arc<str>,
    document: &Document,
    wanted: &[Wanted],
) -> Reading {
    let mut judge = Judge {
        source: source(file_name, text, document, wanted),
        wanted,
        document,
        problems: Vec::new(),
    };
    let answers = judge.answers();
    Reading { source: judge.source, answers, problems: judge.problems }
}

/// A file that could not be read, and why.
pub(super) fn unreadable(file_name: &str, text: Arc<str>, error: &YamlError) -> Reading {
    let source = Arc::new(Source::new(file_name, text));
    // The name of a tag or an alias can be the beginning of a secret that was not quoted.
    let names_secret = source.is_secret(error.span);
    let message = match &error.kind {
        YamlErrorKind::ObjectTag(_) if names_secret => {
            "nothing reads this tag; a value that begins with ! needs quotes".to_owned()
        }
        YamlErrorKind::UnknownAlias(_) | YamlErrorKind::RecursiveAlias(_) if names_secret => {
            "this is read as an alias; a value that begins with * needs quotes".to_owned()
        }
        kind => kind.to_string(),
    };
    let place = Place { source: Arc::clone(&source), span: error.span, path: KeyPath::default() };
    let problem = Problem::new(message, place)
        .severity(Severity::Error)
        .remedy("write a line for each answer, name: \"value\", or JSON");
    Reading { source, answers: Answers::default(), problems: vec![problem] }
}

struct Judge<'j> {
    source: Arc<Source>,
    wanted: &'j [Wanted],
    document: &'j Document,
    problems: Vec<Problem>,
}

impl Judge<'_> {
    fn answers(&mut self) -> Answers {
        if let Some(span) = self.document.no_map {
            let remedy = "write a line for each answer, name: \"value\", or a JSON object";
            self.report(Severity::Error, span, "", "no names with values".to_owned(), remedy);
            return Answers::default();
        }
        self.unknown();
        let wanted = self.wanted;
        let answers = wanted.iter().filter_map(|wanted| self.answer(wanted));
        let mut answers: Vec<Answer> = answers.collect();
        answers.sort_by_key(|answer| answer.span);
        self.problems.sort_by_key(|problem| problem.place.span);
        Answers { answers }
    }

    /// The answer to one question, if it can be used.
    fn answer(&mut self, wanted: &Wanted) -> Option<Answer> {
        let document = self.document;
        let given: Vec<&Entry> =
            document.entries.iter().filter(|entry| entry.name == wanted.name).collect();
        for again in given.iter().skip(1) {
            self.twice(given[0], again);
        }
        let Some(entry) = given.last() else {
            self.missing(wanted, None);
            return None;
        };
        let value = match &entry.value {
            Found::Nothing => {
                self.missing(wanted, Some(entry.span));
                return None;
            }
            Found::List => return self.wrong_kind(wanted, entry, "a list"),
            Found::Map => return self.wrong_kind(wanted, entry, "a map"),
            Found::Text(value) => value,
        };
        if let Some(comment) = entry.cut {
            let message = format!("what stands behind # is no part of `{}`", wanted.name);
            let remedy = "put the whole value in quotes, or a space behind #";
            self.report(Severity::Warning, comment, &wanted.name, message, remedy);
        }
        if let Some((fault, remedy)) = wanted.kind.fault(value) {
            let message = format!("`{}` {fault}", wanted.name);
            self.report(Severity::Error, entry.span, &wanted.name, message, remedy);
            return None;
        }
        let keeps_space = wanted.secret || wanted.kind.keeps_space();
        let value = if keeps_space { value.as_str() } else { value.trim() };
        Some(Answer { name: wanted.name.clone(), value: value.to_owned(), span: entry.span })
    }

    fn unknown(&mut self) {
        let document = self.document;
        for entry in &document.entries {
            if self.wanted.iter().any(|wanted| wanted.name == entry.name) {
                continue;
            }
            let message = format!("`{}` is not asked for", printable(&entry.name));
            let near = nearest(&entry.name, self.wanted.iter().map(|wanted| &*wanted.name));
            let is_open = |name: &str| !document.entries.iter().any(|entry| entry.name == name);
            let severity = match near {
                Some((name, _)) if is_open(name) => Severity::Error,
                _ => Severity::Warning,
            };
            let remedy = match near {
                Some((name, _)) => format!("did you mean `{name}`?"),
                None if self.wanted.is_empty() => "nothing is: leave the file out".to_owned(),
                None => {
                    let names: Vec<&str> = self.wanted.iter().map(|wanted| &*wanted.name).collect();
                    format!("leave it out; asked for: {}", names.join(", "))
                }
            };
            self.report(severity, entry.name_span, &entry.name, message, &remedy);
        }
    }

    fn missing(&mut self, wanted: &Wanted, at: Option<Span>) {
        if wanted.optional {
            return;
        }
        let end = self.source.text().trim_end().len();
        let message = format!("`{}` is missing: {}", wanted.name, printable(&wanted.label));
        let (severity, remedy) = if wanted.secret {
            (Severity::Warning, "get it by a safe way, and write it where the setup leaves room")
        } else {
            (Severity::Error, wanted.kind.expected())
        };
        self.report(severity, at.unwrap_or(Span::at(end)), &wanted.name, message, remedy);
    }

    fn wrong_kind(&mut self, wanted: &Wanted, entry: &Entry, what: &str) -> Option<Answer> {
        let message = format!("`{}` is {what}", wanted.name);
        self.report(Severity::Error, entry.span, &wanted.name, message, wanted.kind.expected());
        None
    }

    fn twice(&mut self, first: &Entry, again: &Entry) {
        let message = format!("`{}` is answered twice", first.name);
        let place = self.place(first.name_span, &first.name);
        self.report(
            Severity::Error,
            again.name_span,
            &again.name,
            message,
            "keep the one that is right",
        );
        let problem = self.problems.pop().expect("it was just put there");
        self.problems.push(problem.related(place, "the first answer"));
    }

    fn report(
        &mut self,
        severity: Severity,
        span: Span,
        name: &str,
        message: String,
        remedy: &str,
    ) {
        let problem = Problem::new(message, self.place(span, name));
        self.problems.push(problem.severity(severity).remedy(remedy));
    }

    fn place(&self, span: Span, name: &str) -> Place {
        let path = KeyPath::default();
        let path = if name.is_empty() { path } else { path.key(name) };
        Place { source: Arc::clone(&self.source), span, path }
    }
}

/// The text with every answer masked that is secret, or that may be by its name.
fn source(file_name: &str, text: Arc<str>, document: &Document, wanted: &[Wanted]) -> Arc<Source> {
    let secret_names = wanted.iter().filter(|wanted| wanted.secret).map(|wanted| &*wanted.name);
    let secret_names: Vec<&str> = secret_names.collect();
    let is_secret = |entry: &&Entry| {
        let is_wanted = wanted.iter().any(|wanted| wanted.name == entry.name && !wanted.secret);
        !is_wanted
            && (is_secret_key(&entry.name)
                || nearest(&entry.name, secret_names.iter().copied()).is_some())
    };
    let secrets: Vec<&Entry> = document.entries.iter().filter(is_secret).collect();
    let cut = secrets.iter().filter_map(|entry| entry.cut);
    let spans = secrets.iter().map(|entry| entry.span).chain(cut).collect();
    let values = secrets.iter().filter_map(|entry| match &entry.value {
        Found::Text(value) => Some(value.clone()),
        Found::List | Found::Map | Found::Nothing => None,
    });
    Arc::new(Source::understood(file_name, text, spans, &document.comments, values.collect()))
}
