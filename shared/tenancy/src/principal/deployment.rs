//! Those who work across tenants: the scheduler and the platform's operator.

use crate::Runtime;
use crate::platform::Platform;
use crate::port::Variable;
use crate::token::is_equal;

/// Whatever calls the sweep every minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheduler(());

impl Scheduler {
    /// Lets in whoever presents the scheduler's secret.
    pub async fn admit(runtime: &Runtime, presented: Option<&str>) -> Option<Self> {
        let is_right = knows(runtime, Variable::SweepSecret, presented).await;
        is_right.then_some(Self(()))
    }
}

/// Whoever runs the platform: makes tenants, suspends them, and sees nothing inside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator(());

impl Operator {
    /// Lets in whoever presents the operator's secret.
    pub async fn admit(runtime: &Runtime, presented: Option<&str>) -> Option<Self> {
        let is_right = knows(runtime, Variable::OperatorSecret, presented).await;
        is_right.then_some(Self(()))
    }

    /// The reach that goes with it.
    pub fn platform(&self, runtime: &Runtime) -> Platform {
        Platform::new(runtime)
    }
}

/// Whether the presented secret is the deployment's. An empty one is none: nobody knows it.
async fn knows(runtime: &Runtime, variable: Variable, presented: Option<&str>) -> bool {
    match (runtime.secrets.read(variable).await, presented) {
        (Some(secret), Some(presented)) if !secret.is_empty() => {
            is_equal(secret.as_bytes(), presented.as_bytes())
        }
        (Some(_) | None, Some(_) | None) => false,
    }
}
