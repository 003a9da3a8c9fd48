//! From arguments and `ssoctl.toml` to a job.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::apps::App;
use crate::commands::Failure;
use crate::commands::validate::Args;
use crate::model::{Protocol, nearest};
use crate::render::Style;
use crate::report::Baseline;
use crate::rule::Severity;
use crate::rules;
use crate::settings::{FileTarget, Settings};
use crate::world::{World, disk};

/// What `validate` is to do, all choices made.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) paths: Vec<PathBuf>,
    /// Whether the paths are what somebody typed; else they are where to look.
    pub(super) paths_are_given: bool,
    /// Environment files by the path they belong to; those of the command line belong to all.
    pub(super) env_files: Vec<PathBuf>,
    /// Saved documents of identity providers, by what each is to be.
    pub(super) saved: SavedPaths,
    pub(super) targets: Vec<FileTarget>,
    pub(super) app: Option<&'static App>,
    pub(super) base_url: Option<String>,
    pub(super) protocol: Option<Protocol>,
    pub(super) stdin_filename: Option<String>,
    pub(super) skips_unrecognised: bool,
    pub(super) select: Vec<String>,
    pub(super) ignore: Vec<String>,
    pub(super) severities: BTreeMap<String, Severity>,
    pub(super) strict: bool,
    pub(super) warn_days: Option<i64>,
    pub(super) baseline_path: Option<PathBuf>,
    pub(super) baseline: Option<Baseline>,
    pub(super) writes_baseline: bool,
    pub(super) fixes: Option<Depth>,
    pub(super) shows_diff: bool,
    pub(super) style: Style,
    pub(super) output: Option<PathBuf>,
    pub(super) at: Timestamp,
    pub(super) settings: Settings,
}

/// Saved documents of identity providers, by what each is to be.
#[derive(Clone, Debug, Default)]
pub(super) struct SavedPaths {
    pub(super) metadata: Vec<PathBuf>,
    pub(super) discovery: Vec<PathBuf>,
    pub(super) jwks: Vec<PathBuf>,
    pub(super) exports: Vec<PathBuf>,
    /// The provider that they belong to, where somebody said.
    pub(super) provider: Option<String>,
    /// Whether they are judged alone, without any configuration.
    pub(super) are_alone: bool,
}

impl SavedPaths {
    fn new(args: &Args) -> Result<Self, Failure> {
        let saved = Self {
            metadata: args.metadata.clone(),
            discovery: args.discovery.clone(),
            jwks: args.jwks.clone(),
            exports: args.idp_export.clone(),
            provider: args.provider.clone(),
            are_alone: args.paths.is_empty()
                && args.stdin_filename.is_none()
                && !args.idp_export.is_empty(),
        };
        if saved.are_alone && args.app.is_none() {
            return Err(Failure::new("--idp-export without PATH needs --app").hint(
                "name the configuration, or say whose registration it is: --app cvat --provider ID --base-url URL",
            ));
        }
        if saved.provider.is_some() && saved.is_empty() {
            return Err(Failure::new(
                "--provider says whom a saved document belongs to, and there is none",
            )
            .hint("give --metadata, --discovery, --jwks or --idp-export with it"));
        }
        Ok(saved)
    }

    fn is_empty(&self) -> bool {
        [&self.metadata, &self.discovery, &self.jwks, &self.exports].into_iter().all(Vec::is_empty)
    }
}

/// How far fixing goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Only what is plainly meant.
    Safe,
    /// Guesses as well.
    Unsafe,
}

impl Job {
    pub(super) fn new(args: &Args, world: &World<'_>) -> Result<Self, Failure> {
        let settings = found_settings(args)?;
        let lint = &settings.lint;
        check_codes(args.select.iter().chain(&args.ignore), "on the command line")?;
        check_codes(
            lint.select.iter().chain(&lint.ignore).chain(lint.severity.keys()),
            "in ssoctl.toml",
        )?;
        let saved = SavedPaths::new(args)?;
        let (paths, targets) =
            if saved.are_alone { (Vec::new(), Vec::new()) } else { paths(args, &settings) };
        let severities = lint.severity.iter().flat_map(|(name, level)| {
            let named = rules::all().filter(|rule| rule.is_named(name));
            named.map(|rule| (rule.code.to_owned(), (*level).into()))
        });
        let output = args.output.clone().filter(|path| path != Path::new("-"));
        Ok(Self {
            paths,
            paths_are_given: !args.paths.is_empty()
                || !targets.is_empty()
                || args.stdin_filename.is_some(),
            env_files: args.env_file.clone(),
            saved,
            targets,
            app: args.app.as_deref().and_then(App::by_id),
            base_url: args.base_url.clone(),
            protocol: args.protocol.as_deref().and_then(Protocol::by_id),
            stdin_filename: args.stdin_filename.clone(),
            skips_unrecognised: args.skip_unrecognised,
            select: if args.select.is_empty() { lint.select.clone() } else { args.select.clone() },
            ignore: lint.ignore.iter().chain(&args.ignore).cloned().collect(),
            severities: severities.collect(),
            strict: args.strict || lint.strict,
            warn_days: args.warn_days.or(lint.warn_days),
            baseline: baseline(args)?,
            baseline_path: args.baseline.clone(),
            writes_baseline: args.write_baseline,
            fixes: depth(args),
            shows_diff: args.diff,
            style: Style {
                format: args.format,
                colour: output.is_none() && world.uses_colour(),
                verbose: args.verbose,
                quiet: args.quiet,
                columns: world.columns(),
            },
            output,
            at: args.at.unwrap_or(world.now),
            settings,
        })
    }

