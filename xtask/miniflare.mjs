// Serves the built Cloudflare app on Miniflare, for `cargo xtask dev` and `cargo xtask test`.
//
// Usage: node miniflare.mjs CONFIG.json
// It drives Miniflare itself and not `wrangler dev`, whose proxy costs two thirds of the throughput.
// Its one argument is written by `xtask/src/miniflare.rs`; everything that also matters in production
// (compatibility date, bindings, variables) was read from wrangler.toml there.

import { readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { Log, LogLevel, Miniflare } from "miniflare";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));

const database = {
  d1Databases: { [config.database.binding]: config.database.id },
  d1Persist: config.database.folder,
};
const server = {
  log: new Log(LogLevel.WARN),
  host: "127.0.0.1",
  port: config.port,
  // Otherwise geographic details of this machine are asked for on the network.
  cf: false,
};

// Until the database is what the app expects, every request is told to come back.
const mf = new Miniflare({
  ...server,
  ...database,
  modules: true,
  script: `export default { fetch: () => new Response("starting", { status: 503 }) }`,
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => mf.dispose().finally(() => process.exit(0)));
}

const db = await mf.getD1Database(config.database.binding);
await migrate(db, config.migrations);
if (config.rows) await fill(db, JSON.parse(readFileSync(config.rows, "utf8")));
await mf.setOptions({
  ...server,
  ...database,
  compatibilityDate: config.compatibility_date,
  compatibilityFlags: config.compatibility_flags,
  modules: modules(config.main, config.modules),
  modulesRoot: "/",
  bindings: config.vars,
});

/** Every module below the given folders, the entry first; two folders may share one tree of paths. */
function modules(main, folders) {
  const found = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(js|wasm)$/.test(entry.name))
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        const path = "/" + relative(folder, file).split(sep).join("/");
        const wasm = entry.name.endsWith(".wasm");
        return {
          type: wasm ? "CompiledWasm" : "ESModule",
          path,
          contents: readFileSync(file, wasm ? undefined : "utf8"),
        };
      }),
  );
  const entry = found.findIndex((module) => module.path === `/${main}`);
  return [...found.splice(entry, 1), ...found];
}

/** Applies the migrations that the database has not seen, each with its record in one transaction, as wrangler does. */
async function migrate(db, files) {
  await db
    .prepare(
      `CREATE TABLE IF NOT EXISTS d1_migrations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT UNIQUE,
        applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
      )`,
    )
    .run();
  const { results } = await db.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(results.map((row) => row.name));
  for (const { name, path } of files.filter((file) => !applied.has(file.name))) {
    await db.batch([
      db.prepare(readFileSync(path, "utf8")),
      db.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
    ]);
  }
}

/**
 * Loads the demo data into an empty database, all or nothing.
 *
 * The rows come out of a database whose triggers have run, so they are put in while there are none.
 */
async function fill(db, rows) {
  if (rows.length === 0 || !(await isEmpty(db, rows))) return;
  const { results: triggers } = await db
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    .all();
  await db.batch([
    db.prepare("PRAGMA defer_foreign_keys = on"),
    ...triggers.map(({ name }) => db.prepare(`DROP TRIGGER "${name}"`)),
    ...rows.map(({ sql, params }) => db.prepare(sql).bind(...params.map(value))),
    ...triggers.map(({ sql }) => db.prepare(sql)),
  ]);
}

/** Whether the table of the first row has none yet. */
async function isEmpty(db, rows) {
  const table = /^INSERT INTO\s+("?)(\w+)\1/i.exec(rows[0].sql)[2];
  return (await db.prepare(`SELECT 1 FROM "${table}" LIMIT 1`).first()) === null;
}

/** A parameter as D1 takes it: bytes stand in JSON as `{"base64": "..."}`. */
function value(param) {
  const isBytes = param !== null && typeof param === "object";
  return isBytes ? [...Buffer.from(param.base64, "base64")] : param;
}
