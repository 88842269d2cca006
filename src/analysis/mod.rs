//! What is alike, what is rare, and where the silos are: plain computing on profiles.

pub mod bits;
pub mod bridges;
pub mod columns;
pub mod kappa;
pub mod profiles;
