//! The `peermap` program: parse, open, run, write, and an exit code.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use peermap::cli::{Cli, STACK, run};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let work = move || run(&cli, &mut std::io::stdout(), &mut std::io::stderr().lock());
    let outcome = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(work)
        .map(std::thread::JoinHandle::join);
    match outcome {
        Ok(Ok(Ok(code))) => ExitCode::from(code),
        Ok(Ok(Err(error))) => {
            let _ = std::io::stderr().write_all(error.report().as_bytes());
            ExitCode::from(error.kind().exit_code())
        }
        Ok(Err(_)) | Err(_) => ExitCode::from(101),
    }
}
