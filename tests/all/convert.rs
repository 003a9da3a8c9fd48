//! The same environment in another carrier: each value as the server sees it.

use std::fs;
use std::path::{Path, PathBuf};

use ssoctl::deployment::{Deployment, Document, Exposure, FileKind, Part};
use ssoctl::syntax::hocon;
use ssoctl::syntax::tree::{Kind, Tree};
use ssoctl::syntax::yaml;

use crate::run::{Run, ssoctl, ssoctl_with};

const LIMITS: yaml::Options<'static> =
    yaml::Options { bytes: 1 << 20, depth: 64, nodes: 100_000, filled_in_later: &[] };

/// What a process sees of a carrier's text: names and values.
fn seen(kind: FileKind, name: &str, text: &str) -> Vec<(String, String)> {
    let document = Document::read(kind, name, text.into(), &LIMITS).expect("it can be read");
    let part = Part {
        kind,
        reading: std::sync::Arc::new(Ok(document)),
        exposure: Exposure::default(),
        is_judged: true,
    };
    let deployment = Deployment { parts: vec![part], ..Deployment::default() };
    let carried = deployment.carried();
    assert!(carried[0].carried.odd.is_empty(), "{text}");
    let variables = carried[0].carried.variables.iter().filter(|one| !one.is_overridden);
    let known = variables.filter_map(|one| Some((one.name.clone(), one.known()?.to_owned())));
    known.collect()
}

fn convert(file: &str, to: &str) -> Run {
    ssoctl(&["convert", file, "--to", to])
}

/// The same for a file that does not say whose it is.
fn convert_for_clearml(file: &str, to: &str) -> Run {
    ssoctl(&["convert", file, "--to", to, "--app", "clearml"])
}

/// The carriers and how their files are read back.
const CARRIERS: [(&str, FileKind, &str); 4] = [
    ("env", FileKind::Environment, "a.env"),
    ("compose-list", FileKind::Compose, "a.yml"),
    ("compose-map", FileKind::Compose, "a.yml"),
    ("helm", FileKind::Helm, "a.yaml"),
];

#[test]
fn every_hocon_value_goes_through_every_carrier_unchanged() {
    let table = fs::read_to_string(root().join("fixtures/hocon/values.tsv")).expect("a file");
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    let values: Vec<String> = rows
        .filter_map(|line| serde_json::from_str::<String>(line.split('\t').next()?).ok())
        .filter(|value| !value.contains('\0'))
        .collect();
    assert!(values.len() > 150, "only {} values", values.len());
    let lines: Vec<ssoctl::carriers::Line<'_>> = values
        .iter()
        .map(|value| ssoctl::carriers::Line {
            name: "CLEARML__services__login__sso__x",
            value,
            comment: None,
        })
        .collect();
    let target =
        ssoctl::carriers::Target { service: "apiserver", path: &["apiserver", "extraEnvs"] };
    let mut count = 0;
    for line in &lines {
        let one = std::slice::from_ref(line);
        let Ok(text) = ssoctl::carriers::write(ssoctl::carriers::Carrier::Helm, target, one) else {
            continue;
        };
        let before = seen(FileKind::Helm, "a.yaml", &text);
        if before.is_empty() {
            assert!(ssoctl::model::is_filled_in_later(line.value), "{:?} is lost", line.value);
            continue;
        }
        assert_eq!(before, [(line.name.to_owned(), line.value.to_owned())]);
        for (to, kind, name) in CARRIERS {
            let run = ssoctl_with(&["convert", "-", "--to", to], text.as_bytes());
            assert_eq!(run.code, 0, "{to} {:?}: {}", line.value, run.stderr);
            assert_eq!(seen(kind, name, &run.stdout), before, "{to} of {:?}", line.value);
            count += 1;
        }
    }
    assert!(count > 600, "only {count} conversions");
}

