//! Asking the network: what may be asked, how far, and what came back.

pub mod cards;
