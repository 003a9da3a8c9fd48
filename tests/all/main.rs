//! Integration tests.

mod fixtures;
mod house;
mod pages;
mod render;
mod run;
mod yaml;
