//! Values that cannot be read.

use crate::apps::label_studio_environment::{LsKind, LsVariable};
use crate::ldap::dn::Dn;
use crate::ldap::filter::{Filter, FilterErrorKind};
use crate::ldap::url::LdapUrl;
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::label_studio::environment::{Environment, report};
use crate::rules::label_studio::environment_cards::MALFORMED;
use crate::rules::label_studio::ldap::values::names;
use crate::source::Span;
use crate::syntax::json::{self, JsonErrorKind};
use crate::syntax::tree::{Kind, NodeRef};

/// What is wrong with a value, where in it, and what to write.
struct Fault {
    message: String,
    span: Option<Span>,
    remedy: &'static str,
}

pub(super) fn malformed(cx: &Environment<'_>, out: &mut Findings) {
    for set in &cx.process.variables {
        for fault in faults(set) {
            let place = match fault.span {
                Some(span) => set.part_place(span),
                None => set.place(),
            };
            let message = format!("{}: {}", set.variable.name, fault.message);
            let problem = Problem::new(message, place)
                .why("the library refuses it as soon as somebody logs in")
                .remedy(fault.remedy);
            report(&MALFORMED.rule, set, problem, out);
        }
    }
}

fn faults(set: &LsVariable<'_>) -> Vec<Fault> {
    let Some((text, fact)) = set.text().zip(set.fact) else { return Vec::new() };
    let mut faults: Vec<Fault> = match fact.kind {
        LsKind::Address => address(text).into_iter().collect(),
        LsKind::Filter => filter(text).into_iter().collect(),
        LsKind::Workspaces => workspaces(text),
        _ => Vec::new(),
    };
    for name in names(set) {
        let Err(error) = Dn::parse(&name.text) else { continue };
        let start = name.span.map(|span| span.start);
        let inside = start.map(|at| Span::new(at + error.span.start, at + error.span.end));
        let is_place = inside.zip(name.span).is_some_and(|(inside, whole)| {
            !inside.is_empty()
                && whole.contains(inside)
                && whole.end - whole.start == name.text.len()
        });
        faults.push(Fault {
            message: format!("no distinguished name: {error}"),
            span: if is_place { inside } else { name.span },
            remedy: "a name such as ou=people,dc=acme,dc=test",
        });
    }
    faults
}

fn address(text: &str) -> Option<Fault> {
    let error = LdapUrl::parse_list(text).err()?;
    Some(Fault {
        message: error.to_string(),
        span: Some(error.span),
        remedy: "ldaps://ldap.acme.test",
    })
}

fn filter(text: &str) -> Option<Fault> {
    let remedy = "a filter such as (objectClass=groupOfNames)";
    match Filter::parse(text) {
        // Ours to end, not the author's fault.
        Err(error) if error.kind == FilterErrorKind::TooDeep => None,
        Err(error) => Some(Fault {
            message: format!("no search filter: {error}"),
            span: Some(error.span).filter(|span| !span.is_empty()),
            remedy,
        }),
        Ok(filter) => (!filter.is_parenthesised).then(|| Fault {
            message: "a search filter stands in parentheses".to_owned(),
            span: None,
            remedy,
        }),
    }
}

fn workspaces(text: &str) -> Vec<Fault> {
    let fault = |message: String, span| Fault { message, span, remedy: TABLE };
    let read = match json::read(text, &json::Options::default()) {
        Ok(read) => read,
        Err(error) if matches!(error.kind, JsonErrorKind::Limit(_)) => return Vec::new(),
        Err(error) => {
            let span = Some(error.span).filter(|span| !span.is_empty());
            return vec![fault(format!("no JSON: {error}"), span)];
        }
    };
    if let Some((departure, span)) = read.first_departure() {
        return vec![fault(format!("no JSON: it has no {}", departure.name()), Some(span))];
    }
    let Some(pairs) = read.tree.root().and_then(NodeRef::pairs) else {
        return vec![fault("no JSON object".to_owned(), None)];
    };
    let is_text =
        |value: NodeRef<'_>| value.scalar().is_some_and(|scalar| scalar.kind == Kind::Text);
    let wrong = pairs.filter(|(_, value)| !is_text(*value));
    let message = "the groups of a workspace are one text, with ; between them";
    wrong.map(|(_, value)| fault(message.to_owned(), Some(value.span()))).collect()
}

const TABLE: &str = r#"{"Workspace": "cn=team,ou=groups,dc=acme,dc=test"}"#;
