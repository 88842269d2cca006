//! The server: pages, a SPARQL endpoint and linked data from one process on one port.
//!
//! The process that listens holds no data. What a request asks is computed by worker processes of
//! the same program ([`work()`]), each with the data in memory, which can be ended from outside
//! whatever they are doing; `front` is the door and its manners, `pool` keeps the workers, and
//! `message` is what passes between them. To add an address: an arm in `work/mod.rs`.

mod changes;
mod front;
mod impatient;
mod manners;
mod message;
mod metrics;
mod options;
mod pool;
mod serving;
mod work;

pub use options::Serve;
pub use serving::serve;
pub use work::{Work, work};
