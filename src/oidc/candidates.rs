//! What somebody may have meant who gave an address that is no issuer: the pastes that are seen in
//! practice, and the issuer that belongs to each. Nothing is rewritten silently: a candidate is
//! asked, and proposed with its reason.

use url::Url;

/// An issuer that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The issuer.
    pub issuer: String,
    /// Why it may be meant: a sentence's end after "perhaps".
    pub reason: &'static str,
}

/// The issuers that may be meant by a text, the likeliest first; never the text itself.
pub fn candidates(given: &str) -> Vec<Candidate> {
    let text = given.trim().trim_matches(['"', '\'', '\u{200b}', '\u{feff}']);
    let mut found: Vec<Candidate> = Vec::new();
    if text.len() > LONGEST {
        return found;
    }
    bare_id(text, &mut found);
    if !found.is_empty() {
        return found;
    }
    let with_scheme =
        if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let Ok(url) = Url::parse(&with_scheme) else { return found };
    let Some(host) = url.host_str().map(str::to_owned) else { return found };
    if !text.contains("://") {
        push(&mut found, with_scheme.clone(), "an issuer begins with https://");
    }
    for rule in RULES {
        rule(&url, &host, &mut found);
    }
    let written = with_scheme.as_str();
    if let Some(trimmed) = written.strip_suffix('/') {
        push(&mut found, trimmed.trim_end_matches('/').to_owned(), "without the slash at its end");
    } else if url.query().is_none() && url.fragment().is_none() {
        push(&mut found, format!("{written}/"), "with a slash at its end");
    }
    found.retain(|candidate| candidate.issuer != given);
    found.truncate(MOST);
    found
}

/// A console in which an administrator works: its address is copied in place of the issuer's, which
/// it does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Console {
    /// Its host; with a dot at its beginning, the end of one.
    host: &'static str,
    /// Whose it is, with an article.
    pub of: &'static str,
    /// What the issuer looks like, and where what it is made of stands.
    pub issuer: &'static str,
}

/// The console that an address belongs to.
pub fn console(url: &Url) -> Option<&'static Console> {
    let host = url.host_str()?;
    CONSOLES.iter().find(|console| {
        host == console.host || (console.host.starts_with('.') && host.ends_with(console.host))
    })
}

/// Ids that are no addresses: a tenant's, an environment's, a user pool's.
fn bare_id(text: &str, found: &mut Vec<Candidate>) {
    if is_guid(text) {
        push(found, entra(text), "a tenant id belongs behind Microsoft's login host");
        for end in PINGONE {
            let issuer = format!("https://auth.pingone.{end}/{text}/as");
            push(found, issuer, "an environment id belongs behind the host of its region");
        }
    }
    // The name of a pool as AWS writes it ends with the pool's id.
    let is_name = text.starts_with("arn:aws") && text.contains(":userpool/");
    let pool = if is_name { text.rsplit('/').next().unwrap_or_default() } else { text };
    if let Some((region, pool)) = cognito_pool(pool) {
        let issuer = format!("https://cognito-idp.{region}.amazonaws.com/{pool}");
        push(found, issuer, "the id of a user pool belongs behind its region's host");
    }
}

/// A look at one maker's addresses.
type Rule = fn(&Url, &str, &mut Vec<Candidate>);

const RULES: [Rule; 11] =
    [suffix, microsoft, keycloak, okta, auth0, google, cognito, onelogin, ping, jumpcloud, adfs];

fn suffix(url: &Url, _: &str, found: &mut Vec<Candidate>) {
    let base = base(url);
    if let Some((issuer, _)) = base.split_once("/.well-known/") {
        let reason = "the suffix is added by whoever asks";
        push(found, issuer.trim_end_matches('/').to_owned(), reason);
    }
    for tail in TAILS {
        if let Some(issuer) = base.trim_end_matches('/').strip_suffix(tail) {
            push(found, issuer.to_owned(), "that is an endpoint, and the issuer stands before it");
        }
    }
}

