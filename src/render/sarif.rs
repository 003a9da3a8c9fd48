//! SARIF 2.1.0 (OASIS standard, errata 01), for code scanning.
//!
//! All rules that ran are described, every result has a place, and nothing in a message can turn
//! into a link or a placeholder. The section numbers are those of the standard.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{MAIN_SEPARATOR, Path};
use std::sync::Arc;

use serde_json::Value;
use serde_sarif::sarif::{
    self, ArtifactChange, ArtifactContent, ArtifactLocation, Invocation, Location, LogicalLocation,
    Message, MultiformatMessageString, PhysicalLocation, PropertyBag, Region, Replacement,
    ReportingConfiguration, ReportingDescriptor, ResultLevel, Run, Sarif, Tool, ToolComponent,
};

use crate::problem::{Edit, Fix, Place, Related, Safety};
use crate::render::{Style, json, words};
use crate::report::{Report, ReportedFinding};
use crate::rule::{Rule, Severity};
use crate::rules;
use crate::source::{KeyPath, printable};

/// Writes the report as one SARIF log.
pub(super) fn render(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let log = Sarif::builder().schema(SCHEMA).version("2.1.0").runs([run(report)]).build();
    let text = serde_json::to_string_pretty(&log).map_err(io::Error::other)?;
    writeln!(out, "{}", json::escaped(&text))
}

/// Lines end as [`crate::source::Source`] counts them, and columns are characters.
fn run(report: &Report) -> Run {
    let rules: Vec<&Rule> = rules::all().collect();
    let results: Vec<sarif::Result> =
        report.findings.iter().map(|reported| result(reported, &rules)).collect();
    let invocation = Invocation::builder().execution_successful(!report.is_undone()).build();
    Run::builder()
        .tool(tool(&rules))
        .invocations([invocation])
        .column_kind("unicodeCodePoints")
        .newline_sequences(["\r\n", "\n", "\r"].map(str::to_owned))
        .results(results)
        .build()
}

fn tool(rules: &[&Rule]) -> Tool {
    let driver = ToolComponent::builder()
        .name(env!("CARGO_PKG_NAME"))
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .short_description(multiformat(env!("CARGO_PKG_DESCRIPTION")))
        .rules(rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>())
        .build();
    Tool::builder().driver(driver).build()
}

fn descriptor(rule: &Rule) -> ReportingDescriptor {
    let about = first_paragraph(rule.text());
    let help = MultiformatMessageString::builder()
        .text(format!("{about}\nlearn more: ssoctl explain {}", rule.code))
        .markdown(rule.text())
        .build();
    let level = Value::from(level(rule.severity).to_string());
    ReportingDescriptor::builder()
        .id(rule.code)
        .name(pascal_case(rule.name))
        .short_description(multiformat(rule.summary))
        .full_description(multiformat(&about))
        .help(help)
        .default_configuration(ReportingConfiguration::builder().level(level).build())
        .properties(PropertyBag::builder().tags(tags(rule)).build())
        .build()
}

/// What the rule is about: the letters of its code say whose it is.
fn tags(rule: &Rule) -> Vec<String> {
    let family = rule.code.trim_end_matches(|c: char| c.is_ascii_digit());
    vec!["sso".to_owned(), family.to_ascii_lowercase()]
}

fn result(reported: &ReportedFinding, rules: &[&Rule]) -> sarif::Result {
    let finding = &reported.finding;
    let problem = &finding.problem;
    let fingerprint = (FINGERPRINT.to_owned(), reported.fingerprint.clone());
    let mut result = sarif::Result::builder()
        .rule_id(finding.rule.code)
        .level(level(finding.severity))
        .message(message(&words::explained(reported)))
        .locations([main_location(&problem.place)])
        .partial_fingerprints(BTreeMap::from([fingerprint]))
        .build();
    let index = rules.iter().position(|rule| rule.code == finding.rule.code);
    result.rule_index = index.map(number);
    let related: Vec<Location> = problem.related.iter().zip(1..).map(related_location).collect();
    result.related_locations = (!related.is_empty()).then_some(related);
    result.fixes = problem.fix.as_ref().and_then(fix).map(|fix| vec![fix]);
    result
}

fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Error => ResultLevel::Error,
        Severity::Warning => ResultLevel::Warning,
        Severity::Info => ResultLevel::Note,
    }
}

fn main_location(place: &Place) -> Location {
    let mut location = Location::builder().physical_location(physical(place)).build();
    let path = place.path.to_string();
    if !path.is_empty() {
        let path = printable(&path).into_owned();
        let setting =
            LogicalLocation::builder().fully_qualified_name(path).kind("property").build();
        location.logical_locations = Some(vec![setting]);
    }
    location
}

fn related_location((related, id): (&Related, i64)) -> Location {
    Location::builder()
        .id(id)
        .physical_location(physical(&related.place))
        .message(message(&related.message))
        .build()
}

fn physical(place: &Place) -> PhysicalLocation {
    let artifact = artifact(place.source.name());
    let mut location = PhysicalLocation::builder().artifact_location(artifact).build();
    // Lines of what was decoded are none of the file.
    location.region = (!place.source.is_decoded()).then(|| region(place));
    location
}

/// A text region (section 3.30.2): its end column is the one after the last character.
fn region(place: &Place) -> Region {
    let (start, end) = words::extent(place);
    Region::builder()
        .start_line(number(start.line))
        .start_column(number(start.column))
        .end_line(number(end.line))
        .end_column(number(end.column))
        .build()
}

fn fix(fix: &Fix) -> Option<sarif::Fix> {
    let changes = fix.edits.chunk_by(|one, other| one.source.name() == other.source.name());
    let changes: Vec<ArtifactChange> = changes.filter_map(change).collect();
    let safety = match fix.safety {
        Safety::Safe => "safe",
        Safety::Unsafe => "unsafe",
    };
    let safety = BTreeMap::from([("safety".to_owned(), Value::from(safety))]);
    (!changes.is_empty()).then(|| {
        sarif::Fix::builder()
            .description(message(&fix.title))
            .artifact_changes(changes)
            .properties(PropertyBag::builder().additional_properties(safety).build())
            .build()
    })
}

fn change(edits: &[Edit]) -> Option<ArtifactChange> {
    let source = &edits.first()?.source;
    let replacements: Vec<Replacement> = edits.iter().map(replacement).collect();
    let change = ArtifactChange::builder()
        .artifact_location(artifact(source.name()))
        .replacements(replacements);
    Some(change.build())
}

/// The same stretch as text and as bytes, which do not depend on each other (section 3.30.4).
fn replacement(edit: &Edit) -> Replacement {
    let source = Arc::clone(&edit.source);
    let mut deleted = region(&Place { source, span: edit.span, path: KeyPath::default() });
    deleted.byte_offset = Some(number(edit.span.start));
    deleted.byte_length = Some(number(edit.span.end - edit.span.start));
    let mut replacement = Replacement::builder().deleted_region(deleted).build();
    let inserted = || ArtifactContent::builder().text(&*edit.text).build();
    replacement.inserted_content = (!edit.text.is_empty()).then(inserted);
    replacement
}

/// Where a file lies. The root is left for the reader to know (section 3.4.4): this code knows no
/// folders, and an absolute one would tell about the machine. What lies elsewhere names no root.
fn artifact(name: &str) -> ArtifactLocation {
    let uri = uri(name);
    let is_below_root = name != "-" && !uri.starts_with("..") && !uri.contains(':');
    let mut location = ArtifactLocation::builder().uri(uri).build();
    location.uri_base_id = is_below_root.then(|| "%SRCROOT%".to_owned());
    location
}

