//! `EncryptedData` and `EncryptedKey` (xmlenc-core1 section 3) as they stand in a message.

use crate::crypto::digest::Hash;
use crate::crypto::encryption::KeyTransport;
use crate::saml::decrypt::algorithm::{BlockMethod, TransportMethod, mask_hash};
use crate::saml::decrypt::fault::{Fault, FaultKind, MOST_KEYS};
use crate::saml::dsig::algorithm::DigestMethod;
use crate::saml::dsig::{DS, base64};
use crate::xml::tree::{Document, NodeId};

type Result<T> = std::result::Result<T, Fault>;

/// Encrypted content, before any key is tried.
#[derive(Debug)]
pub(super) struct EncryptedData {
    /// Itself.
    pub(super) node: NodeId,
    /// What encrypts it.
    pub(super) method: &'static BlockMethod,
    /// The encrypted bytes.
    pub(super) value: Vec<u8>,
    /// The keys that it is encrypted for.
    pub(super) keys: Vec<EncryptedKey>,
}

/// The key of the content, encrypted for somebody.
#[derive(Debug)]
pub(super) struct EncryptedKey {
    /// What encrypts it.
    pub(super) transport: KeyTransport,
    /// The encrypted bytes.
    pub(super) value: Vec<u8>,
    /// Whom it is for, as it says.
    pub(super) recipient: Option<String>,
    /// The certificates that it is for, in DER.
    pub(super) certificates: Vec<Vec<u8>>,
    /// The names of the key that it is for.
    pub(super) names: Vec<String>,
}

impl EncryptedData {
    /// Reads what is in an `EncryptedAssertion`, `EncryptedID` or `EncryptedAttribute`.
    pub(super) fn read(document: &Document, around: NodeId, allows_rsa15: bool) -> Result<Self> {
        let node = one(document, around, XENC, "EncryptedData")?.ok_or(at(
            document,
            around,
            FaultKind::Structure("there is no EncryptedData"),
        ))?;
        let uri = method_uri(document, node)?;
        let method = BlockMethod::from_uri(&uri);
        let method = method.ok_or(at(document, node, FaultKind::Algorithm(uri)))?;
        let nodes = key_nodes(document, around, node)?;
        if nodes.is_empty() {
            return Err(at(document, node, FaultKind::Structure("there is no EncryptedKey")));
        }
        if nodes.len() > MOST_KEYS {
            return Err(at(document, node, FaultKind::Recipients(nodes.len())));
        }
        let value = cipher_value(document, node)?;
        let keys = nodes.iter().map(|&key| EncryptedKey::read(document, key, allows_rsa15));
        Ok(Self { node, method, value, keys: usable(keys.collect())? })
    }
}

/// The keys that can be tried. Those of other recipients may be beyond us; that none can be tried
/// is the fault of the first.
fn usable(keys: Vec<Result<EncryptedKey>>) -> Result<Vec<EncryptedKey>> {
    let mut usable = Vec::new();
    let mut first = None;
    for key in keys {
        match key {
            Ok(key) => usable.push(key),
            Err(fault) => first = first.or(Some(fault)),
        }
    }
    match first {
        Some(fault) if usable.is_empty() => Err(fault),
        _ => Ok(usable),
    }
}

impl EncryptedKey {
    fn read(document: &Document, node: NodeId, allows_rsa15: bool) -> Result<Self> {
        let transport = transport(document, node, allows_rsa15)?;
        let info = one(document, node, DS, "KeyInfo")?;
        let below: Vec<NodeId> =
            info.into_iter().flat_map(|info| document.descendants(info)).collect();
        let leads_on = |&node: &NodeId| {
            is(document, node, DS, "RetrievalMethod") || is(document, node, XENC, "EncryptedKey")
        };
        if below.iter().any(leads_on) {
            let what = "the encrypted key is itself encrypted with another encrypted key";
            return Err(at(document, node, FaultKind::Depth(what)));
        }
        let texts = |local: &str| {
            let found = below.iter().filter(|&&node| is(document, node, DS, local));
            found.take(MOST_KEYS).map(|&node| document.text(node)).collect::<Vec<String>>()
        };
        let element = document.element(node);
        let recipient = element.and_then(|element| element.attribute("Recipient"));
        Ok(Self {
            transport,
            value: cipher_value(document, node)?,
            recipient: recipient.map(|recipient| recipient.value.value.clone()),
            certificates: texts("X509Certificate").iter().filter_map(|text| base64(text)).collect(),
            names: texts("KeyName").iter().map(|name| name.trim().to_owned()).collect(),
        })
    }
}

/// The encrypted keys of some content: in its `KeyInfo`, referred to from there, or beside it.
fn key_nodes(document: &Document, around: NodeId, data: NodeId) -> Result<Vec<NodeId>> {
    let mut nodes = Vec::new();
    if let Some(info) = one(document, data, DS, "KeyInfo")? {
        for child in document.elements(info) {
            if is(document, child, XENC, "EncryptedKey") {
                nodes.push(child);
            } else if is(document, child, DS, "RetrievalMethod") {
                nodes.push(retrieved(document, child)?);
            }
            if nodes.len() > MOST_KEYS {
                break;
            }
        }
    }
    let beside = document.elements(around);
    nodes.extend(beside.filter(|&child| is(document, child, XENC, "EncryptedKey")));
    let mut seen = std::collections::BTreeSet::new();
    nodes.retain(|&node| seen.insert(node));
    Ok(nodes)
}

