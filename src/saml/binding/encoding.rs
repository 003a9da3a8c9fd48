//! Base64, percent-encoding and DEFLATE, each by the letter and under a ceiling.

use base64::engine::general_purpose::STANDARD;
use base64::{DecodeError, Engine as _};
use flate2::{Decompress, FlushDecompress, Status};

use crate::saml::binding::Remark;
use crate::saml::cards::bind::{
    BIND_BASE64, BIND_ENCODING, BIND_INFLATE_LIMIT, BIND_INFLATE_TRAILING,
};
use crate::verdict::Weight;

/// The bytes of base64: white space is allowed, everything else has to be as RFC 4648 section 4
/// writes it.
pub(super) fn base64(text: &str) -> Result<Vec<u8>, Remark> {
    let dense: String = text.split_ascii_whitespace().collect();
    let decoded = STANDARD.decode(&dense);
    let is_markup = |bytes: &[u8]| bytes.starts_with(b"<") && std::str::from_utf8(bytes).is_ok();
    if !decoded.as_ref().is_ok_and(|bytes| is_markup(bytes))
        && let Some(blanks) = blanks_for_plus(text, is_markup)
    {
        let message = format!("blanks stand where + was in the base64, {blanks} in all");
        return Err(Remark::new(&BIND_BASE64, Weight::Malformed, message)
            .why("+ stands for a blank in a form, so it has to be written %2B there")
            .remedy("copy the value as it was sent, from the HAR or the form, with every +"));
    }
    decoded.map_err(|error| {
        let remark = Remark::new(&BIND_BASE64, Weight::Malformed, base64_message(&error, &dense));
        remark.remedy(base64_remedy(&error, &dense))
    })
}

/// Whether a text looks like base64 that somebody meant as such, soundly written or not.
pub(super) fn looks_like_base64(text: &str) -> bool {
    let count = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=-_%".contains(byte);
    let fitting = text.bytes().filter(fits).count();
    let longest = text.split_ascii_whitespace().map(str::len).max().unwrap_or(0);
    longest >= SHORTEST_LINE && fitting * 50 >= count * 49
}

fn base64_message(error: &DecodeError, dense: &str) -> String {
    match error {
        DecodeError::InvalidByte(at, b'-' | b'_') => {
            format!("the base64 uses the URL-safe alphabet (at character {})", at + 1)
        }
        DecodeError::InvalidByte(at, b'=') => {
            format!("the base64 goes on after its padding (at character {})", at + 1)
        }
        DecodeError::InvalidByte(at, _) => {
            let found = dense.get(*at..).and_then(|rest| rest.chars().next());
            let found = found.map_or_else(String::new, |c| format!("{c:?} "));
            format!("{found}at character {} is not base64", at + 1)
        }
        DecodeError::InvalidLastSymbol { .. } => {
            "the last character of the base64 carries bits that belong to nothing".to_owned()
        }
        DecodeError::InvalidLength(_) | DecodeError::InvalidPadding => {
            format!(
                "the base64 is cut short: {} characters are no whole number of fours",
                dense.len()
            )
        }
    }
}

/// How many blanks stand where plus signs were, if with those it decodes to what is wanted.
fn blanks_for_plus(text: &str, is_wanted: impl Fn(&[u8]) -> bool) -> Option<usize> {
    let mut lines: String = text.trim().split(['\r', '\n']).map(str::trim).collect();
    // A blank at the end is one that nobody copies.
    if lines.contains(' ') && lines.len() % 4 == 3 {
        lines.push(' ');
    }
    let count = lines.matches(' ').count();
    let decoded = STANDARD.decode(lines.replace(' ', "+")).ok().filter(|_| count > 0)?;
    is_wanted(&decoded).then_some(count)
}

fn base64_remedy(error: &DecodeError, dense: &str) -> &'static str {
    match error {
        DecodeError::InvalidByte(_, b'-' | b'_') => {
            "SAML uses + and / where this has - and _; find out what translated it on the way"
        }
        DecodeError::InvalidLength(_) | DecodeError::InvalidPadding
            if (4094..=4096).contains(&dense.len()) =>
        {
            "a line on a terminal holds 4,095 characters: paste into a file, and name that file"
        }
        _ => "copy the whole value again, from the first character to the last",
    }
}

/// A text without its percent-encoding; with `plus_is_space`, as forms write it.
pub(super) fn percent_decoded(text: &str, plus_is_space: bool) -> Result<String, Remark> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'%' => {
                let digits = bytes.get(at..at + 2).and_then(|pair| std::str::from_utf8(pair).ok());
                let is_pair =
                    digits.is_some_and(|pair| pair.bytes().all(|b| b.is_ascii_hexdigit()));
                let value =
                    digits.filter(|_| is_pair).and_then(|pair| u8::from_str_radix(pair, 16).ok());
                decoded.push(value.ok_or_else(|| bad_percent(at))?);
                at += 2;
            }
            b'+' if plus_is_space => decoded.push(b' '),
            byte => decoded.push(byte),
        }
    }
    String::from_utf8(decoded).map_err(|_| {
        let message = "the percent-encoding does not come out as UTF-8";
        Remark::new(&BIND_ENCODING, Weight::Malformed, message)
    })
}

