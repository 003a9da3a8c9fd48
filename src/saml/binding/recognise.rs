//! What an input is, and the message in it.

use std::io::{self, BufRead, Read as _};

use crate::saml::binding::encoding::{looks_like_base64, percent_decoded};
use crate::saml::binding::field::{self, Carrier};
use crate::saml::binding::parameters::Parameters;
use crate::saml::binding::{
    Foreign, Layer, Options, Outline, Parameter, Received, Remark, Unreadable, capture, mail, page,
};
use crate::saml::cards::bind::BIND_DUPLICATE_PARAM;
use crate::syntax::nature::Nature;
use crate::verdict::Weight;

type Found = Option<Result<Received, Unreadable>>;

/// The message in an input that is read as far as it has to be.
pub fn read_from(
    from: &mut dyn BufRead,
    options: &Options<'_>,
) -> io::Result<Result<Received, Unreadable>> {
    let most = options.message.saturating_mul(4).min(options.bytes);
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    // White space before a message belongs to it.
    loop {
        let chunk = from.fill_buf()?;
        let blank = chunk.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let is_blank = blank == chunk.len() && blank > 0 && bytes.len() <= most;
        if matches!(chunk.get(blank), Some(b'{' | b'[')) {
            return capture::read(from, options);
        }
        bytes.extend_from_slice(&chunk[..blank]);
        from.consume(blank);
        if !is_blank {
            break;
        }
    }
    let taken = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    from.take(limit.saturating_sub(taken)).read_to_end(&mut bytes)?;
    Ok(of_bytes(&bytes, most, options))
}

/// The message in an input. Its size is looked at before anything else.
pub fn read(bytes: &[u8], options: &Options<'_>) -> Result<Received, Unreadable> {
    read_from(&mut &bytes[..], options)
        .unwrap_or_else(|_| Err(Foreign::new("an input that ends early", "save it again").into()))
}

fn of_bytes(bytes: &[u8], most: usize, options: &Options<'_>) -> Result<Received, Unreadable> {
    if bytes.len() > most {
        return Err(capture::too_large(most).into());
    }
    let (text, is_utf16) = text(bytes)?;
    let body = text.trim_start_matches('\u{feff}').trim();
    let quoted = mail::unquoted(body);
    let outer: &[Layer] = if quoted.is_some() { &[Layer::Mail] } else { &[] };
    let body = quoted.as_deref().map_or(body, str::trim);
    let found = FORMS.iter().find_map(|form| form(body, options));
    let found = found.unwrap_or_else(|| Err(foreign_text(body, options).into()));
    let mut received = wrapped(found, outer)?;
    if is_utf16 {
        received.layers.insert(0, Layer::Utf16);
    }
    // A document is read as it stands, byte order mark and all.
    if received.layers.is_empty() {
        received.xml = text;
    }
    Ok(received)
}

/// The text of an input, and whether it was UTF-16, which some shells write. XML in UTF-16 is not
/// translated: what was signed has to be read as it is.
fn text(bytes: &[u8]) -> Result<(String, bool), Unreadable> {
    let is_little = bytes.starts_with(b"\xff\xfe");
    if is_little || bytes.starts_with(b"\xfe\xff") {
        let pairs = bytes[2..].chunks_exact(2);
        let unit = |pair: &[u8]| {
            let pair = [pair[0], pair[1]];
            if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
        };
        let text = String::from_utf16(&pairs.map(unit).collect::<Vec<_>>());
        let text = text.ok().filter(|text| !text.trim_start().starts_with('<'));
        return text.map(|text| (text, true)).ok_or_else(|| {
            let hint = "save it as UTF-8, or give the base64 that was sent";
            Foreign::new("a file in UTF-16", hint).into()
        });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), false)),
        Err(_) if field::is_xml(bytes) => {
            Err(Foreign::new("XML that is not UTF-8", "save it as UTF-8").into())
        }
        Err(_) => {
            let hint = "a message is text: XML, base64, an address, a form, or a recording (HAR)";
            Err(Foreign::new("a binary file", hint).into())
        }
    }
}

