//! The `kgen` command, run as users run it: a project directory, a command line, and all of what
//! comes out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed, and says so"
)]

mod ai_todo;
mod commands;
mod faults;

mod go_reader;
mod harness;
mod layers;
mod library;
mod objects;
mod readme;
mod releases;
mod tools;
mod values_alone;
