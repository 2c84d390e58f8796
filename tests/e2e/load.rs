//! Many callers at once.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::api;
use crate::queues::{newest, signed_in};
use crate::stage::Stage;

const CALLERS: usize = 64;
const DURATION: Duration = Duration::from_secs(10);

pub(crate) fn sixty_four_callers_for_ten_seconds(stage: &Stage) -> Outcome {
    let mut agent = signed_in(stage, &stage.demo.acme, "Acme")?;
    let before = newest(&mut agent)?["counts"]["open"]
        .as_u64()
        .unwrap_or_default();
    let started = Instant::now();
    let call = || -> Outcome<Vec<String>> {
        let client = stage.client(&stage.demo.acme.host);
        let mut numbers = Vec::new();
        while started.elapsed() < DURATION {
            let body = api::body("load@example.com", "Load");
            numbers.push(api::number(&api::post(
                &client,
                &stage.demo.acme.api_key,
                &body,
            )?)?);
        }
        Ok(numbers)
    };
    let numbers = thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS).map(|_| scope.spawn(call)).collect();
        let answers = callers.into_iter().map(|caller| {
            caller
                .join()
                .unwrap_or_else(|_| Err("a caller panicked".into()))
        });
        answers.collect::<Outcome<Vec<_>>>()
    })?
    .concat();
    let (made, took) = (numbers.len(), started.elapsed());
    println!("{made} tickets in {:.1} s", took.as_secs_f64());
    let distinct: BTreeSet<&String> = numbers.iter().collect();
    assert_eq!(distinct.len(), made, "numbers were given twice");
    let after = newest(&mut agent)?["counts"]["open"]
        .as_u64()
        .unwrap_or_default();
    assert_eq!(
        after - before,
        u64::try_from(made)?,
        "the count of open tickets"
    );
    Ok(())
}
