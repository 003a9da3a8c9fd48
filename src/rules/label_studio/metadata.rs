//! The identity provider's metadata, and the address that it is to know.

use crate::idps;
use crate::model::{Role, Setting, State};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::label_studio::sheet::is_whole;
use crate::rules::urls::{Reach, parts, reach};
use crate::rules::{Check, Lint, ProviderSubject, edits};

pub(in crate::rules) static ONE_SOURCE: Lint = lint!(
    "LS016",
    "metadata-source-count",
    Error,
    "neither the address of the metadata nor the metadata itself, or both",
    Check::Provider(one_source)
);
pub(in crate::rules) static NO_APP_ID: Lint = lint!(
    "LS017",
    "entra-metadata-without-appid",
    Warning,
    "an address of Entra's metadata without `appid`",
    Check::Provider(no_app_id)
);
pub(in crate::rules) static GOOGLE_ADDRESS: Lint = lint!(
    "LS018",
    "google-metadata-url",
    Error,
    "an address of Google as `metadata_url`, which Google does not offer",
    Check::Provider(google_address)
);
pub(in crate::rules) static ACS_SHAPE: Lint = lint!(
    "LS021",
    "malformed-acs-url",
    Error,
    "an ACS URL that is not of Label Studio's shape",
    Check::Provider(acs_shape)
);
pub(in crate::rules) static MALFORMED_ADDRESS: Lint = lint!(
    "LS051",
    "malformed-metadata-url",
    Error,
    "`metadata_url` is no URL, or is not encrypted",
    Check::Provider(malformed_address)
);

fn one_source(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let url = cx.provider.setting(Role::MetadataUrl);
    let xml = cx.provider.setting(Role::MetadataXml);
    let (Some(url), Some(xml)) = (url, xml) else { return };
    if url.is_present() && xml.is_present() {
        let problem = Problem::new(
            "the metadata is given by its address and as text",
            cx.subject.key_place(xml),
        )
        .severity(Severity::Warning)
        .related(cx.subject.key_place(url), "the address")
        .why("which of the two counts is not documented, and the text does not follow the identity provider's next key")
        .remedy("one of them: metadata_url where the identity provider has one");
        out.report(&ONE_SOURCE.rule, problem);
    } else if !url.is_present() && !xml.is_present() && is_whole(cx.subject) {
        let written = [url, xml, cx.provider.setting(Role::EmailDomain).unwrap_or(url)];
        let at = written.into_iter().find(|setting| setting.entry.is_some());
        let message = "neither metadata_url nor metadata_xml is given";
        let problem = match at {
            Some(setting) => Problem::new(message, cx.subject.key_place(setting)),
            None => cx.problem(message),
        };
        let problem = problem
            .why("without metadata Label Studio knows neither the identity provider's address nor its key")
            .remedy("metadata_url: the address of the identity provider's metadata");
        out.report(&ONE_SOURCE.rule, problem);
    }
}

fn no_app_id(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, url)) = cx.text(Role::MetadataUrl) else { return };
    let lower = url.to_ascii_lowercase();
    let is_entra = idps::recognise(url).id == "entra" && lower.contains("/federationmetadata");
    let query = lower.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or(query);
    let has_id = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .any(|(name, value)| name == "appid" && !value.is_empty());
    if !is_entra || has_id {
        return;
    }
    let problem = cx
        .value_problem("this is the metadata of the tenant, not of the application", setting)
        .why("an enterprise application signs with a certificate of its own, which only its own metadata names")
        .remedy("the App Federation Metadata Url of the application, which ends with ?appid=...");
    out.report(&NO_APP_ID.rule, problem);
}

fn google_address(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, url)) = cx.text(Role::MetadataUrl) else { return };
    let host = parts(url).map_or("", |parts| parts.host);
    if !host.eq_ignore_ascii_case("accounts.google.com") {
        return;
    }
    let problem = cx
        .value_problem("no metadata stands at this address", setting)
        .why("Google offers its metadata as a file only; this is where people log in, or the entity id")
        .remedy("metadata_xml: the text of GoogleIDPMetadata.xml (Download metadata in the Admin console)");
    out.report(&GOOGLE_ADDRESS.rule, problem);
}

