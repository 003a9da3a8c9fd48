//! Where LDAP users go, and whether LDAP has a place beside SAML.

use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::label_studio::environment::{Environment, LDAP_SWITCH, report};
use crate::rules::label_studio::environment_cards::{BESIDE_SAML, MISSING_OWNER};
use crate::rules::urls::parts;
use crate::source::KeyPath;

pub(super) fn missing_owner(cx: &Environment<'_>, out: &mut Findings) {
    let Some(switch) = cx.process.lookup(LDAP_SWITCH).filter(|_| cx.has_ldap()) else { return };
    let owner = cx.process.lookup(OWNER);
    let is_missing = match owner {
        Some(owner) => owner.is_empty(),
        None => cx.process.is_complete,
    };
    if !is_missing {
        return;
    }
    let at = owner.unwrap_or(switch);
    let problem = Problem::new(format!("{OWNER} is not set"), at.place())
        .why("LDAP users join the organization of this account; without it they belong to none")
        .remedy(format!("{OWNER}: the address of the owner, who has to be registered before the first LDAP login"));
    report(&MISSING_OWNER.rule, &at, problem, out);
}

pub(super) fn beside_saml(cx: &Environment<'_>, out: &mut Findings) {
    let Some(switch) = cx.process.lookup(LDAP_SWITCH).filter(|_| cx.has_ldap()) else { return };
    if let Some((document, root)) = cx.subject.document().zip(cx.subject.config.root) {
        let own = ["metadata_url", "metadata_xml"];
        let entry = own.into_iter().find_map(|key| Some((key, root.entry(key)?)));
        let Some((name, (key, value))) = entry else { return };
        if value.scalar().is_none_or(|scalar| scalar.text.trim().is_empty()) || value.is_null() {
            return;
        }
        let place = document.place(key.span(), KeyPath::default().key(name));
        let problem = Problem::new("SAML is set up here, and LDAP is switched on beside it", place)
            .related(switch.place(), "LDAP is switched on here")
            .why("with LDAP the login page of Label Studio asks the directory alone, and roles come from two sides")
            .remedy(format!("{LDAP_SWITCH}=0, or no SAML settings"));
        out.report(&BESIDE_SAML.rule, problem);
        return;
    }
    let Some((_, base)) = cx.process.text("HOST") else { return };
    let Some(host) = parts(base).map(|parts| parts.host.to_ascii_lowercase()) else { return };
    if HOSTED.contains(&host.as_str()) {
        let problem =
            Problem::new("LDAP is switched on for the hosted Label Studio", switch.place())
                .why("LDAP exists only where Label Studio is run on machines of your own")
                .remedy("SAML, under Organization > SSO & SAML");
        report(&BESIDE_SAML.rule, &switch, problem, out);
    }
}

const OWNER: &str = "AUTH_LDAP_ORGANIZATION_OWNER_EMAIL";
/// Hosts of the hosted service.
const HOSTED: [&str; 2] = ["app.heartex.com", "app.humansignal.com"];
