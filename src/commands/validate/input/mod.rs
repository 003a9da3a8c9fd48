//! From paths to targets: reading, recognising, putting together.

mod open;
mod refusal;
mod wanted;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::apps::App;
use crate::commands::Failure;
use crate::commands::validate::config::Job;
use crate::deployment::{Document, Exposure, Unreadable};
use crate::source::printable;
use crate::world::{Repositories, World, parallel_map};
pub(in crate::commands) use open::LIMITS;
use open::{Opened, Opener};
use wanted::Wanted;

/// One thing that is judged: a configuration with its environment, or an environment alone. Trees
/// are made when it is judged, and let go of afterwards.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) app: &'static App,
    /// None where only an environment is judged.
    pub(super) configuration: Option<Text>,
    pub(super) exposure: Exposure,
    pub(super) environment: Environment,
    pub(super) base_url: Option<String>,
}

/// Files that set variables.
pub(super) type Environment = Vec<Arc<Result<Document, Unreadable>>>;

/// A text under its name, as far as it is text.
#[derive(Clone, Debug)]
pub(super) enum Text {
    Readable { name: String, text: Arc<str> },
    Unreadable(Unreadable),
}

/// Reads everything that a job names.
pub(super) fn load(job: &Job, world: &mut World<'_>) -> Result<Vec<Target>, Failure> {
    let wanted = wanted::all(job, world)?;
    let stdin = wanted::read_stdin(&wanted, world)?;
    let repositories = Repositories::default();
    let reader = Opener { job, stdin: stdin.as_deref(), repositories: &repositories };
    let progress = super::progress::Bar::new(world, job, wanted.len());
    let opened = parallel_map(&wanted, |file| {
        progress.step();
        (!progress.interrupt.is_set()).then(|| reader.open(file))
    });
    progress.finish();
    if world.interrupt.is_set() {
        return Err(Failure::Interrupted);
    }
    if let Some(file) = wanted.iter().find(|file| file.path.to_str().is_none())
        && job.fixes.is_some()
    {
        let name = refusal::name_of(job, &file.path);
        return Err(Failure::new(format!("cannot fix {name}: its name is not UTF-8"))
            .hint("rename it, or leave it out"));
    }
    let opened: Vec<Opened> = opened.into_iter().flatten().collect();
    for (file, opened) in wanted.iter().zip(&opened) {
        if let Opened::Failed(error) = opened
            && !file.is_named
        {
            let name = refusal::name_of(job, &file.path);
            drop(writeln!(world.stderr, "ssoctl: passed over {}: {error}", printable(&name)));
        }
    }
    let targets = together(job, wanted, opened)?;
    if targets.is_empty() && job.skips_unrecognised && job.paths_are_given {
        if !job.style.quiet {
            drop(writeln!(
                world.stderr,
                "ssoctl: none of the files is recognised; nothing was judged"
            ));
        }
        return Ok(targets);
    }
    if targets.is_empty() {
        return Err(refusal::nothing_found(job));
    }
    Ok(targets)
}

/// Puts together what stands in one folder.
fn together(job: &Job, wanted: Vec<Wanted>, opened: Vec<Opened>) -> Result<Vec<Target>, Failure> {
    let read = |path: &PathBuf| open::environment_file(job, path);
    let given = job.env_files.iter().map(read).collect::<Result<Environment, _>>()?;
    let is_given = |path: &Path| {
        let place = std::fs::canonicalize(path).ok();
        place.is_some()
            && job.env_files.iter().any(|given| std::fs::canonicalize(given).ok() == place)
    };
    let mut folders: BTreeMap<PathBuf, Folder> = BTreeMap::new();
    for (file, opened) in wanted.into_iter().zip(opened) {
        // A file that was given as an environment is not read a second time.
        if matches!(opened, Opened::Environment(..)) && is_given(&file.path) {
            continue;
        }
        let path = file.path.parent().map(Path::to_owned).unwrap_or_default();
        folders.entry(path).or_default().add(job, file, opened)?;
    }
    let mut targets = Vec::new();
    for folder in folders.into_values() {
        folder.deploy(job, &given, &mut targets)?;
    }
    if !given.is_empty() {
        targets.push(environment_target(job, &crate::apps::all()[0], given));
    }
    Ok(targets)
}

fn environment_target(job: &Job, app: &'static App, environment: Environment) -> Target {
    let base_url = job.base_url.clone();
    Target { app, configuration: None, exposure: Exposure::default(), environment, base_url }
}

/// What was recognised in one folder.
#[derive(Default)]
struct Folder {
    configurations: Vec<(Wanted, &'static App, Text, Exposure)>,
    environment: Environment,
    app: Option<&'static App>,
    /// Whether somebody named one of the environment files.
    names_environment: bool,
}

impl Folder {
    fn add(&mut self, job: &Job, file: Wanted, opened: Opened) -> Result<(), Failure> {
        match opened {
            Opened::Configuration(app, text, exposure) => {
                self.configurations.push((file, app, text, exposure));
            }
            Opened::Environment(app, reading) => {
                self.names_environment |= file.is_named;
                self.app = Some(app);
                self.environment.push(Arc::new(reading));
            }
            Opened::Failed(error) if file.is_named => {
                return Err(refusal::unreadable(&file.path, &error));
            }
            Opened::Foreign(kind) if file.is_named && !job.skips_unrecognised => {
                return Err(refusal::unrecognised(job, &file.path, kind));
            }
            Opened::Failed(_) | Opened::Foreign(_) => {}
        }
        Ok(())
    }

    /// The configurations of a folder share its environment files, which are judged once.
    fn deploy(
        self,
        job: &Job,
        given: &Environment,
        targets: &mut Vec<Target>,
    ) -> Result<(), Failure> {
        let is_judged = self.names_environment
            || !self.configurations.is_empty()
            || self.app.is_some_and(|app| switches_on(app, &self.environment));
        for (file, app, text, exposure) in self.configurations {
            let read = |path: &PathBuf| open::environment_file(job, path);
            let own = file.env_files.iter().map(read).collect::<Result<Environment, _>>()?;
            let environment = self.environment.iter().chain(&own).chain(given).cloned().collect();
            let base_url = job.base_url.clone().or(file.base_url);
            targets.push(Target {
                app,
                configuration: Some(text),
                exposure,
                environment,
                base_url,
            });
            if !own.is_empty() {
                targets.push(environment_target(job, app, own));
            }
        }
        if let Some(app) = self.app.filter(|_| is_judged) {
            targets.push(environment_target(job, app, self.environment));
        }
        Ok(())
    }
}

/// Whether an environment that was only found, not named, has to do with single sign-on: the
/// community edition is started with a host name alone.
fn switches_on(app: &App, environment: &Environment) -> bool {
    let switch = app.recognise.variables.first();
    environment.iter().any(|reading| {
        let source = match reading.as_ref() {
            Ok(document) => &document.source,
            Err(unreadable) => &unreadable.source,
        };
        switch.is_some_and(|name| source.text().contains(name.as_str()))
    })
}
