//! Files of CI services and hosts, one reader for each format. All of them return the same model
//! ([`Plan`]), so that one set of rules judges all of them.

mod azure;
mod bitbucket;
mod circleci;
#[cfg(test)]
mod damage_tests;
mod gitlab;
mod hosts;
mod jenkins;
mod lambda;
mod objects;
mod plan;
mod processes;
mod sam;
mod serverless;
mod service;

pub use plan::{Cache, How, NodeChoice, Plan, PlannedBuild, System, Transfer, Unit};
pub use sam::uses_container;
pub use service::Service;
