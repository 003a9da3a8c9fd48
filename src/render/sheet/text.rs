//! Text for people: numbered steps, labels and values in columns. Values are never cut, because
//! people copy them.

use std::io::{self, Write};

use colored::Colorize as _;

use crate::render::sheet::{SIDES, departure, shown, side_name, steps, title, without_value};
use crate::sheet::{Field, Sheet, Side, Step, Wanted, WantedKind};
use crate::source::printable;

/// Writes the two sides, what goes back, and how to see that it works.
pub(super) fn render(sheet: &Sheet, colour: bool, out: &mut dyn Write) -> io::Result<()> {
    colored::control::set_override(colour);
    let provider = sheet.provider.as_ref();
    let provider = provider.map(|id| format!(", provider {}", printable(id)));
    writeln!(out, "{}{}\n", title(sheet).bold(), provider.unwrap_or_default())?;
    let paper = Paper { sheet };
    for side in SIDES {
        paper.side(side, out)?;
        if side == Side::Idp {
            paper.imports(out)?;
            paper.send_back(out)?;
        }
    }
    paper.verify(out)?;
    paper.notes(out)
}

/// A sheet that is being written.
struct Paper<'s> {
    sheet: &'s Sheet,
}

impl Paper<'_> {
    fn side(&self, side: Side, out: &mut dyn Write) -> io::Result<()> {
        let mut steps = steps(self.sheet, side).peekable();
        if steps.peek().is_none() {
            return Ok(());
        }
        writeln!(out, "{}", format!("In {}", side_name(self.sheet, side)).bold())?;
        for step in steps {
            self.step(step, out)?;
        }
        writeln!(out)
    }

    fn step(&self, step: &Step, out: &mut dyn Write) -> io::Result<()> {
        let number = format!("{:>3}. ", step.number);
        for (n, line) in wrapped(&printable(&step.place), WIDTH - number.len()).iter().enumerate() {
            let before = if n == 0 { number.as_str() } else { STEP_INDENT };
            writeln!(out, "{before}{line}")?;
        }
        let lengths = step.fields.iter().map(|field| length(&printable(&field.label)));
        let column = lengths.filter(|length| *length <= WIDEST_LABEL).max().unwrap_or(0);
        for field in &step.fields {
            self.field(step.side, field, column, out)?;
        }
        Ok(())
    }

    fn field(
        &self,
        side: Side,
        field: &Field,
        column: usize,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let label = printable(&field.label);
        let gap = " ".repeat((column + GAP).saturating_sub(length(&label)).max(GAP));
        let indent = " ".repeat(FIELD_INDENT + column + GAP);
        let mut remarks = remarks(self.sheet, field);
        let first = match (&field.value, without_value(self.sheet, side, field)) {
            (Some(value), _) if value.contains('\n') => {
                writeln!(out, "{FIELD}{label}")?;
                block(value, out)?;
                None
            }
            (Some(value), _) => Some(printable(value).into_owned()),
            (None, words) => words.map(|words| format!("({words})")),
        };
        if let Some(first) = first {
            let used = FIELD_INDENT + length(&label) + gap.len() + length(&first);
            let fits =
                remarks.first().is_some_and(|(text, _)| used + REMARK_GAP + length(text) <= WIDTH);
            let beside = if fits { Some(remarks.remove(0)) } else { None };
            let beside =
                beside.map(|(text, kind)| format!("{:REMARK_GAP$}{}", "", kind.shown(&text)));
            writeln!(out, "{FIELD}{label}{gap}{first}{}", beside.unwrap_or_default())?;
        } else if field.value.is_none() {
            let (text, kind) = remarks.remove(0);
            let lines =
                wrapped(&text, WIDTH.saturating_sub(FIELD_INDENT + length(&label) + gap.len()));
            let mut before = format!("{FIELD}{label}{gap}");
            for line in lines {
                writeln!(out, "{before}{}", kind.shown(&line))?;
                before.clone_from(&indent);
            }
        }
        for (text, kind) in remarks {
            for line in wrapped(&text, WIDTH.saturating_sub(indent.len()).max(NARROWEST)) {
                writeln!(out, "{indent}{}", kind.shown(&line))?;
            }
        }
        Ok(())
    }

    fn imports(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.sheet.imports.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", "To import instead of typing".bold())?;
        let column = self.sheet.imports.iter().map(|import| length(import.file_name)).max();
        for import in &self.sheet.imports {
            let column = column.unwrap_or(0);
            row(import.file_name, column, &[printable(&import.place).into_owned()], out)?;
        }
        writeln!(out)
    }

    fn send_back(&self, out: &mut dyn Write) -> io::Result<()> {
        let wanted = &self.sheet.send_back;
        let heading = match (wanted.is_empty(), wanted.iter().any(|wanted| wanted.secret)) {
            (true, _) => return writeln!(out, "{}: nothing\n", "Send back".bold()),
            (_, true) => "as answers.yaml",
            (_, false) => "as answers.yaml, nothing of it secret",
        };
        writeln!(out, "{}, {heading}", "Send back".bold())?;
        let column = wanted.iter().map(|wanted| length(&wanted.name)).max().unwrap_or(0);
        for wanted in wanted {
            row(&wanted.name, column, &wanted_words(wanted), out)?;
        }
        writeln!(out)
    }

    fn verify(&self, out: &mut dyn Write) -> io::Result<()> {
        match &*self.sheet.verify {
            [] => Ok(()),
            [one] => {
                let lines = wrapped(&printable(one), WIDTH - "Then: ".len());
                writeln!(out, "{} {}", "Then:".bold(), lines.join("\n      "))
            }
            several => {
                writeln!(out, "{}", "Then".bold())?;
                list(several, out)
            }
        }
    }

    fn notes(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.sheet.notes.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{}", "To know".bold())?;
        list(&self.sheet.notes, out)
    }
}

