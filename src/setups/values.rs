//! What stands for the variables of the templates.

use std::collections::BTreeSet;

use crate::apps::App;
use crate::setups::data::Ask;
use crate::setups::{Cell, Given, attributes};

/// The variables of one cell, with what is given.
pub(in crate::setups) struct Values<'a> {
    /// The cell.
    pub(in crate::setups) cell: &'static Cell,
    given: &'a Given,
}

impl<'a> Values<'a> {
    /// The variables of a cell.
    pub(in crate::setups) fn new(cell: &'static Cell, given: &'a Given) -> Self {
        Self { cell, given }
    }

    /// A template with its variables filled in; what is not known yet stands in angle brackets.
    pub(in crate::setups) fn fill(&self, template: &str) -> String {
        self.fill_with(template, &[])
    }

    /// The same with further variables that stand for themselves.
    pub(in crate::setups) fn fill_with(&self, template: &str, own: &[(&str, &str)]) -> String {
        self.filled(template, own, DEPTH)
    }

    /// The text that an answer was given, unless it is secret or empty.
    pub(in crate::setups) fn answer(&self, name: &str) -> Option<&'a str> {
        if self.ask(name).is_some_and(|ask| ask.secret) {
            return None;
        }
        let answer = self.given.answers.get(name)?.trim();
        (!answer.is_empty()).then_some(answer)
    }

    /// What is asked for under a name.
    pub(in crate::setups) fn ask(&self, name: &str) -> Option<&'static Ask> {
        asks(self.cell).find(|ask| ask.name == name)
    }

    /// What is asked for under a name that nobody has answered and nothing else stands for.
    pub(in crate::setups) fn open(&self, name: &str) -> Option<&'static Ask> {
        let is_open = self.answer(name).is_none() && self.template(name).is_none();
        self.ask(name).filter(|_| is_open)
    }

    /// What stands for an answer that nobody gave.
    pub(in crate::setups) fn placeholder(&self, ask: &Ask) -> String {
        let shape = ask.shape.as_ref().map(|shape| self.fill(shape));
        shape.unwrap_or_else(|| format!("<{}>", label(self.cell, ask)))
    }

    /// The answers that a template needs, through everything that stands for its variables.
    pub(in crate::setups) fn needed(&self, template: &str, names: &mut BTreeSet<String>) {
        self.need(template, names, DEPTH);
    }

    /// The application's id for the provider.
    pub(in crate::setups) fn provider(&self) -> String {
        let given = self.given.provider.clone();
        given.unwrap_or_else(|| format!("{}-{}", self.cell.idp.id, self.cell.protocol.id()))
    }

    fn filled(&self, template: &str, own: &[(&str, &str)], depth: usize) -> String {
        let mut text = String::with_capacity(template.len());
        for piece in pieces(template) {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Variable(name) => {
                    let own = own.iter().find(|(own, _)| *own == name);
                    let value =
                        own.map_or_else(|| self.value(name, depth), |(_, own)| (*own).to_owned());
                    push(&mut text, &value);
                }
            }
        }
        text
    }

    fn value(&self, name: &str, depth: usize) -> String {
        if depth == 0 {
            return format!("<{name}>");
        }
        if let Some(text) = self.built_in(name, depth).or_else(|| self.answer(name).map(Into::into))
        {
            return text;
        }
        if let Some(template) = self.template(name) {
            return self.filled(&template, &[], depth - 1);
        }
        match self.ask(name) {
            Some(ask) => match &ask.shape {
                Some(shape) => self.filled(shape, &[], depth - 1),
                None => format!("<{}>", label(self.cell, ask)),
            },
            None => format!("<{}>", name.replace('_', " ")),
        }
    }

    fn need(&self, template: &str, names: &mut BTreeSet<String>, depth: usize) {
        if depth == 0 {
            return;
        }
        for piece in pieces(template) {
            let Piece::Variable(name) = piece else { continue };
            if name == "issuer_base" {
                self.need("{issuer}", names, depth - 1);
            } else if let Some(template) = self.template(name) {
                self.need(&template, names, depth - 1);
            } else if let Some(ask) = self.ask(name) {
                names.insert(name.to_owned());
                self.need(ask.shape.as_deref().unwrap_or_default(), names, depth - 1);
            }
        }
    }

    /// What the application or the cell itself says, which no answer changes.
    fn built_in(&self, name: &str, depth: usize) -> Option<String> {
        let text = match name {
            "app_id" | "suggested_client_id" => self.cell.app.id.clone(),
            "app_name" => self.cell.app.name.clone(),
            "idp_name" => self.cell.idp.name.to_owned(),
            "id" => self.provider(),
            "base" => self.base(),
            "host" => host(&self.base()).to_owned(),
            "token" => self.token().unwrap_or_else(|| "<organization token>".to_owned()),
            "acs_pattern" => pattern(&self.value("acs", depth - 1)),
            "groups" => attributes::groups(self.cell)?.name.to_owned(),
            "issuer_base" => self.value("issuer", depth - 1).trim_end_matches('/').to_owned(),
            _ => {
                let field = name.strip_prefix("attribute_")?;
                let mapped = attributes::mapped(self.cell);
                mapped.iter().find(|one| one.field == field)?.name.to_owned()
            }
        };
        Some(text)
    }

    /// What a variable is made of.
    fn template(&self, name: &str) -> Option<String> {
        let Cell { app, app_side, idp_side, entry, .. } = self.cell;
        let own = [&entry.values, &app_side.values, &app.urls, &idp_side.values];
        let own = own.into_iter().find_map(|values| values.get(name).cloned());
        own.or_else(|| self.address(name)).or_else(|| self.fact(name))
    }

    /// An address that the application's own data knows.
    fn address(&self, name: &str) -> Option<String> {
        let urls = &App::by_id(&self.cell.app.id)?.urls;
        let url = match name {
            "acs" => &urls.saml_acs,
            "sp_entity_id" => &urls.saml_entity_id,
            "redirect_uri" => &urls.oidc_redirect,
            "scim_base" => &urls.scim_base,
            "slo" => &urls.saml_slo,
            _ => return None,
        };
        url.clone()
    }

    /// An address that the facts of the provider know, in the words of the answers.
    fn fact(&self, name: &str) -> Option<String> {
        let facts = self.cell.idp.facts();
        let (oidc, saml) = (&facts.oidc, &facts.saml);
        let first = |list: &Option<Vec<&'static str>>| list.as_ref()?.first().copied();
        let template = match name {
            "issuer" => first(&oidc.issuer.value),
            "authorization_endpoint" => oidc.authorization_endpoint.value,
            "token_endpoint" => oidc.token_endpoint.value,
            "userinfo_endpoint" => oidc.userinfo_endpoint.value,
            "jwks_uri" => oidc.jwks_uri.value,
            "idp_entity_id" => first(&saml.entity_id.value),
            "idp_metadata_url" => first(&saml.metadata_url.value),
            "idp_sso_url" => first(&saml.sso_url.value),
            _ => None,
        }?;
        let rename = |text: String, (from, to): (&String, &String)| {
            text.replace(&format!("{{{from}}}"), &format!("{{{to}}}"))
        };
        Some(self.cell.console.rename.iter().fold(template.to_owned(), rename))
    }

    fn base(&self) -> String {
        let whole = self.given.token.as_deref().and_then(acs_parts).map(|(base, _)| base);
        match self.given.base_url.as_deref().map(str::trim).or(whole) {
            None | Some("") => format!("https://<your {} address>", self.cell.app.name),
            Some(base) if base.contains("://") => base.trim_end_matches('/').to_owned(),
            Some(base) => format!("https://{}", base.trim_end_matches('/')),
        }
    }

    fn token(&self) -> Option<String> {
        let given = self.given.token.as_deref()?.trim();
        Some(acs_parts(given).map_or(given, |(_, token)| token).to_owned())
    }
}

