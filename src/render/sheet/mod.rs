//! Setup sheets in the forms that people and machines read.

mod html;
mod json;
mod markdown;
mod text;

use std::io::{self, Write};

use crate::sheet::{Field, Sheet, Side, Step};
use crate::source::printable;

/// The form of a setup sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum SheetFormat {
    /// For people, in a terminal.
    #[default]
    Text,
    /// For a ticket or a wiki.
    Markdown,
    /// For programs: the contract's own form.
    Json,
    /// One page that works by itself, for the identity provider's administrator.
    Html,
}

/// Writes a setup sheet.
pub fn render(
    sheet: &Sheet,
    format: SheetFormat,
    colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        SheetFormat::Text => text::render(sheet, colour, out),
        SheetFormat::Markdown => markdown::render(sheet, out),
        SheetFormat::Json => json::render(sheet, out),
        SheetFormat::Html => html::render(sheet, out),
    }
}

/// The steps of one side.
fn steps(sheet: &Sheet, side: Side) -> impl Iterator<Item = &Step> {
    sheet.steps.iter().filter(move |step| step.side == side)
}

/// Whose console or file a side is.
fn side_name(sheet: &Sheet, side: Side) -> &'static str {
    match side {
        Side::App => sheet.app.1,
        Side::Idp => sheet.idp.1,
    }
}

/// What stands in the place of a value that the sheet cannot know.
fn without_value(sheet: &Sheet, side: Side, field: &Field) -> Option<String> {
    let from = match side {
        Side::App => format!("from {}", sheet.idp.1),
        Side::Idp => "yours to choose".to_owned(),
    };
    (field.value.is_none() && field.note.is_none()).then_some(from)
}

/// How a departure from the guide is introduced.
fn departure(sheet: &Sheet) -> String {
    format!("differs from {}'s guide", sheet.app.1)
}

/// What a sheet is about: `SAML between Keycloak and CVAT`.
fn title(sheet: &Sheet) -> String {
    format!("{} between {} and {}", sheet.protocol.name(), sheet.idp.1, sheet.app.1)
}

/// A text of one or more lines without characters that deceive; its line breaks and tabs stay.
fn shown(text: &str) -> String {
    let line = |line: &str| line.split('\t').map(printable).collect::<Vec<_>>().join("\t");
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// The two sides, in the order in which they are worked on.
const SIDES: [Side; 2] = [Side::Idp, Side::App];
