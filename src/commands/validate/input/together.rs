//! What belongs together: one configuration with what stands beside it, carriers with the files that
//! they name, and an environment alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::apps::App;
use crate::commands::Failure;
use crate::commands::validate::config::Job;
use crate::commands::validate::input::open::{self, Opened};
use crate::commands::validate::input::wanted::Wanted;
use crate::commands::validate::input::{Content, Target, TargetPart, refusal};
use crate::deployment::{Exposure, FileKind};

/// Puts together what stands in one folder and belongs to one application.
pub(super) fn together(
    job: &Job,
    wanted: Vec<Wanted>,
    opened: Vec<Opened>,
) -> Result<Vec<Target>, Failure> {
    let given = given(job)?;
    let is_given = |path: &Path| {
        let place = std::fs::canonicalize(path).ok();
        place.is_some()
            && job.env_files.iter().any(|given| std::fs::canonicalize(given).ok() == place)
    };
    let mut folders: BTreeMap<(PathBuf, &'static str), Folder> = BTreeMap::new();
    for (file, opened) in wanted.into_iter().zip(opened) {
        let (found, content, exposure) = match opened {
            Opened::Recognised(found, content, exposure) => (found, content, exposure),
            other => {
                refuse(job, &file, other)?;
                continue;
            }
        };
        for one in found {
            // A file that was given as an environment is not read a second time.
            if one.kind == FileKind::Environment && is_given(&file.path) {
                continue;
            }
            let path = folder_of(&file.path, one.kind);
            let folder = folders.entry((path, one.app.id.as_str()));
            let folder = folder.or_insert_with(|| Folder::new(one.app));
            let content = content.clone();
            folder.files.push(File { wanted: file.clone(), kind: one.kind, content, exposure });
        }
    }
    let mut targets = Vec::new();
    for folder in folders.into_values() {
        let is_user = job.app.is_none_or(|app| app.id == folder.app.id);
        folder.deploy(job, if is_user { &given } else { &[] }, &mut targets)?;
    }
    if !given.is_empty() {
        let app = job.app.or_else(|| app_of(&targets)).unwrap_or(&crate::apps::all()[0]);
        targets.push(environment_target(job, app, given));
    }
    Ok(targets)
}

/// The folder to which a file belongs: the server's configuration folder holds `secure.conf` beside
/// `services/login.conf`.
fn folder_of(path: &Path, kind: FileKind) -> PathBuf {
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let is_root = |name: &std::ffi::OsStr| SERVER_FOLDERS.iter().any(|root| name == *root);
    match (kind, folder.file_name()) {
        (FileKind::Hocon, Some(name)) if is_root(name) => {
            folder.parent().map(Path::to_owned).unwrap_or_default()
        }
        _ => folder,
    }
}

/// The application that all targets have in common, where there is one.
fn app_of(targets: &[Target]) -> Option<&'static App> {
    let first = targets.first()?.app;
    targets.iter().all(|target| target.app.id == first.id).then_some(first)
}

/// Files that somebody named and that cannot be judged.
fn refuse(job: &Job, file: &Wanted, opened: Opened) -> Result<(), Failure> {
    match opened {
        Opened::Failed(error) if file.is_named => Err(refusal::unreadable(&file.path, &error)),
        Opened::Foreign(kind) if file.is_named && !job.skips_unrecognised => {
            Err(refusal::unrecognised(job, &file.path, kind))
        }
        Opened::Ambiguous(apps) => Err(refusal::ambiguous(job, &file.path, &apps)),
        Opened::Failed(_) | Opened::Foreign(_) | Opened::Recognised(..) => Ok(()),
    }
}

/// The files of `--env-file`.
fn given(job: &Job) -> Result<Vec<TargetPart>, Failure> {
    job.env_files.iter().map(|path| environment_part(job, path)).collect()
}

fn environment_part(job: &Job, path: &Path) -> Result<TargetPart, Failure> {
    let content = Content::Read(open::environment_file(job, path)?);
    let (kind, exposure) = (FileKind::Environment, Exposure::default());
    Ok(TargetPart { kind, content, exposure, is_judged: false })
}

