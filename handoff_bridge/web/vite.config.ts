import { resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { browsers } from "./browsers.ts";

const bridge = process.env.BRIDGE_URL ?? "http://127.0.0.1:8000";

/** The pages. The widget has configurations of its own: a script for any page, and the chat that it loads. */
export default defineConfig({
  build: {
    target: browsers,
    modulePreload: { polyfill: false },
    // The Content-Security-Policy allows data: only for images; fonts and scripts stay files.
    assetsInlineLimit: 0,
    rollupOptions: {
      input: ["shop.html", "inbox.html", "reports.html", "admin.html", "docs.html", "help.html"].map((page) =>
        resolve(import.meta.dirname, page),
      ),
    },
  },
  server: {
    proxy: {
      "/api": bridge,
      "/brand.js": bridge,
      "/socket.io": { target: bridge, ws: true },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    // A busy machine draws many times slower.
    testTimeout: 30_000,
  },
});
