//! What goes in comes out, or is refused; never something else.

use tenancy::port::{Database, DbError, LARGEST_INTEGER, Value};

use crate::Outcome;
use crate::scratch::{it, plain, read, refused, run, same, statement};

/// Stores the values in a table, and reads them back.
async fn stored(
    database: &dyn Database,
    column: &'static str,
    values: &[Value],
) -> Result<Vec<tenancy::port::Row>, String> {
    let inserts = (0i64..).zip(values).map(|(id, value)| {
        let sql = format!("INSERT INTO conformance_note (id, {column}) VALUES (?1, ?2)");
        statement(sql, [id.into(), value.clone()])
    });
    run(database, inserts.collect()).await?;
    let sql = format!("SELECT {column} AS it FROM conformance_note ORDER BY id");
    Ok(run(database, vec![statement(sql, [])]).await?.remove(0))
}

pub(crate) async fn null_and_empty_and_emoji_stay_apart(database: &dyn Database) -> Outcome {
    let texts = [None, Some(""), Some("🐸 ümlaut 漢字"), Some("null")];
    let values = texts.map(Value::from);
    let rows = stored(database, "text", &values).await?;
    let wanted = texts.map(|text| text.map(str::to_owned)).to_vec();
    same("stored", &read(&rows, "it")?, &wanted)?;
    let unstored = statement("SELECT ?1 AS a, ?2 AS b, ?3 AS c, ?4 AS d", values);
    let rows = run(database, vec![unstored]).await?.remove(0);
    for (column, wanted) in ["a", "b", "c", "d"].into_iter().zip(wanted) {
        same(column, &read(&rows, column)?, &vec![wanted])?;
    }
    Ok(())
}

pub(crate) async fn text_is_kept_to_the_character(database: &dyn Database) -> Outcome {
    let texts = [
        "line\r\nline\n\ttab ",
        "quote ' \" ` \\ % _ [ ] ; -- /* */ ?1 :a @b $c",
        "\u{0}before and \u{0} after",
        "\u{1}\u{7f}\u{80}\u{200b}\u{202e}\u{feff}\u{fffd}\u{e000}\u{ffff}\u{10ffff}",
        "9007199254740993",
        "1e400",
        "true",
        "{\"a\": [1.0]}",
    ];
    let rows = stored(database, "text", &texts.map(Value::from)).await?;
    let wanted = texts.map(str::to_owned).to_vec();
    same("stored", &read(&rows, "it")?, &wanted)
}

pub(crate) async fn bytes_are_kept_to_the_bit(database: &dyn Database) -> Outcome {
    let blobs = vec![Vec::new(), vec![0], (0..=255).collect(), vec![255; 300]];
    let values: Vec<Value> = blobs.iter().cloned().map(Value::Blob).collect();
    let rows = stored(database, "bytes", &values).await?;
    same("stored", &read(&rows, "it")?, &blobs)?;
    let kinds = plain("SELECT group_concat(DISTINCT typeof(bytes)) AS it FROM conformance_note");
    let kinds: String = it(database, kinds).await?;
    same("their type", &kinds.as_str(), &"blob")
}

pub(crate) async fn a_mebibyte_is_kept(database: &dyn Database) -> Outcome {
    // The top bits of a multiplicative generator: no byte predicts the next.
    let bytes: Vec<u8> = (0u32..1 << 20)
        .map(|index| index.wrapping_mul(2_654_435_761).to_be_bytes()[0])
        .collect();
    let rows = stored(database, "bytes", &[bytes.clone().into()]).await?;
    if read::<Vec<u8>>(&rows, "it")? == [bytes] {
        Ok(())
    } else {
        Err("other bytes came back".to_owned())
    }
}

pub(crate) async fn whole_numbers_of_53_bits_are_kept(database: &dyn Database) -> Outcome {
    let numbers = vec![
        0,
        1,
        -1,
        1_795_000_000_123,
        LARGEST_INTEGER,
        -LARGEST_INTEGER,
    ];
    let values: Vec<Value> = numbers.iter().copied().map(Value::from).collect();
    let rows = stored(database, "number", &values).await?;
    same("stored", &read(&rows, "it")?, &numbers)?;
    let kinds = plain("SELECT group_concat(DISTINCT typeof(number)) AS it FROM conformance_note");
    let kinds: String = it(database, kinds).await?;
    same("their type", &kinds.as_str(), &"integer")?;
    let found = statement(
        "SELECT count(*) AS it FROM conformance_note WHERE number = ?1",
        [LARGEST_INTEGER.into()],
    );
    same("found by it", &it(database, found).await?, &1i64)
}

pub(crate) async fn numbers_beyond_53_bits_are_refused_both_ways(
    database: &dyn Database,
) -> Outcome {
    for number in [
        LARGEST_INTEGER + 1,
        -LARGEST_INTEGER - 1,
        i64::MAX,
        i64::MIN,
    ] {
        let bound = statement("SELECT ?1 AS it", [number.into()]);
        refused(database, vec![bound]).await?;
    }
    for read in [
        "SELECT 9007199254740992 AS it",
        "SELECT -9007199254740993 AS it",
    ] {
        refused(database, vec![plain(read)]).await?;
    }
    Ok(())
}

pub(crate) async fn a_number_that_is_not_whole_is_refused(database: &dyn Database) -> Outcome {
    refused(database, vec![plain("SELECT 0.5 AS it")]).await?;
    // D1 cannot tell them apart, so no host does.
    same(
        "2.0",
        &it(database, plain("SELECT 2.0 AS it")).await?,
        &2i64,
    )
}

pub(crate) async fn a_bound_number_is_a_double_until_something_gives_it_a_type(
    database: &dyn Database,
) -> Outcome {
    let text = |sql| it::<String>(database, statement(sql, [5.into()]));
    let bare = text("SELECT 'T-' || ?1 AS it").await?;
    same("without a type", &bare.as_str(), &"T-5.0")?;
    let cast = text("SELECT 'T-' || CAST(?1 AS INTEGER) AS it").await?;
    same("with a CAST", &cast.as_str(), &"T-5")?;
    let kind = text("SELECT typeof(?1) AS it").await?;
    same("its type", &kind.as_str(), &"real")?;
    let number = |sql| it::<i64>(database, statement(sql, [5.into()]));
    same("itself", &number("SELECT ?1 AS it").await?, &5)?;
    same(
        "halved",
        &number("SELECT CAST(?1 AS INTEGER) / 2 AS it").await?,
        &2,
    )?;
    same(
        "as a limit",
        &number(
            "SELECT count(*) AS it FROM (SELECT value FROM json_each('[1,2,3,4,5,6]') LIMIT ?1)",
        )
        .await?,
        &5,
    )
}

/// D1 hands rows over as objects: of two columns with one name only the last is left, and the
/// adapter cannot see that there were two. The other hosts refuse, so that no such statement gets
/// past the tests.
pub(crate) async fn a_repeated_column_name_is_refused_or_the_last_one(
    database: &dyn Database,
) -> Outcome {
    let twins = vec![plain("SELECT 1 AS it, 2 AS other, 3 AS it")];
    match database.run(twins).await {
        Err(DbError::Refused(_)) => Ok(()),
        Err(other) => Err(format!("it failed in another way: {other:?}")),
        Ok(answers) => same("the column", &read::<i64>(&answers[0], "it")?, &vec![3]),
    }
}
