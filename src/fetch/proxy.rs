//! Which proxy is asked in between.

use url::{Host, Url};

/// The proxies of a run: one that was named, or those of the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For `http` addresses.
    pub http: Option<String>,
    /// For `https` addresses.
    pub https: Option<String>,
    /// Hosts that are asked directly: names, endings of names that begin with a dot, addresses,
    /// `*` for all; separated by commas.
    pub none_for: String,
}

impl Proxies {
    /// The proxy that the command line names, for everything.
    pub fn named(url: &str) -> Self {
        Self { http: Some(url.to_owned()), https: Some(url.to_owned()), none_for: String::new() }
    }

    /// The proxies that variables of the environment name, as curl reads them: `http_proxy` in
    /// small letters only, the others in both.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let either = |small: &str, large: &str| {
            variable(small).or_else(|| variable(large)).filter(|value| !value.trim().is_empty())
        };
        let all = either("all_proxy", "ALL_PROXY");
        Self {
            http: variable("http_proxy").filter(|value| !value.is_empty()).or(all.clone()),
            https: either("https_proxy", "HTTPS_PROXY").or(all),
            none_for: either("no_proxy", "NO_PROXY").unwrap_or_default(),
        }
    }

    /// The proxy for an address; this machine is never asked through one.
    pub(super) fn of(&self, url: &Url) -> Option<&str> {
        let host = url.host()?;
        if is_here(&host) || self.is_direct(&host.to_string()) {
            return None;
        }
        match url.scheme() {
            "https" => self.https.as_deref(),
            _ => self.http.as_deref(),
        }
    }

    fn is_direct(&self, host: &str) -> bool {
        let host = host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
        self.none_for.split([',', ' ']).map(str::trim).filter(|one| !one.is_empty()).any(|one| {
            let one = one.to_ascii_lowercase();
            let name = one.split_once(':').map_or(one.as_str(), |(name, _)| name);
            let bare = name.trim_start_matches("*.").trim_start_matches('.');
            one == "*" || host == one || host == bare || host.ends_with(&format!(".{bare}"))
        })
    }
}

fn is_here(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            name.eq_ignore_ascii_case("localhost")
                || name.to_ascii_lowercase().ends_with(".localhost")
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// A proxy's address without what logs in there.
pub(super) fn without_credentials(proxy: &str) -> String {
    let written = if proxy.contains("://") { proxy.to_owned() } else { format!("http://{proxy}") };
    let Ok(mut url) = Url::parse(&written) else { return "a proxy".to_owned() };
    let is_bare = url.set_username("").is_ok() && url.set_password(None).is_ok();
    if is_bare { url.to_string() } else { "a proxy".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Proxies, without_credentials};
    use url::Url;

    fn asked(proxies: &Proxies, url: &str) -> Option<String> {
        proxies.of(&Url::parse(url).expect("a URL")).map(str::to_owned)
    }

    #[test]
    fn the_environment_names_proxies_and_exceptions() {
        let variables = [
            ("HTTPS_PROXY", "http://proxy.corp.test:3128"),
            ("HTTP_PROXY", "http://set.by.a.request:1"),
            ("no_proxy", ".corp.test, 10.0.0.1,idp.acme.test:8443"),
        ];
        let proxies = Proxies::of_environment(|name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        });
        let through = Some("http://proxy.corp.test:3128".to_owned());
        assert_eq!(asked(&proxies, "https://login.acme.test/"), through);
        for direct in [
            "http://login.acme.test/",
            "https://idp.corp.test/",
            "https://corp.test/",
            "https://10.0.0.1/",
            "https://idp.acme.test:8443/",
            "https://localhost:8080/",
            "https://127.0.0.1/",
            "https://[::1]/",
        ] {
            assert_eq!(asked(&proxies, direct), None, "{direct}");
        }
        assert_eq!(asked(&proxies, "https://notcorp.test/"), through);
    }

    #[test]
    fn credentials_of_a_proxy_are_not_told() {
        assert_eq!(without_credentials("http://me:pw@proxy.test:3128"), "http://proxy.test:3128/");
        assert_eq!(without_credentials("me:pw@proxy.test:3128"), "http://proxy.test:3128/");
    }
}
