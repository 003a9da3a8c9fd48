//! Values as the server's reader understands them.

use crate::model::is_filled_in_later;
use crate::source::Span;
use crate::syntax::hocon::{self, HoconError};
use crate::syntax::tree::{Kind, NodeRef, Style, Tree};

/// What the server makes of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text, and whether quotes stood around it.
    Text(String, bool),
    /// True or false.
    Boolean(bool),
    /// Of another kind: a number, a duration, null.
    Odd(&'static str),
    /// A list; none for what is no text in it.
    List(Vec<Option<String>>),
    /// Further keys.
    Map,
    /// The reader refuses it, and the server with it.
    Unparsable(HoconError),
    /// The carrier refuses it: it is no text.
    NotText(&'static str),
    /// Filled in by something outside the file.
    Unknown,
    /// Filled in by the server from a variable of this name.
    Substitution(String),
}

impl Value {
    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text, _) => Some(text),
            _ => None,
        }
    }

    /// The truth value, where it is one.
    pub fn boolean(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether anything is there at all.
    pub fn is_given(&self) -> bool {
        !matches!(self, Self::Odd("null")) && self.text().is_none_or(|text| !text.trim().is_empty())
    }
}

/// What a text that a process sees becomes, and where a comment cuts it.
pub(super) fn seen(path: &str, text: &str) -> (Result<Tree, Value>, Option<Span>) {
    // Such a reference is the server's own; all others are filled in before it starts.
    if is_filled_in_later(&text.replace("${", "")) {
        return (Err(Value::Unknown), None);
    }
    match hocon::value_of(path, text) {
        Ok(tree) => {
            let cut = tree.comments.first().map(|comment| comment.span);
            (Ok(tree), cut)
        }
        Err(error) => (Err(Value::Unparsable(error)), None),
    }
}

/// A single value, or a list.
pub(super) fn leaf(node: NodeRef<'_>) -> Value {
    if let Some(tag) = &node.node().tag
        && tag.name != hocon::RESOLVED
    {
        let written = node.scalar().map_or("", |scalar| scalar.text.as_str());
        let inside = written.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let name = inside.filter(|name| !name.starts_with('?') && !name.contains("${"));
        return name.map_or(Value::Unknown, |name| Value::Substitution(name.to_owned()));
    }
    if let Some(items) = node.items() {
        return Value::List(items.map(item).collect());
    }
    let Some(scalar) = node.scalar() else { return Value::Map };
    match scalar.kind {
        Kind::Bool(value) => Value::Boolean(value),
        Kind::Null => Value::Odd("null"),
        Kind::Int(_) | Kind::Float(_) => Value::Odd("a number"),
        Kind::Duration(_) => Value::Odd("a duration"),
        Kind::Binary | Kind::Text | Kind::Timestamp(_) => {
            Value::Text(scalar.text.clone(), scalar.style == Style::DoubleQuoted)
        }
    }
}

fn item(item: NodeRef<'_>) -> Option<String> {
    let scalar = item.scalar().filter(|scalar| scalar.kind == Kind::Text)?;
    item.node().tag.is_none().then(|| scalar.text.clone())
}
