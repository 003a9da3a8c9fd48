//! Members of an object, taken as what they are to be.

use crate::source::{Span, Spanned};
use crate::syntax::tree::{Kind, NodeRef};

/// A member whose value is of another kind than its specification says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The member.
    pub name: &'static str,
    /// What it is to be.
    pub expected: &'static str,
    /// Where the value stands.
    pub span: Span,
}

/// An object whose members are being taken.
pub(super) struct Members<'t> {
    object: NodeRef<'t>,
    /// Members that are not what they are to be.
    pub(super) misfits: Vec<Misfit>,
}

impl<'t> Members<'t> {
    /// The members of an object.
    pub(super) fn of(object: NodeRef<'t>) -> Self {
        Self { object, misfits: Vec::new() }
    }

    /// A member that is text. `null` is as good as nothing.
    pub(super) fn text(&mut self, name: &'static str) -> Option<Spanned<String>> {
        let value = self.present(name)?;
        let text = text(value);
        self.told(text, name, "text", value.span())
    }

    /// A member that is true or false.
    pub(super) fn boolean(&mut self, name: &'static str) -> Option<Spanned<bool>> {
        let value = self.present(name)?;
        let boolean = match value.scalar().map(|scalar| &scalar.kind) {
            Some(&Kind::Bool(value_of)) => Some(Spanned { value: value_of, span: value.span() }),
            _ => None,
        };
        self.told(boolean, name, "true or false", value.span())
    }

    /// A member that is a list of texts.
    pub(super) fn list(&mut self, name: &'static str) -> Option<Vec<Spanned<String>>> {
        let value = self.present(name)?;
        let texts = value.items().and_then(|items| items.map(text).collect());
        self.told(texts, name, "a list of texts", value.span())
    }

    fn present(&self, name: &str) -> Option<NodeRef<'t>> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    fn told<T>(
        &mut self,
        found: Option<T>,
        name: &'static str,
        expected: &'static str,
        span: Span,
    ) -> Option<T> {
        if found.is_none() {
            self.misfits.push(Misfit { name, expected, span });
        }
        found
    }
}

fn text(value: NodeRef<'_>) -> Option<Spanned<String>> {
    let text = value.key_text()?;
    Some(Spanned { value: text.to_owned(), span: value.span() })
}
