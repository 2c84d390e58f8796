//! `/api/v1/openapi.json` and `/api/v1/docs`: the REST API's description, for programs and for
//! people. Neither needs a key; they are the same everywhere, as files are.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use pages::Html;
use pages::layout::Shell;
use pages::reference::{ApiPage, Call, Field, PROBLEMS, Shape};
use serde_json::{Map, Value};

/// The document as the function `rest` is described by it.
const DOCUMENT: &str = include_str!("../../rest/openapi.json");

pub(crate) async fn document() -> Response {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT).into_response()
}

pub(crate) async fn page() -> Result<Response, StatusCode> {
    let broken = |_| StatusCode::INTERNAL_SERVER_ERROR;
    let document: Value = serde_json::from_str(DOCUMENT).map_err(broken)?;
    let schemas = object(&document["components"]["schemas"]);
    let page = ApiPage {
        shell: Shell::house(),
        title: text(&document["info"]["title"]),
        introduction: text(&document["info"]["description"]),
        document: "/api/v1/openapi.json",
        groups: list(&document["tags"])
            .iter()
            .map(|tag| group(&document, text(&tag["name"])))
            .collect(),
        shapes: schemas.map(|(name, schema)| shape(name, schema)).collect(),
        problems: &PROBLEMS,
    };
    Ok(Html(page).into_response())
}

/// The calls of one group.
fn group<'d>(document: &'d Value, name: &'d str) -> (&'d str, Vec<Call<'d>>) {
    let calls = object(&document["paths"]).flat_map(calls);
    let calls = calls.filter(|(tag, _)| *tag == name);
    (name, calls.map(|(_, call)| call).collect())
}

/// The calls of one path, each with its group.
fn calls<'d>((path, methods): (&'d str, &'d Value)) -> impl Iterator<Item = (&'d str, Call<'d>)> {
    object(methods)
        .map(move |(method, call)| (text(&call["tags"][0]), described(path, method, call)))
}

fn described<'d>(path: &'d str, method: &str, call: &'d Value) -> Call<'d> {
    Call {
        id: text(&call["operationId"]),
        method: method.to_uppercase(),
        path,
        summary: text(&call["summary"]),
        description: text(&call["description"]),
        parameters: list(&call["parameters"]).iter().map(parameter).collect(),
        body: shape_of(content(&call["requestBody"])),
        answers: object(&call["responses"]).map(answer).collect(),
    }
}

fn parameter(parameter: &Value) -> Field<'_> {
    let schema = &parameter["schema"];
    Field {
        name: text(&parameter["name"]),
        kind: format!("{}, {}", text(&parameter["in"]), kind(schema)),
        shape: shape_of(schema),
        is_required: parameter["required"] == true,
        description: text(&parameter["description"]),
    }
}

fn answer<'d>((status, answer): (&'d str, &'d Value)) -> (&'d str, &'d str, Option<&'d str>) {
    let words = text(&answer["description"]);
    let shape = shape_of(content(answer)).filter(|shape| *shape != "ProblemDetails");
    (status, words, shape)
}

/// The schema of what a body or an answer holds, whatever its type is called.
fn content(of: &Value) -> &Value {
    object(&of["content"])
        .next()
        .map_or(&Value::Null, |(_, content)| &content["schema"])
}

fn shape<'d>(name: &'d str, schema: &'d Value) -> Shape<'d> {
    let required = list(&schema["required"]);
    let field = |(name, schema): (&'d str, &'d Value)| Field {
        name,
        kind: kind(schema),
        shape: shape_of(schema),
        is_required: required.iter().any(|it| it == name),
        description: text(&schema["description"]),
    };
    Shape {
        name,
        description: text(&schema["description"]),
        fields: object(&schema["properties"]).map(field).collect(),
        choices: list(&schema["enum"]).iter().map(text).collect(),
    }
}

/// The name of the shape that a schema refers to, be it of a list's items or of what may be null.
fn shape_of(schema: &Value) -> Option<&str> {
    let either = list(&schema["oneOf"]).iter();
    let referring = either.chain([schema, &schema["items"], &schema["additionalProperties"]]);
    let mut names = referring.filter_map(|schema| schema["$ref"].as_str());
    names.next()?.rsplit('/').next()
}

/// A schema's type in words.
fn kind(schema: &Value) -> String {
    let types = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        several => list(several).iter().map(text).collect(),
    };
    let or_null = list(&schema["oneOf"]).iter().any(|it| it["type"] == "null");
    let words = types.into_iter().chain([text(&schema["format"])]);
    let words = words.chain([if or_null { "or null:" } else { "" }]);
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn object(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let fields = value.as_object().map(Map::iter);
    fields
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}
