//! A message and its verdict as one page that opens from disk: no outside request, no script needed
//! to read it.

mod clock;
mod facts;
mod first;
mod picture;
mod reasons;

use std::io::{self, Write};

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use self::clock::TimeLine;
use self::facts::{AttributeRow, Row, SignatureRow, UnmatchedRow};
use self::first::Todo;
use self::picture::Picture;
use self::reasons::Reason;

use crate::crypto::digest::{Hash, digest};
use crate::render::message::headline;
use crate::report::Report;
use crate::report::judgement::Judgement;
use crate::report::message::{ExchangeView, MessageView};
use crate::source::printable;

/// Writes the page.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Some(judgement) = report.judgement.as_deref() else { return Ok(()) };
    let page = Page::new(report, judgement).render().map_err(io::Error::other)?;
    out.write_all(page.as_bytes())
}

/// What the page shows. Every text in it is fit for showing, and escaped by the template.
#[derive(Template)]
#[template(path = "message.html", config = ".askama.toml")]
struct Page {
    script: &'static str,
    script_hash: String,
    style: &'static str,
    style_hash: String,
    title: String,
    subject: String,
    app: Option<String>,
    provider: Option<String>,
    at: String,
    recorded: Option<String>,
    class: &'static str,
    word: &'static str,
    sentence: String,
    todo: Todo,
    reasons: Vec<Reason>,
    passed: Option<usize>,
    unchecked: Vec<(String, &'static str)>,
    has_message: bool,
    is_verified: bool,
    layers: Vec<String>,
    signatures: Vec<SignatureRow>,
    encryption: Vec<Row>,
    time: Option<TimeLine>,
    picture: Option<Picture>,
    facts: Vec<Row>,
    exchanges: Vec<Exchange>,
    attributes: Vec<AttributeRow>,
    attributes_left_out: usize,
    unmatched: Vec<UnmatchedRow>,
    account: Vec<Row>,
    fallbacks: Vec<Row>,
    remarks: Vec<String>,
    hints: Vec<String>,
    asides: Vec<String>,
}

struct Exchange {
    number: usize,
    kind: String,
    method: String,
    address: String,
    status: String,
    is_chosen: bool,
}

impl Page {
    fn new(report: &Report, judgement: &Judgement) -> Self {
        let nothing = MessageView::default();
        let message = judgement.message.as_ref().unwrap_or(&nothing);
        let verdict = judgement.verdict.as_ref();
        let (class, word) = class(judgement);
        let account = verdict.and_then(|verdict| verdict.account.as_ref());
        let unchecked = verdict.map(|verdict| verdict.how.clone()).unwrap_or_default();
        let app = judgement.app.as_ref();
        // The page is read by people who have no ssoctl: its flags are told to whoever runs it.
        let (flagged, hints): (Vec<&str>, Vec<&str>) =
            judgement.hints.iter().map(String::as_str).partition(|hint| first::is_flagged(hint));
        Self {
            script: SCRIPT,
            script_hash: hash(SCRIPT),
            style: STYLE,
            style_hash: hash(STYLE),
            title: first::title(judgement),
            subject: first::subject(judgement),
            app: app.map(|app| shown(&app.name)),
            provider: app.and_then(|app| app.provider.as_deref()).map(shown),
            at: clock::instant(report.at),
            recorded: message.recorded.map(clock::instant),
            class,
            word,
            sentence: first::sentence(judgement),
            todo: Todo::new(report, judgement),
            reasons: report.told_once().into_iter().map(Reason::new).collect(),
            passed: verdict.map(|verdict| verdict.passed),
            unchecked: unchecked.iter().map(|(item, how)| (item.replace('-', " "), *how)).collect(),
            has_message: judgement.message.is_some(),
            is_verified: message.is_verified,
            layers: message.layers.iter().map(|layer| shown(layer)).collect(),
            signatures: facts::signatures(message, report),
            encryption: facts::encryption(message),
            time: TimeLine::new(message, report.at),
            picture: Picture::new(message, report),
            facts: facts::rows(message),
            exchanges: exchanges(message),
            attributes: facts::attributes(message),
            attributes_left_out: message.attributes.len().saturating_sub(facts::MOST_ATTRIBUTES),
            unmatched: facts::unmatched(message),
            account: account.map(facts::account).unwrap_or_default(),
            fallbacks: account.map(facts::fallbacks).unwrap_or_default(),
            remarks: account.iter().flat_map(|one| &one.remarks).map(|one| shown(one)).collect(),
            hints: hints.iter().map(|hint| shown(hint)).collect(),
            asides: first::asides(report, judgement, &flagged),
        }
    }
}

/// The messages of a recording, where it has several.
fn exchanges(message: &MessageView) -> Vec<Exchange> {
    let row = |view: &ExchangeView| Exchange {
        number: view.number,
        kind: shown(&view.kind),
        method: shown(&view.method),
        address: shown(&view.address),
        status: view.status.map_or_else(String::new, |status| status.to_string()),
        is_chosen: view.chosen,
    };
    let all = &message.exchanges;
    if all.len() > 1 { all.iter().map(row).collect() } else { Vec::new() }
}

/// The class of a verdict for the style sheet, and the word for people. What was accepted looks good
/// only where the application did not refuse it and nothing weighty is left unchecked.
fn class(judgement: &Judgement) -> (&'static str, &'static str) {
    let is_settled = headline::failed(judgement).is_none() && headline::open(judgement).is_empty();
    match judgement.verdict.as_ref().map(|verdict| verdict.class) {
        Some("accept") if is_settled => ("good", "Accepted"),
        Some("accept") => ("open", "Accepted"),
        Some("reject") => ("bad", "Rejected"),
        Some("malformed") => ("bad", "Malformed"),
        Some("limit") => ("bad", "Limit reached"),
        Some(_) => ("open", "Undecided"),
        None => ("plain", "No verdict"),
    }
}

/// A text that neither acts nor deceives.
fn shown(text: &str) -> String {
    printable(text).into_owned()
}

/// How a content security policy names a script or a style sheet.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(digest(Hash::Sha256, text.as_bytes())))
}

const SCRIPT: &str = include_str!("message.js");
const STYLE: &str = include_str!("message.css");
