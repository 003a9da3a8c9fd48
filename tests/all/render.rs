//! Reports in the forms that machines read: valid, and harmless whatever a file says.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use serde_json::Value;

use ssoctl::apps::App;
use ssoctl::deployment::FileKind;
use ssoctl::model::Protocol;
use ssoctl::problem::{Place, Problem};
use ssoctl::render::{Format, Style, render};
use ssoctl::report::{Judged, ProviderView, Report, Selection, TargetView};
use ssoctl::rule::{Finding, Severity};
use ssoctl::rules::rule;
use ssoctl::settings::Settings;
use ssoctl::source::{KeyPath, Source, Span};

/// What hostile files say: each would act in at least one of the forms.
const HOSTILE: [&str; 16] = [
    "\u{1b}[31mred\u{1b}[0m",
    "\u{202e}gnp.exe\u{2066}",
    "one\ntwo\r\n::error::three",
    "a|b \\| c \\\\| d",
    "::error file=x::y",
    "]]>",
    "<script>alert(1)</script>",
    "%0A::warning::z",
    "![i](https://evil.test/i.png) [l](https://evil.test) {0}",
    "@everyone and octo@evil.test, www.evil.test or https://evil.test #1 GH-1",
    "`code` ``more` <!-- x",
    "</failure><testcase name=\"x\"/>&amp;&#0;",
    "\u{0}\u{8}\u{fffe}\u{ffff}\u{85}\u{2028}",
    "a,b:c=d",
    "*b* _i_ ~s~ $m$ :smile: 0a1b2c3d4e",
    "日本語 😀 Zoë",
];

/// A file with a two-line value and characters of one to four bytes before its end.
const TEXT: &str = "sso:\n  é😀: value\n  cert: |\n    AAA\n    BBB\n";

/// Everything a report can hold, with `words` wherever words of a file can stand.
struct Case<'w> {
    path: &'w str,
    words: &'w str,
    severity: Severity,
    strict: bool,
}

impl Case<'_> {
    fn report(&self) -> Report {
        let source = Arc::new(Source::new(self.path, TEXT.to_owned()));
        let place = |part: &str| {
            let start = TEXT.find(part).expect("the part stands in the text");
            let span = Span::new(start, start + part.len());
            let path = KeyPath::default().key("sso").key(self.words);
            Place { source: Arc::clone(&source), span, path }
        };
        let problem = |part: &str| {
            Problem::new(format!("wrong: {}", self.words), place(part))
                .label(self.words)
                .why(format!("because {}", self.words))
                .remedy(self.words)
                .note(self.words)
                .related(place("cert"), self.words)
        };
        let value = TEXT.find("value").expect("it is there");
        let edits = vec![(Span::new(value, value + 5), self.words.to_owned())];
        let problems = [
            problem("value").safe_fix(self.words, edits),
            problem("AAA\n    BBB"),
            Problem::new("nothing stands here", Place { span: Span::at(0), ..place("sso") }),
        ];
        let rule = rule("CVAT010").expect("the rule exists");
        let finding = |problem| Finding { rule, severity: self.severity, problem };
        self.judged(problems.map(finding).into())
    }

    fn judged(&self, findings: Vec<Finding>) -> Report {
        let settings = Settings::default();
        let selection = Selection {
            select: Vec::new(),
            ignore: Vec::new(),
            severities: std::collections::BTreeMap::new(),
            strict: self.strict,
            baseline: None,
            settings: &settings,
        };
        let at = "2026-11-22T10:00:00Z".parse().expect("it is an instant");
        let judged = Judged { view: Some(self.view()), findings, suppressions: Vec::new() };
        Report::new("validate", at, vec![judged], &selection)
    }

    fn view(&self) -> TargetView {
        let shown = ssoctl::source::printable(self.words).into_owned();
        let provider = ProviderView {
            id: shown.clone(),
            protocol: Some(Protocol::Saml),
            idp: "Okta",
            chosen_by: shown.clone(),
            callback: Some(format!("…/{shown}/acs/")),
            entity_id: Some(format!("…/{shown}/metadata/")),
        };
        TargetView {
            path: self.path.to_owned(),
            app: App::by_id("cvat").expect("the application exists"),
            kind: FileKind::Configuration,
            is_switched_off: false,
            chosen: "chosen by e-mail domain".to_owned(),
            providers: vec![provider],
            has_base_url: false,
        }
    }
}