/// What an input can be; the first that it is counts.
const FORMS: [fn(&str, &Options<'_>) -> Found; 10] =
    [nothing, markup, recording, pem, address, parameters, embedded, listed, mailed, encoded];

fn nothing(text: &str, _: &Options<'_>) -> Found {
    let hint = "give a SAML message: XML, base64, an address, a form, or a recording (HAR)";
    text.is_empty().then(|| Err(Foreign::new("empty", hint).into()))
}

fn markup(text: &str, options: &Options<'_>) -> Found {
    if !text.starts_with('<') {
        return None;
    }
    let outline = Outline::of(text);
    if outline.is_message() {
        return Some(field::received(text.as_bytes(), Vec::new(), options));
    }
    if let Some(fields) = page::fields(text) {
        return of_parameters(&fields, Carrier::Form, &[Layer::Page], options);
    }
    if Nature::of(text) == Nature::Html {
        let hint = "no form in it carries a message: save the page that posts to the application, \
                    or record the login (HAR)";
        return Some(Err(Foreign::new("a web page (HTML)", hint).into()));
    }
    let foreign = FOREIGN_ROOTS.iter().find(|(kind, _, _)| *kind == outline.kind);
    if let Some((_, what, hint)) = foreign {
        let hint = hint.replace("FILE", options.name);
        return Some(Err(Foreign::new(*what, hint).into()));
    }
    if text.contains(SAML) {
        return Some(field::received(text.as_bytes(), Vec::new(), options));
    }
    let what = match outline.kind.as_str() {
        "XML" => "XML that cannot be read, with nothing of SAML in it".to_owned(),
        kind => format!("XML, but no SAML message: its root is {kind}"),
    };
    Some(Err(
        Foreign::new(what, "a message is a Response, Assertion, AuthnRequest or Logout").into()
    ))
}

fn recording(text: &str, options: &Options<'_>) -> Found {
    let own = behind_comments(text);
    // The first section of a settings file opens with a bracket as well.
    let is_settings =
        own.len() < text.len() && !own.trim_start_matches('[').trim_start().starts_with('{');
    let is_recording = own.starts_with(['{', '[']) && !is_settings;
    is_recording.then(|| read(own.as_bytes(), options))
}

/// A text without the lines of comment that somebody wrote before it.
fn behind_comments(text: &str) -> &str {
    let mut rest = text;
    while rest.starts_with("//") || rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, behind)| behind.trim_start());
    }
    rest
}

fn pem(text: &str, _: &Options<'_>) -> Found {
    let hint = "certificates go to --cert and keys to --key; the message itself is still missing";
    let is_pem = Nature::of(text) == Nature::Pem;
    is_pem.then(|| Err(Foreign::new("a certificate or key (PEM)", hint).into()))
}

fn address(text: &str, options: &Options<'_>) -> Found {
    let is_address = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
    if !is_address {
        return None;
    }
    let dense: String = text.split(['\r', '\n']).map(str::trim).collect();
    let (_, query) = dense.split_once('?').unwrap_or_default();
    let query = query.split('#').next().unwrap_or_default();
    let parameters = Parameters::split(query);
    of_parameters(&parameters, Carrier::Query, &[], options).or_else(|| {
        let hint = format!("to look at what stands there: ssoctl check {}", "URL");
        Some(Err(Foreign::new("an address that carries no SAML message", hint).into()))
    })
}

/// A form body or a query with nothing around it.
fn parameters(text: &str, options: &Options<'_>) -> Found {
    let (name, _) = text.split_once('=')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "?_-.%".contains(c);
    if !name.chars().all(is_name) || !has_name(text) {
        return None;
    }
    let dense: String = text.split(['\r', '\n']).map(str::trim).collect();
    let mut parameters = Parameters::split(dense.trim_start_matches('?'));
    parameters.take_unencoded();
    of_parameters(&parameters, Carrier::Unknown, &[], options)
}

/// Parameters in the middle of something: a command that sends them, a line of a protocol.
fn embedded(text: &str, options: &Options<'_>) -> Found {
    let names = Parameter::ALL.iter().map(|parameter| format!("{}=", parameter.name()));
    let at = names.filter_map(|name| text.find(&name)).min()?;
    let is_edge = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '`' | '?' | '^');
    let start = text[..at].rfind(is_edge).map_or(0, |edge| edge + 1);
    let rest = &text[start..];
    let end = rest.find(|c: char| is_edge(c) || c == '#').unwrap_or(rest.len());
    // A command may give its data in pieces, which it joins: a second message is one too many.
    let mut others = Parameter::ALL.iter().map(|parameter| format!("{}=", parameter.name()));
    if let Some(name) = others.find(|name| text[start + end..].contains(name.as_str())) {
        let message =
            format!("{} comes again behind the first message", name.trim_end_matches('='));
        let remark = Remark::new(&BIND_DUPLICATE_PARAM, Weight::Malformed, message)
            .why("the application reads one of the two, and which is not known");
        return Some(Err(Unreadable::from(remark).inside(&[Layer::Command])));
    }
    let is_query = text[..start].ends_with('?');
    let carrier = if is_query { Carrier::Query } else { Carrier::Form };
    let mut parameters = Parameters::split(&rest[..end]);
    parameters.take_unencoded();
    of_parameters(&parameters, carrier, &[Layer::Command], options)
}

/// Names and values line by line, as the tools of a browser list them.
fn listed(text: &str, options: &Options<'_>) -> Found {
    let mut fields: Vec<(&str, String)> = Vec::new();
    for line in text.lines().map(str::trim) {
        let name = LISTED.iter().find_map(|name| {
            let rest = line.strip_prefix(name)?;
            let is_name = rest.is_empty() || rest.starts_with([':', '\t', ' ']);
            is_name.then(|| (*name, rest.trim_start_matches(':').trim()))
        });
        match (name, fields.last_mut()) {
            (Some((name, value)), _) => fields.push((name, unquoted(value).to_owned())),
            (None, Some((_, value))) => value.push_str(unquoted(line)),
            (None, None) => {}
        }
    }
    let parameters =
        Parameters::decoded(fields.iter().map(|(name, value)| (*name, value.as_str())));
    of_parameters(&parameters, Carrier::Form, &[Layer::FieldList], options)
}

