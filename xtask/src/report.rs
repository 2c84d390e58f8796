//! Progress: one line per step with the time it took, and a table of them at the end.

use std::io::{IsTerminal, Write, stdout};
use std::time::{Duration, Instant};

use crate::Outcome;

/// Tells the person at the keyboard what is being done, and remembers how long it took.
pub(crate) struct Report {
    started: Instant,
    steps: Vec<(String, Duration)>,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            steps: Vec::new(),
        }
    }

    /// A step whose output is kept back: its line appears when it ends.
    pub(crate) fn quiet<T>(&mut self, name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        if stdout().is_terminal() {
            print!("  {name} …\r");
            stdout().flush()?;
        }
        self.timed(name, work)
    }

    /// A step whose output is shown between a line that opens it and one that closes it.
    pub(crate) fn loud<T>(&mut self, name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        println!("▸ {name}");
        self.timed(name, work)
    }

    /// Prints every step with its time; for commands of many steps.
    pub(crate) fn summary(&self) {
        println!("\nsteps");
        for (name, time) in &self.steps {
            line(name, *time);
        }
        line("in all", self.started.elapsed());
    }

    fn timed<T>(&mut self, name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        let started = Instant::now();
        let outcome = work().map_err(|error| format!("{name}: {error}").into());
        let time = started.elapsed();
        line(name, time);
        self.steps.push((name.to_owned(), time));
        outcome
    }
}

fn line(name: &str, time: Duration) {
    println!("  {name:<52} {:>7.1} s", time.as_secs_f64());
}
