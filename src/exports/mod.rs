//! What identity providers export of an application that is registered with them.
