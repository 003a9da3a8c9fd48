//! The e-mail domains that lead to the identity provider.

use crate::model::{Role, State};
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::cvat::domains::PUBLIC_DOMAINS;
use crate::rules::{Check, Lint, ProviderSubject, edits};

pub(in crate::rules) static MALFORMED: Lint = lint!(
    "LS014",
    "malformed-domain-list",
    Error,
    "`domain` is not a list of bare domains with commas and nothing else between them",
    Check::Provider(malformed)
);
pub(in crate::rules) static PUBLIC: Lint = lint!(
    "LS015",
    "public-domain",
    Error,
    "`domain` names a mailbox provider that is open to everybody",
    Check::Provider(public)
);

fn malformed(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some(setting) = cx.provider.setting(Role::EmailDomain) else { return };
    let why = "Label Studio splits the text at its commas and compares each piece with the part behind the @ of the address that a user types";
    if setting.state == State::Other {
        let problem = cx.value_problem("domain is not text", setting);
        let problem = problem.why(why).remedy("\"acme.test,corp.test\"");
        out.report(&MALFORMED.rule, problem);
        return;
    }
    let Some(text) = setting.text() else { return };
    let Some(what) = text.split(',').find_map(fault) else { return };
    let problem = cx.value_problem(format!("domain {what}"), setting).why(why);
    let meant = meant(text);
    let problem = problem.remedy(meant.clone().unwrap_or_else(|| "acme.test,corp.test".to_owned()));
    let source = &cx.subject.document().expect("a provider stands in a document").source;
    let edits =
        meant.zip(setting.value()).and_then(|(meant, value)| edits::text(source, value, &meant));
    out.report(
        &MALFORMED.rule,
        match edits {
            Some(edits) => problem.safe_fix("keep the bare domains", edits),
            None => problem,
        },
    );
}

fn fault(item: &str) -> Option<&'static str> {
    let bare = item.trim();
    if bare.is_empty() {
        Some("has an empty item")
    } else if bare.contains("://") || bare.contains(['/', ':']) {
        Some("holds a URL, not a bare domain")
    } else if bare.contains('@') {
        Some("holds an @")
    } else if bare.contains(';') || bare.contains(char::is_whitespace) {
        Some("has domains with something else than a comma between them")
    } else if bare.starts_with('.') || bare.contains('*') {
        Some("holds a pattern, not a bare domain")
    } else if bare != item {
        Some("has white space around a domain")
    } else {
        None
    }
}

/// The list that is plainly meant: the same domains without what does not belong there. A person's
/// address and a URL leave it open.
fn meant(text: &str) -> Option<String> {
    let pieces = text.split(|c: char| matches!(c, ',' | ';') || c.is_whitespace());
    let bare = pieces.map(|piece| piece.trim_start_matches("*.").trim_start_matches(['@', '.']));
    let bare: Vec<&str> = bare.filter(|piece| !piece.is_empty()).collect();
    let is_sound = |piece: &&str| fault(piece).is_none() && piece.contains('.');
    (!bare.is_empty() && bare.iter().all(is_sound)).then(|| bare.join(","))
}

fn public(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, text)) = cx.text(Role::EmailDomain) else { return };
    let bare = text.split(',').map(|item| item.trim().trim_start_matches('@'));
    let is_public = |item: &&str| PUBLIC_DOMAINS.contains(&item.to_ascii_lowercase().as_str());
    let Some(domain) = bare.into_iter().find(is_public) else { return };
    let problem = cx
        .value_problem(format!("everybody can have an address at {domain}"), setting)
        .why("Label Studio would send all of them to your identity provider, and its guide forbids such domains")
        .remedy("the company's own e-mail domains");
    out.report(&PUBLIC.rule, problem);
}

#[cfg(test)]
mod tests {
    use super::{fault, meant};

    #[test]
    fn lists_of_bare_domains_are_sound() {
        for text in ["acme.test", "acme.test,corp.test", "münchen.test", "a.b.acme.test"] {
            assert!(text.split(',').all(|item| fault(item).is_none()), "{text}");
        }
    }

    #[test]
    fn what_is_plainly_meant_is_kept() {
        assert_eq!(meant("acme.test, corp.test").as_deref(), Some("acme.test,corp.test"));
        assert_eq!(meant("@acme.test;corp.test,").as_deref(), Some("acme.test,corp.test"));
        assert_eq!(meant("https://acme.test/"), None);
        assert_eq!(meant("ann@acme.test"), None);
        assert_eq!(meant(","), None);
    }
}
