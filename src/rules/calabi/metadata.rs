//! Where a provider's metadata is, and which provider comes first.

use url::Url;

use crate::model::{Role, Setting, State};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::urls::parts;
use crate::rules::{Check, Lint, ProviderSubject, Subject};

pub(in crate::rules) static INVALID_URL: Lint = lint!(
    "CAL020",
    "invalid-metadata-url",
    Error,
    "the IdP Metadata URL is missing, malformed or not https",
    Check::Provider(invalid_url)
);
pub(in crate::rules) static GOOGLE: Lint = lint!(
    "CAL021",
    "google-metadata-url",
    Warning,
    "an address of Google as metadata URL, which Google does not have",
    Check::Provider(google)
);
pub(in crate::rules) static OWN: Lint = lint!(
    "CAL022",
    "unusable-metadata",
    Error,
    "metadata that describes no usable identity provider",
    Check::Provider(own)
);
pub(in crate::rules) static NO_DEFAULT: Lint = lint!(
    "CAL043",
    "no-single-default-provider",
    Warning,
    "of several providers none, or more than one, is the default",
    Check::Settings(no_default)
);

fn invalid_url(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some(setting) = cx.provider.setting(Role::MetadataUrl) else { return };
    let file = cx.provider.setting(Role::MetadataFile);
    let is_absent = |setting: &Setting<'_>| matches!(setting.state, State::Absent | State::Empty);
    let problem = match setting.state {
        State::Absent | State::Empty if file.is_none_or(is_absent) => {
            let message = "neither metadata_url nor metadata_file is set";
            let problem = match setting.entry {
                Some(_) => Problem::new(message, cx.subject.key_place(setting)),
                None => cx.problem(message),
            };
            problem.remedy("metadata_url: the address of the identity provider's SAML metadata")
        }
        State::Text(url) if is_google(url) => return,
        State::Text(url) => match wrong_url(url) {
            Some((wrong, remedy)) => cx
                .value_problem(
                    format!("the IdP Metadata URL {wrong}: {}", cx.subject.shown(setting)),
                    setting,
                )
                .remedy(remedy),
            None => return,
        },
        _ => return,
    };
    let why = "it is the only way in which Calabi learns where to send people and whose signature to trust";
    out.report(&INVALID_URL.rule, problem.why(why));
}

/// What is wrong with an address, and what to write.
fn wrong_url(url: &str) -> Option<(&'static str, &'static str)> {
    let Some(parts) = parts(url) else {
        return Some((
            "is no absolute URL",
            "an address with https://, or metadata_file for a file",
        ));
    };
    if parts.host.is_empty() || Url::parse(url).is_err() || url.contains(char::is_whitespace) {
        return Some(("cannot be read", "the address as the identity provider shows it"));
    }
    let is_https = parts.scheme.eq_ignore_ascii_case("https");
    (!is_https).then_some((
        "is not https",
        "the https address of the metadata; whoever can change it on its way can log in as anybody",
    ))
}

fn google(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, url)) = cx.text(Role::MetadataUrl) else { return };
    if !is_google(url) {
        return;
    }
    let problem = cx
        .value_problem("Google publishes no metadata at any address", setting)
        .why("what stands here is an entity id or a login page; Calabi cannot read metadata from it")
        .remedy("host the file of Download Metadata at an https address of your own, or ask the vendor; metadata_file records the file");
    out.report(&GOOGLE.rule, problem);
}

fn is_google(url: &str) -> bool {
    parts(url).is_some_and(|parts| parts.host.eq_ignore_ascii_case("accounts.google.com"))
}

fn own(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, url)) = cx.text(Role::MetadataUrl) else { return };
    let is_own =
        |own: &String| parts(url).is_some_and(|parts| parts.path.starts_with(own.as_str()));
    if !cx.subject.app.urls.own_paths.iter().any(is_own) {
        return;
    }
    let problem = cx
        .value_problem("the IdP Metadata URL is an address of Calabi itself", setting)
        .why("Calabi's own metadata describes a service provider; it holds neither a login address nor a signing key of the identity provider")
        .remedy("the address of the identity provider's metadata, from its console");
    out.report(&OWN.rule, problem);
}

fn no_default(cx: &Subject<'_>, out: &mut Findings) {
    let settings = cx.config.providers.iter().flat_map(|provider| &provider.settings);
    let defaults: Vec<_> = settings.filter(|setting| setting.card.key == "default").collect();
    let is_judged = |setting: &&Setting<'_>| setting.boolean().is_some() || setting.entry.is_none();
    if defaults.len() < 2 || !defaults.iter().all(|setting| is_judged(setting)) {
        return;
    }
    let chosen: Vec<_> = defaults.iter().filter(|one| one.boolean() == Some(true)).collect();
    let problem = match (chosen.as_slice(), cx.config.setting(Role::Providers)) {
        ([_], _) | (_, None) => return,
        ([], Some(list)) => {
            Problem::new("none of several providers is the default", cx.key_place(list))
                .why("the login page then has no main button, and people choose by guessing")
        }
        ([first, .., last], _) => {
            Problem::new("more than one provider is marked as the default", cx.value_place(last))
                .related(cx.value_place(first), "marked here already")
                .why("Calabi has one main button; Set as Default takes it away from the other one")
        }
    };
    out.report(&NO_DEFAULT.rule, problem.remedy("default: true in one provider (Set as Default)"));
}
