//! The environment of Label Studio, whatever carries it.

use std::fs;
use std::path::PathBuf;

use crate::run::{Found, NOW, findings, ssoctl, ssoctl_with, write};

const SECRET: &str = "Zq7Wv9KpTrLm3x";

/// Line and code of what is found in files that stand in one folder, information left out.
fn grave(files: &[(&str, &str)]) -> Vec<(String, u64, String)> {
    let kept = all(files).into_iter().filter(|found| found.severity != "info");
    kept.map(|found| (found.path, found.line, found.code)).collect()
}

fn all(files: &[(&str, &str)]) -> Vec<Found> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        write(&folder.path().join(name), text.as_bytes(), 0o600);
    }
    let base = folder.path().to_str().expect("UTF-8");
    let mut found = findings(&["--at", NOW, base]);
    for found in &mut found {
        found.path = found.path.trim_start_matches(base).trim_start_matches('/').to_owned();
    }
    found
}

fn at(path: &str, line: u64, code: &str) -> (String, u64, String) {
    (path.to_owned(), line, code.to_owned())
}

#[test]
fn a_bind_password_is_shown_in_no_format_and_no_carrier() {
    let carriers = [
        (
            "env.list",
            "AUTH_LDAP_BIND_PASSWORD=~~\nAUTH_LDAP_ENABLED=x\nAUTH_LDAP_SERVER_URI=ldap://d\n",
        ),
        ("a.env", "AUTH_LDAP_BIND_PASWORD=~~\nAUTH_LDAP_ENABLED=1\n"),
        (
            "b.env",
            "AUTH_LDAP_BIND_DN=uid=${AUTH_LDAP_BIND_PASSWORD}\nAUTH_LDAP_BIND_PASSWORD='~~'\nAUTH_LDAP_ENABLED=1\n",
        ),
        (
            "c.env",
            "AUTH_LDAP_BIND_PASSWORD=~~\nAUTH_LDAP_USER_QUERY_FIELD=$AUTH_LDAP_BIND_PASSWORD\nMANUAL_ROLE_MANAGEMENT=${AUTH_LDAP_BIND_PASSWORD}\nAUTH_LDAP_GROUP_SEARCH_FILTER_STR=$AUTH_LDAP_BIND_PASSWORD\n",
        ),
        ("d.env", "AUTH_LDAP_SERVER_URI=ldap://reader:~~@ldap.acme.test:x\n"),
        (
            "docker-compose.yml",
            "services:\n  app:\n    environment:\n      - AUTH_LDAP_BIND_PASSWORD=~~\n      - AUTH_LDAP_ENABLED=x\n",
        ),
        (
            "compose.yml",
            "services:\n  app:\n    environment:\n      AUTH_LDAP_BIND_PASSWORD: ~~\n      AUTH_LDAP_ENABLED: x\n",
        ),
        (
            "values.yaml",
            "global:\n  extraEnvironmentVars:\n    AUTH_LDAP_BIND_PASSWORD: ~~\n    AUTH_LDAP_ENABLED: x\n",
        ),
        (
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: app\n      env:\n        - name: AUTH_LDAP_BIND_PASSWORD\n          value: ~~\n        - name: AUTH_LDAP_ENABLED\n          value: x\n",
        ),
    ];
    for (name, text) in carriers {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        write(&path, text.replace("~~", SECRET).as_bytes(), 0o644);
        let path = path.to_str().expect("UTF-8");
        for format in ["text", "json", "sarif", "github", "junit", "markdown"] {
            let arguments = ["validate", "-v", "--at", NOW, "--format", format, path];
            let run = ssoctl(&arguments);
            assert!(run.code <= 1, "{name}: {}", run.stderr);
            let shown = run.stdout + &run.stderr;
            assert!(!shown.contains(SECRET), "{name} in {format}:\n{shown}");
        }
        let run = ssoctl(&["validate", "--unsafe-fixes", "--diff", path]);
        assert!(!run.stdout.contains(SECRET), "{name} in a diff:\n{}", run.stdout);
    }
}

#[test]
fn no_sample_cut_at_any_byte_or_with_a_byte_flipped_panics() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/label-studio/ldap");
    let samples = [
        "bind/as-printed/env.list",
        "workspaces/corrected/env.list",
        "together/filled-helm/values.yaml",
    ];
    for sample in samples {
        let bytes = fs::read(root.join(sample)).expect("a file");
        for end in (0..bytes.len()).step_by(11) {
            let mut flipped = bytes.clone();
            flipped[end] ^= 0x15;
            for text in [&bytes[..end], &flipped] {
                let run =
                    ssoctl_with(&["validate", "--app", "label-studio", "--at", NOW, "-"], text);
                assert!(run.code <= 2, "{}", run.stderr);
            }
        }
    }
}

