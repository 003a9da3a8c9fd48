//! What is known of identity providers: one TOML file each under `data/`, every fact with its
//! source, and the recogniser that tells from a URL or entity id whose it is.
//!
//! A file has two parts. Its head (identity, recogniser, console addresses) is read for all
//! providers at the first question; the facts below the line `FACTS` are read for one provider when they
//! are first asked for. A further provider is a further file and a line in `FILES`.

use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

use crate::idps::facts::{Facts, Source};
use crate::idps::pattern::{Address, Pattern};

pub use crate::idps::console::{What, console_field};
pub use crate::idps::pattern::is_guid;

mod console;
pub mod facts;
mod pattern;

/// An identity provider, or the one that stands for all others.
#[derive(Debug)]
pub struct Idp {
    /// The short name of `--idp`: `entra`.
    pub id: &'static str,
    /// The name as the vendor writes it today.
    pub name: &'static str,
    /// The day its facts were last compared with their sources, `YYYY-MM-DD`.
    pub checked: &'static str,
    recognise: Vec<Pattern>,
    console: Vec<Pattern>,
    body: &'static str,
    facts: OnceLock<Facts>,
}

impl Idp {
    /// What is known of this provider.
    pub fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| read(self.id, self.body))
    }

    /// Whether this stands for any provider that is not known by name.
    pub fn is_generic(&self) -> bool {
        self.recognise.is_empty()
    }
}

/// The provider that an issuer, entity id or endpoint belongs to; `generic` when none fits.
///
/// Providers are asked in the order of [`all`] and the first that fits wins, so a host that is
/// one vendor's alone decides before a path that any host may have.
pub fn recognise(url_or_entity_id: &str) -> &'static Idp {
    let idps = all();
    let address = Address::of(url_or_entity_id);
    let known = idps.iter().find(|idp| idp.recognise.iter().any(|pattern| pattern.fits(&address)));
    known.unwrap_or(&idps[FILES.len() - 1])
}

/// The provider whose administration console a URL opens, which is never an issuer, and how that
/// is known.
pub fn console(url: &str) -> Option<(&'static Idp, Source)> {
    let address = Address::of(url);
    all().iter().find_map(|idp| {
        let pattern = idp.console.iter().find(|pattern| pattern.fits(&address))?;
        Some((idp, pattern.source()))
    })
}

/// Every provider in the order of recognition; `generic`, which fits nothing, is the last.
pub fn all() -> &'static [Idp] {
    static ALL: LazyLock<Vec<Idp>> = LazyLock::new(|| FILES.iter().map(|text| idp(text)).collect());
    &ALL
}

/// The provider with this short name.
pub fn by_id(id: &str) -> Option<&'static Idp> {
    all().iter().find(|idp| idp.id == id)
}

/// The identity provider that somebody calls by a name: its short name, its name, a former one.
pub fn named(name: &str) -> Option<&'static Idp> {
    let same = |other: &str| other.eq_ignore_ascii_case(name.trim());
    let is_named = |idp: &&Idp| {
        let names = &idp.facts().names;
        let others = names.former.value.iter().chain(&names.also.value).flatten();
        same(idp.id) || same(idp.name) || others.into_iter().any(|other| same(other))
    };
    all().iter().filter(|idp| !idp.is_generic()).find(is_named)
}

/// The first part of a file, as it is written there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: &'static str,
    name: &'static str,
    checked: &'static str,
    #[serde(default)]
    recognise: Vec<Pattern>,
    #[serde(default)]
    console: Vec<Pattern>,
}

fn idp(text: &'static str) -> Idp {
    let (head, body) = text.split_once(FACTS).expect("every provider's file has a line of facts");
    let head: Head = read("head", head);
    Idp {
        id: head.id,
        name: head.name,
        checked: head.checked,
        recognise: head.recognise,
        console: head.console,
        body,
        facts: OnceLock::new(),
    }
}

fn read<T: Deserialize<'static>>(id: &str, text: &'static str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("bug: data of {id}: {error}"))
}

/// The line between the two parts of a file.
const FACTS: &str = "# --- facts ---";

