//! `ssoctl init`: what it writes validates clean apart from its placeholders.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use ssoctl::model::Protocol;
use ssoctl::rules;
use ssoctl::setups::{Cell, Form, answerable, cells, forms, wanted};
use ssoctl::sheet::answers;

use crate::run::{Found, Run, findings, ssoctl, ssoctl_with, write};

#[test]
fn with_placeholders_validate_names_each_of_them_and_nothing_else() {
    for (cell, form) in files() {
        let made = made(cell, form, &[]);
        let code = placeholder_code(cell);
        let found = judged(cell, &made);
        let wrong: Vec<_> = found.iter().filter(|one| one.code != code).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}\n{}", name(cell, form), made.text);
        if rules::rule(code).is_none() {
            continue;
        }
        for line in placeholder_lines(&made.text) {
            let is_named = found.iter().any(|one| one.line == line);
            assert!(is_named, "{}: line {line} is not named\n{}", name(cell, form), made.text);
        }
    }
}

#[test]
fn with_every_answer_validate_is_clean() {
    for (cell, form) in files() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("answers.yml");
        let all = answers_of(cell);
        let all = all.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        write(&path, answers::write(all).as_bytes(), 0o600);
        let made = made(cell, form, &["--answers", path.to_str().expect("UTF-8")]);
        assert!(!made.stderr.contains("answers.yml:"), "{}: {}", name(cell, form), made.stderr);
        let found = judged(cell, &made);
        assert!(found.is_empty(), "{}: {found:?}\n{}", name(cell, form), made.text);
        assert!(placeholder_lines(&made.text).is_empty(), "{}\n{}", name(cell, form), made.text);
        assert!(!made.stderr.contains("to fill in"), "{}: {}", name(cell, form), made.stderr);
        assert!(!made.stderr.contains(SECRET), "{}", name(cell, form));
    }
}

#[test]
fn every_cell_has_a_file_unless_everything_is_typed_into_a_form() {
    for cell in cells() {
        if !forms(cell).is_empty() {
            continue;
        }
        let run = init(cell, &[]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", cell.app());
        assert!(run.stderr.contains("web interface") && run.stderr.contains("ssoctl setup"));
    }
    assert!(files().len() > 100);
}

#[test]
fn secrets_stay_out_of_files_that_end_up_in_version_control() {
    for (cell, form) in files() {
        if !wanted(cell).iter().any(|wanted| wanted.secret) {
            continue;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let secret = folder.path().join("secret.txt");
        write(&secret, format!("{SECRET}\n").as_bytes(), 0o600);
        let made = made(cell, form, &["--client-secret-file", secret.to_str().expect("UTF-8")]);
        let refers = matches!(form, Form::ComposeList | Form::ComposeMap | Form::Helm);
        assert_eq!(made.text.contains(SECRET), !refers, "{}\n{}", name(cell, form), made.text);
        assert_eq!(made.mode, if refers { 0o644 } else { 0o600 }, "{}", name(cell, form));
        assert!(!made.stderr.contains(SECRET), "{}", made.stderr);
        if refers {
            assert!(made.stderr.contains("SSO_"), "{}", made.stderr);
        }
    }
}

#[test]
fn the_end_of_a_secret_stands_beside_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("answers.json");
    let text = r#"{"client_id": "c1", "client_secret": "Zq8Hn2Lr5Tk9Vw3X", "client_secret_expires": "2027-05-01"}"#;
    write(&path, text.as_bytes(), 0o600);
    let run =
        ssoctl(&[CVAT_ENTRA.as_slice(), &["--answers", path.to_str().expect("UTF-8")]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines: Vec<&str> = run.stdout.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| line.starts_with("client_secret:")).expect("a secret");
    assert_eq!(lines[at - 1], "# ssoctl: secret expires 2027-05-01");
    let run = ssoctl(&CVAT_ENTRA);
    assert!(run.stdout.contains("# once its end is known"), "{}", run.stdout);
}

#[test]
fn a_file_that_exists_is_replaced_only_when_that_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("auth_config.yml");
    write(&path, b"mine", 0o644);
    let target = path.to_str().expect("UTF-8");
    let run = ssoctl(&[CVAT_ENTRA.as_slice(), &["-o", target]].concat());
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("exists already") && run.stderr.contains("--force"));
    assert_eq!(fs::read(&path).expect("read"), b"mine");
    let secret = folder.path().join("s");
    write(&secret, SECRET.as_bytes(), 0o600);
    let more = ["-o", target, "--force", "--client-secret-file", secret.to_str().expect("UTF-8")];
    let run = ssoctl(&[CVAT_ENTRA.as_slice(), &more].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("next: ssoctl validate"), "{}", run.stderr);
    assert_eq!(mode(&path), 0o600);
    assert!(fs::read_to_string(&path).expect("read").contains(SECRET));
    let link = folder.path().join("link.yml");
    std::os::unix::fs::symlink(folder.path().join("nowhere"), &link).expect("a link");
    let run = ssoctl(&[CVAT_ENTRA.as_slice(), &["-o", link.to_str().expect("UTF-8")]].concat());
    assert_eq!(run.code, 2, "a link to nothing is not written through");
}

