//! The routes of all functions, read off their sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use realmdesk_tests::world::repository;
use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall, Lit};

use crate::sql_audit::statements::walk;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Every route as `METHOD /path`.
pub(super) fn of_all_functions() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    for folder in folders() {
        let mut sources = Vec::new();
        walk(&folder.join("src"), &mut sources);
        for source in sources {
            let text = fs::read_to_string(&source).unwrap();
            let is_top = source.ends_with("lib.rs");
            assert!(
                is_top || !text.contains("Router"),
                "{}: routes belong into lib.rs, where the sweep finds them",
                source.display()
            );
            if is_top {
                let mut found = Found::default();
                found.visit_file(&syn::parse_file(&text).unwrap());
                routes.extend(found.0);
            }
        }
    }
    routes
}

/// Where the functions lie.
pub(super) fn folders() -> Vec<PathBuf> {
    let entries = fs::read_dir(repository().join("functions")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_dir()).collect()
}

#[derive(Default)]
struct Found(BTreeSet<String>);

impl<'ast> Visit<'ast> for Found {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let name = call.method.to_string();
        assert!(
            !["nest", "merge", "route_service", "nest_service"].contains(&name.as_str()),
            "the sweep cannot look through Router::{name}"
        );
        if name == "route" {
            let [Expr::Lit(path), methods] = [&call.args[0], &call.args[1]] else {
                panic!("a route's path is written out");
            };
            let Lit::Str(path) = &path.lit else {
                panic!("a route's path is a text");
            };
            for method in methods_of(methods) {
                self.0
                    .insert(format!("{} {}", method.to_uppercase(), path.value()));
            }
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// The methods of `get(…).post(…)`.
fn methods_of(handlers: &Expr) -> Vec<String> {
    let known = |name: String| {
        assert!(
            METHODS.contains(&name.as_str()),
            "the sweep does not know the method {name}"
        );
        name
    };
    match handlers {
        Expr::Call(call) => {
            let Expr::Path(path) = &*call.func else {
                panic!("a method is named");
            };
            let name = &path.path.segments.last().unwrap().ident;
            vec![known(name.to_string())]
        }
        Expr::MethodCall(call) => {
            let mut methods = methods_of(&call.receiver);
            methods.push(known(call.method.to_string()));
            methods
        }
        _ => panic!("a route names its methods and handlers"),
    }
}
