//! Values of the wrong kind.

use jsonschema::error::ValidationErrorKind;
use serde_json::Value as Json;

use crate::model::{Kind, Setting, State, is_unknown, nearest};
use crate::problem::{Place, Problem};
use crate::rule::Rule;
use crate::rules::cvat::shape_cards as cards;
use crate::rules::shape::Spot;
use crate::rules::shape::missing::{missing_section, needed, no_mapping};
use crate::rules::{Subject, edits};
use crate::source::Span;
use crate::syntax::tree::{self, NodeRef};

pub(super) fn wrong_value(
    cx: &Subject<'_>,
    spot: &Spot<'_>,
    kind: &ValidationErrorKind,
) -> Option<(&'static Rule, Problem)> {
    let value = spot.value?;
    if is_unknown(value) {
        return None;
    }
    let place = match spot.entry {
        Some((key, value)) if value.span().is_empty() || value.scalar().is_none() => {
            cx.place(key.span(), spot.path.clone())
        }
        _ => cx.place(value.span(), spot.path.clone()),
    };
    let shown = cx.document()?.source.quote(value.span());
    let shown = if shown.chars().count() > 40 { "this".to_owned() } else { format!("`{shown}`") };
    let name = spot.keys.last().map_or("", String::as_str);
    let setting = spot.setting(cx);
    if setting.is_some_and(|setting| matches!(setting.state, State::Placeholder(_))) {
        return None;
    }
    match (kind, name) {
        (ValidationErrorKind::FalseSchema, _) => other_protocol(cx, spot),
        (ValidationErrorKind::Enum { .. }, "protocol") => None,
        (ValidationErrorKind::Enum { options }, _) => {
            Some(not_offered(cx, (name, &shown), options, value, place))
        }
        (ValidationErrorKind::Pattern { .. }, _) => Some(unsafe_id(cx, value, &shown, place)),
        (ValidationErrorKind::MinProperties { .. }, _) => Some((
            &cards::MISSING_ATTRIBUTE_MAPPING.rule,
            no_mapping("attribute_mapping is empty".to_owned(), key_place(cx, spot, place)),
        )),
        (ValidationErrorKind::MinItems { .. }, "identity_providers") => {
            let (why, remedy) = needed(name);
            let problem = Problem::new("identity_providers is empty", key_place(cx, spot, place));
            Some((&cards::MISSING_SETTING.rule, problem.why(why).remedy(remedy)))
        }
        (ValidationErrorKind::Type { .. }, "") | (ValidationErrorKind::Type { .. }, "sso") => {
            missing_section(cx)
        }
        (ValidationErrorKind::Type { .. }, "weight") => {
            Some((&cards::NON_INTEGER_WEIGHT.rule, weight(value, &shown, place)))
        }
        (ValidationErrorKind::Type { .. } | ValidationErrorKind::MinItems { .. }, _) => {
            wrong_type(setting, value, (name, &shown), place)
        }
        _ => None,
    }
}

fn key_place(cx: &Subject<'_>, spot: &Spot<'_>, place: Place) -> Place {
    spot.entry.map_or(place, |(key, _)| cx.place(key.span(), spot.path.clone()))
}

fn other_protocol(cx: &Subject<'_>, spot: &Spot<'_>) -> Option<(&'static Rule, Problem)> {
    let (key, value) = spot.entry?;
    let name = spot.keys.last()?;
    let own = spot.provider?.protocol?.name();
    let other = if own == "OIDC" { "SAML" } else { "OIDC" };
    let problem = Problem::new(format!("{name} is read for {other} only, and this provider speaks {own}"), cx.place(key.span(), spot.path.clone()))
        .why("CVAT passes over it; perhaps it belongs to another provider, or the protocol is the other one")
        .remedy(format!("take {name} out, or set protocol: {other}"));
    let source = &cx.document()?.source;
    let lines = edits::lines_of(source, key.span(), value.span());
    let problem = match lines {
        Some(lines) => problem.unsafe_fix(format!("take {name} out"), vec![(lines, String::new())]),
        None => problem,
    };
    Some((&cards::SETTING_OF_OTHER_PROTOCOL.rule, problem))
}

fn not_offered(
    cx: &Subject<'_>,
    (name, shown): (&str, &str),
    options: &Json,
    value: NodeRef<'_>,
    place: Place,
) -> (&'static Rule, Problem) {
    let options: Vec<&str> =
        options.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let (rule, why) = if name == "selection_mode" {
        (
            &cards::UNKNOWN_SELECTION_MODE.rule,
            "CVAT then cannot choose an identity provider for a user",
        )
    } else {
        (
            &cards::UNSUPPORTED_TOKEN_AUTH_METHOD.rule,
            "CVAT can prove itself at the token endpoint in these two ways only",
        )
    };
    let problem =
        Problem::new(format!("{name} must be {}, got {shown}", options.join(" or ")), place)
            .why(why);
    let text = value.scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
    let problem = match nearest(text, options.iter().copied())
        .map(|(near, _)| near)
        .or_else(|| abbreviated(text, &options))
    {
        Some(near) => problem
            .label(format!("did you mean `{near}`?"))
            .remedy(format!("{name}: {near}"))
            .safe_fix(format!("write {near}"), replaced(cx, value, near)),
        None => problem.remedy(format!("{name}: {}", options.join(", or "))),
    };
    (rule, problem)
}

