//! The parts of a recording that matter here, kept while the rest passes by: bodies of pages and
//! pictures are most of it.

use std::fmt;
use std::io::{self, BufRead, BufReader};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::saml::binding::capture::entry::{Body, Entry};
use crate::saml::binding::capture::sieve::{Fault, Sieve};
use crate::saml::binding::capture::{has_mark, judge};
use crate::saml::binding::parameters::own;

/// What was kept of a JSON text.
#[derive(Debug, Default)]
pub(super) struct Recording {
    /// The entries of an HTTP Archive, if it is one.
    pub(super) archive: Option<Vec<Kept>>,
    /// The requests of an export of SAML-tracer, if it is one.
    pub(super) traced: Option<Vec<Kept>>,
    /// Names and texts of the object itself that belong to a binding.
    pub(super) fields: Vec<(String, String)>,
    /// Names of the object's members, the first of them.
    pub(super) members: Vec<String>,
    /// The pair that is being read.
    pair: (Option<String>, Option<String>),
    /// The bytes that were kept.
    kept: usize,
}

/// Why a text is no recording.
#[derive(Debug)]
pub(super) enum NoRecording {
    /// It could not be had.
    Io(io::Error),
    /// It is no JSON, as far as it came.
    NoJson(String),
    /// It has more bytes than are read.
    Large,
    /// It has more of what matters than any login has.
    Crowded,
}

/// What is kept of a request and its answer.
#[derive(Debug, Default)]
pub(super) struct Kept {
    method: String,
    url: Option<String>,
    started: Option<String>,
    took: Option<String>,
    status: Option<String>,
    body: Option<String>,
    failure: Option<&'static str>,
    fields: Vec<(String, String)>,
    sent: Vec<(String, String)>,
    answered: Vec<(String, String)>,
    cookies: Vec<String>,
}

impl Recording {
    /// Reads a text of at most so many bytes to its end.
    pub(super) fn read(from: &mut dyn BufRead, most: usize) -> Result<Self, NoRecording> {
        let mut recording = Self::default();
        let mut sieve = Sieve::new(from, most);
        let buffered = BufReader::with_capacity(BUFFER, &mut sieve);
        let mut reader = serde_json::Deserializer::from_reader(buffered);
        let seed = At { spot: Spot::Root, recording: &mut recording };
        let read = seed.deserialize(&mut reader).and_then(|()| reader.end());
        drop(reader);
        match (read, sieve.fault) {
            (Ok(()), _) => Ok(recording),
            (Err(_), Some(Fault::Large)) => Err(NoRecording::Large),
            (Err(_), Some(Fault::Deep)) => {
                Err(NoRecording::NoJson("it is nested too deep".to_owned()))
            }
            (Err(_), None) if recording.kept > MOST_KEPT => Err(NoRecording::Crowded),
            (Err(error), None) if error.is_io() => Err(NoRecording::Io(error.into())),
            (Err(error), None) if error.is_eof() => {
                Err(NoRecording::NoJson("it ends too early".to_owned()))
            }
            (Err(error), None) => {
                Err(NoRecording::NoJson(format!("line {} is none", error.line().max(1))))
            }
        }
    }

    /// The request that is being read.
    fn last(&mut self, is_archive: bool) -> Option<&mut Kept> {
        if is_archive { &mut self.archive } else { &mut self.traced }.as_mut()?.last_mut()
    }

    /// Makes room for something; none where all that is given is used up.
    fn keep<E: Error>(&mut self, bytes: usize) -> Result<(), E> {
        self.kept = self.kept.saturating_add(bytes);
        if self.kept > MOST_KEPT { Err(E::custom("too much")) } else { Ok(()) }
    }

    fn text<E: Error>(&mut self, slot: Slot, text: &str, is_text: bool) -> Result<(), E> {
        let bytes = text.len();
        let taken = |is_kept: bool| (is_text && is_kept).then(|| text.to_owned());
        match slot {
            Slot::Name => self.pair.0 = taken(bytes <= LONGEST_NAME),
            Slot::Value => self.pair.1 = taken(true),
            Slot::Field(name) => {
                self.keep(bytes)?;
                self.fields.retain(|(found, _)| found != name);
                self.fields.extend(taken(true).map(|text| (name.to_owned(), text)));
            }
            Slot::Of(part, is_archive) => {
                let is_kept = match part {
                    Part::Answer => false,
                    Part::Body => has_mark(text),
                    _ => true,
                };
                self.keep(if is_kept { bytes } else { 0 })?;
                let Some(kept) = self.last(is_archive) else { return Ok(()) };
                match part {
                    Part::Answer => kept.failure = judge::failure(text),
                    Part::Method => kept.method = taken(true).unwrap_or_default(),
                    Part::Url => kept.url = taken(true),
                    Part::Started => kept.started = taken(true),
                    Part::Took => kept.took = Some(text.to_owned()),
                    Part::Status => kept.status = Some(text.to_owned()),
                    Part::Body => kept.body = taken(is_kept),
                }
            }
        }
        Ok(())
    }

