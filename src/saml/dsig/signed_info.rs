//! What a signature says it signs: `SignedInfo` (xmldsig-core1 section 4.4).
//!
//! It is read twice by the same code: from the received tree, to refuse before any cryptography,
//! and from the canonical bytes whose signature held, to be believed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::saml::dsig::DS;
use crate::saml::dsig::algorithm::{self, DigestMethod, SignatureMethod};
use crate::saml::dsig::fault::{Fault, FaultKind};
use crate::xml::c14n::{Canonicalization, Method};
use crate::xml::tree::{Document, NodeId};

/// A `SignedInfo` that says only what SAML allows.
#[derive(Clone, Debug)]
pub(super) struct SignedInfo {
    /// How it becomes bytes itself.
    pub(super) canonicalization: Canonicalization,
    /// How the signature value is verified.
    pub(super) method: &'static SignatureMethod,
    /// What is signed: `#` and an ID.
    pub(super) uri: String,
    /// How what is signed becomes bytes, after the signature was left out.
    pub(super) transform: Canonicalization,
    /// How the bytes are hashed.
    pub(super) digest: &'static DigestMethod,
    /// What they have to hash to.
    pub(super) digest_value: Vec<u8>,
}

/// The URIs that a `SignedInfo` names, allowed or not, for showing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Of its `Reference`; none where there is none.
    pub reference: Option<String>,
    /// Its `CanonicalizationMethod`.
    pub canonicalization: Option<String>,
    /// Its `SignatureMethod`.
    pub method: Option<String>,
    /// The `DigestMethod` of its reference.
    pub digest: Option<String>,
    /// The transforms of its reference, in order.
    pub transforms: Vec<String>,
}

/// Reads one; none where something is not allowed, which is then among the faults.
pub(super) fn read(
    document: &Document,
    node: NodeId,
    named: &mut Named,
    faults: &mut Vec<Fault>,
) -> Option<SignedInfo> {
    let parts = Parts { document, node };
    let before = faults.len();
    let references = parts.all("Reference");
    if references.len() != 1 {
        let kind = FaultKind::ReferenceCount(references.len());
        faults.push(Fault::new(kind, parts.place()));
    }
    let known = ["CanonicalizationMethod", "SignatureMethod", "Reference"];
    parts.check_order(&known, faults);
    let canonicalization = parts.one("CanonicalizationMethod", faults);
    let canonicalization =
        canonicalization.and_then(|node| canonicalization_method(document, node, named, faults));
    let method = parts.one("SignatureMethod", faults);
    let method = method.and_then(|node| signature_method(document, node, named, faults));
    let reference = references.first().and_then(|&node| reference(document, node, named, faults));
    let (uri, transform, digest, digest_value) = reference?;
    let (canonicalization, method) = (canonicalization?, method?);
    let is_sound = faults.len() == before;
    is_sound.then_some(SignedInfo {
        canonicalization,
        method,
        uri,
        transform,
        digest,
        digest_value,
    })
}

fn canonicalization_method(
    document: &Document,
    node: NodeId,
    named: &mut Named,
    faults: &mut Vec<Fault>,
) -> Option<Canonicalization> {
    let uri = algorithm_of(document, node);
    named.canonicalization = Some(uri.clone());
    let found = Canonicalization::from_uri(&uri).filter(|how| !how.with_comments);
    let Some(found) = found else {
        faults.push(Fault::new(FaultKind::C14nMethod(uri), document.span(node)));
        return None;
    };
    with_prefixes(document, node, found, faults)
}

fn signature_method(
    document: &Document,
    node: NodeId,
    named: &mut Named,
    faults: &mut Vec<Fault>,
) -> Option<&'static SignatureMethod> {
    let uri = algorithm_of(document, node);
    named.method = Some(uri.clone());
    let truncates = document.elements(node).any(|child| is(document, child, "HMACOutputLength"));
    let has_parameters = document.elements(node).next().is_some();
    let found = SignatureMethod::from_uri(&uri).filter(|_| !has_parameters);
    if found.is_none() {
        let is_hmac = truncates || algorithm::is_hmac(&uri);
        let kind = if is_hmac { FaultKind::Hmac(uri) } else { FaultKind::Algorithm(uri) };
        faults.push(Fault::new(kind, document.span(node)));
    }
    found
}

