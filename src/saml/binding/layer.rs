//! What a message can be wrapped in.

/// One thing that was taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Base64 (RFC 4648 section 4).
    Base64,
    /// A command line that sends a form.
    Command,
    /// A raw DEFLATE stream (RFC 1951).
    Deflate,
    /// Names and values of a form, as a browser's tools list them.
    FieldList,
    /// A form body (`application/x-www-form-urlencoded`).
    Form,
    /// A recording of a browser's tools (HTTP Archive).
    Har,
    /// A mail that quotes the message, or stands around it.
    Mail,
    /// A JSON object with the form's names.
    Object,
    /// A saved web page whose form carries the message.
    Page,
    /// Percent-encoding without a name in front.
    Percent,
    /// The query of a URL.
    Query,
    /// An export of SAML-tracer.
    Tracer,
    /// UTF-16, as some shells write what they redirect.
    Utf16,
}

impl Layer {
    /// Its name in views.
    pub fn name(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Command => "command line",
            Self::Deflate => "DEFLATE",
            Self::FieldList => "list of fields",
            Self::Form => "POST form",
            Self::Har => "HAR",
            Self::Mail => "mail",
            Self::Object => "JSON object",
            Self::Page => "HTML page",
            Self::Percent => "percent-encoding",
            Self::Query => "Redirect URL",
            Self::Tracer => "SAML-tracer export",
            Self::Utf16 => "UTF-16",
        }
    }
}

/// The parameter that carries a message (saml-bindings-2.0-os sections 3.4.4 and 3.5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Parameter {
    /// `SAMLRequest`.
    Request,
    /// `SAMLResponse`.
    Response,
}

impl Parameter {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Request, Self::Response];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
        }
    }
}
