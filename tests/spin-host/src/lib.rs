//! A small native host for Spin HTTP applications.
//!
//! Reads `spin.toml` and serves its `[[trigger.http]]` routes with the components it names, on the engine Spin itself is made of.
//! Components find WASI 0.2 and 0.3, `wasi:http` 0.3, `spin:sqlite` 3.1 on one SQLite file, `spin:variables` 3.0, and outbound HTTP as far as the manifest allows it.
//! It is a tool for tests and development: where it must differ from Spin, the module that differs says so.
//!
//! How a request flows: [`serve`] routes it and adds Spin's headers ([`request`]), [`worker`] makes an instance for it, and the instance calls back into [`sqlite`], [`variables`] and [`outbound`] through [`instance`].

pub mod app;
mod bindings;
pub mod database;
pub mod instance;
mod log;
pub mod manifest;
pub mod outbound;
pub mod request;
pub mod routes;
pub mod serve;
pub mod sqlite;
pub mod variables;
mod worker;
