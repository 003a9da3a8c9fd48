//! Names and values of a form or query, as they were received.

use crate::saml::binding::encoding::percent_decoded;
use crate::saml::binding::{Parameter, Remark};
use crate::saml::cards::bind::BIND_DUPLICATE_PARAM;
use crate::verdict::Weight;

/// The parameters of a form or query, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters(Vec<Field>);

/// One parameter, the first of its name.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Its name.
    name: &'static str,
    /// How often it comes.
    count: usize,
    /// Its value as it was received; what is decoded already stands for itself.
    pub(super) raw: String,
    /// Whether the value as received is encoded.
    is_encoded: bool,
}

impl Field {
    /// The value, decoded as forms have it.
    pub(super) fn value(&self) -> Result<String, Remark> {
        if self.is_encoded { percent_decoded(&self.raw, true) } else { Ok(self.raw.clone()) }
    }
}

impl Parameters {
    /// The parameters of a query or form body (the part between `?` and `#` of an address).
    pub(super) fn split(text: &str) -> Self {
        let mut parameters = Self::default();
        for part in text.split('&') {
            let (name, raw) = part.split_once('=').unwrap_or((part, ""));
            match percent_decoded(name, true) {
                Ok(name) => parameters.add(&name, raw, true),
                Err(_) => parameters.add(name, raw, true),
            }
        }
        parameters
    }

    /// Parameters that come decoded.
    pub(super) fn decoded<'t>(pairs: impl IntoIterator<Item = (&'t str, &'t str)>) -> Self {
        let mut parameters = Self::default();
        for (name, value) in pairs {
            parameters.add(name, value, false);
        }
        parameters
    }

    /// Adds one that belongs to a binding. Of several of one name the first stands for all: none of
    /// them is used, and there may be millions.
    fn add(&mut self, name: &str, raw: &str, is_encoded: bool) {
        let Some(name) = own(name) else { return };
        match self.0.iter_mut().find(|field| field.name == name) {
            Some(field) => field.count += 1,
            None => self.0.push(Field { name, count: 1, raw: raw.to_owned(), is_encoded }),
        }
    }

    /// Takes the values for what they are if a tool left them encoded: base64 has no percent sign.
    pub(super) fn take_encoded(&mut self) {
        let is_message = |field: &Field| Parameter::ALL.iter().any(|p| p.name() == field.name);
        if self.0.iter().any(|field| is_message(field) && field.raw.contains('%')) {
            self.0.iter_mut().for_each(|field| field.is_encoded = true);
        }
    }

    /// Takes values that nobody encoded for what they are: a form writes `+`, `/` and `=` of
    /// base64 as `%2B`, `%2F` and `%3D`, so a value with those is one that a person typed there.
    pub(super) fn take_unencoded(&mut self) {
        for field in &mut self.0 {
            let is_message = Parameter::ALL.iter().any(|parameter| parameter.name() == field.name);
            let is_bare = !field.raw.contains('%') && field.raw.contains(['+', '/', '=']);
            if is_message && is_bare {
                field.is_encoded = false;
            }
        }
    }

    /// Whether a parameter that carries messages is among them.
    pub(super) fn has_message(&self) -> bool {
        Parameter::ALL
            .iter()
            .any(|parameter| self.0.iter().any(|field| field.name == parameter.name()))
    }

    /// The parameter that carries the message: exactly one of the two, exactly once, and with it
    /// every other one that belongs to the binding at most once.
    pub(super) fn message(&self) -> Result<Option<(Parameter, &Field)>, Remark> {
        for name in OWN {
            self.only(name)?;
        }
        let request = self.only(Parameter::Request.name())?;
        let response = self.only(Parameter::Response.name())?;
        match (request, response) {
            (Some(_), Some(_)) => {
                Err(duplicate("SAMLRequest and SAMLResponse come together".to_owned()))
            }
            (Some(field), None) => Ok(Some((Parameter::Request, field))),
            (None, Some(field)) => Ok(Some((Parameter::Response, field))),
            (None, None) => Ok(None),
        }
    }

    /// The one parameter of a name.
    pub(super) fn only<'p>(&'p self, name: &str) -> Result<Option<&'p Field>, Remark> {
        let found = self.0.iter().find(|field| field.name == name);
        match found.map_or(0, |field| field.count) {
            0 | 1 => Ok(found),
            count => Err(duplicate(format!("{name} comes {count} times"))),
        }
    }
}

/// The parameter of SAML that an address already carries in its query, if it does.
pub fn saml_parameter(address: &str) -> Option<&'static str> {
    let (_, query) = address.split('#').next()?.split_once('?')?;
    let present = Parameters::split(query);
    let names = Parameter::ALL.iter().map(|parameter| parameter.name()).chain(OWN);
    names.into_iter().find(|name| present.0.iter().any(|field| field.name == *name))
}

/// A name that belongs to a binding.
pub(super) fn own(name: &str) -> Option<&'static str> {
    let messages = Parameter::ALL.iter().map(|parameter| parameter.name());
    messages.chain(OWN).chain(["SAMLart"]).find(|own| *own == name)
}

fn duplicate(message: String) -> Remark {
    Remark::new(&BIND_DUPLICATE_PARAM, Weight::Malformed, message)
        .why("what checks the signature may read one of them and what logs in the other")
}

/// The parameters of the bindings (saml-bindings-2.0-os sections 3.4.4.1 and 3.5.4).
const OWN: [&str; 5] = ["RelayState", "SAMLEncoding", "SigAlg", "Signature", "KeyInfo"];