/// Why something is said beside a value.
#[derive(Clone, Copy)]
enum Remark {
    Departure,
    Note,
}

impl Remark {
    fn shown(self, text: &str) -> String {
        match self {
            Self::Departure => text.yellow().to_string(),
            Self::Note => text.dimmed().to_string(),
        }
    }
}

/// What is said of a field besides its value; the departure first.
fn remarks(sheet: &Sheet, field: &Field) -> Vec<(String, Remark)> {
    let departs = field.departs.as_ref();
    let departs = departs.map(|reason| format!("{}: {}", departure(sheet), printable(reason)));
    let note = field.note.as_ref().map(|note| printable(note).into_owned());
    let departs = departs.map(|text| (text, Remark::Departure));
    let note = note.map(|text| (text, Remark::Note));
    if field.value.is_none() {
        note.into_iter().chain(departs).collect()
    } else {
        departs.into_iter().chain(note).collect()
    }
}

fn wanted_words(wanted: &Wanted) -> Vec<String> {
    let mut first = printable(&wanted.label).into_owned();
    if wanted.optional {
        first.push_str(" (optional)");
    }
    let mut words = vec![first];
    words.extend((wanted.kind != WantedKind::Text).then(|| wanted.kind.expected().to_owned()));
    words.extend(wanted.note.as_ref().map(|note| printable(note).into_owned()));
    words.extend(wanted.secret.then(|| "secret: send it by a safe way, not by e-mail".to_owned()));
    words
}

/// A name, and behind it some paragraphs.
fn row(name: &str, column: usize, words: &[String], out: &mut dyn Write) -> io::Result<()> {
    let name = printable(name);
    let gap = " ".repeat((column + GAP).saturating_sub(length(&name)));
    let mut before = format!("  {name}{gap}");
    let indent = " ".repeat(column + GAP + 2);
    for (n, text) in words.iter().enumerate() {
        for line in wrapped(text, WIDTH.saturating_sub(indent.len()).max(NARROWEST)) {
            let line = if n == 0 { line.normal() } else { line.dimmed() };
            writeln!(out, "{before}{line}")?;
            before.clone_from(&indent);
        }
    }
    Ok(())
}

fn list(texts: &[String], out: &mut dyn Write) -> io::Result<()> {
    for text in texts {
        let lines = wrapped(&printable(text), WIDTH - "  - ".len());
        writeln!(out, "  - {}", lines.join("\n    "))?;
    }
    Ok(())
}

/// A value of several lines, each whole and all with the same indent.
fn block(value: &str, out: &mut dyn Write) -> io::Result<()> {
    for line in shown(value.trim_end_matches('\n')).split('\n') {
        writeln!(out, "{}", format!("{FIELD}  {line}").trim_end_matches(' '))?;
    }
    Ok(())
}

/// Lines of at most so many characters where words allow it. A word is never broken.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let line = lines.last_mut().expect("there is a line");
        if line.is_empty() {
            line.push_str(word);
        } else if length(line) + 1 + length(word) <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Columns where words allow it.
const WIDTH: usize = 100;
/// A longer label does not push the values of the others aside.
const WIDEST_LABEL: usize = 36;
/// Space between a label and its value.
const GAP: usize = 3;
/// Space between a value and what is said about it.
const REMARK_GAP: usize = 4;
/// Remarks are not squeezed into less than this.
const NARROWEST: usize = 40;
/// Where a step's text begins.
const STEP_INDENT: &str = "     ";
/// Where a label begins.
const FIELD: &str = "       ";
const FIELD_INDENT: usize = FIELD.len();

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn words_wrap_but_are_never_broken() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("https://a.test/very/long x", 5), ["https://a.test/very/long", "x"]);
        assert_eq!(wrapped("", 5), [""]);
    }
}