#[test]
fn the_first_of_three_names_counts() {
    let second = at("env.list", 2, "CONF004");
    let text = "HEARTEX_SAML_ALLOW_UNSOLICITED=1\nSAML_ALLOW_UNSOLICITED=0\n";
    assert_eq!(grave(&[("env.list", text)]), [at("env.list", 1, "LS035"), second.clone()]);
    let text = "LABEL_STUDIO_SAML_ALLOW_UNSOLICITED=0\nHEARTEX_SAML_ALLOW_UNSOLICITED=1\n";
    assert_eq!(grave(&[("env.list", text)]), [second]);
}

#[test]
fn a_reference_in_helm_values_is_told_once() {
    let values = "global:\n  extraEnvironmentVars:\n    AUTH_LDAP_SERVER_URI: \"{{ uri }}\"\n    AUTH_LDAP_BIND_DN: \"{{ dn }}\"\n";
    let found = all(&[("values.yaml", values)]);
    let found: Vec<_> = found.iter().map(|found| (found.line, &*found.code)).collect();
    assert_eq!(found, [(3, "CONF010")]);
}

#[test]
fn what_another_file_may_set_is_not_missing() {
    let env = "AUTH_LDAP_ENABLED=1\n";
    let compose = "services:\n  app:\n    env_file: other.env\n    environment:\n      AUTH_LDAP_ENABLED: 1\n";
    assert_eq!(grave(&[("docker-compose.yml", compose)]), []);
    let missing = grave(&[("env.list", env)]);
    assert_eq!(missing, [at("env.list", 1, "LS041"), at("env.list", 1, "LS047")]);
}

#[test]
fn a_service_gets_the_variables_of_the_file_that_it_names() {
    let env = "AUTH_LDAP_USER_DN_TEMPLATE=uid=%(user)s,dc=acme,dc=test\n";
    let compose = "services:\n  app:\n    env_file: env.list\n    environment:\n      AUTH_LDAP_USER_SEARCH_BASES: ou=a,dc=acme,dc=test\n";
    let found = grave(&[("env.list", env), ("docker-compose.yml", compose)]);
    assert_eq!(found, [at("docker-compose.yml", 5, "LS041")]);
}

#[test]
fn what_two_services_share_is_told_once() {
    let compose = "x-env: &env\n  DISABLE_SAML_SSL_VALIDATION: 'yes'\nservices:\n  app:\n    environment: *env\n  worker:\n    environment: *env\n";
    let found = grave(&[("docker-compose.yml", compose)]);
    assert_eq!(found, [at("docker-compose.yml", 2, "LS034")]);
}

#[test]
fn while_ldap_is_off_its_faults_are_information() {
    let text = "AUTH_LDAP_ENABLED=0\nAUTH_LDAP_SERVER_URI=ldap.acme.test\n";
    let found = all(&[("env.list", text)]);
    let found: Vec<_> = found.iter().map(|found| (&*found.code, &*found.severity)).collect();
    assert_eq!(found, [("LS045", "info")]);
}

#[test]
fn values_that_are_filled_in_later_are_there_and_not_judged() {
    let text = "AUTH_LDAP_ENABLED=1\nAUTH_LDAP_SERVER_URI=${LDAP_URI}\nAUTH_LDAP_USER_DN_TEMPLATE=${TEMPLATE}\nAUTH_LDAP_ORGANIZATION_OWNER_EMAIL=${OWNER}\nAUTH_LDAP_USER_QUERY_FIELD={{ field }}\n";
    let found = all(&[("env.list", text)]);
    let found: Vec<_> = found.iter().map(|found| (found.line, &*found.code)).collect();
    assert_eq!(found, [(2, "CONF010")]);
}

#[test]
fn a_variable_that_one_file_sets_twice_is_told() {
    let text = "AUTH_LDAP_GROUP_TYPE=ou\nAUTH_LDAP_GROUP_TYPE=cn\n";
    assert_eq!(grave(&[("env.list", text)]), [at("env.list", 2, "CONF004")]);
}

#[test]
fn a_container_of_kubernetes_is_judged_and_a_configuration_map_may_lack_things() {
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ls\ndata:\n  AUTH_LDAP_ENABLED: \"1\"\n  AUTH_LDAP_SERVER_URI: ldap://ldap.acme.test\n";
    assert_eq!(grave(&[("map.yaml", map)]), []);
    let pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: app\n      env:\n        - name: SAML_WANT_RESPONSE_SIGNED\n          value: \"0\"\n";
    assert_eq!(grave(&[("pod.yaml", pod)]), [at("pod.yaml", 8, "LS032")]);
}
