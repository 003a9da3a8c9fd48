//! HTTP Archive 1.2, as the tools of every browser save it.

use jiff::Timestamp;

use crate::saml::binding::capture::entry::{
    Body, Entry, headers, named_value, number, status, text,
};
use crate::syntax::tree::NodeRef;

/// The entries of a recording, if it is one, in the order in which they began.
pub(super) fn entries(root: NodeRef<'_>) -> Option<Vec<Entry<'_>>> {
    let entries = root.get("log")?.get("entries")?.items()?;
    let mut entries: Vec<Entry<'_>> = entries.filter_map(entry).collect();
    if entries.iter().all(|entry| entry.started.is_some()) {
        entries.sort_by_key(|entry| entry.started);
    }
    Some(entries)
}

fn entry(node: NodeRef<'_>) -> Option<Entry<'_>> {
    let request = node.get("request")?;
    let response = node.get("response");
    let of_response = |name| response.and_then(|response| response.get(name));
    let cookies = request.get("cookies").and_then(NodeRef::items).into_iter().flatten();
    Some(Entry {
        method: text(request.get("method")).unwrap_or_default(),
        url: text(request.get("url"))?,
        body: request.get("postData").map(body).unwrap_or_default(),
        started: text(node.get("startedDateTime")).and_then(|at| at.parse::<Timestamp>().ok()),
        took: number(node.get("time")).filter(|took| *took > 0.0).unwrap_or(0.0),
        status: status(of_response("status")),
        sent: headers(request.get("headers")),
        answered: headers(of_response("headers")),
        cookies: cookies.filter_map(|cookie| text(cookie.get("name"))).collect(),
    })
}

/// The body as it was sent, or else taken apart. Chrome leaves the parts encoded, Firefox does not.
fn body(data: NodeRef<'_>) -> Body<'_> {
    if let Some(text) = text(data.get("text")).filter(|text| !text.is_empty()) {
        return Body::Text(text);
    }
    let params = data.get("params").and_then(NodeRef::items).into_iter().flatten();
    let fields: Vec<_> = params.filter_map(named_value).collect();
    if fields.is_empty() { Body::None } else { Body::Fields(fields) }
}
