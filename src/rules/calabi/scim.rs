//! Provisioning over SCIM.

use crate::apps::calabi::{facts, section};
use crate::idps::{self, Idp};
use crate::model::{State, is_unknown};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject};
use crate::source::KeyPath;
use crate::syntax::tree::NodeRef;

pub(in crate::rules) static UNSUPPORTED: Lint = lint!(
    "CAL031",
    "unsupported-scim-idp",
    Error,
    "SCIM from an identity provider that Calabi supports for SAML alone",
    Check::Settings(unsupported)
);
pub(in crate::rules) static PLAIN_TOKEN: Lint = lint!(
    "CAL032",
    "scim-token-in-plain-text",
    Warning,
    "the SCIM token itself stands in the sheet",
    Check::Settings(plain_token)
);

fn unsupported(cx: &Subject<'_>, out: &mut Findings) {
    let entry = cx.config.root.and_then(|root| root.get("calabi")?.entry("scim"));
    let Some((key, _)) = entry.filter(|(_, value)| value.entries().is_some()) else { return };
    let scim = section(cx.config.root, "scim");
    let named = scim.setting("idp");
    let idp: Option<&'static Idp> = match (named.state, cx.config.providers.as_slice()) {
        (State::Text(name), _) => idps::named(name),
        (State::Absent | State::Empty, [only]) => Some(only.idp),
        _ => None,
    };
    let is_without = |idp: &&Idp| facts().without_scim.value.iter().any(|id| id == idp.id);
    let Some(idp) = idp.filter(is_without) else { return };
    let place = match named.text() {
        Some(_) => cx.value_place(named),
        None => cx.place(key.span(), KeyPath::default().key("calabi").key("scim")),
    };
    let problem =
        Problem::new(format!("Calabi supports {} for SAML alone, not for SCIM", idp.name), place)
            .why("no account would be created, changed or blocked from there")
            .remedy("accounts that are made at the first login, by hand, or through Calabi's API");
    out.report(&UNSUPPORTED.rule, problem);
}

fn plain_token(cx: &Subject<'_>, out: &mut Findings) {
    let scim = section(cx.config.root, "scim");
    let token = scim.setting("token");
    let Some(value) = token.read_value().filter(|value| !is_unknown(*value)) else { return };
    let path = token.path();
    let place = match value.scalar() {
        Some(_) if matches!(token.state, State::Text(_) | State::Other) => {
            cx.place(value.span(), path)
        }
        Some(_) => return,
        None => match value.get("kept_in").filter(|kept_in| is_token(*kept_in)) {
            Some(kept_in) => cx.place(kept_in.span(), path.key("kept_in")),
            None => return,
        },
    };
    let problem = Problem::new("the SCIM token stands here in plain text", place)
        .why("whoever reads it can create administrators in Calabi, and sheets are made to be passed around")
        .remedy("token: with kept_in: the name of the secret store, and a new token from Generate SCIM Token");
    out.report(&PLAIN_TOKEN.rule, problem);
}

/// Whether a text looks like a token, not like the name of a place.
fn is_token(value: NodeRef<'_>) -> bool {
    let Some(scalar) = value.scalar().filter(|_| !is_unknown(value)) else { return false };
    let text = scalar.text.as_str();
    let is_random = |c: fn(&char) -> bool| text.chars().any(|letter| c(&letter));
    let is_jwt = text.starts_with("eyJ") && text.matches('.').count() == 2;
    is_jwt
        || (text.len() >= 24
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "_=+~".contains(c))
            && is_random(char::is_ascii_digit)
            && is_random(char::is_ascii_uppercase)
            && is_random(char::is_ascii_lowercase))
}
