//! Files that a console or an API imports instead of typing.

use std::io::{self, Write as _};
use std::path::Path;

use crate::commands::Failure;
use crate::model::nearest;
use crate::sheet::{Import, Sheet};
use crate::source::printable;
use crate::world::{World, disk};

/// The file of a name.
pub(super) fn named<'s>(sheet: &'s Sheet, name: &str) -> Result<&'s Import, Failure> {
    let names: Vec<&str> = sheet.imports.iter().map(|import| import.file_name).collect();
    if let Some(import) = sheet.imports.iter().find(|import| import.file_name == name) {
        return Ok(import);
    }
    let (app, idp, protocol) = (sheet.app.1, sheet.idp.1, sheet.protocol.name());
    if names.is_empty() {
        let message = format!("nothing can be imported for {app} with {idp} over {protocol}");
        return Err(Failure::new(message).hint("the sheet says what to type: leave --import out"));
    }
    let failure = Failure::new(format!("no file to import is called {name}"));
    Err(match nearest(name, names.iter().copied()) {
        Some((near, _)) => failure.hint(format!("did you mean {near}?")),
        None => failure.hint(format!("there are: {}", names.join(", "))),
    })
}

/// Writes all files into a folder, or none of them.
pub(super) fn write(
    sheet: &Sheet,
    folder: &Path,
    force: bool,
    world: &mut World<'_>,
) -> Result<(), Failure> {
    let paths = sheet.imports.iter().map(|import| (folder.join(import.file_name), import));
    let paths: Vec<_> = paths.collect();
    if let Some((path, _)) =
        paths.iter().find(|(path, _)| !force && path.symlink_metadata().is_ok())
    {
        let message = format!("{} exists already; nothing was written", path.to_string_lossy());
        return Err(Failure::new(message).hint("choose another folder, or replace it with --force"));
    }
    let failed =
        |path: &Path, error: &io::Error| Failure::file("write", &path.to_string_lossy(), error);
    disk::folder(folder).map_err(|error| failed(folder, &error))?;
    for (path, import) in &paths {
        let text = import.text.as_bytes();
        disk::create(path, text, false, force).map_err(|error| failed(path, &error))?;
        let name = path.to_string_lossy();
        let line = format!("wrote {}: {}", printable(&name), printable(&import.place));
        drop(writeln!(world.stderr, "{line}"));
    }
    if paths.is_empty() {
        drop(writeln!(world.stderr, "nothing can be imported here; {} is empty", folder.display()));
    }
    Ok(())
}
