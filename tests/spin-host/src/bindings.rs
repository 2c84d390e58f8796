//! The host side of Spin's interface files in `wit/`, generated.

wasmtime::component::bindgen!({
    path: "wit",
    world: "lent",
    imports: { default: async | trappable },
    with: { "spin:sqlite/sqlite.connection": crate::database::Connection },
});