/// Everything that may be asked for: the application's own first.
pub(in crate::setups) fn asks(cell: &'static Cell) -> impl Iterator<Item = &'static Ask> {
    cell.idp_side.asks.iter().chain(&cell.app.asks)
}

/// As the console calls an answer.
pub(in crate::setups) fn label(cell: &Cell, ask: &Ask) -> String {
    let own = ask.label.clone();
    own.or_else(|| found(cell, ask).map(|field| field.label.to_owned()))
        .unwrap_or_else(|| ask.name.replace('_', " "))
}

/// The field of the console that shows an answer, where the facts know it.
pub(in crate::setups) fn found(
    cell: &Cell,
    ask: &Ask,
) -> Option<&'static crate::idps::facts::Field> {
    let what = ask.what.as_deref()?;
    let find = &cell.idp.facts().labels.find;
    find.iter().find(|field| field.what == what && field.protocol == cell.protocol.id())
}

/// A part of a template.
enum Piece<'t> {
    Text(&'t str),
    Variable(&'t str),
}

impl Piece<'_> {
    /// Whether it stands for something else.
    #[cfg(test)]
    fn is_variable(&self) -> bool {
        matches!(self, Self::Variable(_))
    }
}

/// Cuts a template at its variables. `${…}` is another language's and stays.
fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, after) = rest.split_at(at);
        let name = after[1..].split_once('}').map(|(name, _)| name);
        let is_variable = |name: &&str| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        if let Some(name) = name.filter(is_variable).filter(|_| !before.ends_with('$')) {
            found.push(Piece::Text(before));
            found.push(Piece::Variable(name));
            rest = &after[name.len() + 2..];
        } else {
            found.push(Piece::Text(&rest[..=at]));
            rest = &after[1..];
        }
    }
    found.push(Piece::Text(rest));
    found
}

