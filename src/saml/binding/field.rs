//! From a value to the message in it: exactly the layers that the way it travelled has.

use crate::saml::binding::encoding::{base64, inflated, percent_decoded};
use crate::saml::binding::parameters::{Field, Parameters};
use crate::saml::binding::{
    Detached, Layer, Options, Outline, Parameter, Received, Remark, Unreadable, relay_state, signed,
};
use crate::saml::cards::bind::{BIND_ENCODING, BIND_RESPONSE_IN_ADDRESS, BIND_SIZE};
use crate::verdict::Weight;
use crate::xml::cards::{CHAR, ENCODING};

/// What a value was carried by, which says how it is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    /// A form body: base64 of XML.
    Form,
    /// The query of an address: base64 of DEFLATE of XML.
    Query,
    /// Not known: a value, or a list of parameters without anything around it.
    Unknown,
}

/// The message that parameters carry, if they carry one.
pub(super) fn of_parameters(
    parameters: &Parameters,
    carrier: Carrier,
    options: &Options<'_>,
) -> Result<Option<Received>, Unreadable> {
    let Some((parameter, field)) = parameters.message()? else { return Ok(None) };
    let outer = match carrier {
        Carrier::Form => vec![Layer::Form],
        Carrier::Query => vec![Layer::Query],
        Carrier::Unknown => Vec::new(),
    };
    let mut received = of_value(&field.value()?, parameter.name(), carrier, options)
        .map_err(|unreadable| unreadable.inside(&outer))?;
    let is_deflated = received.layers.contains(&Layer::Deflate);
    let own = if is_deflated { Layer::Query } else { Layer::Form };
    received.layers.insert(0, own);
    received.parameter = Some(parameter);
    let state = parameters.only("RelayState")?.map(Field::value).transpose()?;
    if let Some(encoding) = parameters.only("SAMLEncoding")? {
        let value = encoding.value()?;
        if value != DEFLATE_URI {
            let message = format!("SAMLEncoding is {value}");
            return Err(Remark::new(&BIND_ENCODING, Weight::Malformed, message)
                .remedy("leave it out: the Redirect binding has DEFLATE and nothing else")
                .into());
        }
    }
    let kind = if is_deflated { Detached::Redirect } else { Detached::SimpleSign };
    let Received { xml, remarks, .. } = &mut received;
    received.signature = signed::beside(parameters, parameter, kind, xml, remarks)?;
    if is_deflated && parameter == Parameter::Response && received.outline.kind == "Response" {
        received.remarks.push(in_address());
    }
    let judged = state.as_deref().and_then(|value| relay_state::judge(value, &received.outline));
    received.remarks.extend(judged);
    received.relay_state = state;
    Ok(Some(received))
}

/// The message in one value; `name` is what messages call it.
pub(super) fn of_value(
    value: &str,
    name: &str,
    carrier: Carrier,
    options: &Options<'_>,
) -> Result<Received, Unreadable> {
    if value.len() > options.message.saturating_mul(2) {
        return Err(size(value.len(), options).into());
    }
    if value.trim().is_empty() {
        let message = format!("{name} is empty");
        return Err(Remark::new(&BIND_ENCODING, Weight::Malformed, message)
            .remedy("look at what the identity provider sent: nothing arrived in this field")
            .into());
    }
    if value.trim_start().starts_with('<') {
        let message = format!("{name} holds XML that is not base64-encoded");
        return Err(Remark::new(&BIND_ENCODING, Weight::Malformed, message).into());
    }
    let bytes = base64(value)?;
    let mut layers = vec![Layer::Base64];
    let bytes = match (carrier, is_xml(&bytes)) {
        (Carrier::Form | Carrier::Unknown, true) => bytes,
        (Carrier::Query, true) => {
            let message = format!("{name} is not compressed, although it travelled in an address");
            return Err(Remark::new(&BIND_ENCODING, Weight::Malformed, message)
                .why("the Redirect binding compresses, and its readers take nothing else")
                .into());
        }
        (_, false) if holds_base64(&bytes) => {
            let message = format!("{name} is base64 of base64");
            return Err(Remark::new(&BIND_ENCODING, Weight::Malformed, message)
                .why("the application takes off one layer and finds no XML")
                .into());
        }
        (Carrier::Form, false) => return Err(no_xml_in_form(&bytes, name, options).into()),
        (Carrier::Query | Carrier::Unknown, false) => {
            layers.push(Layer::Deflate);
            inflated(&bytes, options.message)
                .map_err(|remark| Unreadable::from(remark).inside(&[Layer::Base64]))?
        }
    };
    received(&bytes, layers, options)
}

/// A message out of its last layer.
pub(super) fn received(
    bytes: &[u8],
    layers: Vec<Layer>,
    options: &Options<'_>,
) -> Result<Received, Unreadable> {
    if bytes.len() > options.message {
        return Err(Unreadable::from(size(bytes.len(), options)).inside(&layers));
    }
    let Ok(xml) = std::str::from_utf8(bytes) else {
        let is_wide = bytes.iter().take(4).any(|byte| *byte == 0);
        let rule = if is_wide { &ENCODING } else { &CHAR };
        let remark = Remark::new(rule, Weight::Malformed, "the message is not UTF-8");
        return Err(Unreadable::from(remark).inside(&layers));
    };
    Ok(Received {
        outline: Outline::of(xml),
        xml: xml.to_owned(),
        layers,
        parameter: None,
        relay_state: None,
        signature: None,
        remarks: Vec::new(),
        capture: None,
    })
}

fn in_address() -> Remark {
    let message = "the response travelled in an address";
    Remark::new(&BIND_RESPONSE_IN_ADDRESS, Weight::Warning, message)
        .why("SAML has responses in forms alone, and applications look for them there")
        .remedy("set the binding of the assertion consumer service to HTTP-POST")
}

/// A message past the ceiling.
pub(super) fn size(bytes: usize, options: &Options<'_>) -> Remark {
    let message = format!("the message has {bytes} bytes; at most {} are read", options.message);
    Remark::new(&BIND_SIZE, Weight::Limit, message)
        .why("a message has a few kilobytes; a large one only wears its reader down")
}

/// Whether bytes begin like XML.
pub(super) fn is_xml(bytes: &[u8]) -> bool {
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    body.starts_with(b"<") || bytes.starts_with(b"\xff\xfe<\0") || bytes.starts_with(b"\xfe\xff\0<")
}

/// Whether bytes are base64, or base64 percent-encoded, of XML or of a compressed message.
fn holds_base64(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let Ok(text) = percent_decoded(text, false) else { return false };
    !text.trim().is_empty() && base64(&text).is_ok()
}

fn no_xml_in_form(bytes: &[u8], name: &str, options: &Options<'_>) -> Remark {
    let is_compressed = inflated(bytes, options.message).is_ok();
    let message = if is_compressed {
        format!("{name} is compressed, although it travelled in a form")
    } else {
        format!("{name} is base64 of something that is no XML")
    };
    Remark::new(&BIND_ENCODING, Weight::Malformed, message)
        .why("the POST binding has base64 of the XML itself, and its readers take nothing else")
}

/// The only encoding that the Redirect binding has (saml-bindings-2.0-os section 3.4.4.1).
const DEFLATE_URI: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";
