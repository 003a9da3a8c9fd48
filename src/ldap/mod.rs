//! LDAP texts: distinguished names (RFC 4514) and search filters (RFC 4515).
