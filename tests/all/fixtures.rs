//! The samples of the applications' own guides: every trap is reported on its line, every corrected
//! twin is clean. Expectations were written by reading, not by running.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{NOW, findings, ssoctl, ssoctl_with, write};

#[test]
fn every_sample_gives_the_findings_that_were_expected_by_reading() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for expected in roots().iter().flat_map(|root| below(root, "expected.txt")) {
        count += 1;
        let (found, wanted) = (found_in(expected.parent().expect("a folder")), wanted(&expected));
        if found != wanted {
            let missing: Vec<_> = wanted.difference(&found).collect();
            let surplus: Vec<_> = found.difference(&wanted).collect();
            wrong.push(format!("{}: missing {missing:?}, surplus {surplus:?}", expected.display()));
        }
    }
    assert!(count > 20, "only {count} expectations were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn corrected_twins_have_neither_errors_nor_warnings() {
    let mut count = 0;
    for folder in roots().iter().flat_map(|root| folders(root)) {
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with("corrected") {
            count += 1;
            let grave: Vec<_> =
                found_in(&folder).into_iter().filter(|(.., severity)| severity != "info").collect();
            assert!(grave.is_empty(), "{}: {grave:?}", folder.display());
        }
    }
    assert!(count >= 10, "only {count} corrected twins were found");
}

#[test]
fn no_fixture_cut_at_any_byte_or_with_a_byte_flipped_panics() {
    for file in below(&root(), "auth_config.yml") {
        let bytes = fs::read(&file).expect("a file");
        for end in (0..bytes.len()).step_by(7) {
            judge_bytes(&bytes[..end]);
            let mut flipped = bytes.clone();
            flipped[end] ^= 0x15;
            judge_bytes(&flipped);
        }
    }
}

#[test]
fn no_secret_of_any_fixture_reaches_any_output() {
    let formats = ["text", "json", "sarif", "github", "junit", "markdown"];
    for file in below(&root(), "auth_config.yml") {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let secrets: Vec<&str> = text.lines().filter_map(secret_on_line).collect();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("auth_config.yml");
        write(&path, text.as_bytes(), 0o644);
        let path = path.to_str().expect("UTF-8");
        for format in formats {
            let run = ssoctl(&["validate", "-v", "--at", NOW, "--format", format, path]);
            let diff = ssoctl(&["validate", "--unsafe-fixes", "--diff", path]);
            for secret in &secrets {
                for output in [&run.stdout, &run.stderr, &diff.stdout] {
                    assert!(
                        !output.contains(secret),
                        "{format} shows {secret} of {}",
                        file.display()
                    );
                }
            }
        }
    }
}

/// A secret long enough to be told from words that stand in messages.
fn secret_on_line(line: &str) -> Option<&str> {
    let (key, value) = line.split_once(": ")?;
    let value = value.trim().trim_matches(['"', '\'']);
    (key.trim() == "client_secret"
        && value.len() >= 8
        && !value.starts_with(['<', '!', '$', '{', 'E']))
    .then_some(value)
}

fn judge_bytes(bytes: &[u8]) {
    let run = ssoctl_with(&["validate", "--app", "cvat", "--at", NOW, "-"], bytes);
    assert!(run.code <= 2, "{}", run.stderr);
}

#[test]
fn no_settings_of_label_studio_cut_or_with_a_byte_flipped_panic() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/label-studio");
    for file in below(&root, "label-studio-saml.json") {
        let bytes = fs::read(&file).expect("a file");
        for end in (0..bytes.len()).step_by(11) {
            let mut flipped = bytes.clone();
            flipped[end] ^= 0x15;
            for bytes in [&bytes[..end], &flipped] {
                let run = ssoctl_with(&["validate", "--app", "label-studio", "-"], bytes);
                assert!(run.code <= 2, "{}", run.stderr);
            }
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The folders of the applications whose samples have expectations.
fn roots() -> [PathBuf; 4] {
    ["cvat", "clearml", "label-studio", "calabi"]
        .map(|app| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(app))
}

fn calabi() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/calabi")
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut below: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    below.sort();
    let deeper: Vec<PathBuf> = below.iter().flat_map(|folder| folders(folder)).collect();
    below.extend(deeper);
    below
}

fn below(root: &Path, name: &str) -> Vec<PathBuf> {
    folders(root)
        .into_iter()
        .map(|folder| folder.join(name))
        .filter(|path| path.is_file())
        .collect()
}

/// Line, code and severity of what is found in a folder, laid out where git does not keep it.
fn found_in(folder: &Path) -> BTreeSet<(u64, String, String)> {
    let copy = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name");
        if path.is_file() && name != "expected.txt" {
            write(&copy.path().join(name), &fs::read(&path).expect("a file"), 0o600);
        }
    }
    let found = findings(&["--at", NOW, copy.path().to_str().expect("UTF-8")]);
    found.into_iter().map(|found| (found.line, found.code, found.severity)).collect()
}

