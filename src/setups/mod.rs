//! What each identity provider and each application must be told, for every combination of the two.
