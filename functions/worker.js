// The Cloudflare entry of the app.
import { app, functions } from "./dispatch.js";

export default app(functions);
