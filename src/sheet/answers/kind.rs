//! Whether a value is of the kind that is asked for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use url::Url;

use crate::pki::Certificate;
use crate::sheet::WantedKind;

/// What is wrong with a value, and what to write instead.
pub(super) type Fault = (&'static str, &'static str);

impl WantedKind {
    /// What to write, for a person.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Certificate => "a certificate in PEM form, many lines",
            Self::Date => "a day, such as 2027-05-01",
            Self::Text => "one line",
            Self::Url => "a whole address, such as https://idp.acme.test/",
            Self::Xml => "an XML document, many lines",
        }
    }

    /// Whether white space around the value means anything.
    pub(super) fn keeps_space(self) -> bool {
        self == Self::Text
    }

    /// The first thing that is wrong with a value of this kind.
    pub(super) fn fault(self, value: &str) -> Option<Fault> {
        let value = value.trim();
        if value.contains("PRIVATE KEY-----") {
            return Some((
                "holds a private key",
                "take it out, and replace that key: it has to be treated as known to others",
            ));
        }
        match self {
            Self::Certificate => certificate(value),
            Self::Date => date(value),
            Self::Text => value.contains(['\n', '\r']).then_some((
                "has several lines",
                "write one line; a value that goes on needs quotes",
            )),
            Self::Url => address(value),
            Self::Xml => (!value.trim_start_matches('\u{feff}').starts_with('<')).then_some((
                "is no XML document",
                "paste the whole document, from the first < to the last >",
            )),
        }
    }
}

fn date(value: &str) -> Option<Fault> {
    let is_date = value.len() == "2027-05-01".len() && value.parse::<Date>().is_ok();
    (!is_date).then_some(("is no day of the calendar", "write year, month and day: 2027-05-01"))
}

/// Whether it must be https is judged where it is used: a test machine may speak plain http.
fn address(value: &str) -> Option<Fault> {
    let has_space = value.contains(char::is_whitespace);
    let url = Url::parse(value).ok().filter(|url| !has_space && url.has_host());
    match url {
        Some(url) if matches!(url.scheme(), "https" | "http" | "ldaps" | "ldap") => None,
        _ => Some(("is no whole address", "write it from https:// on, as the console shows it")),
    }
}

/// PEM (RFC 7468) or the base64 alone, as some consoles show it.
fn certificate(value: &str) -> Option<Fault> {
    let blocks: Vec<&str> = if value.contains("-----BEGIN") {
        match pem_blocks(value) {
            Ok(blocks) => blocks,
            Err(fault) => return Some(fault),
        }
    } else {
        vec![value]
    };
    let is_certificate = |block: &&str| {
        let base64: String = block.split_whitespace().collect();
        STANDARD.decode(base64).ok().and_then(|der| Certificate::from_der(&der)).is_some()
    };
    (!blocks.iter().all(is_certificate)).then_some((
        "is no readable certificate",
        "export the signing certificate again, in PEM form (base64), and paste all of it",
    ))
}

/// What stands inside each block.
fn pem_blocks(text: &str) -> Result<Vec<&str>, Fault> {
    let mut blocks = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let body = rest.strip_prefix(BEGIN).ok_or((
            "is not a certificate in PEM form",
            "from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, without other text",
        ))?;
        let (block, behind) = body.split_once(END).ok_or((
            "is cut off",
            "paste all of it, the line -----END CERTIFICATE----- included",
        ))?;
        blocks.push(block);
        rest = behind.trim_start();
    }
    Ok(blocks)
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

#[cfg(test)]
mod tests {
    use super::WantedKind;

    #[test]
    fn sound_values_of_each_kind_have_no_fault() {
        for (kind, value) in [
            (WantedKind::Date, "2027-05-01"),
            (WantedKind::Date, "2028-02-29"),
            (WantedKind::Text, " any: #thing \\ 'at' \"all\""),
            (WantedKind::Url, "https://idp.acme.test/realms/a?b=c#d"),
            (WantedKind::Url, "http://127.0.0.1:8080/realms/a"),
            (WantedKind::Url, "ldaps://ldap.acme.test"),
            (WantedKind::Xml, "\u{feff}<?xml version=\"1.0\"?><a/>"),
        ] {
            assert_eq!(kind.fault(value), None, "{value}");
        }
    }

    #[test]
    fn values_of_another_kind_have_one() {
        for (kind, value) in [
            (WantedKind::Date, "2027-02-29"),
            (WantedKind::Date, "20270501"),
            (WantedKind::Date, "1.5.2027"),
            (WantedKind::Date, "2027-05-01T00:00:00"),
            (WantedKind::Text, "one\ntwo"),
            (WantedKind::Url, "idp.acme.test"),
            (WantedKind::Url, "javascript:alert(1)"),
            (WantedKind::Url, "https://idp.acme.test/ and more"),
            (WantedKind::Xml, "{}"),
            (WantedKind::Certificate, "-----BEGIN CERTIFICATE-----\nMIIB"),
            (
                WantedKind::Certificate,
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
            ),
            (WantedKind::Certificate, "/etc/ssl/idp.pem"),
            (WantedKind::Text, "-----BEGIN PRIVATE KEY-----"),
        ] {
            assert!(kind.fault(value).is_some(), "{value}");
        }
    }
}
