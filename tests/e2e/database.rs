//! The database port's promises, tried by the function that only test builds have.

use std::thread;

use crate::Outcome;
use crate::stage::Stage;

pub(crate) fn the_conformance_suite_passes(stage: &Stage) -> Outcome {
    let report = stage.client("any.example").get("/conformance")?;
    let text = report.text();
    assert_eq!(report.status, 200, "{text}");
    assert!(
        text.lines().count() > 30 && text.lines().all(|line| line.starts_with("ok ")),
        "{text}"
    );
    Ok(())
}

pub(crate) fn forty_callers_draw_forty_numbers(stage: &Stage) -> Outcome {
    const CALLERS: u64 = 40;
    let client = stage.client("any.example");
    client
        .send(client.request("DELETE", "/conformance/race"), "")?
        .expect(200);
    let draw = || -> Outcome<u64> {
        let drawn = client.send(client.request("POST", "/conformance/race"), "")?;
        let drawn = if drawn.status == 200 {
            drawn
        } else {
            return Err(drawn.text().into());
        };
        Ok(drawn.text().parse()?)
    };
    let mut numbers = thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS).map(|_| scope.spawn(draw)).collect();
        let drawn = callers.into_iter().map(|caller| {
            caller
                .join()
                .unwrap_or_else(|_| Err("a caller panicked".into()))
        });
        drawn.collect::<Outcome<Vec<u64>>>()
    })?;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=CALLERS).collect::<Vec<_>>());
    Ok(())
}
