//! LDAP texts: distinguished names (RFC 4514), search filters (RFC 4515) and addresses (RFC 4516),
//! taken and refused as OpenLDAP's client library does, which reads them for the applications.

pub mod dn;
pub mod filter;
pub mod url;