/// The encrypted key of the same document that a `RetrievalMethod` refers to.
fn retrieved(document: &Document, node: NodeId) -> Result<NodeId> {
    let uri = attribute(document, node, "URI").unwrap_or_default();
    let Some(id) = uri.strip_prefix('#') else {
        return Err(at(document, node, FaultKind::ExternalReference(uri)));
    };
    if document.elements(node).next().is_some() {
        let what = "the reference to the encrypted key has transforms";
        return Err(at(document, node, FaultKind::Structure(what)));
    }
    let all = document.descendants(document.root());
    let mut keys = all.filter(|&node| is(document, node, XENC, "EncryptedKey"));
    let found = keys.find(|&key| attribute(document, key, "Id").as_deref() == Some(id));
    let what = "the reference to the encrypted key leads to none";
    found.ok_or(at(document, node, FaultKind::Structure(what)))
}

fn transport(document: &Document, node: NodeId, allows_rsa15: bool) -> Result<KeyTransport> {
    let refuse = |uri: String| at(document, node, FaultKind::KeyTransport(uri));
    let method = one(document, node, XENC, "EncryptionMethod")?;
    let method = method.ok_or(at(document, node, FaultKind::Algorithm(String::new())))?;
    let uri = method_uri(document, node)?;
    match TransportMethod::from_uri(&uri) {
        Some(TransportMethod::Rsa15) if allows_rsa15 => Ok(KeyTransport::Pkcs1v15),
        Some(TransportMethod::Oaep | TransportMethod::OaepMgf1p) => Ok(KeyTransport::Oaep {
            digest: oaep_digest(document, method)?,
            mgf: oaep_mask(document, method)?,
            label: oaep_label(document, method)?,
        }),
        _ => Err(refuse(uri)),
    }
}

fn oaep_digest(document: &Document, method: NodeId) -> Result<Hash> {
    let Some(node) = one(document, method, DS, "DigestMethod")? else { return Ok(Hash::Sha1) };
    let uri = attribute(document, node, "Algorithm").unwrap_or_default();
    let found = DigestMethod::from_uri(&uri).map(|method| method.hash);
    found.ok_or(at(document, node, FaultKind::KeyTransport(uri)))
}

fn oaep_mask(document: &Document, method: NodeId) -> Result<Hash> {
    let Some(node) = one(document, method, XENC11, "MGF")? else { return Ok(Hash::Sha1) };
    let uri = attribute(document, node, "Algorithm").unwrap_or_default();
    mask_hash(&uri).ok_or(at(document, node, FaultKind::KeyTransport(uri)))
}

fn oaep_label(document: &Document, method: NodeId) -> Result<Option<Vec<u8>>> {
    let Some(node) = one(document, method, XENC, "OAEPparams")? else { return Ok(None) };
    let label = base64(&document.text(node)).filter(|_| document.is_plain_text(node));
    let what = "OAEPparams is not plain base64";
    label.map(Some).ok_or(at(document, node, FaultKind::Structure(what)))
}

/// The URI of the `EncryptionMethod`; that there is none is a fault of its own.
fn method_uri(document: &Document, node: NodeId) -> Result<String> {
    let method = one(document, node, XENC, "EncryptionMethod")?;
    let uri = method.and_then(|method| attribute(document, method, "Algorithm"));
    let uri = uri.filter(|uri| !uri.is_empty());
    uri.ok_or(at(document, node, FaultKind::Algorithm(String::new())))
}

/// The bytes of the `CipherValue`.
fn cipher_value(document: &Document, node: NodeId) -> Result<Vec<u8>> {
    let broken = |what| at(document, node, FaultKind::Structure(what));
    let data = one(document, node, XENC, "CipherData")?.ok_or(broken("there is no CipherData"))?;
    if let Some(reference) = one(document, data, XENC, "CipherReference")? {
        let uri = attribute(document, reference, "URI").unwrap_or_default();
        return Err(at(document, reference, FaultKind::ExternalReference(uri)));
    }
    let value =
        one(document, data, XENC, "CipherValue")?.ok_or(broken("there is no CipherValue"))?;
    let bytes = base64(&document.text(value)).filter(|_| document.is_plain_text(value));
    bytes.ok_or(at(document, value, FaultKind::Structure("CipherValue is not plain base64")))
}

/// The only child of a name, if there is one.
fn one(document: &Document, node: NodeId, namespace: &str, local: &str) -> Result<Option<NodeId>> {
    let mut found = document.elements(node).filter(|&child| is(document, child, namespace, local));
    let first = found.next();
    match found.next() {
        Some(second) => {
            let what = "a part of the encrypted data is there twice";
            Err(at(document, second, FaultKind::Structure(what)))
        }
        None => Ok(first),
    }
}

/// Whether a node is an element of this name.
pub(super) fn is(document: &Document, node: NodeId, namespace: &str, local: &str) -> bool {
    document.element(node).is_some_and(|element| element.is(namespace, local))
}

fn attribute(document: &Document, node: NodeId, local: &str) -> Option<String> {
    let attribute = document.element(node).and_then(|element| element.attribute(local));
    attribute.map(|attribute| attribute.value.value.clone())
}

/// A fault at the start tag of a node.
pub(super) fn at(document: &Document, node: NodeId, kind: FaultKind) -> Fault {
    let element = document.element(node);
    Fault::new(kind, element.map_or(document.span(node), |element| element.start_tag))
}

/// The namespace of XML Encryption.
pub(super) const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
/// The namespace of what XML Encryption 1.1 added.
const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";
