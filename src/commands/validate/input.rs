//! From paths to deployments: reading, recognising, putting together.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::Glob;

use crate::apps::{self, App, CandidateName, Recognised};
use crate::commands::Failure;
use crate::commands::validate::config::{Job, shown};
use crate::deployment::{Deployment, Document, Exposure, Fault, Unreadable};
use crate::model::{SECRET_TAGS, nearest};
use crate::source::Span;
use crate::syntax::yaml::Options;
use crate::world::{Repositories, World, disk, parallel_map};

/// Everything that a run judges.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    pub(super) deployments: Vec<LoadedDeployment>,
}

/// A deployment with the application it belongs to.
#[derive(Debug)]
pub(super) struct LoadedDeployment {
    pub(super) app: &'static App,
    pub(super) deployment: Deployment,
    pub(super) base_url: Option<String>,
}

/// A file that is to be read.
#[derive(Debug)]
struct Wanted {
    path: PathBuf,
    /// Somebody named it, so it is refused where it is not recognised.
    is_named: bool,
    app: Option<&'static App>,
    env_files: Vec<PathBuf>,
    base_url: Option<String>,
}

/// A file as it was read.
enum Opened {
    Configuration(&'static App, Result<Document, Unreadable>, Exposure),
    Environment(&'static App, Result<Document, Unreadable>),
    /// Not recognised: what it looks like instead.
    Foreign(Option<&'static str>),
    Failed(std::io::Error),
}

/// Reads everything that a job names.
pub(super) fn load(job: &Job, world: &mut World<'_>) -> Result<Loaded, Failure> {
    let wanted = wanted(job, world)?;
    let stdin = read_stdin(&wanted, world)?;
    let progress = super::progress::Bar::new(world, job, wanted.len());
    let repositories = Repositories::default();
    let opened = parallel_map(&wanted, |file| {
        let opened = if world_interrupted(&progress) {
            Opened::Foreign(None)
        } else {
            open(job, file, stdin.as_deref(), &repositories)
        };
        progress.step();
        opened
    });
    progress.finish();
    if world.interrupt.is_set() {
        return Err(Failure::Interrupted);
    }
    let loaded = together(job, wanted, opened)?;
    if loaded.deployments.is_empty() {
        return Err(nothing_found(job));
    }
    Ok(loaded)
}

fn world_interrupted(progress: &super::progress::Bar) -> bool {
    progress.interrupt.is_set()
}

// Which files.

fn wanted(job: &Job, world: &mut World<'_>) -> Result<Vec<Wanted>, Failure> {
    let mut files = Vec::new();
    for path in &job.paths {
        let settings = Wanted {
            path: path.clone(),
            is_named: job.paths_are_given,
            app: job.app,
            env_files: Vec::new(),
            base_url: None,
        };
        add(settings, &mut files, world)?;
    }
    let folder = job.settings.folder.clone().unwrap_or_default();
    for target in &job.targets {
        let app = target.app.as_deref().and_then(App::by_id).or(job.app);
        if app.is_none() && target.app.is_some() {
            return Err(Failure::new(format!(
                "ssoctl.toml: unknown app `{}`",
                target.app.as_deref().unwrap_or_default()
            ))
            .hint("this version knows: cvat"));
        }
        let env_files: Vec<PathBuf> =
            target.env_file.iter().map(|file| folder.join(file)).collect();
        for path in matching(&folder, &target.path)? {
            let settings = Wanted {
                path,
                is_named: true,
                app,
                env_files: env_files.clone(),
                base_url: target.base_url.clone(),
            };
            add(settings, &mut files, world)?;
        }
    }
    let mut seen = std::collections::HashSet::new();
    files.retain(|file| seen.insert(file.path.clone()));
    Ok(files)
}

/// The paths that a target names: itself, or whatever a glob fits.
fn matching(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    if !pattern.contains(['*', '?', '[', '{']) {
        return Ok(vec![folder.join(pattern)]);
    }
    let glob = Glob::new(pattern).map_err(|error| {
        Failure::new(format!("ssoctl.toml: `{pattern}` is not a glob: {error}"))
    })?;
    let matcher = glob.compile_matcher();
    let all = disk::walk(folder, |_| true, |_| {});
    Ok(all
        .into_iter()
        .filter(|path| path.strip_prefix(folder).is_ok_and(|path| matcher.is_match(path)))
        .collect())
}

/// Adds a file, or the candidates in a folder.
fn add(settings: Wanted, files: &mut Vec<Wanted>, world: &mut World<'_>) -> Result<(), Failure> {
    let path = &settings.path;
    if path == Path::new("-") || !path.is_dir() {
        files.push(settings);
        return Ok(());
    }
    std::fs::read_dir(path).map_err(|error| Failure::file("read", &shown(path), &error))?;
    let mut failed = Vec::new();
    let found =
        disk::walk(path, |name| apps::is_candidate(name).is_some(), |error| failed.push(error));
    for error in failed {
        writeln!(world.stderr, "ssoctl: passed over: {}", crate::source::printable(&error))?;
    }
    files.extend(found.into_iter().map(|path| Wanted {
        path,
        is_named: false,
        app: None,
        env_files: settings.env_files.clone(),
        base_url: settings.base_url.clone(),
    }));
    Ok(())
}

// What is in them.

fn read_stdin(wanted: &[Wanted], world: &mut World<'_>) -> Result<Option<Vec<u8>>, Failure> {
    if wanted.iter().all(|file| file.path != Path::new("-")) {
        return Ok(None);
    }
    if world.terminal.stdin {
        writeln!(world.stderr, "ssoctl: reading from the terminal; end with Ctrl-D")?;
    }
    let mut bytes = Vec::new();
    let limit = limit() + 1;
    world
        .stdin
        .by_ref()
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::file("read", "standard input", &error))?;
    Ok(Some(bytes))
}

fn open(job: &Job, file: &Wanted, stdin: Option<&[u8]>, repositories: &Repositories) -> Opened {
    let is_stdin = file.path == Path::new("-");
    let name = name_of(job, &file.path);
    let file_name = Path::new(&name)
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let read = match stdin.filter(|_| is_stdin) {
        Some(bytes) => {
            let larger = u64::try_from(bytes.len()).ok().filter(|length| *length > limit());
            Ok(disk::FileBytes { bytes: bytes.to_vec(), larger, world_readable: false })
        }
        None => disk::read(&file.path, limit()),
    };
    let read = match read {
        Ok(read) => read,
        Err(error) => return Opened::Failed(error),
    };
    let world_readable = read.world_readable;
    let exposure =
        || Exposure { world_readable, tracked: !is_stdin && repositories.keep(&file.path) };
    let text = match text_of(&name, read) {
        Ok(text) => text,
        Err(unreadable) => return undecoded(file, &file_name, unreadable, exposure),
    };
    if file.app.is_none() && !file.is_named && !is_worth_parsing(&file_name, &text) {
        return Opened::Foreign(None);
    }
    parsed(file, &name, &file_name, text, exposure)
}

/// A text that is neither too large nor anything but UTF-8.
fn text_of(name: &str, read: disk::FileBytes) -> Result<String, Unreadable> {
    if let Some(size) = read.larger {
        let head = String::from_utf8_lossy(&read.bytes[..read.bytes.len().min(HEAD)]).into_owned();
        return Err(Unreadable::new(name, head, Fault::Large(size)));
    }
    String::from_utf8(read.bytes).map_err(|error| {
        let start = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let looks_like = looks_like(&bytes);
        let is_utf16 = looks_like.starts_with("UTF-16");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let span =
            if is_utf16 { Span::at(0) } else { Span::new(start, start + '\u{fffd}'.len_utf8()) };
        Unreadable::new(name, text, Fault::NotUtf8 { span, looks_like })
    })
}

fn looks_like(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        "UTF-16, as some Windows editors write it"
    } else if bytes.contains(&0) {
        "a binary file"
    } else {
        "a byte here is none of UTF-8, perhaps Latin-1"
    }
}

fn undecoded(
    file: &Wanted,
    file_name: &str,
    unreadable: Unreadable,
    exposure: impl Fn() -> Exposure,
) -> Opened {
    let text: String = unreadable.source.text().chars().filter(|c| *c != '\0').collect();
    let recognised = apps::recognise(file_name, &text, None);
    match (file.app, recognised) {
        (Some(app), _) | (None, Some(Recognised::Configuration(app))) => {
            Opened::Configuration(app, Err(unreadable), exposure())
        }
        (None, Some(Recognised::Environment(app))) => Opened::Environment(app, Err(unreadable)),
        (None, None) => {
            let is_binary =
                matches!(unreadable.fault, Fault::NotUtf8 { looks_like: "a binary file", .. });
            Opened::Foreign(is_binary.then_some("a binary file"))
        }
    }
}

fn parsed(
    file: &Wanted,
    name: &str,
    file_name: &str,
    text: String,
    exposure: impl Fn() -> Exposure,
) -> Opened {
    let is_environment = apps::is_candidate(file_name) == Some(CandidateName::Environment);
    if is_environment || file.app.is_none() {
        if let Some(Recognised::Environment(app)) = environment(file_name, &text, is_environment) {
            return Opened::Environment(app, Document::environment(name, text));
        }
        if is_environment && file.app.is_none() {
            return Opened::Foreign(apps::foreign_kind(&text));
        }
    }
    let foreign = apps::foreign_kind(&text);
    let head: String = if file.app.is_some() { String::new() } else { text.clone() };
    let document = Document::yaml(name, text, &LIMITS);
    if let Some(app) = file.app {
        return Opened::Configuration(app, document, exposure());
    }
    let tree = document.as_ref().ok().map(|document| &document.tree);
    match apps::recognise(file_name, &head, tree) {
        Some(Recognised::Configuration(app)) => Opened::Configuration(app, document, exposure()),
        Some(Recognised::Environment(app)) => {
            Opened::Environment(app, Document::environment(name, head))
        }
        None => Opened::Foreign(foreign),
    }
}

/// Whether a text is an environment file; one by its name is only looked at for the variables.
fn environment(file_name: &str, text: &str, is_environment: bool) -> Option<Recognised> {
    let names_variable = || {
        apps::all()
            .iter()
            .flat_map(|app| &app.recognise.variables)
            .any(|name| text.contains(name.as_str()))
    };
    if !is_environment || !names_variable() {
        return None;
    }
    match apps::recognise(file_name, text, None)? {
        found @ Recognised::Environment(_) => Some(found),
        // A broken file that only its variables give away.
        Recognised::Configuration(_) => None,
    }
}

/// Whether a file found by walking can be an application's at all: most YAML in a repository is
/// something else, and need not be parsed to see it.
fn is_worth_parsing(file_name: &str, text: &str) -> bool {
    let lower = file_name.to_ascii_lowercase();
    apps::all().iter().any(|app| {
        let known = &app.recognise;
        known.file_names.iter().any(|name| lower.contains(name.as_str()))
            || known.keys.iter().chain(&known.variables).any(|key| text.contains(key.as_str()))
            || text.contains("social_account")
            || text.contains("identity_provider")
    })
}

// What belongs together.

fn together(job: &Job, wanted: Vec<Wanted>, opened: Vec<Opened>) -> Result<Loaded, Failure> {
    let mut folders: BTreeMap<PathBuf, Folder> = BTreeMap::new();
    let given = job
        .env_files
        .iter()
        .map(|path| read_environment(job, path))
        .collect::<Result<Vec<_>, _>>()?;
    for (file, opened) in wanted.into_iter().zip(opened) {
        let folder =
            folders.entry(file.path.parent().map(Path::to_owned).unwrap_or_default()).or_default();
        match opened {
            Opened::Configuration(app, reading, exposure) => {
                folder.configurations.push((file, app, reading, exposure));
            }
            Opened::Environment(app, reading) => {
                folder.is_named |= file.is_named;
                folder.app = Some(app);
                folder.environment.push(Arc::new(reading));
            }
            Opened::Failed(error) if file.is_named => return Err(unreadable(&file.path, &error)),
            Opened::Foreign(kind) if file.is_named && !job.skips_unrecognised => {
                return Err(unrecognised(job, &file.path, kind));
            }
            Opened::Failed(_) | Opened::Foreign(_) => {}
        }
    }
    let mut loaded = Loaded::default();
    for folder in folders.into_values() {
        folder.deploy(job, &given, &mut loaded)?;
    }
    if loaded.deployments.is_empty() && !given.is_empty() {
        let deployment =
            Deployment { environment: given, judges_environment: true, ..Deployment::default() };
        loaded.deployments.push(LoadedDeployment {
            app: &apps::all()[0],
            deployment,
            base_url: job.base_url.clone(),
        });
    }
    Ok(loaded)
}

type Environment = Vec<Arc<Result<Document, Unreadable>>>;

/// What was recognised in one folder.
#[derive(Default)]
struct Folder {
    configurations: Vec<(Wanted, &'static App, Result<Document, Unreadable>, Exposure)>,
    environment: Environment,
    app: Option<&'static App>,
    is_named: bool,
}

impl Folder {
    /// The configurations of a folder share its environment files; the first one judges them.
    fn deploy(self, job: &Job, given: &Environment, loaded: &mut Loaded) -> Result<(), Failure> {
        let mut is_first = true;
        for (file, app, reading, exposure) in self.configurations {
            let own = file
                .env_files
                .iter()
                .map(|path| read_environment(job, path))
                .collect::<Result<Vec<_>, _>>()?;
            let environment: Environment =
                self.environment.iter().cloned().chain(own).chain(given.iter().cloned()).collect();
            let deployment = Deployment {
                main: Some(reading),
                environment,
                judges_environment: is_first,
                exposure,
            };
            let base_url = job.base_url.clone().or(file.base_url);
            loaded.deployments.push(LoadedDeployment { app, deployment, base_url });
            is_first = false;
        }
        if is_first
            && let Some(app) = self.app
            && (self.is_named || switches_on(app, &self.environment))
        {
            let environment = self.environment.into_iter().chain(given.iter().cloned()).collect();
            let deployment =
                Deployment { environment, judges_environment: true, ..Deployment::default() };
            loaded.deployments.push(LoadedDeployment {
                app,
                deployment,
                base_url: job.base_url.clone(),
            });
        }
        Ok(())
    }
}

/// Whether an environment that was only found, not named, has to do with single sign-on: the
/// community edition is started with a host name alone.
fn switches_on(app: &App, environment: &Environment) -> bool {
    let path = app.recognise.variables.first();
    environment.iter().any(|reading| {
        let source = match reading.as_ref() {
            Ok(document) => &document.source,
            Err(unreadable) => &unreadable.source,
        };
        path.is_some_and(|path| source.text().contains(path.as_str()))
    })
}

fn read_environment(job: &Job, path: &Path) -> Result<Arc<Result<Document, Unreadable>>, Failure> {
    let name = name_of(job, path);
    let read = disk::read(path, limit()).map_err(|error| unreadable(path, &error))?;
    Ok(Arc::new(text_of(&name, read).and_then(|text| Document::environment(&name, text))))
}

// What cannot be read.

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let failure = Failure::file("read", &shown(path), error);
    if error.kind() != std::io::ErrorKind::NotFound {
        return failure;
    }
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let wanted =
        path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let names = disk::names(folder);
    match nearest(&wanted, names.iter().map(String::as_str)) {
        Some((near, _)) => failure.hint(format!("did you mean {}?", shown(&folder.join(near)))),
        None => failure,
    }
}

fn unrecognised(job: &Job, path: &Path, kind: Option<&str>) -> Failure {
    let name = name_of(job, path);
    match kind {
        Some(kind) => Failure::new(format!("{name} is {kind}, not a configuration that is linted here"))
            .hint("validate reads CVAT's auth_config.yml (a map with `sso`) and files that set its variables; --app cvat reads a file as such"),
        None => Failure::new(format!("{name} is not recognised"))
            .hint("looked for `sso` with identity_providers, selection_mode or enable_pkce, for `social_account`, and for the variables AUTH_CONFIG_PATH, CVAT_HOST, CVAT_BASE_URL; --app cvat reads it as CVAT's"),
    }
}

fn nothing_found(job: &Job) -> Failure {
    let places: Vec<String> = job
        .paths
        .iter()
        .map(|path| shown(path))
        .map(|path| if path.is_empty() { ".".to_owned() } else { path })
        .collect();
    if job.skips_unrecognised && job.paths_are_given {
        return Failure::new("none of the files is recognised").hint("nothing was judged");
    }
    Failure::new(format!("no SSO configuration found in {}", places.join(", ")))
        .hint("looked for CVAT's auth_config.yml (a map with `sso`) and its environment files; name a file, or see `ssoctl validate --help`")
}

/// The name under which a file is shown.
fn name_of(job: &Job, path: &Path) -> String {
    if path == Path::new("-") {
        return job.stdin_filename.clone().unwrap_or_else(|| "-".to_owned());
    }
    shown(path)
}

/// Bytes of the largest file that is read.
fn limit() -> u64 {
    u64::try_from(LIMITS.bytes).expect("a usize fits into a u64")
}

const HEAD: usize = 4096;
/// The reader's ceilings, and the tags that stand for secrets.
pub(in crate::commands) const LIMITS: Options<'static> =
    Options { bytes: 1 << 20, depth: 64, nodes: 100_000, filled_in_later: &SECRET_TAGS };