/// Adds a value; where a scheme is already written, one that the value brings is left out.
fn push(text: &mut String, value: &str) {
    let bare = value.split_once("://").filter(|_| text.ends_with("://"));
    text.push_str(bare.map_or(value, |(_, rest)| rest.trim_end_matches('/')));
}

/// Base URL and token of a Label Studio ACS URL.
fn acs_parts(url: &str) -> Option<(&str, &str)> {
    let (base, rest) = url.trim().split_once("/saml/")?;
    let token = rest.trim_end_matches('/').strip_suffix("/acs")?;
    (base.contains("://") && !token.is_empty() && !token.contains('/')).then_some((base, token))
}

/// The host name of a URL.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// The regular expression that only this text fits.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("^");
    for c in text.chars() {
        if "\\/.?+*()[]{}^$|".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern + "$"
}

/// How deep variables may stand for variables.
const DEPTH: usize = 8;

#[cfg(test)]
mod tests {
    use super::{acs_parts, host, pattern, pieces, push};

    #[test]
    fn a_host_stands_without_scheme_port_and_path() {
        for (url, expected) in [
            ("https://cvat.acme.test", "cvat.acme.test"),
            ("http://cvat.acme.test:8080/x", "cvat.acme.test"),
            ("https://user:word@cvat.acme.test:1", "cvat.acme.test"),
            ("http://[2001:db8::1]:8080", "[2001:db8::1]"),
            ("http://[2001:db8::1]", "[2001:db8::1]"),
            ("https://<your CVAT address>", "<your CVAT address>"),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }

    #[test]
    fn only_an_acs_url_has_a_token() {
        let whole = "https://ls.acme.test/saml/abc/acs/";
        assert_eq!(acs_parts(whole), Some(("https://ls.acme.test", "abc")));
        for other in
            ["abc", "https://ls.acme.test/saml//acs", "https://x/saml/a/b/acs", "/saml/a/acs"]
        {
            assert_eq!(acs_parts(other), None, "{other}");
        }
    }

    #[test]
    fn what_belongs_to_another_language_is_no_variable() {
        for text in ["${user.email}", "${email}", "(uid={0})", "{", "{}", "{A}", "%(user)s", "é{ü"]
        {
            assert_eq!(pieces(text).iter().filter(|one| one.is_variable()).count(), 0, "{text}");
        }
        assert_eq!(pieces("{{a}}{b}").iter().filter(|one| one.is_variable()).count(), 2);
    }

    #[test]
    fn a_scheme_is_written_once() {
        let mut text = "https://".to_owned();
        push(&mut text, "https://acme.okta.com/");
        assert_eq!(text, "https://acme.okta.com");
        assert_eq!(pattern("a.b/c"), r"^a\.b\/c$");
    }
}
