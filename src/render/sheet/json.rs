//! The contract's own form, version 1.

use std::io::{self, Write};

use serde::Serialize;

use crate::render::json::escaped;
use crate::sheet::{Field, Sheet, Side, Step, Wanted, WantedKind};

/// Writes the sheet as one JSON document. Values are exact: what acts on a terminal is escaped in
/// JSON's own way.
pub(super) fn render(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(&Document::new(sheet)).map_err(io::Error::other)?;
    writeln!(out, "{}", escaped(&text))
}

#[derive(Serialize)]
struct Document<'s> {
    version: u32,
    app: &'s str,
    idp: &'s str,
    protocol: &'s str,
    provider: Option<&'s str>,
    steps: Vec<StepDocument<'s>>,
    send_back: Vec<WantedDocument<'s>>,
    verify: &'s [String],
    notes: &'s [String],
    imports: Vec<ImportDocument<'s>>,
}

#[derive(Serialize)]
struct StepDocument<'s> {
    number: usize,
    side: Side,
    place: &'s str,
    fields: Vec<FieldDocument<'s>>,
}

#[derive(Serialize)]
struct FieldDocument<'s> {
    label: &'s str,
    value: Option<&'s str>,
    note: Option<&'s str>,
    departs: Option<&'s str>,
}

#[derive(Serialize)]
struct WantedDocument<'s> {
    name: &'s str,
    label: &'s str,
    secret: bool,
    kind: WantedKind,
    optional: bool,
    note: Option<&'s str>,
}

#[derive(Serialize)]
struct ImportDocument<'s> {
    file_name: &'s str,
    place: &'s str,
}

impl<'s> Document<'s> {
    fn new(sheet: &'s Sheet) -> Self {
        let imports = sheet.imports.iter();
        Self {
            version: 1,
            app: sheet.app.0,
            idp: sheet.idp.0,
            protocol: sheet.protocol.id(),
            provider: sheet.provider.as_deref(),
            steps: sheet.steps.iter().map(StepDocument::new).collect(),
            send_back: sheet.send_back.iter().map(WantedDocument::new).collect(),
            verify: &sheet.verify,
            notes: &sheet.notes,
            imports: imports
                .map(|import| ImportDocument { file_name: import.file_name, place: &import.place })
                .collect(),
        }
    }
}

impl<'s> StepDocument<'s> {
    fn new(step: &'s Step) -> Self {
        let fields = step.fields.iter().map(FieldDocument::new).collect();
        Self { number: step.number, side: step.side, place: &step.place, fields }
    }
}

impl<'s> FieldDocument<'s> {
    fn new(field: &'s Field) -> Self {
        Self {
            label: &field.label,
            value: field.value.as_deref(),
            note: field.note.as_deref(),
            departs: field.departs.as_deref(),
        }
    }
}

impl<'s> WantedDocument<'s> {
    fn new(wanted: &'s Wanted) -> Self {
        Self {
            name: &wanted.name,
            label: &wanted.label,
            secret: wanted.secret,
            kind: wanted.kind,
            optional: wanted.optional,
            note: wanted.note.as_deref(),
        }
    }
}
