//! Order, atomicity, and what the database says when it refuses.

use tenancy::port::{BatchStatement, Database, DbError, Value};

use crate::Outcome;
use crate::scratch::{count, it, plain, read, refusal, run, same, statement};

fn note(id: i64, text: &str) -> BatchStatement {
    statement(
        "INSERT INTO conformance_note (id, text) VALUES (?1, ?2)",
        [id.into(), text.into()],
    )
}

fn parent(id: &str, name: &str) -> BatchStatement {
    statement(
        "INSERT INTO conformance_parent (tenant_id, parent_id, realm_id, name) VALUES (1, ?1, 7, ?2)",
        [id.into(), name.into()],
    )
}

fn child(id: i64, parent: &str, realm: i64) -> BatchStatement {
    statement(
        "INSERT INTO conformance_child (tenant_id, child_id, parent_id, realm_id) VALUES (1, ?1, ?2, ?3)",
        [id.into(), parent.into(), realm.into()],
    )
}

pub(crate) async fn statements_run_in_order(database: &dyn Database) -> Outcome {
    let batch = vec![
        note(1, "a"),
        plain("SELECT text AS it FROM conformance_note"),
        plain("UPDATE conformance_note SET text = text || 'b'"),
        plain("SELECT text AS it FROM conformance_note"),
        plain("DELETE FROM conformance_note"),
        plain("SELECT text AS it FROM conformance_note"),
    ];
    let answers = run(database, batch).await?;
    for (index, wanted) in [
        (0, vec![]),
        (1, vec!["a"]),
        (2, vec![]),
        (3, vec!["ab"]),
        (4, vec![]),
        (5, vec![]),
    ] {
        let got: Vec<String> = read(&answers[index], "it")?;
        let wanted: Vec<String> = wanted.into_iter().map(str::to_owned).collect();
        same(&format!("answer {index}"), &got, &wanted)?;
    }
    Ok(())
}

pub(crate) async fn an_empty_batch_answers_nothing(database: &dyn Database) -> Outcome {
    run(database, Vec::new()).await.map(|_| ())
}

pub(crate) async fn an_empty_result_has_no_rows(database: &dyn Database) -> Outcome {
    let batch = vec![
        plain("SELECT id, text FROM conformance_note"),
        plain("UPDATE conformance_note SET text = 'x' WHERE id = 99 RETURNING id"),
        plain("SELECT max(id) AS it FROM conformance_note"),
    ];
    let answers = run(database, batch).await?;
    same("rows of a query", &answers[0].len(), &0)?;
    same("rows of an update", &answers[1].len(), &0)?;
    let highest: Vec<Option<i64>> = read(&answers[2], "it")?;
    same("max of nothing", &highest, &vec![None])
}

pub(crate) async fn a_batch_is_all_or_nothing(database: &dyn Database) -> Outcome {
    run(database, vec![note(1, "stays")]).await?;
    let batch = vec![
        note(2, "goes"),
        plain("UPDATE conformance_note SET text = 'changed' WHERE id = 1"),
        note(1, "refused"),
        note(3, "never reached"),
    ];
    refusal(database, batch).await?;
    same(
        "rows afterwards",
        &count(database, "conformance_note").await?,
        &1,
    )?;
    let text: String = it(database, plain("SELECT text AS it FROM conformance_note")).await?;
    same("the row from before", &text.as_str(), &"stays")
}

pub(crate) async fn a_bad_statement_in_the_middle_is_named_and_leaves_nothing(
    database: &dyn Database,
) -> Outcome {
    let batch = vec![
        note(1, "goes"),
        plain("SELECT nowhere FROM conformance_note"),
        note(2, "never reached"),
    ];
    match refusal(database, batch).await? {
        DbError::Failed(why) if why.contains("no such column: nowhere") => {}
        other => return Err(format!("the reason is not named: {other:?}")),
    }
    same(
        "rows afterwards",
        &count(database, "conformance_note").await?,
        &0,
    )
}

pub(crate) async fn returning_gives_rows_inside_a_batch(database: &dyn Database) -> Outcome {
    let batch = vec![
        plain(
            "INSERT INTO conformance_note (id, text) VALUES (1, 'a'), (2, 'b') RETURNING id AS it",
        ),
        plain(
            "INSERT INTO conformance_note (id, text)
             SELECT id + 10, text FROM conformance_note ORDER BY id RETURNING id AS it, text",
        ),
        plain("DELETE FROM conformance_note WHERE id < 10 RETURNING text AS it"),
    ];
    let answers = run(database, batch).await?;
    same("inserted", &read::<i64>(&answers[0], "it")?, &vec![1, 2])?;
    same("copied", &read::<i64>(&answers[1], "it")?, &vec![11, 12])?;
    same(
        "copied text",
        &read::<String>(&answers[1], "text")?.concat().as_str(),
        &"ab",
    )?;
    same("deleted", &answers[2].len(), &2)
}

