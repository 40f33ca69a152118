import { resolve } from "node:path";
import { defineConfig } from "vite";
import { browsers } from "./browsers.ts";

/** The chat widget: dist/widget.js, one classic script with its stylesheet inside, for any page. */
export default defineConfig({
  publicDir: false,
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  resolve: {
    alias: [
      {
        find: /^\.\/webtransport\.js$/,
        replacement: resolve(import.meta.dirname, "src/widget/noWebTransport.ts"),
      },
    ],
  },
  build: {
    target: browsers,
    emptyOutDir: false,
    copyPublicDir: false,
    lib: {
      entry: resolve(import.meta.dirname, "src/widget/main.tsx"),
      name: "TandemChat",
      formats: ["iife"],
      fileName: () => "widget.js",
    },
  },
});