fn error(words: &str) -> Case<'_> {
    Case { path: "auth_config.yml", words, severity: Severity::Error, strict: false }
}

/// Reports for hostile words, as words and as the name of the file, at every severity; each also
/// without a finding.
fn hostile_reports() -> Vec<Report> {
    let mut reports = Vec::new();
    for words in HOSTILE {
        for severity in Severity::ALL {
            for path in ["auth_config.yml", words] {
                let case = Case { path, words, severity, strict: severity == Severity::Warning };
                reports.push(case.report());
                reports.push(case.judged(Vec::new()));
            }
        }
    }
    reports
}

fn rendered(report: &Report, format: Format, verbose: bool) -> String {
    let style = Style { format, colour: false, verbose, quiet: false, columns: 100 };
    let mut out = Vec::new();
    render(report, style, &mut out).expect("a Vec takes every write");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn sarif(report: &Report) -> Value {
    let text = rendered(report, Format::Sarif, false);
    serde_json::from_str(&text).expect("SARIF is JSON")
}

/// The official schema, from the source of the crate that was made from it.
fn sarif_schema() -> jsonschema::Validator {
    let text = std::fs::read_to_string(sarif_crate().join("src/schema.json"))
        .expect("the crate holds the schema");
    // Two patterns hold a bracket that only the lax dialect of ECMA-262 (annex B) takes as itself.
    let text = text.replace("{2}]?$", r"{2}\\]?$");
    let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    let title = schema["title"].as_str().unwrap_or_default();
    assert!(title.contains("SARIF") && title.contains("2.1.0"), "another schema: {title}");
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("the schema can be used")
}

fn sarif_crate() -> PathBuf {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo says so");
    let metadata = cargo(&[
        "metadata",
        "--format-version=1",
        "--offline",
        "--manifest-path",
        concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        "--filter-platform",
        host,
    ]);
    let metadata: Value = serde_json::from_str(&metadata).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif");
    let manifest = package.and_then(|package| package["manifest_path"].as_str());
    let manifest = PathBuf::from(manifest.expect("serde-sarif is a dependency"));
    manifest.parent().expect("a manifest lies in a folder").to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}

#[test]
fn sarif_is_valid_whatever_a_file_says() {
    let schema = sarif_schema();
    let names = ["-", "/etc/a b.yml", "../up:x.yml", "a%b#c?.yml", "https://idp.acme.test/x|y"];
    let other_reports = names.map(|path| Case { path, ..error("x") }.report());
    for report in hostile_reports().iter().chain(&other_reports) {
        let log = sarif(report);
        let errors: Vec<String> =
            schema.iter_errors(&log).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn the_sarif_schema_is_really_applied() {
    let mut log = sarif(&error("x").report());
    log["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!sarif_schema().is_valid(&log));
}

#[test]
fn a_sarif_result_tells_place_rule_and_fingerprint() {
    let report = error("x").report();
    let log = sarif(&report);
    let run = &log["runs"][0];
    let result = &run["results"][1];
    let region = &result["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        *region,
        serde_json::json!(
            {"startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 12}
        )
    );
    let index = result["ruleIndex"].as_u64().and_then(|n| usize::try_from(n).ok());
    let rule = &run["tool"]["driver"]["rules"][index.expect("there is an index")];
    assert_eq!((&rule["id"], &rule["name"]), (&"CVAT010".into(), &"TenantIdAsHost".into()));
    assert_eq!(result["ruleId"], rule["id"]);
    let fingerprint = report.findings[1].fingerprint.as_str();
    assert_eq!(result["partialFingerprints"]["ssoctl/v1"], fingerprint);
    let text = result["message"]["text"].as_str().expect("there is a text");
    assert_eq!(text, "wrong: x\nx\nbecause x\nfix: x\nx");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
}

#[test]
fn a_sarif_fix_names_the_bytes_of_the_text() {
    let log = sarif(&error("x").report());
    let change = &log["runs"][0]["results"][1]["fixes"][0]["artifactChanges"][0];
    let deleted = &change["replacements"][0]["deletedRegion"];
    let number = |name: &str| {
        let number = deleted[name].as_u64().and_then(|n| usize::try_from(n).ok());
        number.expect("it is a number")
    };
    let start = number("byteOffset");
    assert_eq!(&TEXT[start..start + number("byteLength")], "value");
    assert_eq!(change["replacements"][0]["insertedContent"]["text"], "x");
}

#[test]
fn every_sarif_rule_is_described_and_every_result_has_a_place() {
    let log = sarif(&error("x").report());
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("there are rules");
    assert_eq!(rules.len(), ssoctl::rules::all().count());
    for rule in rules {
        let about = rule["fullDescription"]["text"].as_str().unwrap_or_default();
        assert!(about.len() > 12 && !about.starts_with('#'), "{}: {about}", rule["id"]);
    }
    let results = run["results"].as_array().expect("there are results");
    let has_place = |result: &Value| result["locations"].as_array().is_some_and(|l| !l.is_empty());
    assert!(results.len() == 3 && results.iter().all(has_place));
}

#[test]
fn clean_sarif_has_an_empty_list_and_succeeded() {
    let log = sarif(&error("x").judged(Vec::new()));
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn github_prints_one_command_a_finding_and_nothing_when_clean() {
    let text = rendered(&error("x").report(), Format::Github, false);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[1],
        "::error file=auth_config.yml,line=2,col=7,endLine=2,endColumn=12,\
        title=CVAT010 tenant-id-as-host::wrong: x%0Ax%0Abecause x%0Afix: x%0Ax"
    );
    assert!(lines[2].starts_with("::error file=auth_config.yml,line=4,endLine=5,title="));
    assert_eq!(rendered(&error("x").judged(Vec::new()), Format::Github, true), "");
}

#[test]
fn github_prints_info_findings_only_when_everything_is_told() {
    let report = Case { severity: Severity::Info, ..error("x") }.report();
    assert_eq!(rendered(&report, Format::Github, false), "");
    let told = rendered(&report, Format::Github, true);
    assert!(told.lines().all(|line| line.starts_with("::notice file=")) && !told.is_empty());
}

#[test]
fn github_prints_no_command_of_a_file() {
    for report in hostile_reports() {
        let text = rendered(&report, Format::Github, true);
        assert_eq!(text.lines().count(), report.findings.len(), "{text}");
        for line in text.split_terminator('\n') {
            let (head, message) = line[2..].split_once("::").expect("a command has a message");
            let (_, properties) = head.split_once(' ').expect("a command has properties");
            assert!(!message.contains(['\r', '\n']), "{line}");
            let names: Vec<&str> = properties
                .split(',')
                .filter_map(|property| Some(property.split_once('=')?.0))
                .collect();
            let known = ["file", "line", "col", "endLine", "endColumn", "title"];
            assert_eq!(names.len(), properties.split(',').count(), "{line}");
            assert!(names.iter().all(|name| known.contains(name)), "{line}");
        }
    }
}

fn junit(report: &Report) -> quick_junit::Report {
    let text = rendered(report, Format::Junit, true);
    quick_junit::Report::deserialize_from_str(&text).expect("JUnit can be read back")
}

fn has_failed(case: &quick_junit::TestCase) -> bool {
    matches!(case.status, quick_junit::TestCaseStatus::NonSuccess { .. })
}

#[test]
fn junit_fails_exactly_where_the_run_fails() {
    for severity in Severity::ALL {
        for strict in [false, true] {
            let report = Case { severity, strict, ..error("x") }.report();
            let suites = junit(&report).test_suites;
            let failed =
                suites.iter().flat_map(|suite| &suite.test_cases).filter(|c| has_failed(c));
            assert_eq!(failed.count() > 0, report.fails(), "{severity} {strict}");
        }
    }
}

#[test]
fn junit_has_one_passing_case_for_a_clean_file() {
    let document = junit(&error("x").judged(Vec::new()));
    let [suite] = document.test_suites.as_slice() else { panic!("bug: one file, one suite") };
    assert_eq!((suite.name.as_str(), suite.tests, suite.failures), ("auth_config.yml", 1, 0));
    assert!(!has_failed(&suite.test_cases[0]));
}

#[test]
fn junit_keeps_its_shape_whatever_a_file_says() {
    for report in hostile_reports() {
        let text = rendered(&report, Format::Junit, true);
        let is_legal = |c: char| matches!(c, '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert!(text.chars().all(is_legal) && !text.contains("]]>"), "{text}");
        let suites = junit(&report).test_suites;
        assert_eq!(suites.len(), 1, "{text}");
        assert_eq!(suites[0].test_cases.len(), report.findings.len().max(1), "{text}");
    }
}

#[test]
fn junit_names_differ_within_a_suite() {
    let suites = junit(&error("x").report()).test_suites;
    let names: std::collections::BTreeSet<_> =
        suites[0].test_cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), 3);
    assert!(names.contains("CVAT010 tenant-id-as-host at 2:7"), "{names:?}");
}

#[test]
fn markdown_tables_keep_their_five_cells() {
    for report in hostile_reports() {
        let text = rendered(&report, Format::Markdown, true);
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
        let wanted = if report.findings.is_empty() { 0 } else { report.findings.len() + 2 };
        assert_eq!(rows.len(), wanted, "{text}");
        assert!(rows.iter().all(|row| row.matches('|').count() == 6), "{text}");
    }
}

#[test]
fn markdown_shows_what_a_file_says_in_code_only() {
    for report in hostile_reports() {
        let text = rendered(&report, Format::Markdown, true).replace("&#124;", " ");
        for line in text.lines().filter(|line| !line.starts_with("| ---")) {
            let outside = outside_code(line);
            let has_markup = outside.contains(['<', '>', '[', ']', '@', '*', '_', '~', '$', '\\']);
            let has_address = ["://", "www.", "evil.test"].iter().any(|a| outside.contains(a));
            assert!(!has_markup && !has_address, "{outside}\n{line}");
        }
    }
}

/// A line without its code spans (GFM section 6.3); every span must end.
fn outside_code(line: &str) -> String {
    let fence = |text: &str| text.len() - text.trim_start_matches('`').len();
    let (mut outside, mut rest) = (String::new(), line);
    while let Some(start) = rest.find('`') {
        outside.push_str(&rest[..start]);
        let length = fence(&rest[start..]);
        rest = &rest[start + length..];
        loop {
            let at = rest.find('`').unwrap_or_else(|| panic!("a code span does not end: {line}"));
            let found = fence(&rest[at..]);
            rest = &rest[at + found..];
            if found == length {
                break;
            }
        }
    }
    outside + rest
}

#[test]
fn markdown_says_what_was_understood_when_nothing_is_wrong() {
    let text = rendered(&error("okta").judged(Vec::new()), Format::Markdown, false);
    assert_eq!(
        text,
        "## ssoctl: no problems in 1 file\n\n\
        - `auth_config.yml`: CVAT, 1 provider\n  \
        - `okta`: SAML, Okta, `okta`, ACS `…/okta/acs/`, entity id `…/okta/metadata/`\n\n"
    );
}

#[test]
fn markdown_counts_info_findings_until_everything_is_told() {
    let report = Case { severity: Severity::Info, ..error("x") }.report();
    let text = rendered(&report, Format::Markdown, false);
    assert!(text.contains("3 notes (shown with `-v`)") && !text.contains("| info"), "{text}");
    assert!(rendered(&report, Format::Markdown, true).contains("| info | 2:7 |"));
}

#[test]
fn no_form_lets_a_dangerous_character_through() {
    let formats = [Format::Json, Format::Sarif, Format::Github, Format::Junit, Format::Markdown];
    for report in hostile_reports() {
        for format in formats {
            let text = rendered(&report, format, true);
            let dangerous = |c: char| c != '\n' && ssoctl::source::is_unprintable(c);
            assert!(!text.contains(dangerous), "{format:?}: {text:?}");
        }
    }
}