/// The house's guard: a NOT NULL version refuses the whole batch when it is not the one read.
pub(crate) async fn a_stale_version_refuses_the_batch(database: &dyn Database) -> Outcome {
    let rename = |name: &'static str, version: i64| {
        statement(
            "UPDATE conformance_parent
                SET name = ?1, version = CASE WHEN version = ?2 THEN version + 1 END
              WHERE tenant_id = 1 AND parent_id = 'p'",
            [name.into(), version.into()],
        )
    };
    run(database, vec![parent("p", "first")]).await?;
    run(database, vec![rename("second", 1)]).await?;
    let batch = vec![note(1, "goes"), rename("third", 1)];
    same(
        "the refusal",
        &refusal(database, batch).await?,
        &DbError::Stale,
    )?;
    same(
        "rows afterwards",
        &count(database, "conformance_note").await?,
        &0,
    )?;
    let name: String = it(database, plain("SELECT name AS it FROM conformance_parent")).await?;
    same("the name", &name.as_str(), &"second")
}

pub(crate) async fn a_missing_value_names_its_column(database: &dyn Database) -> Outcome {
    let nameless = statement(
        "INSERT INTO conformance_parent (tenant_id, parent_id, realm_id, name) VALUES (1, 'p', 7, ?1)",
        [Value::Null],
    );
    let wanted = DbError::Missing("conformance_parent.name".to_owned());
    same(
        "the refusal",
        &refusal(database, vec![nameless]).await?,
        &wanted,
    )
}

pub(crate) async fn a_duplicate_names_its_columns(database: &dyn Database) -> Outcome {
    // Where several constraints are broken at once, SQLite names any of them.
    let same_id = plain(
        "INSERT INTO conformance_parent (tenant_id, parent_id, realm_id, name)
         VALUES (1, 'p', 8, 'other')",
    );
    run(database, vec![parent("p", "first"), note(1, "x")]).await?;
    for (twin, columns) in [
        (
            same_id,
            "conformance_parent.tenant_id, conformance_parent.parent_id",
        ),
        (
            parent("q", "first"),
            "conformance_parent.tenant_id, conformance_parent.name",
        ),
        (note(1, "y"), "conformance_note.id"),
    ] {
        let wanted = DbError::Duplicate(columns.to_owned());
        same(
            "the refusal",
            &refusal(database, vec![twin]).await?,
            &wanted,
        )?;
    }
    Ok(())
}

pub(crate) async fn foreign_keys_are_on(database: &dyn Database) -> Outcome {
    run(database, vec![parent("p", "first"), child(1, "p", 7)]).await?;
    for (what, bad) in [
        ("no such parent", child(2, "q", 7)),
        ("the parent of another realm", child(2, "p", 8)),
        (
            "a parent taken from its child",
            plain("DELETE FROM conformance_parent"),
        ),
    ] {
        same(
            what,
            &refusal(database, vec![bad]).await?,
            &DbError::Dangling,
        )?;
    }
    Ok(())
}

pub(crate) async fn a_deferred_foreign_key_is_checked_at_the_end(
    database: &dyn Database,
) -> Outcome {
    let child = || plain("INSERT INTO conformance_later (parent_id) VALUES ('p')");
    let parent = plain("INSERT INTO conformance_later_parent (parent_id) VALUES ('p')");
    let orphan = refusal(database, vec![child(), note(1, "goes")]).await?;
    same("an orphan", &orphan, &DbError::Dangling)?;
    same("notes", &count(database, "conformance_note").await?, &0)?;
    same("orphans", &count(database, "conformance_later").await?, &0)?;
    run(database, vec![child(), parent]).await.map(|_| ())
}

pub(crate) async fn a_check_and_a_strict_type_refuse(database: &dyn Database) -> Outcome {
    for (bad, reason) in [
        (parent("p", ""), "CHECK constraint failed"),
        (
            statement(
                "INSERT INTO conformance_note (id, number) VALUES (1, ?1)",
                ["seven".into()],
            ),
            "cannot store TEXT value in INTEGER column",
        ),
    ] {
        match refusal(database, vec![bad]).await? {
            DbError::Failed(why) if why.contains(reason) => {}
            other => return Err(format!("{other:?} does not name `{reason}`")),
        }
    }
    Ok(())
}

/// A lock that a failed batch leaves behind would show here.
pub(crate) async fn a_failed_batch_leaves_the_database_open(database: &dyn Database) -> Outcome {
    for id in 0..5 {
        refusal(database, vec![note(id, "goes"), plain("SELECT nothing")]).await?;
        refusal(
            database,
            vec![note(id, "goes"), plain("INSERT INTO nowhere VALUES (1)")],
        )
        .await?;
        run(database, vec![note(id, "stays")]).await?;
    }
    same("notes", &count(database, "conformance_note").await?, &5)
}