fn microsoft(url: &Url, host: &str, found: &mut Vec<Candidate>) {
    let first = url.path_segments().and_then(|mut parts| parts.next()).unwrap_or_default();
    if is_guid(host) {
        push(found, entra(host), "a tenant id is no host name");
    }
    let is_tenant = is_guid(first) || (first.contains('.') && !first.starts_with('.'));
    let login = match host {
        "sts.windows.net" | "login.windows.net" => "login.microsoftonline.com",
        host if CLOUDS.contains(&host) => host,
        _ => return,
    };
    if is_tenant {
        let issuer = format!("https://{login}/{first}/v2.0");
        push(found, issuer, "version 2 of the endpoints ends with /v2.0");
    }
}

fn keycloak(url: &Url, _: &str, found: &mut Vec<Candidate>) {
    let origin = url.origin().ascii_serialization();
    let path = url.path();
    if let Some((before, rest)) = path.split_once("/realms/") {
        let realm = rest.split('/').next().unwrap_or_default();
        let before = before.trim_end_matches("/admin/master/console");
        push(
            found,
            format!("{origin}{before}/realms/{realm}"),
            "the issuer of a realm ends with its name",
        );
        let reason = "the path begins with /auth before Keycloak 17, and without it since";
        match before.strip_suffix("/auth") {
            Some(without) => push(found, format!("{origin}{without}/realms/{realm}"), reason),
            None => push(found, format!("{origin}{before}/auth/realms/{realm}"), reason),
        }
    }
    if let Some((before, _)) = path.split_once("/admin/") {
        let realm = url.fragment().map(|fragment| fragment.trim_start_matches('/'));
        let realm = realm.and_then(|rest| rest.trim_start_matches("realms/").split('/').next());
        if let Some(realm) = realm.filter(|realm| !realm.is_empty()) {
            let issuer = format!("{origin}{before}/realms/{realm}");
            push(found, issuer, "that is the console, and the realm stands behind its #");
        }
    }
}

fn okta(url: &Url, host: &str, found: &mut Vec<Candidate>) {
    if !OKTA.iter().any(|end| host.ends_with(end)) {
        return;
    }
    let plain = host.replacen("-admin.", ".", 1);
    let parts: Vec<&str> = url.path_segments().map(Iterator::collect).unwrap_or_default();
    if let ["oauth2", id, ..] = parts.as_slice()
        && *id != "v1"
        && !id.is_empty()
    {
        let reason = "the issuer of a custom authorization server ends with its id";
        push(found, format!("https://{plain}/oauth2/{id}"), reason);
    }
    push(found, format!("https://{plain}"), "the organisation's own server is its address alone");
    push(found, format!("https://{plain}/oauth2/default"), "the server called default");
}

fn auth0(_: &Url, host: &str, found: &mut Vec<Candidate>) {
    if host.ends_with(".auth0.com") {
        push(found, format!("https://{host}/"), "the issuer of a tenant ends with a slash");
    }
}

fn google(_: &Url, host: &str, found: &mut Vec<Candidate>) {
    if ["accounts.google.com", "www.googleapis.com", "oauth2.googleapis.com"].contains(&host) {
        push(found, "https://accounts.google.com".to_owned(), "all of Google has one issuer");
    }
}

fn cognito(url: &Url, host: &str, found: &mut Vec<Candidate>) {
    let pool = url.path_segments().into_iter().flatten().find_map(cognito_pool);
    if let Some((region, pool)) = pool.filter(|_| host.contains("cognito")) {
        let issuer = format!("https://cognito-idp.{region}.amazonaws.com/{pool}");
        push(found, issuer, "the issuer of a user pool is its region's host and its id");
    }
}

fn onelogin(_: &Url, host: &str, found: &mut Vec<Candidate>) {
    if host.ends_with(".onelogin.com") {
        push(found, format!("https://{host}/oidc/2"), "OneLogin's issuer ends with /oidc/2");
    }
}

