//! JUnit XML, for CI servers: valid against the schema of Jenkins' xUnit plugin (`junit-10.xsd`).
//!
//! A suite a file and a case a finding. A case fails exactly where the finding fails the run: an
//! error always, a warning with `--strict`. A CI server marks a build by its failed cases, so
//! that it agrees with the exit code. Other warnings (and info findings with `-v`) are cases that
//! pass and say in their output what they are about. A file without a case of its own gets one
//! that passes, because an empty suite counts as missing. Times are zero, which servers add up.

use std::io::{self, Write};
use std::time::Duration;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use crate::render::words::{self, File};
use crate::render::{Style, json};
use crate::report::{Report, ReportedFinding};
use crate::rule::Severity;

/// Writes the report as one XML document.
pub(super) fn render(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut document = quick_junit::Report::new(env!("CARGO_PKG_NAME"));
    document.set_time(Duration::ZERO);
    for file in words::files(report) {
        document.add_test_suite(suite(&file, report, style));
    }
    let xml = document.to_string().map_err(io::Error::other)?;
    // The schema knows `skipped` on suites only, and the crate always writes it.
    out.write_all(xml.replacen(" skipped=\"0\"", "", 1).as_bytes())
}

fn suite(file: &File<'_>, report: &Report, style: Style) -> TestSuite {
    let mut suite = TestSuite::new(legal(&file.path));
    suite.set_time(Duration::ZERO);
    suite.extra.insert("timestamp".into(), report.at.to_string().into());
    let told = file.findings.iter().filter(|reported| words::is_told(reported, style));
    suite.add_test_cases(told.map(|reported| case(reported, file, report.strict)));
    if suite.test_cases.is_empty() {
        suite.add_test_case(case_of("no problems", file, TestCaseStatus::success()));
    }
    suite
}

fn case(reported: &ReportedFinding, file: &File<'_>, is_strict: bool) -> TestCase {
    let finding = &reported.finding;
    let (start, _) = words::extent(&finding.problem.place);
    let name = format!("{} at {}:{}", words::title(reported), start.line, start.column);
    let text = legal(&description(reported));
    let fails = match finding.severity {
        Severity::Error => true,
        Severity::Warning => is_strict,
        Severity::Info => false,
    };
    if !fails {
        let mut case = case_of(&name, file, TestCaseStatus::success());
        case.set_system_out(text);
        return case;
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(finding.rule.code);
    status.set_message(legal(&finding.problem.message));
    status.set_description(text);
    case_of(&name, file, status)
}

fn case_of(name: &str, file: &File<'_>, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(legal(&file.path));
    case.set_time(Duration::ZERO);
    case
}

/// The finding as a compiler would print it, for servers that show the text alone.
fn description(reported: &ReportedFinding) -> String {
    let finding = &reported.finding;
    let place = &finding.problem.place;
    let (start, _) = words::extent(place);
    let (path, severity) = (json::path(place), finding.severity);
    let explained = words::explained(reported);
    format!("{path}:{}:{}: {severity}: {explained}", start.line, start.column)
}

/// The text without the two characters outside XML 1.0 (section 2.2) that are no control
/// characters; those were written out before.
fn legal(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
