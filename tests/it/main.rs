//! The product as its visitors, its programs and its reviewers see it, natively and in process.

#![expect(clippy::unwrap_used, reason = "a test ends where its world breaks")]

mod account;
mod administration;
mod alerts;
mod api;
mod auth;
mod collaborators;
mod counters;
mod duties;
mod intake;
mod isolation;
mod layout;
mod mail;
mod policy;
mod portal;
mod provisioning;
mod queues;
mod races;
mod rest;
mod schema;
mod settings;
mod sql_audit;
mod sweep;
mod templates;
mod tree;
mod wall;
mod work;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};

/// Checks something for as many cases of a strategy, the same ones in every run.
fn for_all<S: Strategy>(cases: u32, of: &S, check: impl Fn(S::Value) -> TestCaseResult) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    if let Err(failure) = runner.run(of, check) {
        panic!("{failure}");
    }
}
