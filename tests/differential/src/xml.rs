//! What ssoctl makes of one document: `["hexadecimal bytes", number of an element, "prefix list"]`.
//! The answer is the name of the rule that the document breaks, or its canonical forms: of the whole
//! document, and of that element, each `null` where there is none.

use std::io::BufReader;

use serde_json::{Map, Value as Json, json};
use ssoctl::xml::c14n::{self, Canonicalization, Canonicalizer, Method};
use ssoctl::xml::tree::Document;
use ssoctl::xml::{Limits, Reader, XmlError};

/// The answer to one line.
pub fn answer(row: &Json) -> Json {
    let bytes = from_hex(row[0].as_str().unwrap_or_default());
    let document = match Document::read_bytes(&bytes, LIMITS) {
        Ok(document) => document,
        Err(error) => return json!({"rule": error.rule().name, "error": error.to_string()}),
    };
    let mut elements =
        document.descendants(document.root()).filter(|&id| document.element(id).is_some());
    let number = row[1].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let apex = elements.nth(number);
    let mut forms = Map::new();
    for (name, method) in METHODS {
        for with_comments in [false, true] {
            let how = Canonicalization { method, with_comments, prefixes: Vec::new() };
            let whole = c14n::canonical_document(&document, &how).ok();
            let streamed = [1, 7, 8192].map(|room| streamed(&bytes, &how, room).ok().flatten());
            let agree = streamed.iter().all(|form| *form == whole);
            let again = whole.as_deref().map(|form| again(form, &how));
            let is_stable = again.is_none_or(|again| again == whole);
            let how = how.with_prefix_list(row[2].as_str().unwrap_or_default());
            let part = apex.and_then(|apex| c14n::canonical(&document, apex, None, &how).ok());
            let form = |form: Option<Vec<u8>>| form.map(|form| to_hex(&form));
            let answer = json!({"whole": form(whole), "part": form(part), "stream": agree, "stable": is_stable});
            forms.insert(format!("{name}{}", if with_comments { "+" } else { "" }), answer);
        }
    }
    json!({"forms": forms})
}

/// The canonical form of a canonical form.
fn again(form: &[u8], how: &Canonicalization) -> Option<Vec<u8>> {
    c14n::canonical_document(&Document::read_bytes(form, LIMITS).ok()?, how).ok()
}

/// The form that a stream gives which hands out so many bytes at a time; none where there is none.
fn streamed(
    bytes: &[u8],
    how: &Canonicalization,
    room: usize,
) -> Result<Option<Vec<u8>>, XmlError> {
    let mut reader = Reader::of_stream(BufReader::with_capacity(room, bytes), LIMITS)?;
    let mut writer = Canonicalizer::new(how.clone(), Vec::new());
    while let Some(event) = reader.event()? {
        if writer.event(&event).is_err() {
            return Ok(None);
        }
    }
    Ok(writer.finish().ok())
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap_or_default();
    (0..text.len()).step_by(2).map(digits).collect()
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a document may have that is compared.
const LIMITS: Limits = Limits { depth: 200, attributes: 200, ..Limits::MESSAGE };
/// The methods by the names that the script knows.
const METHODS: [(&str, Method); 3] =
    [("c14n", Method::Inclusive10), ("exc", Method::Exclusive), ("c14n11", Method::Inclusive11)];
