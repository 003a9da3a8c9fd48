//! The cards of XML: documents that are no acceptable XML.

use crate::rule::family;

family! {
    include_str!("../../docs/rules/XML.md");
    NOT_WELL_FORMED = "XML001" "xml-not-well-formed" Error
        "a document is not well-formed XML";
    DOCTYPE = "XML002" "xml-doctype" Error
        "a document has a document type declaration";
    ENCODING = "XML003" "xml-encoding" Error
        "a document is declared or written in another encoding than UTF-8";
    CHAR = "XML004" "xml-char" Error
        "a document has bytes or characters that XML does not allow";
    VERSION = "XML005" "xml-version" Error
        "a document declares a version of XML other than 1.0";
    TRAILING_CONTENT = "XML006" "xml-trailing-content" Error
        "a document has something before or after its one root element";
    ATTRIBUTE_DUPLICATE = "XML007" "xml-attribute-duplicate" Error
        "an attribute stands twice in one element";
    NAMESPACE = "XML008" "xml-namespace" Error
        "a prefix or a declaration of a namespace is not allowed";
    DEPTH = "XML009" "xml-depth" Error
        "elements are nested deeper than any honest message needs";
    ATTRIBUTES = "XML010" "xml-attributes" Error
        "an element has more attributes than any honest message needs";
    NAMESPACES = "XML011" "xml-namespaces" Error
        "more namespaces are declared than any honest message needs";
    SIZE = "XML012" "xml-size" Error
        "a document, or one tag or text of it, is larger than the ceiling";
    NODES = "XML013" "xml-nodes" Error
        "a document has more elements, comments and instructions than the ceiling";
    DIFFERENTIAL = "XML014" "xml-differential" Error
        "two ways of reading a document give different values";
}