#[test]
fn without_a_terminal_missing_flags_are_named_with_their_values() {
    let run = ssoctl(&["init"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    for part in ["--app", "cvat|label-studio|clearml|calabi", "--idp", "entra|okta", "oidc|saml"] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    let run = ssoctl(&["init", "--app", "calabi", "--idp", "okta"]);
    assert!(run.stderr.contains("--protocol saml|scim"), "{}", run.stderr);
    assert!(!run.stderr.contains("--app cvat"), "{}", run.stderr);
}

#[test]
fn a_carrier_that_the_application_does_not_read_is_refused_with_those_that_it_does() {
    let run = ssoctl(&[CVAT_ENTRA.as_slice(), &["--carrier", "helm"]].concat());
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--carrier yaml"), "{}", run.stderr);
    let run = ssoctl(&[CVAT_ENTRA.as_slice(), &["--carrier", "yml"]].concat());
    assert!(run.code == 2 && run.stderr.contains("yaml"), "{}", run.stderr);
}

#[test]
fn an_answers_file_is_judged_and_unknown_names_are_told() {
    for (text, code, part) in [
        ("client_id: a\nnonsense: b\n", 0, "`nonsense` is not asked for"),
        ("client_idd: a\n", 2, "did you mean `client_id`?"),
        ("client_secret_expires: soon\n", 2, "client_secret_expires"),
        ("- a\n", 2, "answers.yml"),
        ("client_secret: \"Zq8Hn2Lr5Tk9Vw3X\ny: z\n", 2, "answers.yml"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("answers.yml");
        write(&path, text.as_bytes(), 0o600);
        let path = path.to_str().expect("UTF-8");
        let run = ssoctl(&[CVAT_ENTRA.as_slice(), &["--answers", path]].concat());
        assert_eq!(run.code, code, "{text}: {}", run.stderr);
        assert!(run.stderr.contains(part), "{text}: {}", run.stderr);
        assert!(!run.stderr.contains("Zq8Hn2Lr5Tk9Vw3X"), "{}", run.stderr);
    }
    let stdin = [CVAT_ENTRA.as_slice(), &["--answers", "-"]].concat();
    let run = ssoctl_with(&stdin, b"client_id: from-stdin\n");
    assert!(run.code == 0 && run.stdout.contains("from-stdin"), "{}", run.stderr);
}

#[test]
fn a_secret_is_one_line_and_only_where_there_is_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("secret");
    write(&path, b"one\ntwo\n", 0o600);
    let more = ["--client-secret-file", path.to_str().expect("UTF-8")];
    let run = ssoctl(&[CVAT_ENTRA.as_slice(), &more].concat());
    assert!(run.code == 2 && !run.stderr.contains("two"), "{}", run.stderr);
    let saml = ["init", "--app", "cvat", "--idp", "okta", "--protocol", "saml"];
    let run = ssoctl(&[saml.as_slice(), &more].concat());
    assert!(run.code == 2 && run.stderr.contains("secret"), "{}", run.stderr);
}

#[test]
fn what_is_wrong_with_the_answers_is_told_after_writing() {
    let answers = b"client_id: 3f1c3b4a-1111-4000-8000-abcdefabcdef\ntenant_id: common\n";
    let run = ssoctl_with(&[CVAT_ENTRA.as_slice(), &["--answers", "-"]].concat(), answers);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("[CVAT014]"), "{}", run.stderr);
}

#[test]
fn hostile_words_never_leave_their_place() {
    for word in ["a\nb", "\u{1b}[31m", "a b", ""] {
        let run = ssoctl(&[CVAT_ENTRA.as_slice(), &["--provider", word]].concat());
        assert!(run.code == 2 && !run.stderr.contains('\u{1b}'), "{word:?}");
    }
    let id = "x:#'\"{}${y}";
    let run = ssoctl(&[CVAT_ENTRA.as_slice(), &["--provider", id]].concat());
    let line = run.stdout.lines().find(|line| line.contains("- id:")).expect("an id");
    assert!(line.ends_with(r#""x:#'\"{}${y}""#), "{line}");
}

// helpers

/// A file that was made.
struct Made {
    text: String,
    stderr: String,
    mode: u32,
    form: Form,
    file_name: &'static str,
}

fn made(cell: &'static Cell, form: Form, more: &[&str]) -> Made {
    let folder = tempfile::tempdir().expect("a folder");
    let file_name = file_name(cell, form);
    let path = folder.path().join(file_name);
    let output = ["--carrier", form.id(), "-o", path.to_str().expect("UTF-8")];
    let run = init(cell, &[output.as_slice(), more].concat());
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}: {}", name(cell, form), run.stderr);
    let text = fs::read_to_string(&path).expect("a file");
    Made { text, stderr: run.stderr, mode: mode(&path), form, file_name }
}

fn init(cell: &'static Cell, more: &[&str]) -> Run {
    let named = ["init", "--app", cell.app(), "--idp", cell.idp()];
    let named = [named.as_slice(), &["--protocol", cell.protocol.id()], &GIVEN, more].concat();
    ssoctl(&named)
}

/// Errors and warnings of `validate`, the application told by the content alone.
fn judged(cell: &'static Cell, made: &Made) -> Vec<Found> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(made.file_name);
    write(&path, made.text.as_bytes(), 0o600);
    let path = path.to_str().expect("UTF-8");
    let arguments: &[&str] = match (cell.protocol, made.form) {
        (Protocol::Scim, Form::Json | Form::Yaml) => &["--protocol", "scim", path],
        _ => &[path],
    };
    let found = findings(arguments);
    found.into_iter().filter(|one| one.severity != "info").collect()
}

fn files() -> Vec<(&'static Cell, Form)> {
    cells().flat_map(|cell| forms(cell).into_iter().map(move |form| (cell, form))).collect()
}

fn file_name(cell: &Cell, form: Form) -> &'static str {
    match form {
        Form::ComposeList | Form::ComposeMap => "docker-compose.override.yml",
        Form::Env => "sso.env",
        Form::Helm => "values.yml",
        Form::Hocon => "clearml-sso.conf",
        Form::Json => "settings.json",
        Form::Sheet => "calabi.yml",
        Form::Yaml if cell.app() == "cvat" => "auth_config.yml",
        Form::Yaml => "settings.yml",
    }
}

fn placeholder_code(cell: &Cell) -> &'static str {
    match cell.app() {
        "cvat" => "CVAT008",
        "clearml" => "CLR053",
        _ => "CONF008",
    }
}