fn bad_percent(at: usize) -> Remark {
    let message = format!("a percent sign at character {at} is not followed by two hex digits");
    Remark::new(&BIND_ENCODING, Weight::Malformed, message)
        .remedy("copy the value again as it stands in the address or the form body")
}

/// A text percent-encoded anew: with hex digits of a case, and a space as plus or as `%20`.
pub(super) fn percent_encoded(text: &str, is_upper: bool, space_is_plus: bool) -> String {
    let digits: &[u8; 16] = if is_upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    let digit = |n: u8| char::from(digits[usize::from(n & 15)]);
    let mut encoded = String::with_capacity(text.len() * 3 / 2);
    for byte in text.bytes() {
        match byte {
            b' ' if space_is_plus => encoded.push('+'),
            b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            byte => encoded.extend(['%', digit(byte >> 4), digit(byte)]),
        }
    }
    encoded
}

/// What a raw DEFLATE stream holds, as the Redirect binding has it: nothing around the stream, and
/// never more than the ceiling.
pub(super) fn inflated(bytes: &[u8], most: usize) -> Result<Vec<u8>, Remark> {
    match inflate(bytes, most, false) {
        Err(Trouble::Broken) if has_zlib_header(bytes) && inflate(bytes, most, true).is_ok() => {
            let message = "the compressed message has a zlib header around it";
            Err(Remark::new(&BIND_INFLATE_TRAILING, Weight::Malformed, message)
                .why("the Redirect binding has the bare DEFLATE stream, and most readers take nothing else"))
        }
        Err(trouble) => Err(trouble.remark()),
        Ok(inflated) => Ok(inflated),
    }
}

/// Why a stream could not be inflated.
enum Trouble {
    /// It is no such stream, or it breaks off.
    Broken,
    /// It holds more than the ceiling.
    Large,
    /// Something follows behind its end.
    Trailing(usize),
}

impl Trouble {
    fn remark(&self) -> Remark {
        match self {
            Self::Broken => {
                let message = "the value is neither XML nor a whole DEFLATE stream";
                Remark::new(&BIND_ENCODING, Weight::Malformed, message)
                    .remedy("copy the whole value again, from the first character to the last")
            }
            Self::Large => {
                let message = "the compressed message holds far more than it weighs";
                Remark::new(&BIND_INFLATE_LIMIT, Weight::Limit, message)
                    .why("a message is a few kilobytes; one that grows without end only wears its reader down")
            }
            Self::Trailing(count) => {
                let message =
                    format!("{count} bytes follow behind the end of the compressed message");
                Remark::new(&BIND_INFLATE_TRAILING, Weight::Malformed, message)
                    .why("readers differ in what they make of them")
            }
        }
    }
}

fn inflate(bytes: &[u8], most: usize, has_header: bool) -> Result<Vec<u8>, Trouble> {
    let mut stream = Decompress::new(has_header);
    let mut inflated = Vec::new();
    let mut chunk = [0_u8; CHUNK];
    let mut at = 0;
    loop {
        let (read, written) = (stream.total_in(), stream.total_out());
        let rest = bytes.get(at..).unwrap_or_default();
        let status = stream.decompress(rest, &mut chunk, FlushDecompress::None);
        let status = status.map_err(|_| Trouble::Broken)?;
        let made = usize::try_from(stream.total_out() - written).map_err(|_| Trouble::Large)?;
        at += usize::try_from(stream.total_in() - read).map_err(|_| Trouble::Large)?;
        inflated.extend_from_slice(&chunk[..made.min(CHUNK)]);
        let is_bloated = inflated.len() > FREE && inflated.len() / MOST_RATIO > at;
        if inflated.len() > most || is_bloated {
            return Err(Trouble::Large);
        }
        match status {
            Status::StreamEnd if at < bytes.len() => {
                return Err(Trouble::Trailing(bytes.len() - at));
            }
            Status::StreamEnd => return Ok(inflated),
            Status::Ok if made > 0 || at < bytes.len() => {}
            Status::BufError | Status::Ok => return Err(Trouble::Broken),
        }
    }
}

/// Whether the bytes begin with a zlib header (RFC 1950 section 2.2).
fn has_zlib_header(bytes: &[u8]) -> bool {
    let [first, second, ..] = bytes else { return false };
    first & 15 == 8 && first >> 4 <= 7 && (u32::from(*first) * 256 + u32::from(*second)) % 31 == 0
}

const CHUNK: usize = 16 << 10;
/// What may be inflated before the ratio counts.
const FREE: usize = 64 << 10;
/// Honest XML shrinks to a tenth, hardly ever to a fiftieth.
const MOST_RATIO: usize = 100;
/// A line that is shorter may be anything.
const SHORTEST_LINE: usize = 24;
