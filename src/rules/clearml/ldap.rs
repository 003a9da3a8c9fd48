//! LDAP settings that do not go together.

use crate::apps::clearml::{Entry, Value};
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::clearml::context::Context;
use crate::rules::{Check, Lint};

pub(in crate::rules) static CONTRADICTION: Lint = lint!(
    "CLR070",
    "ldap-settings-contradict",
    Error,
    "LDAP settings that cannot work together",
    Check::Elsewhere
);
pub(in crate::rules) static UNCHECKED: Lint = lint!(
    "CLR071",
    "ldap-certificate-unchecked",
    Warning,
    "LDAP certificates are not checked",
    Check::Elsewhere
);

pub(super) fn judge(cx: &Context<'_>, out: &mut Findings) {
    provider(cx, out);
    filter(cx, out);
    encryption(cx, out);
    if let Some(entry) = at(cx, "tls.validate_cert")
        && entry.value.boolean() == Some(false)
    {
        let problem = cx
            .at_value("the directory's certificate is not checked", entry)
            .why("whoever stands between gets every password")
            .remedy("the CA of the directory in tls__ca_certs, and validate_cert left at true");
        out.report(&UNCHECKED.rule, problem);
    }
}

/// A setting of the directory.
fn at<'c, 's>(cx: &'c Context<'s>, key: &str) -> Option<&'c Entry<'s>> {
    let path = |root: &str| format!("{root}.{key}");
    let own = cx.server.at(&path("apiserver.auth.fixed_user_providers.ldap"));
    own.or_else(|| cx.server.at(&path("secure.fixed_user_providers.ldap")))
}

fn provider(cx: &Context<'_>, out: &mut Findings) {
    if at(cx, "server").is_none() && at(cx, "base_dn").is_none() {
        return;
    }
    let Some(entry) = cx.server.at("apiserver.auth.fixed_users.provider") else { return };
    let Some(text) = entry.value.text().filter(|text| *text != "ldap") else { return };
    let problem = cx
        .at_value(format!("the provider is {}, and ldap is set up", Context::shown(text)), entry)
        .why("the settings of the directory are read for the provider ldap only")
        .remedy("ldap");
    out.report(&CONTRADICTION.rule, problem);
}

fn filter(cx: &Context<'_>, out: &mut Findings) {
    let Some(entry) = at(cx, "search_filter") else { return };
    let Some(text) = entry.value.text() else { return };
    if text.contains("{0}") || text.trim().is_empty() {
        return;
    }
    let problem = cx
        .at_value("search_filter lacks {0}", entry)
        .why("{0} stands for the name that somebody signs in with; without it the same entries are found for everybody")
        .remedy("\"(&(objectclass=user)(sAMAccountName={0}))\"");
    out.report(&CONTRADICTION.rule, problem);
}

fn encryption(cx: &Context<'_>, out: &mut Findings) {
    let (Some(server), Some(tls)) = (at(cx, "server"), at(cx, "use_tls")) else { return };
    let is_ldaps = server
        .value
        .text()
        .and_then(|text| text.get(..8))
        .is_some_and(|start| start.eq_ignore_ascii_case("ldaps://"));
    if !is_ldaps || tls.value != Value::Boolean(true) {
        return;
    }
    let problem = cx
        .at_value("use_tls is StartTLS, and the server is ldaps", tls)
        .related(server.value_place(), "encrypted from the first byte")
        .why("a connection that is encrypted already cannot be switched to encryption")
        .remedy("ldaps:// alone, or ldap:// with use_tls");
    out.report(&CONTRADICTION.rule, problem);
}