/// A value in the middle of a mail.
fn mailed(text: &str, options: &Options<'_>) -> Found {
    let (block, rest) = mail::block(text, options.message)?;
    // A reply may quote the same message again.
    if mail::block(&rest, options.message).is_some_and(|(other, _)| other != block) {
        let message = "there are two messages in the text";
        let remark = Remark::new(&BIND_DUPLICATE_PARAM, Weight::Malformed, message)
            .why("which of them is meant is not known")
            .remedy("give one of them");
        return Some(Err(Unreadable::from(remark).inside(&[Layer::Mail])));
    }
    let found = field::of_value(&block, "the value", Carrier::Unknown, options);
    Some(wrapped(found, &[Layer::Mail]))
}

/// A value with nothing around it.
fn encoded(text: &str, options: &Options<'_>) -> Found {
    let text = unquoted(text);
    if is_token(text) || !looks_like_base64(text) {
        return None;
    }
    let value = match percent_decoded(text, false) {
        Ok(value) => value,
        Err(remark) => return Some(Err(remark.into())),
    };
    let outer: &[Layer] = if value == text { &[] } else { &[Layer::Percent] };
    let found = if value.trim_start().starts_with('<') {
        field::received(value.as_bytes(), Vec::new(), options)
    } else {
        field::of_value(&value, "the value", Carrier::Unknown, options)
    };
    Some(wrapped(found, outer))
}

fn of_parameters(
    parameters: &Parameters,
    carrier: Carrier,
    outer: &[Layer],
    options: &Options<'_>,
) -> Found {
    if !parameters.has_message() {
        let artifact = parameters.only("SAMLart").ok()??;
        let hint = "the message itself went from server to server: look into the application's log";
        let what = format!("an artifact ({} characters), not a message", artifact.raw.len());
        return Some(Err(Foreign::new(what, hint).into()));
    }
    let found = field::of_parameters(parameters, carrier, options).transpose()?;
    Some(wrapped(found, outer))
}

fn wrapped(found: Result<Received, Unreadable>, outer: &[Layer]) -> Result<Received, Unreadable> {
    let mut received = found.map_err(|unreadable| unreadable.inside(outer))?;
    received.layers.splice(0..0, outer.iter().copied());
    Ok(received)
}

fn foreign_text(text: &str, options: &Options<'_>) -> Foreign {
    if is_token(text) {
        let hint = format!("try: ssoctl decode-token {}", options.name);
        return Foreign::new("a JSON Web Token", hint);
    }
    let is_settings = text.lines().take(MOST_LINES).any(|line| {
        let line = line.trim_start();
        let name = line.split([':', '=']).next().unwrap_or_default();
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_-. ".contains(c);
        name.len() < line.len() && !name.is_empty() && name.chars().all(is_name)
    });
    if is_settings {
        let hint = format!("try: ssoctl validate {}", options.name);
        return Foreign::new("text with settings, not a SAML message", hint);
    }
    let hint = "a message is XML, base64, an address, a form, or a recording (HAR)";
    Foreign::new("text of another kind, not a SAML message", hint)
}

/// Whether a text is a JSON Web Token in its compact form.
fn is_token(text: &str) -> bool {
    let dots = text.bytes().filter(|byte| *byte == b'.').count();
    text.starts_with("eyJ") && matches!(dots, 2 | 4) && !text.contains(char::is_whitespace)
}

fn has_name(text: &str) -> bool {
    ["SAMLRequest=", "SAMLResponse=", "SAMLart="].iter().any(|name| text.contains(name))
}

fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// What every namespace of SAML begins with.
const SAML: &str = "urn:oasis:names:tc:SAML:";
const MOST_LINES: usize = 50;
/// Names that lists of fields begin their lines with.
const LISTED: [&str; 5] = ["SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature"];
/// Roots of XML that is something else: what it is, and what to do with it.
const FOREIGN_ROOTS: [(&str, &str, &str); 5] = [
    ("EntityDescriptor", "SAML metadata, not a message", "try: ssoctl check FILE"),
    ("EntitiesDescriptor", "SAML metadata, not a message", "try: ssoctl check FILE"),
    (
        "Envelope",
        "a SOAP envelope, which is not opened",
        "put the Response or Assertion inside it into a file of its own",
    ),
    (
        "RequestSecurityTokenResponse",
        "an answer of WS-Federation or WS-Trust, not of SAML",
        "the application has to be registered at the identity provider with the SAML protocol",
    ),
    (
        "RequestSecurityTokenResponseCollection",
        "an answer of WS-Federation or WS-Trust, not of SAML",
        "the application has to be registered at the identity provider with the SAML protocol",
    ),
];