fn environment_target(job: &Job, app: &'static App, parts: Vec<TargetPart>) -> Target {
    let parts = parts.into_iter().map(|part| TargetPart { is_judged: true, ..part }).collect();
    let base_url = job.base_url.clone();
    Target {
        app,
        main: None,
        exposure: Exposure::default(),
        parts,
        base_url,
        captured: Arc::default(),
    }
}

/// What was recognised in one folder as one application's.
struct Folder {
    app: &'static App,
    files: Vec<File>,
}

/// A recognised file.
struct File {
    wanted: Wanted,
    kind: FileKind,
    content: Content,
    exposure: Exposure,
}

impl File {
    fn part(&self, is_judged: bool) -> TargetPart {
        let Self { kind, exposure, .. } = *self;
        TargetPart { kind, content: self.content.clone(), exposure, is_judged }
    }
}

impl Folder {
    fn new(app: &'static App) -> Self {
        Self { app, files: Vec::new() }
    }

    /// Configurations first, each with what stands beside it; then what is left.
    fn deploy(
        self,
        job: &Job,
        given: &[TargetPart],
        targets: &mut Vec<Target>,
    ) -> Result<(), Failure> {
        let app = self.app;
        let is_main = |file: &File| file.kind.is_main();
        let (mains, rest): (Vec<File>, Vec<File>) = self.files.into_iter().partition(is_main);
        let (scims, carriers): (Vec<File>, Vec<File>) =
            rest.into_iter().partition(|file| file.kind == FileKind::Scim);
        let mut paired = vec![false; scims.len()];
        for main in &mains {
            let own = main.wanted.env_files.iter().map(|path| environment_part(job, path));
            let own = own.collect::<Result<Vec<TargetPart>, _>>()?;
            let beside = scims.iter().enumerate().filter(|(_, scim)| {
                mains.len() == 1 || stem(&scim.wanted.path) == stem(&main.wanted.path)
            });
            let mut parts: Vec<TargetPart> = carriers.iter().map(|file| file.part(false)).collect();
            for (at, scim) in beside {
                parts.push(scim.part(!paired[at]));
                paired[at] = true;
            }
            parts.extend(own.iter().cloned());
            parts.extend(given.iter().cloned());
            targets.push(Target {
                app,
                main: Some((main.kind, text_of(&main.content))),
                exposure: main.exposure,
                parts,
                base_url: job.base_url.clone().or(main.wanted.base_url.clone()),
                captured: Arc::default(),
            });
            if !own.is_empty() {
                targets.push(environment_target(job, app, own));
            }
        }
        for (scim, _) in scims.iter().zip(&paired).filter(|(_, paired)| !**paired) {
            let mut parts: Vec<TargetPart> = carriers.iter().map(|file| file.part(false)).collect();
            parts.push(scim.part(true));
            let base_url = job.base_url.clone();
            targets.push(Target {
                app,
                main: None,
                exposure: scim.exposure,
                parts,
                base_url,
                captured: Arc::default(),
            });
        }
        // An environment that was only found has to do with single sign-on, or is passed over.
        let is_judged = !mains.is_empty()
            || carriers.iter().any(|file| file.wanted.is_named)
            || is_of_interest(app, &carriers);
        let is_kept = |file: &File| is_judged || file.kind != FileKind::Environment;
        let carriers: Vec<File> = carriers.into_iter().filter(is_kept).collect();
        deploy_carriers(job, app, carriers, given, targets);
        Ok(())
    }
}

