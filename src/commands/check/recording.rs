//! Folders in which answers are kept.

use std::path::Path;

use crate::commands::Failure;
use crate::fetch::Replay;
use crate::world::disk;

/// Opens a folder to answer from it.
pub(in crate::commands) fn open(folder: &Path) -> Result<Replay, Failure> {
    let name = folder.to_string_lossy();
    let read = |file: &str| {
        let path = folder.join(file);
        disk::read(&path, LARGEST)
            .map(|file| file.bytes)
            .map_err(|error| format!("{}: {error}", path.to_string_lossy()))
    };
    let index = read("index.json").map_err(|error| {
        Failure::new(format!("{name} is no recording: {error}"))
            .hint("make one with: ssoctl check --record DIR TARGET")
    })?;
    Replay::new(&index, read)
        .map_err(|error| Failure::new(format!("{name} is no recording: {error}")))
}

/// Writes the files of a recording into a folder, which is made where it is missing.
pub(super) fn write(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    let failed = |path: &Path, error: &std::io::Error| {
        Failure::file("write", &path.to_string_lossy(), error)
    };
    if !folder.is_dir() {
        std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        disk::write(&path, bytes).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}

const LARGEST: u64 = 64 << 20;
