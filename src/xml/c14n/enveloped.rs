//! The canonical form of a document without the signature that it envelops, as a stream.

use crate::xml::c14n::{C14nError, Canonicalization, Canonicalizer, Sink};
use crate::xml::event::{Event, StartTag as _};

/// Writes the canonical form of a root element but for one `Signature`: the one that stands first
/// inside it, or second behind an `Issuer` (where the schemas of SAML have it). No other signature
/// is left out, wherever it stands.
///
/// The digest is known at the end of the stream, so nothing may be believed before it.
pub struct Enveloped<S> {
    writer: Canonicalizer<S>,
    /// How many elements are open.
    depth: usize,
    /// What the next element inside the root may be.
    place: Place,
}

/// How far the root was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// No element inside it yet.
    First,
    /// Behind its `Issuer`.
    AfterIssuer,
    /// Inside its signature.
    Signature,
    /// Behind its signature, or where none can stand any more: whether there was one.
    Past(bool),
}

impl<S: Sink> Enveloped<S> {
    /// A writer into a sink.
    pub fn new(how: Canonicalization, sink: S) -> Self {
        Self { writer: Canonicalizer::new(how, sink), depth: 0, place: Place::First }
    }

    /// Takes in the next event of the document. The answer says whether it belongs to the
    /// signature, and so was left out.
    pub fn event(&mut self, event: &Event<'_>) -> Result<bool, C14nError> {
        if self.depth == 0 && !matches!(event, Event::Start(_)) {
            // What stands around the root is no part of it.
            return Ok(false);
        }
        if let Event::Start(tag) = event {
            if self.depth == 1 {
                self.place = self.place.at(tag.name().namespace, tag.name().local);
            }
            self.depth += 1;
        }
        let is_signature = self.place == Place::Signature;
        if !is_signature {
            self.writer.event(event)?;
        }
        if let Event::End(_) = event {
            self.depth -= 1;
            if self.depth == 1 && is_signature {
                self.place = Place::Past(true);
            }
        }
        Ok(is_signature)
    }

    /// Whether a signature was left out.
    pub fn has_signature(&self) -> bool {
        self.place == Place::Past(true)
    }

    /// Ends the form: the sink, which has all of it.
    pub fn finish(self) -> Result<S, C14nError> {
        self.writer.finish()
    }
}

impl Place {
    /// The place when an element inside the root begins.
    fn at(self, namespace: &str, local: &str) -> Self {
        match self {
            Self::First | Self::AfterIssuer if (namespace, local) == SIGNATURE => Self::Signature,
            Self::First if (namespace, local) == ISSUER => Self::AfterIssuer,
            Self::Past(had_one) => Self::Past(had_one),
            _ => Self::Past(false),
        }
    }
}

/// A signature (XML Signature section 4.1).
const SIGNATURE: (&str, &str) = ("http://www.w3.org/2000/09/xmldsig#", "Signature");
/// The issuer of a message (saml-core-2.0-os section 2.2.5).
const ISSUER: (&str, &str) = ("urn:oasis:names:tc:SAML:2.0:assertion", "Issuer");

#[cfg(test)]
mod tests {
    use super::Enveloped;
    use crate::xml::c14n::Canonicalization;
    use crate::xml::{Limits, Reader};

    fn without(text: &str) -> (String, bool, usize) {
        let how = Canonicalization::from_uri("http://www.w3.org/2001/10/xml-exc-c14n#");
        let mut writer = Enveloped::new(how.expect("a canonicalisation"), Vec::new());
        let mut reader = Reader::new(text, Limits::STREAM).expect("a start");
        let mut left_out = 0;
        while let Some(event) = reader.event().expect("XML") {
            left_out += usize::from(writer.event(&event).expect("a form"));
        }
        let has_signature = writer.has_signature();
        let form = writer.finish().expect("a form");
        (String::from_utf8(form).expect("UTF-8"), has_signature, left_out)
    }

    #[test]
    fn only_the_signature_in_its_place_is_left_out() {
        let open = "<r xmlns:d='http://www.w3.org/2000/09/xmldsig#' xmlns:s='urn:oasis:names:tc:SAML:2.0:assertion'>";
        let (signature, issuer) =
            ("<d:Signature>x<d:Signature/></d:Signature>", "<s:Issuer>i</s:Issuer>");
        let of = |inside: &str| without(&format!("<!--c--><?p?>{open}{inside}</r><?q?>"));
        assert_eq!(of(&format!("\n{signature}\n")), ("<r>\n\n</r>".to_owned(), true, 5));
        let (form, has_signature, _) = of(&format!("{issuer}{signature}<a/>"));
        assert!(has_signature && form.ends_with("</s:Issuer><a></a></r>"), "{form}");
        for kept in [
            format!("<a/>{signature}"),
            format!("<a>{signature}</a>"),
            format!("{issuer}{issuer}{signature}"),
            "<Signature/>".to_owned(),
        ] {
            let (form, has_signature, left_out) = of(&kept);
            assert_eq!((has_signature, left_out), (false, 0), "{kept}");
            assert!(form.contains("Signature"), "{kept}");
        }
        let (form, has_signature, left_out) = of(&format!("{signature}{signature}"));
        assert!(has_signature && left_out == 5 && form.contains("Signature"), "{form}");
    }
}
