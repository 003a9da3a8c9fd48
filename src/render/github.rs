//! Workflow commands of GitHub Actions, which become annotations.
//!
//! One command a finding, and nothing at all where nothing is wrong. The end of a range is the
//! first position after it. GitHub shows ten annotations of each severity a step; the log has all.

use std::io::{self, Write};

use crate::render::{Style, json, words};
use crate::report::{Report, ReportedFinding};
use crate::rule::Severity;

/// Writes one workflow command a finding.
pub(super) fn render(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let told = report.findings.iter().filter(|reported| words::is_told(reported, style));
    for reported in told {
        writeln!(out, "{}", command(reported))?;
    }
    Ok(())
}

fn command(reported: &ReportedFinding) -> String {
    let word = match reported.finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let properties = properties(reported)
        .into_iter()
        .map(|(name, value)| format!("{name}={}", property(&value)))
        .collect::<Vec<_>>();
    format!("::{word} {}::{}", properties.join(","), data(&words::explained(reported)))
}

/// Where, and under which title. Columns make sense within one line only: GitHub drops an
/// annotation that has them over several.
fn properties(reported: &ReportedFinding) -> Vec<(&'static str, String)> {
    let place = &reported.finding.problem.place;
    let (start, end) = words::extent(place);
    let is_one_line = start.line == end.line;
    let column = |name, column: usize| is_one_line.then(|| (name, column.to_string()));
    let mut properties = vec![("file", json::path(place))];
    if place.source.is_decoded() {
        properties.push(("title", words::title(reported)));
        return properties;
    }
    properties.push(("line", start.line.to_string()));
    properties.extend(column("col", start.column));
    properties.push(("endLine", end.line.to_string()));
    properties.extend(column("endColumn", end.column));
    properties.push(("title", words::title(reported)));
    properties
}

/// The text of a command, which ends with its line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which also ends at a comma or at two colons.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{data, property};

    /// As the runner decodes a property: the percent sign last.
    fn decoded(text: &str) -> String {
        let codes = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
        codes.iter().fold(text.to_owned(), |text, (code, c)| text.replace(code, c))
    }

    proptest! {
        #[test]
        fn a_property_comes_back_and_ends_nothing(text in any::<String>()) {
            let encoded = property(&text);
            assert!(!encoded.contains(['\r', '\n', ':', ',']));
            assert_eq!(decoded(&encoded), text);
        }

        #[test]
        fn a_message_comes_back_and_stays_on_its_line(text in any::<String>()) {
            let encoded = data(&text);
            assert!(!encoded.contains(['\r', '\n']));
            assert_eq!(decoded(&encoded), text);
        }
    }

    #[test]
    fn what_looks_encoded_is_encoded_again() {
        assert_eq!(data("%0A::error::x"), "%250A::error::x");
        assert_eq!(property("a,b::c"), "a%2Cb%3A%3Ac");
    }
}
