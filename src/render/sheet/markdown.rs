//! Markdown that survives a ticket: tables, and blocks where a table cannot hold a value.

use std::io::{self, Write};

use crate::render::markdown::{code, prose};
use crate::render::sheet::{SIDES, departure, shown, side_name, steps, title, without_value};
use crate::sheet::answers;
use crate::sheet::{Field, Sheet, Side, Step, Wanted, WantedKind};
use crate::source::printable;

/// Writes the two sides, what goes back, and how to see that it works.
pub(super) fn render(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    let provider = sheet.provider.as_ref().map(|id| format!(", provider {}", value(id)));
    writeln!(out, "# {}{}\n", prose(&title(sheet)), provider.unwrap_or_default())?;
    for side in SIDES {
        if steps(sheet, side).next().is_none() {
            continue;
        }
        writeln!(out, "## In {}\n", prose(side_name(sheet, side)))?;
        for one in steps(sheet, side) {
            step(sheet, one, out)?;
        }
        if side == Side::Idp {
            imports(sheet, out)?;
            send_back(&sheet.send_back, out)?;
        }
    }
    list("Then", &sheet.verify, out)?;
    list("To know", &sheet.notes, out)
}

fn step(sheet: &Sheet, step: &Step, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### {}. {}\n", step.number, words_of(&step.place))?;
    let (blocks, rows): (Vec<&Field>, Vec<&Field>) =
        step.fields.iter().partition(|field| is_block(field));
    if !rows.is_empty() {
        writeln!(out, "| Field | Value | Note |\n|---|---|---|")?;
    }
    for field in &rows {
        let shown = field.value.as_ref().map(|text| value(text));
        let words = without_value(sheet, step.side, field).map(|words| format!("*{words}*"));
        let shown = shown.or(words).unwrap_or_default();
        writeln!(out, "| {} | {shown} | {} |", words_of(&field.label), remarks(sheet, field))?;
    }
    if !rows.is_empty() {
        writeln!(out)?;
    }
    for field in blocks {
        let about = remarks(sheet, field);
        let about = if about.is_empty() { about } else { format!(" ({about})") };
        writeln!(out, "{}{about}:\n", words_of(&field.label))?;
        fenced(field.value.as_deref().unwrap_or_default(), out)?;
    }
    Ok(())
}

fn is_block(field: &Field) -> bool {
    field.value.as_ref().is_some_and(|value| value.contains('\n'))
}

fn remarks(sheet: &Sheet, field: &Field) -> String {
    let departs = field.departs.as_ref();
    let departs = departs.map(|reason| format!("**{}**: {}", departure(sheet), words_of(reason)));
    let note = field.note.as_ref().map(|note| words_of(note));
    departs.into_iter().chain(note).collect::<Vec<_>>().join("; ")
}

fn imports(sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    for import in &sheet.imports {
        writeln!(out, "### To import instead of typing: {}\n", value(import.file_name))?;
        writeln!(out, "{}:\n", words_of(&import.place))?;
        fenced(&import.text, out)?;
    }
    Ok(())
}

fn send_back(wanted: &[Wanted], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## Send back\n")?;
    if wanted.is_empty() {
        return writeln!(out, "Nothing.\n");
    }
    writeln!(out, "| Name | What it is | Note |\n|---|---|---|")?;
    for wanted in wanted {
        let mut notes = Vec::new();
        notes.extend(wanted.optional.then(|| "optional".to_owned()));
        notes.extend((wanted.kind != WantedKind::Text).then(|| words_of(wanted.kind.expected())));
        notes.extend(wanted.note.as_ref().map(|note| words_of(note)));
        notes.extend(wanted.secret.then(|| "**secret**: never in this ticket".to_owned()));
        let (name, label) = (value(&wanted.name), words_of(&wanted.label));
        writeln!(out, "| {name} | {label} | {} |", notes.join("; "))?;
    }
    writeln!(out, "\nAs a file, `answers.yaml`:\n")?;
    fenced(&answers::template(wanted), out)
}

fn list(heading: &str, texts: &[String], out: &mut dyn Write) -> io::Result<()> {
    if texts.is_empty() {
        return Ok(());
    }
    writeln!(out, "## {heading}\n")?;
    for text in texts {
        writeln!(out, "- {}", words_of(text))?;
    }
    writeln!(out)
}

/// Words, and ways through a console: the mark between their parts means nothing inside a line.
fn words_of(text: &str) -> String {
    let printable = printable(text);
    let parts = printable.split(" > ").map(prose);
    parts.collect::<Vec<_>>().join(" > ")
}

/// A value as code; nothing where it is empty.
fn value(text: &str) -> String {
    if text.is_empty() { "*empty*".to_owned() } else { code(&printable(text)) }
}

/// A block that shows exactly these lines (GFM section 4.5): its fence is longer than any in it.
fn fenced(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    writeln!(out, "{fence}")?;
    writeln!(out, "{}\n{fence}\n", shown(text.trim_end_matches('\n')))
}