#[test]
fn values_come_back_from_hocon_files_as_the_server_read_them() {
    let table = fs::read_to_string(root().join("fixtures/hocon/values.tsv")).expect("a file");
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    let values =
        rows.filter_map(|line| serde_json::from_str::<String>(line.split('\t').next()?).ok());
    let name = "CLEARML__services__login__sso__x";
    let target =
        ssoctl::carriers::Target { service: "apiserver", path: &["apiserver", "extraEnvs"] };
    let mut count = 0;
    for value in values.filter(|value| !value.contains('\0')) {
        let line = ssoctl::carriers::Line { name, value: &value, comment: None };
        let carrier = ssoctl::carriers::Carrier::Helm;
        let Ok(text) = ssoctl::carriers::write(carrier, target, &[line]) else { continue };
        let run = ssoctl_with(&["convert", "-", "--to", "hocon"], text.as_bytes());
        let Ok(_) = hocon::value_of("services.login.sso.x", &value) else {
            // A template is not known yet; anything else keeps the server from starting.
            let is_template = run.code == 3 && ssoctl::model::is_filled_in_later(&value);
            assert!(run.code == 2 || is_template, "{value:?} does not parse: {}", run.stdout);
            continue;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("all.conf");
        fs::write(&file, &run.stdout).expect("written");
        let back = convert_for_clearml(file.to_str().expect("UTF-8"), "env");
        if run.stderr.contains("sets more than its own key") {
            continue;
        }
        if run.stdout.is_empty() {
            // A substitution, which only the running server can answer.
            continue;
        }
        assert!(back.code == 0 || back.code == 3, "{value:?}: {}", back.stderr);
        let pairs = seen(FileKind::Environment, "a.env", &back.stdout).into_iter();
        let lines = pairs.map(|(name, value)| {
            let path = name.trim_start_matches("CLEARML__").replace("__", ".");
            format!("{path}: {value}\n")
        });
        let lines: String = lines.collect();
        if back.code == 0 {
            let read = |text: &str| hocon::read(text, &hocon::Options::default()).expect("HOCON");
            let first = read(&format!("services.login.sso.x: {value}"));
            assert_eq!(plain(&read(&lines)), plain(&first), "{value:?} became {lines}");
            count += 1;
        }
    }
    assert!(count > 150, "only {count} values came back");
}

#[test]
fn every_environment_of_the_fixtures_comes_back_from_every_carrier() {
    let mut count = 0;
    for file in files(&root().join("fixtures")) {
        let name = file.to_str().expect("UTF-8");
        let is_app = name.contains("/clearml") || name.contains("/label-studio");
        let first = convert(name, "env");
        if !is_app || first.code == 2 {
            continue;
        }
        let before = seen(FileKind::Environment, "a.env", &first.stdout);
        for (to, kind, read_as) in CARRIERS {
            let run = ssoctl_with(&["convert", name, "--to", to], b"");
            assert_eq!(seen(kind, read_as, &run.stdout), before, "{name} to {to}");
            count += 1;
        }
    }
    assert!(count == 0 || count > 8, "only {count} conversions");
}

#[test]
fn comments_stay_with_their_variables() {
    let text = b"# why\n# twice\nCLEARML__services__login__sso__tenant_login=true\n";
    for to in ["compose-list", "helm", "hocon"] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.env");
        fs::write(&file, text).expect("written");
        let run = convert(file.to_str().expect("UTF-8"), to);
        assert!(run.stdout.contains("# why\n"), "{}", run.stdout);
        assert!(run.stdout.contains("# twice\n"), "{}", run.stdout);
    }
}

#[test]
fn a_value_that_is_not_known_is_left_out_by_name_and_the_run_is_undecided() {
    let text = b"services:\n  apiserver:\n    environment:\n      - CLEARML__secure__login__sso__oauth_client__okta__client_secret=${HUSH}\n      - CLEARML__services__login__sso__tenant_login=true\n";
    let run = ssoctl_with(&["convert", "-", "--to", "env"], text);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("okta__client_secret is left out"), "{}", run.stderr);
    assert!(!run.stdout.contains("client_secret"), "{}", run.stdout);
}

#[test]
fn nothing_is_overwritten_and_server_files_hold_what_lies_below_their_root() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.env");
    fs::write(&file, "CLEARML__secure__login__sso__oauth_client__okta__client_id=abc\n")
        .expect("written");
    let (name, out) = (file.to_str().expect("UTF-8"), folder.path().to_str().expect("UTF-8"));
    let arguments = ["convert", name, "--to", "hocon", "-o", out];
    assert_eq!(ssoctl(&arguments).code, 0);
    let text = fs::read_to_string(folder.path().join("secure.conf")).expect("it was written");
    assert_eq!(text, "login.sso.oauth_client.okta.client_id = \"abc\"\n");
    let again = ssoctl(&arguments);
    assert_eq!((again.code, again.stderr.contains("is there already")), (2, true));
    let back = convert(folder.path().join("secure.conf").to_str().expect("UTF-8"), "env");
    let seen = seen(FileKind::Environment, "a.env", &back.stdout);
    assert_eq!(seen[0].0, "CLEARML__secure__login__sso__oauth_client__okta__client_id");
    assert_eq!(seen[0].1, "\"abc\"");
}

/// A tree without places: kinds and texts in order.
fn plain(tree: &Tree) -> Vec<String> {
    let mut open: Vec<_> = tree.root().into_iter().collect();
    let mut found = Vec::new();
    while let Some(node) = open.pop() {
        match node.scalar() {
            Some(scalar) if scalar.kind == Kind::Text => found.push(scalar.text.clone()),
            Some(scalar) => found.push(format!("{:?}", scalar.kind)),
            None => found.push("inside".to_owned()),
        }
        open.extend(node.items().into_iter().flatten());
        for (key, value) in node.pairs().into_iter().flatten() {
            open.extend([key, value]);
        }
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut found: Vec<PathBuf> =
        paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    found.sort();
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_secret_written_into_a_name_is_not_shown_and_a_stray_character_is() {
    let compose = |name: &str| {
        let text = format!("services:\n  app:\n    environment:\n      \"{name}\": x\n");
        ssoctl_with(&["convert", "--to", "env", "-"], text.as_bytes())
    };
    let run = compose("AUTH_LDAP_BIND_PASSWORD: hush77");
    assert!(run.stderr.contains("`AUTH_LDAP_BIND_PASSWORD` holds"), "{}", run.stderr);
    assert!(!run.stderr.contains("hush77"), "{}", run.stderr);
    let run = compose("AUTH_LDAP_SERVER URI");
    assert!(run.stderr.contains("`AUTH_LDAP_SERVER URI` holds"), "{}", run.stderr);
}
