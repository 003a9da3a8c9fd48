//! Values of the simple types (XML Schema part 2).

use crate::saml::schema::uri;

/// A simple type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Simple {
    /// A URI reference of at most so many characters.
    AnyUri(usize),
    /// URI references with space between them.
    AnyUriList,
    Base64,
    Boolean,
    DateTime,
    /// A date and time with no space before it.
    PromptDateTime,
    /// A number with a fraction or not.
    Decimal,
    Duration,
    /// A number with an exponent or not, or none at all.
    Float,
    Hexadecimal,
    /// A name that is unique in the document.
    Id,
    /// A whole number, no less and no more than this.
    Integer(Option<i128>, Option<i128>),
    /// Base64 in which characters that it does not have count for nothing.
    LooseBase64,
    Language,
    /// A language, or nothing.
    LanguageOrNothing,
    NcName,
    /// A part of a date: what it begins with beside the date that it leaves off, and the end of that
    /// date.
    PartOfDate(&'static str, &'static str),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// One of these words, with space around it or not.
    OneWordOf(&'static [&'static str]),
    Text,
    Time,
}

impl Simple {
    /// Types by their names in the tables.
    pub(super) const NAMED: &'static [(&'static str, Self)] = &[
        ("xs:string", Self::Text),
        ("xs:anyURI", Self::AnyUri(usize::MAX)),
        ("xs:base64Binary", Self::Base64),
        ("xs:hexBinary", Self::Hexadecimal),
        ("xs:boolean", Self::Boolean),
        ("xs:dateTime", Self::DateTime),
        ("xs:duration", Self::Duration),
        ("xs:ID", Self::Id),
        ("xs:NCName", Self::NcName),
        ("xs:language", Self::Language),
        ("xs:integer", Self::Integer(None, None)),
        ("xs:positiveInteger", Self::Integer(Some(1), None)),
        ("xs:nonNegativeInteger", Self::Integer(Some(0), None)),
        ("xs:unsignedShort", Self::Integer(Some(0), Some(65_535))),
        ("xs:nonPositiveInteger", Self::Integer(None, Some(0))),
        ("xs:negativeInteger", Self::Integer(None, Some(-1))),
        (
            "xs:long",
            Self::Integer(Some(-9_223_372_036_854_775_808), Some(9_223_372_036_854_775_807)),
        ),
        ("xs:int", Self::Integer(Some(-2_147_483_648), Some(2_147_483_647))),
        ("xs:short", Self::Integer(Some(-32_768), Some(32_767))),
        ("xs:byte", Self::Integer(Some(-128), Some(127))),
        ("xs:unsignedLong", Self::Integer(Some(0), Some(18_446_744_073_709_551_615))),
        ("xs:unsignedInt", Self::Integer(Some(0), Some(4_294_967_295))),
        ("xs:unsignedByte", Self::Integer(Some(0), Some(255))),
        ("xs:decimal", Self::Decimal),
        ("xs:float", Self::Float),
        ("xs:double", Self::Float),
        ("xs:date", Self::PartOfDate("", "")),
        ("xs:gYear", Self::PartOfDate("", "-01-01")),
        ("xs:gYearMonth", Self::PartOfDate("", "-01")),
        ("xs:gMonth", Self::PartOfDate("-", "-01")),
        ("xs:gMonthDay", Self::PartOfDate("-", "")),
        ("xs:gDay", Self::PartOfDate("--", "")),
        ("xs:time", Self::Time),
        ("xs:normalizedString", Self::Text),
        ("xs:token", Self::Text),
        ("xs:anySimpleType", Self::Text),
        ("xs:IDREF", Self::NcName),
        ("xml:lang", Self::LanguageOrNothing),
        ("xml:space", Self::OneWordOf(&["default", "preserve"])),
        ("md:entityIDType", Self::AnyUri(1024)),
        ("md:anyURIListType", Self::AnyUriList),
        ("md:KeyTypes", Self::OneOf(&["encryption", "signing"])),
        ("md:ContactTypeType", Self::OneOf(CONTACTS)),
        ("samlp:AuthnContextComparisonType", Self::OneOf(COMPARISONS)),
        ("saml:DecisionType", Self::OneOf(&["Permit", "Deny", "Indeterminate"])),
    ];

    /// The type of that name.
    pub(super) fn named(name: &str) -> Self {
        let found = Self::NAMED.iter().find(|(known, _)| *known == name);
        found.map_or_else(|| panic!("bug: no simple type is named {name}"), |(_, simple)| *simple)
    }

    /// Whether it lets in every text.
    pub(super) fn is_text(self) -> bool {
        self == Self::Text
    }

    /// Whether a text is a value of it.
    pub(super) fn lets_in(self, text: &str) -> bool {
        let trimmed = text.trim_matches(is_space);
        match self {
            Self::AnyUri(most) => {
                uri::is_reference(&collapsed(trimmed))
                    && (most == usize::MAX || trimmed.chars().count() <= most)
            }
            Self::AnyUriList => trimmed.split(is_space).all(uri::is_reference),
            Self::Base64 => is_base64(text),
            Self::LooseBase64 => {
                let counts = |c: &char| c.is_ascii_alphanumeric() || "+/=".contains(*c);
                is_base64(&text.chars().filter(counts).collect::<String>())
            }
            Self::Boolean => matches!(trimmed, "true" | "false" | "1" | "0"),
            Self::DateTime => is_date_time(trimmed),
            Self::PromptDateTime => !text.starts_with(is_space) && is_date_time(trimmed),
            Self::Decimal => is_decimal(trimmed),
            Self::Duration => is_duration(trimmed),
            Self::Float => is_float(trimmed),
            Self::PartOfDate(begin, end) => is_part_of_date(trimmed, begin, end),
            Self::Time => is_time(trimmed),
            Self::Hexadecimal => {
                trimmed.len().is_multiple_of(2) && trimmed.bytes().all(|b| b.is_ascii_hexdigit())
            }
            Self::Id | Self::NcName => crate::xml::is_name(trimmed),
            Self::Integer(least, most) => is_integer(trimmed, least, most),
            Self::Language => is_language(trimmed),
            Self::LanguageOrNothing => text.is_empty() || is_language(trimmed),
            Self::OneOf(words) => words.contains(&text),
            Self::OneWordOf(words) => words.contains(&trimmed),
            Self::Text => true,
        }
    }

    /// What a value of it is, in words.
    pub(super) fn words(self) -> String {
        match self {
            Self::AnyUri(usize::MAX) => "a URI".to_owned(),
            Self::AnyUri(most) => format!("a URI of at most {most} characters"),
            Self::AnyUriList => "URIs with a space between them".to_owned(),
            Self::Base64 | Self::LooseBase64 => "base64".to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::DateTime | Self::PromptDateTime => {
                "an instant such as 2027-01-31T12:00:00Z".to_owned()
            }
            Self::Duration => "a duration such as PT6H or P7D".to_owned(),
            Self::Decimal | Self::Float => "a number".to_owned(),
            Self::PartOfDate(..) => "a date".to_owned(),
            Self::Time => "a time".to_owned(),
            Self::Hexadecimal => "hexadecimal digits".to_owned(),
            Self::Id => "a name that begins with a letter or _".to_owned(),
            Self::Integer(Some(least), Some(most)) => {
                format!("a whole number from {least} to {most}")
            }
            Self::Integer(Some(least), None) => format!("a whole number from {least} on"),
            Self::Integer(..) => "a whole number".to_owned(),
            Self::Language | Self::LanguageOrNothing => "a language such as en or pt-BR".to_owned(),
            Self::NcName => "a name without a colon".to_owned(),
            Self::OneOf(words) | Self::OneWordOf(words) => words.join(" or "),
            Self::Text => "text".to_owned(),
        }
    }
}

