//! Which attribute fills which field of the account.

use std::sync::LazyLock;

use crate::idps;
use crate::model::{Protocol, Role, Setting, nearest};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, ProviderSubject, edits};

pub(in crate::rules) static UNMAPPED_ACCOUNT_FIELD: Lint = lint!(
    "CVAT031",
    "unmapped-account-field",
    Warning,
    "`uid` or `email` is not mapped",
    Check::Provider(unmapped_account_field)
);
pub(in crate::rules) static MUTABLE_UID: Lint = lint!(
    "CVAT032",
    "mutable-uid",
    Warning,
    "`uid` is mapped to something that changes",
    Check::Provider(mutable_uid)
);
pub(in crate::rules) static CONFIRMATION_MAIL: Lint = lint!(
    "CVAT036",
    "confirmation-mail",
    Info,
    "without `email_verified` new users get a confirmation mail",
    Check::Provider(confirmation_mail)
);
pub(in crate::rules) static NEAR_MISS: Lint = lint!(
    "CVAT037",
    "attribute-name-near-miss",
    Warning,
    "a mapped name that nearly is one that the identity provider sends",
    Check::Provider(near_miss)
);

fn unmapped_account_field(cx: &ProviderSubject<'_>, out: &mut Findings) {
    if !cx.speaks(Protocol::Saml) || cx.mapping().is_none() {
        return;
    }
    for (field, why) in [
        (
            "uid",
            "the account then hangs on the NameID, and whoever gets another NameID gets another account",
        ),
        (
            "email",
            "the address is then taken from the NameID, and only if its format is exactly urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        ),
    ] {
        if cx.provider.mapped(field).is_some_and(|setting| !setting.is_present())
            && let Some(setting) = cx.provider.setting(Role::AttributeMapping)
        {
            let problem = Problem::new(
                format!("no attribute is mapped to {field}"),
                cx.subject.key_place(setting),
            )
            .why(why)
            .remedy(format!("{field}: the name of the attribute that carries it"));
            out.report(&UNMAPPED_ACCOUNT_FIELD.rule, problem);
        }
    }
}

fn mutable_uid(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, uid)) = cx.provider.mapped("uid").and_then(|s| Some((s, s.text()?))) else {
        return;
    };
    if !cx.speaks(Protocol::Saml) {
        return;
    }
    let same = ["email", "username"]
        .into_iter()
        .find(|field| cx.provider.mapped(field).and_then(Setting::text) == Some(uid));
    let what = match same {
        Some(field) => format!("the same attribute as {field}"),
        None if is_mutable(uid) => {
            "an attribute that changes with the person's name or address".to_owned()
        }
        None => return,
    };
    let stable =
        cx.idp.facts().attributes.sent.iter().find(|attribute| attribute.suits == Some("uid"));
    let remedy = stable.map_or_else(
        || "an attribute that never changes, such as an object id or a persistent id".to_owned(),
        |attribute| format!("{} ({})", attribute.name, attribute.holds),
    );
    let problem = cx
        .value_problem(format!("uid is mapped to {what}"), setting)
        .why("uid is the key of the account: when it changes, the person gets a new account and loses the old one")
        .remedy(remedy);
    out.report(&MUTABLE_UID.rule, problem);
}

fn is_mutable(name: &str) -> bool {
    if MUTABLE_URNS.contains(&name) {
        return true;
    }
    let last = name.rsplit(['/', ':']).next().unwrap_or(name);
    let plain: String = last.chars().filter(char::is_ascii_alphanumeric).collect();
    MUTABLE_NAMES.contains(&plain.to_ascii_lowercase().as_str())
}

fn confirmation_mail(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let is_mapped = cx.provider.mapped("email_verified").is_none_or(Setting::is_present);
    let Some(setting) = cx.provider.setting(Role::AttributeMapping) else { return };
    if !cx.speaks(Protocol::Saml) || cx.mapping().is_none() || is_mapped {
        return;
    }
    let remedy = if cx.idp.id == "entra" {
        "nothing to write: Entra cannot send it over SAML; tell new users to expect a mail"
    } else {
        "email_verified: the name of an attribute that is true for confirmed addresses"
    };
    let problem = Problem::new(
        "new users get a mail to confirm their address",
        cx.subject.key_place(setting),
    )
    .why("no attribute is mapped to email_verified, so CVAT treats each address as unverified")
    .remedy(remedy);
    out.report(&CONFIRMATION_MAIL.rule, problem);
}