/// The carriers of a folder: environment files together, every other one with the environment files
/// that it names; HOCON files together, and with the only carrier there is.
fn deploy_carriers(
    job: &Job,
    app: &'static App,
    carriers: Vec<File>,
    given: &[TargetPart],
    targets: &mut Vec<Target>,
) {
    let mut groups: BTreeMap<usize, Vec<File>> = BTreeMap::new();
    let mut next = FIRST_ALONE;
    for file in carriers {
        let group = match file.kind {
            FileKind::Compose if is_merged_by_compose(&file.wanted.path) => COMPOSE,
            FileKind::Environment => ENVIRONMENT,
            FileKind::Hocon => HOCON,
            _ => {
                next += 1;
                next
            }
        };
        groups.entry(group).or_default().push(file);
    }
    // Files of the server's configuration folder count below the variables of its process.
    if groups.len() == 2
        && let Some(hocon) = groups.remove(&HOCON)
    {
        let (_, others) = groups.iter_mut().next().expect("one of two groups is left");
        others.splice(0..0, hocon);
    }
    // An environment file counts where a Compose file names it; one that nobody names is alone.
    let mut free = Vec::new();
    for environment in groups.remove(&ENVIRONMENT).unwrap_or_default() {
        let is_named = |files: &&mut Vec<File>| files.iter().any(|file| names(file, &environment));
        match groups.values_mut().find(is_named) {
            Some(files) => files.insert(0, environment),
            None => free.push(environment),
        }
    }
    if !free.is_empty() {
        groups.insert(ENVIRONMENT, free);
    }
    for files in groups.into_values() {
        let exposure = files.iter().map(|file| file.exposure).next().unwrap_or_default();
        let mut parts: Vec<TargetPart> = files.iter().map(|file| file.part(true)).collect();
        parts.extend(given.iter().cloned());
        let base_url = job.base_url.clone();
        let captured = Arc::default();
        targets.push(Target { app, main: None, exposure, parts, base_url, captured });
    }
}

/// Whether Compose takes a file without being told: its own, and the one that overrides it. Others are
/// alternatives as often as additions, so each is judged alone.
fn is_merged_by_compose(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let base = stem.strip_suffix(".override").unwrap_or(stem);
    base == "compose" || base == "docker-compose"
}

/// Whether a Compose file speaks of an environment file by its name; `.env` is read by Compose
/// itself.
fn names(compose: &File, environment: &File) -> bool {
    let Content::Text(text) = &compose.content else { return false };
    if compose.kind != FileKind::Compose {
        return false;
    }
    let name = environment.wanted.path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name == ".env" || text.text().contains(name))
}

/// Whether carriers that were only found, not named, have to do with single sign-on: CVAT's
/// community edition is started with a host name alone.
fn is_of_interest(app: &App, carriers: &[File]) -> bool {
    let Some(switch) =
        app.recognise.variables.first().filter(|_| app.recognise.carriers.is_empty())
    else {
        return true;
    };
    carriers.iter().any(|file| match &file.content {
        Content::Read(reading) => match reading.as_ref() {
            Ok(document) => document.source.text().contains(switch.as_str()),
            Err(unreadable) => unreadable.source.text().contains(switch.as_str()),
        },
        Content::Text(text) => text.text().contains(switch.as_str()),
    })
}

/// What the names of an organisation's files have in common.
fn stem(path: &Path) -> String {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let words = stem.split(['-', '_', '.']).map(str::to_ascii_lowercase);
    let words: Vec<String> = words.filter(|word| word != "saml" && word != "scim").collect();
    words.join("-")
}

fn text_of(content: &Content) -> super::Text {
    match content {
        Content::Text(text) => text.clone(),
        Content::Read(reading) => match reading.as_ref() {
            Ok(document) => super::Text::Readable {
                name: document.source.name().to_owned(),
                text: Arc::clone(&document.source.shared_text()),
            },
            Err(unreadable) => super::Text::Unreadable(unreadable.clone()),
        },
    }
}

/// Folders of the server's configuration folder, each the root of the keys in its files.
const SERVER_FOLDERS: [&str; 3] = ["apiserver", "secure", "services"];
const HOCON: usize = 0;
const ENVIRONMENT: usize = 1;
const COMPOSE: usize = 2;
/// Groups from here on hold one file each.
const FIRST_ALONE: usize = 3;
