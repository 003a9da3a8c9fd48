//! The documents that hold tables of groups: the SAML settings, and those of SCIM beside them.

use crate::apps::label_studio_saml::{Cell, Row, rows};
use crate::deployment::{Document, FileKind};
use crate::model::{Placeholder, Role, Setting, is_unknown, placeholder};
use crate::problem::Place;
use crate::rules::Subject;
use crate::source::{KeyPath, Span};
use crate::syntax::tree::NodeRef;

/// One document with settings.
#[derive(Debug)]
pub(super) struct Sheet<'t> {
    /// Its text and tree.
    pub(super) document: &'t Document,
    /// The map of its fields.
    pub(super) root: NodeRef<'t>,
    /// Whether it belongs to SCIM.
    pub(super) is_scim: bool,
    /// Whether it is judged here.
    pub(super) is_judged: bool,
}

impl<'t> Sheet<'t> {
    /// The rows of a table.
    pub(super) fn rows(&self, table: &str) -> Vec<Row<'t>> {
        rows(self.root, table)
    }

    /// A place in it.
    pub(super) fn place(&self, span: Span, path: KeyPath) -> Place {
        self.document.place(span, path)
    }

    /// The place of a row's value.
    pub(super) fn at(&self, cell: &Cell<'_>) -> Place {
        self.place(cell.node.span(), cell.path.clone())
    }

    /// The place of a field's key, or the beginning where it is absent.
    pub(super) fn key_place(&self, key: &str) -> Place {
        let span = self.root.entry(key).map(|(key, _)| key.span());
        self.place(span.unwrap_or(Span::at(self.root.span().start)), KeyPath::default().key(key))
    }

    /// Whether a table has rows, or something that will have been filled in.
    pub(super) fn is_filled(&self, table: &str) -> bool {
        self.root.get(table).is_some_and(|value| {
            is_unknown(value)
                || value.items().is_some_and(|mut items| items.next().is_some())
                || value.entries().is_some_and(|entries| !entries.is_empty())
        })
    }
}

/// The SAML settings first, then those of SCIM.
pub(super) fn sheets<'t>(cx: &Subject<'t>) -> Vec<Sheet<'t>> {
    let sheet = |document: &'t Document, is_scim, is_judged| {
        let root = document.tree.root().filter(|root| root.entries().is_some())?;
        Some(Sheet { document, root, is_scim, is_judged })
    };
    let main = cx.document().and_then(|document| sheet(document, false, true));
    let scim = cx.deployment.of_kind(FileKind::Scim);
    main.into_iter()
        .chain(scim.filter_map(|(part, document)| sheet(document, true, part.is_judged)))
        .collect()
}

/// The SAML settings.
pub(super) fn saml<'t>(cx: &Subject<'t>) -> Option<Sheet<'t>> {
    sheets(cx).into_iter().find(|sheet| !sheet.is_scim)
}

/// The text of a row's value that can be judged: no template, no placeholder.
pub(super) fn honest<'t>(cx: &Subject<'_>, cell: Option<&Cell<'t>>) -> Option<&'t str> {
    let cell = cell?;
    let text = cell.text().filter(|_| !is_unknown(cell.node))?;
    (!is_placeholder(cx, text)).then_some(text)
}

/// Whether a text in a table is a hint to the reader.
pub(super) fn is_placeholder(cx: &Subject<'_>, text: &str) -> bool {
    let card = cx.app.provider_settings.iter().find(|card| card.role == Role::GroupTable);
    card.is_some_and(|card| matches!(placeholder(card, text), Some(Placeholder::Hint(_))))
}

/// Whether settings are whole: a partial update says nothing of what it leaves out.
pub(super) fn is_whole(cx: &Subject<'_>) -> bool {
    cx.deployment.main_kind == FileKind::Answer
        || [Role::EmailDomain, Role::MetadataUrl, Role::MetadataXml]
            .into_iter()
            .any(|role| setting(cx, role).is_some_and(Setting::is_present))
}

/// A setting of the SAML side.
pub(super) fn setting<'c, 't>(cx: &'c Subject<'t>, role: Role) -> Option<&'c Setting<'t>> {
    cx.config.providers.first()?.setting(role)
}