fn acs_shape(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, url)) = cx.text(Role::Callback) else { return };
    if is_acs(url) {
        return;
    }
    let why = "the identity provider compares the address letter by letter, as ACS URL, Entity ID and audience";
    let bare = url.trim_end_matches('/');
    if bare != url && is_acs(bare) {
        let problem = cx.value_problem("the ACS URL ends with a slash", setting);
        let problem = problem.why(why).remedy(bare);
        let source = &cx.subject.document().expect("a provider stands in a document").source;
        let slash =
            setting.value().and_then(|value| edits::part(source, value, bare.len(), url.len()));
        let problem = match slash {
            Some(span) => problem.safe_fix("remove the slash", vec![(span, String::new())]),
            None => problem,
        };
        out.report(&ACS_SHAPE.rule, problem);
        return;
    }
    let is_plain =
        url.strip_prefix("http://").is_some_and(|rest| is_acs(&format!("https://{rest}")));
    if is_plain && parts(url).is_some_and(|parts| reach(parts.host) == Reach::Loopback) {
        return;
    }
    let (message, remedy) = if is_plain {
        (
            "the ACS URL is not encrypted",
            "LABEL_STUDIO_HOST with https://, then the address that Label Studio shows",
        )
    } else {
        (
            "this is no ACS URL of Label Studio",
            "https://HOST/saml/TOKEN/acs, as the page SSO & SAML shows it",
        )
    };
    out.report(&ACS_SHAPE.rule, cx.value_problem(message, setting).why(why).remedy(remedy));
}

/// `https://{host}/saml/{token}/acs`.
fn is_acs(url: &str) -> bool {
    let Some(parts) = parts(url) else { return false };
    let token = parts.path.strip_prefix("/saml/").and_then(|rest| rest.strip_suffix("/acs"));
    parts.scheme == "https"
        && !parts.host.is_empty()
        && token.is_some_and(|token| !token.is_empty() && !token.contains(['/', '?', '#']))
}

fn malformed_address(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some(setting) = cx.provider.setting(Role::MetadataUrl) else { return };
    if setting.state == State::Other {
        let problem = cx.value_problem("metadata_url is not text", setting);
        let problem = problem
            .why("Label Studio fetches one address")
            .remedy("the address of the identity provider's metadata");
        out.report(&MALFORMED_ADDRESS.rule, problem);
        return;
    }
    let Some(url) = setting.text() else { return };
    if let Some(problem) = address_fault(cx, setting, url) {
        out.report(&MALFORMED_ADDRESS.rule, problem);
    }
}

fn address_fault(cx: &ProviderSubject<'_>, setting: &Setting<'_>, url: &str) -> Option<Problem> {
    let why = "Label Studio fetches the identity provider's metadata from it";
    let remedy = "https:// and the address that the identity provider's console shows";
    let start = url.trim_start();
    if start.starts_with('<') {
        let problem = cx
            .value_problem("this is the metadata itself, not its address", setting)
            .why(why)
            .remedy("the same text under metadata_xml");
        return Some(problem);
    }
    let what = match parts(url) {
        _ if url.trim() != url || url.contains(char::is_whitespace) => "holds white space",
        None => "is no URL: it has no scheme",
        Some(parts) if !is_web(parts.scheme) => "is no address of the web",
        Some(_) if url::Url::parse(url).is_err() => "is no URL",
        Some(parts) if parts.scheme.eq_ignore_ascii_case("http") => {
            let is_local = reach(parts.host) == Reach::Loopback;
            let severity = if is_local { Severity::Info } else { Severity::Error };
            let problem = cx
                .value_problem("metadata_url is not encrypted", setting)
                .severity(severity)
                .why("whoever stands between can put another key into the metadata, and log in as anybody")
                .remedy(format!("https{}", &url[parts.scheme.len()..]));
            return Some(problem);
        }
        Some(_) => return None,
    };
    let message = format!("metadata_url {what}");
    Some(cx.value_problem(message, setting).why(why).remedy(remedy))
}

fn is_web(scheme: &str) -> bool {
    ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web))
}

#[cfg(test)]
mod tests {
    use super::is_acs;

    #[test]
    fn the_acs_url_has_one_shape() {
        assert!(is_acs("https://label.acme.test/saml/7f3a/acs"));
        assert!(is_acs("https://label.acme.test:8443/saml/7f3a/acs"));
        for url in [
            "https://label.acme.test/saml/7f3a/acs/",
            "http://label.acme.test/saml/7f3a/acs",
            "https://label.acme.test/saml/acs",
            "https://label.acme.test/saml//acs",
            "https://label.acme.test/saml/a/b/acs",
            "label.acme.test/saml/7f3a/acs",
            "https:///saml/7f3a/acs",
        ] {
            assert!(!is_acs(url), "{url}");
        }
    }
}