fn ping(url: &Url, host: &str, found: &mut Vec<Candidate>) {
    let pieces = url.as_str().split(['/', '?', '&', '=', '#']);
    let environment = pieces.clone().find(|part| is_guid(part));
    let region = ["auth.pingone.", "console.pingone."];
    let region = region.iter().find_map(|start| host.strip_prefix(start));
    if let (Some(environment), Some(region)) = (environment, region) {
        let issuer = format!("https://auth.pingone.{region}/{environment}/as");
        push(found, issuer, "the issuer of an environment ends with /as");
    }
    if url.port() == Some(PING_ADMIN) {
        let issuer = format!("https://{host}:{PING_ENGINE}");
        push(found, issuer, "port 9999 is PingFederate's console, and logins are at 9031");
    }
}

fn jumpcloud(_: &Url, host: &str, found: &mut Vec<Candidate>) {
    if ["console.jumpcloud.com", "sso.jumpcloud.com"].contains(&host) {
        let issuer = "https://oauth.id.jumpcloud.com/".to_owned();
        push(found, issuer, "all of JumpCloud has one issuer, and it ends with a slash");
    }
}

fn adfs(url: &Url, _: &str, found: &mut Vec<Candidate>) {
    let path = url.path();
    let is_federation =
        path.eq_ignore_ascii_case("/FederationMetadata/2007-06/FederationMetadata.xml");
    if path.starts_with("/adfs/") || is_federation {
        // The name of the trust is written with http, and nothing is served there.
        let origin = url.origin().ascii_serialization();
        let issuer = format!("{}/adfs", origin.replacen("http://", "https://", 1));
        push(found, issuer, "the issuer of AD FS ends with /adfs");
    }
}

fn entra(tenant: &str) -> String {
    format!("https://login.microsoftonline.com/{tenant}/v2.0")
}

