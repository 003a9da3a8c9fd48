//! The corpus through the program itself: exit code, verdict and text say the same (S62, S65, A31,
//! and the rows of the catalogue on output).

use std::path::Path;
use std::process::Command;

use super::case::{Case, Settings};
use super::keys::Method;
use super::mint::{HONEST, NOW, Protection, Spec};
use super::{mutators, product};
use crate::run::ssoctl_with;

#[test]
fn the_program_says_of_every_case_what_the_judgement_says_and_names_nobody_unless_it_accepts() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in mutators::cases().iter().filter(|case| is_taken(case)) {
        let Some(arguments) = arguments(&case.settings) else { continue };
        count += 1;
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let run = ssoctl_with(&arguments, &case.bytes);
        let class = product::judge(&case.bytes, &case.settings).class;
        let wanted: &[u8] = match class {
            "accept" => &[0],
            "undecided" => &[3],
            "foreign" => &[2],
            // What is no login has findings alone: an error among them or not.
            "none" => &[0, 1],
            _ => &[1],
        };
        let is_named = run.stdout.contains("would log in") || run.stdout.starts_with("ACCEPTED");
        if !wanted.contains(&run.code) || is_named != (class == "accept") {
            wrong.push(format!("{}: {class}, exit code {}\n{}", case.name, run.code, run.stdout));
        }
    }
    assert!(count > 300, "{count} cases");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_zone_and_the_language_of_the_machine_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("message.xml");
    let spec = Spec::new(Protection::Assertion, "idp-rsa", Method::RsaSha256);
    std::fs::write(&path, spec.mint()).expect("written");
    let settings = Settings::new("idp-rsa");
    // A second before and at the end of validity, the skew of 180 seconds counted.
    for (at, code) in [(NOW, 0), ("2026-11-24T12:07:59Z", 0), ("2026-11-24T12:08:00Z", 1)] {
        let mut settings = settings.clone();
        at.clone_into(&mut settings.at);
        let arguments = arguments(&settings).expect("there are flags for it");
        let said = |zone: &str, language: &str| {
            let mut command = Command::new(assert_cmd::cargo::cargo_bin!("ssoctl"));
            command.args(&arguments[..1]).arg(&path).args(&arguments[2..]).env_clear();
            command.env("TZ", zone).env("LANG", language).env("LC_ALL", language);
            let output = command.output().expect("it runs");
            assert_eq!(output.status.code(), Some(code), "{at} in {zone}");
            output.stdout
        };
        let plain = said("UTC", "C");
        assert!(String::from_utf8_lossy(&plain).contains(HONEST));
        for (zone, language) in [
            ("Asia/Kathmandu", "tr_TR.UTF-8"),
            ("Pacific/Kiritimati", "de_DE.UTF-8"),
            ("America/St_Johns", "ar_EG.UTF-8"),
            ("no such zone", "no such language"),
            ("", ""),
        ] {
            assert_eq!(said(zone, language), plain, "{zone} {language}");
        }
    }
}

/// One base is enough, and for what travels otherwise the one that is made for.
fn is_taken(case: &Case) -> bool {
    case.name.ends_with("-assertion-rsa")
        || case.name.ends_with("-response-rsa") && case.name.starts_with('B')
        || case.name.ends_with("-assertion-rsa-encrypted") && case.name.starts_with('E')
}

/// The command line that judges in the same way; none where there are no flags for it.
fn arguments(settings: &Settings) -> Option<Vec<String>> {
    let file = |name: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/saml/keys");
        folder.join(name).to_str().expect("UTF-8").to_owned()
    };
    let mut arguments: Vec<String> = ["decode-assertion", "-"].map(str::to_owned).into();
    let mut add = |flag: &str, value: String| arguments.extend([flag.to_owned(), value]);
    add("--acs", settings.acs.clone());
    add("--audience", settings.audience.clone());
    add("--issuer", settings.issuer.clone());
    add("--at", settings.at.clone());
    settings.request.iter().for_each(|id| add("--request-id", id.clone()));
    settings.certificates.iter().for_each(|name| add("--cert", file(&format!("{name}.crt"))));
    settings.decryption.iter().for_each(|name| add("--key", file(&format!("{name}.key"))));
    for flag in &settings.flags {
        match *flag {
            "allow-sha1" | "allow-rsa15" => arguments.push(format!("--{flag}")),
            "max-age" => arguments.extend(["--max-age".to_owned(), "3600".to_owned()]),
            _ => return None,
        }
    }
    Some(arguments)
}
