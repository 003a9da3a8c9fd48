//! The table of what is said about a person.

use std::io::{self, Write};

use colored::Colorize as _;

use crate::render::Style;
use crate::render::message::line::{cut, tail};
use crate::report::message::{AttributeView, MessageView};
use crate::source::printable;

/// Writes the attributes with what the application makes of each, and what it looks for in vain.
pub(super) fn render(message: &MessageView, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let widths = Widths::of(style);
    if !message.attributes.is_empty() {
        writeln!(out, "  {}", if message.is_token { "claims" } else { "attributes" })?;
        let rows: Vec<Row> =
            message.attributes.iter().map(|one| Row::new(one, style, widths)).collect();
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
            .map(|nearest| format!("   nearest sent: {}", shown_name(nearest, style, widths)));
        let nearest = nearest.unwrap_or_default();
        let (field, name) = (printable(&one.field), shown_name(&one.name, style, widths));
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
    fn new(attribute: &AttributeView, style: Style, widths: Widths) -> Self {
        let value =
            listed(&attribute.values, if style.verbose { usize::MAX } else { widths.value });
        let usage = match &attribute.used_as {
            None => attribute
                .friendly_name
                .as_ref()
                .map_or_else(String::new, |name| format!("({})", printable(name))),
            Some(members) if members.is_empty() => "not used".to_owned(),
            Some(members) => format!("-> {}", members.join(", ")),
        };
        Self { name: shown_name(&attribute.name, style, widths), value, usage }
    }
}

/// Several values in so many columns: the first ones whole, and how many there are. One that is too
/// long is cut in its middle.
fn listed(values: &[String], width: usize) -> String {
    let all = values.join(", ");
    if values.len() < 2 || all.chars().count() <= width {
        return cut(&printable(&all), width).into_owned();
    }
    let count = format!(", … ({} values)", values.len());
    let room = width.saturating_sub(count.chars().count());
    let mut shown = cut(&printable(&values[0]), room.max(SHORTEST)).into_owned();
    for value in &values[1..] {
        let value = printable(value);
        if shown.chars().count() + value.chars().count() + 2 > room {
            break;
        }
        shown.extend([", ", &*value]);
    }
    shown + &count
}

fn shown_name(name: &str, style: Style, widths: Widths) -> String {
    let name = printable(name);
    if style.verbose { name.into_owned() } else { tail(&name, widths.name).into_owned() }
}

/// The most columns of a name and of a value, so that what it fills has room behind them.
#[derive(Clone, Copy)]
struct Widths {
    name: usize,
    value: usize,
}

impl Widths {
    fn of(style: Style) -> Self {
        let columns = style.columns.saturating_sub(MARGIN);
        Self { name: (columns * 2 / 5).min(NAME), value: (columns * 7 / 20).min(VALUE) }
    }
}

const NAME: usize = 38;
const VALUE: usize = 34;
/// Columns before a name.
const MARGIN: usize = 4;
/// A value is never cut to less.
const SHORTEST: usize = 8;

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn of_many_values_the_first_are_whole_and_their_number_is_said() {
        let values: Vec<String> = (0..120).map(|n| format!("group-{n:03}")).collect();
        assert_eq!(listed(&values, 34), "group-000, … (120 values)");
        assert_eq!(listed(&values, 40), "group-000, group-001, … (120 values)");
        assert_eq!(listed(&values[..3], 34), "group-000, group-001, group-002");
        let hidden = vec!["*** (5 characters)".to_owned(), "*** (6 characters)".to_owned()];
        assert_eq!(listed(&hidden, 34), "*** (5 characters), … (2 values)");
    }

    #[test]
    fn a_single_value_is_cut_in_its_middle() {
        assert_eq!(listed(&["a".repeat(50)], 9), "aaaa…aaaa");
        assert_eq!(listed(&[], 9), "");
    }
}
