//! `yaml-differential dn|filter|messages|metadata|pysaml2|xml LIST`: what ssoctl makes of each line of
//! LIST, a JSON text or row, one JSON line each on standard output.

use std::fs;
use std::io::{self, BufWriter, Write};

use serde_json::{Value as Json, json};
use ssoctl::ldap::dn::Dn;
use ssoctl::ldap::filter::Filter;
use ssoctl::libraries::pysaml2;
use ssoctl::saml::schema::{self, Validator, Vocabulary};
use ssoctl::xml::tree::Document;
use ssoctl::xml::{Limits, Reader, XmlError};

/// How a mode answers one line.
pub type Answer = fn(&Json) -> Json;

/// The answer of a mode that reads lines.
pub fn mode(name: &str) -> Option<Answer> {
    match name {
        "dn" => Some(|text| json!(Dn::parse(text_of(text)).ok().map(|dn| dn.to_string()))),
        "filter" => Some(|text| json!(Filter::parse(text_of(text)).ok().map(|f| f.to_string()))),
        "messages" => Some(|text| {
            let mut pysaml2 = answer(text_of(text), Vocabulary::Pysaml2);
            if let Ok(document) = Document::read(text_of(text), Limits::default()) {
                let more = schema::pysaml2::rewritten(&document);
                let more = more.into_iter().map(|fault| json!(fault.kind.to_string()));
                pysaml2["faults"].as_array_mut().into_iter().for_each(|one| one.extend(more.clone()));
            }
            json!({"python3-saml": answer(text_of(text), Vocabulary::Python3Saml), "pysaml2": pysaml2})
        }),
        "metadata" => Some(|text| answer(text_of(text), Vocabulary::Metadata)),
        "pysaml2" => Some(|row| {
            let (name, format) = (text_of(&row[0]), row[1].as_str());
            json!([pysaml2::delivered(name, format), pysaml2::is_known(name, format)])
        }),
        "xml" => Some(crate::xml::answer),
        _ => None,
    }
}

/// Answers every line of a file.
pub fn run(answer: Answer, list: &str) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in fs::read_to_string(list)?.lines() {
        writeln!(out, "{}", answer(&serde_json::from_str(line)?))?;
    }
    out.flush()
}

fn answer(text: &str, vocabulary: Vocabulary) -> Json {
    match faults(text, vocabulary) {
        Ok(faults) => json!({"faults": faults}),
        Err(error) => json!({"error": error.to_string()}),
    }
}

/// What departs from the schemas in a text.
fn faults(text: &str, vocabulary: Vocabulary) -> Result<Vec<String>, XmlError> {
    let mut reader = Reader::new(text, Limits::default())?;
    let mut validator = Validator::new(vocabulary);
    while let Some(event) = reader.event()? {
        validator.event(&event);
    }
    Ok(validator.faults().iter().map(|fault| fault.kind.to_string()).collect())
}

fn text_of(value: &Json) -> &str {
    value.as_str().unwrap_or_default()
}
