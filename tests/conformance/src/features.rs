//! The parts of SQLite the product stands on.

use tenancy::port::{Database, Timestamp};

use crate::Outcome;
use crate::scratch::{count, it, plain, read, run, same, statement};

pub(crate) async fn json_goes_in_and_out(database: &dyn Database) -> Outcome {
    let listed = statement(
        "SELECT e.key AS place, e.value ->> 'name' AS name, e.value ->> '$.at[1]' AS at
           FROM json_each(?1) AS e ORDER BY e.key",
        [r#"[{"name": "ä\n", "at": [1, 2]}, {"name": null, "at": [3, 4]}]"#.into()],
    );
    let rows = run(database, vec![listed]).await?.remove(0);
    same("places", &read::<i64>(&rows, "place")?, &vec![0, 1])?;
    same("numbers", &read::<i64>(&rows, "at")?, &vec![2, 4])?;
    let names = vec![Some("ä\n".to_owned()), None];
    same("names", &read(&rows, "name")?, &names)?;
    let built =
        "SELECT json_group_array(json_object('a', value)) AS it FROM json_each('[1,\"b\"]')";
    let built: String = it(database, plain(built)).await?;
    same("built", &built.as_str(), &r#"[{"a":1},{"a":"b"}]"#)?;
    let valid = statement("SELECT json_valid(?1) AS it", ["{".into()]);
    same("half an object", &it(database, valid).await?, &false)
}

pub(crate) async fn full_text_is_searched(database: &dyn Database) -> Outcome {
    let batch = vec![
        plain("DROP TABLE IF EXISTS conformance_search"),
        plain("CREATE VIRTUAL TABLE conformance_search USING fts5 (title, body, tokenize = 'unicode61 remove_diacritics 2')"),
        plain("INSERT INTO conformance_search (title, body) VALUES ('Drucker brennt', 'Über dem Büro'), ('Door', 'does not open')"),
        statement(
            "SELECT highlight(conformance_search, 1, '<', '>') AS it
               FROM conformance_search WHERE conformance_search MATCH ?1 ORDER BY bm25(conformance_search)",
            ["buro AND druck*".into()],
        ),
        plain("DROP TABLE conformance_search"),
    ];
    let answers = run(database, batch).await?;
    let found: Vec<String> = read(&answers[3], "it")?;
    same("found", &found, &vec!["Über dem <Büro>".to_owned()])
}

pub(crate) async fn an_upsert_counts(database: &dyn Database) -> Outcome {
    let hit = || {
        statement(
            "INSERT INTO conformance_note (id, number) VALUES (1, ?1)
             ON CONFLICT (id) DO UPDATE SET number = number + excluded.number
             RETURNING number AS it",
            [2.into()],
        )
    };
    let answers = run(database, vec![hit(), hit(), hit()]).await?;
    same("counted", &read::<i64>(&answers[2], "it")?, &vec![6])?;
    let skipped =
        "INSERT INTO conformance_note (id) VALUES (1) ON CONFLICT DO NOTHING RETURNING id";
    let answers = run(database, vec![plain(skipped)]).await?;
    same("rows of one left out", &answers[0].len(), &0)
}

pub(crate) async fn a_trigger_keeps_a_count(database: &dyn Database) -> Outcome {
    let batch = vec![
        plain(
            "CREATE TRIGGER conformance_counted AFTER INSERT ON conformance_parent BEGIN
               INSERT INTO conformance_note (id, number) VALUES (NEW.realm_id, 1)
               ON CONFLICT (id) DO UPDATE SET number = number + 1;
             END",
        ),
        plain(
            "INSERT INTO conformance_parent (tenant_id, parent_id, realm_id, name)
             VALUES (1, 'a', 7, 'a'), (1, 'b', 7, 'b'), (2, 'a', 8, 'a')",
        ),
        plain("SELECT number AS it FROM conformance_note ORDER BY id"),
        plain("DROP TRIGGER conformance_counted"),
    ];
    let answers = run(database, batch).await?;
    same("counts", &read::<i64>(&answers[2], "it")?, &vec![2, 1])
}

/// Its semicolons are its own: the check for a second statement lets it pass.
pub(crate) async fn a_trigger_of_several_statements_is_one_statement(
    database: &dyn Database,
) -> Outcome {
    let batch = vec![
        plain(
            "CREATE TRIGGER conformance_logged AFTER INSERT ON conformance_later_parent
             WHEN NEW.parent_id <> '' BEGIN
               INSERT INTO conformance_note (text) VALUES (CASE WHEN 1 THEN 'one;' END);
               INSERT INTO conformance_note (text) VALUES ('two');
             END;",
        ),
        plain("INSERT INTO conformance_later_parent (parent_id) VALUES ('p')"),
        plain("DROP TRIGGER conformance_logged"),
    ];
    run(database, batch).await?;
    same("notes", &count(database, "conformance_note").await?, &2)
}

pub(crate) async fn children_follow_their_parents_composite_key(
    database: &dyn Database,
) -> Outcome {
    let batch = vec![
        plain(
            "INSERT INTO conformance_parent (tenant_id, parent_id, realm_id, name) VALUES (1, 'p', 7, 'p')",
        ),
        plain(
            "INSERT INTO conformance_child (tenant_id, child_id, parent_id, realm_id) VALUES (1, 1, 'p', 7), (1, 2, 'p', 7)",
        ),
        statement(
            "UPDATE conformance_parent SET realm_id = ?1 WHERE tenant_id = 1",
            [9.into()],
        ),
        plain("SELECT realm_id AS it FROM conformance_child ORDER BY child_id"),
    ];
    let answers = run(database, batch).await?;
    same("realms", &read::<i64>(&answers[3], "it")?, &vec![9, 9])
}

pub(crate) async fn a_recursive_query_walks_a_tree(database: &dyn Database) -> Outcome {
    let walked = statement(
        "WITH RECURSIVE edge (child, parent) AS (VALUES (2, 1), (3, 2), (4, 2), (5, 9)),
              below (id, depth) AS (
                SELECT ?1, 0 UNION ALL
                SELECT edge.child, below.depth + 1 FROM below JOIN edge ON edge.parent = below.id)
         SELECT id AS it FROM below ORDER BY id",
        [1.into()],
    );
    let answers = run(database, vec![walked]).await?;
    same("below", &read::<i64>(&answers[0], "it")?, &vec![1, 2, 3, 4])
}

pub(crate) async fn a_window_ranks_rows(database: &dyn Database) -> Outcome {
    let ranked = plain(
        "SELECT row_number() OVER (PARTITION BY value % 2 ORDER BY value DESC) AS it
           FROM json_each('[1,2,3,4,5]') ORDER BY value",
    );
    let answers = run(database, vec![ranked]).await?;
    same(
        "ranks",
        &read::<i64>(&answers[0], "it")?,
        &vec![3, 2, 2, 1, 1],
    )
}

pub(crate) async fn times_are_kept_to_the_millisecond(database: &dyn Database) -> Outcome {
    let times = [Timestamp(1_795_302_000_001), Timestamp(-1), Timestamp(0)];
    for (id, time) in (0i64..).zip(times) {
        let kept = statement(
            "INSERT INTO conformance_note (id, number) VALUES (?1, ?2) RETURNING number AS it",
            [id.into(), time.into()],
        );
        same("kept", &it(database, kept).await?, &time)?;
    }
    Ok(())
}
