//! `ssoctl` alone: what is here, and what to do with it.

use std::io::Write as _;
use std::path::Path;

use crate::apps::{self, Recognised};
use crate::commands::{Failure, Outcome};
use crate::deployment::FileKind;
use crate::source::printable;
use crate::syntax::yaml;
use crate::world::{World, disk};

/// Says which files of the current folder are recognised and the command to run next; the help
/// where there are none.
pub fn run(mut help: clap::Command, world: &mut World<'_>) -> Result<Outcome, Failure> {
    let names = disk::names(Path::new("."));
    let found: Vec<(String, String)> = names
        .into_iter()
        .filter_map(|name| Some((recognised(&name)?, name)))
        .map(|(kind, name)| (name, kind))
        .collect();
    let Some((first, _)) = found.first() else {
        writeln!(world.stdout, "{}", help.render_help())?;
        return Ok(Outcome::Clean);
    };
    let listed: Vec<String> =
        found.iter().map(|(name, kind)| format!("{} ({kind})", printable(name))).collect();
    writeln!(world.stdout, "Here: {}", listed.join(", "))?;
    let validate = if found.len() == 1 {
        format!("ssoctl validate {}", quoted(first))
    } else {
        "ssoctl validate".to_owned()
    };
    writeln!(
        world.stdout,
        "  {validate:34} lint {}",
        if found.len() == 1 { "it" } else { "all of them" }
    )?;
    writeln!(world.stdout, "  {:34} everything else", "ssoctl --help")?;
    Ok(Outcome::Clean)
}

/// A name as it can be typed in a shell.
fn quoted(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "._-/".contains(c);
    let shown = printable(name);
    if name.chars().all(is_plain) { shown.into_owned() } else { format!("'{shown}'") }
}

fn recognised(name: &str) -> Option<String> {
    apps::is_candidate(name)?;
    let file =
        disk::read_found(Path::new(name), LARGEST).ok().filter(|file| file.larger.is_none())?;
    let text = String::from_utf8(file.bytes).ok()?;
    let tree = yaml::read(&text, &super::validate::LIMITS).ok();
    let found = apps::recognise(name, &text, tree.as_ref());
    let words = found.iter().map(|Recognised { app, kind }| match kind {
        FileKind::Configuration => app.name.clone(),
        kind => format!("{} of {}", kind.word(), app.name),
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join(", "))
}

const LARGEST: u64 = 1 << 20;
