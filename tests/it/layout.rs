//! The house rules that no compiler keeps: what lies where, and who may name what.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use realmdesk_tests::dispatch::{ELSEWHERE, FUNCTIONS};
use realmdesk_tests::world::{migrations, repository};
use tenancy::token::content_address;

use crate::sql_audit::statements::{sources, walk};

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A source file without comments.
fn code(path: &str) -> String {
    let source = read(path);
    let lines = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

fn folders(path: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(repository().join(path)).unwrap();
    entries
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect()
}

#[test]
fn only_the_host_names_a_runtime() {
    for file in sources() {
        let code = code(&file);
        let named = words(&code).find(|word| ["worker", "spin_sdk", "rusqlite"].contains(word));
        let may = file.starts_with("shared/host/");
        assert!(may || named.is_none(), "{file} names {named:?}");
    }
}

#[test]
fn runtimes_are_dependencies_by_target_and_of_nobody_else() {
    for (folder, name) in crates() {
        let manifest = read(&format!("{folder}/{name}/Cargo.toml"));
        let mut section = "";
        for line in manifest.lines() {
            if line.starts_with('[') {
                section = line;
            }
            let dependency = line.split(['.', ' ', '=']).next().unwrap_or_default();
            let is_runtime = ["worker", "spin-sdk", "rusqlite"].contains(&dependency);
            let may_know = folder == "functions" || name == "host";
            let is_by_target = section.starts_with("[target.") && may_know;
            assert!(!is_runtime || is_by_target, "{folder}/{name}: {line}");
        }
    }
}

fn crates() -> Vec<(&'static str, String)> {
    let of = |folder| folders(folder).into_iter().map(move |name| (folder, name));
    of("shared").chain(of("functions")).collect()
}

#[test]
fn a_crate_knows_only_those_below_it() {
    let allowed: [(&str, &[&str]); 7] = [
        ("tenancy", &[]),
        ("zone", &[]),
        ("charset", &[]),
        ("desk", &["tenancy", "zone", "charset"]),
        ("pages", &["zone"]),
        ("host", &["tenancy"]),
        ("web", &["tenancy", "desk", "pages", "charset"]),
    ];
    let house = ["tenancy", "zone", "charset", "desk", "pages", "host", "web"];
    for name in folders("shared") {
        let found = allowed.iter().find(|(other, _)| *other == name);
        let (_, may) = found.unwrap_or_else(|| panic!("shared/{name} has no place yet"));
        let manifest = read(&format!("shared/{name}/Cargo.toml"));
        for known in house {
            let needle = format!("\n{known}.workspace");
            let knows = manifest.contains(&needle);
            assert!(
                !knows || may.contains(&known),
                "shared/{name} knows {known}"
            );
        }
    }
    for name in folders("functions") {
        let manifest = read(&format!("functions/{name}/Cargo.toml"));
        for other in folders("functions") {
            let needle = format!("\n{other}.workspace");
            assert!(
                !manifest.contains(&needle),
                "functions/{name} knows {other}"
            );
        }
    }
}

#[test]
fn rules_hold_no_sql_and_functions_make_none() {
    let nouns = folders("shared/desk/src");
    assert!(nouns.contains("ticket"));
    for noun in nouns {
        let file = format!("shared/desk/src/{noun}/mod.rs");
        assert!(!code(&file).contains("sql!("), "{file}");
    }
    let outside = ["shared/web/", "shared/pages/", "shared/host/", "functions/"];
    for file in sources() {
        let is_outside = outside.iter().any(|folder| file.starts_with(folder));
        assert!(!is_outside || !code(&file).contains("sql!("), "{file}");
    }
}

#[test]
fn statements_are_made_in_one_way_only() {
    let wall = [
        "shared/tenancy/src/scope.rs",
        "shared/tenancy/src/platform/mod.rs",
    ];
    let makers: [(&str, &[&str]); 3] = [
        (
            "Sql::compiled",
            &[
                "shared/desk/src/queue/limited.rs",
                "shared/desk/src/queue/listing.rs",
                "shared/desk/src/queue/theirs.rs",
            ],
        ),
        ("Sql::literal", &wall),
        ("unscoped(", &wall),
    ];
    for file in sources() {
        let code = code(&file);
        for (maker, may) in makers {
            let uses = code.contains(maker);
            assert!(!uses || may.contains(&file.as_str()), "{file} uses {maker}");
        }
    }
}

#[test]
fn t_24_the_portals_own_code_never_reaches_across_tenants() {
    // The platform's reach is named, and only for the scheduler and for set-up.
    let may = [
        "shared/tenancy/src/platform/",
        "shared/tenancy/src/principal/deployment.rs",
        "shared/desk/src/blueprint/",
        "shared/desk/src/file/",
        "shared/desk/src/outbox/",
        "shared/desk/src/overdue/",
        "shared/desk/src/remains.rs",
        "shared/desk/src/source/",
    ];
    for file in sources() {
        let reaches = words(&code(&file)).any(|word| word == "Platform");
        let is_named = may.iter().any(|place| file.starts_with(place));
        assert!(!reaches || is_named, "{file}");
    }
}

#[test]
fn every_function_is_reached_on_both_runtimes_and_here() {
    let functions = folders("functions");
    let dispatch = read("functions/dispatch.js");
    let imported = dispatch.lines().filter_map(|line| {
        let (name, rest) = line.trim().split_once(": () => import(\"./")?;
        rest.starts_with(&format!("{name}/index.js"))
            .then_some(name.to_owned())
    });
    assert_eq!(imported.collect::<BTreeSet<_>>(), functions, "dispatch.js");

    let spin = read("spin.toml");
    let mut routed = BTreeSet::new();
    for trigger in spin.split("[[trigger.http]]").skip(1) {
        let value = |key: &str| {
            let line = trigger.lines().find(|line| line.starts_with(key)).unwrap();
            line.split('"').nth(1).unwrap().to_owned()
        };
        let (route, component) = (value("route"), value("component"));
        let expected = match component.as_str() {
            "portal" => "/...".to_owned(),
            other => format!("/{other}/..."),
        };
        let is_elsewhere = ELSEWHERE.contains(&(route.as_str(), component.as_str()));
        assert!(route == expected || is_elsewhere, "spin.toml: {route}");
        assert!(spin.contains(&format!("build/spin/{component}.wasm")));
        routed.insert(component);
    }
    assert_eq!(routed, functions, "spin.toml");

    for (path, name) in ELSEWHERE {
        assert!(
            dispatch.contains(&format!("\"{path}\": \"{name}\"")),
            "{path}"
        );
        assert!(
            spin.contains(&format!("route = \"{path}\"\ncomponent = \"{name}\"")),
            "{path}"
        );
    }

    let here = FUNCTIONS.iter().map(|(name, _)| (*name).to_owned());
    let here: BTreeSet<String> = here.chain(["portal".to_owned()]).collect();
    assert_eq!(here, functions, "tests/support/dispatch.rs");
}

#[test]
fn every_test_file_is_run() {
    let folder = repository().join("tests/it");
    let mut files = Vec::new();
    walk(&folder, &mut files);
    for file in files {
        let is_rust = file.extension().is_some_and(|extension| extension == "rs");
        if !is_rust || file.ends_with("main.rs") {
            continue;
        }
        let name = file.file_stem().unwrap().to_str().unwrap();
        let parent = declaring(&folder, file.parent().unwrap());
        let declared = fs::read_to_string(&parent).unwrap();
        let is_declared = declared.lines().any(|line| {
            let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
            line == format!("mod {name};")
        });
        assert!(is_declared, "{} does not name {name}", parent.display());
    }
}

/// The file that declares the modules of a folder.
fn declaring(top: &Path, folder: &Path) -> std::path::PathBuf {
    if folder == top {
        top.join("main.rs")
    } else {
        folder.with_extension("rs")
    }
}

#[test]
fn migrations_are_numbered_without_gaps() {
    for (number, (name, _)) in (1..).zip(migrations()) {
        assert!(name.starts_with(&format!("{number:04}_")), "{name}");
    }
}

#[test]
fn a_migration_that_was_released_is_never_edited() {
    // A new one is added to the list with: sha256sum sql/*.sql > tests/it/migrations.sha256
    let hashed = |(name, sql): (String, String)| {
        let hash = content_address(sql.as_bytes());
        format!("{hash}  sql/{name}\n")
    };
    let hashes: String = migrations().into_iter().map(hashed).collect();
    assert_eq!(hashes, read("tests/it/migrations.sha256"));
}
