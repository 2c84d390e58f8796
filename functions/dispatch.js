// Picks the function of a request by the first segment of its path, and loads it on first use.
// Each function keeps its own module and its own WASM instance; a request wakes only the one it needs.

/** The functions of the app, by segment. The paths are written out, so that any bundler sees them. */
export const functions = {
  portal: () => import("./portal/index.js"),
  account: () => import("./account/index.js"),
  api: () => import("./api/index.js"),
  xml: () => import("./xml/index.js"),
  rest: () => import("./rest/index.js"),
  mail: () => import("./mail/index.js"),
  sweep: () => import("./sweep/index.js"),
  queues: () => import("./queues/index.js"),
  opening: () => import("./opening/index.js"),
  auth: () => import("./auth/index.js"),
  admin: () => import("./admin/index.js"),
  intake: () => import("./intake/index.js"),
  directory: () => import("./directory/index.js"),
  profile: () => import("./profile/index.js"),
  templates: () => import("./templates/index.js"),
  duties: () => import("./duties/index.js"),
  assets: () => import("./assets/index.js"),
};

/** Paths that another function answers than their first segment says; `/...` stands for all below. */
const ELSEWHERE = {
  "/api/tickets.xml": "xml",
  "/api/http.php/tickets.xml": "xml",
  "/api/tasks/cron": "sweep",
  "/api/http.php/tasks/cron": "sweep",
  "/api/tickets.email": "mail",
  "/api/http.php/tickets.email": "mail",
  "/status/...": "account",
  "/tickets/...": "account",
  "/api/v1/openapi.json": "assets",
  "/api/v1/docs": "assets",
  "/api/v1/...": "rest",
  "/queues/new": "opening",
  "/queues/edit/...": "opening",
  "/admin/topics/...": "intake",
  "/admin/forms/...": "intake",
  "/admin/lists/...": "profile",
  "/admin/filters/...": "intake",
  "/admin/statuses/...": "intake",
  "/admin/agents/...": "directory",
  "/admin/bans/...": "directory",
  "/admin/keys/...": "directory",
  "/admin/log/...": "directory",
  "/admin/organizations/...": "directory",
  "/admin/users/...": "directory",
  "/admin/profiles/...": "profile",
  "/admin/templates/...": "templates",
  "/admin/canned/...": "templates",
  "/admin/departments/...": "duties",
  "/admin/teams/...": "duties",
};

/** The function that a path of ELSEWHERE names. */
function elsewhere(path) {
  const covers = (known) =>
    known.endsWith("/...") ? `${path}/`.startsWith(known.slice(0, -3)) : known === path;
  return ELSEWHERE[Object.keys(ELSEWHERE).find(covers)];
}

/** The function that answers every path no other function claims. */
const FALLBACK = "portal";

/** The event handlers of an app made of the given functions. */
export function app(loaders) {
  const load = async (name, env, ctx) => {
    const module = await loaders[name]();
    return new module.default(ctx, env);
  };
  return {
    async fetch(request, env, ctx) {
      const path = new URL(request.url).pathname;
      const segment = elsewhere(path) ?? path.split("/", 2)[1];
      const name = Object.hasOwn(loaders, segment) ? segment : FALLBACK;
      return (await load(name, env, ctx)).fetch(request);
    },
    async scheduled(event, env, ctx) {
      return (await load("sweep", env, ctx)).scheduled(event);
    },
  };
}