/// The files in the order of recognition, the generic one last.
const FILES: &[&str] = &[
    include_str!("data/entra.toml"),
    include_str!("data/google.toml"),
    include_str!("data/okta.toml"),
    include_str!("data/auth0.toml"),
    include_str!("data/keycloak.toml"),
    include_str!("data/onelogin.toml"),
    include_str!("data/pingone.toml"),
    include_str!("data/pingfederate.toml"),
    include_str!("data/jumpcloud.toml"),
    include_str!("data/adfs.toml"),
    include_str!("data/cognito.toml"),
    include_str!("data/duo.toml"),
    include_str!("data/generic.toml"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use toml::{Table, Value};

    use super::*;

    const GUID: &str = "2f1c3b4a-0000-4000-8000-abcdefabcdef";

    /// Addresses and the provider of each; `GUID` stands for one.
    const ADDRESSES: &[(&str, &str)] = &[
        ("https://sts.windows.net/GUID/", "entra"),
        ("https://sts.windows.net/GUID", "entra"),
        ("https://STS.Windows.NET/GUID/", "entra"),
        ("https://sts.windows.net/contoso/", "generic"),
        ("http://sts.windows.net/GUID/", "generic"),
        ("https://login.microsoftonline.com/GUID/v2.0", "entra"),
        ("https://login.microsoftonline.com/common/v2.0", "entra"),
        (
            "https://login.microsoftonline.com/GUID/federationmetadata/2007-06/federationmetadata.xml?appid=GUID",
            "entra",
        ),
        ("https://login.microsoftonline.com/GUID/saml2", "entra"),
        ("https://login.microsoftonline.us/GUID/v2.0", "entra"),
        ("https://login.partner.microsoftonline.cn/GUID/v2.0", "entra"),
        ("https://login.chinacloudapi.cn/GUID/", "entra"),
        ("https://contoso.ciamlogin.com/GUID/v2.0", "entra"),
        ("https://login.microsoftonline.com.evil.example/GUID/v2.0", "generic"),
        ("https://login.microsoftonline.com@evil.example/GUID/v2.0", "generic"),
        ("https://login.microsoftonline.com:8443/GUID/v2.0", "generic"),
        ("https://login.microsoftonline.com:443/GUID/v2.0", "entra"),
        ("http://login.microsoftonline.com/GUID/v2.0", "generic"),
        ("https://GUID/v2.0/", "generic"),
        ("https://ciamlogin.com/GUID/v2.0", "generic"),
        ("https://accounts.google.com", "google"),
        ("https://accounts.google.com/", "google"),
        ("https://accounts.google.com/.well-known/openid-configuration", "google"),
        ("https://accounts.google.com/o/saml2?idpid=C01abcdef", "google"),
        ("https://accounts.google.com/o/saml2/idp?idpid=C01abcdef", "google"),
        ("https://accounts.google.com/o/saml2", "generic"),
        ("https://accounts.google.com/o/saml2?idpid=", "generic"),
        ("https://accounts.google.com.example.net", "generic"),
        ("http://www.okta.com/exk1a2B3c4D5e6F7g8h9", "okta"),
        ("https://dev-123456.okta.com", "okta"),
        ("https://dev-123456.okta.com/", "okta"),
        ("https://acme.okta.com/oauth2/default", "okta"),
        ("https://acme.oktapreview.com/app/0oa1/sso/saml/metadata", "okta"),
        ("https://acme.okta-emea.com/oauth2/aus1", "okta"),
        ("https://acme.okta-gov.com", "okta"),
        ("https://acme-admin.okta.com", "okta"),
        ("https://sso.acme.example/app/acme_app_1/exk1a2b3/sso/saml", "okta"),
        ("https://sso.acme.example/app/exk1a2b3/sso/saml/metadata", "okta"),
        ("https://sso.acme.example/app/sso/saml", "generic"),
        ("https://notokta.com/oauth2/default", "generic"),
        ("https://evil-okta.com", "generic"),
        ("https://acme.okta.com.evil.example/", "generic"),
        ("http://www.okta.com/abc123", "generic"),
        ("http://www.okta.com/exk", "generic"),
        ("urn:acme.eu.auth0.com", "auth0"),
        ("urn:acme.auth0.com", "auth0"),
        ("urn:auth0.com", "generic"),
        ("urn:acme.auth0.com:sp", "generic"),
        ("https://acme.us.auth0.com/", "auth0"),
        ("https://acme.us.auth0.com", "auth0"),
        ("https://acme.eu.auth0.com/samlp/metadata/AbCdEfGhIjKlMnOpQrStUvWxYz012345", "auth0"),
        ("https://login.acme.example/samlp/AbCdEfGhIjKlMnOpQrStUvWxYz012345", "auth0"),
        ("https://login.acme.example/samlp/metadata/AbCdEfGhIjKlMnOpQrStUvWxYz012345", "auth0"),
        ("https://login.acme.example/samlp/AbCdEfGhIjKlMnOpQrStUvWxYz01234", "generic"),
        ("https://auth0.com.acme.example/", "generic"),
        ("https://sso.acme.example/realms/main", "keycloak"),
        ("https://sso.acme.example/realms/main/", "keycloak"),
        ("http://localhost:8080/auth/realms/main", "keycloak"),
        ("https://sso.acme.example:8443/realms/main/protocol/saml/descriptor", "keycloak"),
        ("https://sso.acme.example/realms/main/protocol/saml", "keycloak"),
        ("https://sso.acme.example/realms/main/protocol/openid-connect/token", "keycloak"),
        ("https://sso.acme.example/realms/main/.well-known/openid-configuration", "keycloak"),
        ("https://sso.acme.example/realms", "generic"),
        ("https://sso.acme.example/realms/main/account", "generic"),
        ("https://sso.acme.example/Realms/main", "generic"),
        ("https://app.onelogin.com/saml/metadata/1234567", "onelogin"),
        ("https://app.onelogin.com/saml/metadata/GUID", "onelogin"),
        ("https://acme.onelogin.com/trust/saml2/http-post/sso/1234567", "onelogin"),
        ("https://acme.onelogin.com/oidc/2", "onelogin"),
        ("https://onelogin.com/oidc/2/.well-known/openid-configuration", "onelogin"),
        ("https://acme.onelogin.com/login", "generic"),
        ("https://auth.pingone.com/GUID/as", "pingone"),
        ("https://auth.pingone.eu/GUID", "pingone"),
        ("https://auth.pingone.com.au/GUID/saml20/idp/sso", "pingone"),
        ("https://auth.pingone.sg/GUID/saml20/metadata/GUID", "pingone"),
        ("https://auth.pingone.com/acme/as", "generic"),
        ("https://auth.pingone.example/GUID/as", "generic"),
        ("https://pf.acme.example:9031/idp/SSO.saml2", "pingfederate"),
        ("https://pf.acme.example:9031/idp/startSSO.ping?PartnerSpId=cvat", "pingfederate"),
        (
            "https://pf.acme.example:9031/pf/federation_metadata.ping?PartnerSpId=cvat",
            "pingfederate",
        ),
        ("https://pf.acme.example/as/authorization.oauth2", "pingfederate"),
        ("https://pf.acme.example/as/token.oauth2", "pingfederate"),
        ("https://pf.acme.example:9031", "generic"),
        ("https://sso.jumpcloud.com/saml2/cvat", "jumpcloud"),
        ("https://oauth.id.jumpcloud.com/", "jumpcloud"),
        ("https://oauth.id.jumpcloud.com", "jumpcloud"),
        ("https://oauth.id.jumpcloud.com.evil.example", "generic"),
        ("https://sso.jumpcloud.com/", "generic"),
        ("JumpCloud", "generic"),
        ("http://fs.acme.example/adfs/services/trust", "adfs"),
        ("https://fs.acme.example/adfs", "adfs"),
        ("https://fs.acme.example/adfs/ls/", "adfs"),
        ("https://fs.acme.example/adfs/oauth2/token", "adfs"),
        ("https://fs.acme.example/adfs/.well-known/openid-configuration", "adfs"),
        ("https://fs.acme.example/FederationMetadata/2007-06/FederationMetadata.xml", "adfs"),
        ("https://fs.acme.example/adfs/portal", "generic"),
        ("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123", "cognito"),
        ("https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbC123", "cognito"),
        (
            "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_A/.well-known/openid-configuration",
            "cognito",
        ),
        ("https://acme.auth.eu-west-1.amazoncognito.com/oauth2/token", "cognito"),
        ("https://cognito-idp.eu-west-1.amazonaws.com/", "generic"),
        ("https://s3.eu-west-1.amazonaws.com/eu-west-1_AbC123", "generic"),
        ("https://sso-1a2b3c.sso.duosecurity.com/saml2/sp/DIABC123/metadata", "duo"),
        ("https://sso-1a2b3c.sso.duosecurity.com/saml2/sp/DIABC123/sso", "duo"),
        ("https://api-1a2b3c.duosecurity.com/saml2/sp/DIABC123/sso", "generic"),
        ("https://gitlab.acme.example", "generic"),
        ("https://sso.acme.example/application/o/cvat/", "generic"),
        ("clearml", "generic"),
        ("acme.okta.com", "generic"),
        ("  https://acme.okta.com  ", "okta"),
        ("https://", "generic"),
        ("", "generic"),
    ];

    #[test]
    fn an_address_belongs_to_the_first_provider_that_it_fits() {
        for (address, id) in ADDRESSES {
            let address = address.replace("GUID", GUID);
            assert_eq!(recognise(&address).id, *id, "{address}");
        }
    }

    #[test]
    fn a_console_is_told_from_an_issuer() {
        for (url, id) in [
            ("https://acme-admin.okta.com", "okta"),
            ("https://acme-admin.okta.com/admin/app/x#tab-signon", "okta"),
            ("https://manage.auth0.com/dashboard/eu/acme", "auth0"),
            ("https://portal.azure.com/#view/Microsoft_AAD_IAM", "entra"),
            ("https://entra.microsoft.com", "entra"),
            ("https://console.jumpcloud.com/#/sso", "jumpcloud"),
            ("https://admin.google.com/ac/apps", "google"),
            ("https://console.pingone.eu/?env=x", "pingone"),
            ("https://pf.acme.example:9999/pingfederate/app", "pingfederate"),
            ("https://sso.acme.example/admin/master/console/#/main", "keycloak"),
            ("https://acme.onelogin.com/admin2/apps", "onelogin"),
            ("https://eu-west-1.console.aws.amazon.com/cognito/v2", "cognito"),
        ] {
            assert_eq!(console(url).map(|(idp, _)| idp.id), Some(id), "{url}");
        }
        for url in [
            "https://acme.okta.com",
            "https://acme.eu.auth0.com/",
            "https://accounts.google.com",
            "admin",
        ] {
            assert!(console(url).is_none(), "{url}");
        }
    }

    #[test]
    fn templates_lead_back_to_their_provider() {
        for idp in all().iter().filter(|idp| idp.id != "pingfederate") {
            let Facts { oidc, saml, .. } = idp.facts();
            let lists =
                [&oidc.issuer, &saml.entity_id, &saml.metadata_url, &saml.sso_url, &saml.slo_url];
            for template in lists.into_iter().flat_map(|fact| fact.value.iter().flatten()) {
                let address = filled(template, idp.id);
                assert!(!address.contains(['{', '}']), "{address}");
                assert_eq!(recognise(&address).id, idp.id, "{address}");
            }
        }
    }

    fn filled(template: &str, id: &str) -> String {
        let domain = if id == "okta" { "acme.okta.com" } else { "acme.eu.auth0.com" };
        let samples = [
            ("{issuer}", "{base}/realms/main"),
            ("{base}", "https://sso.acme.example:8443"),
            ("{realm}", "main"),
            ("{tenant}", if id == "auth0" { "acme" } else { GUID }),
            ("{environment}", GUID),
            ("{domain}", domain),
            ("{client_id}", "AbCdEfGhIjKlMnOpQrStUvWxYz012345"),
            ("{exk}", "exk1a2b3"),
            ("{app_or_exk}", "exk1a2b3"),
            ("{region}", "eu-west-1"),
            ("{pool_id}", "eu-west-1_AbC123"),
            ("{integration_key}", "DIABC123"),
            ("{tld}", "com.au"),
        ];
        let address = samples
            .iter()
            .fold(template.to_owned(), |text, (name, value)| text.replace(name, value));
        let rest = [
            "{app_id}",
            "{app_name}",
            "{idp_id}",
            "{host}",
            "{subdomain}",
            "{account}",
            "{server}",
            "{name}",
        ];
        rest.iter().fold(address, |text, name| text.replace(name, "sample1"))
    }

    #[test]
    fn ids_are_those_of_the_contract() {
        let ids: BTreeSet<_> = all().iter().map(|idp| idp.id).collect();
        let contract = [
            "entra",
            "okta",
            "auth0",
            "keycloak",
            "google",
            "onelogin",
            "pingone",
            "pingfederate",
            "jumpcloud",
            "adfs",
            "cognito",
            "duo",
            "generic",
        ];
        assert_eq!(ids, BTreeSet::from(contract));
        assert!(contract.iter().all(|id| by_id(id).is_some_and(|idp| idp.id == *id)));
        assert!(by_id("azure").is_none() && by_id("generic").is_some_and(Idp::is_generic));
        assert_eq!(all().iter().filter(|idp| idp.is_generic()).count(), 1);
    }

    #[test]
    fn every_file_has_the_same_keys_in_the_same_order() {
        let keys = |text: &'static str| -> Vec<&str> {
            let body = text.split_once(FACTS).map_or("", |(_, body)| body);
            let starts =
                |line: &&str| line.starts_with(|c: char| c == '[' || c.is_ascii_lowercase());
            body.lines()
                .filter(starts)
                .map(|line| line.split(" = ").next().unwrap_or(line))
                .collect()
        };
        let first = keys(FILES[0]);
        assert!(first.len() > 50);
        for text in FILES {
            assert_eq!(keys(text), first, "{text}");
        }
    }

    #[test]
    fn every_fact_has_a_source_and_an_unknown_one_no_value() {
        for (idp, text) in all().iter().zip(FILES) {
            assert!(!idp.facts().mistakes.common.iter().any(|mistake| mistake.text.is_empty()));
            let whole: Table = toml::from_str(text).expect("the two parts make one document");
            for (section, value) in whole.iter().filter(|(_, value)| !value.is_str()) {
                assert_sourced(&format!("{}: {section}", idp.id), value, value.is_table());
            }
        }
    }

    fn assert_sourced(place: &str, value: &Value, is_section: bool) {
        match value {
            Value::Array(entries) => {
                for entry in entries {
                    assert_sourced(place, entry, false);
                }
            }
            Value::Table(table) if is_section => {
                for (key, entry) in table {
                    assert_sourced(&format!("{place}.{key}"), entry, false);
                }
            }
            Value::Table(fact) => {
                let source = fact.get("source").and_then(Value::as_str);
                assert!(source.is_some(), "{place} has no source");
                let is_bare = fact.keys().all(|key| key == "source" || key == "note");
                assert!(source != Some("unknown") || is_bare, "{place} knows what it does not");
            }
            _ => panic!("{place} is no fact"),
        }
    }

    #[test]
    fn hearsay_carries_no_error() {
        for source in [Source::General, Source::Inference, Source::Unknown] {
            assert!(!source.carries_error());
        }
        for source in [Source::AppGuide, Source::LibrarySource, Source::Vendor] {
            assert!(source.carries_error());
        }
    }

    #[test]
    fn words_of_a_closed_set_are_of_that_set() {
        let fields = [
            "uid",
            "username",
            "email",
            "first_name",
            "last_name",
            "email_verified",
            "display_name",
            "groups",
        ];
        for idp in all() {
            let facts = idp.facts();
            for attribute in facts.attributes.sent.iter().chain(&facts.attributes.never) {
                assert!(
                    attribute.suits.is_none_or(|field| fields.contains(&field)),
                    "{}",
                    attribute.name
                );
            }
            for field in facts.labels.paste.iter().chain(&facts.labels.find) {
                assert!(["oidc", "saml", "scim"].contains(&field.protocol), "{}", field.label);
            }
            assert!(idp.checked.len() == 10 && !idp.name.is_empty(), "{}", idp.id);
        }
    }

    #[test]
    fn what_rules_ask_of_entra_is_on_record() {
        let facts = by_id("entra").expect("entra is known").facts();
        let breaking =
            facts.oidc.aliases.iter().filter(|alias| alias.breaks_issuer).map(|alias| alias.name);
        assert_eq!(breaking.collect::<Vec<_>>(), ["common", "organizations"]);
        assert!(facts.attributes.never.iter().any(|never| never.name.ends_with("/nameidentifier")));
        assert_eq!(facts.attributes.fixed.value, Some(true));
        assert_eq!(facts.saml.email_verified.value, Some(facts::Sending::Never));
    }
}
