//! What the readers of all carriers share.

use std::collections::HashMap;

use crate::carriers::substitution::{Found, Given, Shell, Substituted, Substituter};
use crate::carriers::{
    Carried, Carrier, Expansion, Group, Odd, OddKind, Refusal, Seen, Variable, Written,
};
use crate::model::{SECRET_TAGS, is_filled_in_later};
use crate::source::{KeyPath, Span, is_secret_key};
use crate::syntax::placed::{self, Placed};
use crate::syntax::tree::{NodeId, NodeRef, Scalar, Style, Tree, Value};

/// What is being gathered from one file.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) carried: Carried,
    pub(super) shell: Shell<'t>,
    pub(super) substituter: Substituter,
    /// How many places use a node.
    uses: Vec<u32>,
    /// Variables set so far, by process and name: the last one's position.
    last: HashMap<(usize, String), usize>,
    /// Processes by the way to them.
    groups: HashMap<KeyPath, usize>,
}

/// A variable's value before anything is replaced.
pub(super) struct Raw {
    pub(super) carrier: Carrier,
    pub(super) name: String,
    pub(super) name_span: Span,
    pub(super) path: KeyPath,
    pub(super) value_span: Span,
    pub(super) group: usize,
    pub(super) written: Written,
}

/// What became of a value.
pub(super) struct Outcome {
    pub(super) seen: Seen,
    pub(super) otherwise: Option<String>,
    pub(super) placed: Placed,
    pub(super) holds_secret: bool,
}

impl Outcome {
    /// Something without a text.
    pub(super) fn without_text(seen: Seen) -> Self {
        Self { seen, otherwise: None, placed: Placed::default(), holds_secret: false }
    }

    /// Text as it stands.
    pub(super) fn known(placed: Placed) -> Self {
        let seen = Seen::Known(placed.text.clone());
        Self { seen, otherwise: None, placed, holds_secret: false }
    }
}

impl<'t> Reader<'t> {
    pub(super) fn new(tree: &Tree, text: &'t str, shell: Shell<'t>) -> Self {
        let mut uses = vec![0_u32; tree.nodes.len()];
        let mut count = |id: NodeId| {
            if let Some(uses) = usize::try_from(id.0).ok().and_then(|index| uses.get_mut(index)) {
                *uses += 1;
            }
        };
        for node in &tree.nodes {
            match &node.value {
                Value::List(items) => items.iter().copied().for_each(&mut count),
                Value::Map(entries) => entries.iter().for_each(|entry| count(entry.value)),
                Value::Scalar(_) => {}
            }
        }
        Self {
            text,
            carried: Carried::default(),
            shell,
            substituter: Substituter::default(),
            uses,
            last: HashMap::new(),
            groups: HashMap::new(),
        }
    }

    /// Adds a process; the position of the one that is already there under this path.
    pub(super) fn group(&mut self, name: &str, span: Span, path: KeyPath) -> usize {
        let next = self.carried.groups.len();
        let at = *self.groups.entry(path.clone()).or_insert(next);
        if at == next {
            let name = name.to_owned();
            self.carried.groups.push(Group { name, image: None, is_complete: true, span, path });
        }
        at
    }

    pub(super) fn odd(&mut self, span: Span, path: KeyPath, group: usize, kind: OddKind) {
        self.carried.odd.push(Odd { span, path, group, kind });
    }

    /// How a scalar was written.
    pub(super) fn written(
        &self,
        node: NodeRef<'_>,
        scalar: &Scalar,
        expansion: Expansion,
    ) -> Written {
        let index = usize::try_from(node.id.0).expect("a u32 fits into usize");
        let is_own = self.uses[index] <= 1 && node.node().tag.is_none();
        Written { style: scalar.style, span: node.span(), is_own, expansion }
    }

    /// How something that is no scalar was written.
    pub(super) fn unquoted(node: NodeRef<'_>, expansion: Expansion) -> Written {
        Written { style: Style::Plain, span: node.span(), is_own: false, expansion }
    }

    /// The text of a scalar with its places.
    pub(super) fn placed(&self, node: NodeRef<'_>) -> Placed {
        placed::of_scalar(node.node(), self.text).unwrap_or_default()
    }

