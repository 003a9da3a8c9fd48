//! Which files are to be read.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use globset::GlobBuilder;

use crate::apps::{self, App};
use crate::commands::Failure;
use crate::commands::validate::config::{Job, shown};
use crate::commands::validate::input::open;
use crate::settings::FileTarget;
use crate::source::printable;
use crate::world::{World, disk};

/// A file that is to be read.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub(super) path: PathBuf,
    /// Somebody named it, so it is refused where it is not recognised.
    pub(super) is_named: bool,
    pub(super) app: Option<&'static App>,
    pub(super) env_files: Vec<PathBuf>,
    pub(super) base_url: Option<String>,
}

/// The files that a job names, each once.
pub(super) fn all(job: &Job, world: &mut World<'_>) -> Result<Vec<Wanted>, Failure> {
    let mut files = Vec::new();
    for path in &job.paths {
        let is_named = job.paths_are_given;
        let wanted = Wanted { path: path.clone(), is_named, app: job.app, ..Wanted::default() };
        add(wanted, &mut files, world)?;
    }
    for target in &job.targets {
        for wanted in of_target(job, target)? {
            add(wanted, &mut files, world)?;
        }
    }
    // One folder holds each of its files once.
    let is_one_place = job.paths.len() + job.targets.len() == 1;
    Ok(if is_one_place { files } else { each_once(files) })
}

/// Each file once, under the name that came first; named where anybody named it.
fn each_once(files: Vec<Wanted>) -> Vec<Wanted> {
    let mut places: HashMap<PathBuf, usize> = HashMap::new();
    let mut kept: Vec<Wanted> = Vec::new();
    for file in files {
        let key = std::fs::canonicalize(&file.path).unwrap_or_else(|_| file.path.clone());
        if let Some(&at) = places.get(&key) {
            kept[at].is_named |= file.is_named;
            kept[at].app = kept[at].app.or(file.app);
        } else {
            places.insert(key, kept.len());
            kept.push(file);
        }
    }
    kept
}

/// The files of a target in `ssoctl.toml`.
fn of_target(job: &Job, target: &FileTarget) -> Result<Vec<Wanted>, Failure> {
    let folder = job.settings.folder.clone().unwrap_or_default();
    let app = target.app.as_deref().and_then(App::by_id).or(job.app);
    if let (None, Some(name)) = (app, &target.app) {
        return Err(Failure::new(format!("ssoctl.toml: unknown app `{name}`"))
            .hint("it can be cvat, label-studio, clearml or calabi"));
    }
    let wanted = Wanted {
        path: PathBuf::new(),
        is_named: true,
        app,
        env_files: target.env_file.iter().map(|file| folder.join(file)).collect(),
        base_url: target.base_url.clone(),
    };
    // What a glob happens to fit is not named: a file that is none of ours is passed over.
    let is_named = !is_glob(&target.path);
    let paths = matching(&folder, &target.path)?.into_iter();
    Ok(paths.map(|path| Wanted { path, is_named, ..wanted.clone() }).collect())
}

/// The paths that a target names: itself, or whatever a glob fits.
fn matching(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    let pattern = pattern.trim_start_matches("./");
    if !is_glob(pattern) {
        return Ok(vec![folder.join(pattern)]);
    }
    let glob = GlobBuilder::new(pattern).literal_separator(true).build().map_err(|error| {
        Failure::new(format!("ssoctl.toml: `{pattern}` is not a glob: {error}"))
    })?;
    let matcher = glob.compile_matcher();
    let fits = |path: &PathBuf| path.strip_prefix(folder).is_ok_and(|path| matcher.is_match(path));
    Ok(disk::walk(folder, |_| true, |_| {}).into_iter().filter(fits).collect())
}

fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?', '[', '{'])
}

/// Adds a file, or the candidates in a folder.
fn add(wanted: Wanted, files: &mut Vec<Wanted>, world: &mut World<'_>) -> Result<(), Failure> {
    let path = &wanted.path;
    if path == Path::new("-") || !path.is_dir() {
        files.push(wanted);
        return Ok(());
    }
    std::fs::read_dir(path).map_err(|error| Failure::file("read", &shown(path), &error))?;
    let mut failed = Vec::new();
    let is_candidate = |name: &str| apps::is_candidate(name).is_some();
    let found = disk::walk(path, is_candidate, |error| failed.push(error));
    for error in failed {
        writeln!(world.stderr, "ssoctl: passed over: {}", printable(&error))?;
    }
    // An app that is given holds for files by name, not for whatever a folder holds.
    let one = Wanted { is_named: false, app: None, ..wanted };
    files.extend(found.into_iter().map(|path| Wanted { path, ..one.clone() }));
    Ok(())
}

/// Standard input, where it is wanted.
pub(super) fn read_stdin(
    wanted: &[Wanted],
    world: &mut World<'_>,
) -> Result<Option<Vec<u8>>, Failure> {
    if wanted.iter().all(|file| file.path != Path::new("-")) {
        return Ok(None);
    }
    if world.terminal.stdin {
        writeln!(world.stderr, "ssoctl: reading from the terminal; end with Ctrl-D")?;
    }
    let mut bytes = Vec::new();
    let read = world.stdin.by_ref().take(open::limit() + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::file("read", "standard input", &error))?;
    Ok(Some(bytes))
}