fn wanted(file: &Path) -> BTreeSet<(u64, String, String)> {
    let text = fs::read_to_string(file).expect("a file");
    let rows = text.lines().filter(|line| !line.trim().is_empty()).map(|line| {
        let (severity, rest) = match line.strip_prefix("info:") {
            Some(rest) => ("info", rest),
            None => ("", line),
        };
        let mut words = rest.split_whitespace();
        let line = words.next().and_then(|word| word.parse().ok()).expect("a line number");
        let code = words.next().expect("a code").to_owned();
        (line, code, words.next().unwrap_or(severity).to_owned())
    });
    rows.collect()
}

#[test]
fn a_secret_that_yaml_takes_for_something_else_is_not_shown_either() {
    let mark = "Zq7Wv9KpTr";
    let values = [
        "{Zq7Wv9KpTr}",
        "[Zq7Wv9KpTr, x]",
        "!Zq7Wv9KpTr",
        "!Zq7Wv9KpTr x",
        "*Zq7Wv9KpTr",
        "&Zq7Wv9KpTr",
        "&Zq7Wv9KpTr x",
        "#Zq7Wv9KpTr",
        "ab #Zq7Wv9KpTr",
        "\"Zq7Wv9KpTr",
        "'Zq7Wv9KpTr' x",
        "Zq7Wv9KpTr: x",
        "|\n        Zq7Wv9KpTr",
        "\"\\x5aq7Wv9KpTr\"",
        "0Zq7Wv9KpTr\n      client_secret: x",
        "%Zq7Wv9KpTr",
        "`Zq7Wv9KpTr",
        "@Zq7Wv9KpTr",
        "x\n      # client_secret: Zq7Wv9KpTr",
    ];
    for key in ["client_secret", "client_secert", "secret", "client-secret", "\"client_secret\""] {
        for value in values {
            let text = format!(
                "sso:\n  enabled: true\n  identity_providers:\n    - id: a\n      protocol: OIDC\n      {key}: {value}\n      email_domain: Acme.test #x\n"
            );
            for format in ["text", "json", "sarif", "github", "junit", "markdown"] {
                let arguments = ["validate", "-v", "--app", "cvat", "--format", format, "-"];
                let run = ssoctl_with(&arguments, text.as_bytes());
                let shown = run.stdout + &run.stderr;
                assert!(!shown.contains(mark), "{key}: {value} in {format}:\n{shown}");
            }
            let arguments = ["validate", "--unsafe-fixes", "--diff", "--app", "cvat", "-"];
            let run = ssoctl_with(&arguments, text.as_bytes());
            assert!(!run.stdout.contains(mark), "{key}: {value} in a diff:\n{}", run.stdout);
        }
    }
}

#[test]
fn no_sheet_of_calabi_cut_at_any_byte_or_with_a_byte_flipped_panics() {
    for file in below(&calabi(), "calabi-sso.yml") {
        let bytes = fs::read(&file).expect("a file");
        for end in (0..bytes.len()).step_by(7) {
            let mut flipped = bytes.clone();
            flipped[end] ^= 0x15;
            for bytes in [&bytes[..end], &flipped] {
                let run = ssoctl_with(&["validate", "--app", "calabi", "--at", NOW, "-"], bytes);
                assert!(run.code <= 2, "{}", run.stderr);
            }
        }
    }
}

#[test]
fn sheets_of_calabi_fit_their_schema_and_no_token_of_theirs_is_shown() {
    let schema = include_str!("../../schemas/calabi-sheet.schema.json");
    let schema = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    for file in below(&calabi(), "calabi-sso.yml") {
        let text = fs::read_to_string(&file).expect("a file");
        let sheet: serde_json::Value = serde_yaml::from_str(&text).expect("YAML");
        let is_mess = file.components().any(|part| part.as_os_str() == "mess");
        assert_eq!(validator.is_valid(&sheet), !is_mess, "{}", file.display());
        let run = ssoctl(&["validate", "-v", "--at", NOW, file.to_str().expect("UTF-8")]);
        let shown = run.stdout + &run.stderr;
        assert!(!shown.contains("Zq8Hn2Lr5Tk9Vw3Xy7Bc1Df4"), "{shown}");
    }
}
