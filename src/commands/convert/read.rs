//! From a file to the variables that the process sees.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use crate::apps::{self, App, Recognised};
use crate::carriers::{Carried, Seen, Variable};
use crate::commands::Failure;
use crate::commands::convert::{Args, Item, Value, hocon};
use crate::commands::validate::LIMITS;
use crate::deployment::{Deployment, Document, Exposure, FileKind, Part, Unreadable};
use crate::source::{Source, bare_name};
use crate::syntax::yaml;
use crate::world::{World, disk};

/// The variables of one process.
#[derive(Debug)]
pub(super) struct Environment {
    pub(super) app: &'static App,
    pub(super) items: Vec<Item>,
}

/// What a file gives to the process of its application.
pub(super) fn environment(args: &Args, world: &mut World<'_>) -> Result<Environment, Failure> {
    let name = if args.file == Path::new("-") {
        "-".to_owned()
    } else {
        args.file.to_string_lossy().into_owned()
    };
    let text: Arc<str> = text(&args.file, &name, world)?.into();
    let Recognised { app, kind } = recognised(args, &name, &text)?;
    let document = Document::read(kind, &name, Arc::clone(&text), &LIMITS).map_err(|_| {
        Failure::new(format!("{name} cannot be read as {}", kind.word()))
            .hint(format!("ssoctl validate --app {} {name} says where and why", app.id))
    })?;
    if kind == FileKind::Hocon {
        return Ok(Environment { app, items: hocon::items(&name, &document)? });
    }
    let mut parts = Vec::new();
    for path in &args.env_file {
        let own = path.to_string_lossy().into_owned();
        let given = self::text(path, &own, world)?;
        // Compose reads the file `.env` beside its own; another one stands in for it here.
        let reading = Document::environment(".env", given.into());
        parts.push(part(FileKind::Environment, reading));
    }
    parts.push(part(kind, Ok(document)));
    let deployment = Deployment { parts, ..Deployment::default() };
    let carried = deployment.carried();
    let own = carried.last().expect("the file itself is the last part");
    let items = items(app, args, &name, &own.document.source, &own.carried)?;
    Ok(Environment { app, items })
}

fn part(kind: FileKind, reading: Result<Document, Unreadable>) -> Part {
    Part { kind, reading: Arc::new(reading), exposure: Exposure::default(), is_judged: true }
}

fn text(path: &Path, name: &str, world: &mut World<'_>) -> Result<String, Failure> {
    let limit = u64::try_from(LIMITS.bytes).expect("a usize fits into a u64");
    let (bytes, is_larger) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = world.stdin.by_ref().take(limit + 1).read_to_end(&mut bytes);
        read.map_err(|error| Failure::file("read", "standard input", &error))?;
        let is_larger = bytes.len() > LIMITS.bytes;
        (bytes, is_larger)
    } else {
        let file = disk::read(path, limit).map_err(|error| Failure::file("read", name, &error))?;
        (file.bytes, file.larger.is_some())
    };
    if is_larger {
        return Err(Failure::new(format!("{name} is larger than the 1 MiB that are read")));
    }
    String::from_utf8(bytes)
        .map_err(|_| Failure::new(format!("{name} is not UTF-8")).hint("save the file as UTF-8"))
}

/// Whose environment it is.
fn recognised(args: &Args, name: &str, text: &str) -> Result<Recognised, Failure> {
    let file_name = Path::new(name).file_name().and_then(|name| name.to_str()).unwrap_or(name);
    let tree = yaml::read(text, &LIMITS).ok();
    let can = |found: &Recognised| {
        let is_carrier = found.kind.is_carrier() || found.kind == FileKind::Hocon;
        is_carrier && !found.app.recognise.carriers.is_empty()
    };
    let found = match args.app.as_deref().and_then(App::by_id) {
        Some(app) => apps::forced(app, file_name, text, tree.as_ref()),
        None => apps::recognise(file_name, text, tree.as_ref()),
    };
    let mut found = found.into_iter().filter(can);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(one), Some(other)) => Err(Failure::new(format!(
            "{name} sets variables of {} and of {}",
            one.app.name, other.app.name
        ))
        .hint(format!("say which: --app {} or --app {}", one.app.id, other.app.id))),
        (None, _) => Err(Failure::new(format!("{name} sets no variable of ClearML or Label Studio"))
            .hint("it has to be an environment file, a Compose file, Helm values, a Kubernetes manifest or, for ClearML, HOCON; --app tells whose it is")),
    }
}

/// The variables of the process that has some of the application's.
fn items(
    app: &App,
    args: &Args,
    name: &str,
    source: &Source,
    carried: &Carried,
) -> Result<Vec<Item>, Failure> {
    if let Some(odd) = carried.odd.first() {
        let at = source.location(odd.span.start);
        return Err(Failure::new(format!(
            "{name}:{}:{}: this sets no variable as it stands",
            at.line, at.column
        ))
        .hint(format!("ssoctl validate {name} says why")));
    }
    let is_own = |group: usize| {
        let mut own = carried.variables.iter().filter(|variable| variable.group == group);
        own.any(|variable| app.recognise.is_variable(&variable.name))
    };
    let named = |at: &usize| {
        let group = &carried.groups[*at];
        args.service.as_ref().is_none_or(|service| *service == group.name)
    };
    let groups: Vec<usize> =
        (0..carried.groups.len()).filter(|at| is_own(*at)).filter(named).collect();
    let &[group] = groups.as_slice() else {
        let all: Vec<&str> = carried.groups.iter().map(|group| group.name.as_str()).collect();
        let all = all.join(", ");
        return Err(if groups.is_empty() {
            Failure::new(format!("{name} has no such process: it has {all}"))
        } else {
            Failure::new(format!("{name} sets variables of several processes: {all}"))
                .hint("choose one with --service")
        });
    };
    let is_stray = |c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c));
    if let Some(odd) = carried.variables.iter().find(|variable| variable.name.contains(is_stray)) {
        let at = source.location(odd.name_span.start);
        return Err(Failure::new(format!(
            "{name}:{}:{}: the name `{}` holds a stray character",
            at.line,
            at.column,
            bare_name(&odd.name)
        ))
        .hint(format!("ssoctl validate {name} says which")));
    }
    let own = carried.variables.iter();
    let own = own.filter(|variable| variable.group == group && !variable.is_overridden);
    Ok(own.map(|variable| item(source, variable)).collect())
}

fn item(source: &Source, variable: &Variable) -> Item {
    let value = match &variable.seen {
        Seen::Known(value) => Value::Known(value.clone()),
        Seen::Inherited => Value::Unknown("its value is taken over from the shell"),
        Seen::NotText(_) => Value::Unknown("its value is no text, which the carrier refuses"),
        Seen::Unknown => Value::Unknown(
            "its value is filled in by something outside the file (give it with --env-file)",
        ),
    };
    let comment = comment_above(source, variable.name_span.start);
    Item { name: variable.name.clone(), value, comment }
}

/// The comment lines directly above the line of a place.
pub(super) fn comment_above(source: &Source, offset: usize) -> Option<String> {
    let own = source.location(offset).line;
    let mut lines: Vec<&str> = Vec::new();
    for line in (1..own).rev() {
        let text = source.text()[source.line(line).range()].trim();
        let Some(comment) = text.strip_prefix('#') else { break };
        lines.push(comment.trim());
    }
    lines.reverse();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
