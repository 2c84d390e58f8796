//! Finds every statement of the product: what is given to `sql!` and `platform_sql!`, and what
//! the queues compile.

use std::fs;
use std::path::{Path, PathBuf};

use desk::queue::{self, Listing, Whose};
use realmdesk_tests::world::repository;
use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall, ImplItemFn, ItemFn, LitStr, Macro};
use tenancy::Id;

/// A statement and where it is made.
pub(super) struct Found {
    /// The source file.
    pub(super) file: String,
    /// The function that makes it.
    pub(super) function: String,
    /// How its first placeholders are bound.
    pub(super) maker: Maker,
    /// The SQL.
    pub(super) text: String,
}

/// The methods that make statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    /// `Scope::statement`: `?1` is the tenant.
    Statement,
    /// `Scope::local`: `?2` is the site's realm.
    Local,
    /// `Scope::sighted`: `?2` is the viewer's sight.
    Sighted,
    /// `Platform::statement`: nothing is bound.
    Platform,
}

/// Where the queues' statements are compiled.
const LISTING: &str = "shared/desk/src/queue/listing.rs";

/// Every statement, in the order of files and lines.
pub(super) fn all() -> Vec<Found> {
    let mut found: Vec<Found> = sources().iter().flat_map(|file| of_file(file)).collect();
    let compiled = Listing::all().into_iter().map(|listing| Found {
        file: LISTING.to_owned(),
        function: name(&listing),
        maker: Maker::Sighted,
        text: listing.text(),
    });
    found.extend(compiled);
    found.push(Found {
        file: LISTING.to_owned(),
        function: "closings".to_owned(),
        maker: Maker::Sighted,
        text: queue::closings_text(),
    });
    found.extend(limited());
    found.extend(theirs());
    found
}

/// What programs list of a team's tickets, and of those that a user takes part in.
fn theirs() -> Vec<Found> {
    let user = Id::parse("018bcfe5-6800-7707-8707-070707070707").unwrap();
    let all = [
        ("team", Whose::Team(1)),
        ("collaborator", Whose::Collaborator(user)),
    ];
    let mut found = Vec::new();
    for (word, whose) in all {
        let listings = Listing::all().into_iter();
        for listing in listings.filter(|listing| whose.has(listing.queue)) {
            found.push(Found {
                file: "shared/desk/src/queue/theirs.rs".to_owned(),
                function: format!("{word} {}", name(&listing)),
                maker: Maker::Sighted,
                text: queue::text_of_theirs(&whose, &listing),
            });
        }
    }
    found
}

/// What is read for agents who are limited to their duties.
fn limited() -> Vec<Found> {
    let made = |function: String, text| Found {
        file: "shared/desk/src/queue/limited.rs".to_owned(),
        function,
        maker: Maker::Sighted,
        text,
    };
    let listings = Listing::all_limited().into_iter();
    let counted = [
        ("counts_for", queue::limited_counts_text()),
        ("closings_for", queue::limited_closings_text()),
    ];
    listings
        .map(|listing| made(name(&listing), listing.limited_text()))
        .chain(counted.map(|(function, text)| made(function.to_owned(), text)))
        .collect()
}

/// The queue and the turn.
fn name(listing: &Listing) -> String {
    let turn = format!("{:?}", listing.turn);
    let turn = turn.split('(').next().unwrap_or_default();
    format!("{} {turn}", listing.queue.name())
}

/// The Rust files of shared/ and functions/, as paths from the repository's root.
pub(crate) fn sources() -> Vec<String> {
    let mut files = Vec::new();
    for folder in ["shared", "functions"] {
        walk(&repository().join(folder), &mut files);
    }
    let root = repository();
    let mut files: Vec<String> = files
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .map(|file| file.strip_prefix(&root).unwrap().display().to_string())
        .collect();
    files.sort();
    assert!(files.len() > 50, "the sources are not where they were");
    files
}

/// Every file below a folder.
pub(crate) fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}

fn of_file(file: &str) -> Vec<Found> {
    let source = fs::read_to_string(repository().join(file)).unwrap();
    let mut finder = Finder {
        file,
        function: String::new(),
        found: Vec::new(),
        macros: 0,
    };
    finder.visit_file(&syn::parse_file(&source).unwrap());
    // What stands inside another macro's brackets is tokens to syn: count the text as well.
    let lines = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let written: usize = lines.map(|line| line.matches("sql!(").count()).sum();
    assert_eq!(
        (finder.macros, finder.found.len()),
        (written, written),
        "{file}: a statement that is not made directly by a Scope or a Platform"
    );
    finder.found
}

struct Finder<'a> {
    file: &'a str,
    function: String,
    found: Vec<Found>,
    macros: usize,
}

impl Visit<'_> for Finder<'_> {
    fn visit_item_fn(&mut self, function: &ItemFn) {
        self.function = function.sig.ident.to_string();
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &ImplItemFn) {
        self.function = function.sig.ident.to_string();
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_macro(&mut self, mac: &Macro) {
        self.macros += usize::from(marked(mac).is_some());
    }

    fn visit_expr_method_call(&mut self, call: &ExprMethodCall) {
        // The receiver first, so that statements come in the order of their lines.
        visit::visit_expr_method_call(self, call);
        let method = call.method.to_string();
        for argument in &call.args {
            let Expr::Macro(argument) = argument else {
                continue;
            };
            let Some(is_platform) = marked(&argument.mac) else {
                continue;
            };
            let maker = match (method.as_str(), is_platform) {
                ("statement", false) => Maker::Statement,
                ("local", false) => Maker::Local,
                ("sighted", false) => Maker::Sighted,
                ("statement", true) => Maker::Platform,
                (_, _) => continue,
            };
            let text: LitStr = argument.mac.parse_body().unwrap();
            self.found.push(Found {
                file: self.file.to_owned(),
                function: self.function.clone(),
                maker,
                text: text.value(),
            });
        }
    }
}

/// Whether a macro marks SQL, and then whether it does so for the platform.
fn marked(mac: &Macro) -> Option<bool> {
    match mac.path.segments.last()?.ident.to_string().as_str() {
        "sql" => Some(false),
        "platform_sql" => Some(true),
        _ => None,
    }
}