/// Lines outside comments that hold a hint in angle brackets, from 1.
fn placeholder_lines(text: &str) -> Vec<u64> {
    let is_hint = |line: &str| {
        let line = line.trim_start();
        let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
        let is_word = |(hint, _): (&str, &str)| {
            hint.starts_with(|c: char| c.is_alphabetic()) && !hint.contains(['=', ':'])
        };
        !line.starts_with('#') && !line.contains("</") && inside.is_some_and(is_word)
    };
    let lines = text.lines().zip(1..);
    lines.filter(|(line, _)| is_hint(line)).map(|(_, number)| number).collect()
}

/// An answer to everything that can be asked for, as an administrator gives them.
fn answers_of(cell: &'static Cell) -> BTreeMap<String, String> {
    let metadata = fs::read_to_string("fixtures/documents/metadata/okta.xml").expect("a file");
    let certificate = metadata.split("X509Certificate>").nth(1).expect("a certificate");
    let certificate = certificate.split('<').next().expect("text").trim().to_owned();
    let form_of_file = ["metadata_xml", "sso_url", "x509_cert"];
    let usual: Vec<String> = wanted(cell).into_iter().map(|one| one.name).collect();
    let mut found = BTreeMap::new();
    for wanted in answerable(cell) {
        let name = wanted.name.as_str();
        if form_of_file.contains(&name) && !usual.contains(&wanted.name) {
            continue;
        }
        let value = match name {
            "metadata_xml" => metadata.trim_end().to_owned(),
            "x509_cert" => certificate.clone(),
            _ => answer(cell, name).to_owned(),
        };
        found.insert(wanted.name.clone(), value);
    }
    found
}

