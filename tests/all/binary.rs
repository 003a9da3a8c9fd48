//! The program as it is installed: exit codes, streams, signals, the current folder.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::run::{SOUND, write};

const ENVIRONMENT: &str =
    "AUTH_CONFIG_PATH=/a\nCVAT_HOST=cvat.acme.test\nCVAT_BASE_URL=https://cvat.acme.test\n";

/// An error with a safe fix.
fn faulty() -> String {
    SOUND.replace(": OIDC", ": oidc")
}

// Exit codes.

#[test]
fn the_exit_code_tells_how_the_run_ended() {
    let folder = folder(&[
        ("sound.yml", SOUND),
        ("faulty.yml", &faulty()),
        ("warned.yml", &SOUND.replace("okta.com", "okta.com/oauth2/default/")),
        ("template.yml", "sso:\n  identity_providers: {{ x }}\n"),
        ("notes.yml", "a: 1\n"),
    ]);
    for (arguments, code) in [
        (&["validate", "sound.yml"][..], 0),
        (&["validate", "faulty.yml"], 1),
        (&["validate", "warned.yml"], 0),
        (&["validate", "--strict", "warned.yml"], 1),
        (&["validate", "template.yml"], 2),
        (&["validate", "notes.yml"], 2),
        (&["validate", "sound.yml", "faulty.yml"], 1),
        (&["validate", "--frobnicate"], 2),
        (&["demo"], 0),
        (&["--version"], 0),
    ] {
        let output = run(&folder, arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_missing_file_is_named_with_the_one_that_was_meant() {
    let folder = folder(&[("auth_config.yml", SOUND)]);
    let output = run(&folder, &["validate", "auth_confg.yml"]);
    let expected =
        "ssoctl: cannot read auth_confg.yml: no such file\n  did you mean auth_config.yml?\n";
    assert_eq!((output.status.code(), stderr(&output)), (Some(2), expected.to_owned()));
    let output = run(&folder, &["validate", "zebra.yml"]);
    assert_eq!(stderr(&output), "ssoctl: cannot read zebra.yml: no such file\n");
}

#[test]
fn a_file_that_cannot_be_opened_ends_the_run_with_the_reason() {
    let folder = folder(&[("auth_config.yml", SOUND), ("binary", "")]);
    std::os::unix::fs::symlink("gone", folder.path().join("link.yml")).expect("linked");
    std::os::unix::fs::symlink("loop.yml", folder.path().join("loop.yml")).expect("linked");
    fs::write(folder.path().join("binary"), [0x7f, b'E', b'L', b'F', 0, 0xff, 0, 1])
        .expect("written");
    for (name, reason) in [
        ("link.yml", "cannot read link.yml: it is a link to nothing"),
        ("loop.yml", "cannot read loop.yml: "),
        ("auth_config.yml/inside.yml", "cannot read auth_config.yml/inside.yml: "),
        ("no/such/folder.yml", "cannot read no/such/folder.yml: no such file"),
        ("binary", "binary is a binary file"),
    ] {
        let output = run(&folder, &["validate", name]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{name}");
        assert!(stderr(&output).contains(reason), "{name}: {}", stderr(&output));
    }
}

#[test]
fn a_folder_without_anything_to_judge_ends_the_run() {
    let folder = folder(&[("a/notes.txt", "x"), ("a/compose.yml", "services:\n")]);
    for (arguments, place) in
        [(&["validate"][..], "found in .\n"), (&["validate", "a"], "found in a\n")]
    {
        let output = run(&folder, arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
        let said = stderr(&output);
        assert!(said.contains(place) && said.contains("auth_config.yml"), "{said}");
    }
}

// The current folder.

#[test]
fn alone_it_says_what_is_here_and_what_to_do_next() {
    for (files, first, second) in [
        (
            &[("auth_config.yml", SOUND)][..],
            "Here: auth_config.yml (CVAT)",
            "ssoctl validate auth_config.yml",
        ),
        (
            &[("cvat.env", ENVIRONMENT)],
            "Here: cvat.env (environment of CVAT)",
            "ssoctl validate cvat.env",
        ),
        (
            &[("auth_config.yml", SOUND), (".env", ENVIRONMENT), ("other.yml", "a: 1\n")],
            "Here: .env (environment of CVAT), auth_config.yml (CVAT)",
            "ssoctl validate ",
        ),
    ] {
        let folder = folder(files);
        let output = run(&folder, &[]);
        let text = stdout(&output);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((output.status.code(), lines[0]), (Some(0), first));
        assert!(lines[1].trim_start().starts_with(second), "{text}");
        let command: Vec<&str> =
            lines[1].split_whitespace().skip(1).take_while(|word| *word != "lint").collect();
        assert_eq!(
            run(&folder, &command).status.code(),
            Some(0),
            "the command that it names works"
        );
    }
}

#[test]
fn alone_where_nothing_is_it_helps() {
    let folder = folder(&[("notes.txt", "x"), ("compose.yml", "services:\n")]);
    let output = run(&folder, &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("Usage: ssoctl"), "{}", stdout(&output));
}

#[test]
fn without_a_path_the_current_folder_is_judged_and_paths_are_relative_to_it() {
    let folder = folder(&[("a/auth_config.yml", &faulty()), ("b/auth_config.yml", SOUND)]);
    let all = stdout(&run(&folder, &["validate"]));
    assert!(all.contains("--> a/auth_config.yml:7:17") && all.contains("in 2 files"), "{all}");
    let below =
        command(&["validate"]).current_dir(folder.path().join("b")).output().expect("it runs");
    assert!(stdout(&below).starts_with("auth_config.yml: CVAT"), "{}", stdout(&below));
}

#[test]
fn without_a_path_the_targets_of_the_settings_file_are_judged() {
    let folder = folder(&[
        ("deploy/a.prod.yml", &faulty()),
        ("deploy/b.prod.yml", SOUND),
        ("deploy/c.test.yml", &faulty()),
        (
            "env/prod.txt",
            "AUTH_CONFIG_PATH=/a\nCVAT_HOST=cvat.acme.test\nCVAT_BASE_URL=https://env.acme.test\n",
        ),
        ("other/auth_config.yml", SOUND),
        ("deep/er/notes.txt", ""),
    ]);
    let settings = |text: &str| write(&folder.path().join("ssoctl.toml"), text.as_bytes(), 0o600);
    let names = |below: &str| {
        let output = command(&["validate", "--format", "json"])
            .current_dir(folder.path().join(below))
            .output()
            .expect("it runs");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
        let targets = report["targets"].as_array().expect("a list").iter();
        let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        targets.map(|target| name(target["path"].as_str().expect("a path"))).collect::<Vec<_>>()
    };
    settings("[[target]]\npath = \"deploy/*.prod.yml\"\n");
    assert_eq!(names(""), ["a.prod.yml", "b.prod.yml"]);
    assert_eq!(names("deep/er"), ["a.prod.yml", "b.prod.yml"], "from a folder below");
    assert_eq!(run(&folder, &["validate"]).status.code(), Some(1));
    settings("[[target]]\npath = \"other\"\n[[target]]\npath = \"deploy/b.prod.yml\"\n");
    assert_eq!(names(""), ["b.prod.yml", "auth_config.yml"]);
    settings(
        "[[target]]\npath = \"deploy/b.prod.yml\"\nenv-file = [\"env/prod.txt\"]\n[[target]]\npath = \"other\"\nbase-url = \"https://other.acme.test\"\n",
    );
    let output = stdout(&run(&folder, &["validate", "--ignore", "CVAT050"]));
    assert!(output.contains("https://env.acme.test/api/auth/oidc/"), "{output}");
    assert!(output.contains("https://other.acme.test/api/auth/oidc/"), "{output}");
    assert_eq!(
        run(&folder, &["validate", "deploy/c.test.yml"]).status.code(),
        Some(1),
        "a path counts more"
    );
}

#[test]
fn targets_that_cannot_be_judged_end_the_run() {
    let folder = folder(&[("auth_config.yml", SOUND)]);
    for (text, said) in [
        ("[[target]]\npath = \"auth_confg.yml\"\n", "did you mean auth_config.yml?"),
        ("[[target]]\npath = \"auth_config.yml\"\napp = \"gitlab\"\n", "unknown app `gitlab`"),
        ("[[target]]\npath = \"[a\"\n", "`[a` is not a glob"),
        (
            "[[target]]\npath = \"auth_config.yml\"\nenv-file = [\"none.env\"]\n",
            "cannot read none.env",
        ),
        ("[[target]]\npath = \"*.toml\"\n", "no SSO configuration found in *.toml"),
    ] {
        write(&folder.path().join("ssoctl.toml"), text.as_bytes(), 0o600);
        let output = run(&folder, &["validate"]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{text}");
        assert!(stderr(&output).contains(said), "{text}: {}", stderr(&output));
    }
}

// Streams.

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    let folder = folder(&[("auth_config.yml", &faulty())]);
    for arguments in [
        &["validate", "auth_config.yml"][..],
        &["validate", "--format", "json", "auth_config.yml"],
        &["validate", "--diff", "auth_config.yml"],
        &["explain", "CVAT010"],
        &["rules", "--format", "json"],
        &["schema", "cvat"],
        &["completions", "zsh"],
        &["man"],
        &["demo"],
        &["--help"],
        &["--version"],
        &[],
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output =
            command(arguments).current_dir(folder.path()).stdout(writer).output().expect("it runs");
        assert_eq!(
            (output.status.code(), stderr(&output).as_str()),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
}

#[test]
fn output_that_cannot_be_written_ends_the_run_with_the_reason() {
    let folder = folder(&[("auth_config.yml", SOUND)]);
    for arguments in [
        &["validate", "auth_config.yml"][..],
        &["validate", "--format", "sarif", "auth_config.yml"],
        &["explain", "CVAT010"],
        &["rules"],
        &["schema", "report"],
        &["completions", "bash"],
        &["man"],
        &["demo"],
        &[],
    ] {
        let output =
            command(arguments).current_dir(folder.path()).stdout(full()).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains("the disk is full"), "{arguments:?}: {}", stderr(&output));
    }
    let output = run(&folder, &["validate", "-o", "/dev/full", "auth_config.yml"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(
        stderr(&output).contains("cannot write /dev/full: the disk is full"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_report_that_cannot_be_written_leaves_the_old_one() {
    let folder = folder(&[("auth_config.yml", SOUND), ("old/report", "old")]);
    let output = run(&folder, &["validate", "-o", "old", "auth_config.yml"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert_eq!(names(&folder.path().join("old")), ["report"]);
    let output = run(&folder, &["validate", "-o", "none/report", "auth_config.yml"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(names(folder.path()), ["auth_config.yml", "old"]);
}

#[test]
fn fixes_reach_the_file_even_where_the_report_cannot_be_written() {
    let folder = folder(&[("auth_config.yml", &faulty())]);
    let output = command(&["validate", "--fix"])
        .current_dir(folder.path())
        .stdout(full())
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(read(&folder, "auth_config.yml"), SOUND, "whole");
    assert_eq!(names(folder.path()), ["auth_config.yml"], "nothing is left over");
}

#[test]
fn standard_input_is_read_to_its_end() {
    let folder = folder(&[]);
    for (text, code) in [(SOUND, 0), (&*faulty(), 1), ("", 2)] {
        let mut child = command(&["validate", "-"])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        for part in text.as_bytes().chunks(7) {
            stdin.write_all(part).expect("written");
        }
        drop(stdin);
        assert_eq!(child.wait().expect("it ends").code(), Some(code));
    }
}

#[test]
fn an_interrupted_run_ends_at_once_and_writes_nothing() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let folder = folder(&[("auth_config.yml", &faulty())]);
        let mut child = command(&["validate", "--app", "cvat", "--fix", "auth_config.yml", "-"])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        // More than a pipe holds: once it is written, the program is reading.
        stdin.write_all(&vec![b'#'; 1 << 17]).expect("written");
        let pid = child.id();
        send(signal, pid);
        let status = ended(child).unwrap_or_else(|| {
            send("KILL", pid);
            panic!("it does not end on SIG{signal} while its input stays open")
        });
        assert_eq!(shell_code(status), code, "SIG{signal}");
        assert_eq!(read(&folder, "auth_config.yml"), faulty(), "SIG{signal}");
        drop(stdin);
    }
}

// Colour.

#[test]
fn colour_is_used_where_it_is_asked_for_and_never_in_a_pipe_of_its_own_accord() {
    let folder = folder(&[("auth_config.yml", &faulty())]);
    for (environment, arguments, is_coloured) in [
        (&[][..], &[][..], false),
        (&[("TERM", "xterm-256color")], &[], false),
        (&[("CLICOLOR_FORCE", "1")], &[], true),
        (&[("CLICOLOR_FORCE", "0")], &[], false),
        (&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], &[], false),
        (&[("NO_COLOR", "")], &["--color", "always"], true),
        (&[("NO_COLOR", "1")], &["--color", "always"], true),
        (&[("TERM", "dumb")], &["--color", "always"], true),
        (&[("CLICOLOR_FORCE", "1")], &["--color", "never"], false),
        (&[("CLICOLOR_FORCE", "1")], &["--color", "auto"], true),
    ] {
        for command_line in
            [&["validate", "auth_config.yml"][..], &["explain", "CVAT010"], &["demo"]]
        {
            let output = command(&[command_line, arguments].concat())
                .current_dir(folder.path())
                .envs(environment.iter().copied())
                .output()
                .expect("it runs");
            let has_escape = stdout(&output).contains('\u{1b}');
            assert_eq!(has_escape, is_coloured, "{environment:?} {command_line:?} {arguments:?}");
        }
    }
}

#[test]
fn forms_for_machines_and_messages_have_no_colour() {
    let folder = folder(&[("auth_config.yml", &faulty())]);
    for format in ["json", "sarif", "github", "junit", "markdown"] {
        let output = run(&folder, &["--color", "always", "validate", "--format", format]);
        assert!(!stdout(&output).contains('\u{1b}') && !output.stdout.is_empty(), "{format}");
    }
    for arguments in
        [&["validate", "gone.yml"][..], &["frobnicate"], &["explain", "zebra crossing"]]
    {
        let output = command(arguments).env("CLICOLOR_FORCE", "1").output().expect("it runs");
        assert!(!stderr(&output).contains('\u{1b}'), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    let folder = folder(&[("auth_config.yml", &faulty())]);
    let plain = stdout(&run(&folder, &["validate", "-v"]));
    let coloured = stdout(&run(&folder, &["--color", "always", "validate", "-v"]));
    let mut bare = String::new();
    for (number, part) in coloured.split('\u{1b}').enumerate() {
        bare += if number == 0 { part } else { part.split_once('m').expect("an end").1 };
    }
    assert_eq!(bare, plain);
}

// Open: what these say is not yet so.

#[test]
fn version_and_help_that_cannot_be_written_end_with_the_reason() {
    for argument in ["--version", "--help"] {
        let output = command(&[argument]).stdout(full()).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{argument}");
        assert!(stderr(&output).contains("the disk is full"), "{argument}: {}", stderr(&output));
    }
}

#[test]
fn remarks_that_cannot_be_written_do_not_end_the_run() {
    let folder = folder(&[("auth_config.yml", &faulty())]);
    let output = command(&["validate", "--fix"])
        .current_dir(folder.path())
        .stderr(full())
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("no problems"), "{}", stdout(&output));
}

#[test]
fn a_dangling_link_is_not_its_own_correction() {
    let folder = folder(&[]);
    std::os::unix::fs::symlink("gone", folder.path().join("link.yml")).expect("linked");
    let output = run(&folder, &["validate", "link.yml"]);
    assert!(!stderr(&output).contains("did you mean link.yml"), "{}", stderr(&output));
}

#[test]
fn a_configuration_in_a_folder_that_cannot_be_opened_is_not_passed_over_in_silence() {
    let folder = folder(&[("other/auth_config.yml", SOUND)]);
    std::os::unix::fs::symlink("gone", folder.path().join("auth_config.yml")).expect("linked");
    let output = run(&folder, &["validate"]);
    assert!(stderr(&output).contains("auth_config.yml"), "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn a_hostile_file_name_does_not_reach_the_terminal() {
    let folder = folder(&[("auth_config\u{1b}[31m.yml", SOUND)]);
    for arguments in [&[][..], &["validate"]] {
        let output = run(&folder, arguments);
        assert!(!stdout(&output).contains('\u{1b}'), "{arguments:?}: {:?}", stdout(&output));
    }
}

#[test]
fn a_glob_that_fits_nothing_is_named_where_nothing_is_found() {
    let folder = folder(&[("auth_config.yml", SOUND)]);
    write(&folder.path().join("ssoctl.toml"), b"[[target]]\npath = \"deploy/*.yml\"\n", 0o600);
    let output = run(&folder, &["validate"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("deploy/*.yml"), "{}", stderr(&output));
}

#[test]
fn a_glob_that_begins_with_a_dot_and_a_slash_is_a_glob() {
    let folder = folder(&[("deploy/auth_config.yml", SOUND)]);
    write(&folder.path().join("ssoctl.toml"), b"[[target]]\npath = \"./deploy/*.yml\"\n", 0o600);
    let output = run(&folder, &["validate"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn settings_of_the_current_folder_are_not_those_of_a_file_elsewhere() {
    let slash = SOUND.replace("okta.com", "okta.com/oauth2/default/");
    let folder = folder(&[
        ("auth_config.yml", &slash),
        ("sub/ssoctl.toml", "[lint]\nignore = [\"CVAT011\"]\n"),
    ]);
    let output = command(&["validate", "../auth_config.yml"])
        .current_dir(folder.path().join("sub"))
        .output()
        .expect("it runs");
    assert!(stdout(&output).contains("CVAT011"), "{}", stdout(&output));
}

#[test]
fn one_file_by_two_names_is_one_target() {
    let folder = folder(&[("auth_config.yml", &faulty()), ("sub/notes.txt", "")]);
    for other in ["./auth_config.yml", "sub/../auth_config.yml"] {
        let output = run(&folder, &["validate", "auth_config.yml", other]);
        assert!(stdout(&output).contains("1 error in 1 file;"), "{other}: {}", stdout(&output));
    }
}

// Helpers.

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        write(&folder.path().join(name), text.as_bytes(), 0o600);
    }
    folder
}

/// The program with an environment of its own and nothing to read.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("ssoctl"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    command(arguments).current_dir(folder.path()).output().expect("it runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a text")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

/// A place where no byte fits.
fn full() -> File {
    File::options().write(true).open("/dev/full").expect("Linux has it")
}

fn send(signal: &str, pid: u32) {
    let kill = Command::new("sh").args(["-c", &format!("kill -{signal} {pid}")]).status();
    assert!(kill.is_ok_and(|status| status.success()), "SIG{signal} is sent");
}

/// How a program ended; none where it runs on for ten seconds.
fn ended(mut child: Child) -> Option<ExitStatus> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait()));
    receiver.recv_timeout(Duration::from_secs(10)).ok().map(|status| status.expect("it ends"))
}

/// The code as a shell gives it: a signal that ended a program counts from 128 on.
fn shell_code(status: ExitStatus) -> i32 {
    status.code().or(status.signal().map(|signal| 128 + signal)).expect("one of the two")
}