/// White space in the sense of XML.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// With single spaces inside, as `whiteSpace` `collapse` has it.
fn collapsed(trimmed: &str) -> std::borrow::Cow<'_, str> {
    if !trimmed.contains(is_space) {
        return trimmed.into();
    }
    let words: Vec<&str> = trimmed.split(is_space).filter(|word| !word.is_empty()).collect();
    words.join(" ").into()
}

fn is_integer(text: &str, least: Option<i128>, most: Option<i128>) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let significant = digits.trim_start_matches('0');
    let Ok(size) = format!("0{significant}").parse::<i128>() else {
        // A number of any length.
        return most.is_none() && (least.is_none() || !text.starts_with('-'));
    };
    let number = if text.starts_with('-') { -size } else { size };
    least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most)
}

fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    is_digits(whole) && is_digits(fraction) && !(whole.is_empty() && fraction.is_empty())
}

fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    matches!(text, "INF" | "-INF" | "NaN")
        || is_decimal(mantissa) && is_integer(exponent, None, None)
}

fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let fits = |part: &str| (1..=8).contains(&part.len());
    parts.next().is_some_and(|first| fits(first) && first.bytes().all(|b| b.is_ascii_alphabetic()))
        && parts.all(|part| fits(part) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Base64 with any white space in it, whole and with nothing behind its padding.
fn is_base64(text: &str) -> bool {
    let (body, padding) = match text.find('=') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let count = count_of(body.as_bytes(), is_digit_byte);
    let spaces = count_of(body.as_bytes(), is_space_byte);
    if count + spaces != body.len() || !padding.bytes().all(|b| b == b'=' || is_space_byte(b)) {
        return false;
    }
    let last = || body.bytes().rev().find(|&b| !is_space_byte(b)).unwrap_or_default();
    match (count % 4, padding.bytes().filter(|&b| b == b'=').count()) {
        (0, 0) => true,
        (2, 2) => b"AQgw".contains(&last()),
        (3, 1) => b"AEIMQUYcgkosw048".contains(&last()),
        _ => false,
    }
}

fn is_space_byte(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn is_digit_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// How many bytes are such, counted in runs short enough for a byte to hold the number.
fn count_of(bytes: &[u8], is_one: impl Fn(u8) -> bool) -> usize {
    let run = |run: &[u8]| usize::from(run.iter().map(|&b| u8::from(is_one(b))).sum::<u8>());
    bytes.chunks(usize::from(u8::MAX)).map(run).sum()
}

/// A date and a time (XML Schema part 2, section 3.2.7).
fn is_date_time(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let Some((date, time)) = unsigned.split_once('T') else { return false };
    let mut date = date.split('-');
    let (Some(year), Some(month), Some(day), None) =
        (date.next(), date.next(), date.next(), date.next())
    else {
        return false;
    };
    let is_year = year.len() >= 4
        && year.len() <= 9
        && (year.len() == 4 || !year.starts_with('0'))
        && number(year, year.len()).is_some_and(|year| year != 0);
    let (Some(month), Some(day)) = (number(month, 2), number(day, 2)) else { return false };
    is_year
        && (1..=12).contains(&month)
        && (1..=days(number(year, year.len()).unwrap_or(0), month)).contains(&day)
        && is_time(time)
}

/// A part of a date, told from a whole one by what is put around it.
fn is_part_of_date(text: &str, begin: &str, end: &str) -> bool {
    let is_zoned = text.len() > 6 && text.is_char_boundary(text.len() - 6);
    let zone = match text.strip_suffix('Z') {
        Some(_) => "Z",
        None if is_zoned && text.ends_with(|c: char| c.is_ascii_digit()) => {
            Some(&text[text.len() - 6..]).filter(|zone| is_zone(zone)).unwrap_or("")
        }
        None => "",
    };
    let rest = &text[..text.len() - zone.len()];
    let before = match begin {
        "" => "",
        "-" => "2000",
        _ => "2000-01",
    };
    let Some(rest) = rest.strip_prefix(begin) else { return false };
    (before.is_empty() || rest.starts_with('-'))
        && is_date_time(&format!("{before}{rest}{end}T00:00:00{zone}"))
}

fn is_time(text: &str) -> bool {
    let end = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (time, zone) = text.split_at(end);
    let mut parts = time.split(':');
    let (Some(hour), Some(minute), Some(second), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (second, fraction) = match second.split_once('.') {
        Some((second, fraction)) => (second, Some(fraction)),
        None => (second, None),
    };
    let is_fraction = |fraction: &str| !fraction.is_empty() && is_digits(fraction);
    if !fraction.is_none_or(is_fraction) || !is_zone(zone) {
        return false;
    }
    match (number(hour, 2), number(minute, 2), number(second, 2)) {
        (Some(24), Some(0), Some(0)) => {
            fraction.is_none_or(|fraction| fraction.bytes().all(|b| b == b'0'))
        }
        (Some(0..=23), Some(0..=59), Some(0..=59)) => true,
        _ => false,
    }
}

fn is_zone(text: &str) -> bool {
    if matches!(text, "" | "Z") {
        return true;
    }
    let Some((hour, minute)) = text.strip_prefix(['+', '-']).and_then(|zone| zone.split_once(':'))
    else {
        return false;
    };
    matches!(
        (number(hour, 2), number(minute, 2)),
        (Some(0..=13), Some(0..=59)) | (Some(14), Some(0))
    )
}

/// The days of a month.
fn days(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A number of exactly so many digits.
fn number(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits && is_digits(text)).then(|| text.parse().ok())?
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// A duration (XML Schema part 2, section 3.2.6).
fn is_duration(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let Some(rest) = unsigned.strip_prefix('P') else { return false };
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let Some(of_date) = parts_of_duration(date, "YMD", false) else { return false };
    match time {
        Some(time) => parts_of_duration(time, "HMS", true).is_some_and(|count| count > 0),
        None => of_date > 0,
    }
}

/// How many parts there are, if each has its number and its letter in order.
fn parts_of_duration(text: &str, mut letters: &str, has_fraction: bool) -> Option<usize> {
    let (mut rest, mut count) = (text, 0);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, behind) = rest.split_at(end);
        let letter = behind.chars().next()?;
        let at = letters.find(letter)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let may_be_fraction = has_fraction && letter == 'S' || !number.contains('.');
        if !is_digits(whole) || whole.is_empty() || !is_digits(fraction) || fraction.is_empty() {
            return None;
        }
        if !may_be_fraction {
            return None;
        }
        letters = &letters[at + 1..];
        rest = &behind[1..];
        count += 1;
    }
    Some(count)
}

/// Whom a contact is for (saml-metadata-2.0-os section 2.3.2.2).
const CONTACTS: &[&str] = &["technical", "support", "administrative", "billing", "other"];
/// How strong a login has to be (saml-core-2.0-os section 3.3.2.2.1).
const COMPARISONS: &[&str] = &["exact", "minimum", "maximum", "better"];
