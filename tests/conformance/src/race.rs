//! Callers who race for the next number, as concurrent tickets do.

use tenancy::port::Database;

use crate::Outcome;
use crate::scratch::{plain, read, run, same};

/// Starts a race: the next number is 1.
///
/// # Errors
/// The database's.
pub async fn prepare(database: &dyn Database) -> Outcome {
    let batch = vec![
        plain("DROP TABLE IF EXISTS conformance_drawn"),
        plain("DROP TABLE IF EXISTS conformance_sequence"),
        plain("CREATE TABLE conformance_sequence (next INTEGER NOT NULL) STRICT"),
        plain("CREATE TABLE conformance_drawn (number INTEGER PRIMARY KEY) STRICT"),
        plain("INSERT INTO conformance_sequence (next) VALUES (1)"),
    ];
    run(database, batch).await.map(|_| ())
}

/// Draws a number: one batch reads the sequence, uses it and moves it on.
///
/// # Errors
/// The database's: that the number is taken, should two batches ever run into each other.
pub async fn draw(database: &dyn Database) -> Result<i64, String> {
    let batch = vec![
        plain(
            "INSERT INTO conformance_drawn (number)
             SELECT next FROM conformance_sequence RETURNING number",
        ),
        plain("UPDATE conformance_sequence SET next = next + 1"),
    ];
    let answers = run(database, batch).await?;
    let drawn: Vec<i64> = read(&answers[0], "number")?;
    drawn.first().copied().ok_or_else(|| "no number".to_owned())
}

/// The quiet half of the promise; callers from outside make the race.
pub(crate) async fn two_batches_never_draw_the_same_number(database: &dyn Database) -> Outcome {
    prepare(database).await?;
    let drawn = [draw(database).await?, draw(database).await?];
    same("drawn one after the other", &drawn, &[1, 2])
}