/// A text in place of another, within its quotes; the whole value where it is written oddly.
fn replaced(cx: &Subject<'_>, value: NodeRef<'_>, new: &str) -> Vec<(Span, String)> {
    let source = cx.document().map(|document| &document.source);
    let inside = source.and_then(|source| edits::text(source, value, new));
    inside.unwrap_or_else(|| vec![(value.span(), new.to_owned())])
}

/// The one option that a shortened word begins or ends: `basic`, `email`.
fn abbreviated<'o>(text: &str, options: &[&'o str]) -> Option<&'o str> {
    let lower = text.to_ascii_lowercase().replace('-', "_");
    let mut fitting = options.iter().filter(|option| {
        lower.len() >= 4 && (option.starts_with(&lower) || option.ends_with(&format!("_{lower}")))
    });
    fitting.next().filter(|_| fitting.next().is_none()).copied()
}

fn unsafe_id(
    cx: &Subject<'_>,
    value: NodeRef<'_>,
    shown: &str,
    place: Place,
) -> (&'static Rule, Problem) {
    let text = value.scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
    let slug: String = text
        .trim()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "._~-".contains(c) { c } else { '-' })
        .collect();
    let slug = slug.trim_matches(['-', '.', '_', '~']).to_ascii_lowercase();
    let problem = Problem::new(format!("provider id {shown} cannot stand in a URL as it is"), place)
        .why("it is a path segment of every callback URL; letters, digits and . _ ~ - are safe, the first one a letter or digit");
    let is_secret = cx.document().is_some_and(|document| document.source.is_secret(value.span()));
    let problem = if slug.is_empty() || is_secret {
        problem.remedy("an id such as acme-oidc")
    } else {
        problem
            .remedy(format!("id: {slug}"))
            .unsafe_fix(format!("write {slug}"), replaced(cx, value, &slug))
    };
    (&cards::UNSAFE_PROVIDER_ID.rule, problem)
}

fn weight(value: NodeRef<'_>, shown: &str, place: Place) -> Problem {
    let text = value.scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
    let span = place.span;
    let problem = Problem::new(format!("weight must be a whole number, got {shown}"), place)
        .why("CVAT compares weights as numbers; text and numbers cannot be compared");
    if !text.is_empty() && text.parse::<i64>().is_ok_and(|number| number.to_string() == text) {
        let text = text.to_owned();
        return problem
            .remedy(format!("weight: {text}"))
            .safe_fix("take the quotes away", vec![(span, text)]);
    }
    problem.remedy("weight: 1, and a larger number for each further provider")
}

fn wrong_type(
    setting: Option<&Setting<'_>>,
    value: NodeRef<'_>,
    (name, shown): (&str, &str),
    place: Place,
) -> Option<(&'static Rule, Problem)> {
    let kind = setting.map(|setting| setting.card.kind);
    let is_scalar = value.scalar().is_some();
    if kind.is_some_and(Kind::is_text) && is_scalar {
        return None;
    }
    let (expected, why) = match (kind, name) {
        (Some(Kind::Boolean), _) | (None, "enabled") => {
            ("true or false", "text counts as true in Python, even the text \"false\"")
        }
        (Some(Kind::List), _) => {
            ("a list, each entry with a - before it", "CVAT goes through it entry by entry")
        }
        (None, _) if name.parse::<usize>().is_ok() => {
            ("a map", "each entry is a map with its own keys")
        }
        (Some(Kind::Map), _)
        | (None, "social_account" | "google" | "github" | "amazon_cognito") => {
            ("a map", "CVAT looks its keys up")
        }
        _ => ("text", "CVAT takes exactly one value here"),
    };
    let span = place.span;
    let got = match (value.scalar(), value.items().is_some()) {
        (Some(scalar), _) if scalar.kind == tree::Kind::Null => "nothing",
        (Some(_), _) => shown,
        (None, true) => "a list",
        (None, false) => "a map",
    };
    let name = match name.parse::<usize>() {
        Ok(index) => format!("entry {} of the list", index + 1),
        Err(_) => name.to_owned(),
    };
    let problem = Problem::new(format!("{name} must be {expected}, got {got}"), place).why(why);
    let word = value.scalar().map(|scalar| scalar.text.trim().to_ascii_lowercase());
    let truth =
        word.filter(|_| expected.starts_with("true")).and_then(|word| match word.as_str() {
            "true" | "yes" | "on" | "y" | "1" | "enabled" => Some("true"),
            "false" | "no" | "off" | "n" | "0" | "disabled" => Some("false"),
            _ => None,
        });
    Some((
        &cards::WRONG_TYPE.rule,
        match truth {
            Some(truth) => problem
                .remedy(format!("{name}: {truth}"))
                .safe_fix(format!("write {truth}"), vec![(span, truth.to_owned())]),
            None => problem.remedy(format!("{name}: {expected}")),
        },
    ))
}
