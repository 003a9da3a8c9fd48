//! Reading one file, and recognising it.

use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::apps::{self, App, Recognised};
use crate::commands::Failure;
use crate::commands::validate::config::Job;
use crate::commands::validate::input::refusal::{self, name_of};
use crate::commands::validate::input::wanted::Wanted;
use crate::commands::validate::input::{Content, Text};
use crate::deployment::{Document, Exposure, Fault, FileKind, Unreadable};
use crate::model::{Protocol, SECRET_TAGS};
use crate::source::Span;
use crate::syntax::tree::NodeRef;
use crate::syntax::yaml::{self, Options};
use crate::world::{Repositories, disk};

/// What is needed to open files.
pub(super) struct Opener<'o> {
    pub(super) job: &'o Job,
    pub(super) stdin: Option<&'o [u8]>,
    pub(super) repositories: &'o Repositories,
}

/// A file as it was read.
#[derive(Debug)]
pub(super) enum Opened {
    /// What it is to whom, and what it says.
    Recognised(Vec<Recognised>, Content, Exposure),
    Failed(io::Error),
    /// Not recognised: what it looks like instead.
    Foreign(Option<&'static str>),
    /// Several applications could have it for their configuration.
    Ambiguous(Vec<&'static App>),
}

impl Opener<'_> {
    /// Reads and recognises a file.
    pub(super) fn open(&self, file: &Wanted) -> Opened {
        let name = name_of(self.job, &file.path);
        let read = match self.read(file) {
            Ok(read) => read,
            Err(error) => return Opened::Failed(error),
        };
        let world_readable = read.world_readable;
        match text_of(&name, read) {
            Ok(text) => self.recognised(file, &name, &text.into(), world_readable),
            Err((unreadable, text)) => {
                self.undecoded(file, &name, unreadable, &text, world_readable)
            }
        }
    }

    fn read(&self, file: &Wanted) -> io::Result<disk::FileBytes> {
        let path = file.path.as_path();
        let stdin = self.stdin.filter(|_| path == Path::new("-"));
        let Some(bytes) = stdin else {
            let read = if file.is_named { disk::read } else { disk::read_found };
            return read(path, limit());
        };
        let larger = u64::try_from(bytes.len()).ok().filter(|length| *length > limit());
        Ok(disk::FileBytes { bytes: bytes.to_vec(), larger, world_readable: false })
    }

    fn recognised(
        &self,
        file: &Wanted,
        name: &str,
        text: &Arc<str>,
        world_readable: bool,
    ) -> Opened {
        let found = self.kinds(file, file_name(name), text, true);
        let claims = found.iter().filter(|found| found.kind.is_main());
        let claims: Vec<&App> = claims.map(|found| found.app).collect();
        if claims.len() > 1 {
            return Opened::Ambiguous(claims);
        }
        let Some(first) = found.first() else {
            return Opened::Foreign(apps::foreign_kind(text));
        };
        // Lines are read here, in parallel and once for all that share them.
        let content = if first.kind == FileKind::Environment {
            Content::Read(Arc::new(Document::environment(name, Arc::clone(text))))
        } else {
            Content::Text(Text::Readable { name: name.to_owned(), text: Arc::clone(text) })
        };
        Opened::Recognised(found, content, self.exposure(file, world_readable))
    }

    /// What a text is to whom; by its words alone where it was not decoded.
    fn kinds(&self, file: &Wanted, file_name: &str, text: &str, is_whole: bool) -> Vec<Recognised> {
        let parsed = || yaml::read(text, &LIMITS).ok().filter(|_| is_whole);
        let mut found = match (file.app, apps::usual_app(file_name)) {
            (Some(app), _) => apps::forced(app, file_name, text, parsed().as_ref()),
            (None, Some(app)) if apps::is_candidate(file_name).is_some() => {
                vec![Recognised { app, kind: FileKind::Configuration }]
            }
            _ if !apps::is_worth_parsing(text) => Vec::new(),
            _ => apps::recognise(file_name, text, parsed().as_ref()),
        };
        if self.job.protocol == Some(Protocol::Scim) {
            for one in &mut found {
                if one.kind == FileKind::Settings && one.app.has_scim_settings() {
                    one.kind = FileKind::Scim;
                }
            }
        }
        found
    }

    fn undecoded(
        &self,
        file: &Wanted,
        name: &str,
        unreadable: Unreadable,
        text: &str,
        world_readable: bool,
    ) -> Opened {
        let found = self.kinds(file, file_name(name), text, false);
        if found.is_empty() {
            return match unreadable.fault {
                Fault::NotUtf8 { looks_like: BINARY, .. } => Opened::Foreign(Some(BINARY)),
                _ => Opened::Foreign(apps::foreign_kind(text)),
            };
        }
        let content = Content::Text(Text::Unreadable(unreadable));
        Opened::Recognised(found, content, self.exposure(file, world_readable))
    }

    fn exposure(&self, file: &Wanted, world_readable: bool) -> Exposure {
        let is_stdin = file.path == Path::new("-");
        Exposure { world_readable, tracked: !is_stdin && self.repositories.keep(&file.path) }
    }
}

/// Reads an environment file that somebody named as such.
pub(super) fn environment_file(
    job: &Job,
    path: &Path,
) -> Result<Arc<Result<Document, Unreadable>>, Failure> {
    let name = name_of(job, path);
    let read = disk::read(path, limit()).map_err(|error| refusal::unreadable(path, &error))?;
    let text = text_of(&name, read).map_err(|(unreadable, _)| unreadable);
    let document = text.and_then(|text| Document::environment(&name, text.into()));
    if document.as_ref().is_ok_and(sets_nothing) {
        return Err(Failure::new(format!(
            "{name} is no environment file: no line of it sets a variable"
        ))
        .hint("--env-file takes NAME=value lines, or the export lines of a script"));
    }
    Ok(Arc::new(document))
}

/// Whether a text holds something, and no variable.
fn sets_nothing(document: &Document) -> bool {
    let is_empty = document.tree.root().and_then(NodeRef::entries).is_none_or(<[_]>::is_empty);
    let mut lines = document.source.text().lines().map(str::trim);
    is_empty && lines.any(|line| !line.is_empty() && !line.starts_with('#'))
}

/// A text that is neither too large nor anything but UTF-8. Otherwise what can be told of it: bytes
/// of another encoding are not shown, because nobody could say where a secret stands in them.
fn text_of(name: &str, read: disk::FileBytes) -> Result<String, (Unreadable, String)> {
    if let Some(size) = read.larger {
        let head = String::from_utf8_lossy(&read.bytes[..read.bytes.len().min(HEAD)]).into_owned();
        let unreadable = Unreadable::new(name, "".into(), Fault::Large(size));
        return Err((unreadable, head));
    }
    String::from_utf8(read.bytes).map_err(|error| {
        let start = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let looks_like = looks_like(&bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let is_text = looks_like != UTF_16 && looks_like != BINARY;
        let shown = if is_text { text.as_str() } else { "" };
        let end = start + char::REPLACEMENT_CHARACTER.len_utf8();
        let span = if is_text { Span::new(start, end) } else { Span::at(0) };
        let unreadable = Unreadable::new(name, shown.into(), Fault::NotUtf8 { span, looks_like });
        (unreadable, text.replace('\0', ""))
    })
}

fn looks_like(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        UTF_16
    } else if bytes.contains(&0) {
        BINARY
    } else {
        "a byte here is none of UTF-8, perhaps Latin-1"
    }
}

fn file_name(name: &str) -> &str {
    Path::new(name).file_name().and_then(|name| name.to_str()).unwrap_or(name)
}

/// Bytes of the largest file that is read.
pub(super) fn limit() -> u64 {
    u64::try_from(LIMITS.bytes).expect("a usize fits into a u64")
}

const UTF_16: &str = "UTF-16, as some Windows editors write it";
const BINARY: &str = "a binary file";
const HEAD: usize = 4096;
/// The reader's ceilings, and the tags that stand for secrets.
pub(in crate::commands) const LIMITS: Options<'static> =
    Options { bytes: 1 << 20, depth: 64, nodes: 100_000, filled_in_later: &SECRET_TAGS };
