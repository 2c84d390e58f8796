//! What the forms of the administration can ask for by `change`, read off the functions' sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ExprBinary, ExprLit, ExprMatch, ExprMethodCall, Lit, Pat};

use super::routes::folders;
use crate::sql_audit::statements::walk;

/// Every route that takes a form of the administration, with every verb that its handler knows.
pub(super) fn of_the_administration() -> BTreeSet<(String, String)> {
    let mut known = BTreeSet::new();
    for folder in folders() {
        let source = fs::read_to_string(folder.join("src/lib.rs")).unwrap();
        let mut handlers = Handlers::default();
        handlers.visit_file(&syn::parse_file(&source).unwrap());
        for (path, module) in handlers.0 {
            let verbs = verbs_of(&folder.join("src"), &module);
            known.extend(verbs.into_iter().map(|verb| (format!("POST {path}"), verb)));
        }
    }
    known
}

/// The verbs that a module and those within it match.
fn verbs_of(sources: &Path, module: &str) -> BTreeSet<String> {
    let mut files = vec![sources.join(format!("{module}.rs"))];
    if sources.join(module).is_dir() {
        walk(&sources.join(module), &mut files);
    }
    let mut verbs = Verbs::default();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        verbs.visit_file(&syn::parse_file(&text).unwrap());
    }
    verbs.0
}

/// The paths of the administration that are posted to, with the module that answers.
#[derive(Default)]
struct Handlers(Vec<(String, String)>);

impl<'ast> Visit<'ast> for Handlers {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if call.method == "route" {
            let path = text(&call.args[0]).unwrap();
            let module = posted_to(&call.args[1]).filter(|_| path.starts_with("/admin/"));
            self.0.extend(module.map(|module| (path, module)));
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// The module that answers to POST, of `get(…).post(module::handler)`.
fn posted_to(handlers: &Expr) -> Option<String> {
    let (name, handler) = match handlers {
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => (&path.path.segments.last()?.ident, &call.args[0]),
            _ => return None,
        },
        Expr::MethodCall(call) => (&call.method, &call.args[0]),
        _ => return None,
    };
    match handler {
        Expr::Path(path) if name == "post" => Some(path.path.segments[0].ident.to_string()),
        _ => None,
    }
}

/// The texts that `change` is compared with.
#[derive(Default)]
struct Verbs(BTreeSet<String>);

impl Verbs {
    fn add(&mut self, pattern: &Pat) {
        match pattern {
            Pat::Lit(literal) => self.0.extend(text(&Expr::Lit(literal.clone()))),
            Pat::Or(or) => or.cases.iter().for_each(|case| self.add(case)),
            Pat::Tuple(tuple) => self.add(&tuple.elems[0]),
            _ => {}
        }
        self.0.remove("");
    }
}

impl<'ast> Visit<'ast> for Verbs {
    fn visit_expr_match(&mut self, matched: &'ast ExprMatch) {
        if is_about_change(&matched.expr) {
            matched.arms.iter().for_each(|arm| self.add(&arm.pat));
        }
        visit::visit_expr_match(self, matched);
    }

    fn visit_expr_binary(&mut self, binary: &'ast ExprBinary) {
        if matches!(binary.op, BinOp::Eq(_) | BinOp::Ne(_)) && is_about_change(&binary.left) {
            self.0.extend(text(&binary.right));
        }
        visit::visit_expr_binary(self, binary);
    }
}

fn is_about_change(asked: &Expr) -> bool {
    format!("{asked:?}").contains("change")
}

fn text(literal: &Expr) -> Option<String> {
    match literal {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}
