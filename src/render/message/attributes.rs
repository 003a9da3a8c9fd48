//! The table of what is said about a person.

use std::io::{self, Write};

use colored::Colorize as _;

use crate::render::Style;
use crate::render::message::line::{cut, tail};
use crate::report::message::{AttributeView, MessageView};
use crate::source::printable;

/// Writes the attributes with what the application makes of each, and what it looks for in vain.
pub(super) fn render(message: &MessageView, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if !message.attributes.is_empty() {
        writeln!(out, "  {}", if message.is_token { "claims" } else { "attributes" })?;
        let rows: Vec<Row> = message.attributes.iter().map(|one| Row::new(one, style)).collect();
        let width = |text: fn(&Row) -> &str| {
            rows.iter().map(|row| text(row).chars().count()).max().unwrap_or(0)
        };
        let (name, value) = (width(|row| &row.name), width(|row| &row.value));
        for row in &rows {
            let line = format!("    {:name$}  {:value$}  {}", row.name, row.value, row.usage);
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    if !message.unmatched.is_empty() {
        writeln!(out, "  mapped but not sent")?;
    }
    for one in &message.unmatched {
        let nearest = one
            .nearest
            .as_deref()
            .map(|nearest| format!("   nearest sent: {}", shown_name(nearest, style)));
        let nearest = nearest.unwrap_or_default();
        let (field, name) = (printable(&one.field), shown_name(&one.name, style));
        writeln!(out, "    {field}  <- {name}{}", nearest.dimmed())?;
    }
    Ok(())
}

struct Row {
    name: String,
    value: String,
    usage: String,
}

impl Row {
    fn new(attribute: &AttributeView, style: Style) -> Self {
        let values = attribute.values.join(", ");
        let values = printable(&values);
        let value = if style.verbose { values } else { cut(&values, VALUE).into_owned().into() };
        let usage = match &attribute.used_as {
            None => attribute
                .friendly_name
                .as_ref()
                .map_or_else(String::new, |name| format!("({})", printable(name))),
            Some(members) if members.is_empty() => "not used".to_owned(),
            Some(members) => format!("-> {}", members.join(", ")),
        };
        Self { name: shown_name(&attribute.name, style), value: value.into_owned(), usage }
    }
}

fn shown_name(name: &str, style: Style) -> String {
    let name = printable(name);
    if style.verbose { name.into_owned() } else { tail(&name, NAME).into_owned() }
}

const NAME: usize = 38;
const VALUE: usize = 34;
