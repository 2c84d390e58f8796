//! Where the port ends. Every host draws the line at the same place.

use tenancy::port::{BatchStatement, Database, DbError, LARGEST_VALUE, MOST_VALUES, Value};

use crate::Outcome;
use crate::scratch::{count, it, plain, refusal, refused, run, same, statement};

fn sum_of(values: usize) -> BatchStatement {
    let places: Vec<String> = (1..=values).map(|place| format!("?{place}")).collect();
    BatchStatement {
        sql: format!(
            "SELECT count(*) AS it FROM json_each(json_array({}))",
            places.join(", ")
        )
        .into(),
        values: vec![Value::Integer(1); values],
    }
}

pub(crate) async fn a_hundred_values_pass_and_one_more_does_not(
    database: &dyn Database,
) -> Outcome {
    let passed: i64 = it(database, sum_of(MOST_VALUES)).await?;
    same("values that arrived", &passed, &100)?;
    refused(database, vec![sum_of(MOST_VALUES + 1)]).await
}

pub(crate) async fn values_and_placeholders_must_match(database: &dyn Database) -> Outcome {
    for values in [vec![], vec![Value::Null], vec![Value::Null; 3]] {
        let sql = "SELECT ?1 AS a, ?2 AS b".into();
        match refusal(database, vec![BatchStatement { sql, values }]).await? {
            DbError::Failed(_) => {}
            other => return Err(format!("it failed in another way: {other:?}")),
        }
    }
    Ok(())
}

pub(crate) async fn a_value_may_fill_a_row_but_no_more(database: &dyn Database) -> Outcome {
    let stored = |size: usize| {
        let sql = "INSERT INTO conformance_note (id, text) VALUES (1, ?1)";
        vec![statement(sql, ["x".repeat(size).into()])]
    };
    // A row has a few bytes beside its values.
    run(database, stored(LARGEST_VALUE - 100)).await?;
    let length = plain("SELECT length(text) AS it FROM conformance_note");
    same("its length", &it(database, length).await?, &1_999_900i64)?;
    refused(database, stored(LARGEST_VALUE + 1)).await
}

pub(crate) async fn two_statements_in_one_text_are_refused(database: &dyn Database) -> Outcome {
    let two = "INSERT INTO conformance_note (id) VALUES (1); INSERT INTO conformance_note (id) VALUES (2)";
    refused(database, vec![plain(two)]).await?;
    same("notes", &count(database, "conformance_note").await?, &0)?;
    // D1 takes no comment there.
    let comment = "INSERT INTO conformance_note (id) VALUES (1); -- the end";
    refused(database, vec![plain(comment)]).await?;
    let one = "/* one; */ INSERT INTO conformance_note (id) VALUES (1) -- the end; really\n ; ";
    run(database, vec![plain(one)]).await?;
    same("notes", &count(database, "conformance_note").await?, &1)
}

pub(crate) async fn a_text_without_a_statement_is_refused(database: &dyn Database) -> Outcome {
    for text in ["", " ", ";", "-- nothing\n", "/* nothing */"] {
        refused(database, vec![plain("SELECT 1 AS it"), plain(text)]).await?;
    }
    Ok(())
}

pub(crate) async fn transaction_words_are_refused(database: &dyn Database) -> Outcome {
    for word in [
        "BEGIN",
        "COMMIT",
        "end",
        "ROLLBACK",
        "/* a */ SAVEPOINT s",
        "RELEASE s",
        "PRAGMA foreign_keys = OFF",
        "ATTACH ':memory:' AS other",
        "DETACH other",
        "VACUUM",
    ] {
        let note = plain("INSERT INTO conformance_note (id) VALUES (1)");
        refused(database, vec![note, plain(word)]).await?;
        same(
            "notes afterwards",
            &count(database, "conformance_note").await?,
            &0,
        )?;
    }
    Ok(())
}
