// What one would write by hand for Cloudflare, with no framework and none of our code: the same SQL on the same
// data, and the least around it that still answers right. `cargo xtask bench load` measures the product beside it.
//
// statements.js is written by the bench: the batches that the product runs for these requests, on the demo data.
// Among their values, `{ key }` is the hash of the key that was sent, `{ id }` a fresh UUIDv7 (the same wherever the
// same number stands), `{ now }` the time with something added, `{ numbers }` candidates for a ticket's number, and
// `{ text }` one with fresh ids in it.

import { create, queue, replays } from "./statements.js";

const SECRET = "the floor signs its sessions as the product does";
const encoder = new TextEncoder();

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/hello") return new Response("hello\n");
    if (pathname === "/api/tickets.json" && request.method === "POST") return createTicket(request, env.DB);
    if (pathname === "/queues/open") return showQueue(request, env.DB);
    if (pathname === "/session") return session();
    if (pathname.startsWith("/replay/")) return replay(env.DB, decodeURIComponent(pathname.slice(8)));
    return new Response("not found\n", { status: 404 });
  },
};

/** A ticket over the API: one batch to read, the checks, one batch to write. */
async function createTicket(request, db) {
  const presented = request.headers.get("x-api-key");
  if (!presented) return new Response("Valid API key required", { status: 401 });
  const body = await request.json();
  for (const field of ["name", "email", "subject", "message"]) {
    if (typeof body[field] !== "string" || body[field] === "") return new Response(`${field} is missing`, { status: 400 });
  }
  const key = hex(await crypto.subtle.digest("SHA-256", encoder.encode(presented)));
  const found = await db.batch(bind(db, create[0], fresh(key)));
  if (found[0].results.length === 0) return new Response("Valid API key required", { status: 401 });
  const written = await db.batch(bind(db, create[1], fresh(key)));
  const { number } = written.find(({ results }) => results?.[0]?.number !== undefined).results[0];
  return new Response(number, { status: 201, headers: { "content-type": "text/html; charset=UTF-8" } });
}

/** The first page of the open queue: who is asking, then what they see. */
async function showQueue(request, db) {
  const cookie = request.headers.get("cookie")?.match(/session=([^;.]+)\.([0-9a-f]+)/);
  if (!cookie || !(await isSigned(cookie[1], cookie[2]))) return new Response("sign in first", { status: 401 });
  const who = await db.batch(bind(db, queue[0], fresh("")));
  if (who[0].results.length === 0) return new Response("sign in first", { status: 401 });
  const seen = await db.batch(bind(db, queue[1], fresh("")));
  const rows = seen.map(({ results }) => results).find(([first]) => first?.subject !== undefined) ?? [];
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Open tickets</title></head><body><h1>Open</h1>
<table><thead><tr><th>Number<th>Subject<th>From<th>Department<th>Realm<th>Created</tr></thead><tbody>
${rows.map(row).join("\n")}
</tbody></table></body></html>`;
  return new Response(html, { headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" } });
}

function row(ticket) {
  const cells = [ticket.number, ticket.subject, ticket.requester, ticket.department, ticket.realm];
  const created = new Date(ticket.created_at).toISOString();
  return `<tr>${cells.map((text) => `<td>${escaped(text)}</td>`).join("")}<td>${created}</td></tr>`;
}

function escaped(text) {
  return String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Runs the batches of a scenario, as the product ran them once, and tells what D1 counted. */
async function replay(db, name) {
  if (!Object.hasOwn(replays, name)) return new Response("no such scenario\n", { status: 404 });
  const { before, measured } = replays[name];
  for (const batch of before) await db.batch(bind(db, batch, fresh("")));
  let [read, written] = [0, 0];
  for (const batch of measured) {
    for (const { meta } of await db.batch(bind(db, batch, fresh("")))) {
      read += meta.rows_read;
      written += meta.rows_written;
    }
  }
  return Response.json({ read, written });
}

/** The statements of a batch, their values put in. */
function bind(db, batch, fill) {
  return batch.map(({ sql, values }) => db.prepare(sql).bind(...values.map(fill)));
}

/** Puts in what is another for each request. */
function fresh(key) {
  const ids = new Map();
  const id = (which) => {
    if (!ids.has(which)) ids.set(which, uuid());
    return ids.get(which);
  };
  return (value) => {
    if (value === null || typeof value !== "object") return value;
    if ("key" in value) return key || value.key;
    if ("id" in value) return id(value.id);
    if ("now" in value) return Date.now() + value.now;
    if ("numbers" in value) return JSON.stringify(value.numbers.map(digits));
    if ("bytes" in value) return value.bytes;
    return value.text.replace(/\{id (\d+)\}/g, (_, which) => id(Number(which)));
  };
}

function digits(many) {
  const least = 10 ** (many - 1);
  return String(least + Math.floor(Math.random() * 9 * least));
}

function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let now = Date.now();
  for (let at = 5; at >= 0; at--, now = Math.floor(now / 256)) bytes[at] = now % 256;
  bytes[6] = 0x70 | (bytes[6] & 15);
  bytes[8] = 0x80 | (bytes[8] & 63);
  const text = hex(bytes.buffer);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}

function hex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

let signing;

async function signingKey() {
  signing ??= await crypto.subtle.importKey("raw", encoder.encode(SECRET), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
  return signing;
}

async function isSigned(text, signature) {
  const bytes = Uint8Array.from(signature.match(/../g), (pair) => parseInt(pair, 16));
  return crypto.subtle.verify("HMAC", await signingKey(), bytes, encoder.encode(text));
}

/** A session to measure with. */
async function session() {
  const signature = hex(await crypto.subtle.sign("HMAC", await signingKey(), encoder.encode("agent")));
  return new Response("", { headers: { "set-cookie": `session=agent.${signature}; Path=/` } });
}
