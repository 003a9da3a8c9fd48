//! All targets: what they name is asked at once, and told in their order.

use crate::commands::Failure;
use crate::commands::check::configuration::{self, Answered, Opened};
use crate::commands::check::oidc::Told;
use crate::commands::check::probe::{self, Sender};
use crate::commands::check::progress::Bar;
use crate::commands::check::target::Target;
use crate::commands::check::{Args, Work, address, metadata, saved_discovery, saved_keys};
use crate::report::{Judged, Seen};
use crate::rule::Finding;
use crate::rules::answers::Wanted;
use crate::world::{World, disk, parallel_map_waiting};

/// What came of all targets.
#[derive(Default)]
pub(super) struct Asked {
    /// Configurations, each judged as a whole.
    pub(super) judged: Vec<Judged>,
    /// Findings about documents that belong to none.
    pub(super) loose: Vec<Finding>,
    /// What was found.
    pub(super) seen: Vec<Seen>,
}

/// A target, ready to be asked.
enum Ready<'t> {
    /// A configuration that was read.
    Configuration(Box<Opened>),
    /// Anything else.
    Other(&'t Target),
}

/// One thing to ask: the number of its target, and of the provider in a configuration.
struct Job {
    target: usize,
    provider: Option<usize>,
}

/// What came of a job.
enum Done {
    /// The answer for a provider of a configuration.
    Provider(Box<Answered>),
    /// What is told of anything else.
    Loose(Box<Told>),
}

/// Asks and judges every target.
pub(super) fn everything(
    targets: &[Target],
    args: &Args,
    work: &Work<'_>,
    world: &mut World<'_>,
) -> Result<Asked, Failure> {
    let ready: Result<Vec<Ready<'_>>, Failure> =
        targets.iter().map(|target| prepared(target, args, work, world)).collect();
    let ready = ready?;
    let jobs: Vec<Job> = ready.iter().enumerate().flat_map(|(at, one)| jobs(at, one)).collect();
    let bar = Bar::new(world, args, jobs.len());
    let done = parallel_map_waiting(&jobs, |job| {
        if bar.interrupt.is_set() {
            return None;
        }
        let done = ready.get(job.target).map(|one| asked(one, job, args, work));
        bar.step();
        done
    });
    bar.finish();
    if world.interrupt.is_set() {
        return Err(Failure::Interrupted);
    }
    collected(ready, &jobs, done, args, work, world)
}

fn prepared<'t>(
    target: &'t Target,
    args: &Args,
    work: &Work<'_>,
    world: &mut World<'_>,
) -> Result<Ready<'t>, Failure> {
    Ok(match target {
        Target::Configuration(path) => {
            let opened = configuration::open(path, args, work.at, world)?;
            Ready::Configuration(Box::new(opened))
        }
        other => Ready::Other(other),
    })
}

fn jobs(target: usize, ready: &Ready<'_>) -> Vec<Job> {
    match ready {
        Ready::Configuration(opened) => {
            (0..opened.count()).map(|number| Job { target, provider: Some(number) }).collect()
        }
        Ready::Other(_) => vec![Job { target, provider: None }],
    }
}

fn asked(ready: &Ready<'_>, job: &Job, args: &Args, work: &Work<'_>) -> Result<Done, Failure> {
    Ok(match ready {
        Ready::Configuration(opened) => {
            let number = job.provider.unwrap_or_default();
            let answered = opened.ask(number, work).expect("a job of each question was made");
            Done::Provider(Box::new(answered))
        }
        Ready::Other(target) => Done::Loose(Box::new(loose(target, args, work)?)),
    })
}

fn loose(target: &Target, args: &Args, work: &Work<'_>) -> Result<Told, Failure> {
    Ok(match target {
        Target::Configuration(_) => Told::default(),
        Target::Address(url) => address(url, args, work),
        Target::Metadata(path) => {
            let name = path.to_string_lossy();
            let failure = |error: std::io::Error| Failure::file("read", &name, &error);
            let (stream, _) = disk::stream(path)
                .and_then(|one| one.ok_or_else(|| std::io::ErrorKind::InvalidInput.into()))
                .map_err(failure)?;
            metadata::saved(&name, stream, work)
        }
        Target::Saved { name, text, kind } => match kind {
            Wanted::Metadata => metadata::saved(name, text.as_bytes(), work),
            Wanted::Discovery => saved_discovery(name, text),
            Wanted::KeySet => saved_keys(name, text, work),
        },
    })
}

/// Puts the answers together in the order of the targets.
fn collected(
    ready: Vec<Ready<'_>>,
    jobs: &[Job],
    done: Vec<Option<Result<Done, Failure>>>,
    args: &Args,
    work: &Work<'_>,
    world: &mut World<'_>,
) -> Result<Asked, Failure> {
    let mut sender = work.probes.map(|net| Sender {
        net,
        stderr: &mut *world.stderr,
        is_quiet: args.quiet,
        interrupt: world.interrupt.clone(),
    });
    let mut out = Asked::default();
    let mut done = jobs.iter().zip(done.into_iter().flatten()).peekable();
    for (at, one) in ready.into_iter().enumerate() {
        let mut answers = Vec::new();
        while let Some((_, result)) = done.next_if(|(job, _)| job.target == at) {
            match result? {
                Done::Provider(answered) => answers.push(*answered),
                Done::Loose(mut told) => {
                    if let (Some(sender), Ready::Other(Target::Address(url))) = (&mut sender, &one)
                    {
                        probe::bare(url, &mut told, sender)?;
                    }
                    out.loose.extend(told.findings.0);
                    out.seen.extend(told.seen);
                }
            }
        }
        if let Ready::Configuration(opened) = one {
            if let Some(sender) = &mut sender {
                opened.probe(&mut answers, sender)?;
            }
            let (judged, seen) = opened.judge(answers, args, work.at);
            out.judged.push(judged);
            out.seen.extend(seen);
        }
    }
    Ok(out)
}
