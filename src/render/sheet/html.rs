//! One page that works by itself: no outside request, no script needed to read it.

use std::io::{self, Write};

use askama::Template;

use crate::render::sheet::{departure, shown, side_name, steps, title, without_value};
use crate::sheet::{Field, Sheet, Side, Step, Wanted, WantedKind, answers};
use crate::source::printable;

/// Writes the page.
pub(super) fn render(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    let page = Page::new(sheet).render().map_err(io::Error::other)?;
    out.write_all(page.as_bytes())
}

/// What the page shows. Every text in it is escaped by the template.
#[derive(Template)]
#[template(path = "page.html", config = ".askama.toml")]
struct Page {
    title: String,
    app: &'static str,
    idp: &'static str,
    protocol: &'static str,
    provider: Option<String>,
    departure: String,
    first_place: String,
    sides: Vec<SideView>,
    imports: Vec<ImportView>,
    answers: Vec<AnswerView>,
    has_secret: bool,
    template: String,
    verify: Vec<Prose>,
    notes: Vec<Prose>,
}

struct SideView {
    id: &'static str,
    name: &'static str,
    is_yours: bool,
    steps: Vec<StepView>,
}

struct StepView {
    number: usize,
    place: String,
    fields: Vec<FieldView>,
}

struct FieldView {
    id: String,
    label: String,
    value: Option<String>,
    is_block: bool,
    instead: Option<String>,
    note: Option<Prose>,
    departs: Option<Prose>,
}

struct ImportView {
    id: String,
    file_name: &'static str,
    place: String,
    text: String,
}

struct AnswerView {
    id: String,
    name: String,
    label: String,
    kind: &'static str,
    hint: &'static str,
    secret: bool,
    optional: bool,
    is_long: bool,
    note: Option<Prose>,
}

/// Pieces of a sentence: words, and what stands between backticks as code.
struct Prose(Vec<Piece>);

struct Piece {
    is_code: bool,
    text: String,
}

impl Page {
    fn new(sheet: &Sheet) -> Self {
        let first = steps(sheet, Side::Idp).next();
        let sides = [(Side::Idp, "idp"), (Side::App, "app")];
        let imports = sheet.imports.iter().enumerate();
        let wanted = sheet.send_back.iter().enumerate();
        Self {
            title: title(sheet),
            app: sheet.app.1,
            idp: sheet.idp.1,
            protocol: sheet.protocol.name(),
            provider: sheet.provider.as_ref().map(|id| shown(id)),
            departure: departure(sheet),
            first_place: first.map(|step| shown(&step.place)).unwrap_or_default(),
            sides: sides.map(|(side, id)| SideView::new(sheet, side, id)).into(),
            imports: imports
                .map(|(n, import)| ImportView {
                    id: format!("import-{n}"),
                    file_name: import.file_name,
                    place: shown(&import.place),
                    text: shown(&import.text),
                })
                .collect(),
            answers: wanted.map(|(n, wanted)| AnswerView::new(n, wanted)).collect(),
            has_secret: sheet.send_back.iter().any(|wanted| wanted.secret),
            template: answers::template(&sheet.send_back),
            verify: sheet.verify.iter().map(|text| Prose::new(text)).collect(),
            notes: sheet.notes.iter().map(|text| Prose::new(text)).collect(),
        }
    }
}

impl SideView {
    fn new(sheet: &Sheet, side: Side, id: &'static str) -> Self {
        Self {
            id,
            name: side_name(sheet, side),
            is_yours: side == Side::Idp,
            steps: steps(sheet, side).map(|step| StepView::new(sheet, step)).collect(),
        }
    }
}

impl StepView {
    fn new(sheet: &Sheet, step: &Step) -> Self {
        let fields = step.fields.iter().enumerate();
        let view = |(n, field): (usize, &Field)| FieldView {
            id: format!("value-{}-{n}", step.number),
            label: shown(&field.label),
            value: field.value.as_ref().map(|value| shown(value)),
            is_block: field.value.as_ref().is_some_and(|value| value.contains('\n')),
            instead: without_value(sheet, step.side, field),
            note: field.note.as_ref().map(|note| Prose::new(note)),
            departs: field.departs.as_ref().map(|reason| Prose::new(reason)),
        };
        Self { number: step.number, place: shown(&step.place), fields: fields.map(view).collect() }
    }
}

impl AnswerView {
    fn new(number: usize, wanted: &Wanted) -> Self {
        let (kind, hint) = match wanted.kind {
            WantedKind::Certificate => (
                "certificate",
                "The text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, or the file (.pem, .cer, .crt).",
            ),
            WantedKind::Date => ("date", ""),
            WantedKind::Text => ("text", ""),
            WantedKind::Url => ("url", "The whole address, beginning with https://"),
            WantedKind::Xml => ("xml", "The whole XML document, or the file."),
        };
        Self {
            id: format!("answer-{number}"),
            name: shown(&wanted.name),
            label: shown(&wanted.label),
            kind,
            hint,
            secret: wanted.secret,
            optional: wanted.optional,
            is_long: matches!(wanted.kind, WantedKind::Certificate | WantedKind::Xml),
            note: wanted.note.as_ref().map(|note| Prose::new(note)),
        }
    }
}

impl Prose {
    fn new(text: &str) -> Self {
        let pieces: Vec<&str> = text.split('`').collect();
        let is_paired = !pieces.len().is_multiple_of(2);
        if !is_paired {
            return Self(vec![Piece { is_code: false, text: printable(text).into_owned() }]);
        }
        let pieces = pieces.into_iter().enumerate().map(|(n, piece)| Piece {
            is_code: !n.is_multiple_of(2),
            text: printable(piece).into_owned(),
        });
        Self(pieces.filter(|piece| !piece.text.is_empty()).collect())
    }
}