type Reference = (String, Canonicalization, &'static DigestMethod, Vec<u8>);

fn reference(
    document: &Document,
    node: NodeId,
    named: &mut Named,
    faults: &mut Vec<Fault>,
) -> Option<Reference> {
    let parts = Parts { document, node };
    let element = document.element(node)?;
    let uri = element.attribute("URI").map(|uri| uri.value.value.clone());
    named.reference.clone_from(&uri);
    parts.check_order(&["Transforms", "DigestMethod", "DigestValue"], faults);
    let transform = transforms(&parts, named, faults);
    let digest = parts.one("DigestMethod", faults);
    let digest = digest.and_then(|node| digest_method(document, node, named, faults));
    let value = parts.one("DigestValue", faults);
    let value = value.and_then(|node| base64_leaf(document, node, faults));
    Some((uri.unwrap_or_default(), transform?, digest?, value?))
}

fn digest_method(
    document: &Document,
    node: NodeId,
    named: &mut Named,
    faults: &mut Vec<Fault>,
) -> Option<&'static DigestMethod> {
    let uri = algorithm_of(document, node);
    named.digest = Some(uri.clone());
    let has_parameters = document.elements(node).next().is_some();
    let found = DigestMethod::from_uri(&uri).filter(|_| !has_parameters);
    if found.is_none() {
        let kind = if uri == algorithm::MD5 {
            FaultKind::AlgorithmWeak(algorithm::name(&uri).to_owned())
        } else {
            FaultKind::Algorithm(uri)
        };
        faults.push(Fault::new(kind, document.span(node)));
    }
    found
}

/// The canonicalisation that the transforms come to: the enveloped signature is left out, and then
/// at most one canonicalisation is named (saml-core-2.0-os section 5.4.4).
fn transforms(
    parts: &Parts<'_>,
    named: &mut Named,
    faults: &mut Vec<Fault>,
) -> Option<Canonicalization> {
    let document = parts.document;
    let lists = parts.all("Transforms");
    let [list] = lists[..] else {
        let kind = match lists.len() {
            0 => FaultKind::Transform("there are none".to_owned()),
            _ => FaultKind::Cardinality { part: "Transforms".to_owned(), matter: REPEATED },
        };
        faults.push(Fault::new(kind, parts.place()));
        return None;
    };
    let children: Vec<NodeId> = document.elements(list).collect();
    named.transforms = children.iter().map(|&child| algorithm_of(document, child)).collect();
    let refuse = |what: String, faults: &mut Vec<Fault>| {
        faults.push(Fault::new(FaultKind::Transform(what), document.span(list)));
        None
    };
    if let Some(&odd) = children.iter().find(|&&child| !is(document, child, "Transform")) {
        let local = document.element(odd).map(|element| element.name.local.clone());
        return refuse(local.unwrap_or_default(), faults);
    }
    if let Some(uri) = named.transforms.iter().find(|uri| !is_known_transform(uri)) {
        return refuse(algorithm::name(uri).to_owned(), faults);
    }
    if named.transforms.first().is_none_or(|first| first != algorithm::ENVELOPED) {
        return refuse("the first is not the enveloped signature".to_owned(), faults);
    }
    if document.elements(children[0]).next().is_some() {
        return refuse("the enveloped signature with a parameter".to_owned(), faults);
    }
    match children[..] {
        [_] => Canonicalization::from_uri(algorithm::INCLUSIVE),
        [_, second] => {
            let uri = &named.transforms[1];
            let found = Canonicalization::from_uri(uri);
            let Some(found) = found else {
                return refuse("the enveloped signature twice".to_owned(), faults);
            };
            if found.with_comments {
                let kind = FaultKind::C14nMethod(uri.clone());
                faults.push(Fault::new(kind, document.span(second)));
                return None;
            }
            with_prefixes(document, second, found, faults)
        }
        _ => refuse(format!("there are {}", children.len()), faults),
    }
}

fn is_known_transform(uri: &str) -> bool {
    uri == algorithm::ENVELOPED || Canonicalization::from_uri(uri).is_some()
}