    /// Keeps the pair that was read, where anybody looks at it.
    fn pair<E: Error>(&mut self, list: List, is_archive: bool) -> Result<(), E> {
        let (name, value) = std::mem::take(&mut self.pair);
        let Some(name) = name else { return Ok(()) };
        if list == List::Cookies {
            self.keep(name.len() + PIECE)?;
            if let Some(kept) = self.last(is_archive) {
                kept.cookies.push(name);
            }
            return Ok(());
        }
        let is_wanted = match list {
            List::Fields => own(&name).is_some(),
            _ => HEADERS.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)),
        };
        let Some(value) = value.filter(|_| is_wanted) else { return Ok(()) };
        self.keep(name.len() + value.len() + PIECE)?;
        if let Some(kept) = self.last(is_archive) {
            match list {
                List::Fields => kept.fields.push((name, value)),
                List::Sent => kept.sent.push((name, value)),
                List::Answered | List::Cookies => kept.answered.push((name, value)),
            }
        }
        Ok(())
    }

    /// What a spot holds when its list or map begins: of two of one name, the last counts.
    fn begin(&mut self, spot: Spot) {
        match spot {
            Spot::Entries(true) => self.archive = Some(Vec::new()),
            Spot::Entries(false) => self.traced = Some(Vec::new()),
            Spot::Pairs(list, is_archive) => {
                let Some(kept) = self.last(is_archive) else { return };
                match list {
                    List::Fields => kept.fields.clear(),
                    List::Sent => kept.sent.clear(),
                    List::Answered => kept.answered.clear(),
                    List::Cookies => kept.cookies.clear(),
                }
            }
            _ => {}
        }
    }
}

impl Kept {
    /// It as an entry; none where it went nowhere.
    pub(super) fn entry(&self) -> Option<Entry<'_>> {
        Some(Entry {
            method: &self.method,
            url: self.url.as_deref()?,
            body: match &self.body {
                Some(text) => Body::Text(text),
                None if self.fields.is_empty() => Body::None,
                None => Body::Fields(Self::borrowed(&self.fields)),
            },
            started: self.started.as_deref().and_then(|at| at.parse().ok()),
            took: self
                .took
                .as_deref()
                .and_then(|took| took.parse().ok())
                .unwrap_or(0.0_f64)
                .max(0.0),
            status: self
                .status
                .as_deref()
                .and_then(|status| status.parse().ok())
                .filter(|status| (100..600).contains(status)),
            failure: self.failure,
            sent: Self::borrowed(&self.sent),
            answered: Self::borrowed(&self.answered),
            cookies: self.cookies.iter().map(String::as_str).collect(),
        })
    }

    fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

/// A place in a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spot {
    /// The whole.
    Root,
    /// `log` of an archive.
    Log,
    /// The list of requests; whether it is that of an archive, here and below.
    Entries(bool),
    /// One of them.
    Entry(bool),
    /// `request`.
    Request,
    /// `response`.
    Response,
    /// `content` of an answer.
    Content,
    /// `postData`.
    PostData,
    /// A list of names and values.
    Pairs(List, bool),
    /// One of them.
    Pair,
    /// A text or number.
    Text(Slot),
}

/// A list of names and values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Answered,
    Cookies,
    Fields,
    Sent,
}

/// Where a text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    /// To the object's own fields.
    Field(&'static str),
    /// To the name of the pair.
    Name,
    /// To a request.
    Of(Part, bool),
    /// To the value of the pair.
    Value,
}

/// A part of a request that is one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Answer,
    Body,
    Method,
    Started,
    Status,
    Took,
    Url,
}

/// Reads the value at a spot.
struct At<'r> {
    spot: Spot,
    recording: &'r mut Recording,
}

impl<'de> DeserializeSeed<'de> for At<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl At<'_> {
    fn scalar<E: Error>(self, text: &str, is_text: bool) -> Result<(), E> {
        match self.spot {
            Spot::Text(slot) => self.recording.text(slot, text, is_text),
            _ => Ok(()),
        }
    }

    /// What stands under a name; none where nobody looks at it.
    fn below(&mut self, name: &str) -> Option<Spot> {
        if self.spot == Spot::Root {
            if self.recording.members.len() < MOST_MEMBERS {
                let name = name.chars().take(LONGEST_NAME).collect();
                self.recording.members.push(name);
            }
            if let Some(own) = own(name) {
                return Some(Spot::Text(Slot::Field(own)));
            }
        }
        let found = MEMBERS.iter().find(|(spot, known, _)| *spot == self.spot && *known == name);
        found.map(|(_, _, spot)| *spot)
    }
}

