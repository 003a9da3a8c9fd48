//! Running the program in this process, in a folder of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use ssoctl::world::{Interrupt, Network, Terminal, World};

/// 24 November 2026, noon: the instant of every test.
pub(crate) const NOW: &str = "2026-11-24T12:00:00Z";

/// A configuration with which nothing is wrong.
pub(crate) const SOUND: &str = "\
sso:
  enabled: true
  selection_mode: email_address
  identity_providers:
    - id: okta-main
      name: Acme staff
      protocol: OIDC
      server_url: https://acme.okta.com
      client_id: 0oa1b2c3d4e5f6g7h8i9
      client_secret: \"Zq8Hn2Lr5Tk9Vw3Xy7Bc1Df4\"
      email_domain: acme.test
";

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: u8,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the program with arguments and standard input.
pub(crate) fn ssoctl_with(arguments: &[&str], stdin: &[u8]) -> Run {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut world = World {
        now: NOW.parse().expect("an instant"),
        stdin: Box::new(stdin),
        stdout: Box::new(&mut stdout),
        stderr: Box::new(&mut stderr),
        terminal: Terminal::default(),
        interrupt: Interrupt::default(),
        network: Network {
            variables: Vec::new(),
            clock: Some(|| NOW.parse().expect("an instant")),
        },
    };
    let arguments = ["ssoctl"].iter().chain(arguments).map(std::ffi::OsString::from);
    let code = ssoctl::cli::run(arguments, &mut world);
    drop(world);
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Run { code, stdout: text(stdout), stderr: text(stderr) }
}

/// Runs the program with arguments.
pub(crate) fn ssoctl(arguments: &[&str]) -> Run {
    ssoctl_with(arguments, b"")
}

/// Writes a file, its folders included.
pub(crate) fn write(path: &Path, text: &[u8], mode: u32) {
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
    fs::write(path, text).expect("written");
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("mode set");
}

/// One finding of a JSON report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) path: String,
    pub(crate) line: u64,
    pub(crate) code: String,
    pub(crate) severity: String,
}

/// Judges paths and gives the findings.
pub(crate) fn findings(arguments: &[&str]) -> Vec<Found> {
    let arguments: Vec<&str> =
        ["validate", "--format", "json"].iter().chain(arguments).copied().collect();
    let run = ssoctl(&arguments);
    let report: serde_json::Value = serde_json::from_str(&run.stdout)
        .unwrap_or_else(|_| panic!("no report: {} {}", run.stdout, run.stderr));
    let text =
        |finding: &serde_json::Value, key: &str| finding[key].as_str().expect("text").to_owned();
    let found = report["findings"].as_array().expect("a list").iter().map(|finding| Found {
        path: text(finding, "path"),
        line: finding["line"].as_u64().expect("a number"),
        code: text(finding, "code"),
        severity: text(finding, "severity"),
    });
    found.collect()
}
