//! Peer support programmes on the six-question conceptual map of Panaite and colleagues (2024):
//! a knowledge graph, queries, and the bridges between silos.
//!
//! ```
//! use peermap::commands::{Command, Context, bridges::Bridges};
//! use peermap::dataset::{Choice, Dataset};
//! use peermap::output::{Format, Style, write};
//!
//! let dataset = Dataset::open(&Choice::default())?;
//! let answer = Command::Bridges(Bridges { top: 1, ..Bridges::default() }).run(&dataset, Context::default())?;
//! let mut text = Vec::new();
//! write(&answer, Format::Csv, &Style::default(), &mut text)?;
//! assert!(text.starts_with(b"a,b,rarity,shared"));
//! # Result::<_, peermap::error::Error>::Ok(())
//! ```
//!
//! # Words
//! - **programme**: what is placed on the map; also a group, a movement or an informal practice
//! - **peer**: a kind of peer that a programme engages; a role, never a person
//! - **label**: a word in use for peers
//! - **dimension**: a question of the map; **value**: an answer to it
//! - **coding**: one evidenced statement that a programme has, or lacks, a value
//! - **profile**: the values of one programme
//! - **silo**: whom or what a programme is for, on an **axis** such as community or issue
//! - **bridge**: two programmes in different silos that share values
//!
//! # Floors
//! A module uses only modules on floors below its own, or beside it; a test reads the source and
//! says where it does not.
//! 0. [`vocab`], [`error`], [`nearest`]
//! 1. [`terms`], [`output`], [`graph`], [`query`]: RDF machinery that knows nothing of peer support
//! 2. [`map`], [`profile`]
//! 3. [`import`], [`validate`], [`analysis`], [`publish`]
//! 4. [`dataset`], [`commands`]
//! 5. [`pages`]
//! 6. [`cli`], [`repl`], [`web`]

pub mod analysis;
pub mod cli;
pub mod commands;
pub mod dataset;
pub mod error;
pub mod graph;
pub mod import;
pub mod map;
pub mod nearest;
pub mod output;
pub mod pages;
pub mod profile;
pub mod publish;
pub mod query;
pub mod repl;
pub mod terms;
pub mod validate;
pub mod vocab;
pub mod web;
