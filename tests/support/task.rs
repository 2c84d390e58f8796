//! Futures without an executor: run to the end, or step by step in an order a test chooses.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// A future that a test steps through.
pub type Task<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Runs a future to its end.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    let mut task = Box::pin(future);
    loop {
        if let Poll::Ready(output) = poll(&mut task) {
            return output;
        }
    }
}

/// Lets a task run until it stops the next time.
pub fn poll<T>(task: &mut Pin<Box<impl Future<Output = T> + ?Sized>>) -> Poll<T> {
    task.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// Stops a task once.
pub async fn pause() {
    let mut has_stopped = false;
    std::future::poll_fn(|_| {
        let goes_on = std::mem::replace(&mut has_stopped, true);
        if goes_on {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// Which of two tasks takes the next step, one bit each; every number is another order.
#[derive(Clone, Copy, Debug)]
pub struct Order(u32);

impl Order {
    /// Every order in which two tasks can take their first `steps` steps.
    pub fn all(steps: u32) -> impl Iterator<Item = Self> {
        (0..1 << steps).map(Self)
    }
}

/// Runs two tasks to their ends, step by step in this order.
pub fn interleave<T>(order: Order, mut tasks: [Task<'_, T>; 2]) -> [T; 2] {
    let mut outputs = [None, None];
    let mut bits = order.0;
    loop {
        let wanted = usize::from(bits & 1 == 1);
        bits >>= 1;
        let turn = match (&outputs[wanted], &outputs[1 - wanted]) {
            (None, _) => wanted,
            (Some(_), None) => 1 - wanted,
            (Some(_), Some(_)) => return outputs.map(|output| output.expect("both have ended")),
        };
        if let Poll::Ready(output) = poll(&mut tasks[turn]) {
            outputs[turn] = Some(output);
        }
    }
}
