//! NameID formats.

use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject, edits, maps};
use crate::source::KeyPath;
use crate::syntax::tree::NodeRef;

pub(in crate::rules) static NONEXISTENT_FORMAT: Lint = lint!(
    "IDP012",
    "nonexistent-name-id-format",
    Error,
    "a NameID format that no standard defines",
    Check::Settings(nonexistent_format)
);

fn nonexistent_format(cx: &Subject<'_>, out: &mut Findings) {
    let Some(document) = cx.document().filter(|document| document.source.text().contains(WRONG))
    else {
        return;
    };
    for (map, trail) in maps(&document.tree) {
        for (key, value) in map.pairs().into_iter().flatten() {
            let name = key.key_text().unwrap_or_default();
            for value in value.items().into_iter().flatten().chain([value]) {
                judge(cx, value, || trail.key(name), out);
            }
        }
    }
}

fn judge(cx: &Subject<'_>, value: NodeRef<'_>, path: impl Fn() -> KeyPath, out: &mut Findings) {
    let Some(text) = value.scalar().map(|scalar| scalar.text.as_str()) else { return };
    let Some(name) = text.strip_prefix(WRONG).filter(|name| OLDER.contains(name)) else { return };
    let problem = Problem::new(format!("there is no NameID format {text}"), cx.place(value.span(), path()))
        .label("the number before it is 1.1")
        .why("SAML 2.0 kept this format under its old name (SAML core, section 8.3); libraries compare the text")
        .remedy(format!("urn:oasis:names:tc:SAML:1.1:nameid-format:{name}"));
    let at = "urn:oasis:names:tc:SAML:".len();
    let source = &cx.document().expect("a value stands in a document").source;
    out.report(
        &NONEXISTENT_FORMAT.rule,
        match edits::part(source, value, at, at + "2.0".len()) {
            Some(span) => problem.safe_fix("write 1.1", vec![(span, "1.1".to_owned())]),
            None => problem,
        },
    );
}

const WRONG: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:";
/// Formats that exist under version 1.1 only.
const OLDER: [&str; 4] =
    ["emailAddress", "unspecified", "X509SubjectName", "WindowsDomainQualifiedName"];
