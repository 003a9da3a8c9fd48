//! django-allauth, which CVAT uses for both protocols (read in its source at commit 20f4bde and
//! tried with 65.21.1).

/// The address that allauth asks for discovery: the configured one untouched where it contains
/// `/.well-known/`, else with the suffix appended as text, slashes and all.
pub fn discovery_url(server_url: &str) -> String {
    if server_url.contains("/.well-known/") {
        return server_url.to_owned();
    }
    format!("{server_url}{DISCOVERY_SUFFIX}")
}

/// What discovery appends to an issuer (OpenID Connect Discovery section 4).
pub const DISCOVERY_SUFFIX: &str = "/.well-known/openid-configuration";

/// Settings that allauth reads for each OpenID Connect app and CVAT does not document.
pub const UNDOCUMENTED_KEYS: [&str; 8] = [
    "auth_params",
    "email_authentication",
    "fetch_userinfo",
    "hidden",
    "oauth_pkce_enabled",
    "scope",
    "uid_field",
    "verified_email",
];