fn near_miss(cx: &ProviderSubject<'_>, out: &mut Findings) {
    if !cx.speaks(Protocol::Saml) {
        return;
    }
    let attributes = &cx.idp.facts().attributes;
    let own = || attributes.sent.iter().chain(&attributes.never).map(|attribute| attribute.name);
    let is_fixed = attributes.fixed.value == Some(true);
    for setting in &cx.provider.mapping {
        let Some(written) = setting.text() else { continue };
        let uris = if written.contains("://") { CLAIM_URIS.as_slice() } else { &[] };
        let known = || own().chain(uris.iter().copied());
        if known().any(|name| name == written) {
            continue;
        }
        let uri = known().find_map(|name| Some((name, slip(written, name)?)));
        let preset =
            || attributes.sent.iter().filter(|sent| sent.suits == Some(&*setting.card.key));
        let short = || preset().find_map(|sent| Some((sent.name, short_slip(written, sent.name)?)));
        // The last part of a fixed name alone.
        let part = || {
            let sent = attributes.sent.iter().filter(|_| is_fixed && !written.contains(['/', ':']));
            let ends = |name: &str| {
                name.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(written))
            };
            sent.map(|sent| sent.name).find(|name| ends(name)).map(|name| (name, Slip::Spelling))
        };
        let Some((name, slip)) = uri.or_else(short).or_else(part) else { continue };
        let is_warning = is_fixed || slip == Slip::Case;
        let severity = if is_warning { Severity::Warning } else { Severity::Info };
        out.report(&NEAR_MISS.rule, near_miss_problem(cx, setting, name, severity));
    }
}

/// The claim URIs that any identity provider is known to send: long names that nobody makes up.
static CLAIM_URIS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let sent = idps::all().iter().flat_map(|idp| &idp.facts().attributes.sent);
    let mut names: Vec<&str> =
        sent.map(|attribute| attribute.name).filter(|name| name.contains("://")).collect();
    names.sort_unstable();
    names.dedup();
    names
});

/// A name of an administrator's own choice that differs from the guide's in its spelling only.
fn short_slip(written: &str, name: &str) -> Option<Slip> {
    if name.contains(':') || written.contains(':') {
        return None;
    }
    if written.eq_ignore_ascii_case(name) {
        return Some(Slip::Case);
    }
    nearest(written, [name]).map(|_| Slip::Spelling)
}

fn near_miss_problem(
    cx: &ProviderSubject<'_>,
    setting: &Setting<'_>,
    name: &str,
    severity: Severity,
) -> Problem {
    let problem = cx
        .value_problem("this is nearly, but not quite, the name of an attribute that is sent", setting)
        .severity(severity)
        .label("sent under another name")
        .why("names are compared letter by letter; one that matches nothing leaves the field empty without an error")
        .remedy(name);
    let source = &cx.subject.document().expect("a provider stands in a document").source;
    let span = setting
        .value()
        .zip(setting.text())
        .and_then(|(value, text)| edits::part(source, value, 0, text.len()));
    match span {
        Some(span) => {
            problem.unsafe_fix("write the name that is sent", vec![(span, name.to_owned())])
        }
        None => problem,
    }
}

/// How a name misses another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slip {
    Case,
    Spelling,
}

/// Whether a name looks like a slip for another. Only long names are compared: short ones are an
/// administrator's own choice, and object identifiers that differ in a digit are different things.
fn slip(written: &str, name: &str) -> Option<Slip> {
    if !name.contains("://") {
        return None;
    }
    if written.eq_ignore_ascii_case(name) {
        return Some(Slip::Case);
    }
    let (base, last) = name.rsplit_once('/')?;
    let (written_base, written_last) = written.trim_end_matches('/').rsplit_once('/')?;
    let same_last = last.eq_ignore_ascii_case(written_last);
    let near_last = last.len() >= 6 && strsim::damerau_levenshtein(last, written_last) <= 2;
    let same_base = base.eq_ignore_ascii_case(written_base);
    let near_base = strsim::damerau_levenshtein(base, written_base) <= 3;
    ((same_base && near_last) || (near_base && same_last)).then_some(Slip::Spelling)
}

const MUTABLE_NAMES: [&str; 19] = [
    "email",
    "emailaddress",
    "emailattribute",
    "mail",
    "emailaddr",
    "upn",
    "userprincipalname",
    "name",
    "username",
    "usernameattribute",
    "login",
    "loginname",
    "preferredusername",
    "displayname",
    "commonname",
    "cn",
    "samaccountname",
    "nickname",
    "fullname",
];
/// Mail and names in the X.500 and PKCS #9 attribute profiles.
const MUTABLE_URNS: [&str; 5] = [
    "urn:oid:0.9.2342.19200300.100.1.3",
    "urn:oid:1.2.840.113549.1.9.1",
    "urn:oid:1.3.6.1.4.1.5923.1.1.1.6",
    "urn:oid:2.5.4.3",
    "urn:oid:2.16.840.1.113730.3.1.241",
];
