//! Texts as trees: one tree for every format, with the place of every key, value and comment.

pub mod dotenv;
pub mod hocon;
pub mod json;
pub mod nature;
pub mod placed;
pub mod tree;
pub mod yaml;
