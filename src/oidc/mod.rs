//! OpenID Connect documents: discovery and key sets.
