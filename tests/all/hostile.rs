//! Input that means harm: each case ended badly once.

use std::process::Command;

use crate::run::{SOUND, ssoctl, ssoctl_with, write};

const FORMATS: [&str; 6] = ["text", "json", "sarif", "github", "junit", "markdown"];

fn shown(text: &str) -> String {
    let mut all = String::new();
    for format in FORMATS {
        let arguments = ["validate", "-v", "--app", "cvat", "--format", format, "-"];
        let run = ssoctl_with(&arguments, text.as_bytes());
        assert!(run.code <= 2);
        all += &run.stdout;
        all += &run.stderr;
    }
    let arguments = ["validate", "--unsafe-fixes", "--diff", "--app", "cvat", "-"];
    all + &ssoctl_with(&arguments, text.as_bytes()).stdout
}

#[test]
fn the_password_of_a_url_is_shown_nowhere() {
    for url in [
        "https://user:S3cr3tV4lueZ@acme.okta.com/oauth2/default/",
        "https://user:S3cr3tV4lueZ@2f1c7d9e-0a4b-4c6d-8e2f-9a41b3c5d7e9/v2.0/",
        "http://user:S3cr3tV4lueZ@acme.okta.com",
        "https://user:S3cr/3tV4lueZ@acme.okta.com/x/",
    ] {
        let text = shown(&SOUND.replace("https://acme.okta.com", url));
        assert!(!text.contains("3tV4lueZ"), "{url}");
    }
}

#[test]
fn values_under_keys_that_only_resemble_a_secret_are_hidden() {
    for key in [
        "oidc_client_secert",
        "sercet",
        "client_pw",
        "clientPwd",
        "shared_key",
        "auth_key",
        "access_tokn",
        "client_token1",
        "passwort",
        "google_secert",
        "bearer",
    ] {
        let text = shown(&SOUND.replace("client_secret:", &format!("{key}:")));
        assert!(!text.contains("Zq8Hn2Lr5Tk9Vw3Xy7Bc1Df4"), "{key}");
    }
}

#[test]
fn a_secret_that_another_variable_takes_in_is_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let environment = "MY_SECRET=ab1z9Q\nAUTH_CONFIG_PATH=/a\nCVAT_HOST=${MY_SECRET}/x\nCVAT_BASE_URL=http://$CVAT_HOST\n";
    write(&folder.path().join("cvat.env"), environment.as_bytes(), 0o600);
    let path = folder.path().to_str().expect("UTF-8");
    for format in FORMATS {
        let run = ssoctl(&["validate", "-v", "--format", format, path]);
        assert!(!(run.stdout + &run.stderr).contains("ab1z9Q"), "{format}");
    }
}

#[test]
fn references_that_multiply_come_to_an_end() {
    let mut environment = "A0=xxxxxxxxxxxxxxxx\n".to_owned();
    for n in 1..40 {
        let references = format!("$A{}", n - 1).repeat(8);
        environment.extend(["A", &n.to_string(), "=", &references, "\n"]);
    }
    environment += "CVAT_HOST=$A39\nAUTH_CONFIG_PATH=/a\n";
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder.path().join(".env"), environment.as_bytes(), 0o600);
    assert!(ssoctl(&["validate", folder.path().to_str().expect("UTF-8")]).code <= 1);
}

#[test]
fn what_is_no_regular_file_is_not_read_while_walking() {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder.path().join("sound/auth_config.yml"), SOUND.as_bytes(), 0o600);
    let pipe = folder.path().join("auth_config.yml");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo is needed");
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("cvat.env")).expect("linked");
    let run = ssoctl(&["validate", folder.path().to_str().expect("UTF-8")]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("passed over"), "{}", run.stderr);
}

#[test]
fn an_ignore_file_that_never_ends_is_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder.path().join("sound/auth_config.yml"), SOUND.as_bytes(), 0o600);
    std::fs::create_dir(folder.path().join("bad")).expect("a folder");
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("bad/.gitignore")).expect("linked");
    assert_eq!(ssoctl(&["validate", folder.path().to_str().expect("UTF-8")]).code, 0);
}

#[test]
fn values_with_a_tag_or_an_alias_are_not_changed_by_a_fix() {
    for (from, to) in [
        ("enabled: true", "enabled: !!str yes"),
        ("name: Acme staff", "name: &n OIDc"),
        ("selection_mode: email_address", "selection_mode: &m email-address"),
    ] {
        let text = SOUND.replace(from, to).replace("protocol: OIDC", "protocol: *n");
        let text = if text.contains("&n") { text } else { text.replace("*n", "OIDC") };
        let text = text.replace("name: Acme staff", "name: *m");
        let text = if text.contains("&m") { text } else { text.replace("*m", "Acme staff") };
        let run = ssoctl_with(&["validate", "--fix", "--app", "cvat", "-"], text.as_bytes());
        assert_eq!(run.stdout, text, "{to}");
    }
}

#[test]
fn nothing_that_acts_on_a_terminal_comes_out_of_a_usage_error() {
    let run = ssoctl(&["validate", "--b\u{1b}[31m\u{202e}ad"]);
    assert_eq!(run.code, 2);
    assert!(!run.stderr.contains(['\u{1b}', '\u{202e}']), "{:?}", run.stderr);
}

/// What `validate` says of one file in text and as a diff.
fn told(name: &str, text: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    write(&path, text.as_bytes(), 0o600);
    let path = path.to_str().expect("UTF-8");
    let report = ssoctl(&["validate", "-v", path]);
    let diff = ssoctl(&["validate", "--diff", "--unsafe-fixes", path]);
    report.stdout + &report.stderr + &diff.stdout
}

#[test]
fn secrets_of_carriers_are_hidden_where_names_and_quotes_are_wrong() {
    let secure = "CLEARML__secure__login__sso__oauth_client__keycloak";
    for (name, text) in [
        ("clearml.env", format!("{secure}__client_secert=\"\"\"Hx7QzVeiled\"\"\"\n")),
        (
            "secure.conf",
            "login.sso.oauth_client.keycloak.client_secert: ab#Hx7QzVeiled\n".to_owned(),
        ),
        (
            "values.yaml",
            format!(
                "apiserver:\n  extraEnvs:\n    - value: \"Hx7QzVeiled\n      name: {secure}__client_secret\n"
            ),
        ),
        (
            "compose.yml",
            format!(
                "services:\n  apiserver:\n    environment:\n      - {secure}=\"Hx7QzVeiled\"\n"
            ),
        ),
    ] {
        let text = told(name, &text);
        assert!(text.contains(name), "{name} was judged: {text}");
        assert!(!text.contains("Hx7Qz"), "{text}");
    }
}

#[test]
fn of_a_saved_document_that_does_not_parse_nothing_is_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let (saved, own) = (folder.path().join("jwks.json"), folder.path().join("auth_config.yml"));
    write(&saved, b"{\"keys\":[{\"kty\":\"oct\",\"k\":\"Hx7QzVeiled\"}", 0o600);
    write(&own, SOUND.as_bytes(), 0o600);
    let (saved, own) = (saved.to_str().expect("UTF-8"), own.to_str().expect("UTF-8"));
    for flag in ["--jwks", "--discovery", "--metadata", "--idp-export"] {
        let run = ssoctl(&["validate", "-v", own, flag, saved, "--provider", "okta-main"]);
        assert!(!(run.stdout + &run.stderr).contains("Hx7Qz"), "{flag}");
    }
}