/// A canonicalisation with the prefixes of its `InclusiveNamespaces` (xml-exc-c14n section 4),
/// which only the exclusive one may have.
fn with_prefixes(
    document: &Document,
    node: NodeId,
    mut how: Canonicalization,
    faults: &mut Vec<Fault>,
) -> Option<Canonicalization> {
    let children: Vec<NodeId> = document.elements(node).collect();
    let [child] = children[..] else {
        if children.is_empty() {
            return Some(how);
        }
        let what = "a canonicalisation with several parameters".to_owned();
        faults.push(Fault::new(FaultKind::Transform(what), document.span(node)));
        return None;
    };
    let element = document.element(child)?;
    let list = element.attribute("PrefixList").map(|list| list.value.value.as_str());
    let is_exclusive = matches!(how.method, Method::Exclusive);
    let list = list.filter(|_| is_exclusive && element.name.is(EXCLUSIVE, "InclusiveNamespaces"));
    let Some(list) = list else {
        let what = format!("a canonicalisation with {}", element.name.local);
        faults.push(Fault::new(FaultKind::Transform(what), document.span(child)));
        return None;
    };
    let mut prefixes: Vec<String> = list.split_ascii_whitespace().map(str::to_owned).collect();
    if prefixes.len() > MOST_PREFIXES {
        let kind = FaultKind::PrefixList(prefixes.len());
        faults.push(Fault::new(kind, document.span(child)));
        return None;
    }
    for prefix in prefixes.iter_mut().filter(|prefix| *prefix == "#default") {
        prefix.clear();
    }
    how.prefixes = prefixes;
    Some(how)
}

/// What a base64 leaf holds. White space is fine, anything but text is not.
pub(super) fn base64_leaf(
    document: &Document,
    node: NodeId,
    faults: &mut Vec<Fault>,
) -> Option<Vec<u8>> {
    let decoded = document.is_plain_text(node).then(|| base64(&document.text(node))).flatten();
    let decoded = decoded.filter(|bytes| !bytes.is_empty());
    if decoded.is_none() {
        let name = document.element(node).map(|element| element.name.local.clone());
        let kind = FaultKind::Encoding(name.unwrap_or_default());
        faults.push(Fault::new(kind, document.span(node)));
    }
    decoded
}

/// Base64 with white space anywhere.
pub(in crate::saml) fn base64(text: &str) -> Option<Vec<u8>> {
    let dense: String = text.chars().filter(|c| !matches!(c, ' ' | '\t' | '\n' | '\r')).collect();
    STANDARD.decode(dense).ok()
}

/// Whether a node is an element of XML Signature with this name.
pub(super) fn is(document: &Document, node: NodeId, local: &str) -> bool {
    document.element(node).is_some_and(|element| element.is(DS, local))
}

fn algorithm_of(document: &Document, node: NodeId) -> String {
    let attribute = document.element(node).and_then(|element| element.attribute("Algorithm"));
    attribute.map(|attribute| attribute.value.value.clone()).unwrap_or_default()
}

/// An element, seen as a list of parts.
pub(super) struct Parts<'d> {
    /// Its document.
    pub(super) document: &'d Document,
    /// Itself.
    pub(super) node: NodeId,
}

impl Parts<'_> {
    /// All children of a name.
    pub(super) fn all(&self, local: &str) -> Vec<NodeId> {
        let children = self.document.elements(self.node);
        children.filter(|&child| is(self.document, child, local)).collect()
    }

    /// The only child of a name.
    pub(super) fn one(&self, local: &str, faults: &mut Vec<Fault>) -> Option<NodeId> {
        let found = self.all(local);
        let matter = match found[..] {
            [one] => return Some(one),
            [] => "is missing",
            _ => REPEATED,
        };
        let kind = FaultKind::Cardinality { part: local.to_owned(), matter };
        faults.push(Fault::new(
            kind,
            found.get(1).map_or(self.place(), |&node| self.document.span(node)),
        ));
        None
    }

    /// The only child of a name, or none.
    pub(super) fn optional(&self, local: &str, faults: &mut Vec<Fault>) -> Option<NodeId> {
        if self.all(local).is_empty() { None } else { self.one(local, faults) }
    }

    /// Finds children that do not belong here, and known ones out of order.
    pub(super) fn check_order(&self, known: &[&str], faults: &mut Vec<Fault>) {
        let mut reached = 0;
        for child in self.document.elements(self.node) {
            let at = known.iter().position(|local| is(self.document, child, local));
            let matter = match at {
                Some(at) if at >= reached => {
                    reached = at;
                    continue;
                }
                Some(_) => "is out of order",
                None => "does not belong there",
            };
            let name = self.document.element(child).map(|element| element.name.local.clone());
            let kind = FaultKind::Cardinality { part: name.unwrap_or_default(), matter };
            faults.push(Fault::new(kind, self.document.span(child)));
        }
    }

    /// Where it stands: its start tag.
    pub(super) fn place(&self) -> crate::source::Span {
        let element = self.document.element(self.node);
        element.map_or(self.document.span(self.node), |element| element.start_tag)
    }
}

const REPEATED: &str = "is there more than once";
/// The namespace of exclusive canonicalisation.
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// More prefixes than any known product lists.
const MOST_PREFIXES: usize = 64;