/// The URI of a file, relative if the name is (RFC 3986 section 4.2); a fetched document has its
/// own. Standard input is the name `-`, like everywhere.
fn uri(name: &str) -> String {
    if name.starts_with("https://") || name.starts_with("http://") {
        return encoded(name, ":/?#[]@!$&'()*+,;=%");
    }
    let path = if MAIN_SEPARATOR == '/' { name.to_owned() } else { name.replace('\\', "/") };
    if !Path::new(name).is_absolute() {
        return encoded(path.trim_start_matches("./").trim_start_matches('/'), "/");
    }
    format!("file:///{}", encoded(path.trim_start_matches('/'), "/:"))
}

/// Everything but the unreserved characters (RFC 3986 section 2.3) and some more, in percent
/// codes.
fn encoded(text: &str, kept: &str) -> String {
    let encode = |byte: u8| {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "-._~".contains(c) || (c.is_ascii() && kept.contains(c)) {
            c.to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(encode).collect()
}

/// Plain text: braces are doubled (section 3.11.5), and nothing is a link (section 3.11.6).
fn message(text: &str) -> Message {
    let text = text.replace('{', "{{").replace('}', "}}").replace("](", "] (");
    Message::builder().text(text).build()
}

fn multiformat(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

/// What a page says below its heading.
fn first_paragraph(page: &str) -> String {
    let body = page.split_once("\n\n").map_or(page, |(_, body)| body);
    let paragraph = body.split("\n\n").next().unwrap_or(body);
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name as GitHub shows it: `TenantIdAsHost`.
fn pascal_case(name: &str) -> String {
    let capitalised = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|c| c.to_ascii_uppercase().to_string() + chars.as_str())
    };
    name.split('-').filter_map(capitalised).collect()
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The name of our fingerprint and of how it is made.
const FINGERPRINT: &str = "ssoctl/v1";

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{artifact, first_paragraph, message, pascal_case, uri};

    fn decoded(uri: &str) -> Vec<u8> {
        let mut parts = uri.split('%');
        let mut decoded = parts.next().unwrap_or_default().as_bytes().to_vec();
        for part in parts {
            decoded.push(u8::from_str_radix(&part[..2], 16).expect("two digits follow"));
            decoded.extend(part[2..].bytes());
        }
        decoded
    }

    #[test]
    fn paths_become_uris() {
        for (name, wanted) in [
            ("auth_config.yml", "auth_config.yml"),
            ("./a/b c.yml", "a/b%20c.yml"),
            ("a:b#c?d%.yml", "a%3Ab%23c%3Fd%25.yml"),
            ("-", "-"),
            ("../up.yml", "../up.yml"),
            ("/etc/é.yml", "file:///etc/%C3%A9.yml"),
            ("https://idp.acme.test/a|b?c=d", "https://idp.acme.test/a%7Cb?c=d"),
        ] {
            assert_eq!(uri(name), wanted, "{name}");
        }
    }

    #[test]
    fn only_what_lies_below_the_root_names_it() {
        let base = |name: &str| artifact(name).uri_base_id;
        assert_eq!(base("a/b.yml").as_deref(), Some("%SRCROOT%"));
        for name in ["-", "../up.yml", "/etc/a.yml", "https://idp.acme.test/"] {
            assert_eq!(base(name), None, "{name}");
        }
    }

    #[test]
    fn names_are_in_pascal_case() {
        assert_eq!(pascal_case("tenant-id-as-host"), "TenantIdAsHost");
    }

    #[test]
    fn a_page_is_told_by_its_first_paragraph() {
        assert_eq!(first_paragraph("# A1: b\n\nc\nd e\n\n## Why\n"), "c d e");
    }

    #[test]
    fn a_message_has_neither_placeholders_nor_links() {
        let text = message("{0} [here](https://evil.test)").text;
        assert_eq!(text.as_deref(), Some("{{0}} [here] (https://evil.test)"));
    }

    proptest! {
        #[test]
        fn a_relative_name_comes_back_from_its_uri(name in any::<String>()) {
            let name = name.trim_start_matches(['.', '/']);
            assert_eq!(decoded(&uri(name)), name.as_bytes());
        }
    }
}