    /// Whether the fixed text of standard input goes to standard output.
    pub(super) fn output_is_taken(&self) -> bool {
        self.fixes.is_some() && self.paths.iter().any(|path| path == Path::new("-"))
    }
}

fn depth(args: &Args) -> Option<Depth> {
    let depth = if args.unsafe_fixes { Depth::Unsafe } else { Depth::Safe };
    (args.fix || args.diff).then_some(depth)
}

fn paths(args: &Args, settings: &Settings) -> (Vec<PathBuf>, Vec<FileTarget>) {
    if !args.paths.is_empty() {
        return (args.paths.clone(), Vec::new());
    }
    if args.stdin_filename.is_some() {
        return (vec![PathBuf::from("-")], Vec::new());
    }
    if settings.targets.is_empty() {
        return (vec![PathBuf::from(".")], Vec::new());
    }
    (Vec::new(), settings.targets.clone())
}

/// `ssoctl.toml` in the folder of the first path, or above it.
fn found_settings(args: &Args) -> Result<Settings, Failure> {
    let first = args.paths.first().filter(|path| path.as_path() != Path::new("-"));
    let start = first.map_or_else(|| PathBuf::from("."), PathBuf::clone);
    // Without `..`, behind which the folders above would be those of another path.
    let start = std::fs::canonicalize(&start).or_else(|_| std::path::absolute(&start));
    let Ok(start) = start else { return Ok(Settings::default()) };
    let Some(path) =
        start.ancestors().map(|folder| folder.join("ssoctl.toml")).find(|path| path.is_file())
    else {
        return Ok(Settings::default());
    };
    let name = shown(&path);
    let file = disk::read(&path, LARGEST_SETTINGS)
        .map_err(|error| Failure::file("read", &name, &error))?;
    let text =
        String::from_utf8(file.bytes).map_err(|_| Failure::new(format!("{name} is not UTF-8")))?;
    Settings::parse(&path, &name, &text).map_err(|error| {
        let at = error.at.map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
        Failure::new(format!("{name}{at}: {}", error.message))
            .hint("`ssoctl schema ssoctl-toml` prints the schema of this file")
    })
}

/// A path as people write it: relative to the current folder where it lies below.
pub(super) fn shown(path: &Path) -> String {
    let current = std::fs::canonicalize(".").unwrap_or_default();
    let path = path.strip_prefix(&current).unwrap_or(path);
    let path = path.strip_prefix("./").unwrap_or(path);
    path.to_string_lossy().into_owned()
}

fn baseline(args: &Args) -> Result<Option<Baseline>, Failure> {
    let Some(path) = args.baseline.as_ref().filter(|_| !args.write_baseline) else {
        return Ok(None);
    };
    let name = path.to_string_lossy();
    let file = disk::read(path, LARGEST_BASELINE).map_err(|error| {
        Failure::file("read", &name, &error).hint("make it first: --baseline FILE --write-baseline")
    })?;
    let text = String::from_utf8_lossy(&file.bytes);
    let baseline = Baseline::parse(path, &text);
    baseline.map(Some).map_err(|error| Failure::new(format!("{name} is not a baseline: {error}")))
}

/// A code that does not exist selects nothing, silently: better to say so.
fn check_codes<'c>(codes: impl Iterator<Item = &'c String>, place: &str) -> Result<(), Failure> {
    for code in codes {
        let exists = rules::all().any(|rule| rule.is_named(code));
        if exists {
            continue;
        }
        let known = rules::all().flat_map(|rule| [rule.code, rule.name]);
        let failure = Failure::new(format!("no rule begins with or is named `{code}` ({place})"));
        return Err(match nearest(code, known) {
            Some((near, _)) => failure.hint(format!("did you mean {near}?")),
            None => failure.hint("`ssoctl rules` lists them"),
        });
    }
    Ok(())
}

const LARGEST_SETTINGS: u64 = 1 << 20;
const LARGEST_BASELINE: u64 = 64 << 20;
