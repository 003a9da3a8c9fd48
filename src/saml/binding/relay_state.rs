//! The value that travels beside a message (saml-bindings-2.0-os sections 3.4.3 and 3.5.3).

use url::Url;

use crate::saml::binding::{Outline, Remark};
use crate::saml::cards::bind::BIND_RELAY_STATE;
use crate::source::is_unprintable;
use crate::verdict::Weight;

/// What is to be said about a RelayState.
pub(super) fn judge(value: &str, outline: &Outline) -> Option<Remark> {
    let remark = |message: String| Remark::new(&BIND_RELAY_STATE, Weight::Warning, message);
    if value.chars().any(is_unprintable) || value.contains('<') {
        let message = "RelayState holds markup or characters that do not show".to_owned();
        return Some(
            remark(message).why("an application that prints it or redirects to it runs it"),
        );
    }
    if let Some(host) = foreign_host(value, outline.destination.as_deref()) {
        let message = format!("RelayState is an address at {host}");
        return Some(remark(message).why(
            "an application that follows it after the login sends people wherever the sender wants",
        ));
    }
    (value.len() > MOST_BYTES).then(|| {
        remark(format!("RelayState has {} bytes", value.len())).why(
            "the binding allows 80; identity providers may cut it, and the login ends at the wrong page",
        )
    })
}

/// The host of an address that is not the one the message goes to.
fn foreign_host(value: &str, destination: Option<&str>) -> Option<String> {
    let lower = value.trim_start().to_ascii_lowercase();
    if SCRIPTS.iter().any(|scheme| lower.starts_with(scheme)) {
        return Some("a script".to_owned());
    }
    let is_bare = lower.starts_with("//") || lower.starts_with("/\\");
    let address = if is_bare { format!("https:{}", value.trim_start()) } else { value.to_owned() };
    let host = Url::parse(&address).ok()?.host_str()?.to_owned();
    let own = destination.and_then(|own| Url::parse(own).ok()?.host_str().map(str::to_owned));
    (own.as_ref() != Some(&host)).then_some(host)
}

/// What the binding allows.
const MOST_BYTES: usize = 80;
const SCRIPTS: [&str; 3] = ["javascript:", "data:", "vbscript:"];
