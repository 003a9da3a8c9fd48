//! A message pasted on a terminal, which hands over lines of 4,095 bytes unless it is told otherwise.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

#[test]
fn a_paste_that_is_longer_than_a_line_of_the_terminal_arrives_whole() {
    let (mut master, slave) = terminal();
    let (mut child, _prompt) = start(&slave);
    let inner = STANDARD.encode(format!("<a>{}</a>", "x".repeat(9000)));
    let paste = format!("{}\n\u{4}", STANDARD.encode(inner));
    assert!(paste.len() > 4096);
    master.write_all(paste.as_bytes()).expect("pasted");
    let mut shown = String::new();
    child.stdout.take().expect("piped").read_to_string(&mut shown).expect("text");
    assert_eq!(child.wait().expect("ended").code(), Some(1));
    assert!(shown.contains("base64 of base64"), "{shown}");
    assert!(is_as_before(&slave), "the terminal is left as it was found");
}

#[test]
fn a_paste_that_is_given_up_leaves_the_terminal_as_it_was() {
    let (mut master, slave) = terminal();
    let (mut child, _prompt) = start(&slave);
    assert!(!is_as_before(&slave), "lines are not waited for");
    master.write_all(b"PHNhbWxwOl\x03").expect("typed");
    assert_eq!(child.wait().expect("ended").code(), Some(130));
    assert!(is_as_before(&slave), "the terminal is left as it was found");
}

#[test]
fn a_signal_during_a_paste_leaves_the_terminal_as_it_was() {
    let (_master, slave) = terminal();
    let (mut child, _prompt) = start(&slave);
    let id = i32::try_from(child.id()).expect("an id");
    let process = rustix::process::Pid::from_raw(id).expect("not zero");
    rustix::process::kill_process(process, rustix::process::Signal::TERM).expect("sent");
    assert_eq!(child.wait().expect("ended").code(), Some(143));
    assert!(is_as_before(&slave), "the terminal is left as it was found");
}

fn terminal() -> (File, File) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&master).expect("granted");
    unlockpt(&master).expect("unlocked");
    let name = ptsname(&master, Vec::new()).expect("a name").into_string().expect("UTF-8");
    let slave = OpenOptions::new().read(true).write(true).open(name).expect("its other end");
    (File::from(master), slave)
}

/// The program once it has asked for the paste, and the stream that it asked on.
fn start(slave: &File) -> (Child, BufReader<std::process::ChildStderr>) {
    let stdin = slave.try_clone().expect("the same terminal");
    let mut child = Command::new(env!("CARGO_BIN_EXE_ssoctl"))
        .arg("decode-assertion")
        .stdin(Stdio::from(stdin))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let mut asked = BufReader::new(child.stderr.take().expect("piped"));
    let mut line = String::new();
    asked.read_line(&mut line).expect("text");
    assert!(line.contains("Ctrl-D"), "{line}");
    (child, asked)
}

fn is_as_before(slave: &File) -> bool {
    let modes = tcgetattr(slave).expect("a terminal").local_modes;
    modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
}
