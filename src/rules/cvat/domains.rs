//! The e-mail domain that chooses a provider.

use std::collections::HashMap;

use crate::model::{Role, Setting};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::cvat::weights::{Mode, mode};
use crate::rules::{Check, Lint, ProviderSubject, Subject, edits};

pub(in crate::rules) static MISSING: Lint = lint!(
    "CVAT040",
    "missing-email-domain",
    Error,
    "a provider that no e-mail domain leads to",
    Check::Settings(missing)
);
pub(in crate::rules) static SHARED: Lint = lint!(
    "CVAT041",
    "shared-email-domain",
    Warning,
    "two providers with the same e-mail domain",
    Check::Settings(shared)
);
pub(in crate::rules) static MALFORMED: Lint = lint!(
    "CVAT042",
    "malformed-email-domain",
    Error,
    "`email_domain` is not a bare domain",
    Check::Provider(malformed)
);
pub(in crate::rules) static PUBLIC: Lint = lint!(
    "CVAT043",
    "public-email-domain",
    Warning,
    "`email_domain` belongs to a mailbox provider that is open to everybody",
    Check::Provider(public)
);

fn missing(cx: &Subject<'_>, out: &mut Findings) {
    let providers = &cx.config.providers;
    let without: Vec<_> =
        providers.iter().filter(|provider| !provider.has(Role::EmailDomain)).collect();
    if mode(cx) != Some(Mode::EmailAddress) || without.is_empty() {
        return;
    }
    if without.len() == providers.len() {
        let list = cx.config.setting(Role::Providers).expect("there are providers in a list");
        let problem = Problem::new("no provider has an email_domain, and providers are chosen by it", cx.key_place(list))
            .why("in the mode email_address the domain of the address that a user types picks the provider")
            .remedy("email_domain: the company's e-mail domain; or selection_mode: lowest_weight");
        out.report(&MISSING.rule, problem);
        return;
    }
    for provider in without {
        let place = cx.place(provider.anchor(), (*provider.path).clone());
        let mut problem = Problem::new("this provider has no email_domain", place)
            .severity(Severity::Warning)
            .why("in the mode email_address no address that a user types leads to it")
            .remedy("email_domain: the domain of the people who log in here");
        problem.provider = provider.label().map(str::to_owned);
        out.report(&MISSING.rule, problem);
    }
}

fn shared(cx: &Subject<'_>, out: &mut Findings) {
    if mode(cx) != Some(Mode::EmailAddress) {
        return;
    }
    let mut seen: HashMap<String, &Setting<'_>> = HashMap::new();
    for provider in &cx.config.providers {
        let Some((setting, domain)) =
            provider.setting(Role::EmailDomain).and_then(|s| Some((s, s.text()?)))
        else {
            continue;
        };
        let domain = domain.to_lowercase();
        let Some(first) = seen.get(&domain) else {
            seen.insert(domain, setting);
            continue;
        };
        let mut problem = Problem::new(
            format!("two providers share the e-mail domain {domain}"),
            cx.value_place(setting),
        )
        .related(cx.value_place(first), "the other one")
        .why("which of them is asked is not documented")
        .remedy("one domain a provider, or selection_mode: lowest_weight");
        problem.provider = provider.label().map(str::to_owned);
        out.report(&SHARED.rule, problem);
    }
}

fn malformed(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, domain)) = cx.text(Role::EmailDomain) else { return };
    if mode(cx.subject) != Some(Mode::EmailAddress) {
        return;
    }
    let Some(what) = domain_fault(domain) else { return };
    let bare = bare(domain);
    let problem = cx
        .value_problem(format!("email_domain {what}"), setting)
        .why("CVAT compares it with the part behind the @ of the address that a user types");
    let problem = problem.remedy(bare.unwrap_or("one bare domain, such as acme.test"));
    let source = &cx.subject.document().expect("a provider stands in a document").source;
    let kept = bare.and_then(|bare| Some((domain.find(bare)?, bare.len())));
    let cut = kept.zip(setting.value()).and_then(|((start, len), value)| {
        let head = edits::part(source, value, 0, start)?;
        Some((head, edits::part(source, value, start + len, domain.len())?))
    });
    out.report(
        &MALFORMED.rule,
        match cut {
            Some((head, tail)) => {
                let edits = [head, tail].into_iter().filter(|span| !span.is_empty());
                problem.safe_fix(
                    "keep the bare domain",
                    edits.map(|span| (span, String::new())).collect(),
                )
            }
            None => problem,
        },
    );
}

fn domain_fault(domain: &str) -> Option<&'static str> {
    if domain.contains(['/', ':']) {
        Some("is a URL, not a domain")
    } else if domain.contains([',', ';']) || domain.trim().contains(char::is_whitespace) {
        Some("holds more than one domain")
    } else if domain.contains('@') {
        Some("holds an @")
    } else if domain.starts_with('.') || domain.contains('*') {
        Some("is a pattern, not a domain")
    } else if domain.trim() != domain {
        Some("has white space around it")
    } else {
        None
    }
}

/// The one domain that is plainly meant.
fn bare(domain: &str) -> Option<&str> {
    let bare = domain.trim().trim_start_matches("*.").trim_start_matches(['@', '.']);
    let is_bare = bare.contains('.') && domain_fault(bare).is_none();
    is_bare.then_some(bare)
}

fn public(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, domain)) = cx.text(Role::EmailDomain) else { return };
    let is_public = PUBLIC_DOMAINS.contains(&domain.to_ascii_lowercase().as_str());
    if !is_public || mode(cx.subject) != Some(Mode::EmailAddress) {
        return;
    }
    let problem = cx
        .value_problem(format!("everybody can have an address at {domain}"), setting)
        .why("it leads people of any company to this identity provider, and nobody of yours is told apart")
        .remedy("the company's own e-mail domain");
    out.report(&PUBLIC.rule, problem);
}

/// Mailbox providers that are open to everybody.
pub(in crate::rules) const PUBLIC_DOMAINS: [&str; 26] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "ymail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "proton.me",
    "protonmail.com",
    "pm.me",
    "gmx.de",
    "gmx.net",
    "gmx.com",
    "web.de",
    "t-online.de",
    "mail.ru",
    "yandex.ru",
    "yandex.com",
    "qq.com",
    "163.com",
    "zoho.com",
];