fn answer(cell: &Cell, name: &str) -> &'static str {
    const TENANT: &str = "2f1c3b4a-1111-4000-8000-abcdefabcdef";
    match name {
        "email_domain" => "acme.test",
        "auth_config_path" => "/opt/cvat/auth_config.yml",
        "tenant_id" | "environment_id" => TENANT,
        "okta_domain" => "acme.okta.com",
        "okta_server" => "default",
        "auth0_domain" => "acme.eu.auth0.com",
        "auth0_audience" => "https://api.acme.test",
        "server_url" => "https://id.acme.test/realms/main",
        "onelogin_subdomain" => "acme",
        "pingone_region" => "eu",
        "adfs_host" => "fs.acme.test",
        "aws_region" => "eu-west-1",
        "user_pool_id" => "eu-west-1_AbC123",
        "cognito_domain" => "acme",
        "client_id" => "3f1c3b4a-1111-4000-8000-abcdefabcdef",
        "client_secret" | "ldap_bind_password" => SECRET,
        "client_secret_expires" => "2027-11-01",
        "administrators_group" => "Admins",
        "annotators_group" => "Annotators",
        "company_id" => "d1bd92a3b039400cbafc60a7a5b1e52b",
        "callback_url" => "https://app.acme.test/callback_x",
        "authorization_endpoint" => "https://idp.acme.test/authorize",
        "token_endpoint" => "https://idp.acme.test/token",
        "userinfo_endpoint" => "https://idp.acme.test/userinfo",
        "ldap_search_filter" => "(&(objectclass=user)(sAMAccountName={0}))",
        "ldap_server_uri" => "ldaps://ldap.acme.test",
        "ldap_bind_dn" => "cn=reader,dc=acme,dc=test",
        "ldap_user_base" => "ou=people,dc=acme,dc=test",
        "ldap_group_base" => "ou=groups,dc=acme,dc=test",
        "ldap_administrators" => "cn=admins,ou=groups,dc=acme,dc=test",
        "ldap_owner_email" => "owner@acme.test",
        "ldap_ca_file" => "/etc/ssl/acme.pem",
        "entity_id" => match cell.idp() {
            "entra" => "https://sts.windows.net/2f1c3b4a-1111-4000-8000-abcdefabcdef/",
            "okta" => "http://www.okta.com/exk1a2B3c4D5e6F7g8h9",
            "auth0" => "urn:acme.eu.auth0.com",
            "keycloak" => "https://id.acme.test/realms/main",
            "adfs" => "http://fs.acme.test/adfs/services/trust",
            "onelogin" => "https://app.onelogin.com/saml/metadata/1234567",
            "google" => "https://accounts.google.com/o/saml2?idpid=C01abcdef",
            _ => "https://idp.acme.test/metadata",
        },
        "metadata_url" => match cell.idp() {
            "entra" => {
                "https://login.microsoftonline.com/2f1c3b4a-1111-4000-8000-abcdefabcdef/\
                 federationmetadata/2007-06/federationmetadata.xml?appid=\
                 3f1c3b4a-1111-4000-8000-abcdefabcdef"
            }
            "okta" => "https://acme.okta.com/app/exk1a2B3c4D5e6F7g8h9/sso/saml/metadata",
            "auth0" => "https://acme.eu.auth0.com/samlp/metadata/AbCdEfGhIjKlMnOpQrStUvWxYz012345",
            "keycloak" => "https://id.acme.test/realms/main/protocol/saml/descriptor",
            "adfs" => "https://fs.acme.test/FederationMetadata/2007-06/FederationMetadata.xml",
            "onelogin" => "https://acme.onelogin.com/saml/metadata/1234567",
            _ => "https://idp.acme.test/metadata",
        },
        "sso_url" => match cell.idp() {
            "google" => "https://accounts.google.com/o/saml2/idp?idpid=C01abcdef",
            _ => "https://idp.acme.test/sso",
        },
        other => panic!("no answer to {other}"),
    }
}

fn name(cell: &Cell, form: Form) -> String {
    format!("{} {} {} as {}", cell.app(), cell.idp(), cell.protocol.id(), form.id())
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

const CVAT_ENTRA: [&str; 7] = ["init", "--app", "cvat", "--idp", "entra", "--protocol", "oidc"];
const GIVEN: [&str; 6] =
    ["--base-url", "https://app.acme.test", "--provider", "p1", "--token", "t0k3n"];
const SECRET: &str = "Zq8Hn2Lr5Tk9Vw3Xy7Bc1Df4";
