//! `/conformance`: the promises of the database port, tried on the runtime that serves this.
//!
//! Each [`Case`] works on the port alone and asks for nothing but the tables of [`scratch`]. The
//! native host runs the same cases in `tests/native.rs`; the end-to-end tests fetch this page on
//! the real runtimes. Only test builds of the app hold this function.

mod batches;
mod features;
mod limits;
pub mod race;
pub mod scratch;
mod values;

use std::fmt::Write;

use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use tenancy::Runtime;
use tenancy::port::{Boxed, Database};

host::serve!(router);

/// The function's routes.
pub fn router() -> Router {
    Router::new()
        .route("/conformance", get(report))
        .route("/conformance/race", post(draw).delete(prepare))
        .route("/conformance/batch", post(batch))
}

/// One promise of the port.
#[derive(Clone, Copy)]
pub struct Case {
    /// What is promised.
    pub name: &'static str,
    /// Tries it on fresh tables; the error says what happened instead.
    pub run: fn(&dyn Database) -> Boxed<'_, Outcome>,
}

/// How a case went.
pub type Outcome = Result<(), String>;

impl Case {
    /// Makes fresh tables and tries the case on them.
    ///
    /// # Errors
    /// What happened instead of what was promised.
    pub async fn try_on(&self, database: &dyn Database) -> Outcome {
        scratch::make(database).await?;
        (self.run)(database).await
    }
}

macro_rules! cases {
    ($($module:ident: $($case:ident),+;)+) => {
        /// Every promise of the port.
        pub const CASES: &[Case] = &[$($(Case {
            name: stringify!($case),
            run: |database| Box::pin($module::$case(database)),
        }),+),+];
    };
}

cases! {
    batches:
        statements_run_in_order,
        an_empty_batch_answers_nothing,
        an_empty_result_has_no_rows,
        a_batch_is_all_or_nothing,
        a_bad_statement_in_the_middle_is_named_and_leaves_nothing,
        returning_gives_rows_inside_a_batch,
        a_stale_version_refuses_the_batch,
        a_missing_value_names_its_column,
        a_duplicate_names_its_columns,
        foreign_keys_are_on,
        a_deferred_foreign_key_is_checked_at_the_end,
        a_check_and_a_strict_type_refuse,
        a_failed_batch_leaves_the_database_open;
    values:
        null_and_empty_and_emoji_stay_apart,
        text_is_kept_to_the_character,
        bytes_are_kept_to_the_bit,
        a_mebibyte_is_kept,
        whole_numbers_of_53_bits_are_kept,
        numbers_beyond_53_bits_are_refused_both_ways,
        a_number_that_is_not_whole_is_refused,
        a_bound_number_is_a_double_until_something_gives_it_a_type,
        a_repeated_column_name_is_refused_or_the_last_one;
    limits:
        a_hundred_values_pass_and_one_more_does_not,
        values_and_placeholders_must_match,
        a_value_may_fill_a_row_but_no_more,
        two_statements_in_one_text_are_refused,
        a_text_without_a_statement_is_refused,
        transaction_words_are_refused;
    features:
        json_goes_in_and_out,
        full_text_is_searched,
        an_upsert_counts,
        a_trigger_keeps_a_count,
        a_trigger_of_several_statements_is_one_statement,
        children_follow_their_parents_composite_key,
        a_recursive_query_walks_a_tree,
        a_window_ranks_rows,
        times_are_kept_to_the_millisecond;
    race:
        two_batches_never_draw_the_same_number;
}

/// Tries every case, a line each: `ok name` or `FAILED name: why`.
async fn report(Extension(runtime): Extension<Runtime>) -> (StatusCode, String) {
    let mut lines = String::new();
    let mut status = StatusCode::OK;
    for case in CASES {
        // Writing to a string cannot fail.
        let _ = match case.try_on(&*runtime.database).await {
            Ok(()) => writeln!(lines, "ok {}", case.name),
            Err(why) => {
                status = StatusCode::INTERNAL_SERVER_ERROR;
                writeln!(lines, "FAILED {}: {why}", case.name)
            }
        };
    }
    (status, lines)
}

/// Runs a batch that a test has written: a JSON list of statements.
async fn batch(
    Extension(runtime): Extension<Runtime>,
    Json(texts): Json<Vec<String>>,
) -> (StatusCode, String) {
    let batch = texts.into_iter().map(|text| scratch::statement(text, []));
    let ran = scratch::run(&*runtime.database, batch.collect()).await;
    answer(ran.map(|_| 0))
}

/// Draws the next number, for callers who race for it.
async fn draw(Extension(runtime): Extension<Runtime>) -> (StatusCode, String) {
    answer(race::draw(&*runtime.database).await)
}

/// Starts a new race at 1.
async fn prepare(Extension(runtime): Extension<Runtime>) -> (StatusCode, String) {
    answer(race::prepare(&*runtime.database).await.map(|()| 0))
}

fn answer(outcome: Result<i64, String>) -> (StatusCode, String) {
    match outcome {
        Ok(number) => (StatusCode::OK, number.to_string()),
        Err(why) => (StatusCode::INTERNAL_SERVER_ERROR, why),
    }
}
