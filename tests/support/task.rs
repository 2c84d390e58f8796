//! Futures without an executor: run to the end, or step by step in an order a test chooses.

use std::cell::RefCell;
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

/// An order in which two tasks take their steps.
#[derive(Debug, Default)]
pub struct Order {
    /// Which task goes first, wherever both could; the first one, where this ends.
    plan: Vec<bool>,
    taken: RefCell<Vec<bool>>,
    most: usize,
}

impl Order {
    fn next_is_second(&self) -> bool {
        let mut taken = self.taken.borrow_mut();
        let chosen = self.plan.get(taken.len()).copied().unwrap_or(false);
        if taken.len() < self.most {
            taken.push(chosen);
        }
        chosen
    }

    /// The next order to try: the last choice that can still be changed is.
    fn changed(self) -> Option<Self> {
        let mut plan = self.taken.into_inner();
        while plan.pop()? {}
        plan.push(true);
        Some(Self {
            plan,
            taken: RefCell::default(),
            most: self.most,
        })
    }
}

/// Checks something in every order that two tasks can take, in which they differ within their
/// first `most` choices.
pub fn in_every_order(most: usize, check: impl Fn(&Order)) {
    let mut next = Some(Order {
        most,
        ..Order::default()
    });
    while let Some(order) = next {
        check(&order);
        next = order.changed();
    }
}

/// Runs two tasks to their ends, step by step in this order.
pub fn interleave<T>(order: &Order, mut tasks: [Task<'_, T>; 2]) -> [T; 2] {
    let mut outputs = [None, None];
    loop {
        let turn = match &outputs {
            [None, None] => usize::from(order.next_is_second()),
            [None, Some(_)] => 0,
            [Some(_), None] => 1,
            [Some(_), Some(_)] => return outputs.map(|output| output.expect("both have ended")),
        };
        if let Poll::Ready(output) = poll(&mut tasks[turn]) {
            outputs[turn] = Some(output);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_tasks_of_three_steps_can_take_them_in_twenty_orders() {
        let orders = RefCell::new(Vec::new());
        in_every_order(usize::MAX, |order| {
            let taken = RefCell::new(String::new());
            let task = |name: char| {
                let taken = &taken;
                async move {
                    for step in 0..3 {
                        if step > 0 {
                            pause().await;
                        }
                        taken.borrow_mut().push(name);
                    }
                }
            };
            interleave(order, [Box::pin(task('a')), Box::pin(task('b'))]);
            orders.borrow_mut().push(taken.into_inner());
        });
        let mut orders = orders.into_inner();
        assert_eq!(orders.len(), 20);
        orders.sort();
        orders.dedup();
        assert_eq!(orders.len(), 20);
    }
}
