import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { compressed } from "./compressed.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env.FAAS_SERVER ?? "http://localhost:8080";

export default defineConfig({
  // Everything but index.html lies in one folder, which the server sends as immutable.
  build: {
    assetsDir: "page", target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false,
    chunkSizeWarningLimit: 700, // KB; CodeMirror has 500, of which 150 are sent
    rolldownOptions: { checks: { pluginTimings: false } }, // the compression takes as long as the rest
  },
  // CodeMirror's styles without style elements, which the page's policy forbids.
  resolve: { alias: [{ find: /^style-mod$/, replacement: at("src/controls/styleModule.ts") }] },
  plugins: [compressed()],
  // `npm run dev` shows the page as it is edited, with the data of a server that runs.
  server: {
    proxy: Object.fromEntries(["/api", "/run-now", "^/run/", "/upload", "/healthz", "/openapi.json"].map((path) => [path, server])),
  },
});
