//! D1, whose `batch` is the only transaction there is.

use std::sync::Arc;

use tenancy::port::{
    Batch, BatchStatement, Boxed, Database, DbError, Row, Rows, Value, as_double, check,
};
use worker::js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use worker::send::{SendFuture, SendWrapper};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::worker_sys::types::{D1Database, D1PreparedStatement, D1Result};

use crate::told;

/// The name of the D1 binding in `wrangler.toml`.
const DATABASE: &str = "DB";

pub(super) struct D1 {
    pub(super) env: Arc<SendWrapper<worker::Env>>,
}

impl Database for D1 {
    fn run(&self, batch: Batch) -> Boxed<'_, Result<Vec<Rows>, DbError>> {
        Box::pin(SendFuture::new(self.batch(batch)))
    }
}

impl D1 {
    async fn batch(&self, batch: Batch) -> Result<Vec<Rows>, DbError> {
        check(&batch)?;
        if batch.is_empty() {
            // To D1 that is an error.
            return Ok(Vec::new());
        }
        let database = self.database()?;
        let statements = Array::new();
        for statement in &batch {
            let prepared: JsValue = prepare(&database, statement)
                .map_err(|error| failed(&error))?
                .into();
            statements.push(&prepared);
        }
        let promise = database.batch(statements).map_err(|error| failed(&error))?;
        let results = JsFuture::from(promise)
            .await
            .map_err(|error| failed(&error))?;
        Array::from(&results)
            .iter()
            .map(|result| rows(&result.unchecked_into()))
            .collect()
    }

    fn database(&self) -> Result<D1Database, DbError> {
        let bound = self.env.0.d1(DATABASE);
        let bound = bound.map_err(|error| DbError::Failed(error.to_string()))?;
        Ok(JsValue::from(bound).unchecked_into())
    }
}

fn prepare(
    database: &D1Database,
    statement: &BatchStatement,
) -> Result<D1PreparedStatement, JsValue> {
    let values: Array = statement.values.iter().map(to_js).collect();
    database.prepare(&statement.sql)?.bind(values)
}

fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Integer(number) => JsValue::from_f64(as_double(*number)),
        Value::Text(text) => JsValue::from_str(text),
        Value::Blob(bytes) => Uint8Array::from(bytes.as_slice()).into(),
    }
}

fn rows(result: &D1Result) -> Result<Rows, DbError> {
    let Some(objects) = result.results().map_err(|error| failed(&error))? else {
        return Ok(Rows::new());
    };
    if objects.length() == 0 {
        return Ok(Rows::new());
    }
    if has_blob(&objects.get(0)) {
        return objects.iter().map(|object| row(&object)).collect();
    }
    let text = JSON::stringify(&objects).map_err(|error| failed(&error))?;
    told::rows(&String::from(text))
}

/// Whether a row holds a blob: those are too large to be written out as numbers.
fn has_blob(object: &JsValue) -> bool {
    Object::values(object.unchecked_ref::<Object>())
        .iter()
        .any(|value| Array::is_array(&value))
}

/// A row, value by value.
fn row(object: &JsValue) -> Result<Row, DbError> {
    let entries = Object::entries(object.unchecked_ref::<Object>());
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for entry in entries.iter() {
        let entry: Array = entry.unchecked_into();
        names.push(entry.get(0).as_string().unwrap_or_default());
        values.push(from_js(&entry.get(1))?);
    }
    Ok(Row::new(Row::columns(names)?, values))
}

fn from_js(value: &JsValue) -> Result<Value, DbError> {
    if value.is_null() || value.is_undefined() {
        return Ok(Value::Null);
    }
    if let Some(text) = value.as_string() {
        return Ok(Value::Text(text));
    }
    if let Some(number) = value.as_f64() {
        return Value::of_double(number);
    }
    // D1 hands a blob back as an array of numbers.
    Ok(Value::Blob(Uint8Array::new(value).to_vec()))
}

/// Reads the error's message: under some compatibility flags it has no cause.
fn failed(error: &JsValue) -> DbError {
    let message = Reflect::get(error, &JsValue::from_str("message")).ok();
    let message = message.and_then(|message| message.as_string());
    DbError::from_message(&message.unwrap_or_else(|| format!("{error:?}")))
}
