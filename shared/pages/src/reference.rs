//! The REST API's reference, for whoever writes programs.

use askama::Template;

use crate::layout::Shell;

/// `GET /api/v1/docs`.
#[derive(Template)]
#[template(path = "reference/api.html")]
pub struct ApiPage<'a> {
    pub shell: Shell<'a>,
    pub title: &'a str,
    pub introduction: &'a str,
    /// Where the document itself is.
    pub document: &'a str,
    /// The calls, group by group, each under its name.
    pub groups: Vec<(&'a str, Vec<Call<'a>>)>,
    pub shapes: Vec<Shape<'a>>,
    pub problems: &'a [Problem<'a>],
}

/// The parts of a text, and which of them stand between backticks.
fn parts(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let parts = text.split('`').enumerate();
    parts.map(|(index, part)| (index % 2 == 1, part))
}

/// One call.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// What it is linked by.
    pub id: &'a str,
    pub method: String,
    pub path: &'a str,
    pub summary: &'a str,
    pub description: &'a str,
    pub parameters: Vec<Field<'a>>,
    /// The shape of its body, if it has one.
    pub body: Option<&'a str>,
    /// Status, words, and the shape that comes back.
    pub answers: Vec<(&'a str, &'a str, Option<&'a str>)>,
}

/// Something that is sent or comes back.
#[derive(Debug, Clone)]
pub struct Shape<'a> {
    pub name: &'a str,
    pub description: &'a str,
    pub fields: Vec<Field<'a>>,
    /// What it can be, where it is one of a few texts.
    pub choices: Vec<&'a str>,
}

/// A parameter of a call, or a field of a shape.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    pub name: &'a str,
    /// Its type, in words.
    pub kind: String,
    /// The shape it has, if that is described on its own.
    pub shape: Option<&'a str>,
    pub is_required: bool,
    pub description: &'a str,
}

/// A kind of problem.
#[derive(Debug, Clone, Copy)]
pub struct Problem<'a> {
    pub name: &'a str,
    pub status: u16,
    pub title: &'a str,
}

const fn problem(name: &'static str, status: u16, title: &'static str) -> Problem<'static> {
    Problem {
        name,
        status,
        title,
    }
}

/// Our own trouble.
pub const TROUBLE: Problem<'static> = problem(
    "trouble",
    500,
    "Something is wrong on our side; nothing was changed",
);

/// Every kind of problem, in the order they are listed.
pub const PROBLEMS: [Problem<'static>; 14] = [
    problem("unreadable", 400, "The call cannot be read"),
    problem("key-needed", 401, "A valid API key is needed"),
    problem("forbidden", 403, "The key may not do that"),
    problem("not-found", 404, "There is no such thing"),
    problem("method-not-allowed", 405, "Not with this method"),
    problem("exists", 409, "Something like it is there already"),
    problem("in-progress", 409, "The same call is being answered"),
    problem("stale", 412, "It was changed in the meantime"),
    problem("invalid", 422, "Some fields are wrong"),
    problem("reused", 422, "The Idempotency-Key belongs to another call"),
    problem("condition-needed", 428, "If-Match is needed"),
    problem("too-many", 429, "Too many calls"),
    TROUBLE,
    problem("suspended", 503, "Closed for now"),
];

#[cfg(test)]
impl ApiPage<'static> {
    pub(crate) fn sample() -> Self {
        let field = |name, kind: &str, is_required| Field {
            name,
            kind: kind.to_owned(),
            shape: None,
            is_required,
            description: "Which <one>: `open`.",
        };
        ApiPage {
            shell: Shell::house(),
            title: "Realmdesk REST API",
            introduction: "Read and work tickets.",
            document: "/api/v1/openapi.json",
            groups: vec![(
                "Tickets",
                vec![Call {
                    id: "listTickets",
                    method: "GET".to_owned(),
                    path: "/api/v1/tickets",
                    summary: "List tickets",
                    description: "Of one queue, newest first.",
                    parameters: vec![field("queue", "query, text", false)],
                    body: Some("Ticket"),
                    answers: vec![("200", "A page of tickets.", Some("Ticket"))],
                }],
            )],
            shapes: vec![
                Shape {
                    name: "Ticket",
                    description: "A ticket.",
                    fields: vec![
                        field("number", "text", true),
                        Field {
                            shape: Some("Status"),
                            ..field("status", "", true)
                        },
                    ],
                    choices: Vec::new(),
                },
                Shape {
                    name: "ProblemDetails",
                    description: "Why a call is not answered.",
                    fields: vec![field("title", "text", true)],
                    choices: Vec::new(),
                },
                Shape {
                    name: "Status",
                    description: "Whether it is still worked on.",
                    fields: Vec::new(),
                    choices: vec!["open", "closed"],
                },
            ],
            problems: &PROBLEMS[3..4],
        }
    }
}
