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
    if let Some(host) = foreign_host(value, outline) {
        let message = format!("RelayState is an address at another host: {host}");
        return Some(
            remark(message)
                .why("an application that follows it after the login sends people wherever the sender wants")
                .remedy(remedy(outline)),
        );
    }
    (value.len() > MOST_BYTES).then(|| {
        remark(format!("RelayState has {} bytes", value.len())).why(
            "the binding allows 80; identity providers may cut it, and the login ends at the wrong page",
        )
    })
}

fn remedy(outline: &Outline) -> &'static str {
    if outline.kind == REQUEST {
        "let the application send a path, or a short name that only it understands"
    } else {
        "leave the relay state of the application empty at the identity provider, or give a path"
    }
}

/// The host of an address, where it is none of the application's.
fn foreign_host(value: &str, outline: &Outline) -> Option<String> {
    let lower = value.trim_start().to_ascii_lowercase();
    if SCRIPTS.iter().any(|scheme| lower.starts_with(scheme)) {
        return Some("a script".to_owned());
    }
    let is_bare = lower.starts_with("//") || lower.starts_with("/\\");
    let address = if is_bare { format!("https:{}", value.trim_start()) } else { value.to_owned() };
    let host = host_of(&address)?;
    let own = own_hosts(outline);
    // What a request goes to says nothing about who sent it.
    let is_unknown = outline.kind == REQUEST && own.is_empty();
    (!is_unknown && !own.contains(&host)).then_some(host)
}

/// The hosts of the application: where an answer goes to; of a request, where its answer is to go
/// and who made it.
fn own_hosts(outline: &Outline) -> Vec<String> {
    let addresses = if outline.kind == REQUEST {
        [outline.acs.as_deref(), outline.issuer.as_deref()]
    } else {
        [outline.destination.as_deref(), None]
    };
    addresses.into_iter().flatten().filter_map(host_of).collect()
}

fn host_of(address: &str) -> Option<String> {
    Url::parse(address).ok()?.host_str().map(str::to_owned)
}

/// A message that asks for a login.
const REQUEST: &str = "AuthnRequest";
/// What the binding allows.
const MOST_BYTES: usize = 80;
const SCRIPTS: [&str; 3] = ["javascript:", "data:", "vbscript:"];