/// The address without query and fragment.
fn base(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

/// Region and id of a text such as `eu-west-1_AbC123`.
fn cognito_pool(text: &str) -> Option<(&str, &str)> {
    let (region, id) = text.split_once('_')?;
    let is_region = region.matches('-').count() >= 2
        && region.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let is_id = id.len() >= 5 && id.chars().all(|c| c.is_ascii_alphanumeric());
    (is_region && is_id).then_some((region, text))
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && parts.iter().all(|part| part.chars().all(|c| c.is_ascii_hexdigit()))
}

fn push(found: &mut Vec<Candidate>, issuer: String, reason: &'static str) {
    if found.iter().all(|one| one.issuer != issuer) {
        found.push(Candidate { issuer, reason });
    }
}

/// Ends of endpoints behind an issuer.
const TAILS: [&str; 19] = [
    "/.well-known",
    "/oauth2/v1/authorize",
    "/oauth2/v1/token",
    "/oauth2/v1",
    "/v1/authorize",
    "/v1/token",
    "/oauth/authorize",
    "/oauth/token",
    "/users/sign_in",
    "/login",
    "/protocol/openid-connect/auth",
    "/protocol/openid-connect/token",
    "/protocol/openid-connect/certs",
    "/protocol/saml/descriptor",
    "/protocol/saml",
    "/oauth2/authorize",
    "/oauth2/token",
    "/authorize",
    "/as/authorization.oauth2",
];
/// Consoles of which no address leads to an issuer.
const CONSOLES: [Console; 7] = [
    Console { host: "portal.azure.com", of: ENTRA, issuer: ENTRA_ISSUER },
    Console { host: "entra.microsoft.com", of: ENTRA, issuer: ENTRA_ISSUER },
    Console { host: "aad.portal.azure.com", of: ENTRA, issuer: ENTRA_ISSUER },
    Console { host: "admin.google.com", of: "Google's console", issuer: GOOGLE_ISSUER },
    Console { host: "console.cloud.google.com", of: "Google's console", issuer: GOOGLE_ISSUER },
    Console {
        host: ".console.aws.amazon.com",
        of: "the console of AWS",
        issuer: "https://cognito-idp.REGION.amazonaws.com/POOL, where POOL is the user pool ID",
    },
    Console {
        host: "manage.auth0.com",
        of: "the dashboard of Auth0",
        issuer: "https://DOMAIN/ with the Domain of the application's Settings, and a slash",
    },
];
const ENTRA: &str = "the console of Microsoft Entra ID";
const ENTRA_ISSUER: &str = "https://login.microsoftonline.com/TENANT/v2.0, where TENANT is the \
                            Directory (tenant) ID on the page Overview";
const GOOGLE_ISSUER: &str = "https://accounts.google.com for all of Google";
/// Hosts of Okta.
const OKTA: [&str; 4] = [".okta.com", ".oktapreview.com", ".okta-emea.com", ".okta-gov.com"];
/// Login hosts of Microsoft's clouds.
const CLOUDS: [&str; 4] = [
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "login.chinacloudapi.cn",
];
/// Ends of PingOne's hosts, by region.
const PINGONE: [&str; 4] = ["com", "eu", "ca", "asia"];
/// PingFederate's ports: of its console, and of its engine.
const PING_ADMIN: u16 = 9999;
const PING_ENGINE: u16 = 9031;
const LONGEST: usize = 2048;
const MOST: usize = 6;

#[cfg(test)]
mod tests {
    use super::candidates;

    #[test]
    fn usual_pastes_lead_to_their_issuer() {
        let tenant = "2f1c7d9e-0a4b-4c6d-8e2f-9a41b3c5d7e9";
        let entra = format!("https://login.microsoftonline.com/{tenant}/v2.0");
        for (given, expected) in [
            (tenant.to_owned(), entra.clone()),
            (format!("https://{tenant}/v2.0"), entra.clone()),
            (format!("https://login.microsoftonline.com/{tenant}"), entra.clone()),
            (
                format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize"),
                entra.clone(),
            ),
            (format!("https://sts.windows.net/{tenant}/"), entra.clone()),
            (format!("{entra}/"), entra),
            (
                "https://sso.acme.test/realms/staff/protocol/openid-connect/auth".into(),
                "https://sso.acme.test/realms/staff".into(),
            ),
            (
                "https://sso.acme.test/auth/realms/staff".into(),
                "https://sso.acme.test/realms/staff".into(),
            ),
            (
                "https://sso.acme.test/realms/staff".into(),
                "https://sso.acme.test/auth/realms/staff".into(),
            ),
            (
                "https://sso.acme.test/admin/master/console/#/staff/clients".into(),
                "https://sso.acme.test/realms/staff".into(),
            ),
            ("https://acme-admin.okta.com/admin/app".into(), "https://acme.okta.com".into()),
            (
                "https://acme.okta.com/oauth2/default/v1/authorize".into(),
                "https://acme.okta.com/oauth2/default".into(),
            ),
            ("acme.eu.auth0.com".into(), "https://acme.eu.auth0.com/".into()),
            (
                "https://accounts.google.com/o/oauth2/auth".into(),
                "https://accounts.google.com".into(),
            ),
            (
                "eu-west-1_AbC123xyz".into(),
                "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123xyz".into(),
            ),
            ("https://acme.onelogin.com".into(), "https://acme.onelogin.com/oidc/2".into()),
            (
                format!("https://auth.pingone.eu/{tenant}"),
                format!("https://auth.pingone.eu/{tenant}/as"),
            ),
            ("https://fs.acme.test/adfs/ls/".into(), "https://fs.acme.test/adfs".into()),
            (
                "https://id.acme.test/.well-known/openid-configuration".into(),
                "https://id.acme.test".into(),
            ),
        ] {
            let found = candidates(&given);
            assert!(found.iter().any(|one| one.issuer == expected), "{given}: {found:?}");
            assert!(found.iter().all(|one| one.issuer != given), "{given}: {found:?}");
        }
    }
}
