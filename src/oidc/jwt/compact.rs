//! The compact forms (RFC 7515 section 7.1, RFC 7516 section 7.1).

use base64::DecodeError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::oidc::cards::jwt as cards;
use crate::rule::Rule;
use crate::verdict::Weight;

/// The parts of a token, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Compact<'t> {
    /// A signed token.
    Signed(Signed<'t>),
    /// An encrypted token.
    Encrypted(Encrypted<'t>),
}

/// A signed token (JWS).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signed<'t> {
    /// The header.
    pub(super) header: Vec<u8>,
    /// The claims.
    pub(super) payload: Vec<u8>,
    /// The signature.
    pub(super) signature: Vec<u8>,
    /// What is signed: the characters as they came.
    pub(super) input: &'t str,
}

/// An encrypted token (JWE).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Encrypted<'t> {
    /// The header.
    pub(super) header: Vec<u8>,
    /// The header as it came, which the tag covers.
    pub(super) beside: &'t str,
    /// The wrapped key of the content.
    pub(super) key: Vec<u8>,
    /// The initial value.
    pub(super) initial: Vec<u8>,
    /// The encrypted content.
    pub(super) text: Vec<u8>,
    /// The tag.
    pub(super) tag: Vec<u8>,
}

/// Why a text is no token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoToken {
    /// What is wrong.
    pub(super) message: String,
    /// What to do; none where nobody can say.
    pub(super) remedy: Option<&'static str>,
    /// Whether a ceiling was reached.
    pub(super) is_limit: bool,
}

impl NoToken {
    fn malformed(message: impl Into<String>) -> Self {
        Self { message: message.into(), remedy: None, is_limit: false }
    }

    /// The rule that it falls under.
    pub(super) fn rule(&self) -> &'static Rule {
        if self.is_limit { &cards::SIZE } else { &cards::STRUCTURE }
    }

    /// What it does to the verdict.
    pub(super) fn weight(&self) -> Weight {
        if self.is_limit { Weight::Limit } else { Weight::Malformed }
    }
}

/// Takes a token apart. Dots are counted before anything is split, so that a text of dots costs
/// nothing.
pub(super) fn read(text: &str) -> Result<Compact<'_>, NoToken> {
    if text.len() > LARGEST {
        let message = format!("the token has {} bytes, and {LARGEST} are read", text.len());
        return Err(NoToken { message, remedy: None, is_limit: true });
    }
    if text.is_empty() {
        return Err(NoToken::malformed("there is no token"));
    }
    let dots = text.bytes().filter(|byte| *byte == b'.').count();
    let mut parts = text.split('.');
    let mut part = || parts.next().unwrap_or_default();
    let header = part();
    if matches!(dots, 2 | 4) && header.len() > LARGEST_HEADER {
        let message =
            format!("the header has {} characters, and {LARGEST_HEADER} are read", header.len());
        return Err(NoToken { message, remedy: None, is_limit: true });
    }
    match dots {
        2 => {
            let (payload, signature) = (part(), part());
            if header.is_empty() || payload.is_empty() {
                return Err(NoToken::malformed("header or claims are empty"));
            }
            Ok(Compact::Signed(Signed {
                header: decoded(header, "header")?,
                payload: decoded(payload, "part with the claims")?,
                signature: decoded(signature, "signature")?,
                input: &text[..header.len() + 1 + payload.len()],
            }))
        }
        4 => {
            let (key, initial, content, tag) = (part(), part(), part(), part());
            if header.is_empty() || content.is_empty() {
                return Err(NoToken::malformed("header or content are empty"));
            }
            Ok(Compact::Encrypted(Encrypted {
                header: decoded(header, "header")?,
                beside: header,
                key: decoded(key, "encrypted key")?,
                initial: decoded(initial, "initial value")?,
                text: decoded(content, "encrypted content")?,
                tag: decoded(tag, "tag")?,
            }))
        }
        _ => Err(NoToken { remedy: Some(meant(text, dots)), ..NoToken::malformed(count(dots)) }),
    }
}

fn count(dots: usize) -> String {
    let dots = match dots {
        0 => "no dot".to_owned(),
        1 => "one dot".to_owned(),
        dots => format!("{dots} dots"),
    };
    format!("the text has {dots}; a signed token has two, an encrypted one four")
}

/// What somebody may have done who gave a text with so many dots.
fn meant(text: &str, dots: usize) -> &'static str {
    match dots {
        0 | 1 if text.starts_with("eyJ") => "the token is cut off: copy all of it",
        _ if text.contains(char::is_whitespace) => "copy the token alone",
        _ if text.starts_with("eyJ") => "copy the token alone: its parts have dots between them",
        _ => "probably an opaque access token or a code: take id_token of the token response",
    }
}

/// The bytes of a part: base64url without padding, of which each text has one spelling only.
fn decoded(part: &str, name: &str) -> Result<Vec<u8>, NoToken> {
    URL_SAFE_NO_PAD.decode(part).map_err(|error| {
        let is_broken = part.contains(|c: char| c.is_ascii_whitespace());
        let remedy = if is_broken {
            "copy the token alone, without blanks and line breaks"
        } else {
            "copy the token anew, as the token endpoint gave it"
        };
        let what = match error {
            DecodeError::InvalidByte(_, b'=') => "padding (=)".to_owned(),
            DecodeError::InvalidByte(_, b'+' | b'/') => "+ or / of plain base64".to_owned(),
            DecodeError::InvalidByte(_, byte) if byte.is_ascii_whitespace() => {
                "white space or a line break".to_owned()
            }
            DecodeError::InvalidByte(..) => "a character that is none of base64url".to_owned(),
            DecodeError::InvalidLastSymbol { .. } => {
                "bits behind its end that are not zero".to_owned()
            }
            _ if part.contains('=') => "padding (=)".to_owned(),
            _ => "a length that base64url cannot have".to_owned(),
        };
        NoToken { remedy: Some(remedy), ..NoToken::malformed(format!("the {name} has {what}")) }
    })
}

/// The largest token.
const LARGEST: usize = 64 << 10;
/// The largest header, encoded.
const LARGEST_HEADER: usize = 8 << 10;

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn only_two_and_four_dots_make_a_token() {
        for text in ["", "e30", "e30.", "e30.e30", "e30.e30.e30.e30", "a.b.c.d.e.f", "..", "...."] {
            assert!(!read(text).expect_err("none").is_limit, "{text}");
        }
        assert!(read(&".".repeat(60_000)).is_err());
        assert!(read("e30.e30.").is_ok());
    }

    #[test]
    fn each_part_has_one_spelling_only() {
        for text in
            ["e30=.e30.e30", "e3+.e30.e30", "e30.e 30.e30", "e30.e31.e30", "e30.e30.e", "é.e30.e30"]
        {
            assert!(!read(text).expect_err("none").is_limit, "{text}");
        }
    }

    #[test]
    fn large_tokens_and_headers_are_past_a_ceiling() {
        assert!(read(&"a".repeat((64 << 10) + 1)).expect_err("large").is_limit);
        let header = "a".repeat((8 << 10) + 4);
        assert!(read(&format!("{header}.e30.e30")).expect_err("large").is_limit);
    }
}
