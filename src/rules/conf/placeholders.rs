//! Hints that nobody has replaced yet.

use crate::model::{Kind, Placeholder, Role, Setting, SettingCard, State, is_unknown, placeholder};
use crate::problem::{Place, Problem};
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject};
use crate::source::{KeyPath, is_secret_key};
use crate::syntax::tree::{self, NodeRef};

pub(in crate::rules) static PLACEHOLDER: Lint = lint!(
    "CONF008",
    "left-placeholder",
    Error,
    "a placeholder that was left in",
    Check::Deployment(placeholders)
);

fn placeholders(cx: &Subject<'_>, out: &mut Findings) {
    if WITH_CODES_OF_THEIR_OWN.contains(&cx.app.id.as_str()) {
        return;
    }
    for setting in &cx.config.settings {
        judge(cx, setting, None, out);
    }
    for provider in &cx.config.providers {
        for setting in provider.settings.iter().chain(&provider.mapping) {
            judge(cx, setting, provider.label(), out);
        }
    }
    variables(cx, out);
}

fn judge(cx: &Subject<'_>, setting: &Setting<'_>, provider: Option<&str>, out: &mut Findings) {
    let found = match setting.state {
        State::Placeholder(found) => Some(found),
        State::Text(text) => placeholder(setting.card, text),
        State::Other => return inside(cx, setting, provider, out),
        _ => None,
    };
    if let Some(found) = found {
        let shown = cx.shown(setting);
        let place = cx.value_place(setting);
        let problem = problem(&cx.app.name, found, &setting.card.key, &shown, place);
        let provider = provider.map(str::to_owned);
        out.report(&PLACEHOLDER.rule, Problem { provider, ..problem });
    }
}

/// The texts of a list or map, however deep the reader lets them be.
fn inside(cx: &Subject<'_>, setting: &Setting<'_>, provider: Option<&str>, out: &mut Findings) {
    let Some(value) = setting.read_value() else { return };
    let mut open: Vec<(NodeRef<'_>, KeyPath)> = vec![(value, setting.path())];
    let mut budget = MOST_VALUES;
    while let Some((node, path)) = open.pop() {
        let Some(left) = budget.checked_sub(1) else { return };
        budget = left;
        let items = node.items().into_iter().flatten().enumerate();
        open.extend(items.map(|(index, item)| (item, path.index(index))));
        for (key, value) in node.pairs().into_iter().flatten() {
            open.push((value, path.key(key.key_text().unwrap_or("?"))));
        }
        let text = node.scalar().filter(|scalar| scalar.kind == tree::Kind::Text);
        let Some(text) = text.filter(|_| !is_unknown(node)) else { continue };
        let Some(found @ Placeholder::Hint(_)) = placeholder(setting.card, &text.text) else {
            continue;
        };
        let place = Place { span: node.span(), path, ..cx.key_place(setting) };
        let shown = place.source.quote(node.span());
        let problem = problem(&cx.app.name, found, &setting.card.key, &shown, place);
        let provider = provider.map(str::to_owned);
        out.report(&PLACEHOLDER.rule, Problem { provider, ..problem });
    }
}

fn problem(app: &str, found: Placeholder, key: &str, shown: &str, place: Place) -> Problem {
    match found {
        Placeholder::Hint(kind) => Problem::new(format!("a placeholder is left in {key}"), place)
            .label(kind)
            .why(format!("{app} takes it literally, so no login through it can work"))
            .remedy("fill in the value for this installation"),
        Placeholder::ReservedName => Problem::new(
            format!("{key} uses a name that is reserved for documentation: {shown}"),
            place,
        )
        .severity(Severity::Warning)
        .why("nobody can own such a name (RFC 2606), so it was most likely copied from an example")
        .remedy("fill in the name that is used here"),
    }
}

/// The variables that the application reads, wherever a file gives them to its process.
fn variables(cx: &Subject<'_>, out: &mut Findings) {
    for carrying in cx.deployment.carried().iter().filter(|one| one.part.is_judged) {
        for variable in &carrying.carried.variables {
            let is_ours = cx.app.recognise.is_variable(&variable.name)
                || cx.app.urls.base_variable.as_ref() == Some(&variable.name);
            let Some(value) = variable.known().filter(|_| is_ours) else { continue };
            let Some(found) = in_variable(&variable.name, value) else { continue };
            let (document, span) = (carrying.document, variable.value_span);
            let shown = document.source.quote(span);
            let place = document.place(span, variable.path.clone());
            out.report(
                &PLACEHOLDER.rule,
                problem(&cx.app.name, found, &variable.name, &shown, place),
            );
        }
    }
}

/// A hint in a variable: anywhere in an address; in angle brackets inside other texts, for the
/// others stand in filters and templates of directories too; a secret only as a whole.
fn in_variable(name: &str, value: &str) -> Option<Placeholder> {
    if is_secret_key(name) {
        return placeholder(&SECRET, value);
    }
    if value.contains("://") {
        return placeholder(&ADDRESS, value);
    }
    let inside =
        placeholder(&NAME, value).filter(|found| *found == IN_BRACKETS && value.contains('<'));
    placeholder(&TEXT, value).or(inside)
}

/// A card for texts that have none.
const fn card(role: Role, kind: Kind, secret: bool) -> SettingCard {
    SettingCard {
        key: String::new(),
        role,
        kind,
        protocol: None,
        secret,
        also_known_as: Vec::new(),
        source: String::new(),
    }
}

static ADDRESS: SettingCard = card(Role::IssuerUrl, Kind::Url, false);
static NAME: SettingCard = card(Role::Name, Kind::Identifier, false);
static SECRET: SettingCard = card(Role::ClientSecret, Kind::Identifier, true);
static TEXT: SettingCard = card(Role::Name, Kind::Label, false);
const IN_BRACKETS: Placeholder = Placeholder::Hint("a hint in brackets");
/// Applications whose own tables have a code for it.
const WITH_CODES_OF_THEIR_OWN: [&str; 2] = ["clearml", "cvat"];
/// Values of one setting that are looked at.
const MOST_VALUES: usize = 20_000;

#[cfg(test)]
mod tests {
    use super::in_variable;

    #[test]
    fn filters_templates_and_odd_secrets_are_no_hints() {
        for (name, value) in [
            ("AUTH_LDAP_GROUP_SEARCH_FILTER_STR", "(&(objectClass=group) (cn=ls-*))"),
            ("AUTH_LDAP_USER_DN_TEMPLATE", "uid=%(user)s,ou=people,dc=acme,dc=test"),
            ("AUTH_LDAP_USER_DN_TEMPLATE", "uid={user},ou=people,dc=acme,dc=test"),
            ("AUTH_LDAP_BIND_PASSWORD", "a<b>c9Kq"),
            ("AUTH_LDAP_ORGANIZATION_WORKSPACES", "{\"Signs\": \"cn=signs,dc=acme,dc=test\"}"),
        ] {
            assert_eq!(in_variable(name, value), None, "{value}");
        }
    }

    #[test]
    fn hints_are_found_in_addresses_names_and_secrets() {
        for (name, value) in [
            ("LABEL_STUDIO_HOST", "https://<your-host>"),
            ("AUTH_LDAP_BIND_PASSWORD", "<password of the service account>"),
            ("AUTH_LDAP_CONNECTION_OPTIONS", "OPT_X_TLS_CACERTFILE=<path>;OPT_X_TLS_NEWCTX=0"),
        ] {
            assert!(in_variable(name, value).is_some(), "{value}");
        }
    }
}