    /// Adds a variable; one of the same name and process that came before counts no more.
    pub(super) fn push(&mut self, raw: Raw, outcome: Outcome) {
        let Raw { carrier, name, name_span, path, value_span, group, written } = raw;
        let Outcome { seen, otherwise, placed, holds_secret } = outcome;
        let at = self.carried.variables.len();
        if let Some(earlier) = self.last.insert((group, name.clone()), at) {
            self.carried.variables[earlier].is_overridden = true;
        }
        self.carried.variables.push(Variable {
            name,
            name_span,
            path,
            seen,
            otherwise,
            holds_secret,
            value_span,
            group,
            is_overridden: false,
            carrier,
            written,
            placed,
        });
    }

    /// What is known of a variable that was set before in the same process.
    pub(super) fn earlier(&self, group: usize, name: &str) -> Option<Found> {
        let variable = &self.carried.variables[*self.last.get(&(group, name.to_owned()))?];
        let given = match &variable.seen {
            Seen::Known(text) => Given::Set(text.clone()),
            Seen::Inherited | Seen::NotText(_) | Seen::Unknown => Given::Unknown,
        };
        Some(Found { given, holds_secret: variable.holds_secret || is_secret_key(name) })
    }

    /// A variable that is taken over from the surroundings.
    pub(super) fn inherited(&self, name: &str) -> Outcome {
        match (self.shell)(name) {
            Given::Set(value) => Outcome {
                holds_secret: is_secret_key(name),
                ..Outcome::known(Placed::nowhere(value))
            },
            Given::Unknown | Given::Unset => Outcome::without_text(Seen::Inherited),
        }
    }

    /// A text with the variables of the surroundings put in as Compose does; none where it is not
    /// known or refused.
    pub(super) fn compose_text(&self, node: NodeRef<'_>) -> Option<Placed> {
        let shell = self.shell;
        node.scalar()?;
        let raw = self.placed(node);
        let lookup = |name: &str| Found::in_shell(shell, name);
        let made = self.substituter.compose(&raw, &lookup).ok()?;
        (!made.is_unknown).then_some(made.placed)
    }
}

/// What a substitution made of a value, with the second attempt that takes what is not known as
/// not set.
pub(super) fn outcome(
    first: Result<Substituted, Refusal>,
    second: impl FnOnce() -> Result<Substituted, Refusal>,
) -> Result<Outcome, Refusal> {
    let made = first?;
    if !made.is_unknown {
        let holds_secret = made.holds_secret;
        if is_template(&made.placed.text) {
            return Ok(Outcome { holds_secret, ..Outcome::without_text(Seen::Unknown) });
        }
        let seen = Seen::Known(made.placed.text.clone());
        return Ok(Outcome { seen, otherwise: None, placed: made.placed, holds_secret });
    }
    let second = second().ok().filter(|made| !made.is_unknown);
    Ok(Outcome {
        seen: Seen::Unknown,
        holds_secret: made.holds_secret || second.as_ref().is_some_and(|made| made.holds_secret),
        otherwise: second.map(|made| made.placed.text),
        placed: Placed::default(),
    })
}

/// A variable whose value is not known, taken as not set.
pub(super) fn as_unset(found: Found) -> Found {
    match found.given {
        Given::Unknown => Found { given: Given::Unset, ..found },
        Given::Set(_) | Given::Unset => found,
    }
}

/// Whether a template engine or a secret store fills a text in. `${X}` is no such thing here: the
/// carrier replaces it, or it reaches the process as it stands.
pub(super) fn is_template(text: &str) -> bool {
    is_filled_in_later(text) && is_filled_in_later(&text.replace("${", "$ {"))
}

/// Whether a value is one that something else than the carrier fills in.
pub(super) fn is_foreign(value: NodeRef<'_>) -> bool {
    let tag = value.node().tag.as_ref();
    tag.is_some_and(|tag| SECRET_TAGS.contains(&tag.name.as_str()))
        || value.scalar().is_some_and(|scalar| is_template(&scalar.text))
}

/// What a value that is no scalar is called.
pub(super) fn kind_of(value: NodeRef<'_>) -> Option<&'static str> {
    match value.node().value {
        Value::List(_) => Some("list"),
        Value::Map(_) => Some("map"),
        Value::Scalar(_) => None,
    }
}
