//! The export of SAML-tracer, an extension of Firefox and Chrome, in its old and its present form.

use crate::saml::binding::capture::entry::{Body, Entry, headers, pair, status, text};
use crate::syntax::tree::NodeRef;

/// The requests of an export, if it is one.
pub(super) fn entries(root: NodeRef<'_>) -> Option<Vec<Entry<'_>>> {
    let requests = root.get("requests")?.items()?;
    Some(requests.filter_map(entry).collect())
}

fn entry(request: NodeRef<'_>) -> Option<Entry<'_>> {
    let fields = request.get("post").and_then(NodeRef::items).into_iter().flatten();
    let fields: Vec<_> = fields.filter_map(pair).collect();
    Some(Entry {
        method: text(request.get("method")).unwrap_or_default(),
        url: text(request.get("url"))?,
        body: if fields.is_empty() { Body::None } else { Body::Fields(fields) },
        status: status(request.get("responseStatus")),
        sent: headers(request.get("requestHeaders")),
        answered: headers(request.get("responseHeaders")),
        ..Entry::default()
    })
}
