//! Carriers of environment variables (environment files, Compose files, Helm values, Kubernetes
//! manifests): what the process sees after quoting and substitution, and how a value must be written
//! so that the process sees it.

mod compose;
mod environment_file;
mod go_scalar;
mod helm;
mod kubernetes;
mod read;
mod substitution;
mod wrap;
mod write;
mod written;

pub use compose::compose;
pub use environment_file::environment_file;
pub use helm::helm;
pub use kubernetes::kubernetes;
pub use substitution::{Given, Refusal, Shell};
pub use write::{Line, Target, Unwritable, write};
pub use written::{assignment, written};

use crate::source::{KeyPath, Span};
use crate::syntax::dotenv;
use crate::syntax::placed::Placed;
use crate::syntax::tree::Style;

/// A way in which a file gives variables to a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carrier {
    /// `environment:` of a Compose service, as a list of `NAME=value`.
    ComposeList,
    /// `environment:` of a Compose service, as a map.
    ComposeMap,
    /// A file for `docker run --env-file`, or of `format: raw` in Compose: nothing is stripped.
    DockerRun,
    /// `.env`, or a file that `env_file` of Compose names.
    EnvironmentFile,
    /// Values of a Helm chart that become variables of a container.
    Helm,
    /// A manifest of Kubernetes.
    Kubernetes,
    /// The `export` lines of a shell script.
    Shell,
}

/// Everything that a file gives to processes.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// Variables in the order of the text.
    pub variables: Vec<Variable>,
    /// Environment files that it names.
    pub env_files: Vec<EnvFile>,
    /// Files whose whole text stands in it.
    pub files: Vec<EmbeddedFile>,
    /// What is mounted into the process's file system.
    pub mounts: Vec<Mount>,
    /// The processes: every variable, file and mount belongs to one.
    pub groups: Vec<Group>,
    /// What sets no variable.
    pub odd: Vec<Odd>,
}

/// A process that variables are for.
#[derive(Clone, Debug)]
pub struct Group {
    /// The service, the container, or the way to the component in Helm values (`apiserver`); empty
    /// in files that know no processes.
    pub name: String,
    /// Its image, as far as it is known.
    pub image: Option<String>,
    /// Whether nothing else than this file can set variables of the process.
    pub is_complete: bool,
    /// Where it is named.
    pub span: Span,
    /// The way to it.
    pub path: KeyPath,
}

/// A variable as the process gets it.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name as the process sees it.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// The way to the value.
    pub path: KeyPath,
    /// What the process sees.
    pub seen: Seen,
    /// What the process sees if no variable of unknown value is set; where `seen` is unknown for
    /// references alone.
    pub otherwise: Option<String>,
    /// Whether a variable that names a secret was put into the value.
    pub holds_secret: bool,
    /// The value as written, quotes included; an empty span where there is none.
    pub value_span: Span,
    /// The position of its process in [`Carried::groups`].
    pub group: usize,
    /// Whether a later one of the same name takes its place.
    pub is_overridden: bool,
    /// How it came.
    pub carrier: Carrier,
    /// How the value was written.
    pub written: Written,
    /// The value with its places; of a value that is no text, what stands there.
    placed: Placed,
}

/// What a process sees of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Taken over from the shell: `- NAME` in Compose, `NAME` in an environment file.
    Inherited,
    /// This text.
    Known(String),
    /// Nothing: the carrier takes only text, and this is a `boolean`, a `number`, a `list`, a `map`
    /// or a `date`.
    NotText(&'static str),
    /// What something outside the file fills in.
    Unknown,
}

/// How a value was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its quoting.
    pub style: Style,
    /// The whole scalar; more than the value where the name stands in it too.
    pub span: Span,
    /// Whether an edit of it changes this variable and nothing else.
    pub is_own: bool,
    /// What is replaced in it.
    pub expansion: Expansion,
}

/// What a carrier replaces in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expansion {
    /// `$NAME`, `${NAME}`, `${NAME:-default}` and the like; `$$` is a dollar sign.
    Compose,
    /// `$(NAME)`; `$$` is a dollar sign.
    Kubernetes,
    /// Nothing.
    None,
    /// Whatever a shell replaces.
    Shell,
}

/// An environment file that a Compose service names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvFile {
    /// Its path as written; none where it is not known.
    pub path: Option<String>,
    /// Where the path stands.
    pub span: Span,
    /// The service's position in [`Carried::groups`].
    pub group: usize,
    /// Whether Compose refuses to go on without it.
    pub is_required: bool,
    /// Whether it is read as `docker run --env-file` reads one.
    pub is_raw: bool,
}

/// A file whose text stands in another one.
#[derive(Clone, Debug)]
pub struct EmbeddedFile {
    /// Its name.
    pub name: String,
    /// Its text; none where it is not known.
    pub text: Option<String>,
    /// Where the text stands, with its quotes or block indicator.
    pub span: Span,
    /// The way to it.
    pub path: KeyPath,
    /// The component's position in [`Carried::groups`].
    pub group: usize,
    placed: Placed,
}

/// Something that is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// What: a path of the host, or the name of a volume.
    pub source: Option<String>,
    /// Where: a path in the process's file system.
    pub target: String,
    /// The one file of the volume, where only that is mounted.
    pub sub_path: Option<String>,
    /// Where the target stands.
    pub span: Span,
    /// The way to it.
    pub path: KeyPath,
    /// The process's position in [`Carried::groups`].
    pub group: usize,
}

/// A piece that does not set what it seems to set. Compose, Docker and Kubernetes refuse the whole
/// file for it; a shell goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odd {
    /// Where it stands.
    pub span: Span,
    /// The way to it.
    pub path: KeyPath,
    /// The process's position in [`Carried::groups`].
    pub group: usize,
    /// What is wrong.
    pub kind: OddKind,
}

/// What is wrong with a piece of a carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OddKind {
    /// White space between a name and `=`.
    BlankBehindName,
    /// A line of an environment file.
    Line(dotenv::OddKind),
    /// Something else than a name and its value where variables are listed.
    NoAssignment,
    /// Not base64, where it has to be.
    NotBase64,
    /// An item that stands twice in a list, or a key that stands twice in a map.
    Repeated,
    /// A reference in a value that cannot be replaced.
    Substitution(Refusal),
}

impl Carrier {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ComposeList | Self::ComposeMap => "Docker Compose",
            Self::DockerRun => "docker run --env-file",
            Self::EnvironmentFile => "environment file",
            Self::Helm => "Helm values",
            Self::Kubernetes => "Kubernetes",
            Self::Shell => "shell",
        }
    }
}

impl Variable {
    /// The text that the process sees, where it is known.
    pub fn known(&self) -> Option<&str> {
        match &self.seen {
            Seen::Known(text) => Some(text),
            Seen::Inherited | Seen::NotText(_) | Seen::Unknown => None,
        }
    }

    /// Where a byte of what the process sees stands in the file, if it stands there as it is.
    pub fn place_in_source(&self, offset: usize) -> Option<usize> {
        self.known().and_then(|_| self.placed.place(offset))
    }
}

impl EmbeddedFile {
    /// Where a byte of the text stands in the file around it, if it stands there as it is.
    pub fn place_in_source(&self, offset: usize) -> Option<usize> {
        self.placed.place(offset)
    }
}
