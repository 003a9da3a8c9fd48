//! The commands beside `validate`, in this process.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value as Json;
use ssoctl::apps;
use ssoctl::rule::Rule;
use ssoctl::rules;

use crate::run::ssoctl;

const COMMANDS: &[&str] = &[
    "check",
    "completions",
    "convert",
    "decode-assertion",
    "decode-token",
    "demo",
    "explain",
    "init",
    "man",
    "rules",
    "schema",
    "setup",
    "sp-metadata",
    "validate",
];

// explain

#[test]
fn a_code_that_no_rule_has_is_explained_as_nothing_else() {
    let run = ssoctl(&["explain", "SIG404"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("nothing is known under `SIG404`"), "{}", run.stderr);
    assert_eq!(ssoctl(&["explain", "404"]).code, 0, "a status is no code");
}

#[test]
fn answers_of_identity_providers_are_explained_and_unknown_numbers_are_told_as_such() {
    for (words, says) in [
        ("urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext", "let the application ask for no"),
        ("NoAuthnContext", "SAML 2.0 status"),
        ("AADSTS75011", "another method"),
        ("MSIS7070", "Label Studio asks for transient"),
        ("invalid_client", "OAuth 2.0 error"),
        ("Invalid requester", "Client signature required"),
        ("403 app_not_configured_for_user", "Google"),
    ] {
        let page = ssoctl(&["explain", words]);
        assert_eq!(page.code, 0, "{words}");
        assert!(page.stdout.contains(says), "{words}: {}", page.stdout);
    }
    let unknown = ssoctl(&["explain", "AADSTS999999"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("https://login.microsoftonline.com/error?code=999999"));
}

#[test]
fn errors_name_rules_that_exist() {
    for error in apps::errors::all() {
        for code in &error.rules {
            assert!(rules::rule(code).is_some(), "{code} of {:?}", error.names);
        }
    }
}

#[test]
fn every_rule_is_explained_by_code_in_any_case_and_by_name() {
    for rule in all_rules() {
        let page = ssoctl(&["explain", rule.code]);
        assert_eq!((page.code, page.stderr.as_str()), (0, ""), "{}", rule.code);
        assert!(page.stdout.starts_with(&format!("{}: {}\n", rule.code, rule.name)));
        let last =
            format!("Severity: {}. Name: {}. Since {}.\n", rule.severity, rule.name, rule.since);
        assert!(page.stdout.ends_with(&last), "{}", rule.code);
        for other in [rule.code.to_lowercase().as_str(), rule.name] {
            assert_eq!(ssoctl(&["explain", other]).stdout, page.stdout, "{other}");
        }
    }
}

#[test]
fn a_page_is_shown_whole_and_its_examples_without_the_marks_of_its_tests() {
    for rule in all_rules() {
        let page = ssoctl(&["explain", rule.code]).stdout;
        let is_of_family = !rule.page.starts_with(&format!("# {}: ", rule.code));
        let headings: &[&str] = if is_of_family {
            &["Why", "What to do", "References"]
        } else {
            &["Why", "Bad", "Good", "Who is affected", "References"]
        };
        for heading in headings {
            assert!(page.lines().any(|line| line == *heading), "{} {heading}", rule.code);
        }
        assert!(!page.contains("```"), "{}", rule.code);
        let marks =
            rule.page.lines().filter(|line| line.contains('^') && line.ends_with(rule.code));
        let carets = page.lines().filter(|line| line.trim().trim_matches('^').is_empty());
        let carets = carets.filter(|line| line.contains('^'));
        assert_eq!(carets.count(), marks.count(), "{}", rule.code);
    }
}

#[test]
fn a_mark_stands_below_what_it_is_about() {
    let page = ssoctl(&["explain", "CVAT004"]).stdout;
    let lines: Vec<&str> = page.lines().collect();
    let at = lines.iter().position(|line| line.ends_with("protocol: oidc")).expect("an example");
    assert_eq!(lines[at].find("oidc"), lines[at + 1].find('^'));
}

#[test]
fn every_setting_is_explained_by_key_and_by_key_path() {
    let app = &apps::all()[0];
    for card in app.settings.iter().chain(&app.provider_settings).chain(&app.fields) {
        if rules::rule(&card.key).is_some() {
            continue;
        }
        let page = ssoctl(&["explain", &card.key]);
        assert!(
            page.stdout.starts_with(&format!("{}: ", card.key)),
            "{}: {}",
            card.key,
            page.stderr
        );
        assert_eq!(page.code, 0);
        let path = format!("sso.identity_providers.{}", card.key);
        assert_eq!(ssoctl(&["explain", &path]).stdout, page.stdout);
    }
    let choice = ssoctl(&["explain", "selection_mode"]).stdout;
    assert!(choice.contains("One of: email_address, lowest_weight"), "{choice}");
    assert!(choice.contains("CVAT003"), "the rules about it are named: {choice}");
}

#[test]
fn words_find_the_pages_that_hold_all_of_them() {
    let found = ssoctl(&["explain", "Trailing", "SLASH"]);
    assert_eq!(found.code, 0);
    assert_eq!(
        ssoctl(&["explain", "trailing slash"]).stdout.to_lowercase(),
        found.stdout.to_lowercase()
    );
    let codes: Vec<&str> =
        found.stdout.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    assert!(codes.contains(&"CVAT011"), "{}", found.stdout);
    for code in codes {
        let page = rules::rule(code).expect("a rule").page.to_lowercase();
        assert!(page.contains("trailing") && page.contains("slash"), "{code}");
    }
}

#[test]
fn what_nobody_knows_is_refused_with_the_nearest_name() {
    for (what, hint) in [
        ("CVATO10", "did you mean CVAT010?"),
        ("tenant-id-as-hots", "did you mean tenant-id-as-host?"),
        ("zebra crossing", "`ssoctl rules` lists every rule"),
    ] {
        let run = ssoctl(&["explain", what]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{what}");
        assert!(
            run.stderr.contains(&format!("`{what}`")) && run.stderr.contains(hint),
            "{}",
            run.stderr
        );
    }
    let hostile = ssoctl(&["explain", "\u{1b}[31m"]);
    assert!(hostile.code == 2 && !hostile.stderr.contains('\u{1b}'), "{}", hostile.stderr);
}

// rules

#[test]
fn the_list_of_rules_says_the_same_as_text_and_as_json() {
    let text = ssoctl(&["rules"]);
    let json: Json =
        serde_json::from_str(&ssoctl(&["rules", "--format", "json"]).stdout).expect("JSON");
    let rows = json.as_array().expect("a list");
    assert_eq!(
        (text.code, text.stdout.lines().count(), rows.len()),
        (0, rows.len(), all_rules().count())
    );
    for ((line, row), rule) in text.stdout.lines().zip(rows).zip(all_rules()) {
        let mut words = line.split_whitespace();
        for (key, value) in
            [("code", rule.code), ("severity", rule.severity.word()), ("name", rule.name)]
        {
            assert_eq!(words.next(), Some(value), "{line}");
            assert_eq!(row[key], value);
        }
        assert!(line.ends_with(rule.summary) && row["summary"] == rule.summary, "{line}");
        assert!(root().join(row["help"].as_str().expect("a path")).is_file(), "{row}");
    }
}

// schema

#[test]
fn each_schema_is_printed_as_it_is_published() {
    for (which, file) in [
        ("cvat", "cvat-auth-config.schema.json"),
        ("report", "report.schema.json"),
        ("setup", "setup.schema.json"),
        ("ssoctl-toml", "ssoctl-toml.schema.json"),
    ] {
        let run = ssoctl(&["schema", which]);
        assert_eq!(run.code, 0);
        assert_eq!(
            run.stdout,
            fs::read_to_string(root().join("schemas").join(file)).expect("a file")
        );
        let schema: Json = serde_json::from_str(&run.stdout).expect("JSON");
        jsonschema::draft202012::new(&schema).expect("a schema");
    }
}

// demo

#[test]
fn the_demo_needs_no_file_succeeds_and_shows_what_is_wrong() {
    let run = ssoctl(&["demo"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for line in ["demo/auth_config.yml:4:3", "error[CVAT010]", "ssoctl validate auth_config.yml"] {
        assert!(run.stdout.contains(line), "{line}: {}", run.stdout);
    }
    assert!(!run.stdout.contains("0071524360"), "its secret is not shown");
    assert!(ssoctl(&["demo", "-v"]).stdout.contains("info["));
    assert!(!run.stdout.contains("info["));
}

#[test]
fn the_demo_comes_in_every_form_and_its_findings_are_those_of_the_fixture() {
    let json = ssoctl(&["demo", "--format", "json"]).stdout;
    let report: Json = serde_json::from_str(&json).expect("nothing but JSON");
    assert_eq!(report["command"], "demo");
    let found: BTreeSet<(u64, String)> = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|found| {
            (
                found["line"].as_u64().expect("a line"),
                found["code"].as_str().expect("a code").to_owned(),
            )
        })
        .collect();
    let expected =
        fs::read_to_string(root().join("fixtures/cvat/demo/expected.txt")).expect("a file");
    let expected: BTreeSet<(u64, String)> = expected
        .lines()
        .filter_map(|line| {
            let mut words = line.trim_start_matches("info:").split_whitespace();
            Some((words.next()?.parse().expect("a line"), words.next()?.to_owned()))
        })
        .collect();
    assert_eq!(found, expected);
    let sarif: Json =
        serde_json::from_str(&ssoctl(&["demo", "--format", "sarif"]).stdout).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
}

// completions, man

#[test]
fn completions_for_every_shell_know_commands_and_flags() {
    let mut scripts = BTreeSet::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = ssoctl(&["completions", shell]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{shell}");
        for word in COMMANDS.iter().chain(&["unsafe-fixes", "skip-unrecognised"]) {
            assert!(run.stdout.contains(word), "{shell} does not know {word}");
        }
        scripts.insert(run.stdout);
    }
    assert_eq!(scripts.len(), 5);
    let unknown = ssoctl(&["completions", "tcsh"]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (2, ""));
}

#[test]
fn manual_pages_are_printed_or_written_one_for_each_command() {
    let page = ssoctl(&["man"]);
    assert!(page.code == 0 && page.stdout.contains(".TH ssoctl 1"), "{}", page.stdout);
    let folder = tempfile::tempdir().expect("a folder");
    let run = ssoctl(&["man", "--dir", folder.path().to_str().expect("UTF-8")]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    let read = |name: String| fs::read_to_string(folder.path().join(name)).expect("a page");
    assert_eq!(read("ssoctl.1".to_owned()), page.stdout);
    for command in COMMANDS {
        assert!(read(format!("ssoctl-{command}.1")).contains(&format!(".TH ssoctl-{command} 1")));
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), COMMANDS.len() + 1);
    assert!(read("ssoctl-validate.1".to_owned()).contains("unsafe\\-fixes"));
}

#[test]
fn manual_pages_are_not_written_where_no_folder_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("none");
    let run = ssoctl(&["man", "--dir", missing.to_str().expect("UTF-8")]);
    assert_eq!((run.code, run.stdout.as_str(), missing.exists()), (2, "", false));
    assert!(run.stderr.starts_with("ssoctl: cannot write"), "{}", run.stderr);
}

// Usage.

#[test]
fn usage_errors_are_told_beside_the_output() {
    for arguments in [
        &["frobnicate"][..],
        &["--frobnicate"],
        &["validate", "--frobnicate"],
        &["validate", "--format", "xml"],
        &["validate", "--app", "gitlab"],
        &["validate", "--warn-days", "-1"],
        &["validate", "--warn-days", "soon"],
        &["validate", "--at", "noon"],
        &["validate", "--write-baseline"],
        &["validate", "-q", "-v"],
        &["validate", "--color", "blue"],
        &["explain"],
        &["schema"],
        &["schema", "gitlab"],
        &["completions"],
        &["rules", "extra"],
    ] {
        let run = ssoctl(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.starts_with("error: "), "{arguments:?}: {}", run.stderr);
    }
    assert!(ssoctl(&["validat"]).stderr.contains("'validate'"), "the nearest command is named");
}

#[test]
fn flags_are_not_taken_for_what_they_only_begin_like() {
    for arguments in [["validate", "--strct"], ["validate", "--unsafe"], ["validate", "--skip"]] {
        assert_eq!(ssoctl(&arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn version_and_help_are_output() {
    let version = ssoctl(&["--version"]);
    let expected = format!("ssoctl {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!((version.code, version.stdout, version.stderr.as_str()), (0, expected, ""));
    let help = ssoctl(&["--help"]);
    assert_eq!((help.code, help.stderr.as_str()), (0, ""));
    for command in COMMANDS {
        assert!(help.stdout.contains(&format!("\n  {command} ")), "{command}: {}", help.stdout);
        for flag in ["-h", "--help"] {
            let own = ssoctl(&[command, flag]);
            assert!(
                own.code == 0 && own.stdout.contains(&format!("Usage: ssoctl {command}")),
                "{command}"
            );
        }
    }
    let validate = ssoctl(&["validate", "--help"]).stdout;
    assert!(
        validate.contains("Exit codes: 0 clean") && validate.contains("Examples:"),
        "{validate}"
    );
}

// Open: what these say is not yet so.

#[test]
fn nothing_to_explain_is_refused() {
    for what in ["", "  "] {
        let run = ssoctl(&["explain", what]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{what:?}");
    }
}

#[test]
fn the_manual_page_of_a_command_is_called_as_it_is_typed() {
    let folder = tempfile::tempdir().expect("a folder");
    ssoctl(&["man", "--dir", folder.path().to_str().expect("UTF-8")]);
    let page = fs::read_to_string(folder.path().join("ssoctl-validate.1")).expect("a page");
    let synopsis = page.split(".SH SYNOPSIS").nth(1).expect("a synopsis");
    assert!(synopsis.trim_start().starts_with("\\fBssoctl validate\\fR"), "{synopsis:.80}");
}

fn all_rules() -> impl Iterator<Item = &'static Rule> {
    rules::all()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn content_in_the_place_of_a_file_name_is_never_shown() {
    let key = "-----BEGIN PRIVATE KEY-----\nMIIhush\n-----END PRIVATE KEY-----\n";
    let runs: [&[&str]; 9] = [
        &["decode-assertion", "x.xml", "--key", key],
        &["decode-token", "x.jwt", "--jwks", r#"{"keys": [{"d": "hush"}]}"#],
        &["decode-token", "eyJhbGciOiJub25lIn0.e30.", "--client-secret-file", "hunter2hush"],
        &["decode-token", "--userinfo", r#"{"access_token": "hush"}"#, "eyJhbGciOiJub25lIn0.e30."],
        &["validate", key],
        &["validate", "client_secret: hush"],
        &["validate", "x.yml", "--env-file", "SECRET_KEY=hush"],
        &["convert", "CLEARML_SECRET=hush", "--to", "helm"],
        &["check", "x.yml", "--ca", key],
    ];
    for arguments in runs {
        let run = ssoctl(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        assert!(!run.stderr.contains("hush"), "{arguments:?}: {}", run.stderr);
    }
    let run = ssoctl(&["validate", "no-such-file.yml"]);
    assert!(run.stderr.contains("no-such-file.yml"), "{}", run.stderr);
}