impl<'de> Visitor<'de> for At<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        self.recording.begin(self.spot);
        while let Some(name) = map.next_key::<String>()? {
            match self.below(&name) {
                Some(spot) => map.next_value_seed(At { spot, recording: self.recording })?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let recording = self.recording;
        recording.begin(self.spot);
        match self.spot {
            Spot::Entries(is_archive) => loop {
                let entries =
                    if is_archive { &mut recording.archive } else { &mut recording.traced };
                let entries = entries.get_or_insert_default();
                entries.push(Kept::default());
                recording.keep(ENTRY)?;
                let seed = At { spot: Spot::Entry(is_archive), recording };
                if list.next_element_seed(seed)?.is_none() {
                    return Ok(());
                }
            },
            Spot::Pairs(of, is_archive) => loop {
                recording.pair = (None, None);
                if list.next_element_seed(At { spot: Spot::Pair, recording })?.is_none() {
                    return Ok(());
                }
                recording.pair(of, is_archive)?;
            },
            Spot::Pair => {
                for slot in [Slot::Name, Slot::Value] {
                    let seed = At { spot: Spot::Text(slot), recording };
                    if list.next_element_seed(seed)?.is_none() {
                        return Ok(());
                    }
                }
            }
            _ => {}
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.scalar(text, true)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.scalar(&number.to_string(), false)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.scalar(&number.to_string(), false)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.scalar(&number.to_string(), false)
    }
}

/// What stands where: a spot, the name of a member, and what that is.
const MEMBERS: [(Spot, &str, Spot); 26] = [
    (Spot::Root, "log", Spot::Log),
    (Spot::Log, "entries", Spot::Entries(true)),
    (Spot::Entry(true), "request", Spot::Request),
    (Spot::Entry(true), "response", Spot::Response),
    (Spot::Entry(true), "startedDateTime", Spot::Text(Slot::Of(Part::Started, true))),
    (Spot::Entry(true), "time", Spot::Text(Slot::Of(Part::Took, true))),
    (Spot::Request, "method", Spot::Text(Slot::Of(Part::Method, true))),
    (Spot::Request, "url", Spot::Text(Slot::Of(Part::Url, true))),
    (Spot::Request, "headers", Spot::Pairs(List::Sent, true)),
    (Spot::Request, "cookies", Spot::Pairs(List::Cookies, true)),
    (Spot::Request, "postData", Spot::PostData),
    (Spot::PostData, "text", Spot::Text(Slot::Of(Part::Body, true))),
    (Spot::PostData, "params", Spot::Pairs(List::Fields, true)),
    (Spot::Response, "status", Spot::Text(Slot::Of(Part::Status, true))),
    (Spot::Response, "headers", Spot::Pairs(List::Answered, true)),
    (Spot::Response, "content", Spot::Content),
    (Spot::Content, "text", Spot::Text(Slot::Of(Part::Answer, true))),
    (Spot::Root, "requests", Spot::Entries(false)),
    (Spot::Entry(false), "method", Spot::Text(Slot::Of(Part::Method, false))),
    (Spot::Entry(false), "url", Spot::Text(Slot::Of(Part::Url, false))),
    (Spot::Entry(false), "post", Spot::Pairs(List::Fields, false)),
    (Spot::Entry(false), "responseStatus", Spot::Text(Slot::Of(Part::Status, false))),
    (Spot::Entry(false), "requestHeaders", Spot::Pairs(List::Sent, false)),
    (Spot::Entry(false), "responseHeaders", Spot::Pairs(List::Answered, false)),
    (Spot::Pair, "name", Spot::Text(Slot::Name)),
    (Spot::Pair, "value", Spot::Text(Slot::Value)),
];

/// Header fields that anybody looks at.
const HEADERS: [&str; 5] = ["cookie", "date", "origin", "referer", "set-cookie"];
/// What is kept of all requests together: a login of a thousand with long cookies has less.
const MOST_KEPT: usize = 16 << 20;
/// What a request counts for beside its texts.
const ENTRY: usize = 512;
/// What a pair counts for beside its texts.
const PIECE: usize = 64;
const LONGEST_NAME: usize = 256;
const MOST_MEMBERS: usize = 64;
const BUFFER: usize = 64 << 10;
