//! Saved documents of identity providers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::commands::Failure;
use crate::commands::validate::config::{Job, shown};
use crate::commands::validate::input::{Target, refusal};
use crate::deployment::{Captured, Exposure, Saved};
use crate::world::disk;

/// Reads the saved documents that a job names.
pub(super) fn load(job: &Job) -> Result<Captured, Failure> {
    let paths = &job.saved;
    Ok(Captured {
        metadata: each(&paths.metadata, LARGEST_METADATA, Saved::metadata)?,
        discoveries: each(&paths.discovery, LARGEST_JSON, Saved::discovery)?,
        key_sets: each(&paths.jwks, LARGEST_JSON, Saved::key_set)?,
        exports: each(&paths.exports, LARGEST_JSON, Saved::export)?,
        provider: paths.provider.clone(),
    })
}

/// A target of saved documents alone.
pub(super) fn alone(job: &Job, captured: Arc<Captured>) -> Target {
    Target {
        app: job.app.expect("the arguments demand an application where there is no configuration"),
        main: None,
        exposure: Exposure::default(),
        parts: Vec::new(),
        base_url: job.base_url.clone(),
        captured,
    }
}

fn each<T>(
    paths: &[PathBuf],
    limit: u64,
    read: fn(&str, Arc<str>) -> T,
) -> Result<Vec<T>, Failure> {
    paths.iter().map(|path| Ok(read(&shown(path), text(path, limit)?))).collect()
}

fn text(path: &Path, limit: u64) -> Result<Arc<str>, Failure> {
    let file = disk::read(path, limit).map_err(|error| refusal::unreadable(path, &error))?;
    let name = shown(path);
    if let Some(size) = file.larger {
        return Err(Failure::new(format!(
            "{name} has {size} bytes, more than the {limit} that are read"
        )));
    }
    let text = String::from_utf8(file.bytes)
        .map_err(|_| Failure::new(format!("{name} is not UTF-8")).hint("save it as UTF-8"))?;
    Ok(text.into())
}

/// A federation's aggregate has tens of megabytes.
const LARGEST_METADATA: u64 = 256 << 20;
/// The export of a realm with all its clients.
const LARGEST_JSON: u64 = 16 << 20;
